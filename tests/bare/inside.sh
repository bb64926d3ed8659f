#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the person on the bare machine does, in the clone: the first start, then, when the file "done" is there, a second
# one, which has nothing to install, and the ends of both, which leave nothing running.
set -eu

running() { # the programs of this machine that are Slipway's or Postgres's
    for process in /proc/[0-9]*; do
        readlink "$process/exe" 2>/dev/null || true
    done | grep -E '/(slipway-[a-z]+|postgres|java)$' || true
}

./deploy/up --detach
if ls /etc/postgresql/*/main 2>/dev/null; then
    echo "Debian's own cluster was made"
    exit 1
fi
./deploy/up --status --json >status.json
echo READY
waited=0
while [ ! -e "done" ]; do
    [ "$waited" -lt 600 ] || exit 1
    waited=$((waited + 1))
    sleep 0.2
done

./deploy/up --down

# The second start as a person types it, at a terminal: it stays there until Ctrl-C.
until_true() { # SECONDS COMMAND...
    left=$(($1 * 5))
    shift
    until "$@"; do
        [ "$left" -gt 0 ] || { cat second.log; echo "not within its time: $*"; exit 1; }
        left=$((left - 1))
        sleep 0.2
    done
}
ended() { ! kill -0 "$terminal" 2>/dev/null; }

mkfifo keys
: >second.log
began=$(date +%s)
env --default-signal=INT,QUIT script -qefc 'exec ./deploy/up' second.log <keys >/dev/null &
terminal=$!
exec 3>keys
until_true 120 grep -q 'Ctrl-C stops everything' second.log
echo "the second start took $(($(date +%s) - began)) s"
if grep -q '^==> installing' second.log; then
    cat second.log
    exit 1
fi
grep -Eq 'open http://127\.0\.0\.1:[0-9]+/ and type: /deploy' second.log
[ -n "$(running)" ]
printf '\003' >&3
until_true 60 ended
wait "$terminal" || { cat second.log; echo "Ctrl-C is no good end"; exit 1; }
grep -q '^==> stopping' second.log
left=$(running)
[ -z "$left" ] || { echo "still running: $left"; exit 1; }
echo "nothing is left"
