#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments while incidents are declared and worked on: each has one channel, one headline, one
introduction, no word is lost or answered twice. SLIPWAY_E2E_SEED repeats a run."""
import collections
import os
import random
import time
import unittest

from stack import Stack, StackTest, wait_for

SEED = int(os.environ.get("SLIPWAY_E2E_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
ROUNDS = int(os.environ.get("SLIPWAY_E2E_KILLS", "3"))
MAIN = "C0INCIDENT1"
WORDS = (".point", ".comms", ".summary what is known", ".priority 3", ".blocked the crane => slack water", ".unblockall",
         ".mitigated", ".resolve", ".unresolve", ".component crane", ".genesis 5 minutes ago")


class IncidentKills(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("--gateways", "2", "--orchestrators", "2", environment={"SLIPWAY_CONFIG": ""})
        cls.addClassCleanup(cls.stack.down)

    def setUp(self):
        self.random = random.Random("%d %s" % (SEED, self.id()))
        self.before = {one["id"] for one in self.stack.incidents()}
        self.declared, self.said = [], []
        print("seed %d" % SEED, end=" ", flush=True)

    def say(self, channel, text):
        self.said.append((channel, self.stack.say(channel, text), text))

    def channels(self):
        mine = {(one["detail"].get("channel") or {}).get("id") for one in self.mine()}
        return [channel for channel in self.stack._sandbox("channels")["channels"]
                if channel["id"] in mine and "U0ALICE0001" in channel["members"]]

    def mine(self):
        return [one for one in self.stack.incidents() if one["id"] not in self.before]

    def one_round(self, kinds):
        for _ in range(self.random.randint(1, 2)):
            self.declared.append("%s %d" % (self._testMethodName, len(self.declared)))
            self.say(MAIN, ".start P%d %s" % (self.random.randint(1, 4), self.declared[-1]))
        for channel in self.channels():
            self.say(channel["id"], self.random.choice(WORDS))
            self.say(channel["id"], ".note %d" % len(self.said))
        time.sleep(self.random.uniform(0, 0.4))  # the random moment, not a wait
        for kind in kinds:
            self.stack.kill(kind)
        self.stack.up()

    def unanswered(self):
        messages = {(message["channel"], message["ts"]): message for message in self.stack.messages()}
        return [text for channel, ts, text in self.said if not messages[channel, ts].get("reactions")]

    def under_kills(self, *kinds):
        for _ in range(ROUNDS):
            self.one_round(kinds)
        wait_for("every incident is there", lambda: len(self.mine()) >= len(self.declared), 90)
        wait_for("each has its channel", lambda: len(self.channels()) >= len(self.declared), 90)
        wait_for("every word has its reaction", lambda: not self.unanswered(), 90)
        wait_for("each is introduced", lambda: all(self.introductions(channel["id"]) for channel in self.channels()), 90)
        wait_for("each has its headline", lambda: all(self.headlines(one["id"]) for one in self.mine()), 90)
        self.judge()

    def headlines(self, incident):
        payloads = [(message.get("metadata") or {}).get("event_payload", {}) for message in self.stack.messages()]
        return [payload for payload in payloads if payload.get("workflow") == incident and not payload.get("order")
                and not payload.get("command")]

    def introductions(self, channel):
        return [message for message in self.stack.messages() if message["channel"] == channel
                and not message.get("deleted") and "This is the channel of incident" in (message.get("text") or "")]

    def judge(self):
        incidents, channels = self.mine(), self.channels()
        self.assertEqual(sorted(one["detail"]["title"] for one in incidents), sorted(self.declared))
        self.assertEqual(len({one["detail"]["number"] for one in incidents}), len(self.declared))
        self.assertEqual(len(channels), len(self.declared))
        for channel in channels:
            self.assertEqual(len(self.introductions(channel["id"])), 1, channel["name"])
        posts = collections.Counter()
        for message in self.stack.messages():
            payload = (message.get("metadata") or {}).get("event_payload", {})
            if payload and not message.get("deleted"):
                posts[payload.get("workflow"), payload.get("order"), payload.get("command")] += 1
        self.assertEqual([what for what, times in posts.items() if times > 1], [])
        for one in incidents:
            self.assertEqual(posts[one["id"], None, None], 1, "the headline of %s" % one["id"])
            self.assertEqual(one["detail"]["failed_orders"], [])

    def test_the_orchestrators(self):
        self.under_kills("orchestrator")

    def test_every_gateway(self):
        self.under_kills("gateway")

    def test_postgres_and_everybody(self):
        self.under_kills("postgres", "orchestrator", "gateway")


if __name__ == "__main__":
    unittest.main(verbosity=2)
