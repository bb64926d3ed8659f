#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What ./deploy/up promises: a system that is found again, heals, and is stopped; on the embedded broker and on Kafka."""
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from stack import any_ports

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEADLINE_S = 60
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
GIVEN = re.compile("^(SLACK_|SLIPWAY_(?!BUILD$))")


def ask(url, args=None):
    body = json.dumps(args).encode() if args is not None else None
    with OPENER.open(urllib.request.Request(url, body, {"Content-Type": "application/json"}), timeout=10) as answer:
        return json.load(answer)


class Up(unittest.TestCase):
    options = []

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="slipway-up-")
        os.chmod(self.directory.name, 0o755)  # Postgres passes through as another user
        self.state = os.path.join(self.directory.name, "state")
        self.addCleanup(self.directory.cleanup)
        self.addCleanup(self.up, "--down", "--reset")

    def up(self, *options, status=0):
        environment = {name: value for name, value in os.environ.items() if not GIVEN.match(name)}
        environment.update(any_ports())
        done = subprocess.run([os.path.join(ROOT, "deploy", "up"), "--state", self.state, *options], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def start(self):
        self.assertIn("stop it: ./deploy/up --state %s --down\n" % self.state, self.up("--detach", *self.options))
        return self.parts()

    def parts(self):
        return {part["name"]: part for part in json.loads(self.up("--status", "--json"))["parts"]}

    def deploy(self, text):
        shown = ask("http://%s/sandbox/v1/commands" % self.parts()["slack"]["address"],
                    {"user": "U0ALICE0001", "channel": "C0DEPLOYS01", "command": "/deploy", "text": text})["shown"]
        return re.search("`(d-[0-9a-z]{13})`", shown).group(1)

    def workflow(self, name):
        try:
            return ask("http://%s/api/v1/workflows/%s" % (self.parts()["orchestrator-1"]["address"], name))
        except urllib.error.URLError:
            return {"state": "not known", "steps": []}

    def wait_for(self, name, judge):
        deadline = time.monotonic() + DEADLINE_S
        while not judge(found := self.workflow(name)):
            self.assertLess(time.monotonic(), deadline, found)
            time.sleep(0.1)
        return found

    def succeeds(self, name):
        found = self.wait_for(name, lambda workflow: workflow["state"] in ("succeeded", "failed", "cancelled", "rejected"))
        self.assertEqual(found["state"], "succeeded", found)
        return found

    def test_a_killed_orchestrator_is_started_again_and_its_step_goes_on(self):
        before = self.start()
        self.assertEqual({part["kind"] for part in before.values()}, {"gateway", "orchestrator", "broker", "postgres", "slack"})
        name = self.deploy("demo SLEEP=4")
        self.wait_for(name, lambda found: any(s["name"] == "deploy" and s["state"] == "running" for s in found["steps"]))
        os.kill(before["orchestrator-1"]["pid"], signal.SIGKILL)
        after = self.start()
        self.assertEqual([part for part in after if after[part]["pid"] != before[part]["pid"]], ["orchestrator-1"])
        self.assertEqual({step["attempt"] for step in self.succeeds(name)["steps"]}, {1})

    def test_all_killed_all_back_with_what_was_known(self):
        before = self.start()
        name = self.deploy("demo SLEEP=0")
        self.succeeds(name)
        for part in before.values():
            os.kill(part["pid"], signal.SIGKILL)
        after = self.start()
        self.assertEqual({part: after[part]["kind"] for part in after}, {part: before[part]["kind"] for part in before})
        self.assertEqual(self.workflow(name)["state"], "succeeded")
        self.succeeds(self.deploy("demo SLEEP=0"))


class UpWithKafka(Up):
    options = ["--kafka"]


class UpAlone(Up):
    def test_a_directory_of_somebody_else_is_not_deleted(self):
        os.mkdir(self.state)
        other = os.path.join(self.state, "theirs")
        with open(other, "w", encoding="utf-8"):
            pass
        self.assertIn("HINT", self.up("--reset", "--down", status=1))
        self.assertIn("HINT", self.up("--detach", status=1))
        os.unlink(other)
        os.rmdir(self.state)

    test_a_killed_orchestrator_is_started_again_and_its_step_goes_on = None
    test_all_killed_all_back_with_what_was_known = None


if __name__ == "__main__":
    unittest.main()
