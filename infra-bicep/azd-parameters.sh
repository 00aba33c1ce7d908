#!/usr/bin/env bash
# azd looks for main.bicepparam beside main.bicep: puts the environment's parameters there. The copy is not kept in git.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
environment=${AZURE_ENV_NAME:?azd sets AZURE_ENV_NAME}
./preflight.sh "$environment"
sed "s#^using '../main.bicep'#using 'main.bicep'#" "environments/$environment.bicepparam" >main.bicepparam
