#!/usr/bin/env bash
# Asks a deployed system through its gateway a few questions whose answers prove that it serves and that it refuses.
# Needs SMOKE_URL, SMOKE_SUBSCRIPTION_KEY and SMOKE_TOKEN (a bearer token, which a pipeline gets from its federated login) or
# SMOKE_API_KEY in the environment; prints none of them. SMOKE_TRIES (default 30) and SMOKE_WAIT (default 10 s) bound the wait.
set -uo pipefail
: "${SMOKE_URL:?}" "${SMOKE_SUBSCRIPTION_KEY:?}" "${SMOKE_TOKEN:-${SMOKE_API_KEY:?}}"
failed=0
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# Keys go through files: a command line can be read by every process of the machine.
umask 077
printf 'header = "Ocp-Apim-Subscription-Key: %s"\n' "$SMOKE_SUBSCRIPTION_KEY" >"$work/subscription"
if [ -n "${SMOKE_TOKEN:-}" ]; then printf 'header = "Authorization: Bearer %s"\n' "$SMOKE_TOKEN" >"$work/key"
else printf 'header = "x-api-key: %s"\n' "$SMOKE_API_KEY" >"$work/key"; fi
printf 'header = "x-api-key: fais_0000000000000000_%059d"\n' 0 >"$work/forged"

ask() { curl --silent --show-error --max-time 30 --output "$work/body" --write-out '%{http_code}' "$@" 2>"$work/error"; }
expect() { # expect NAME STATUS CURL-ARGUMENTS...
  local name=$1 status=$2 got; shift 2
  got=$(ask "$@")
  if [[ $got =~ ^($status)$ ]]; then echo "ok $name"; else echo "FAIL $name: expected $status, got $got"; failed=1; fi
}

for ((try = 1; try <= ${SMOKE_TRIES:-30}; try++)); do
  [ "$(ask --config "$work/subscription" "$SMOKE_URL/v2/health/ready")" = 200 ] && break
  [ "$try" = "${SMOKE_TRIES:-30}" ] && { echo "FAIL ready: not ready after $try tries"; exit 1; }
  sleep "${SMOKE_WAIT:-10}"
done
echo "ok ready"
expect "models with a credential" 200 --config "$work/subscription" --config "$work/key" "$SMOKE_URL/v1/models"
expect "no subscription is refused" 401 --config "$work/key" "$SMOKE_URL/v1/models"
expect "no credential is refused" 401 --config "$work/subscription" "$SMOKE_URL/v1/models"
expect "a forged key is refused" 401 --config "$work/subscription" --config "$work/forged" "$SMOKE_URL/v1/models"
expect "a body that is no JSON is refused" '400|422' --config "$work/subscription" --config "$work/key" --header 'Content-Type: application/json' --data '{' "$SMOKE_URL/v1/classify"
expect "an unknown route is refused" 404 --config "$work/subscription" --config "$work/key" "$SMOKE_URL/no/such/route"
if [ "${SMOKE_FROM_INTERNET:-false}" = true ]; then expect "management is not there" 403 --config "$work/subscription" --config "$work/key" "$SMOKE_URL/manage/keys"; fi
if [[ $SMOKE_URL == https://* ]]; then
  if curl --silent --max-time 10 --tls-max 1.1 --output /dev/null "$SMOKE_URL/v2/health/live"; then echo "FAIL old TLS: 1.1 was accepted"; failed=1; else echo "ok old TLS is refused"; fi
fi
exit $failed
