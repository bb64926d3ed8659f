# SPDX-License-Identifier: Apache-2.0
"""How long nobody leads: from the leader's end to the first exec of a deployment that was asked for just then. A step
that ran at that moment must go on and not be repeated; if it is, there is no figure."""
import signal
import time

from measure import median
from stack import fetch, free_ports, wait_for

TTL_MS = 5000  # SLIPWAY_LEASE_TTL_MS as it comes


def begin(process):
    process.start()
    wait_for("an orchestrator is ready", lambda: '"ready"' in fetch(process.url + "/readyz")[1], 30, 0.01)


def two_orchestrators(rig):
    """Started by hand on the rig's state directory, in the place of its own; not running yet."""
    processes = []
    for _ in range(2):
        listen = "127.0.0.1:%d" % free_ports(1)[0]
        processes.append(rig.another("orchestrator", SLIPWAY_ORCHESTRATOR_LISTEN=listen))
        processes[-1].url = "http://" + listen
    rig.end_orchestrator()
    return processes


def succeeded(rig, workflow):
    wait_for("%s succeeds" % workflow, lambda: rig.number(
        "SELECT count(*) FROM slipway.workflow WHERE id = '%s' AND state = 'succeeded'" % workflow), 60)


def led_again_ms(rig, end_leader):
    """end_leader() returns when it happened, in seconds since 1970."""
    running = rig.deploy("long")
    wait_for("a step runs", lambda: running + ".1.1" in rig.stamps(), 30, 0.01)
    at = end_leader()
    asked = rig.deploy("stamped")
    for workflow in (asked, running):
        succeeded(rig, workflow)
    begun = [line[0] for line in rig.ledger_lines() if line[0].startswith(running + ".") and line[1] == "begin"]
    if begun != [running + ".1.1", running + ".2.1"]:
        raise AssertionError("a takeover repeated a step: %s" % begun)
    return 1000 * (rig.stamps()[asked + ".1.1"]["begin"] - at)


def hurt(process, number):
    process.child.send_signal(number)
    return time.time()


def hand_over(rig, processes, number, count):
    """The leader gets the signal, the standby takes over; then they change places."""
    times = []
    for _ in range(count):
        leader, standby = processes
        times.append(led_again_ms(rig, lambda: hurt(leader, number)))
        leader.child.wait(20)
        begin(leader)
        processes = [standby, leader]
    return times, processes


def restart(rig, process):
    hurt(process, signal.SIGKILL)
    process.child.wait(20)
    return process.start().started


def takeover(report, rig):
    processes = two_orchestrators(rig)
    for process in processes:
        begin(process)
    killed, processes = hand_over(rig, processes, signal.SIGKILL, 2 if report.quick else 3)
    ended, processes = hand_over(rig, processes, signal.SIGTERM, 3 if report.quick else 5)
    leader, standby = processes
    standby.stop()
    alone = [led_again_ms(rig, lambda: restart(rig, leader)) for _ in range(3 if report.quick else 5)]
    leader.stop()
    rig.up()
    report.add("takeover after kill -9, standby, p50", median(killed), "ms", most=TTL_MS + 1000, worst_ms=max(killed))
    report.add("takeover after SIGTERM, standby, p50", median(ended), "ms", most=1000, worst_ms=max(ended))
    report.add("kill -9, alone, exec to work again, p50", median(alone), "ms", most=1000, worst_ms=max(alone))
