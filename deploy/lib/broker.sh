# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The embedded broker: speaks Kafka's protocol, keeps its log in memory. Real Kafka is in kafka.sh.

broker_open() { port_open "${1%:*}" "${1##*:}"; } # HOST:PORT

broker_start() { # HOST:PORT
    step "starting the embedded broker (its log is in memory: an end of it loses what nobody has read)"
    local prefix=${SLIPWAY_TOPIC_PREFIX:-slipway.}
    part_start broker broker "$1" "" "$BIN/slipway-broker" --listen "$1" --control "$STATE/broker.control" \
        --topic "${prefix}commands:1" --topic "${prefix}events:12" --topic "${prefix}replies:12"
    part_wait broker 15 broker_open "$1"
}

# A consumer that waits at a real broker is woken by the next record; the embedded one answers when the wait is over.
broker_client_env() { # into PART_ENV
    [ -z "${KAFKA:-}${SLIPWAY_KAFKA_BROKERS:-}${SLIPWAY_KAFKA_CONFIG:-}" ] || return 0
    printf 'fetch.wait.max.ms=20\n' >"$STATE/broker.properties"
    PART_ENV+=("SLIPWAY_KAFKA_CONFIG=$STATE/broker.properties")
}
