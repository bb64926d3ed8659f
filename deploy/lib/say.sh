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

# quietly LOG WHAT COMMAND...: runs a command with its output in LOG, and shows the end of it when it fails.
quietly() {
    local log=$1 what=$2
    shift 2
    mkdir -p "$(dirname "$log")"
    if ! "$@" </dev/null >"$log" 2>&1; then
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
        sleep 0.1
    done
}
