# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# up --watch: builds when a source has changed, and restarts what then is another program. A build that fails says so
# and changes nothing that runs.

watch_sources() { # those that are newer than the last look; the sample is no source
    find "$ROOT/gateway" "$ROOT/orchestrator" "$ROOT/common" "$ROOT/proto" "$ROOT/deploy/sandbox" "$ROOT/deploy/cmake" \
        "$ROOT/CMakeLists.txt" -path "$ROOT/deploy/sandbox/sample" -prune -o -newer "$STATE/watched" -type f -print
}

watch_sums() {
    (cd "$BIN" && sha256sum slipway-gateway slipway-orchestrator slipway-step slipway-sandbox slipway-broker)
}

watch_start() {
    touch "$STATE/watched"
    WATCH_SUMS=$(watch_sums)
    say "    watching the sources: a change is built, and what it changes is restarted"
}

watch_build() {
    cmake --build "$BUILD" --parallel "$(nproc)" >"$STATE/log/watch.log" 2>&1 && return
    grep -E ': (fatal )?error' "$STATE/log/watch.log" | head -n 20 >&2 || true
    remark "the build failed; what runs is left as it is (all of it: $STATE/log/watch.log)"
    return 1
}

# The kinds of parts whose program is another one than before.
watch_changed_kinds() {
    local sum program
    while read -r sum program; do
        grep -qF "$sum" <<<"$WATCH_SUMS" && continue
        case $program in
            slipway-gateway) echo gateway ;;
            slipway-orchestrator | slipway-step) echo orchestrator ;; # which keeps supervisors waiting
            slipway-sandbox) echo slack ;;
            slipway-broker) [ -n "${KAFKA:-}" ] || echo broker ;;
        esac
    done < <(watch_sums) | sort -u
}

watch_restart() { # NAME
    remark "restarting $1"
    [ "$1" != broker ] || remark "its log was in memory: what nobody has read yet is lost"
    parts_halt "$1"
}

# One look. Restarting is stopping: whoever follows the parts starts them again.
watch_look() {
    local changed kinds name
    changed=$(watch_sources | head -n 1)
    [ -n "$changed" ] || return 0
    touch "$STATE/watched"
    step "building: ${changed#"$ROOT"/} has changed"
    watch_build || return 0
    kinds=$(watch_changed_kinds | tr '\n' ' ')
    WATCH_SUMS=$(watch_sums)
    for name in $(parts_of "$kinds"); do
        watch_restart "$name"
    done
}
