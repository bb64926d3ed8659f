# SPDX-License-Identifier: Apache-2.0
"""The groups of figures in their order. Each takes the report and the rig of real Kafka that they share, or makes rigs of
its own beside it. Started by tests/bench/run."""
import argparse
import signal
import sys

import acks
import deployments
import history
import quiet
import takeover
import timers
from measure import baseline_prepare
from report import Report
from rig import Rig
from write import write

# The quiet ones first: what comes later leaves the relay with messages for Slack that it may post one a second.
GROUPS = [("start", quiet.start), ("idle", quiet.idle), ("latency", quiet.latency), ("statements", quiet.statements),
          ("steps", deployments.steps), ("acks", acks.acks), ("acks-embedded", acks.embedded),
          ("acks-300", acks.steady), ("takeover", takeover.takeover), ("timers", timers.timers),
          ("history", history.history), ("commands", deployments.commands), ("lanes", deployments.lanes)]


def main():
    names = [name for name, _ in GROUPS]
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=names)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write")
    options = parser.parse_args()
    if options.list:
        print("\n".join(names))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    report = Report(options.quick)
    baseline_prepare()
    rig = Rig("main", "--kafka")
    try:
        for name, group in GROUPS:
            if not options.only or name in options.only:
                print("-- %s" % name, flush=True)
                group(report, rig)
    finally:
        rig.down()
        report.summary()
    if options.write:
        write(options.write, report.measured())
    return 0


sys.exit(main())
