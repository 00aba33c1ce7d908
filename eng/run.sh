#!/usr/bin/env bash
# From a fresh clone to a served model: sets up, builds, starts table storage (Azurite), the local vault and the app,
# creates one demo caller and one operator, prints their keys and requests to paste. Ctrl-C stops everything.
#
# usage: eng/run.sh [--detach] [--port N] [--instances N] [--data FOLDER]
#        eng/run.sh --stop [--data FOLDER]
#   --detach        returns when the app is ready; --stop ends it
#   --port N        where the app listens (default 7071)
#   --instances N   N app processes on consecutive ports, sharing storage and vault (default 1)
#   --data FOLDER   where keys, tables and logs are kept (default .local)
set -euo pipefail
# shellcheck source=eng/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

PORT=7071
INSTANCES=1
DATA=$ROOT/.local
MODE=foreground

while [ $# -gt 0 ]; do
    case "$1" in
    --detach) MODE=detach ;;
    --stop) MODE=stop ;;
    --port | --instances | --data)
        need_value "$1" "${2:-}"
        case "$1" in
        --port) PORT=$2 ;;
        --instances) INSTANCES=$2 ;;
        --data) DATA=$2 ;;
        esac
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
check_range --instances "$INSTANCES" 1 16
check_range --port "$PORT" 1 $((65536 - INSTANCES))

if [ "$MODE" = stop ] && [ ! -d "$DATA/run" ]; then
    say "run: nothing was started with its data in $DATA"
    exit 0
fi

mkdir -p "$DATA"
DATA=$(cd "$DATA" && pwd)
RUN=$DATA/run
STOP='eng/run.sh --stop'
[ "$DATA" = "$ROOT/.local" ] || STOP="$STOP --data $(printf '%q' "$DATA")"
LOGS=$DATA/logs
chmod 700 "$DATA"
mkdir -p "$RUN" "$LOGS" "$DATA/azurite"
# shellcheck source=eng/lib/processes.sh
. "$ENG/lib/processes.sh"
# shellcheck source=eng/lib/build.sh
. "$ENG/lib/build.sh"

# await NAME SECONDS WHAT COMMAND...: tries the command until it succeeds, as long as the process lives.
await() {
    local name=$1 seconds=$2 what=$3 waited=0
    shift 3
    until "$@"; do
        is_running "$name" || give_up "$name" "$what ended before it was ready"
        [ "$waited" -lt $((seconds * 5)) ] || give_up "$name" "$what is not ready after $seconds s"
        waited=$((waited + 1))
        [ $((waited % 50)) -ne 0 ] || say "run: still waiting for $what ($((waited / 5)) s)"
        sleep 0.2
    done
}

give_up() {
    tail -n 15 "$LOGS/$1.log" | sed 's/^/    /' >&2
    stop_all
    fail "$2; its log is $LOGS/$1.log"
}

# Table storage and vault on free ports, side by side; sets TABLES, VAULT_URI, VAULT_TOKEN and VAULT_CERTIFICATE.
start_parts() {
    local port ready=$RUN/vault.json
    port=$(free_port)
    rm -f "$ready"
    launch azurite "$LOGS/azurite.log" node "$ENG/node_modules/azurite/dist/src/table/main.js" \
        --tableHost 127.0.0.1 --tablePort "$port" --location "$DATA/azurite" --disableTelemetry --skipApiVersionCheck --silent
    launch vault "$LOGS/vault.log" dotnet "$(output FuncAiSecure.LocalVault)" --port 0 --data "$DATA/vault" --ready-file "$ready"
    await azurite 60 "table storage" port_is_taken "$port"
    await vault 60 "the vault" test -s "$ready"
    # The emulator's account and key are public and the same everywhere.
    TABLES="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;TableEndpoint=http://127.0.0.1:$port/devstoreaccount1;"
    IFS=$'\t' read -r VAULT_URI VAULT_TOKEN VAULT_CERTIFICATE < <(
        node -p 'const r = JSON.parse(fs.readFileSync(process.argv[1])); [r.uri, r.tokenFile, r.certificateFile].join("\t")' "$ready"
    )
}

# The app's and the tool's settings: the real chain with local parts, nothing switched off.
export_settings() {
    export FuncAiSecure__Vault__Uri=$VAULT_URI
    export FuncAiSecure__Vault__Credential=LocalVault
    export FuncAiSecure__Vault__LocalTokenFile=$VAULT_TOKEN
    export FuncAiSecure__Vault__LocalCertificateFile=$VAULT_CERTIFICATE
    export AzureWebJobsStorage=$TABLES
    export FuncAiSecure__Audit__JournalDirectory=$DATA/audit-journal
    export FuncAiSecure__Models__Directory=${FuncAiSecure__Models__Directory:-$ROOT/models}
    export FuncAiSecure__Models__RequireSignatures=${FuncAiSecure__Models__RequireSignatures:-false}
    export AzureWebJobsDisableHomepage=true
}

# The command funcai with the settings of what runs, for an operator's shell to source.
write_funcai_env() {
    local name
    (
        umask 077
        {
            for name in "${!FuncAiSecure__@}" "${!AzureWebJobs@}" ORT_DISABLE_TELEMETRY; do
                printf 'export %s=%q\n' "$name" "${!name}"
            done
            printf 'funcai() { no_proxy=127.0.0.1 NO_PROXY=127.0.0.1 dotnet %q "$@"; }\n' "$(output FuncAiSecure.Cli funcai)"
        } >"$DATA/funcai.env"
    )
}

is_ready() { [ "$(curl -s -o /dev/null -m 5 -w '%{http_code}' "http://127.0.0.1:$1/v2/health/ready")" = 200 ]; }

launch_apps() {
    local i
    for ((i = 0; i < INSTANCES; i++)); do
        launch "app$i" "$LOGS/app$i.log" dotnet "$(output FuncAiSecure.LocalHost)" --port $((PORT + i))
    done
}

await_apps() {
    local i name
    for ((i = 0; i < INSTANCES; i++)); do
        name="the app on port $((PORT + i))"
        await "app$i" 120 "$name" is_ready $((PORT + i))
    done
}

funcai() { dotnet "$(output FuncAiSecure.Cli funcai)" "$@"; }

is_valid() { [ -n "$1" ] && funcai keys check <<<"$1" >/dev/null 2>&1; }

# create_key PRINCIPAL NAME ROLE...: prints a new key for every model.
create_key() {
    local arguments=(--principal "$1" --name "$2" --model '*' --key-only) role
    for role in "${@:3}"; do
        arguments+=(--role "$role")
    done
    funcai keys create "${arguments[@]}"
}

# The keys of an earlier run stay, as long as this vault knows them.
create_keys() {
    DEMO_API_KEY='' ADMIN_API_KEY=''
    if [ -f "$DATA/demo.env" ]; then
        # shellcheck disable=SC1091
        . "$DATA/demo.env"
    fi
    BASE_URL=http://localhost:$PORT
    if ! is_valid "$DEMO_API_KEY" || ! is_valid "$ADMIN_API_KEY"; then
        say "run: creating a demo caller and an operator"
        DEMO_API_KEY=$(create_key demo "Demo caller" infer)
        ADMIN_API_KEY=$(create_key operator "Local operator" infer manage.keys manage.models manage.quotas read.usage read.audit)
    fi
    (
        umask 077
        rm -f "$DATA/demo.env"
        printf 'BASE_URL=%s\nDEMO_API_KEY=%s\nADMIN_API_KEY=%s\n' "$BASE_URL" "$DEMO_API_KEY" "$ADMIN_API_KEY" >"$DATA/demo.env"
    )
}

fill_vault() {
    funcai audit init >/dev/null || fail "the vault does not take the audit trail's secret"
    create_keys
}

show() {
    local others=''
    [ "$INSTANCES" -eq 1 ] || others=" and $((INSTANCES - 1)) more, up to port $((PORT + INSTANCES - 1))"
    cat <<TEXT

FuncAiSecure is ready on $BASE_URL$others

  demo caller   $DEMO_API_KEY
  operator      $ADMIN_API_KEY
  (both in $DATA/demo.env)

  operator page $BASE_URL/console
  funcai        . $(printf '%q' "$DATA/funcai.env")   makes it a command of your shell

Try it:

  curl $BASE_URL/v1/models -H 'x-api-key: $DEMO_API_KEY'

  curl $BASE_URL/v1/classify -H 'x-api-key: $DEMO_API_KEY' \\
    -H 'content-type: application/json' -d '{"model": "sms-spam", "input": "Win a prize now, reply with your bank details"}'

TEXT
}

check_free() {
    local i
    for ((i = 0; i < INSTANCES; i++)); do
        ! port_is_taken $((PORT + i)) || fail "port $((PORT + i)) is taken; choose another with --port N"
    done
}

if [ "$MODE" = stop ]; then
    stop_all
    exit 0
fi

# Two starts at once would each take the other's processes for its own.
exec 9>"$DATA/lock" # no process that may outlive this one is given it
flock -n 9 || fail "it starts or runs already with its data in $DATA; $STOP ends it"
for name in $(names); do
    ! is_running "$name" || fail "it runs already; $STOP ends it"
done
check_free
command -v curl >/dev/null || fail "curl is missing"
trap 'say "run: stopping"; stop_all; exit 130' INT TERM
trap 'stop_all' EXIT

"$ENG/setup.sh" 9>&-
if ! is_built; then
    say "run: building (a minute or two the first time)"
    build "$ENG/run.slnf" "$LOGS/build.log" 9>&-
fi
say "run: starting table storage, vault and app"
start_parts
export_settings
write_funcai_env
if [ -f "$DATA/demo.env" ]; then
    launch_apps # while it starts, the secrets of the earlier run are looked at
    fill_vault
else
    fill_vault # an app that finds no pepper and no secret for the audit trail only waits for them
    launch_apps
fi
await_apps
show

if [ "$MODE" = detach ]; then
    trap - EXIT INT TERM
    say "$STOP ends it."
    exit 0
fi

say "Ctrl-C stops it."
while :; do
    for name in $(seq -f 'app%g' 0 $((INSTANCES - 1))) vault azurite; do
        [ -f "$RUN/$name.pid" ] || exit 0 # --stop from elsewhere
        is_running "$name" || give_up "$name" "$name ended"
    done
    sleep 1
done
