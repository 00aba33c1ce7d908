# shellcheck shell=bash
# Sourced by the scripts beside it, with the parameter file's name in $environment: what this deployment is called, where it lies and how
# far it has come. Two deployments of one parameter file differ in these names, and must never meet each other's.
# shellcheck disable=SC2034,SC2154  # read and given by those who source it

# A pipeline gives what nobody has set as an empty variable, which a parameter file would take for the value.
for variable in "${!FUNCAI_@}"; do [ -n "${!variable}" ] || unset "$variable"; done

parameters=$(dirname "${BASH_SOURCE[0]}")/environments/$environment.bicepparam

setting() { sed -n "s/^param $1 = readEnvironmentVariable('[A-Z_]*', '\([^']*\)')\$/\1/p" "$parameters"; }
secrets_end() { sed -n 's/^param initialSecretsExpireAt = \([0-9]*\)$/\1/p' "$parameters"; } # in seconds since 1970
has() { grep -q "$1" "$parameters"; }

workload=${FUNCAI_WORKLOAD:-$(setting workload)}
name=${FUNCAI_ENVIRONMENT:-$(setting environmentName)}
location=${FUNCAI_LOCATION:-$(setting location)}
group=rg-$workload-$name
deployment=$workload-$name

exists() { [ "$(az group exists --name "$group" 2>/dev/null)" = true ]; }
list() { az resource list --resource-group "$group" --resource-type "$1" --query "${2:-[0].name}" -o tsv 2>/dev/null; }

# Whether the gateway's public door is open, as it is while a first deployment is under way. The other tiers have no such door.
door_is_open() { has "sku: 'StandardV2'" && [ "$(az apim show --resource-group "$group" --name "$1" --query publicNetworkAccess -o tsv 2>/dev/null)" = Enabled ]; }

# The secrets that must exist before the first start, each with the beginning of its vault's name.
first_secrets=(apikey-pepper:kv-a- audit-key:kv-a- audit-payload-key:kv-a- guard-data-key:kv-a- caller-pseudonym-key:kv-g- gateway-client:kv-g-)

# Those that no vault holds yet; fails where that cannot be told. Asked one by one of the control plane, which answers from anywhere:
# a vault's list has a page for every few of its callers' keys.
missing_secrets() {
  local secret vault answer
  for secret in "${first_secrets[@]}"; do
    if ! vault=$(list Microsoft.KeyVault/vaults "[?starts_with(name, '${secret#*:}')].id | [0]"); then
      [ "$(az group exists --name "$group" 2>/dev/null)" = false ] || return 1
    fi
    if [ -z "$vault" ]; then echo "${secret%:*}"
    elif ! answer=$(az rest --method get --url "$vault/secrets/${secret%:*}?api-version=2023-07-01" --query name -o tsv 2>&1); then
      [[ $answer == *NotFound* ]] || return 1
      echo "${secret%:*}"
    fi
  done
}
