# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What people see while something is being set up: progress, remarks, and failures that say what to do.

say() { printf '%s\n' "$@"; }
step() { printf '==> %s\n' "$*"; }
remark() { printf '    %s\n' "$*" >&2; }

# die WHAT [WHAT TO DO]...
die() {
    printf 'slipway: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do
        printf '  HINT: %s\n' "$line" >&2
    done
    exit 1
}

# On a terminal: the seconds so far and the last line of LOG, until it is killed.
ticker() {
    local began=$SECONDS
    while sleep 1; do
        printf '\r\033[K    %d s  %.90s' $((SECONDS - began)) "$(tail -n 1 "$1" | tr -d '\r\033')"
    done
}

# quietly LOG WHAT COMMAND...: runs a command with its output in LOG, and shows the end of it when it fails.
quietly() {
    local log=$1 what=$2 ticker='' status=0
    shift 2
    mkdir -p "$(dirname "$log")"
    : >"$log"
    if [ -t 1 ]; then
        ticker "$log" &
        ticker=$!
        disown
    fi
    "$@" </dev/null >"$log" 2>&1 || status=$?
    if [ -n "$ticker" ]; then
        kill "$ticker" 2>/dev/null || true
        printf '\r\033[K'
    fi
    if [ "$status" != 0 ]; then
        tail -n 25 "$log" >&2
        die "$what failed" "the whole output is in $log"
    fi
}

# wait_until SECONDS COMMAND...: polls; false when the time is over.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}
