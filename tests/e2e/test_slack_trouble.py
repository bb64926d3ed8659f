# SPDX-License-Identifier: Apache-2.0
"""Slack has a bad day: deployments end as if it were well, and each is told by one true message in the end."""
import time
import unittest

from stack import StackTest, wait_for

RANDOM = "C0RANDOM001"  # the app is not in this channel


class SlackTrouble(StackTest):
    def check_all(self, workflows):
        for workflow in workflows:
            self.stack.wait_state(workflow, "succeeded", 60)
        self.check_ledger(workflows)

    def check_told(self, workflows):
        for workflow in workflows:
            self.stack.wait_told(workflow, "succeeded", 90)

    def test_503_for_15_seconds_then_429s_and_lost_replies(self):
        self.stack.fault(method="chat.*", kind="http_503_html")
        workflows = [self.stack.deploy() for _ in range(4)]
        began = time.monotonic()
        self.check_all(workflows)
        time.sleep(max(0, 15 - (time.monotonic() - began)))  # how long Slack is away, not a wait
        self.stack.no_faults()
        self.stack.fault(method="chat.*", kind="rate_limit", probability=0.2, retry_after=1)
        self.stack.fault(method="chat.*", kind="lost_reply", probability=0.1)
        workflows += [self.stack.deploy() for _ in range(6)]
        self.check_all(workflows)
        self.check_told(workflows)
        self.stack.no_faults()
        for workflow in workflows:
            self.assertEqual(len(self.stack.roots(workflow)), 1)

    def test_a_public_channel_that_the_app_is_not_in_is_joined(self):
        def posted():
            return [message for message in self.stack.messages() if message["channel"] == RANDOM
                    and (message.get("metadata") or {}).get("event_type")]
        self.stack.type("/deploy", channel=RANDOM)
        message = wait_for("the live message is in #random", posted)[0]
        workflow = message["metadata"]["event_payload"]["workflow"]
        self.stack.wait_told(workflow, "succeeded")
        self.assertEqual(len(self.stack.roots(workflow)), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
