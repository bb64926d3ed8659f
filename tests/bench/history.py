# SPDX-License-Identifier: Apache-2.0
"""What a long history costs: systems that differ in nothing but how many deployments they have finished, measured in
turns, so that a busy minute of the machine meets all of them."""
import time

from deployments import finished_rate
from measure import median, rss_mib, sql
from quiet import gaps_ms, one_by_one, wait_receipts
from rig import Rig
from stack import fetch

DAYS = 60  # the history's; one of them is in the outbox
WITHIN = 1.2

# $count copies of the one deployment that there is, spread over DAYS; ids as scattered as real ones.
FILL = """
CREATE TEMP TABLE made AS SELECT i, substr(md5(i::text), 1, 13) AS tag,
    (extract(epoch FROM now()) * 1000)::bigint - (%(count)d - i) * (%(days)d * 86400000.0 / %(count)d)::bigint AS at
    FROM generate_series(1, %(count)d) AS i;
INSERT INTO slipway.workflow (id, kind, state, active, final, lane, number, n, definition, facts, step_count,
    created_ms, started_ms, finished_ms, sequence)
    SELECT 'd-' || tag, kind, state, active, final, lane, number + i, n, definition, facts, step_count, at, at, at,
    sequence + i FROM slipway.workflow, made ORDER BY i;
INSERT INTO slipway.step (workflow, idx, name, state, attempt, tries, probing, started_ms, finished_ms, retry_at_ms,
    exit_code, status, error, tail, epoch, state_dir, boot)
    SELECT 'd-' || tag, idx, name, state, attempt, tries, probing, at, at, retry_at_ms, exit_code, status, error, tail,
    epoch, state_dir, boot FROM made, (SELECT * FROM slipway.step LIMIT 3) AS s ORDER BY i;
INSERT INTO slipway.attempt (workflow, idx, attempt, state, probing, started_ms, finished_ms, exit_code, error, epoch)
    SELECT 'd-' || tag, idx, attempt, state, probing, at, at, exit_code, error, epoch
    FROM made, (SELECT * FROM slipway.attempt LIMIT 3) AS a ORDER BY i;
INSERT INTO slipway.inbox (command, hash, log_offset, workflow, name, actor, disposition, reason, received_at)
    SELECT 'made:' || name || ':' || tag, hash, 0, 'd-' || tag, name, actor, disposition, reason,
    to_timestamp(at / 1000.0) FROM made, slipway.inbox ORDER BY i;
INSERT INTO slipway.outbox (id, topic, key, envelope, body, at_ms)
    SELECT (SELECT max(id) FROM slipway.outbox) + row_number() OVER (ORDER BY i, id), topic, key, envelope, body, at
    FROM made, slipway.outbox WHERE i > %(count)d - %(count)d / %(days)d;
UPDATE slipway.published SET outbox_id = (SELECT max(id) FROM slipway.outbox);
"""


def begin(rig, count):
    """A system with so many finished deployments."""
    made = Rig("h%d" % count, like=rig)
    workflow = made.deploy("stamped")
    made.wait_ended(workflow)
    wait_receipts(made, [workflow])
    made.end_orchestrator()
    began = time.monotonic()
    sql(made.database, "BEGIN;" + FILL % {"count": count, "days": DAYS} + "COMMIT")
    sql(made.database, "VACUUM ANALYZE slipway.workflow, slipway.step, slipway.attempt, slipway.inbox, slipway.outbox")
    print("    %d finished deployments made in %.0f s" % (count, time.monotonic() - began), flush=True)
    made.up()
    return made


def answers_ms(rig, path):
    times = []
    for _ in range(20):
        began = time.monotonic()
        status, _ = fetch(rig.address("orchestrator") + path)
        times.append(1000 * (time.monotonic() - began))
        if status != 200:
            raise AssertionError("%s: %d" % (path, status))
    return times


def turn(report, rig, found):
    """One round of one system; found: {figure: [values]}."""
    asked = one_by_one(rig, "stamped", 5 if report.quick else 7)
    stamps = rig.stamps()
    found["/deploy to its first step's exec, ms"] += [1000 * (stamps[workflow + ".1.1"]["begin"] - began)
                                                     for workflow, began in asked.items()]
    found["end of a step to the exec of the next, ms"] += gaps_ms(stamps, asked)
    found["the latest of the history at the API, ms"] += answers_ms(rig, "/api/v1/history?limit=10")
    found["no-op deployments/s, one lane"].append(finished_rate(rig, ["noop"], 600 if report.quick else 2000))
    found["SQL statements a deployment, one by one"].append(statements_each(rig))
    found[MEMORY].append(rss_mib(rig.pid("orchestrator")))


def statements_each(rig):
    before = rig.counters()["statements"]
    count = len(one_by_one(rig, "stamped", 3))
    return (rig.counters()["statements"] - before) / count


MEMORY = "orchestrator's resident memory, MiB"
FIGURES = ("/deploy to its first step's exec, ms", "end of a step to the exec of the next, ms",
           "the latest of the history at the API, ms", "no-op deployments/s, one lane",
           "SQL statements a deployment, one by one", MEMORY)


def compare(report, found):
    """Each size's median against the smallest size's; better is as good as the same."""
    smallest = min(found)
    for name in FIGURES:
        base = median(found[smallest][name])
        for count in sorted(found):
            value = median(found[count][name])
            if name == MEMORY:
                report.add("history of %d: orchestrator's resident memory" % count, value, "MiB", most=40)
            if count != smallest:
                worse = base / value if name.endswith("/s, one lane") else value / base
                report.add("history of %d: %s" % (count, name), worse, "x", most=WITHIN, here=value,
                           with_10=base)


def history(report, rig):
    sizes = (10, 10000) if report.quick else (10, 10000, 1000000)
    rigs, found = {}, {}
    try:
        for count in sizes:
            rigs[count] = begin(rig, count)
            found[count] = {name: [] for name in FIGURES}
        sql("postgres", "CHECKPOINT")
        for _ in range(2 if report.quick else 3):
            for count in sizes:
                turn(report, rigs[count], found[count])
    finally:
        for made in rigs.values():
            made.down()
    compare(report, found)
