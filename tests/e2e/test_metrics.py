# SPDX-License-Identifier: Apache-2.0
"""The metrics of a running system: every one is documented, every one that the dashboard and the alerts ask for is there
after a deployment, and the figures are those of what was done. promtool judges rules and exposition where it is installed."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from stack import ROOT, StackTest, fetch, wait_for

SAMPLE = re.compile(r"^([a-z_]+)(\{.*\})? ([-+0-9.eEinfNa]+)$")
NAME = re.compile(r"\b((?:slipway|process)_[a-z_]+)\b")
# Only counted when something is wrong or when Slack is asked about people: absent on a good day.
MAY_BE_ABSENT = {"slipway_signature_failures_total", "slipway_slack_retries_total", "slipway_requests_dropped_total",
                 "slipway_fallback_answers_total", "slipway_directory_calls_total"}
SOCKET = "slipway_socket_"  # there in Socket Mode alone: test_socket_gateway.py looks at those


def read(*path):
    with open(os.path.join(ROOT, *path)) as file:
        return file.read()


def documented():
    return set(re.findall(r"^\| `([a-z_]+)` \|", read("docs", "metrics.md"), re.M))


def without_socket(names):
    return {name for name in names if not name.startswith(SOCKET)}


def queries():
    panels = json.loads(read("deploy", "grafana", "slipway.json"))["panels"]
    return ([target["expr"] for panel in panels for target in panel.get("targets", [])]
            + re.findall(r"^\s*expr: (.*)$", read("deploy", "prometheus", "alerts.yml"), re.M))


class Metrics(StackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = [cls.stack.deploy(), cls.stack.deploy("broken")]
        for workflow in cls.workflows:
            cls.stack.wait_state(workflow, {"succeeded", "failed"})
        cls.stack.wait_told(cls.workflows[0], "succeeded")
        cls.stack.wait_told(cls.workflows[1], "failed")

    def scrape(self, kind):
        part = self.stack.of_kind(kind)[0]
        status, text = fetch("http://%s/metrics" % part["admin"])
        self.assertEqual(status, 200)
        return text

    def samples(self, kind):
        """{(name, labels): value}"""
        found = {}
        for line in self.scrape(kind).splitlines():
            if not line.startswith("#"):
                match = SAMPLE.match(line)
                self.assertTrue(match, line)
                found[match.group(1), match.group(2) or ""] = float(match.group(3))
        return found

    def names(self, kind):
        """Families, by their TYPE lines."""
        return set(re.findall(r"^# TYPE (\S+) ", self.scrape(kind), re.M))

    def test_every_metric_is_documented(self):
        exposed = self.names("gateway") | self.names("orchestrator")
        self.assertGreater(len(exposed), 30)
        self.assertEqual(exposed - documented(), set())
        self.assertEqual(without_socket(documented()) - exposed - MAY_BE_ABSENT, set())

    def test_every_metric_of_dashboard_and_alerts_exists(self):
        series = {name for kind in ("gateway", "orchestrator") for name, _ in self.samples(kind)}
        used = {name for query in queries() for name in NAME.findall(query)}
        self.assertGreater(len(used), 20)
        self.assertEqual(without_socket(used) - series - MAY_BE_ABSENT, set())

    def test_the_figures_are_those_of_what_was_done(self):
        wait_for("nothing is active", lambda: self.samples("orchestrator")["slipway_lanes_active", ""] == 0, 5)
        orchestrator, gateway = self.samples("orchestrator"), self.samples("gateway")
        self.assertEqual(orchestrator["slipway_leader", ""], 1)
        self.assertGreater(orchestrator["slipway_lease_epoch", ""], 1e12)
        self.assertEqual(orchestrator["slipway_queue_length", ""], 0)
        self.assertEqual(orchestrator["slipway_workflows_ended_total", '{state="succeeded"}'], 1)
        self.assertEqual(orchestrator["slipway_workflows_ended_total", '{state="failed"}'], 1)
        self.assertEqual(orchestrator["slipway_attempts_total", '{outcome="succeeded"}'], 4)
        self.assertEqual(orchestrator["slipway_attempts_total", '{outcome="failed"}'], 1)
        self.assertEqual(gateway["slipway_publish_total", '{result="confirmed"}'], 2)
        self.assertEqual(gateway["slipway_relay_messages_total", '{what="post"}'], 2)
        self.assertEqual(gateway["slipway_relay_partitions", ""], 12)

    def test_what_has_not_happened_is_there_with_0(self):
        """increase() does not see the first count of a series that appears with it."""
        orchestrator = self.samples("orchestrator")
        for name, label, values in (("slipway_commands_total", "outcome", "duplicate parked"),
                                    ("slipway_workflows_ended_total", "state", "cancelled archived"),
                                    ("slipway_attempts_total", "outcome", "killed timed_out stopped not_run unknown")):
            for value in values.split():
                self.assertEqual(orchestrator.get((name, '{%s="%s"}' % (label, value))), 0, "%s of %s" % (name, value))

    def promtool(self, *words, text=None):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not installed (Debian's package prometheus has it)")
        done = subprocess.run(["promtool", *words], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_promtool_accepts_the_rules(self):
        self.promtool("check", "rules", os.path.join(ROOT, "deploy", "prometheus", "alerts.yml"))

    def test_promtool_accepts_the_configurations(self):
        """Of the cluster, with the rules that it names, and the one in docs/metrics.md."""
        self.promtool("check", "config", os.path.join(ROOT, "deploy", "prometheus", "prometheus.yml"))
        examples = [text for text in re.findall(r"^```yaml\n(.*?)^```", read("docs", "metrics.md"), re.M | re.S)
                    if "scrape_configs:" in text]
        self.assertEqual(len(examples), 1)
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            file.write(examples[0].replace("/srv/slipway/", ROOT + "/"))
            file.flush()
            self.promtool("check", "config", file.name)

    def test_promtool_accepts_the_dashboard(self):
        """Its queries, dressed as rules."""
        rules = [{"record": "panel:%d" % number, "expr": query.replace("$__rate_interval", "5m")}
                 for number, query in enumerate(queries())]
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
            file.flush()
            self.promtool("check", "rules", file.name)

    def test_alerts_fire_when_they_should(self):
        self.promtool("test", "rules", os.path.join(ROOT, "tests", "e2e", "alerts.test.yml"))

    def test_promtool_accepts_the_exposition(self):
        for kind in ("gateway", "orchestrator"):
            self.promtool("check", "metrics", text=self.scrape(kind))


if __name__ == "__main__":
    unittest.main(verbosity=2)
