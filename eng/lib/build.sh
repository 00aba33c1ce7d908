# shellcheck shell=bash
# Sourced by run.sh and test.sh: builds a solution, and remembers of what, so that the next start can skip it.

BUILT=$ROOT/.local/build.print

fingerprint() {
    node "$ENG/lib/fingerprint.mjs" "$ROOT" src eng docs/model.schema.json host.json global.json local.settings.json \
        Directory.Build.props Directory.Build.targets Directory.Packages.props
}

# output PROJECT [ASSEMBLY]: where a program of src was built to.
output() { printf '%s/src/%s/bin/Release/net10.0/%s.dll' "$ROOT" "$1" "${2:-$1}"; }

# is_built: the programs were built of what the sources are now.
is_built() {
    [ "$(cat "$BUILT" 2>/dev/null)" = "$(fingerprint)" ] && [ -f "$(output FuncAiSecure.LocalHost)" ] &&
        [ -f "$(output FuncAiSecure.LocalVault)" ] && [ -f "$(output FuncAiSecure.Cli funcai)" ]
}

# build SOLUTION LOG: in Release, warnings as errors, without servers that stay behind.
build() {
    local print
    print=$(fingerprint)
    mkdir -p "$ROOT/.local"
    dotnet build "$1" -c Release -v quiet -nologo --disable-build-servers >"$2" 2>&1 || {
        grep -E 'error' "$2" | sort -u | head -40 >&2
        fail "the build failed; all of it is in $2"
    }
    printf '%s\n' "$print" >"$BUILT"
}
