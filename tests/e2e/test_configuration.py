# SPDX-License-Identifier: Apache-2.0
"""What happens when what people configure is wrong, is changed while running, or is secret."""
import json
import os
import signal
import subprocess
import unittest

from stack import ROOT, StackTest, fetch, wait_for

BIN = os.path.join(os.environ.get("SLIPWAY_BUILD", os.path.join(ROOT, "build")), "bin")
SECRET = "correct-horse-battery-staple"


def run(program, *arguments, **environment):
    """(exit status, stderr) of a program that is expected to end by itself."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "SLACK_"))}
    done = subprocess.run([os.path.join(BIN, program), *arguments], env=dict(clean, **environment),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30)
    return done.returncode, done.stderr


class BadConfiguration(unittest.TestCase):
    def test_a_gateway_without_signing_secret(self):
        for environment in ({}, {"SLACK_SIGNING_SECRET": ""}, {"SLACK_SIGNING_SECRET": "  "}):
            status, said = run("slipway-gateway", **environment)
            self.assertEqual(status, 78, environment)
            self.assertIn("SLACK_SIGNING_SECRET", said)

    def test_an_orchestrator_without_database_or_file(self):
        status, said = run("slipway-orchestrator")
        self.assertEqual(status, 78)
        self.assertIn("SLIPWAY_DATABASE_URL", said)
        status, said = run("slipway-orchestrator", SLIPWAY_DATABASE_URL="postgresql://127.0.0.1:1/x")
        self.assertEqual(status, 78)
        self.assertIn("/etc/slipway/slipway.yaml", said)

    def test_listening_beyond_loopback_needs_a_token(self):
        status, said = run("slipway-orchestrator", SLIPWAY_DATABASE_URL="postgresql://127.0.0.1:1/x",
                           SLIPWAY_ORCHESTRATOR_LISTEN="0.0.0.0:0")
        self.assertEqual(status, 78)
        self.assertIn("SLIPWAY_API_TOKEN", said)

    def test_every_mistake_is_told_with_file_line_and_path(self):
        path = os.path.join("/tmp", "slipway-bad-%d.yaml" % os.getpid())
        with open(path, "w") as file:
            file.write("version: 1\nenvironments: {staging: {}}\nservices:\n  site:\n    environments: [stagin]\n"
                       "    pipeline: p\n    colour: red\npipelines:\n  p:\n    steps:\n      - {name: a, wait: soon}\n")
        self.addCleanup(os.remove, path)
        status, said = run("slipway", "config", "check", path)
        self.assertEqual(status, 78)
        for part in (path + ":5", "services.site.environments", path + ":7", "services.site.colour", path + ":11",
                     "pipelines.p.steps[0].wait"):
            self.assertIn(part, said)
        status, said = run("slipway-orchestrator", SLIPWAY_DATABASE_URL="postgresql://127.0.0.1:1/x",
                           SLIPWAY_CONFIG=path)
        self.assertEqual(status, 78)
        self.assertIn(path + ":7", said)


class Reload(StackTest):
    def orchestrator_says(self, word):
        with open(os.path.join(self.stack.state, "log", "orchestrator-1.log")) as file:
            return word in file.read()

    def change(self, old, new):
        with open(self.stack.config) as file:
            text = file.read()
        self.assertIn(old, text)
        with open(self.stack.config, "w") as file:
            file.write(text.replace(old, new))
        self.stack.kill("orchestrator", signal.SIGHUP)

    def test_a_bad_file_keeps_the_old_one_and_a_good_one_is_taken(self):
        self.change("ref: main, pipeline: slow", "ref: main, pipeline: nosuch")
        wait_for("the reload is refused", lambda: self.orchestrator_says("reload refused"))
        workflow = self.stack.deploy()
        self.stack.wait_state(workflow, "succeeded")
        self.change("ref: main, pipeline: nosuch", "ref: develop, pipeline: three")
        wait_for("the file is read", lambda: self.orchestrator_says("slipway.yaml was read again"))
        workflow = self.stack.deploy("slow")
        self.stack.wait_state(workflow, "succeeded")
        self.assertEqual(self.stack.workflow(workflow)["ref"], "develop")

    def test_secrets_reach_steps_and_nothing_else(self):
        directory = os.path.join(self.stack.state, "secrets", "steps")
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, "REGISTRY_TOKEN"), "w") as file:
            file.write(SECRET + "\n")
        self.change("      - {name: build, run: [\"%s\", \"0\"]}" % os.path.join(self.stack.dir, "step"),
                    "      - {name: build, run: \"echo token $REGISTRY_TOKEN; test ${#REGISTRY_TOKEN} = %d\", "
                    "secrets: [REGISTRY_TOKEN]}" % len(SECRET))
        wait_for("the file is read", lambda: self.orchestrator_says("slipway.yaml was read again"))
        wait_for("the secret's step succeeds", self.secret_step_succeeds)
        for where in (self.stack.logs(), str(self.stack.messages()), self.everything_in("state")):
            self.assertNotIn(SECRET, where)

    def secret_step_succeeds(self):
        workflow = self.stack.deploy("broken")
        self.stack.wait_state(workflow, {"failed", "succeeded"})
        found = self.stack.workflow(workflow)
        return found["steps"][0]["state"] == "succeeded" and "token ***" in (found["steps"][0]["tail"] or "")

    def everything_in(self, name):
        text = []
        for directory, _, names in os.walk(os.path.join(self.stack.state, name)):
            for path in filter(os.path.isfile, (os.path.join(directory, one) for one in names)):
                with open(path, errors="replace") as file:
                    text.append(file.read())
        return "\n".join(text)

    def test_the_api_is_read_only_and_says_what_there_is(self):
        status, text = fetch(self.stack.address("orchestrator") + "/api/v1/nothing")
        self.assertEqual(status, 404)
        self.assertIn("/api/v1/workflows", text)
        for path, key in (("workflows", "workflows"), ("incidents", "incidents"), ("holds", "holds"),
                          ("history?kind=deployment", "workflows"), ("report?month=2026-11", "report")):
            status, text = fetch(self.stack.address("orchestrator") + "/api/v1/" + path)
            self.assertEqual(status, 200, text)
            self.assertIsInstance(json.loads(text)[key], list)
        deployment = self.stack.deploy()
        self.stack.wait_state(deployment, {"failed", "succeeded"})
        status, text = fetch(self.stack.address("orchestrator") + "/api/v1/workflows/%s/timeline" % deployment)
        self.assertEqual((status, json.loads(text)["timeline"][0]["id"]), (200, 1))
        for path in ("report?month=November", "history?kind=nosuch", "workflows/d-0000000000000/timeline",
                     "workflows/i-0000000000000/timeline", "workflows/%s/nothing" % deployment):
            status, text = fetch(self.stack.address("orchestrator") + "/api/v1/" + path)
            self.assertEqual((status, json.loads(text)["error"]["code"]), (404, "E-NOT-FOUND"))
        status, _ = fetch(self.stack.address("orchestrator") + "/api/v1/workflows", b"{}")
        self.assertEqual(status, 405)


if __name__ == "__main__":
    unittest.main(verbosity=2)
