#!/usr/bin/env bash
# Makes a fresh clone buildable: checks the tools, finds out which packages the package source has, installs the Node
# packages. Fast when there is nothing to do.
#
# usage: eng/setup.sh [--again]
#   --again   asks the package source again, also when the answer is known
set -euo pipefail
# shellcheck source=eng/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

ANSWER=$ENG/packages.local.props

check_tools() {
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
    local sdk
    sdk=$(cd "$ROOT" && dotnet --version 2>/dev/null) ||
        fail "the .NET 10 SDK is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ' - || true)): https://dotnet.microsoft.com/download/dotnet/10.0"
    command -v node >/dev/null || fail "Node.js 20 or later is missing: https://nodejs.org"
    command -v npm >/dev/null || fail "npm is missing; it comes with Node.js: https://nodejs.org"
    local major
    major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge 20 ] || fail "Node.js 20 or later is needed, this is $(node --version): https://nodejs.org"
    say "setup: .NET SDK $sdk, Node.js $(node --version)"
}

install_node_packages() {
    if node "$ENG/lib/npm-state.mjs" "$ENG"; then
        return
    fi
    [ ! -L "$ENG/node_modules" ] || fail "eng/node_modules is a link to packages that differ from eng/package-lock.json: update them there"
    say "setup: installing Node packages"
    (cd "$ENG" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) || fail "npm ci failed in eng"
}

# own_sources ACTION...: find's action on the repository's own NuGet settings, if it has any.
own_sources() { find "$ROOT" -maxdepth 1 -iname nuget.config "$@"; }

# try_restore PACKAGE...: 0 if all restore in the pinned versions, 1 if the source lacks one.
try_restore() {
    local folder package log
    folder=$(mktemp -d)
    log=$folder/restore.log
    {
        printf '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework>'
        printf '<TreatWarningsAsErrors>true</TreatWarningsAsErrors><NuGetAudit>false</NuGetAudit></PropertyGroup><ItemGroup>'
        printf '<PackageReference Include="%s" />' "$@"
        printf '</ItemGroup></Project>\n'
    } >"$folder/trial.csproj"
    cp "$ROOT/global.json" "$ROOT/Directory.Packages.props" "$folder/"
    own_sources -exec cp {} "$folder/" \;

    if (cd "$folder" && dotnet restore trial.csproj -v quiet --disable-build-servers) >"$log" 2>&1; then
        rm -rf "$folder"
        return 0
    fi
    # Not found, or found in another version only: an answer. Anything else (no network) is none.
    if grep -qE 'NU110[1-3]|NU1603|NU1608' "$log"; then
        rm -rf "$folder"
        return 1
    fi
    sed 's/^/    /' "$log" >&2
    rm -rf "$folder"
    fail "the package source did not answer"
}

# What the answer rests on: the versions, where they come from, and how this script asks and answers.
answer_key() {
    { cat "$ROOT/Directory.Packages.props" "$ENG/setup.sh" && own_sources -exec cat {} +; } | cksum | cut -d' ' -f1
}

find_packages() {
    local key package official=() lacking=() sdk=false
    # These hang together: all of them are official, or none is.
    local worker=(Microsoft.Azure.Functions.Worker{,.Extensions.Http,.Extensions.Http.AspNetCore,.Extensions.Timer})
    key=$(answer_key)
    if [ "${1:-}" != --again ] && grep -qs "key $key" "$ANSWER"; then
        return
    fi

    say "setup: asking the package source for the official packages"
    for package in Azure.Data.Tables Microsoft.ML.OnnxRuntime; do
        if try_restore "$package"; then official+=("$package"); else lacking+=("$package"); fi
    done
    # Without the SDK package or at least its generators the app would build and offer no function.
    if try_restore "${worker[@]}" Microsoft.Azure.Functions.Worker.Sdk; then
        sdk=true official+=("${worker[@]}")
    elif try_restore "${worker[@]}" Microsoft.Azure.Functions.Worker.Sdk.Generators; then
        official+=("${worker[@]}")
    else
        lacking+=("${worker[@]}")
    fi
    [ ${#official[@]} -eq 0 ] || say "setup: official packages: ${official[*]}"
    [ ${#lacking[@]} -eq 0 ] || say "setup: the package source lacks these, eng/standins takes their place: ${lacking[*]}"

    cat >"$ANSWER.new" <<PROPS
<Project>
  <!-- Written by eng/setup.sh after a trial restore (key $key); delete it to ask again. -->
  <PropertyGroup>
    <StandIns Condition="'\$(OfficialPackages)' == ''">$(IFS=';' && printf '%s' "${lacking[*]-}")</StandIns>
    <FunctionsSdk Condition="'\$(FunctionsSdk)' == ''">$sdk</FunctionsSdk>
  </PropertyGroup>
</Project>
PROPS
    mv "$ANSWER.new" "$ANSWER"
}

case "${1:-}" in
'' | --again) ;;
*) fail "usage: eng/setup.sh [--again]" ;;
esac

check_tools
install_node_packages
find_packages "${1:-}"
