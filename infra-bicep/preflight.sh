#!/usr/bin/env bash
# Finds out before a deployment why it would fail, and names the cause. Reads only. Every line is "ok CHECK" or
# "FAIL CHECK: cause. What to do."; the exit code is 1 if anything failed. What this login may not look at is "unknown CHECK: cause."
#
# usage: infra-bicep/preflight.sh ENVIRONMENT [--first] [--package]
#   --first     this is the very first deployment of this environment
#   --package   also checks that this machine can reach the private storage that takes the app's package
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2

environment=${1:-}; shift || true
first=false; package=false
for argument in "$@"; do
  case $argument in
    --first) first=true ;;
    --package) package=true ;;
    *) echo "unknown argument $argument"; exit 2 ;;
  esac
done
parameters=environments/$environment.bicepparam
if [ -z "$environment" ] || [ ! -f "$parameters" ]; then echo "usage: infra-bicep/preflight.sh dev|test|prod [--first] [--package]"; exit 2; fi

failed=0
ok() { echo "ok $1"; }
bad() { echo "FAIL $1: $2"; failed=1; }
unknown() { echo "unknown $1: $2"; }
setting() { sed -n "s/^param $1 = readEnvironmentVariable('[A-Z_]*', '\([^']*\)')\$/\1/p" "$parameters"; }
has() { grep -q "$1" "$parameters"; }

workload=${FUNCAI_WORKLOAD:-$(setting workload)}
name=${FUNCAI_ENVIRONMENT:-$(setting environmentName)}
location=${FUNCAI_LOCATION:-$(setting location)}
group=rg-$workload-$name

# --- this machine ------------------------------------------------------------------------------------------------------
command -v az >/dev/null || { bad azure-cli "the Azure CLI is missing. Install it: https://aka.ms/azure-cli"; exit 1; }
if ! subscription=$(az account show --query id -o tsv 2>/dev/null); then
  bad login "nobody is logged in. Run: az login"
  exit 1
fi
ok login

# --- what must be given ------------------------------------------------------------------------------------------------
if [ -n "${FUNCAI_MODEL_SIGNING_KEY:-}" ]; then ok model-signing-key
else bad model-signing-key "FUNCAI_MODEL_SIGNING_KEY is not set; the app would serve no model, as none is signed by a known key. Set it to the public key that 'funcai models sign' uses"; fi
version_of() { az ad app show --id "$1" --query api.requestedAccessTokenVersion -o tsv 2>/dev/null; }
for variable in FUNCAI_TOKEN_AUDIENCE FUNCAI_GATEWAY_AUDIENCE; do
  check='token-audience'; [ "$variable" = FUNCAI_GATEWAY_AUDIENCE ] && check='gateway-audience'
  audience=${!variable:-}
  if [ -z "$audience" ]; then bad $check "$variable is not set; the placeholder in the parameter file is nobody's application. Set it to an application id"
  elif ! version=$(version_of "$audience"); then
    # A pipeline's identity reads the directory only where somebody has allowed it.
    if grep -qiE 'insufficient privileges|Authorization_RequestDenied' <<<"$(az ad app show --id "$audience" 2>&1)"; then
      unknown $check "this login may not read applications. One that may can tell whether $audience issues tokens of version 2: az ad app show --id $audience --query api.requestedAccessTokenVersion"
    else bad $check "no application has the id $audience, so no token can be had for it (AADSTS500011). Register one: az ad app create --display-name NAME --requested-access-token-version 2"; fi
  elif [ "$version" != 2 ]; then bad $check "the application $audience issues tokens of version 1, whose issuer and audience the app refuses. Run: az ad app update --id $audience --requested-access-token-version 2"
  else ok $check; fi
done
expiry=$(sed -n 's/^param initialSecretsExpireAt = \([0-9]*\)$/\1/p' "$parameters")
if [ "${expiry:-0}" -gt $(($(date +%s) + 30 * 86400)) ]; then ok secret-expiry
else bad secret-expiry "initialSecretsExpireAt in $parameters is past or within 30 days; new secrets would be born expired. Set a later date"; fi

# --- the subscription --------------------------------------------------------------------------------------------------
providers=(Microsoft.ApiManagement Microsoft.App Microsoft.EventGrid Microsoft.Insights Microsoft.KeyVault Microsoft.ManagedIdentity Microsoft.Network Microsoft.OperationalInsights Microsoft.Storage Microsoft.Web)
has "exposure: 'frontDoor'" && providers+=(Microsoft.Cdn)
for provider in "${providers[@]}"; do
  state=$(az provider show --namespace "$provider" --query registrationState -o tsv 2>/dev/null)
  if [ "$state" = Registered ]; then ok "provider $provider"
  else bad "provider $provider" "it is ${state:-unknown} in this subscription; templates do not register it (Microsoft.App is what subnet delegation of Flex Consumption needs). Run: az provider register --namespace $provider --wait"; fi
done
roles=$(az role assignment list --assignee "$(az account show --query user.name -o tsv 2>/dev/null)" --scope "/subscriptions/$subscription" --include-inherited --query '[].roleDefinitionName' -o tsv 2>/dev/null)
# By their own names roles are found through the directory; what they allow this login, the subscription says itself.
may_assign() {
  local allowed="contains(actions, 'Microsoft.Authorization/roleAssignments/write') || contains(actions, 'Microsoft.Authorization/*')"
  local everything="contains(actions, '*') && !contains(notActions, 'Microsoft.Authorization/*/Write')"
  [ "$(az rest --method get --url "/subscriptions/$subscription/providers/Microsoft.Authorization/permissions?api-version=2022-04-01" --query "length(value[?$allowed || ($everything)])" -o tsv 2>/dev/null || echo 0)" -gt 0 ] 2>/dev/null
}
if grep -qxE 'Owner|User Access Administrator|Role Based Access Control Administrator' <<<"$roles" || may_assign; then ok role-rights
else bad role-rights "this login cannot assign roles on the subscription (it has: $(paste -sd, <<<"${roles:-none}")); the deployment would stop at its role assignments. Ask for Role Based Access Control Administrator besides Contributor"; fi
if has "kind: 'flex'"; then
  if az functionapp list-flexconsumption-locations --query '[].name' -o tsv 2>/dev/null | tr -d ' ' | tr '[:upper:]' '[:lower:]' | grep -qx "$location"; then ok flex-region
  else bad flex-region "Flex Consumption is not offered in $location. Choose another FUNCAI_LOCATION or the premium plan"; fi
fi

# --- what is there already ---------------------------------------------------------------------------------------------
exists() { [ "$(az group exists --name "$group" 2>/dev/null)" = true ]; }
list() { az resource list --resource-group "$group" --resource-type "$1" --query "${2:-[0].name}" -o tsv 2>/dev/null; }

gateway=; exists && gateway=$(list Microsoft.ApiManagement/service)
if $first && [ -n "$gateway" ]; then bad first-deployment "the gateway $gateway exists; --first would open its public door for a while. Leave --first out"
elif ! $first && [ -z "$gateway" ]; then bad first-deployment "there is no gateway yet, and API Management cannot be created with its public door closed. Deploy once with --first"
else ok first-deployment; fi

if $first; then
  held=$(az keyvault list-deleted --query "[?tags.workload=='$workload' && tags.environment=='$name'].name" -o tsv 2>/dev/null)
  [ -z "$held" ] && held=$(az keyvault list-deleted --query "[?properties.tags.workload=='$workload' && properties.tags.environment=='$name'].name" -o tsv 2>/dev/null)
  if [ -z "$held" ]; then ok deleted-vaults
  else bad deleted-vaults "$(paste -sd, <<<"$held") is deleted but held (purge protection), so its name is taken. Recover it: az keyvault recover --name NAME, or choose another FUNCAI_ENVIRONMENT"; fi
  held=$(az apim deletedservice list --query "[?contains(name, '$workload-$name')].name" -o tsv 2>/dev/null)
  if [ -z "$held" ]; then ok deleted-gateways
  else bad deleted-gateways "$held is deleted but held for 48 hours, so its name is taken. Run: az apim deletedservice purge --service-name $held --location $location"; fi
fi

if exists; then
  network=$(list Microsoft.Network/virtualNetworks)
  if [ -n "$network" ]; then
    wanted=Microsoft.Web/serverFarms; has "kind: 'flex'" && wanted=Microsoft.App/environments
    delegation=$(az network vnet subnet show --resource-group "$group" --vnet-name "$network" --name snet-functions --query 'delegations[0].serviceName' -o tsv 2>/dev/null)
    if [ "$delegation" = "$wanted" ]; then ok subnet-delegation
    else bad subnet-delegation "snet-functions is delegated to ${delegation:-nobody}, the plan needs $wanted, and a subnet in use cannot change. Remove the app and its plan first, or deploy to another environment"; fi
    for zone in $(list Microsoft.Network/privateDnsZones '[].name'); do
      if az network private-dns link vnet list --resource-group "$group" --zone-name "$zone" --query '[].virtualNetwork.id' -o tsv 2>/dev/null | grep -q "/$network\$"; then ok "dns-link $zone"
      else bad "dns-link $zone" "the zone is not linked to $network, so names resolve to public addresses that are closed (403 from storage or vault, app does not start). Deploy again, and remove links of other zones of this name"; fi
    done
  fi
  identity=$(list Microsoft.ManagedIdentity/userAssignedIdentities "[?ends_with(name, '-app')].name | [0]")
  storage=$(list Microsoft.Storage/storageAccounts "[?starts_with(name, 'sthost')].name | [0]")
  if [ -n "$identity" ] && [ -n "$storage" ]; then
    principal=$(az identity show --resource-group "$group" --name "$identity" --query principalId -o tsv 2>/dev/null)
    roles=$(az role assignment list --assignee "$principal" --scope "/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.Storage/storageAccounts/$storage" --query '[].roleDefinitionName' -o tsv 2>/dev/null)
    if grep -qx 'Storage Blob Data Owner' <<<"$roles"; then ok identity-order
    else bad identity-order "$identity has no Storage Blob Data Owner on $storage; the app would start without its storage and stay down. Deploy the template again and wait for the role (minutes), then restart the app"; fi
  fi
  if $package; then
    address=$(getent hosts "${storage:-none}.blob.core.windows.net" | awk '{print $1; exit}')
    case $address in
      10.* | 192.168.* | 172.1[6-9].* | 172.2[0-9].* | 172.3[01].*) ok storage-reach ;;
      *) bad storage-reach "from here $storage resolves to ${address:-nothing}, not to its private endpoint; the package cannot be uploaded (403 or time-out). Run this on a machine in the network, or link its DNS" ;;
    esac
  fi
elif $package; then bad storage-reach "the resource group $group does not exist yet. Deploy the template first"
fi
exit $failed
