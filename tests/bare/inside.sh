#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the person on the bare machine does, in the clone: the first start, then, when the file "done" is there, a second
# one, which has nothing to install, and the end, which leaves nothing running.
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
began=$(date +%s)
./deploy/up --detach >second.log 2>&1 || { cat second.log; exit 1; }
echo "the second start took $(($(date +%s) - began)) s"
if grep -q '^==> installing' second.log; then
    cat second.log
    exit 1
fi
[ -n "$(running)" ]
./deploy/up --down
left=$(running)
[ -z "$left" ] || { echo "still running: $left"; exit 1; }
echo "nothing is left"
