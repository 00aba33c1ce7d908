# shellcheck shell=bash
# Sourced by run.sh: processes that are started once, found again by later calls, and stopped by their own id.
# A process is remembered as RUN/NAME.pid with its id and when it started, so that a reused id is never stopped.

# started_at ID: in the kernel's ticks since it booted, which no time zone and no clock that is set changes (proc(5), starttime).
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# launch NAME LOG COMMAND...: starts it detached from the terminal, in a process group of its own, so that Ctrl-C reaches
# only the script, which then stops everything in order. An interrupt waits until the process is remembered: nobody could stop it later.
launch() {
    local name=$1 log=$2 pid since='' traps interrupted=''
    shift 2
    traps=$(trap -p INT TERM)
    trap 'interrupted=INT' INT
    trap 'interrupted=TERM' TERM
    set -m
    nohup "$@" </dev/null >"$log" 2>&1 9>&- & # not the start's lock
    pid=$!
    set +m
    disown "$pid"
    until [ -n "$since" ] || ! kill -0 "$pid" 2>/dev/null; do
        since=$(started_at "$pid") || true # Ctrl-C ends this too
    done
    printf '%s %s\n' "$pid" "$since" >"$RUN/$name.pid"
    trap - INT TERM
    eval "$traps"
    [ -z "$interrupted" ] || kill -s "$interrupted" "$$"
}

# pid_of NAME: prints the id if it still runs.
pid_of() {
    local pid since
    [ -f "$RUN/$1.pid" ] || return 1
    read -r pid since <"$RUN/$1.pid" || return 1
    [ -n "$since" ] && [ "$(started_at "$pid")" = "$since" ] || return 1
    printf '%s\n' "$pid"
}

# is_running NAME
is_running() { pid_of "$1" >/dev/null; }

# names: everything that was started and not forgotten, the app processes first.
names() {
    local file
    for file in "$RUN"/app*.pid "$RUN"/vault.pid "$RUN"/azurite.pid; do
        [ ! -f "$file" ] || basename "$file" .pid
    done
}

# stop NAME SIGNAL SECONDS: asks, waits, and insists.
stop() {
    local name=$1 signal=$2 pid tries
    if pid=$(pid_of "$name"); then
        kill -s "$signal" "$pid" 2>/dev/null || true
        for ((tries = $3 * 10; tries > 0; tries--)); do
            is_running "$name" || break
            sleep 0.1
        done
        if pid=$(pid_of "$name"); then
            say "run: $name does not end by itself, killing it"
            kill -s KILL "$pid" 2>/dev/null || true
            for ((tries = 50; tries > 0; tries--)); do # the kernel takes a moment, longer on a busy machine
                is_running "$name" || break
                sleep 0.1
            done
        fi
    fi
    rm -f "$RUN/$name.pid"
}

# stop_all: requests end before what they need.
stop_all() {
    local name
    for name in $(names); do
        case "$name" in
        azurite) stop "$name" INT 10 ;; # it writes its tables to disk at SIGINT
        *) stop "$name" TERM 15 ;;
        esac
    done
}

# port_is_taken PORT
port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: prints one that nobody listens on.
free_port() {
    node -e 'const s = require("net").createServer(); s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}
