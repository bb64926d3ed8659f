# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments: every accepted deployment ends, no finished step runs again, nothing overlaps, one root
message each, no hand needed. SLIPWAY_E2E_SEED repeats a run; SLIPWAY_E2E_KILLS (10) says how often each part dies."""
import os
import random
import time
import unittest

from stack import FINAL, StackTest, wait_for

SEED = int(os.environ.get("SLIPWAY_E2E_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
KILLS = int(os.environ.get("SLIPWAY_E2E_KILLS", "10"))


class Kills(StackTest):
    OPTIONS = ("--gateways", "2")

    def setUp(self):
        self.random = random.Random("%d %s" % (SEED, self.id()))
        print("seed %d" % SEED, end=" ", flush=True)

    def deploy(self):
        """Accepted by one of the gateways; a gateway that is dead took nothing."""
        for gateway in range(2):
            status, answer = self.stack.send(*self.stack.request("/deploy", ""), gateway=gateway)
            if status == 200 and "Got it" in answer:
                return answer.split("`")[1]
        return None

    def under_kills(self, *kinds):
        accepted = []
        for _ in range(KILLS):
            accepted.append(self.deploy())
            time.sleep(self.random.uniform(0, 0.9))  # the random moment, not a wait
            for kind in kinds:
                self.stack.kill(kind)
            self.stack.up()
        accepted = [workflow for workflow in accepted if workflow]
        self.assertGreaterEqual(len(accepted), KILLS // 2)
        for workflow in accepted:
            self.stack.wait_state(workflow, FINAL, 90)
            self.assertEqual(self.stack.state_of(workflow), "succeeded")
        self.check_ledger(accepted)
        for workflow in accepted:
            self.stack.wait_told(workflow, "succeeded", 90)

    def test_the_orchestrator(self):
        self.under_kills("orchestrator")

    def test_every_gateway(self):
        self.under_kills("gateway")

    def test_both(self):
        self.under_kills("orchestrator", "gateway")

    def test_postgres(self):
        self.under_kills("postgres")


if __name__ == "__main__":
    unittest.main(verbosity=2)
