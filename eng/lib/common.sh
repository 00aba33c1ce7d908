# shellcheck shell=bash
# Sourced by the scripts of this folder: where things are, and how to speak.

# shellcheck disable=SC2034 # for the scripts that source this
ENG=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034
ROOT=$(cd "$ENG/.." && pwd)

# The tools' own chatter and background servers are not wanted: a script must leave no process behind.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_UI_LANGUAGE=en
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDTERMINALLOGGER=off

# Native code reads this before its first call; set from managed code it would come too late (docs of ONNX Runtime 1.29).
export ORT_DISABLE_TELEMETRY=1

# What runs on this machine is reached directly, whatever proxy leads to the package sources.
no_proxy=${no_proxy:-${NO_PROXY:-}}
no_proxy=127.0.0.1,localhost${no_proxy:+,$no_proxy}
export no_proxy NO_PROXY=$no_proxy

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

# need_value OPTION VALUE: an option that lacks its value is a mistake.
need_value() { [ -n "${2:-}" ] || fail "$1 needs a value (see --help)"; }

# check_range OPTION VALUE MIN MAX: a whole number within the bounds, or a mistake.
check_range() {
    case "$2" in '' | 0?* | *[!0-9]* | ??????*) fail "$1 must be a number from $3 to $4" ;; esac
    if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
        fail "$1 must be a number from $3 to $4"
    fi
}
