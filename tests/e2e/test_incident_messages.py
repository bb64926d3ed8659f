#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people see of two incidents from beginning to end, while every gateway is killed and Slack has a bad time: one
headline each, edited in place, never back to what was; one introduction; the topic follows; nothing twice, nothing lost."""
import json
import unittest

from stack import Stack, StackTest, wait_for

MAIN = "C0INCIDENT1"
METHODS, KINDS = ("chat.postMessage", "chat.update", "conversations.setTopic"), ("lost_reply", "rate_limit", "http_503_html")
DEADLINE_S = 60


class Incident:
    """As it is seen in Slack, and as its events on Kafka want it to be seen."""

    def __init__(self, stack, title, priority):
        self.stack, self.title = stack, title
        self.said = [(MAIN, stack.say_heard(MAIN, ".start %s %s" % (priority, title)))]

    def find(self):
        found = wait_for("the incident", lambda: next(
            (one for one in self.stack.incidents() if one["detail"]["title"] == self.title), None), DEADLINE_S)
        self.id = found["id"]
        self.channel = wait_for("its channel", lambda: self.stack.channel_named("inc-%d" % found["detail"]["number"]),
                                DEADLINE_S)

    def say(self, *words):
        for text in words:
            self.said.append((self.channel, self.stack.say_heard(self.channel, text)))

    def messages(self, headline):
        """All that was ever posted for it, also what was deleted: those of orders by key, or the headlines."""
        found = {}
        for message in self.stack._sandbox("messages?deleted=1")["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload", {})
            if payload.get("workflow") == self.id and not payload.get("command") and bool(payload.get("order")) != headline:
                found.setdefault(payload.get("order"), []).append(message)
        return found

    def headlines(self):
        return self.messages(True).get(None, [])

    def topic(self):
        room = next(room for room in self.stack._sandbox("channels")["channels"] if room["id"] == self.channel)
        return room["topic"]["value"]

    def posts_ordered(self):
        orders = [json.loads(record["payload"])["order"] for record in self.stack.read_topic("slipway.events")
                  if self.id in record["payload"]]
        return {order["key"] for order in orders if order and order["verb"] == "post"}

    def wait_seen(self, headline, topic):
        """The newest state, in the headline and in the topic."""
        def seen():
            found = self.headlines()
            return found and headline in json.dumps(found[0]["blocks"]) and topic in self.topic()
        wait_for("%s: the headline says %r, the topic %r" % (self.title, headline, topic), seen, DEADLINE_S)


class IncidentMessages(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("--gateways", "2", environment={"SLIPWAY_CONFIG": ""})
        cls.addClassCleanup(cls.stack.down)

    def kill_gateways(self):
        """What comes of the words may not have begun."""
        self.stack.kill("gateway")
        self.stack.up()

    def trouble(self):
        for kind in KINDS:
            for method in METHODS:
                self.stack.fault(method=method, kind=kind, count=1, retry_after=1)

    def judge(self, incident, states):
        headlines = incident.headlines()
        self.assertEqual([(one["channel"], bool(one.get("deleted"))) for one in headlines], [(MAIN, False)])
        told = [version["text"] for version in headlines[0]["history"]]
        left = list(states)
        for text in told:
            while left and left[0] not in text:
                left.pop(0)
            self.assertTrue(left, "back to what was: %s" % told)
        self.assertEqual(left, states[-1:], told)
        posts = incident.messages(False)
        self.assertEqual(set(posts), incident.posts_ordered())
        self.assertEqual({key: len(found) for key, found in posts.items() if len(found) != 1}, {})
        found = self.stack.workflow(incident.id)["detail"]
        self.assertEqual((found["failed_orders"], found["outstanding"]), ([], []))

    def judge_answers(self, incident):
        """For gateways that were killed the others answer, once Kafka has given up on those."""
        def reactions():
            messages = {(message["channel"], message["ts"]): message for message in self.stack.messages()}
            return [(messages[where]["text"], len(messages[where].get("reactions", []))) for where in incident.said]
        wait_for("every word of %s is answered" % incident.title, lambda: all(count for _, count in reactions()),
                 DEADLINE_S)
        self.assertEqual([one for one in reactions() if one[1] != 1], [])

    def judge_intro(self, incident):
        posted = [message for message in self.stack.messages() if message["channel"] == incident.channel
                  and "This is the channel of incident" in message["text"]]
        self.assertEqual(len(posted), 1)
        room = next(room for room in self.stack._sandbox("channels")["channels"] if room["id"] == incident.channel)
        self.assertEqual(json.dumps(room["pins"]).count(posted[0]["ts"]), 1)

    def settle(self, incident):
        wait_for("every order has its receipt", lambda: not self.stack.workflow(incident.id)["detail"]["outstanding"],
                 DEADLINE_S)

    def test_two_lives(self):
        crane = Incident(self.stack, "The crane & <the> tide", "P3")
        crane.find()
        crane.say(".point", ".comms")
        crane.wait_seen("acknowledged", "Comms: <@U0ALICE0001>")
        self.trouble()
        drill = Incident(self.stack, "A drill", "P4")
        crane.say(".p1 it spreads", ".mitigate", ".p2 less now")
        self.kill_gateways()
        crane.wait_seen("mitigated", ":fire: [P2] *THE CRANE &amp; &lt;THE&gt; TIDE*")
        drill.find()
        drill.say(".point", ".cancel it was one")
        crane.say(".resolve", ".unresolve", ".p3", ".resolve", ".complete")
        crane.wait_seen("completed", ":sunny: [P3]")
        drill.wait_seen("cancelled", ":sunny: [P4] *A DRILL*")
        for incident, states in ((crane, ["started", "acknowledged", "P1 acknowledged", "P1 mitigated", "P2 mitigated",
                                          "P2 resolved", "P2 mitigated", "P3 mitigated", "resolved", "completed"]),
                                 (drill, ["started", "cancelled"])):
            self.settle(incident)
            self.judge(incident, states)
            self.judge_intro(incident)
            self.judge_answers(incident)
        struck = [call for call in self.stack._sandbox("calls")["calls"] if call["fault"]]
        self.assertEqual(len(struck), len(METHODS) * len(KINDS))


if __name__ == "__main__":
    unittest.main(verbosity=2)
