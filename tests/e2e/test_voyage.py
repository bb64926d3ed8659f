# SPDX-License-Identifier: Apache-2.0
"""The first voyage: from `/deploy` to the end, and what people do on the way."""
import json
import os
import subprocess
import threading
import time
import unittest

from records import headers_of, validate
from stack import ROOT, StackTest, fetch, wait_for

SLIPWAY = os.path.join(os.environ.get("SLIPWAY_BUILD", os.path.join(ROOT, "build")), "bin", "slipway")


class Voyage(StackTest):
    def test_a_deployment_from_the_command_to_the_end(self):
        began = time.monotonic()
        workflow = self.stack.deploy()
        self.assertLess(time.monotonic() - began, 1)
        self.assertRegex(workflow, r"^d-[0-9a-hjkmnp-tv-z]{13}$")
        self.stack.wait_state(workflow, "succeeded")
        message = self.stack.wait_told(workflow, "succeeded")
        self.assertEqual(message["channel"], "C0DEPLOYS01")
        self.assertTrue(message["text"])
        self.check_ledger([workflow])
        found = self.stack.workflow(workflow)
        self.assertEqual([step["name"] for step in found["steps"]], ["build", "test", "deploy"])
        self.assertEqual({step["exit_code"] for step in found["steps"]}, {0})
        self.assertIsNone(found["position"])

    def test_check_status_tells_the_truth_at_every_stage(self):
        running, queued = self.stack.deploy("slow"), self.stack.deploy()
        self.stack.wait_state(running, "running")
        for workflow, word in ((running, "running"), (queued, "queued")):
            self.stack.type("/check_status", workflow)
            wait_for("%s is said to be %s" % (workflow, word), lambda: any(
                word in json.dumps(message).lower() for message in self.stack.private(workflow)), 3)
        self.stack.type("/check_status", "d-zzzzzzzzzzzzz")
        wait_for("there is no such workflow", lambda: self.stack.private("d-zzzzzzzzzzzzz"), 3)
        self.stack.type("/deploy", "cancel " + running)
        self.assertEqual(self.stack.wait_state(running, {"cancelled"}), "cancelled")
        self.stack.wait_state(queued, "succeeded")
        self.stack.wait_told(running, "cancelled")

    def test_what_a_step_prints_is_seen_while_it_runs(self):
        workflow = self.stack.deploy("talks")
        tail_of = lambda step: self.stack.workflow(workflow)["steps"][step]["tail"]
        self.stack.wait_state(workflow, "running")
        wait_for("the first step runs and has printed nothing", lambda: tail_of(0) == "")
        self.assertIsNone(tail_of(1))
        self.stack.tell_step(workflow, "waiting for the lock\n")
        wait_for("the second step says what it waits for", lambda: tail_of(1) == "hello\nwaiting for the lock")
        self.stack.tell_step(workflow, "half a li")
        wait_for("and more", lambda: tail_of(1) == "hello\nwaiting for the lock\nhalf a li")
        line = json.loads(fetch(self.stack.address("orchestrator") + "/api/v1/workflows")[1])["workflows"]
        self.assertEqual([one["steps"][1]["tail"] for one in line if one["id"] == workflow], [tail_of(1)])
        self.assertEqual(self.stack.workflow(workflow)["steps"][1]["state"], "running")
        said = subprocess.run([SLIPWAY, "status", workflow], stdout=subprocess.PIPE, text=True,
                              env={"SLIPWAY_ORCHESTRATOR_LISTEN": self.stack.of_kind("orchestrator")[0]["address"]}).stdout
        self.assertIn("    | waiting for the lock\n    | half a li\n", said)
        self.stack.type("/deploy", "cancel " + workflow)
        self.stack.wait_state(workflow, "cancelled")
        self.assertEqual(tail_of(1), "hello\nwaiting for the lock\nhalf a li")

    def test_the_button_cancels(self):
        workflow = self.stack.deploy("slow")
        message = self.stack.wait_told(workflow, "running")
        self.stack.click(message, "cancel")
        self.stack.wait_state(workflow, "cancelled")
        told = self.stack.wait_told(workflow, "cancelled")
        self.assertNotIn('"cancel"', json.dumps(told["blocks"] if "blocks" in told else ""))

    def test_a_guest_may_not_deploy_not_even_at_first(self):
        """Of a gateway that has just started, which knows nobody yet."""
        self.stack.kill("gateway")
        self.stack.up()
        self.stack._sandbox("commands", {"user": "gus", "channel": "C0DEPLOYS01", "command": "/deploy", "text": "slow"})
        refused = wait_for("the guest is refused", lambda: self.stack.private("E-GUEST"), 10)
        self.assertEqual(refused[0]["ephemeral_for"], "U0GUS000001")
        self.assertEqual(fetch(self.stack.address("orchestrator") + "/api/v1/workflows")[1].count('"slow"'), 0)

    def test_one_in_line_can_leave(self):
        first, second = self.stack.deploy("slow"), self.stack.deploy()
        self.stack.wait_state(second, "queued")
        self.stack.type("/deploy", "cancel " + second)
        self.stack.wait_state(second, "cancelled")
        self.assertEqual(self.stack.state_of(first), "running")
        self.stack.type("/deploy", "cancel " + first)
        self.stack.wait_state(first, "cancelled")

    def test_a_failure_says_where_and_why(self):
        workflow = self.stack.deploy("broken")
        self.stack.wait_state(workflow, "failed")
        message = self.stack.wait_told(workflow, "failed")
        self.assertIn("it does not work", json.dumps(message))
        found = self.stack.workflow(workflow)
        self.assertEqual(found["steps"][1]["exit_code"], 3)
        self.assertEqual(found["error"]["code"], "E-STEP-FAILED")

    def test_an_unknown_end_waits_for_a_human(self):
        workflow, behind = self.stack.deploy("lost"), self.stack.deploy()
        self.stack.wait_state(workflow, "running")
        attempt = workflow + ".1.1"
        wait_for("its step runs", lambda: [attempt, "begin"] in self.stack.ledger_lines(".lost"))
        for supervisor in supervisors(attempt):
            os.kill(supervisor, 9)
        self.stack.wait_state(workflow, "needs_a_human")
        message = self.stack.wait_told(workflow, "needs a human")
        self.assertEqual(self.stack.state_of(behind), "queued")
        self.stack.click(message, "retry")
        self.stack.wait_state(workflow, "succeeded")
        self.stack.wait_state(behind, "succeeded")

    def test_a_refused_deploy_says_why_in_private(self):
        workflow = self.stack.type("/deploy", "siet")["shown"].split("`")[1]
        self.stack.wait_state(workflow, "rejected")
        wait_for("the reason is told", lambda: self.stack.private("siet"), 5)
        self.assertEqual(self.stack.roots(workflow), [])

    def test_a_wrong_signature_gets_a_constant_401(self):
        body, headers = self.stack.request("/deploy", "")
        headers["X-Slack-Signature"] = "v0=" + "0" * 64
        self.assertEqual(self.stack.send(body, headers)[0], 401)

    def test_an_orchestrator_killed_in_the_middle_goes_on(self):
        workflow = self.stack.deploy()
        wait_for("its first step runs", lambda: [workflow + ".1.1", "begin"] in self.stack.ledger_lines())
        self.stack.kill("orchestrator")
        self.stack.up()
        self.stack.wait_state(workflow, "succeeded")
        self.stack.wait_told(workflow, "succeeded")
        self.check_ledger([workflow])


def subject(record):
    return headers_of(record).get("ce_subject")


def supervisors(attempt):
    """Process ids of slipway-step whose run directory is this attempt's, and of what it runs."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as file:
                runs_it = ("SLIPWAY_ATTEMPT=" + attempt).encode() in file.read()
            with open("/proc/%s/stat" % pid) as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if runs_it:
            found += [parent] if parent > 1 and is_supervisor(parent) else []
            found.append(int(pid))
    return sorted(set(found), key=lambda pid: not is_supervisor(pid))


def is_supervisor(pid):
    try:
        return os.path.basename(os.readlink("/proc/%d/exe" % pid)) == "slipway-step"
    except OSError:
        return False


class ThreeGateways(StackTest):
    OPTIONS = ("--gateways", "3", "--orchestrators", "2")

    def test_ten_at_once_run_one_at_a_time_in_order(self):
        workflows = [None] * 10

        def ask(index):
            workflows[index] = self.stack.deploy(gateway=index % 3)

        threads = [threading.Thread(target=ask, args=(index,)) for index in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(workflows)), 10)
        for workflow in workflows:
            self.stack.wait_state(workflow, "succeeded", 60)
        self.check_ledger(workflows)
        asked = [workflow for workflow in map(subject, self.stack.read_topic("slipway.commands")) if workflow in workflows]
        found = [self.stack.workflow(workflow) for workflow in dict.fromkeys(asked)]
        self.assertEqual(len(found), 10)
        for before, after in zip(found, found[1:]):
            self.assertLessEqual(before["finished_at"], after["started_at"])
        for workflow in workflows:
            self.stack.wait_told(workflow, "succeeded", 60)

    def test_the_same_signed_request_five_times_is_one_deployment(self):
        body, headers = self.stack.request("/deploy", "")
        answers = [self.stack.send(body, headers, gateway=index % 3) for index in range(5)]
        self.assertEqual({status for status, _ in answers}, {200})
        ids = {answer.split("`")[1] for _, answer in answers}
        self.assertEqual(len(ids), 1)
        workflow = ids.pop()
        self.stack.wait_state(workflow, "succeeded")
        self.stack.wait_told(workflow, "succeeded")
        self.check_ledger([workflow])

    def test_a_standby_takes_over(self):
        roles = [json.loads(self.ready(index))["role"] for index in range(2)]
        self.assertEqual(sorted(roles), ["active", "standby"])
        workflow = self.stack.deploy("slow")
        self.stack.wait_state(workflow, "running")
        active = self.stack.of_kind("orchestrator")[roles.index("active")]
        os.kill(active["pid"], 15)
        standby = roles.index("standby")
        wait_for("the standby leads", lambda: '"active"' in self.ready(standby), 10)
        self.stack.type("/deploy", "cancel " + workflow)
        wait_for("it is cancelled", lambda: self.cancelled(workflow, standby), 30)
        self.stack.up()

    def ready(self, index):
        return fetch(self.stack.address("orchestrator", index) + "/readyz")[1]

    def cancelled(self, workflow, index):
        status, text = fetch(self.stack.address("orchestrator", index) + "/api/v1/workflows/" + workflow)
        return status == 200 and json.loads(text)["state"] == "cancelled"


class Story(StackTest):
    """What a second consumer in another language can know: headers and JSON alone."""

    def test_kcat_tells_the_story(self):
        workflow = self.stack.deploy()
        self.stack.wait_state(workflow, "succeeded")
        self.stack.wait_told(workflow, "succeeded")
        wait_for("the message's own event", lambda: "posted" in self.names(workflow))
        records = self.records(workflow)
        seen = {}
        for headers, value, key in records:
            self.assertEqual(headers["ce_specversion"], "1.0")
            self.assertEqual(headers["content-type"], "application/json")
            self.assertEqual(headers["ce_id"], "%s:%s" % (workflow, headers["ce_slipwayseq"]))
            self.assertEqual(key, "T0SANDBOX01/C0DEPLOYS01")
            self.assertEqual(str(value["n"]), headers["ce_slipwayseq"])
            validate(headers["ce_type"], value)
            seen.setdefault(value["n"], headers["ce_type"].split(".")[2])
        self.assertEqual(sorted(seen), list(range(1, len(seen) + 1)))
        self.assertEqual(seen[1], "queued")
        self.assertEqual(seen[2], "started")
        self.assertIn("succeeded", seen.values())

    def records(self, workflow):
        found = []
        for record in self.stack.read_topic("slipway.events"):
            headers = headers_of(record)
            if headers.get("ce_subject") == workflow:
                found.append((headers, json.loads(record["payload"]), record["key"]))
        return sorted(found, key=lambda one: int(one[0]["ce_slipwayseq"]))

    def names(self, workflow):
        return [headers["ce_type"].split(".")[2] for headers, _, _ in self.records(workflow)]


if __name__ == "__main__":
    unittest.main(verbosity=2)
