# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# TCP ports: the default when it is free, else a free one, which is said; the same again at the next start.

# Those chosen in this run and not listened on yet.
ports_forget() { PORTS_TAKEN=' '; }
ports_forget

port_listening() { # PORT: whether somebody on this machine listens there
    local hex tables
    hex=$(printf ':%04X' "$1")
    tables=$(compgen -G '/proc/net/tcp*') # no tcp6 where there is no IPv6
    # shellcheck disable=SC2086
    awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
        $tables
}

port_free() { [ "$1" != 0 ] && [[ $PORTS_TAKEN != *" $1 "* ]] && ! port_listening "$1"; }

# Below the range from which the kernel takes ports for outgoing connections. Systems that start at the same time and
# with another thousand each do not choose the same before either listens.
port_any() {
    local port tries first=20000 count=12000
    if [ "${SLIPWAY_ANY_PORTS:-0}" -ge "$first" ]; then
        first=$SLIPWAY_ANY_PORTS count=1000
    fi
    for ((tries = 0; tries < 500; tries++)); do
        port=$((first + RANDOM % count))
        if port_free "$port"; then
            printf '%s' "$port"
            return
        fi
    done
    die "no free TCP port was found from $first to $((first + count - 1))" "are there as many listeners on this machine?"
}

# port_choose NAME DEFAULT (0: any free one): sets PORT. A running
# system keeps its ports; a new start prefers the default, then the last one. SLIPWAY_ANY_PORTS: no default, for systems
# that start at the same time; when it is a port, only the thousand from there on.
port_choose() {
    local name=$1 preset=$2 last
    [ -z "${SLIPWAY_ANY_PORTS:-}" ] || preset=0
    last=$(setting_get "port_$name")
    if [ -n "$last" ] && port_free "$last" && { [ -n "${PORTS_FIXED:-}" ] || ! port_free "$preset"; }; then
        PORT=$last
    elif [ -n "$last" ] && [ -n "${PORTS_FIXED:-}" ]; then
        die "port $last of $name was taken by another program while $name was down" \
            "stop that program, or give everything new ports: ./deploy/up --down, then ./deploy/up"
    elif port_free "$preset"; then
        PORT=$preset
    else
        PORT=$(port_any)
        [ "$preset" = 0 ] || remark "port $preset is taken: $name is on $PORT"
    fi
    PORTS_TAKEN+="$PORT "
    setting_set "port_$name" "$PORT"
}

# For an address that a person has given: it is used or refused.
port_demand() { # WHAT HOST:PORT
    port_free "${2##*:}" || die "$1 is to listen on $2, but that port is taken" "stop what listens there, or name another port"
    PORTS_TAKEN+="${2##*:} "
}

# Whether something accepts a connection.
port_open() { # HOST PORT
    (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}

http_get() { curl -fsS --noproxy '*' --max-time 3 "$@" 2>/dev/null; }
