#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole Slipway over Socket Mode (./deploy/up --socket): what people do goes through, and nothing of it is lost or done
twice when connections are refreshed, gateways die or Kafka is away."""
import collections
import json
import random
import re
import signal
import threading
import time
import unittest

import test_interactivity
from records import headers_of
from stack import Stack, StackTest, fetch, fetch_delete, wait_for

MAIN = "C0INCIDENT1"
ENVIRONMENT = {"SLIPWAY_CONFIG": ""}  # the sample


class Typist(threading.Thread):
    """Types the same command again and again, as one who waits for each answer and then for a breath: without it three of
    them keep a whole processor busy."""

    def __init__(self, stack, command, text):
        super().__init__()
        self.stack, self.line, self.answers, self.ended = stack, (command, text), [], threading.Event()

    def run(self):
        while not self.ended.wait(0.01):
            self.answers.append(self.stack.type(*self.line))

    def end(self):
        self.ended.set()
        self.join()
        return self.answers


class SocketTest(StackTest):
    GATEWAYS = 2

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("--socket", "--gateways", str(cls.GATEWAYS), environment=ENVIRONMENT)
        cls.addClassCleanup(cls.stack.down)

    def setUp(self):
        self.wait_connections(2 * self.GATEWAYS)

    def socket(self):
        return self.stack._sandbox("socket")

    def wait_connections(self, count):
        wait_for("%d connections" % count, lambda: len(self.socket()["connections"]) == count)

    def counted(self, what):
        return self.socket()["counts"][what]

    def metric(self, name):
        return sum(float(line.rsplit(" ", 1)[1]) for part in self.stack.of_kind("gateway")
                   for line in fetch("http://%s/metrics" % part["admin"])[1].splitlines() if line.startswith(name))

    def id_of(self, answer):
        """The deployment's, from what the person was shown."""
        self.assertRegex(answer["shown"], "Got it: deployment `d-[0-9a-z]{13}`")
        return re.search("`(d-[0-9a-z]{13})`", answer["shown"]).group(1)

    def deploy(self, text="demo SLEEP=0"):
        return self.id_of(self.stack.type("/deploy", text))

    def check_done(self, workflows):
        """Each once: one workflow by each command, with one message."""
        self.assertEqual(len(set(workflows)), len(workflows))
        for workflow in workflows:
            self.stack.wait_state(workflow, "succeeded", 90)
            self.stack.wait_told(workflow, "succeeded", 90)


class SocketMode(SocketTest):
    def test_a_deployment_and_its_button(self):
        acknowledged = self.counted("acknowledged")
        workflow = self.deploy("demo SLEEP=60")
        self.stack.click(self.stack.wait_told(workflow, "running"), "cancel")
        self.stack.wait_state(workflow, "cancelled")
        self.check_done([self.deploy()])
        self.assertGreaterEqual(self.counted("acknowledged") - acknowledged, 3)
        self.assertEqual(self.metric('slipway_signatures_total'), 0)  # nothing came by HTTP

    def test_an_incident_by_words(self):
        said = self.stack.say(MAIN, ".start P3 the socket is wet")
        wait_for("it is answered", lambda: self.stack.answers_to(MAIN, said))
        channel = wait_for("a channel is made", lambda: self.stack.channel_named("inc-"))
        for word in (".point me", ".note by socket", ".all-clear"):
            said = self.stack.say(channel, word)
            wait_for("%s is answered" % word, lambda: self.stack.answers_to(channel, said))
        incident = wait_for("it is known", lambda: [one for one in self.stack.incidents()
                                                    if one["detail"]["title"] == "the socket is wet"])[0]
        self.assertEqual(incident["detail"]["roles"]["point"], "U0ALICE0001")
        self.assertGreater(self.metric('slipway_socket_envelopes_total{type="events_api",outcome="acknowledged"'), 3)

    def test_connections_are_refreshed_and_nothing_is_lost_or_comes_twice(self):
        """Connections of four seconds: each gateway opens the next one while people type. An envelope that crosses the
        gateway's close on its way is delivered again, by another connection and as the same command."""
        before = self.socket()
        self.stack._sandbox("socket", {"life_s": 4})
        self.addCleanup(self.stack._sandbox, "socket", {"life_s": 3600})
        self.stack._sandbox("socket", {"disconnect": "warning"})
        typists = [Typist(self.stack, "/check_status", "d-000000000000%d" % number) for number in range(4)]
        for typist in typists:
            typist.start()
        seen = {connection["id"] for connection in before["connections"]}
        fewest = len(seen)

        def twelve_more():
            nonlocal fewest
            there = self.socket()["connections"]
            seen.update(connection["id"] for connection in there)
            fewest = min(fewest, len(there))
            return len(seen) >= 16
        deployed = [self.deploy() for _ in range(3)]
        wait_for("connections come and go", twelve_more, 60, 0.02)
        answers = [answer for typist in typists for answer in typist.end()]
        self.assertGreater(len(answers), 100)
        self.assertEqual([answer for answer in answers if not answer["ok"] or not answer["shown"]], [])
        self.assertGreater(fewest, 0)
        counts = self.socket()["counts"]
        again = counts["repeated"] - before["counts"]["repeated"]
        self.assertEqual(counts["failed"], before["counts"]["failed"])
        self.assertLessEqual(again, len(seen))
        ids = collections.Counter(pairs["ce_id"] for pairs in map(headers_of, self.stack.read_topic("slipway.commands")))
        records = [ids["cmd:A0SLIPWAY01:" + answer["trigger_id"]] for answer in answers]
        self.assertEqual(records.count(0), 0)
        self.assertLessEqual(sum(records) - len(records), again)
        self.check_done(deployed)

    def test_gateways_are_killed(self):
        """What one of them took with it the other gets; the command that it had published already is the same one."""
        typists = [Typist(self.stack, "/check_status", "d-000000000000%d" % number) for number in range(3)]
        for typist in typists:
            typist.start()
        deployed = []
        for victim in (0, 1, 0):
            person = threading.Thread(target=lambda: deployed.append(self.deploy()))
            person.start()
            time.sleep(random.uniform(0, 0.05))  # when it dies, not a wait
            self.stack.kill("gateway", only=victim)
            person.join()
            self.stack.up()
        answers = [answer for typist in typists for answer in typist.end()]
        self.assertEqual([answer for answer in answers if not answer["ok"]], [])
        self.assertEqual(len(deployed), 3)
        self.check_done(deployed)

    def test_all_gateways_are_killed(self):
        self.stack.kill("gateway")
        typed = []
        person = threading.Thread(target=lambda: typed.append(self.stack.type("/deploy", "demo SLEEP=0")))
        person.start()
        self.stack.up()
        person.join()
        self.assertIn(typed[0]["error"], (None, "dispatch_failed"))  # it depends on how long the start took
        self.check_done([self.deploy()] + ([self.id_of(typed[0])] if typed[0]["ok"] else []))

    def test_kafka_is_away(self):
        """Nothing is acknowledged, it is delivered again, and it is one command."""
        repeated = self.counted("repeated")
        known = {message["ts"] for message in self.stack.private("Got it")}
        typed = []
        person = threading.Thread(target=lambda: typed.append(self.stack.type("/deploy", "demo SLEEP=0")))
        self.stack.kill("broker", signal.SIGSTOP)
        try:
            person.start()
            wait_for("it is delivered again", lambda: self.counted("repeated") > repeated)
            self.assertEqual(typed, [])
        finally:
            self.stack.kill("broker", signal.SIGCONT)
        person.join()
        self.assertIsNone(typed[0]["error"])
        told = wait_for("the person hears its id", lambda: [message for message in self.stack.private("Got it")
                                                            if message["ts"] not in known])
        self.check_done([self.id_of({"shown": told[0]["text"]})])

    def test_the_simulator_dies_and_comes_back(self):
        self.stack.kill("slack")
        self.stack.up()
        self.wait_connections(2 * self.GATEWAYS)
        self.check_done([self.deploy()])

    def test_http_is_there_too(self):
        """Signed requests are taken as ever."""
        fetch_delete(self.stack.address("slack") + "/sandbox/v1/socket")
        self.addCleanup(self.stack._sandbox, "socket", {"disconnect": "refresh_requested"})  # and new ones are opened
        before = self.metric("slipway_signatures_total")
        self.check_done([self.deploy()])
        self.assertGreater(self.metric("slipway_signatures_total"), before)


class Interactivity(SocketTest, test_interactivity.Interactivity):
    GATEWAYS = 1


if __name__ == "__main__":
    unittest.main(verbosity=2)
