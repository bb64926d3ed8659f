# SPDX-License-Identifier: Apache-2.0
"""Outages that last, a leader that only seemed dead, and the end of everything at once."""
import json
import os
import signal
import time
import unittest

from stack import StackTest, fetch, send_signal, wait_for


class TwoOrchestrators(StackTest):
    OPTIONS = ("--orchestrators", "2")

    def role(self, part):
        return json.loads(fetch("http://%s/readyz" % part["address"])[1] or "{}").get("role")

    def state_at(self, part, workflow):
        status, text = fetch("http://%s/api/v1/workflows/%s" % (part["address"], workflow))
        return json.loads(text)["state"] if status == 200 else None

    def test_a_frozen_leader_that_wakes_up_does_no_harm(self):
        parts = self.stack.of_kind("orchestrator")
        active = next(part for part in parts if self.role(part) == "active")
        standby = next(part for part in parts if part is not active)
        before = [self.stack.deploy() for _ in range(2)]
        wait_for("its first step runs", lambda: [before[0] + ".1.1", "begin"] in self.stack.ledger_lines())
        send_signal(active["pid"], signal.SIGSTOP)
        try:
            wait_for("the standby leads", lambda: self.role(standby) == "active", 20)
            after = [self.stack.deploy() for _ in range(2)]
            for workflow in before + after:
                wait_for("%s succeeds" % workflow, lambda: self.state_at(standby, workflow) == "succeeded", 60)
        finally:
            os.kill(active["pid"], signal.SIGCONT)
        wait_for("the old one stands by", lambda: self.role(active) == "standby", 20)
        self.assertEqual(self.role(standby), "active")
        last = self.stack.deploy()
        wait_for("%s succeeds" % last, lambda: self.state_at(standby, last) == "succeeded", 30)
        self.check_ledger(before + after + [last])
        for workflow in before + after + [last]:
            self.stack.wait_told(workflow, "succeeded", 60)


class Outages(StackTest):
    def test_postgres_is_away_while_a_step_runs(self):
        workflow, behind = self.stack.deploy(), self.stack.deploy()
        wait_for("its first step runs", lambda: [workflow + ".1.1", "begin"] in self.stack.ledger_lines())
        self.stack.kill("postgres", signal.SIGQUIT)  # what "immediate" is to pg_ctl
        time.sleep(8)  # how long it is away, not a wait
        self.stack.up()
        for one in (workflow, behind):
            self.stack.wait_state(one, "succeeded", 60)
            self.stack.wait_told(one, "succeeded", 60)
        self.check_ledger([workflow, behind])

    def test_the_embedded_broker_begins_a_new_log(self):
        ended = self.stack.deploy()
        self.stack.wait_told(ended, "succeeded", 60)
        running = self.stack.deploy("slow")
        self.stack.wait_told(running, "running", 30)
        self.stack.kill("broker")
        self.stack.up()
        workflow = wait_for("a deployment is taken again", self.try_deploy, 60)
        self.stack.wait_state(workflow, "queued", 30)
        self.stack.type("/deploy", "cancel " + running)
        self.stack.wait_state(running, "cancelled", 60)
        self.stack.wait_state(workflow, "succeeded", 60)
        self.stack.wait_told(running, "cancelled", 60)
        self.stack.wait_told(workflow, "succeeded", 60)
        self.stack.wait_told(ended, "succeeded", 5)

    def try_deploy(self):
        status, answer = self.stack.send(*self.stack.request("/deploy", ""))
        return answer.split("`")[1] if status == 200 and "Got it" in answer else None

    def test_the_end_of_everything_at_once(self):
        workflow = self.stack.deploy()
        wait_for("its first step runs", lambda: [workflow + ".1.1", "begin"] in self.stack.ledger_lines())
        for kind in ("orchestrator", "gateway", "postgres", "broker"):
            self.stack.kill(kind)
        self.stack.up()
        self.stack.wait_state(workflow, "succeeded", 60)
        self.check_ledger([workflow])
        self.stack.wait_told(workflow, "succeeded", 60)

    def test_down_and_up_again_finds_the_state(self):
        workflow = self.stack.deploy()
        self.stack.wait_state(workflow, "succeeded")
        self.stack.stop_and_start()
        self.assertEqual(self.stack.state_of(workflow), "succeeded")
        again = wait_for("a deployment is taken", self.try_deploy, 60)
        self.stack.wait_state(again, "succeeded")


if __name__ == "__main__":
    unittest.main(verbosity=2)
