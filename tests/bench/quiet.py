# SPDX-License-Identifier: Apache-2.0
"""Figures of a system that has little to do: its start, its idle cost, how long one person waits, what one deployment
costs."""
import time
from datetime import datetime

from measure import STATISTICS_DELAY_S, bare_commits_s, cpu_s, difference, median, pause, quantile, rss_mib
from stack import fetch, free_ports, wait_for

STEPS = 3
PACE_S = 1.2  # one post a second and channel is Slack's rule, and the relay's


# ---- start

def start(report, rig):
    """From exec to ready, of a second gateway and a second orchestrator (a standby that sees the lease)."""
    for kind, names, word in (("gateway", ("GATEWAY_LISTEN", "GATEWAY_ADMIN_LISTEN"), '"ready"'),
                              ("orchestrator", ("ORCHESTRATOR_LISTEN",), '"ready"')):
        times = []
        for _ in range(3 if report.quick else 9):
            ports = free_ports(len(names))
            process = rig.another(kind, **{"SLIPWAY_" + name: "127.0.0.1:%d" % port
                                           for name, port in zip(names, ports)}).start()
            wait_for("ready", lambda: word in fetch("http://127.0.0.1:%d/readyz" % ports[-1])[1], 30, 0.002)
            times.append(time.time() - process.started)
            process.stop()
        report.add("%s: exec to ready" % kind, 1000 * median(times), "ms", worst_ms=1000 * max(times))


# ---- idle

def idle(report, rig):
    """Nothing happens for a while; the start's own work is over before."""
    seconds = 15 if report.quick else 40
    pids = {"gateway": rig.pid("gateway"), "orchestrator": rig.pid("orchestrator")}
    pause(5)
    before, cpu_before = rig.counters(), {name: cpu_s(pid) for name, pid in pids.items()}
    pause(seconds)
    spent = {name: 100 * (cpu_s(pid) - cpu_before[name]) / seconds for name, pid in pids.items()}
    done = difference(rig.counters(), before)
    report.add("idle: SQL statements a minute", done["statements"] * 60 / seconds, "1/min", most=120)
    for name, pid in pids.items():
        report.add("idle: %s, share of a core" % name, spent[name], "%", most=0.5)
        report.add("idle: %s, resident memory" % name, rss_mib(pid), "MiB", most=40)


# ---- one person waits

def first_posts(rig):
    """{workflow: time of its first chat.postMessage at Slack}, in seconds since 1970."""
    times = {}
    for call in rig._sandbox("calls?method=chat.postMessage")["calls"]:
        workflow = ((call["args"].get("metadata") or {}).get("event_payload") or {}).get("workflow")
        if workflow:
            at = datetime.fromisoformat(call["at"].replace("Z", "+00:00")).timestamp()
            times[workflow] = min(times.get(workflow, at), at)
    return times


def one_by_one(rig, text, count):
    """Deployments that each meet an idle system: {workflow: when it was asked for}."""
    asked = {}
    for _ in range(count):
        began = time.time()
        workflow = rig.deploy(text)
        asked[workflow] = began
        rig.wait_ended(workflow)
        wait_for("its turn", lambda: time.time() > began + PACE_S, PACE_S + 1)
    return asked


def gaps_ms(stamps, workflows):
    """From the end of each step to the exec of the next."""
    gaps = []
    for workflow in workflows:
        for step in range(1, STEPS):
            ended, began = ("%s.%d.1" % (workflow, number) for number in (step, step + 1))
            gaps.append(1000 * (stamps[began]["begin"] - stamps[ended]["end"]))
    return gaps


def latency(report, rig):
    one_by_one(rig, "stamped", 1)
    asked, commits_s = {}, [bare_commits_s()]
    for _ in range(3 if report.quick else 6):
        asked.update(one_by_one(rig, "stamped", 4 if report.quick else 7))
        commits_s.append(bare_commits_s())
    commit_ms = 1000 / median(commits_s)
    stamps, posts = rig.stamps(), first_posts(rig)
    execs = [1000 * (stamps[workflow + ".1.1"]["begin"] - began) for workflow, began in asked.items()]
    told = [1000 * (posts[workflow] - began) for workflow, began in asked.items()]
    gaps = gaps_ms(stamps, asked)
    report.add("/deploy to its first step's exec, idle, p50", median(execs), "ms", most=20,
               p90_ms=quantile(execs, 0.9), bare_commits=median(execs) / commit_ms)
    report.add("/deploy to the first message at Slack, idle, p50", median(told), "ms", p90_ms=quantile(told, 0.9))
    report.add("end of a step to the exec of the next, p50", median(gaps), "ms", most=2 * commit_ms + 2,
               p90_ms=quantile(gaps, 0.9), bare_commit_ms=commit_ms, bare_commits=median(gaps) / commit_ms)


# ---- what one deployment costs the database

def statements(report, rig):
    """Three steps of 100 ms each; what the same time costs idle is taken off."""
    count = 8 if report.quick else 30
    window_s = STATISTICS_DELAY_S if report.quick else 30
    pause(STATISTICS_DELAY_S)
    before, began = rig.counters(), time.time()
    pause(window_s)
    idle_rate = {name: value / (time.time() - began) for name, value in difference(rig.counters(), before).items()}
    before, began, cpu_before = rig.counters(), time.time(), cpu_s(rig.pid("orchestrator"))
    workflows = one_by_one(rig, "real", count)
    wait_receipts(rig, workflows)
    awaited = rig.counters()["awaited"] - before["awaited"]  # before the published cursor goes alone, awaited by nobody
    pause(STATISTICS_DELAY_S)
    seconds = time.time() - began
    spent = difference(rig.counters(), before)
    each = {name: (spent[name] - idle_rate[name] * seconds) / count for name in spent}
    report.add("three-step deployment: awaited commits", awaited / count, "", most=5.05)
    report.add("three-step deployment: SQL statements", each["statements"], "", most=12)
    report.add("three-step deployment: WAL flushes", each["flushes"], "", most=6,
               all_commits=each["commits"], idle_flushes_a_second=idle_rate["flushes"])
    report.add("three-step deployment: orchestrator's processor time",
               1000 * (cpu_s(rig.pid("orchestrator")) - cpu_before) / count, "ms")


def wait_receipts(rig, workflows):
    names = ",".join("'%s'" % workflow for workflow in workflows)
    wait_for("receipts", lambda: rig.number(
        "SELECT count(*) FROM slipway.inbox WHERE name = 'receipt' AND workflow IN (%s)" % names) >= len(workflows), 60)
