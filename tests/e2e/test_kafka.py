# SPDX-License-Identifier: Apache-2.0
"""The same voyage on a real Apache Kafka, which also dies once."""
import unittest

from stack import StackTest, wait_for


class RealKafka(StackTest):
    OPTIONS = ("--kafka",)

    def test_a_deployment(self):
        workflow = self.stack.deploy()
        self.stack.wait_state(workflow, "succeeded")
        self.stack.wait_told(workflow, "succeeded", 60)
        self.check_ledger([workflow])

    def test_the_orchestrator_dies(self):
        workflow = self.stack.deploy()
        wait_for("its first step runs", lambda: [workflow + ".1.1", "begin"] in self.stack.ledger_lines())
        self.stack.kill("orchestrator")
        self.stack.up()
        self.stack.wait_state(workflow, "succeeded")
        self.check_ledger([workflow])

    def test_kafka_dies(self):
        before = self.stack.deploy()
        wait_for("its first step runs", lambda: [before + ".1.1", "begin"] in self.stack.ledger_lines())
        self.stack.kill("broker")
        status, answer = self.stack.send(*self.stack.request("/deploy", ""))
        self.assertEqual(status, 200)
        self.assertNotIn("Got it", answer)
        self.stack.up()
        after = wait_for("a deployment is taken again", self.try_deploy, 60)
        for workflow in (before, after):
            self.stack.wait_state(workflow, "succeeded", 60)
            self.stack.wait_told(workflow, "succeeded", 60)

    def try_deploy(self):
        status, answer = self.stack.send(*self.stack.request("/deploy", ""))
        return answer.split("`")[1] if status == 200 and "Got it" in answer else None


if __name__ == "__main__":
    unittest.main(verbosity=2)
