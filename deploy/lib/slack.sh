# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The Slack simulator and the sample that the sandbox deploys.

slack_is_given() { [ -n "${SLACK_BOT_TOKEN+set}${SLACK_BOT_TOKEN_FILE+set}" ]; }

slack_ready() { http_get -o /dev/null "http://$1/"; }

slack_start() { # HOST:PORT GATEWAY-URLS (comma list)
    part_alive slack && return
    step "starting the Slack simulator"
    PART_ENV=("SLIPWAY_SANDBOX_LISTEN=$1" "SLIPWAY_SANDBOX_GATEWAY_URL=$2"
        "SLIPWAY_SANDBOX_SITE_DIR=$STATE/sample/published" "SLACK_BOT_TOKEN_FILE=$STATE/secrets/SLACK_BOT_TOKEN")
    slack_signing_secret
    slack_app_token
    part_start slack slack "$1" "" "$BIN/slipway-sandbox"
    part_wait slack 15 slack_ready "$1"
}

# One that is given comes with the environment; else ours.
slack_signing_secret() {
    if [ -z "${SLACK_SIGNING_SECRET+set}${SLACK_SIGNING_SECRET_FILE+set}" ]; then
        PART_ENV+=("SLACK_SIGNING_SECRET_FILE=$STATE/secrets/SLACK_SIGNING_SECRET")
    fi
}

# One that is given comes with the environment here too; ours is for --socket.
slack_app_token() {
    if [ -n "$SOCKET" ] && [ -z "${SLACK_APP_TOKEN+set}${SLACK_APP_TOKEN_FILE+set}" ]; then
        PART_ENV+=("SLACK_APP_TOKEN_FILE=$STATE/secrets/SLACK_APP_TOKEN")
    fi
}

# sample_prepare HOST:PORT|"": without a simulator nobody serves the published site.
sample_prepare() {
    quietly "$STATE/log/sample.log" "making the sample repository" env "SLIPWAY_SANDBOX_URL=${1:+http://$1}" \
        "$ROOT/deploy/sandbox/sample/prepare" "$STATE/sample"
}
