# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Real Apache Kafka, one node (KRaft), from Maven's artifacts: fetched once for all clones of this user.

KAFKA_VERSION=3.9.1
KAFKA_LIBS=${XDG_CACHE_HOME:-${HOME:-$ROOT/build}/.cache}/slipway/kafka-$KAFKA_VERSION

kafka_fetch() {
    [ -d "$KAFKA_LIBS" ] && return
    step "fetching Apache Kafka $KAFKA_VERSION (46 MB, once)"
    mkdir -p "$(dirname "$KAFKA_LIBS")"
    local fresh
    fresh=$(mktemp -d "$KAFKA_LIBS.XXXXXX")
    quietly "$STATE/log/maven.log" "fetching Kafka's jars with Maven" mvn -B -q -f "$ROOT/deploy/kafka/pom.xml" \
        -DincludeScope=runtime "-DoutputDirectory=$fresh" dependency:copy-dependencies
    chmod 755 "$fresh"
    mv -T "$fresh" "$KAFKA_LIBS" 2>/dev/null || rm -rf "$fresh" # somebody else was faster
}

# For tools that end soon: neither a second compiler nor a collector with threads of its own pays.
kafka_java() { # HEAP CLASS ARGUMENT...
    local heap=$1
    shift
    java "-Xmx$heap" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.awt.headless=true \
        "-Dlog4j.configuration=file:$ROOT/deploy/kafka/log4j.properties" -cp "$KAFKA_LIBS/*" "$@"
}

kafka_configure() { # HOST:PORT CONTROLLER-PORT
    mkdir -p "$STATE/kafka"
    sed -e "s|@BROKER@|$1|g; s|@CONTROLLER@|127.0.0.1:$2|g; s|@DATA@|$STATE/kafka/data|g" \
        "$ROOT/deploy/kafka/server.properties" >"$STATE/kafka/server.properties"
}

# A cluster id is 16 bytes of chance in base64; the orchestrator tells logs apart by it.
kafka_format() {
    [ -f "$STATE/kafka/data/meta.properties" ] && return
    local id
    id=$(head -c 16 /dev/urandom | base64 | tr -d = | tr '+/' 'Aa')
    quietly "$STATE/log/kafka-format.log" "formatting Kafka's storage" kafka_java 128m kafka.tools.StorageTool format \
        --ignore-formatted -t "$id" -c "$STATE/kafka/server.properties"
}

# The port is open before the broker serves, so its own word is waited for.
kafka_ready() {
    broker_open "$1" && grep -q 'Kafka Server started' < <(tail -c "+$((KAFKA_LOG_FROM + 1))" "$STATE/log/broker.log")
}

KAFKA_LAUNCHED='' # where the broker listens that kafka_wait waits for

kafka_launch() { # HOST:PORT CONTROLLER-PORT
    part_alive broker && return
    kafka_fetch
    kafka_configure "$@"
    kafka_format
    step "starting Apache Kafka"
    KAFKA_LOG_FROM=$(stat -c %s "$STATE/log/broker.log" 2>/dev/null || echo 0)
    [ "$KAFKA_LOG_FROM" -le 10000000 ] || KAFKA_LOG_FROM=0
    part_start broker broker "$1" "" java -Xms256m -Xmx256m -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -Djava.awt.headless=true \
        "-Dlog4j.configuration=file:$ROOT/deploy/kafka/log4j.properties" "-Dkafka.logs.dir=$STATE/log" \
        -cp "$KAFKA_LIBS/*" kafka.Kafka "$STATE/kafka/server.properties"
    KAFKA_LAUNCHED=$1
}

kafka_wait() {
    [ -z "$KAFKA_LAUNCHED" ] || part_wait broker 60 kafka_ready "$KAFKA_LAUNCHED"
    KAFKA_LAUNCHED=''
}

kafka_start() { # HOST:PORT CONTROLLER-PORT
    kafka_launch "$@"
    kafka_wait
}
