#!/usr/bin/env bash
# usage: eng/evaluate-guards.sh FILE.jsonl [--misses] [--names] [--disguises]
# Judges the guards on a file of {text, label} (1 or "attack" = attack) or {text, spans: [{start, end, type}]}, one JSON object a
# line, and prints the figures that docs/guards.md explains. With --misses the missed and wrong personal data are shown: that
# prints texts of the file. With --names persons and addresses count too. With --disguises the texts are also judged in every disguise.
set -euo pipefail
if [ ! -f "${1:-}" ]; then
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
file=$(realpath "$1")
shift
cd "$root"
eng/setup.sh
dotnet build models/training/guard -c Release -v q -nologo >&2
exec models/training/guard/bin/Release/net10.0/FuncAiSecure.GuardTraining evaluate "$file" "$@"
