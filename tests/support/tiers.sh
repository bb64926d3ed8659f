# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What each tier of tests/run does. A tier is skipped by skip_tier REASON; it adds its tests to the total with add_counts.
# Its output goes to $LOGS; what failed is shown.

E2E_TIMEOUT_S=900
TEST_TIMEOUT_S=240

add_counts() { # PASSED FAILED SKIPPED
    PASSED=$((PASSED + $1)) FAILED=$((FAILED + $2)) SKIPPED=$((SKIPPED + $3))
}

skip_tier() { REASON=$*; }

show_failure() { # NAME LOG
    printf -- '---- %s ----\n' "$1"
    grep -vE '^\[ RUN |^\[       OK ' "$2" | tail -n 60
    printf -- '---- the whole of it: %s\n' "$2"
}

# One program, its output in LOGS/NAME.log, its exit status in LOGS/NAME.status.
run_program() { # NAME TIMEOUT COMMAND...
    local name=$1 limit=$2 status=0
    shift 2
    timeout -k 10 "$limit" "$@" </dev/null >"$LOGS/$name.log" 2>&1 || status=$?
    [ "$status" != 124 ] || echo "slipway: stopped after $limit s" >>"$LOGS/$name.log"
    echo "$status" >"$LOGS/$name.status"
}

collect() { # NAME COUNTER
    local status counts
    status=$(cat "$LOGS/$1.status")
    counts=$("$2" "$LOGS/$1.log" "$status")
    # shellcheck disable=SC2086
    add_counts $counts
    if [ "$status" != 0 ] || [[ $counts != *" 0 "* ]]; then
        show_failure "$1" "$LOGS/$1.log"
    fi
    grep -E "\.\.\. skipped |^skipped: " "$LOGS/$1.log" || true # with their reasons
}

# What the build makes today: a program whose source is gone may still lie there.
cmocka_programs() { # TIER
    ninja -C "$SANITIZED" -t targets all | sed -n "s|^\\(tests/$1_[^:]*\\): .*EXECUTABLE.*|$SANITIZED/\\1|p" | sort
}

# The cmocka programs of a tier, as many at a time as there are processors (integration: one).
run_cmocka() { # TIER PARALLEL
    local programs program
    mapfile -t programs < <(cmocka_programs "$1")
    [ "${#programs[@]}" != 0 ] || { skip_tier "there are no tests in tests/$1"; return; }
    export LOGS TEST_TIMEOUT_S
    export -f run_program
    # shellcheck disable=SC2016 # expanded by the inner shell
    printf '%s\0' "${programs[@]}" |
        xargs -0 -P "$2" -I {} bash -c 'run_program "${1##*/}" "$TEST_TIMEOUT_S" "$1"' run {}
    for program in "${programs[@]}"; do
        collect "${program##*/}" counts_cmocka
    done
}

sanitizers_speak() {
    export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1}
    export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
}

tier_unit() { run_cmocka unit "$(nproc)"; }
tier_scenario() { run_cmocka scenario "$(nproc)"; }

tier_lint() {
    run_program lint 600 "$ROOT/tests/lint/run"
    collect lint counts_lint
}

# New ones each time: nothing that an earlier run left can decide about this one. Without fsync: no data here matters.
integration_backends() {
    STATE=$BUILD/test-state
    if [ -f "$STATE/$MARKER" ]; then
        parts_stop >/dev/null
        state_reset
    fi
    state_open
    ports_forget
    port_choose postgres 0
    postgres_start "$PORT" fsync=off
    port_choose broker 0
    local broker=127.0.0.1:$PORT
    port_choose kafka-controller 0
    kafka_start "$broker" "$PORT"
    export SLIPWAY_TEST_DATABASE_URL=$DATABASE_URL SLIPWAY_TEST_KAFKA_BROKERS=$broker
}

tier_integration() {
    [ -n "$(cmocka_programs integration)" ] || { skip_tier "there are no tests in tests/integration"; return; }
    integration_backends
    began=$SECONDS # the servers are not the tests' time
    run_cmocka integration 1
    parts_stop >/dev/null
    state_remove_outside
}

# Slack's SDKs, in build/: nothing is installed for the user or the machine.
e2e_sdks() {
    if ! "$BUILD/venv/bin/python" -c 'import slack_sdk, jsonschema, aiohttp' 2>/dev/null; then
        quietly "$LOGS/venv.log" "making build/venv" python3 -m venv "$BUILD/venv"
        quietly "$LOGS/pip.log" "installing slack_sdk, jsonschema and aiohttp from PyPI" "$BUILD/venv/bin/python" -m pip install -q \
            'slack_sdk>=3.27,<4' 'jsonschema>=4.18,<5' 'aiohttp>=3.9,<4'
    fi
    if [ ! -d "$BUILD/node/node_modules/@slack/socket-mode" ]; then
        mkdir -p "$BUILD/node"
        quietly "$LOGS/npm.log" "installing @slack/web-api and @slack/socket-mode from npm" npm install --prefix "$BUILD/node" --no-audit --no-fund \
            --silent @slack/web-api@7 @slack/socket-mode@2
    fi
}

# promtool alone out of Debian's package prometheus, which is neither installed nor started; without it a test is skipped.
e2e_promtool() {
    command -v promtool >/dev/null && return
    if [ ! -x "$BUILD/prometheus/usr/bin/promtool" ]; then
        mkdir -p "$BUILD/prometheus"
        (cd "$BUILD/prometheus" && apt-get -q download prometheus && dpkg-deb --fsys-tarfile prometheus_*.deb |
            tar -x ./usr/bin/promtool && rm -f prometheus_*.deb) </dev/null >"$LOGS/promtool.log" 2>&1 || return 0
    fi
    PATH=$PATH:$BUILD/prometheus/usr/bin
}

# Four at a time, those that take longest first: most of their time is waiting. SLIPWAY_ANY_PORTS: stacks that start at
# once want no port in common.
tier_e2e() {
    local test first=()
    for test in kills socket_gateway socket incident_kills trackers up outages orders voyage simulator_socket slack_trouble; do
        first+=("$ROOT/tests/e2e/test_$test.py")
    done
    e2e_sdks
    e2e_promtool
    began=$SECONDS
    export LOGS E2E_TIMEOUT_S BUILD
    export -f run_program
    # shellcheck disable=SC2016 # expanded by the inner shell
    printf '%s\n' "${first[@]}" "$ROOT"/tests/e2e/test_*.py | awk '!seen[$0]++' | tr '\n' '\0' |
        SLIPWAY_BUILD=$BUILD SLIPWAY_ANY_PORTS=1 xargs -0 -P 4 --process-slot-var=SLIPWAY_TEST_SLOT -I {} bash -c \
            'run_program "e2e_$(basename "$1" .py)" "$E2E_TIMEOUT_S" "$BUILD/venv/bin/python" "$1" -v' run {}
    for test in "$ROOT"/tests/e2e/test_*.py; do
        collect "e2e_$(basename "$test" .py)" counts_unittest
    done
}

# tests/TIER/run: exit status 77 skips, and its last line is the reason ("impossible: ..." is one that CI accepts).
tier_script() { # TIER
    SLIPWAY_BUILD=$BUILD run_program "$1" 3600 "$ROOT/tests/$1/run"
    if [ "$(cat "$LOGS/$1.status")" = 77 ]; then
        skip_tier "$(tail -n 1 "$LOGS/$1.log")"
        return
    fi
    collect "$1" counts_script
}
