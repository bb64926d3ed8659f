# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A private Postgres: never Debian's cluster, never as root. Local connections are checked by the operating system's
# user, TCP ones (loopback alone) by the password of the role slipway.

postgres_is_given() { [ -n "${SLIPWAY_DATABASE_URL:-}${SLIPWAY_DATABASE_URL_FILE:-}" ]; }

postgres_bin() {
    local newest
    newest=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
    printf '%s' "${newest:?}"
}

# As whom it runs: a command prefix. setpriv becomes the server, so the process id that is recorded is the server's.
postgres_as() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
    else
        (cd / && exec "$@")
    fi
}

postgres_owns() {
    [ "$(id -u)" != 0 ] || chown postgres: "$1"
    chmod 700 "$1"
}

# The user postgres cannot pass through a home directory of mode 0700; its data then goes to /var/lib.
postgres_choose_dir() {
    PG_DIR=$(setting_get postgres_dir)
    [ -n "$PG_DIR" ] && [ -d "$PG_DIR" ] && return
    PG_DIR=$STATE/postgres
    mkdir -p "$PG_DIR"
    postgres_owns "$PG_DIR"
    if ! postgres_as test -w "$PG_DIR"; then
        rmdir "$PG_DIR"
        PG_DIR=/var/lib/slipway-sandbox-$(printf %s "$STATE" | sha256sum | cut -c 1-12)
        mkdir -p "$PG_DIR"
        postgres_owns "$PG_DIR"
        remark "the user postgres cannot reach $STATE: its data is in $PG_DIR"
    fi
    echo "Postgres's data of the Slipway sandbox in $STATE" >"$PG_DIR/$MARKER"
    setting_set postgres_dir "$PG_DIR"
}

postgres_init() {
    [ -f "$PG_DIR/data/PG_VERSION" ] && return
    rm -rf "$PG_DIR/data" # a first start that was interrupted
    quietly "$STATE/log/initdb.log" "initdb" postgres_as "$(postgres_bin)/initdb" -D "$PG_DIR/data" -E UTF8 --locale=C.UTF-8 \
        --auth-local=peer --auth-host=scram-sha-256
}

# Its path is limited to 107 bytes, whatever the state directory is called. A new one for each start.
postgres_socket_dir() {
    postgres_socket_remove
    PG_SOCKET=$(mktemp -d /tmp/slipway-pg.XXXXXX)
    setting_set postgres_socket "$PG_SOCKET"
    postgres_owns "$PG_SOCKET"
}

postgres_socket_remove() {
    local last
    last=$(setting_get postgres_socket)
    case $last in
        /tmp/slipway-pg.*) rm -rf -- "$last" ;;
    esac
}

# Every process of a server works in its data directory, and a zombie works nowhere.
postgres_unused() { ! grep -qxF "$PG_DIR/data" < <(process_links cwd | cut -d ' ' -f 2-); }

# After a kill the lock file stays. Postgres believes it for as long as the process has an entry, and in a container whose
# first process does not bury the dead that is for ever.
postgres_unlock() {
    [ -f "$PG_DIR/data/postmaster.pid" ] || return 0
    wait_until 20 postgres_unused || die "a Postgres that is not recorded works on $PG_DIR/data" "stop it, then try again"
    rm -f "$PG_DIR/data/postmaster.pid"
}

postgres_ready() { postgres_as "$(postgres_bin)/pg_isready" -q -d postgres -h "$PG_SOCKET" -p "$PG_PORT"; }

postgres_sql() { # DATABASE, statements on stdin
    postgres_as "$(postgres_bin)/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$PG_SOCKET" -p "$PG_PORT" -d "$1"
}

# The role and its database; the password travels on stdin, never in an argument list.
postgres_prepare() {
    postgres_sql postgres <<SQL
SELECT 'CREATE ROLE slipway LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'slipway') \gexec
ALTER ROLE slipway PASSWORD '$(secret_get SLIPWAY_DATABASE_PASSWORD)';
SELECT 'CREATE DATABASE slipway OWNER slipway' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'slipway') \gexec
SQL
}

postgres_url() {
    printf 'postgresql://slipway:%s@127.0.0.1:%s/slipway' "$(secret_get SLIPWAY_DATABASE_PASSWORD)" "$PG_PORT"
}

# postgres_start PORT [SETTING=VALUE]...: sets DATABASE_URL, and writes it where the other secrets are.
postgres_start() {
    PG_PORT=$1
    shift
    secret_ensure SLIPWAY_DATABASE_PASSWORD
    DATABASE_URL=$(postgres_url)
    part_alive postgres && return
    step "starting Postgres"
    postgres_choose_dir
    postgres_init
    postgres_unlock
    postgres_socket_dir
    local more=() setting
    for setting in listen_addresses=127.0.0.1 "port=$PG_PORT" "unix_socket_directories=$PG_SOCKET" max_connections=60 \
        shared_buffers=32MB jit=off logging_collector=off "$@"; do
        more+=(-c "$setting")
    done
    if [ "$(id -u)" = 0 ]; then
        part_start postgres postgres "127.0.0.1:$PG_PORT" "" setpriv --reuid=postgres --regid=postgres --init-groups -- \
            "$(postgres_bin)/postgres" -D "$PG_DIR/data" "${more[@]}"
    else
        part_start postgres postgres "127.0.0.1:$PG_PORT" "" "$(postgres_bin)/postgres" -D "$PG_DIR/data" "${more[@]}"
    fi
    part_wait postgres 60 postgres_ready
    postgres_prepare
    (umask 077 && printf '%s\n' "$DATABASE_URL" >"$STATE/secrets/SLIPWAY_DATABASE_URL")
}
