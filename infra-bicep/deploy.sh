#!/usr/bin/env bash
# Deploys the whole system: preflight, preview, deployment. The same command again changes nothing.
#
# usage: infra-bicep/deploy.sh ENVIRONMENT [--first] [--preview]
#   --first     the very first deployment: also generates the secrets that must exist before the first start, and closes the
#               gateway's public door once its private endpoint stands
#   --preview   stops after the preview (what-if)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

environment=${1:-}; shift || true
first=false; preview=false
for argument in "$@"; do
  case $argument in
    --first) first=true ;;
    --preview) preview=true ;;
    *) echo "unknown argument $argument"; exit 2 ;;
  esac
done
flags=(); $first && flags+=(--first)
./preflight.sh "$environment" "${flags[@]}" || { code=$?; echo "Nothing was deployed."; exit $code; }

parameters=environments/$environment.bicepparam
location=${FUNCAI_LOCATION:-$(sed -n "s/^param location = readEnvironmentVariable('FUNCAI_LOCATION', '\(.*\)')\$/\1/p" "$parameters")}

unset FUNCAI_FIRST_DEPLOYMENT FUNCAI_INITIAL_SECRETS
if $first; then
  command -v openssl >/dev/null || { echo "openssl is needed to make the first secrets."; exit 1; }
  umask 077
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  random_url() { openssl rand 32 | openssl base64 -A | tr '+/' '-_' | tr -d '='; }
  # The gateway's certificate to the app: the app's front end asks for one, the app itself checks the gateway's token.
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 397 -subj "/CN=gateway" -addext "extendedKeyUsage=clientAuth" \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
  openssl pkcs12 -export -inkey "$work/key.pem" -in "$work/certificate.pem" -passout pass: -out "$work/gateway.pfx"
  FUNCAI_INITIAL_SECRETS=$(printf '{"apikey-pepper":"%s","audit-key":"%s","audit-payload-key":"%s","guard-data-key":"%s","caller-pseudonym-key":"%s","gateway-client":"%s"}' \
    "$(random_url)" "$(random_url)" "$(random_url)" "$(openssl rand -base64 32)" "$(openssl rand -base64 32)" "$(openssl base64 -A -in "$work/gateway.pfx")")
  export FUNCAI_INITIAL_SECRETS FUNCAI_FIRST_DEPLOYMENT=true
fi

common=(--name "funcai-$environment" --location "$location" --template-file main.bicep --parameters "$parameters")
az deployment sub what-if "${common[@]}"
$preview && { echo "Preview only: nothing was deployed."; exit 0; }
az deployment sub create "${common[@]}" --query properties.provisioningState -o tsv
echo "Reachable from the internet:"
az deployment sub show --name "funcai-$environment" --query properties.outputs.internetEndpoints.value -o tsv
