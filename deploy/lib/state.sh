# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The state directory: its marker, settings that survive a start, secrets, and one record for each part.
#
#   DIR/slipway-state   the marker: only a directory that has it is ever deleted
#   DIR/settings        KEY=VALUE: ports, the broker's kind, where Postgres keeps its data
#   DIR/given           the environment that the running system was started with (0600)
#   DIR/secrets/NAME    one secret a file (0600), named as the variable
#   DIR/parts/NAME      the record of a part: kind, pid, addresses
#   DIR/log/NAME.log    what it wrote

MARKER=slipway-state

state_open() {
    if [ -d "$STATE" ] && [ ! -f "$STATE/$MARKER" ] && [ -n "$(ls -A "$STATE")" ]; then
        die "$STATE holds something that is not ours" "name another directory: --state DIR"
    fi
    mkdir -p "$STATE"/{parts,log,state,secrets/steps}
    chmod 700 "$STATE/secrets" "$STATE/secrets/steps"
    [ -f "$STATE/$MARKER" ] || echo "the state of a Slipway sandbox; ./deploy/up --reset may delete it" >"$STATE/$MARKER"
}

# One start or stop at a time. Descriptor 9 is closed in everything that is started.
state_lock() {
    exec 9>"$STATE/lock"
    flock -w 300 9 || die "another ./deploy/up is at work on $STATE" "wait for it, or end it"
}
state_unlock() { exec 9>&-; }

setting_get() { # KEY [DEFAULT]
    local value
    value=$(sed -n "s/^$1=//p" "$STATE/settings" 2>/dev/null | tail -n 1)
    printf '%s' "${value:-${2:-}}"
}

setting_set() { # KEY VALUE
    {
        grep -v "^$1=" "$STATE/settings" 2>/dev/null || true
        printf '%s=%s\n' "$1" "$2"
    } >"$STATE/settings.new"
    mv "$STATE/settings.new" "$STATE/settings"
}

random_hex() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# secret_ensure NAME [PREFIX]: makes it once; the rest of the text is 256 bits of chance.
secret_ensure() {
    local file=$STATE/secrets/$1
    [ -s "$file" ] && return
    (umask 077 && printf '%s%s\n' "${2:-}" "$(random_hex 32)" >"$file.new")
    mv "$file.new" "$file"
}
secret_get() { cat "$STATE/secrets/$1"; }

# What was given when the running system was started holds for the parts that are started again later.
GIVEN_NAMES='^(SLACK|SLIPWAY)_[A-Z_]+$'
given_save() {
    local name
    (
        umask 077
        for name in $(compgen -e); do
            [[ ! $name =~ $GIVEN_NAMES ]] || printf 'export %s=%q\n' "$name" "${!name}"
        done >"$STATE/given"
    )
}
given_load() {
    # shellcheck disable=SC1091
    [ ! -f "$STATE/given" ] || . "$STATE/given"
}

# Root's Postgres may keep its data outside, see postgres.sh.
state_remove_outside() {
    local outside
    outside=$(setting_get postgres_dir)
    if [ -n "$outside" ] && [ -f "$outside/$MARKER" ]; then
        rm -rf -- "$outside"
    fi
}

state_reset() {
    [ -d "$STATE" ] || return 0
    [ -f "$STATE/$MARKER" ] || die "$STATE is not deleted: it does not carry our marker ($MARKER)" \
        "delete it yourself if it is yours"
    state_remove_outside
    rm -rf -- "$STATE"
    step "deleted $STATE"
}
