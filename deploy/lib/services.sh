# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Slipway's own services: which environment each is started with, and when it is ready. Gateways start all at once and
# beside the orchestrators; gateways_wait waits for those that were started.

GATEWAYS_STARTED=() # NAME ADMIN

reach() { printf '%s' "${1/#0.0.0.0:/127.0.0.1:}"; } # where a listener on every address is reached from here

gateway_ready() { [[ $(http_get "http://$1/readyz") =~ \"status\":\ *\"ready\" ]]; }
orchestrator_ready() { http_get -o /dev/null "http://$1/readyz"; }

# The simulator is on loopback: no proxy is asked for it.
no_proxy_here() { printf '%s' "${NO_PROXY:+$NO_PROXY,}127.0.0.1,localhost"; }

gateway_start() { # NAME LISTEN ADMIN BROKERS SIMULATOR|""
    part_alive "$1" && return
    step "starting $1"
    PART_ENV=("SLIPWAY_GATEWAY_LISTEN=$2" "SLIPWAY_GATEWAY_ADMIN_LISTEN=$3" "SLIPWAY_KAFKA_BROKERS=$4")
    broker_client_env
    slack_signing_secret
    if [ -n "$5" ]; then
        PART_ENV+=("SLACK_API_URL=http://$5/api/" "SLACK_RESPONSE_HOSTS=http://$5" "NO_PROXY=$(no_proxy_here)"
            "SLACK_BOT_TOKEN_FILE=$STATE/secrets/SLACK_BOT_TOKEN")
        slack_app_token
    fi
    part_start "$1" gateway "$(reach "$2")" "$(reach "$3")" "$BIN/slipway-gateway"
    GATEWAYS_STARTED+=("$1 $(reach "$3")")
}

orchestrator_start() { # NAME LISTEN BROKERS DATABASE-URL CONFIG ON-NEW-LOG
    part_alive "$1" && return
    step "starting $1"
    PART_ENV=("SLIPWAY_ORCHESTRATOR_LISTEN=$2" "SLIPWAY_KAFKA_BROKERS=$3" "SLIPWAY_CONFIG=$5"
        "SLIPWAY_ON_NEW_LOG=$6" "SLIPWAY_STATE_DIR=$STATE/state" "NO_PROXY=$(no_proxy_here)"
        "SLIPWAY_SECRETS_DIR=${SLIPWAY_SECRETS_DIR:-$STATE/secrets/steps}")
    broker_client_env
    postgres_is_given || PART_ENV+=("SLIPWAY_DATABASE_URL=$4")
    part_start "$1" orchestrator "$(reach "$2")" "$(reach "$2")" "$BIN/slipway-orchestrator"
    part_wait "$1" 60 orchestrator_ready "$(reach "$2")"
}

gateways_wait() {
    local gateway
    for gateway in "${GATEWAYS_STARTED[@]}"; do
        part_wait "${gateway% *}" 30 gateway_ready "${gateway#* }"
    done
    GATEWAYS_STARTED=()
}
