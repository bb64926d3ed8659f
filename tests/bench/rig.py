# SPDX-License-Identifier: Apache-2.0
"""The system that is measured: deploy/up with services made for measuring, and processes started by hand beside it."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
import stack  # noqa: E402
from measure import BIN, BUILD, SERVER_URL, counters, sql  # noqa: E402

LANES = 64
SERVICE = "  %s: {environments: [bench], ref: main, pipeline: %s, lane: \"%s\"}\n"
CONFIG = """# SPDX-License-Identifier: Apache-2.0
version: 1
default: {service: stamped, environment: bench}
lanes: {%(lanes)s}
environments: {bench: {}}
services:
%(services)s
pipelines:
  noop: {steps: [{name: one, wait: 0}, {name: two, wait: 0}, {name: three, wait: 0}]}
  exec: {steps: [{name: one, run: [/bin/true]}, {name: two, run: [/bin/true]}, {name: three, run: [/bin/true]}]}
  stamped: {steps: [%(stamped)s]}
  real: {steps: [%(real)s]}
  long: {steps: [{name: one, run: ["%(stamp)s", "%(ledger)s", "1000"]}, {name: two, run: ["%(stamp)s", "%(ledger)s"]}]}
"""


class Process:
    """A process of ours, started as a part of the stack was, with some of its environment changed."""

    def __init__(self, like_pid, log, environment):
        with open("/proc/%d/environ" % like_pid, "rb") as file:
            pairs = (entry.split("=", 1) for entry in file.read().decode().split("\0") if "=" in entry)
            self.environment = dict(pairs, **environment)
        with open("/proc/%d/cmdline" % like_pid) as file:
            self.argv = file.read().split("\0")[:-1]
        self.log = log
        self.child = None

    def start(self):
        self.started = time.time()
        with open(self.log, "a") as log:
            self.child = subprocess.Popen(self.argv, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=log, start_new_session=True)
        self.pid = self.child.pid
        return self

    def stop(self, number=signal.SIGTERM):
        if self.child and self.child.poll() is None:
            self.child.send_signal(number)
            self.child.wait(20)


class Rig(stack.Stack):
    IN_MEMORY = False  # what a commit costs is part of the figures

    def __init__(self, name, *options, like=None, more=""):
        """like: a rig whose Kafka is used too, under topics of its own. more: of the configuration."""
        tempfile.tempdir = os.path.join(BUILD, "bench")
        self.database = "bench_" + name
        self.extra = []
        self.more = more
        sql("postgres", "CREATE DATABASE " + self.database)
        environment = {"SLIPWAY_DATABASE_URL": SERVER_URL + "/" + self.database}
        if like:
            environment["SLIPWAY_KAFKA_BROKERS"] = like.brokers
            environment["SLIPWAY_TOPIC_PREFIX"] = name + "."
        try:
            super().__init__(*options, environment=environment)
        except BaseException:
            self.down()
            raise
        self.brokers = like.brokers if like else self.of_kind("broker")[0]["address"]

    def _write_config(self):
        stamp = os.path.join(os.path.abspath(BIN), "bench-stamp")
        names = ("one", "two", "three")
        services = "".join(SERVICE % (name, name, "main") for name in ("noop", "exec", "stamped", "real"))
        services += SERVICE % ("long", "long", "aside")
        services += "".join(SERVICE % ("l%d" % lane, "noop", "l%d" % lane) for lane in range(LANES))
        step = '{name: %s, run: ["' + stamp + '", "' + self.ledger + '", "%s"]}'
        path = os.path.join(self.dir, "slipway.yaml")
        with open(path, "w") as file:
            file.write(CONFIG % {
                "lanes": ", ".join(["main: {}", "aside: {}"] + ["l%d: {}" % lane for lane in range(LANES)]), "services": services,
                "stamp": stamp, "ledger": self.ledger, "stamped": ", ".join(step % (name, "0") for name in names),
                "real": ", ".join(step % (name, "100") for name in names)} + self.more)
        return path

    # -- its processes

    def pid(self, kind, index=0):
        return self.of_kind(kind)[index]["pid"]

    def port(self, kind):
        return int(self.of_kind(kind)[0]["address"].rsplit(":", 1)[1])

    def secret_file(self):
        return os.path.join(self.state, "secrets", "SLACK_SIGNING_SECRET")

    def another(self, kind, **environment):
        """A process as the first of its kind, not started yet; ends with the rig."""
        process = Process(self.pid(kind), os.path.join(self.dir, "%s-%d.log" % (kind, len(self.extra))), environment)
        self.extra.append(process)
        return process

    def end_orchestrator(self):
        """By SIGTERM, until it is gone; up() starts it again."""
        self.kill("orchestrator", signal.SIGTERM)
        stack.wait_for("the orchestrator ends", lambda: stack.fetch(self.address("orchestrator") + "/healthz")[0] == 0, 20)

    def down(self):
        for process in self.extra:
            process.stop()
        super().down()
        sql("postgres", "DROP DATABASE IF EXISTS %s WITH (FORCE)" % self.database)

    # -- what it says about itself

    def metric(self, kind, name):
        part = self.of_kind(kind)[0]
        status, text = stack.fetch("http://%s/metrics" % part["admin"])
        found = re.search(r"^%s(?:\{[^}]*\})? ([0-9.e+-]+)$" % name, text, re.M) if status == 200 else None
        return float(found.group(1)) if found else 0.0

    def counters(self):
        return dict(counters(self.database), awaited=self.metric("orchestrator", "slipway_commits_total"))

    def query(self, text):
        return sql(self.database, text)

    def number(self, text):
        return float(self.query(text)[0][0])

    def stamps(self):
        """{attempt: (begin, end)} in seconds since 1970."""
        found = {}
        for attempt, what, ns in self.ledger_lines():
            found.setdefault(attempt, {})[what] = int(ns) / 1e9
        return found

    def wait_finished(self, count, deadline_s=120):
        """Until so many deployments have ended."""
        stack.wait_for("%d deployments are final" % count, lambda: self.number(
            "SELECT count(*) FROM slipway.workflow WHERE final") >= count, deadline_s, 0.1)

    def wait_ended(self, workflow, deadline_s=30):
        """Fine polling, for latencies that begin after it."""
        return self.wait_state(workflow, "succeeded", deadline_s)

    def post(self, text, count, connections=16, **options):
        """So many /deploy, as fast as they are taken."""
        from measure import run_load
        return run_load(self.port("gateway"), self.secret_file(), connections=connections, count=count,
                        text=text, **options)
