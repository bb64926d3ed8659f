#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaking Bot's incidents are taken in, once, and Slipway counts on from them."""
import json
import os
import subprocess
import unittest

from stack import ROOT, StackTest, Stack, fetch, wait_for

ROWS = [
    {"table": "incidents", "id": 42, "title": "the old database", "priority": 1, "created_by": "U0ALICE0001",
     "chat_room_uid": "C0OLD000042", "tracker_uid": "OPS-7", "created_at": "2024-01-24T14:20:00",
     "resolved_at": "2024-01-24T15:00:00", "completed_at": "2024-01-26T09:00:00", "archived_at": "2024-01-26T10:00:00"},
    {"table": "incidents", "id": 43, "title": "open still", "priority": 2, "created_by": "U0ALICE0001",
     "created_at": "2024-02-01T00:00:00", "archived_at": None},
    {"table": "log", "id": 1, "incident_id": 42, "type": "note", "text": "a disk was full",
     "created_by": "U0ALICE0001", "created_at": "2024-01-24T14:30:00", "context_url": None},
    {"table": "usercache", "chat_user_id": "U0ALICE0001", "name": "Alice"},
]


class Import(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(environment={"SLIPWAY_CONFIG": ""})
        cls.addClassCleanup(cls.stack.down)

    def run_import(self, rows):
        path = os.path.join(self.stack.dir, "export.jsonl")
        with open(path, "w") as file:
            file.write("".join(json.dumps(row) + "\n" for row in rows))
        program = os.path.join(os.environ.get("SLIPWAY_BUILD", os.path.join(ROOT, "build")), "bin", "slipway")
        environment = dict(os.environ, SLIPWAY_DATABASE_URL_FILE=os.path.join(self.stack.state, "secrets",
                                                                                  "SLIPWAY_DATABASE_URL"))
        return subprocess.run([program, "import", "breakingbot", path], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)

    def test_history_is_taken_in_once(self):
        refused = self.run_import(ROWS)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("an orchestrator is running", refused.stdout)
        self.stack.kill("orchestrator")
        done = wait_for("it is imported", lambda: (lambda one: one if one.returncode == 0 else None)(
            self.run_import(ROWS)), every_s=0.5)
        self.assertIn("1 incidents imported, 0 were here already", done.stdout)
        self.assertIn("1 left out because they have not ended", done.stdout)
        again = self.run_import(ROWS)
        self.assertIn("0 incidents imported, 1 were here already", again.stdout)
        other = self.run_import([dict(ROWS[0], created_at="2025-01-01T00:00:00")])
        self.assertIn("1 left out because their number is taken", other.stdout)
        self.stack.up()
        self.stack.say("C0INCIDENT1", ".start P3 a new one")
        new = wait_for("a new incident", lambda: next(iter(self.stack.incidents()), None))
        self.assertEqual(new["detail"]["number"], 43)
        history = json.loads(fetch(self.stack.address("orchestrator") + "/api/v1/history?kind=incident")[1])
        self.assertIn("the old database", [one["detail"]["title"] for one in history["workflows"]])
        ts = self.stack.say("C0INCIDENT1", ".history #42")
        wait_for("its timeline", lambda: "a disk was full" in json.dumps(self.stack.answers_to("C0INCIDENT1", ts)))


if __name__ == "__main__":
    unittest.main()
