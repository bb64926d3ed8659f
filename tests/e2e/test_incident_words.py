# SPDX-License-Identifier: Apache-2.0
"""What people say about incidents, in a channel and by name: every word is answered; what is no word of a person's is not;
who joins is welcomed. Buttons and forms are test_interactivity.py's."""
import json
import os
import re
import unittest

from records import headers_of, validate
from stack import ROOT, Stack, StackTest, USER, wait_for

MAIN, BOB = "C0INCIDENT1", "U0BOB000001"

# Each word of the table with something that makes sense behind it, in an order in which an incident lives.
WORDS = """
point; comms; triage @bob; eng; assign @bob; handover comms to @bob; unset triage; invite @carol
title It burns again; summary what we know; summary; priority 2 it spreads; priorities; genesis 20 minutes ago
detected 10 minutes ago; component pump, valve; component_remove valve; affected everybody; affected_remove everybody
notify we are on it; note a first note; ai mend it => soon; factor an old pump; pr https://git.example/1
edit 1 said better; forget 1; undo; history; changes site; hold site; release site
blocked somebody => why; blockers; unblock 1; blocked another; unblock_all; snooze 15m; status; list; issue; report; retry
main; help; help resolve; commands; ack 5 minutes ago; mitigate; resolve; unresolve; restart; resolve; next; ready; review
complete; keep; cancel; uncancel; private; archive; start another one
"""


def table():
    with open(os.path.join(ROOT, "gateway", "core", "incident_table.c")) as file:
        return set(re.findall(r'\.verb = "([a-z_]+)"', file.read()))


class Words(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(environment={"SLIPWAY_CONFIG": ""})
        cls.addClassCleanup(cls.stack.down)

    def declare(self, title):
        self.stack.say(MAIN, ".start p3 " + title)
        incident = wait_for("the incident %s" % title, lambda: next(
            (one for one in self.stack.incidents() if one["detail"]["title"] == title), None))
        channel = wait_for("its channel", lambda: self.stack.channel_named("inc-%d" % incident["detail"]["number"]))
        return incident["id"], channel

    def answer(self, channel, text):
        ts = self.stack.say(channel, text)
        return wait_for("an answer to %r" % text, lambda: self.stack.answers_to(channel, ts), 15)

    def test_every_word_is_answered(self):
        said = [words.strip() for line in WORDS.strip().splitlines() for words in line.split(";")]
        self.assertEqual({words.split()[0] for words in said}, table())
        _, channel = self.declare("all the words")
        for words in said:
            answers = json.dumps(self.answer(channel, "." + words), ensure_ascii=False)
            self.assertNotIn("E-USAGE", answers, words)
            self.assertNotIn("E-VERB", answers, words)
            self.assertNotIn("No word from the orchestrator", answers, words)

    def test_asked_by_name(self):
        _, channel = self.declare("asked by name")
        self.answer(channel, "@slipway status")
        self.assertIn("Did you mean", json.dumps(self.answer(channel, "@slipway statsu")))
        self.assertIn("Did you mean `point`", json.dumps(self.answer(channel, ".poitn")))

    def test_case_and_blanks_do_not_matter(self):
        workflow, channel = self.declare("shouted")
        self.answer(channel, ".POINT  ")
        self.answer(channel, ".Title   quieter now \n")
        found = self.stack.workflow(workflow)["detail"]
        self.assertEqual((found["roles"]["point"], found["title"]), (USER, "quieter now"))

    def test_who_joins_is_welcomed(self):
        _, channel = self.declare("joined")
        self.stack._sandbox("channels/change", {"change": "join", "user": "bob", "channel": channel})
        wait_for("a welcome", lambda: [one for one in self.stack.messages() if one["channel"] == channel
                                       and one.get("ephemeral_for") == BOB])

    def test_what_is_no_command(self):
        """Edits, bots, and words elsewhere than in front; then one that is, said after all of them."""
        ts = self.stack.say(MAIN, "start of something")
        self.stack._sandbox("messages/edit", {"user": USER, "channel": MAIN, "ts": ts, "text": ".start by an edit"})
        self.stack._sandbox("messages", {"user": "pager", "channel": MAIN, "text": ".start by a bot"})
        self.stack._sandbox("messages", {"channel": MAIN, "text": ".start by a hook", "webhook": "Alertmanager"})
        for text in ("I said .start by the way", "..start by two dots", "`.start by a quotation`", "mail slipway .start by"):
            self.stack.say(MAIN, text)
        self.declare("by a person")
        titles = [one["detail"]["title"] for one in self.stack.incidents()]
        self.assertEqual([title for title in titles if title.startswith("by ")], ["by a person"])

    def test_what_travels_is_as_its_schema_says(self):
        """Everything that this stack has written to Kafka until now, and an incident more."""
        workflow, channel = self.declare("read by others")
        for words in (".point", ".blocked the tide", ".unblock 1", ".resolve", ".cancel"):
            self.answer(channel, words)
        kinds, last = set(), None
        for topic in ("commands", "events", "replies"):
            for record in self.stack.read_topic("slipway." + topic):
                headers, value = headers_of(record), json.loads(record["payload"])
                with self.subTest(headers["ce_id"]):
                    validate(headers["ce_type"], value)
                kinds.add(headers["ce_type"])
                if topic == "events" and headers["ce_subject"] == workflow:
                    self.assertEqual(headers["ce_id"], "%s:%d" % (workflow, value["n"]))
                    last = value
        self.assertEqual(last["state"], "cancelled")
        for kind in ("command.declare", "command.incident", "command.receipt", "incident.blocked", "incident.ordered",
                     "incident.cancelled", "reply.accepted", "reply.done"):
            self.assertIn("slipway.%s.v1" % kind, kinds)


if __name__ == "__main__":
    unittest.main(verbosity=2)
