# SPDX-License-Identifier: Apache-2.0
"""The gateway's answers. Everything (broker, gateway, load) is on the same cores. The Kafka-less rate is the same
gateway's in the same run: `/deploy help`, signed, verified and parsed alike, answered without a record."""
import os

from measure import BIN, bare_commits_s, cpu_s, median, rss_mib, run_load
from rig import Process
from stack import fetch, free_ports, wait_for

LEAST = {64: 0.3, 256: 0.45}


def begin_gateway(rig, brokers, prefix):
    """A gateway whose commands nobody reads, so that it is the gateway that is measured."""
    ports = free_ports(2)
    gateway = rig.another("gateway", SLIPWAY_GATEWAY_LISTEN="127.0.0.1:%d" % ports[0],
                          SLIPWAY_GATEWAY_ADMIN_LISTEN="127.0.0.1:%d" % ports[1], SLIPWAY_KAFKA_BROKERS=brokers,
                          SLIPWAY_TOPIC_PREFIX=prefix).start()
    gateway.port = ports[0]
    wait_for("a second gateway", lambda: '"ready"' in fetch("http://127.0.0.1:%d/readyz" % ports[1])[1], 30)
    run_load(gateway.port, rig.secret_file(), connections=16, seconds=1)
    return gateway


def saturate(report, rig, gateway, connections, name, least=None):
    """With Kafka and without, in turns; each turn's ratio is of its own few seconds."""
    turns, seconds = (2, 2) if report.quick else (5, 3)
    with_kafka, without, cpu_us = [], [], []
    for _ in range(turns):
        without.append(run_load(gateway.port, rig.secret_file(), connections=connections, seconds=seconds,
                                text="help"))
        before = cpu_s(gateway.pid)
        with_kafka.append(run_load(gateway.port, rig.secret_file(), connections=connections, seconds=seconds))
        cpu_us.append(1e6 * (cpu_s(gateway.pid) - before) / with_kafka[-1]["ok"])
    middle = sorted(with_kafka, key=lambda run: run["rate"])[turns // 2]
    wrong = sum(run["sent"] - run["ok"] for run in with_kafka)
    report.add("acks/s, %s, %d connections" % (name, connections), middle["rate"], "1/s",
               latency={key: middle[key] for key in ("p50_ms", "p99_ms", "p999_ms", "max_ms")}, not_200=wrong)
    report.add("  against the same server without Kafka", median([a["rate"] / b["rate"] for a, b in
                                                                  zip(with_kafka, without)]), "", least=least,
               without_kafka=[run["rate"] for run in without])
    report.add("  gateway's processor time a request", median(cpu_us), "us")


def acks(report, rig):
    gateway = begin_gateway(rig, rig.brokers, "acks.")
    for connections in (64, 256):
        saturate(report, rig, gateway, connections, "real Kafka", LEAST[connections])
    report.add("  gateway's memory after them", rss_mib(gateway.pid), "MiB", most=40)
    gateway.stop()


def embedded(report, rig):
    port = free_ports(1)[0]
    broker = Process(rig.pid("gateway"), os.path.join(rig.dir, "broker.log"), {})
    broker.argv = [os.path.join(BIN, "slipway-broker"), "--listen", "127.0.0.1:%d" % port, "--control",
                   os.path.join(rig.dir, "control"), "--topic", "embedded.commands:1", "--topic", "embedded.events:12",
                   "--topic", "embedded.replies:12"]
    rig.extra.append(broker.start())
    gateway = begin_gateway(rig, "127.0.0.1:%d" % port, "embedded.")
    one_rate(report, rig, gateway.port, "embedded broker", 5 if report.quick else 10, text="")
    for connections in (64, 256):
        saturate(report, rig, gateway, connections, "embedded broker")
    gateway.stop()
    broker.stop()


def one_rate(report, rig, port, name, seconds, limits=(None, None, None), **options):
    run = run_load(port, rig.secret_file(), connections=64, rate=300, seconds=seconds, **options)
    report.add("ack at 300/s, %s: p50" % name, run["p50_ms"], "ms", most=limits[0])
    report.add("ack at 300/s, %s: p99" % name, run["p99_ms"], "ms", most=limits[1])
    report.add("ack at 300/s, %s: worst" % name, run["max_ms"], "ms", most=limits[2], p999_ms=run["p999_ms"])
    report.add("ack at 300/s, %s: not 200" % name, run["sent"] - run["ok"], "", most=0, sent=run["sent"])


def steady(report, rig):
    """The whole way at once: each request is a deployment, run, stored, published, and posted to response_url."""
    commit_ms = 1000 / bare_commits_s()
    url = rig.response_url().replace(":", "%3A").replace("/", "%2F")
    before = cpu_s(rig.pid("gateway"))
    one_rate(report, rig, rig.port("gateway"), "real Kafka", 5 if report.quick else 20, (4, 12, 100), text="noop",
             response_url=url)
    report.add("  gateway's processor time a request, relay and replies included",
               1e6 * (cpu_s(rig.pid("gateway")) - before) / (300 * (5 if report.quick else 20)), "us",
               bare_commit_ms=commit_ms)
