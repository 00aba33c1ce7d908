#!/usr/bin/env bash
# Finds out before a deployment why it would fail, and names the cause. Reads only. Every line is "ok CHECK" or
# "FAIL CHECK: cause. What to do."; the exit code is 1 if anything failed. What this login may not look at is "unknown CHECK: cause.",
# what is wrong and put right by the deployment itself, as after one that stopped half-way, is "later CHECK: cause."
#
# usage: infra-bicep/preflight.sh ENVIRONMENT [--first] [--package]
#   --first     this is the very first deployment of this environment
#   --package   before a release: what a deployment would put right fails too, and so does a machine that cannot reach the private
#               storage that takes the app's package
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
if [ -z "$environment" ] || [ ! -f "environments/$environment.bicepparam" ]; then echo "usage: infra-bicep/preflight.sh dev|test|prod [--first] [--package]"; exit 2; fi
# shellcheck source=infra-bicep/environment.sh
. ./environment.sh

failed=0
ok() { echo "ok $1"; }
bad() { echo "FAIL $1: $2"; failed=1; }
unknown() { echo "unknown $1: $2"; }
later() { if $package; then bad "$1" "$2"; else echo "later $1: $2"; fi; }

# --- this machine ------------------------------------------------------------------------------------------------------
command -v az >/dev/null || { bad azure-cli "the Azure CLI is missing. Install it: https://aka.ms/azure-cli"; exit 1; }
if ! subscription=$(az account show --query id -o tsv 2>/dev/null); then
  bad login "nobody is logged in. Run: az login"
  exit 1
fi
ok login

# --- what must be given ------------------------------------------------------------------------------------------------
if [[ $workload =~ ^[a-z][a-z0-9]{1,9}$ && $name =~ ^[a-z][a-z0-9]{1,7}$ ]]; then ok names
else bad names "FUNCAI_WORKLOAD ($workload) is 2 to 10 and FUNCAI_ENVIRONMENT ($name) 2 to 8 lower-case letters and digits, a letter first: some resources take no other name, and with hyphens two deployments could meet in one resource group"; fi
if [ -n "${FUNCAI_MODEL_SIGNING_KEY:-}" ]; then ok model-signing-key
else bad model-signing-key "FUNCAI_MODEL_SIGNING_KEY is not set; the app would serve no model, as none is signed by a known key. Set it to the public key that 'funcai models sign' uses"; fi
version_of() { az ad app show --id "$1" --query api.requestedAccessTokenVersion -o tsv 2>/dev/null; }
principal_of() { az ad sp show --id "$1" --query id -o tsv >/dev/null 2>&1; }
for variable in FUNCAI_TOKEN_AUDIENCE FUNCAI_GATEWAY_AUDIENCE; do
  check='token-audience'; [ "$variable" = FUNCAI_GATEWAY_AUDIENCE ] && check='gateway-audience'
  audience=${!variable:-}
  if [ -z "$audience" ]; then bad $check "$variable is not set; the placeholder in the parameter file is nobody's application. Set it to an application id"
  elif ! version=$(version_of "$audience"); then
    # A pipeline's identity reads the directory only where somebody has allowed it.
    if grep -qiE 'insufficient privileges|Authorization_RequestDenied' <<<"$(az ad app show --id "$audience" 2>&1)"; then
      unknown $check "this login may not read applications. One that may can tell whether $audience issues tokens of version 2: az ad app show --id $audience --query api.requestedAccessTokenVersion"
    else bad $check "no application has the id $audience, so no token can be had for it (AADSTS500011). Register one: az ad app create --display-name NAME --requested-access-token-version 2"; fi
  elif ! principal_of "$audience"; then bad $check "the application $audience has no service principal in this tenant, so no token can be had for it (AADSTS500011). Run: az ad sp create --id $audience"
  elif [ "$version" != 2 ]; then bad $check "the application $audience issues tokens of version 1, whose issuer and audience the app refuses. Run: az ad app update --id $audience --requested-access-token-version 2"
  else ok $check; fi
done
expiry=$(secrets_end)
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
gateway=; missing=; exists && gateway=$(list Microsoft.ApiManagement/service)
if [ -n "$gateway" ] && ! missing=$(missing_secrets); then unknown first-deployment "this login may not look at what the vaults hold, so nobody knows whether the first deployment came to its end"
elif [ -z "$gateway" ]; then
  if $first; then ok first-deployment
  else bad first-deployment "there is no gateway yet, and API Management cannot be created with its public door closed. Deploy once with --first"; fi
elif [ -n "$missing" ] || door_is_open "$gateway"; then
  if $first; then ok first-deployment
  else bad first-deployment "the first deployment did not come to its end (secrets not made: $(paste -sd, <<<"${missing:-none}")). Run it again with --first: it makes what is missing and closes the gateway's public door"; fi
elif $first; then bad first-deployment "the gateway $gateway and the first secrets are there. Leave --first out"
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
  # A template leaves alone what it does not name: this door would stay, and the policies would take who comes through it for the inside.
  if ! has "exposure: 'frontDoor'"; then
    front=$(list Microsoft.Cdn/profiles)
    if [ -z "$front" ]; then ok front-door
    else bad front-door "the exposure is internal, but $front still leads from the internet to the gateway, and a deployment does not remove it. Run: az afd profile delete --resource-group $group --profile-name $front"; fi
  fi
  network=$(list Microsoft.Network/virtualNetworks)
  if [ -n "$network" ]; then
    wanted=Microsoft.Web/serverFarms; has "kind: 'flex'" && wanted=Microsoft.App/environments
    delegation=$(az network vnet subnet show --resource-group "$group" --vnet-name "$network" --name snet-functions --query 'delegations[0].serviceName' -o tsv 2>/dev/null)
    if [ "$delegation" = "$wanted" ]; then ok subnet-delegation
    else bad subnet-delegation "snet-functions is delegated to ${delegation:-nobody}, the plan needs $wanted, and a subnet in use cannot change. Remove the app and its plan first, or deploy to another environment"; fi
    for zone in $(list Microsoft.Network/privateDnsZones '[].name'); do
      if az network private-dns link vnet list --resource-group "$group" --zone-name "$zone" --query '[].virtualNetwork.id' -o tsv 2>/dev/null | grep -q "/$network\$"; then ok "dns-link $zone"
      else later "dns-link $zone" "the zone is not linked to $network, so names resolve to public addresses that are closed (403 from storage or vault, app does not start). Deploy again, and remove links of other zones of this name"; fi
    done
  fi
  identity=$(list Microsoft.ManagedIdentity/userAssignedIdentities "[?ends_with(name, '-app')].name | [0]")
  storage=$(list Microsoft.Storage/storageAccounts "[?starts_with(name, 'sthost')].name | [0]")
  if [ -n "$identity" ] && [ -n "$storage" ]; then
    principal=$(az identity show --resource-group "$group" --name "$identity" --query principalId -o tsv 2>/dev/null)
    roles=$(az role assignment list --assignee "$principal" --scope "/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.Storage/storageAccounts/$storage" --query '[].roleDefinitionName' -o tsv 2>/dev/null)
    if grep -qx 'Storage Blob Data Owner' <<<"$roles"; then ok identity-order
    else later identity-order "$identity has no Storage Blob Data Owner on $storage; the app would start without its storage and stay down. Deploy the template again and wait for the role (minutes), then restart the app"; fi
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
