# SPDX-License-Identifier: Apache-2.0
"""How many commands and deployments a second: through one lane, through many, against the same machine's bare work."""
import json
import os
import socket
import subprocess
import time

from measure import BIN, bare_commits_s, in_turns, rss_mib, unnest_rows_s
from rig import LANES
from stack import wait_for

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


def bare_deployments_s(rig, count=30):
    """As many deployments a second as posix_spawn of the same supervisors could do if nothing were remembered."""
    directory = os.path.join(rig.dir, "bare-%d" % time.monotonic_ns())
    os.mkdir(directory)
    began = time.monotonic()
    for number in range(1, count * STEPS + 1):
        supervise_bare(rig, directory, number)
    return count / (time.monotonic() - began)


def finished_rate(rig, services, count):
    """Deployments a second, from the first one's end to the last one's. They wait in line before the first one starts:
    the orchestrator is away while they are asked for."""
    rig.end_orchestrator()
    before = rig.number("SELECT coalesce(max(number), 0) FROM slipway.workflow")
    for service in services:
        rig.post(service, count // len(services))
    rig.up()
    query = "FROM slipway.workflow WHERE number > %d AND final" % before
    wait_for("%d deployments" % count, lambda: rig.number("SELECT count(*) " + query) >= count, 180, 0.2)
    row = rig.query("SELECT count(*), max(finished_ms) - min(finished_ms) " + query)[0]
    return (float(row[0]) - 1) * 1000 / max(float(row[1]), 1)


def steps(report, rig):
    turns, count = (2, 30) if report.quick else (5, 100)
    rate, ratios, bare = in_turns(turns, lambda: finished_rate(rig, ["exec"], count), lambda: bare_deployments_s(rig))
    report.add("deployments/s, three times /bin/true, one lane", rate, "1/s")
    report.add("  of what posix_spawn of the same supervisors does", ratios[0], "", least=1 / 3, bare_a_second=bare[0])


# ---- commands

def taken_rate(rig, text, count, command):
    """Commands/s that the orchestrator takes while it catches up; they wait for it."""
    rig.end_orchestrator()
    before = rig.number("SELECT count(*) FROM slipway.inbox")
    since = rig.query("SELECT now()")[0][0]
    rig.post(text, count, connections=64, command=command)
    rig.up()
    wait_for("%d commands are taken" % count, lambda: rig.number(
        "SELECT count(*) FROM slipway.inbox") >= before + count, 300, 0.2)
    return count / max(rig.number("SELECT extract(epoch FROM max(received_at) - min(received_at)) FROM slipway.inbox "
                                  "WHERE received_at > '%s'" % since), 0.001)


def commands(report, rig):
    """Questions: one row in the inbox and one reply each. 100,000 of them are also the test of memory."""
    turns, count = (2, 10000) if report.quick else (5, 20000)
    memory = {"gateway": [], "orchestrator": []}

    def turn():
        rate = taken_rate(rig, "queue", count, "/deploy")
        for kind, seen in memory.items():
            seen.append(rss_mib(rig.pid(kind)))
        return rate
    rate, ratios, bare = in_turns(turns, turn, bare_commits_s, unnest_rows_s)
    report.add("commands checkpointed/s", rate, "1/s")
    report.add("  against bare inserts, a commit each", ratios[0], "", bare_a_second=bare[0])
    report.add("  against rows of unnest batches of 256", ratios[1], "", rows_a_second=bare[1])
    for kind, seen in memory.items():
        report.add("%s's memory while %d commands pass" % (kind, turns * count), max(seen), "MiB", most=40,
                   in_the_course=seen)
    report.add("questions/s about ids that do not exist", taken_rate(
        rig, "d-0000000000000", 500 if report.quick else 2000, "/check_status"), "1/s")


# ---- steps that need no time

def lanes(report, rig):
    """With the relay on: it shows to Slack what Slack's rates allow."""
    turns, count = (2, 1600) if report.quick else (5, 3200)
    for name, services, share in (("one lane", ["noop"], 0.1),
                                  ("%d lanes" % LANES, ["l%d" % lane for lane in range(LANES)], 0.3)):
        rate, ratios, bare = in_turns(turns, lambda: finished_rate(rig, services, count), bare_commits_s)
        report.add("deployments/s of no-op steps, %s" % name, rate, "1/s")
        report.add("  against bare inserts, a commit each", ratios[0], "", least=share, bare_a_second=bare[0])
