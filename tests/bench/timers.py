# SPDX-License-Identifier: Apache-2.0
"""Timers that are rows: the reminders of thousands of open incidents come due within a minute, while of three
orchestrators on one state directory the active one is killed every few seconds. Each must fire once, by what is
committed. Then as many are due at once: how fast they are worked off."""
import random
import re
import signal
import time

from measure import bare_commits_s, in_turns, quantile, sql
from rig import Rig
from stack import fetch, free_ports, wait_for
from takeover import begin

MAIN = "C0INCIDENT1"  # of the simulator
EVERY_MS = 3600 * 1000
CONFIG = """incidents:
  main: %s
  nag_grid: 0
  default_priority: 1
  priorities: {1: {nag: {point: 1h}}}
""" % MAIN
SEED = 20261025
AHEAD_S = 12  # time for three processes to start and one to load
LATE_S = 30   # what has not fired so long after the last one was due is lost

# Copies of the one incident that there is, each with a channel of its own and one timer; due from $from on, over $over.
FILL = """
CREATE TEMP TABLE made AS SELECT i, substr(md5(i::text), 1, 13) AS tag,
    %(from)d + (i - 1) * %(over)d::bigint / %(count)d AS due FROM generate_series(1, %(count)d) AS i;
INSERT INTO slipway.workflow (id, kind, state, active, final, lane, number, n, definition, facts, step_count,
    created_ms, started_ms, finished_ms, sequence)
    SELECT 'i-' || tag, kind, state, active, final, lane, number + i, n, definition, facts || jsonb_build_object(
    'nag_due', due, 'private', true, 'times', facts -> 'times' || jsonb_build_object('created', due - %(every)d),
    'channel', facts -> 'channel' || jsonb_build_object('id', 'C' || tag)), step_count, due - %(every)d, started_ms,
    finished_ms, sequence + i FROM slipway.workflow, made WHERE id = '%(model)s';
INSERT INTO slipway.timer (workflow, name, due_ms) SELECT 'i-' || tag, 'nag', due FROM made;
"""
FIRED = """SELECT envelope ->> 'subject', floor(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)
    FROM slipway.outbox WHERE envelope ->> 'type' = 'slipway.incident.ordered.v1' AND id > %d
    AND body LIKE '%%"card":"nag"%%'"""


def only_incident(rig):
    """Declared as people do it, until everything that it ordered at Slack is done: what the others are copies of."""
    rig.say(MAIN, ".start P1 Timers")
    done = "SELECT id FROM slipway.workflow WHERE kind = 'incident' AND facts -> 'orders' = '{}' AND facts ? 'channel'"
    wait_for("an incident has settled", lambda: rig.query(done), 60, 0.2)
    return rig.query(done)[0][0]


def fill(rig, model, count, from_ms, over_ms):
    """{workflow: when it is due}; whatever an earlier filling has left is gone."""
    sql(rig.database, "DELETE FROM slipway.timer; DELETE FROM slipway.workflow WHERE kind = 'incident' AND id <> '%s'" % model)
    sql(rig.database, "BEGIN;" + FILL % {"count": count, "from": from_ms, "over": over_ms, "every": EVERY_MS,
                                         "model": model} + "COMMIT")
    sql(rig.database, "VACUUM ANALYZE slipway.workflow, slipway.timer")
    return {workflow: int(due) for workflow, due in rig.query("SELECT workflow, due_ms FROM slipway.timer")}


def last_row(rig):
    return int(rig.number("SELECT coalesce(max(id), 0) FROM slipway.outbox"))


def fired(rig, after):
    """{workflow: [when it was committed that its reminder is to be sent]}"""
    times = {}
    for workflow, at in rig.query(FIRED % after):
        times.setdefault(workflow, []).append(int(at))
    return times


def wait_fired(rig, due, deadline_s):
    def rest():
        return rig.number("SELECT count(*) FROM slipway.timer WHERE name = 'nag' AND due_ms <= %d" % max(due.values()))
    try:
        wait_for("every timer has fired", lambda: rest() == 0, deadline_s, 0.5)
    except AssertionError:
        print("    %d timers have not fired" % rest(), flush=True)


def leads(process):
    return re.search(r"^slipway_leader 1$", fetch(process.url + "/metrics")[1], re.M) is not None


def epoch(rig):
    """When the lease was taken, by Postgres's clock, in ms."""
    return int(rig.number("SELECT epoch FROM slipway.lease"))


def kill_again_and_again(rig, processes, until_s):
    """[(when somebody who led was killed, when the next one had the lease)], in ms."""
    choose, gaps = random.Random(SEED), []
    while time.time() < until_s:
        leader = next((process for process in processes if leads(process)), None)
        if leader:
            before, at = epoch(rig), time.time()
            leader.child.send_signal(signal.SIGKILL)
            leader.child.wait(20)
            leader.start()
            wait_for("another one has the lease", lambda: epoch(rig) > before, 30, 0.1)
            gaps.append((int(1000 * at), epoch(rig)))
        time.sleep(choose.uniform(2, 6))  # the random moment, not a wait
    return gaps


def without(gaps, due, at):
    """How late, but for the time in which nobody had the lease."""
    return at - due - sum(max(0, min(end, at) - max(begin, due)) for begin, end in gaps)


def spread(values):
    return {"p50_ms": quantile(values, 0.5), "p99_ms": quantile(values, 0.99), "worst_ms": max(values)}


def judge(report, due, times, gaps):
    all_of = [(workflow, due[workflow], at) for workflow in due for at in times.get(workflow, [])[:1]]
    up = spread([without(gaps, planned, at) for _, planned, at in all_of])
    report.add("timers: lost", sum(workflow not in times for workflow in due), "", most=0, due=len(due),
               kills_of_the_active_one=len(gaps))
    report.add("timers: fired twice or early", sum(len(times.get(workflow, [])) > 1 for workflow in due) + sum(
        at < planned for _, planned, at in all_of), "", most=0)
    report.add("timers: late while somebody leads, p99", up["p99_ms"], "ms", most=2000, **{
        "p50_ms": up["p50_ms"], "worst_ms": up["worst_ms"],
        "with_takeovers": spread([at - planned for _, planned, at in all_of]),
        "nobody_leads_ms": spread([end - begin for begin, end in gaps])})


def under_kills(report, rig, model, processes):
    count, over_s = (1000, 15) if report.quick else (5000, 60)
    after, from_s = last_row(rig), time.time() + AHEAD_S
    due = fill(rig, model, count, int(1000 * from_s), 1000 * over_s)
    for process in processes:
        begin(process)
    gaps = kill_again_and_again(rig, processes, from_s + over_s)
    wait_fired(rig, due, LATE_S)
    judge(report, due, fired(rig, after), gaps)
    for process in processes:
        process.stop()


def worked_off(rig, model, process, count):
    """All are due when it starts. From the first commit that fires some to the last one."""
    after = last_row(rig)
    due = fill(rig, model, count, int(1000 * time.time()), 1)
    begin(process)
    wait_fired(rig, due, 120)
    process.stop()
    at = sorted(times[0] for times in fired(rig, after).values())
    return len(at) / max((at[-1] - at[0]) / 1000, 0.001)


def timers(report, rig):
    made = Rig("timers", like=rig, more=CONFIG)
    try:
        model = only_incident(made)
        processes = []
        for port in free_ports(3):
            processes.append(made.another("orchestrator", SLIPWAY_ORCHESTRATOR_LISTEN="127.0.0.1:%d" % port))
            processes[-1].url = "http://127.0.0.1:%d" % port
        made.end_orchestrator()
        made.kill("gateway", signal.SIGTERM)  # no relay: what is measured ends with the commit
        under_kills(report, made, model, processes)
        count = 1000 if report.quick else 5000
        rate, ratios, seen = in_turns(2 if report.quick else 3, lambda: worked_off(made, model, processes[0], count),
                                      bare_commits_s)
    finally:
        made.down()
    report.add("timers: due at once, worked off", rate, "1/s", timers=count)
    report.add("  against bare inserts, a commit each", ratios[0], "", bare_a_second=seen[0])
