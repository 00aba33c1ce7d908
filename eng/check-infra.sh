#!/usr/bin/env bash
# Checks infra-bicep with whatever is here, and says what that was: the project's own rules always, bicep-check when it stands
# beside the repository, the Bicep CLI when it is installed. usage: eng/check-infra.sh
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
failed=0

step() { # step NAME COMMAND...
  local name=$1; shift
  echo "== $name"
  if "$@"; then echo "ok: $name"; else echo "FAILED: $name"; failed=1; fi
}

command -v node >/dev/null || { echo "Node.js 20 or newer is needed."; exit 1; }
step "own rules" node tests/infra/rules/check.mjs infra-bicep

checker=../shared/tools/bicep-check/bicep-check.mjs
if [ -f "$checker" ]; then step "bicep-check" node "$checker" --strict infra-bicep
else echo "not run: bicep-check (../shared/tools/bicep-check is not here)"; fi

bicep=()
if command -v bicep >/dev/null; then bicep=(bicep)
elif command -v az >/dev/null && az bicep version >/dev/null 2>&1; then bicep=(az bicep); fi
if [ ${#bicep[@]} -gt 0 ]; then
  out=$(mktemp -d); trap 'rm -rf "$out"' EXIT
  file_flag=(); [ "${bicep[0]}" = az ] && file_flag=(--file)
  step "bicep build" "${bicep[@]}" build "${file_flag[@]}" infra-bicep/main.bicep --outfile "$out/main.json"
  step "bicep lint" "${bicep[@]}" lint "${file_flag[@]}" infra-bicep/main.bicep
  for file in infra-bicep/environments/*.bicepparam; do
    step "bicep build-params $(basename "$file")" "${bicep[@]}" build-params "${file_flag[@]}" "$file" --outfile "$out/$(basename "$file").json"
  done
else echo "not run: bicep build, bicep lint (no Bicep CLI)"; fi

exit $failed
