# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What runs: for people and as JSON. A part that has died keeps its line; its pid is null.

json_text() { [ -n "$1" ] && printf '"%s"' "$1" || printf null; }

status_json() {
    local name comma='' pid
    printf '{"parts":['
    for name in $(parts_of "gateway orchestrator broker postgres slack"); do
        pid=null
        part_alive "$name" && pid=$(part_get "$name" pid)
        printf '%s{"name":"%s","kind":"%s","pid":%s,"address":%s,"admin":%s}' "$comma" "$name" "$(part_get "$name" kind)" \
            "$pid" "$(json_text "$(part_get "$name" address)")" "$(json_text "$(part_get "$name" admin)")"
        comma=,
    done
    printf ']}\n'
}

role_of() { # NAME: active or standby, as an orchestrator says itself
    local answer
    answer=$(http_get "http://$(reach "$(part_get "$1" admin)")/readyz") || answer=''
    sed -n 's/.*"role": *"\([a-z_]*\)".*/\1/p' <<<"$answer"
}

# False when a part is dead or nothing was started.
status_table() {
    local name all=0 some=1 state
    for name in $(parts_of "postgres broker slack orchestrator gateway"); do
        some=0
        state=$(part_get "$name" pid)
        if ! part_alive "$name"; then
            state='ended'
            all=1
        fi
        case $name in
            orchestrator-*) state+=" $(role_of "$name")" ;;
        esac
        printf '    %-16s %-18s %-22s %s\n' "$name" "$state" "$(part_get "$name" address)" "$(part_get "$name" admin)"
    done
    # shellcheck disable=SC2153 # STATE is deploy/up's
    [ "$some" = 0 ] || say "nothing was started from $STATE"
    return $((all | some))
}
