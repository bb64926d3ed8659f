# SPDX-License-Identifier: Apache-2.0
"""What the orchestrator's core says in the lives of tests/fixtures/views is what the schemas of proto/ promise others."""
import glob
import json
import os
import unittest

from records import validate
from stack import ROOT

FILES = sorted(glob.glob(os.path.join(ROOT, "tests", "fixtures", "views", "*.json")))


def turns():
    for path in FILES:
        with open(path) as file:
            for number, turn in enumerate(json.load(file)["turns"]):
                yield "%s, turn %d: %s" % (os.path.basename(path), number, turn["said"]), turn


def records(turn):
    """(ce_type, value) of what the engine writes of it: each order with an event of its own, a reply with a view."""
    orders = iter(turn["orders"])
    for name in turn["events"]:
        yield ("slipway.%s.%s.v1" % (turn["view"]["kind"], name),
               dict(turn["view"], order=next(orders) if name == "ordered" else None))
    if turn["reply"]:
        yield "slipway.reply.%s.v1" % turn["reply"]["name"], dict(turn["reply"], view=turn["reply"]["view"] or turn["view"])


class Samples(unittest.TestCase):
    def test_every_turn(self):
        self.assertGreater(len(FILES), 8)
        kinds = set()
        for where, turn in turns():
            for kind, value in records(turn):
                kinds.add(kind)
                with self.subTest(where):
                    validate(kind, value)
        for kind in ("incident.ordered", "incident.archived", "deployment.failed", "reply.refused", "reply.accepted"):
            self.assertIn("slipway.%s.v1" % kind, kinds)


if __name__ == "__main__":
    unittest.main(verbosity=2)
