#!/usr/bin/env bash
# Puts a package of the app live, tries it through the gateway, and goes back to the previous one if it does not answer as it
# must. Runs inside the network: the app's storage and deployment site have no public address.
#
# usage: infra-bicep/release.sh ENVIRONMENT PACKAGE.zip
#   SMOKE_URL, SMOKE_SUBSCRIPTION_KEY, SMOKE_TOKEN or SMOKE_API_KEY   for smoke.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${1:?usage: release.sh ENVIRONMENT PACKAGE.zip}
package=${2:?usage: release.sh ENVIRONMENT PACKAGE.zip}
[ -s "$package" ] || { echo "$package is missing or empty"; exit 2; }
# shellcheck source=infra-bicep/environment.sh
. "$here/environment.sh"

output() { az deployment sub show --name "$deployment" --query "properties.outputs.$1.value" -o tsv; }
group=$(output resourceGroupName)
app=$(output appName)
storage=$(list Microsoft.Storage/storageAccounts "[?starts_with(name, 'sthost')].name | [0]") || { echo "This login may not look at the resources of $group. Nothing was released."; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

blob=(--account-name "$storage" --container-name app-package --name released-package.zip --auth-mode login)
put() { # put FILE
  if has "kind: 'flex'"; then
    az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$1" --output none
  else
    az storage blob upload "${blob[@]}" --file "$1" --overwrite --output none && az functionapp restart --resource-group "$group" --name "$app"
  fi
}

previous=
if [ "$(az storage blob exists "${blob[@]}" --query exists -o tsv)" = true ]; then
  previous=$work/previous.zip
  az storage blob download "${blob[@]}" --file "$previous" --output none
fi

if put "$package" && "$here/smoke.sh"; then echo "Promoted: $(basename "$package")"; exit 0; fi

if [ -z "$previous" ]; then echo "The first package failed; there is nothing to go back to."; exit 1; fi
echo "The new package failed: going back."
if put "$previous" && "$here/smoke.sh"; then echo "Rolled back: the previous package answers again."; else echo "ROLLBACK FAILED: the previous package does not answer either."; fi
exit 1
