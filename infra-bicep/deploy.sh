#!/usr/bin/env bash
# Deploys the whole system: preflight, preview, deployment. The same command again changes nothing.
#
# usage: infra-bicep/deploy.sh ENVIRONMENT [--first] [--preview]
#   --first     the very first deployment, and again where that stopped half-way: also generates the secrets that must exist before
#               the first start and do not yet, and closes the gateway's public door once its private endpoint stands
#   --preview   stops after the preview (what-if)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

environment=${1:-}; shift || true
if [ -z "$environment" ] || [ ! -f "environments/$environment.bicepparam" ]; then echo "usage: infra-bicep/deploy.sh dev|test|prod [--first] [--preview]"; exit 2; fi
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

# shellcheck source=infra-bicep/environment.sh
. ./environment.sh
unset FUNCAI_FIRST_DEPLOYMENT FUNCAI_INITIAL_SECRETS
if $first; then
  command -v openssl >/dev/null || { echo "openssl is needed to make the first secrets."; exit 1; }
  umask 077
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  random_url() { openssl rand 32 | openssl base64 -A | tr '+/' '-_' | tr -d '='; }
  # The gateway's certificate to the app: the app's front end asks for one, the app itself checks the gateway's token. It lives as a secret,
  # of whose end somebody is told a month before, and not of the certificate's: so that comes a month after the secret's.
  days=$((($(secrets_end) - $(date +%s)) / 86400 + 31))
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days "$days" -subj "/CN=gateway" -addext "extendedKeyUsage=clientAuth" \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
  openssl pkcs12 -export -inkey "$work/key.pem" -in "$work/certificate.pem" -passout pass: -out "$work/gateway.pfx"
  made() { # made NAME: its value
    case $1 in
      gateway-client) openssl base64 -A -in "$work/gateway.pfx" ;;
      # Read as plain base64; the others are base64url.
      guard-data-key | caller-pseudonym-key) openssl rand -base64 32 ;;
      *) random_url ;;
    esac
  }
  # Whatever is there stays: keys, records and counters may have been made with it.
  missing=$(missing_secrets) || { echo "Nobody can tell which of the first secrets are there already. Nothing was deployed."; exit 1; }
  secrets=
  for secret in $missing; do
    value=$(made "$secret")
    secrets+="${secrets:+,}\"$secret\":\"$value\""
  done
  export FUNCAI_INITIAL_SECRETS="{$secrets}"
  gateway=; exists && gateway=$(list Microsoft.ApiManagement/service)
  if [ -z "$gateway" ] || door_is_open "$gateway"; then export FUNCAI_FIRST_DEPLOYMENT=true; fi
fi

common=(--name "$deployment" --location "$location" --template-file main.bicep --parameters "$parameters")
az deployment sub what-if "${common[@]}"
$preview && { echo "Preview only: nothing was deployed."; exit 0; }
az deployment sub create "${common[@]}" --query properties.provisioningState -o tsv
echo "Reachable from the internet:"
az deployment sub show --name "$deployment" --query properties.outputs.internetEndpoints.value -o tsv
