#!/usr/bin/env bash
# From a fresh clone: sets up, builds everything with warnings as errors, runs every test, and ends with one line
# "N passed, N failed". Exit code 0 only if something passed and nothing failed or crashed.
#
# usage: eng/test.sh [--jobs N] [--filter EXPRESSION]
#   --jobs N              test projects at once (default 2)
#   --filter EXPRESSION   as "dotnet test --filter" takes it; leaves out what is not .NET
set -euo pipefail
# shellcheck source=eng/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=eng/lib/build.sh
. "$ENG/lib/build.sh"

JOBS=2
FILTER=

while [ $# -gt 0 ]; do
    case "$1" in
    --jobs)
        need_value "$1" "${2:-}"
        check_range "$1" "$2" 1 64
        JOBS=$2
        shift
        ;;
    --filter)
        need_value "$1" "${2:-}"
        FILTER=$2
        shift
        ;;
    --help | -h)
        sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *) fail "unknown argument $1 (see --help)" ;;
    esac
    shift
done

# Every suite leaves one line "PASSED FAILED" here; a suite that leaves none has crashed.
RESULTS=$ROOT/.local/test-results
rm -rf "$RESULTS"
mkdir -p "$RESULTS"

# Debian packages that a test project names in a debian-packages.txt, one a line. A command of the package's name will do as well,
# wherever it came from.
install_debian_packages() {
    local wanted missing=() package sudo=
    wanted=$(find "$ROOT/tests" -name debian-packages.txt -not -path '*/bin/*' -exec sed 's/#.*//' {} + | sort -u)
    [ -n "$wanted" ] && command -v dpkg-query >/dev/null || return 0
    for package in $wanted; do
        command -v "$package" >/dev/null || dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "test: installing ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || sudo='sudo -n'
    { $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } \
        >"$RESULTS/apt.log" 2>&1 || fail "cannot install ${missing[*]}; see $RESULTS/apt.log"
}

# record NAME PASSED FAILED SECONDS
record() {
    printf '%s %s\n' "$2" "$3" >"$RESULTS/$1.count"
    say "$(printf 'test: %-32s %6s passed %4s failed %5s s' "$1" "$2" "$3" "$4")"
}

# Where no test ends for so long, one hangs: the run is ended, not waited for.
LONGEST_TEST=10m

# run_project NAME: one .NET test project; failures and crashes end up in NAME.log.
run_project() {
    local name=$1 folder=$RESULTS/$1 code=0 passed=0 failed=0 counters start=$SECONDS
    local arguments=("$ROOT/tests/$name/$name.csproj" -c Release --no-build --nologo --results-directory "$folder" --logger trx
        --blame-hang-timeout "$LONGEST_TEST" --blame-hang-dump-type none)
    [ -z "$FILTER" ] || arguments+=(--filter "$FILTER")
    dotnet test "${arguments[@]}" >"$RESULTS/$name.log" 2>&1 </dev/null || code=$?
    while read -r counters; do
        passed=$((passed + $(attribute passed "$counters")))
        failed=$((failed + $(attribute total "$counters") - $(attribute passed "$counters") - $(skipped "$counters")))
    done < <(find "$folder" -name '*.trx' -exec grep -ho '<Counters [^>]*' {} + 2>/dev/null)
    # An exit code without a failed test is a crash, a time-out or a broken build.
    [ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    record "$name" "$passed" "$failed" $((SECONDS - start))
}

attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2"; }

# Skipped tests are neither passed nor failed: total less executed.
skipped() { printf '%s' $(($(attribute total "$1") - $(attribute executed "$1"))); }

# run_suite NAME COMMAND...: anything else; it passes or fails as a whole.
run_suite() {
    local name=$1 start=$SECONDS
    shift
    if (cd "$ROOT" && "$@") >"$RESULTS/$name.log" 2>&1 </dev/null; then
        record "$name" 1 0 $((SECONDS - start))
    else
        record "$name" 0 1 $((SECONDS - start))
    fi
}

# run_node NAME FILE...: tests for node's own runner, all of them in the time of one.
run_node() {
    local name=$1 start=$SECONDS code=0 passed failed
    shift
    (cd "$ROOT" && timeout "$LONGEST_TEST" node --test --test-reporter=tap "$@") >"$RESULTS/$name.log" 2>&1 </dev/null || code=$?
    passed=$(sed -n 's/^# pass //p' "$RESULTS/$name.log" | tail -n 1)
    failed=$(sed -nE 's/^# (fail|cancelled) //p' "$RESULTS/$name.log" | awk "{ sum += \$1 } END { print sum + 0 }")
    [ "$code" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
    record "$name" "${passed:-0}" "${failed:-0}" $((SECONDS - start))
}

show_failures() {
    local count log
    for count in "$RESULTS"/*.count; do
        case "$(cat "$count")" in *' 0') continue ;; esac
        log=${count%.count}.log
        say "" "--- $(basename "$log")"
        if grep -qE '^ *Failed |^not ok' "$log"; then
            grep -E -A 25 '^ *Failed [^!]|^not ok' "$log" | head -n 200 >&2
        else
            tail -n 40 "$log" >&2
        fi
    done
}

finish() {
    local passed=0 failed=0 p f
    while read -r p f; do
        passed=$((passed + p))
        failed=$((failed + f))
    done < <(cat "$RESULTS"/*.count 2>/dev/null)
    [ "$passed" -gt 0 ] || failed=$((failed > 0 ? failed : 1))
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}

# Whatever ends this script early is a failure with a last line, too.
trap 'code=$?; trap - EXIT; if [ "$code" -ne 0 ]; then record unfinished 0 1 "$SECONDS"; finish || exit 1; fi' EXIT

"$ENG/setup.sh"
install_debian_packages

say "test: building everything with warnings as errors"
build "$ROOT/FuncAiSecure.sln" "$RESULTS/build.log"

PROJECTS=$(cd "$ROOT/tests" && grep -l '<IsTestProject>true' ./*/*.csproj | xargs -n 1 dirname | sed 's#^\./##' | sort)
[ -n "$PROJECTS" ] || fail "there is no test project"

for project in $PROJECTS; do
    while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do
        wait -n || true
    done
    run_project "$project" &
done
wait

if [ -z "$FILTER" ]; then
    mapfile -t NODE_TESTS < <(find "$ROOT/tests" -name '*.test.mjs' -not -path '*/node_modules/*' -not -path '*/bin/*' | sort)
    [ ${#NODE_TESTS[@]} -eq 0 ] || run_node node-tests "${NODE_TESTS[@]}"
    [ ! -x "$ENG/check-infra.sh" ] || run_suite check-infra "$ENG/check-infra.sh"
fi

for project in $PROJECTS; do
    [ -f "$RESULTS/$project.count" ] || record "$project" 0 1 0
done

trap - EXIT
show_failures
finish
