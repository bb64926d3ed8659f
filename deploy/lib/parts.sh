# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Parts: the processes of a system. A record names a process by pid, start time and boot, so that a pid that was given
# to somebody else is never signalled.

# For the next part_start: NAME=VALUE.
PART_ENV=()
STOP_ORDER='gateway orchestrator slack broker postgres'

boot_id() { printf '%s' "$(</proc/sys/kernel/random/boot_id)"; }

# The 22nd field of /proc/PID/stat, counted after the command, which may contain anything; nothing for a zombie.
process_start_time() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    [ "$1" != Z ] || return 1
    printf '%s' "${20}"
}

part_get() { # NAME FIELD: nothing when there is no such part
    local line
    while IFS= read -r line; do
        [[ $line != "$2="* ]] || printf '%s\n' "${line#*=}"
    done 2>/dev/null <"$STATE/parts/$1" || true
}

part_alive() {
    local pid
    pid=$(part_get "$1" pid)
    [ -n "$pid" ] && [ "$(part_get "$1" boot)" = "$(boot_id)" ] &&
        [ "$(process_start_time "$pid")" = "$(part_get "$1" start)" ]
}

# parts_of KINDS; parts_list: all of them in the order in which they are stopped.
parts_of() {
    local kind file
    for kind in $1; do
        for file in "$STATE"/parts/*; do
            if [ -f "$file" ] && [ "$(part_get "${file##*/}" kind)" = "$kind" ]; then
                printf '%s\n' "${file##*/}"
            fi
        done | sort -t - -k 2 -n
    done
}
parts_list() { parts_of "$STOP_ORDER"; }

parts_any_alive() {
    local name
    for name in $(parts_list); do
        part_alive "$name" && return
    done
    return 1
}

part_log_open() {
    local log=$STATE/log/$1.log
    if [ -f "$log" ] && [ "$(stat -c %s "$log")" -gt 10000000 ]; then
        mv "$log" "$log.1"
    fi
    : >>"$log"
}

# part_start NAME KIND ADDRESS ADMIN COMMAND...: with the environment of the array PART_ENV (NAME=VALUE) added. Variables
# are exported, not passed through env(1): a command line is public.
part_start() {
    local name=$1 kind=$2 address=$3 admin=$4
    shift 4
    part_log_open "$name"
    (
        local variable
        for variable in "${PART_ENV[@]}"; do
            # shellcheck disable=SC2163
            export "$variable"
        done
        # A shell's background child ignores these two, and would hand that down.
        exec setsid env --default-signal=INT,QUIT "$@" </dev/null >>"$STATE/log/$name.log" 2>&1 9>&-
    ) &
    local pid=$!
    disown # the shell shall not comment on its end
    printf '%s\n' "kind=$kind" "pid=$pid" "start=$(process_start_time "$pid" || echo gone)" "boot=$(boot_id)" \
        "address=$address" "admin=$admin" >"$STATE/parts/.$name.new"
    mv "$STATE/parts/.$name.new" "$STATE/parts/$name"
    PART_ENV=()
}

# part_wait NAME SECONDS TEST...: until the test is true; dies when the process ends or the time does.
part_wait() {
    local name=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@"; do
        if ! part_alive "$name"; then
            part_failed "$name" "$name ended as soon as it was started"
        fi
        [ "$SECONDS" -lt "$deadline" ] || part_failed "$name" "$name is running but does not become ready"
        sleep 0.05
    done
    part_alive "$name" || part_failed "$name" "$name ended as soon as it was started"
}

part_failed() {
    tail -n 12 "$STATE/log/$1.log" >&2
    die "$2" "its log is $STATE/log/$1.log" \
        ${DETACH:+"what runs is left as it is: the same command goes on from here, $(up_words --down) stops it"}
}

part_signal() { # NAME SIGNAL
    part_alive "$1" && kill -s "$2" "$(part_get "$1" pid)" 2>/dev/null
}

part_gone() { ! part_alive "$1"; }

# parts_halt NAME...: asks all of them, waits for each, insists. Postgres knows signals of its own: INT is its "fast"
# shutdown, QUIT the "immediate" one.
parts_halt() {
    local name asked=()
    for name in "$@"; do
        part_signal "$name" "$(part_is_postgres "$name" && echo INT || echo TERM)" && asked+=("$name")
    done
    for name in "${asked[@]}"; do
        if ! wait_until 15 part_gone "$name"; then
            remark "$name did not end within 15 s and is stopped hard"
            if part_signal "$name" "$(part_is_postgres "$name" && echo QUIT || echo KILL)"; then
                wait_until 5 part_gone "$name" || remark "$name does not end"
            fi
        fi
    done
}

parts_end() { # NAME...: halts and forgets them
    local name
    parts_halt "$@"
    for name in "$@"; do
        rm -f "$STATE/parts/$name"
    done
}
part_is_postgres() { [ "$(part_get "$1" kind)" = postgres ]; }

# process_links NAME: "PID TARGET" of the link NAME of every process. One find: a machine has hundreds of processes. Some
# end meanwhile.
process_links() { find /proc/[0-9]*/"$1" -maxdepth 0 -printf '%h %l\n' 2>/dev/null | sed 's|^/proc/||' || true; }

supervisors_list() {
    local pid program
    while read -r pid program; do
        if [[ $program == */slipway-step* ]] &&
            grep -qxF "$STATE/state/runs" < <(tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline"); then
            printf '%s\n' "$pid"
        fi
    done < <(process_links exe)
}
supervisors_gone() { [ -z "$(supervisors_list)" ]; }

# Supervisors of steps outlive the orchestrator on purpose, but not the system that they belong to.
supervisors_stop() {
    local signal pid
    for signal in TERM KILL; do
        for pid in $(supervisors_list); do
            kill -s "$signal" "$pid" 2>/dev/null || true
        done
        ! wait_until 10 supervisors_gone || return 0
    done
}

# One kind after another, those of a kind at once.
parts_stop() {
    local kind name names
    for kind in $STOP_ORDER; do
        mapfile -t names < <(parts_of "$kind")
        for name in "${names[@]}"; do
            part_alive "$name" && say "    stopping $name"
        done
        parts_end "${names[@]}"
    done
    supervisors_stop
    postgres_socket_remove
    rm -f "$STATE/given"
}
