#!/usr/bin/env bash
# usage: eng/bench.sh CASE... [--out docs/benchmarks]   without a case: lists them
set -euo pipefail
case ${1:-} in -h | --help) sed -n '2s/^# //p' "$0"; exit 0 ;; esac
cd "$(dirname "$0")/.."
# The native library reads this once, when it is loaded.
export ORT_DISABLE_TELEMETRY=1
eng/setup.sh
dotnet build tests/FuncAiSecure.Benchmarks -c Release -v q -nologo
exec dotnet run --project tests/FuncAiSecure.Benchmarks -c Release --no-build -- "$@"
