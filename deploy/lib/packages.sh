# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Debian packages: installs what is missing and nothing else. sudo is used here alone, and only when something is missing.

PACKAGES_BUILD=(gcc libc6-dev cmake ninja-build pkg-config librdkafka-dev libmicrohttpd-dev libjansson-dev
    libcurl4-openssl-dev libpq-dev libssl-dev libyaml-dev libwebsockets-dev)
PACKAGES_RUN=(ca-certificates curl git tzdata)
PACKAGES_KAFKA=(default-jre-headless maven)
# shellcheck disable=SC2034 # used by tests/run
PACKAGES_TEST=(libcmocka-dev kcat python3 python3-venv clang-format binutils shellcheck)

# Another version's server, installed by hand, serves as well.
postgres_installed() { compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

# One question for all: dpkg reads its whole database for each.
packages_missing() {
    local package known
    known=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || true # false when one is unknown
    for package in "$@"; do
        [[ $'\n'$known$'\n' == *$'\n'"$package installed"$'\n'* ]] || printf '%s\n' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "packages are missing, and there is neither root nor sudo" "as root: apt-get install $APT_WANTED"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

apt_update_once() {
    [ -n "${APT_UPDATED:-}" ] || apt_get update || return
    APT_UPDATED=1
}

apt_now() { apt_update_once && apt_get install -y --no-install-recommends "$@"; }

apt_install() {
    APT_WANTED="$*"
    command -v apt-get >/dev/null || die "these packages are missing: $*" "install what your system calls them; this script knows Debian 12 only"
    step "installing $* (apt)"
    local log
    log=$(mktemp)
    # sudo may ask for a password, before the output goes to a file.
    [ "$(id -u)" = 0 ] || as_root true
    quietly "$log" "apt-get install (is the network there, does 'apt-get update' work?)" apt_now "$@"
    rm -f "$log"
}

packages_ensure() {
    local missing
    mapfile -t missing < <(packages_missing "$@")
    [ "${#missing[@]}" = 0 ] || apt_install "${missing[@]}"
}

# Debian's package makes and starts a cluster of its own on 5432; ours is private, so it is told not to, first.
packages_ensure_postgres() {
    postgres_installed && return
    packages_ensure postgresql-common
    as_root sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
    apt_install postgresql
}

packages_ensure_build() { packages_ensure "${PACKAGES_RUN[@]}" "${PACKAGES_BUILD[@]}"; }
packages_ensure_kafka() {
    if ! command -v java >/dev/null || ! command -v mvn >/dev/null; then
        packages_ensure "${PACKAGES_KAFKA[@]}"
    fi
}
