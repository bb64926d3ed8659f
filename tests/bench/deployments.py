# SPDX-License-Identifier: Apache-2.0
"""How many commands and deployments a second: through one lane, through many, against the same machine's bare work."""
import json
import os
import socket
import subprocess
import time

from measure import BIN, BUILD, bare_commits_s, median, rss_mib, unnest_rows_s
from rig import LANES
from stack import fetch, wait_for

STEPS = 3


# ---- three /bin/true under their supervisors

def supervise_bare(rig, directory, number):
    """One step as the orchestrator starts it, and nothing else: until its supervisor has ended."""
    spec = {"attempt": "d-0000000000000.1.%d" % number, "workflow": "d-0000000000000", "step": "one", "kind": "run",
            "argv": ["/bin/true"], "dir": "/", "env": {}, "secrets": [], "timeout_ms": 60000, "epoch": 1}
    read_fd, write_fd = os.pipe()
    ours, theirs = socket.socketpair()
    pid = os.posix_spawn(os.path.join(BIN, "slipway-step"),
                         ["slipway-step", "--runs", directory, "--secrets", directory, "--deadman-ms", "60000",
                          "--control", "3"], {"PATH": "/usr/bin:/bin"},
                         file_actions=[(os.POSIX_SPAWN_DUP2, read_fd, 0), (os.POSIX_SPAWN_DUP2, theirs.fileno(), 3)])
    os.close(read_fd)
    os.write(write_fd, json.dumps(spec).encode())
    os.close(write_fd)
    theirs.close()
    ours.recv(1)  # its end
    ours.close()
    os.waitpid(pid, 0)


def bare_deployments_s(rig, count):
    """As many deployments a second as posix_spawn of the same supervisors could do if nothing were remembered."""
    directory = os.path.join(rig.dir, "bare-%d" % time.monotonic_ns())
    os.mkdir(directory)
    began = time.monotonic()
    for number in range(1, count * STEPS + 1):
        supervise_bare(rig, directory, number)
    return count / (time.monotonic() - began)


def finished_rate(rig, service):
    """Deployments of a service a second, from the first one's end to the last one's."""
    row = rig.query("SELECT count(*), max(finished_ms) - min(finished_ms) FROM slipway.workflow "
                    "WHERE service = '%s' AND state = 'succeeded'" % service)[0]
    return (float(row[0]) - 1) * 1000 / max(float(row[1]), 1)


def steps(report, rig):
    """They wait in line before the first one starts: the orchestrator is away while they are asked for."""
    count = 60 if report.quick else 300
    bare = [bare_deployments_s(rig, 30)]
    stop_orchestrator(rig)
    rig.post("exec", count)
    rig.up()
    wait_final(rig, "exec", count)
    bare.append(bare_deployments_s(rig, 30))
    rate = finished_rate(rig, "exec")
    report.add("deployments/s, three times /bin/true, one lane", rate, "1/s")
    report.add("  of what posix_spawn of the same supervisors does", rate / median(bare), "", least=1 / 3,
               bare_a_second=bare)


# ---- commands

def stop_orchestrator(rig):
    rig.kill("orchestrator", 15)
    wait_for("the orchestrator ends", lambda: fetch(rig.address("orchestrator") + "/healthz")[0] == 0, 20)


def wait_final(rig, service, count, deadline_s=180):
    wait_for("%d deployments of %s" % (count, service), lambda: rig.number(
        "SELECT count(*) FROM slipway.workflow WHERE service = '%s' AND final" % service) >= count, deadline_s, 0.2)


def drain(rig, total, what):
    """Starts the orchestrator on what waits; its commands/s while it catches up, and its memory half-way and after."""
    rig.up()
    count = "SELECT count(*), extract(epoch FROM max(received_at) - min(received_at)) FROM slipway.inbox WHERE " + what
    half_mib = None

    def all_taken():
        nonlocal half_mib
        taken = float(rig.query(count)[0][0])
        if half_mib is None and taken >= total / 2:
            half_mib = rss_mib(rig.pid("orchestrator"))
        return taken >= total
    wait_for("%d commands are taken" % total, all_taken, 300, 0.2)
    rows, seconds = rig.query(count)[0]
    return float(rows) / max(float(seconds), 0.001), half_mib, rss_mib(rig.pid("orchestrator"))


def commands(report, rig):
    """Questions: one row in the inbox and one reply each. 100,000 of them are also the test of memory."""
    total = 20000 if report.quick else 100000
    bare, batched = [bare_commits_s()], [unnest_rows_s()]
    gateway_before = rss_mib(rig.pid("gateway"))
    stop_orchestrator(rig)
    rig.post("d-0000000000000", total, connections=64, command="/check_status")
    gateway_after = rss_mib(rig.pid("gateway"))
    rate, half_mib, full_mib = drain(rig, total, "name = 'check_status'")
    bare.append(bare_commits_s())
    batched.append(unnest_rows_s())
    report.add("commands checkpointed/s", rate, "1/s")
    report.add("  against bare inserts, a commit each", rate / median(bare), "", bare_a_second=bare)
    report.add("  against rows of unnest batches of 256", rate / median(batched), "", rows_a_second=batched)
    report.add("orchestrator's memory after %d commands" % total, full_mib, "MiB", most=40, half_way_mib=half_mib)
    report.add("gateway's memory after %d commands" % total, gateway_after, "MiB", most=40, before_mib=gateway_before)


def noop(rig, services, count, load):
    """Deployments/s of steps that need no time, from the first one's end to the last one's."""
    stop_orchestrator(rig)
    before = rig.number("SELECT coalesce(max(number), 0) FROM slipway.workflow")
    for service in services:
        rig.post(service, count // len(services))
    rig.up()
    query = "FROM slipway.workflow WHERE number > %d AND final" % before
    wait_for("%d deployments" % count, lambda: rig.number("SELECT count(*) " + query) >= count, 120, 0.2)
    row = rig.query("SELECT count(*), max(finished_ms) - min(finished_ms) " + query)[0]
    return float(row[0]) * 1000 / max(float(row[1]), 1)


def lanes(report, rig):
    """With the relay on: it shows to Slack what Slack's rates allow."""
    count = 3200 if report.quick else 12800
    for name, services, share in (("one lane", ["noop"], 0.1),
                                  ("%d lanes" % LANES, ["l%d" % lane for lane in range(LANES)], 0.3)):
        bare = [bare_commits_s()]
        rate = noop(rig, services, count, report)
        bare.append(bare_commits_s())
        report.add("deployments/s of no-op steps, %s" % name, rate, "1/s")
        report.add("  against bare inserts, a commit each", rate / median(bare), "", least=share, bare_a_second=bare)
