#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A declared incident holds its service's deployments, from Slack to the step: at once, with its reason, stepped over, across
the orchestrator's death, until somebody releases them; what mends it may start from its channel."""
import json
import re
import time
import unittest

from stack import Stack, StackTest, fetch, wait_for

MAIN, AT_ONCE_S = "C0INCIDENT1", 2
ALICE, BOB = "U0ALICE0001", "U0BOB000001"
INCIDENTS = "\nincidents: {main: %s, notify: C0ANNOUNCE1, archive_after: 1h}\n" % MAIN


class HoldStack(Stack):
    def _write_config(self):
        path = super()._write_config()
        with open(path, "a") as file:
            file.write(INCIDENTS)
        return path


class IncidentHolds(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.stack = HoldStack()
        cls.addClassCleanup(cls.stack.down)

    def channel_of(self, incident):
        number = self.stack.workflow(incident)["detail"]["number"]
        return wait_for("its channel", lambda: self.stack.channel_named("inc-%d" % number))

    def say(self, channel, text):
        ts = self.stack.say(channel, text)
        wait_for("an answer to %s" % text, lambda: self.stack.answers_to(channel, ts))

    def held_by(self, workflow):
        return ((self.stack.workflow(workflow) or {}).get("held") or {}).get("by")

    def timeline(self, incident):
        _, text = fetch(self.stack.address("orchestrator") + "/api/v1/workflows/%s/timeline" % incident)
        return json.loads(text)["timeline"]

    def deploy_from(self, channel, service):
        shown = self.stack.type("/deploy", service, channel=channel)["shown"]
        return re.search(r"d-[0-9a-z]{13}", json.dumps(shown))[0]

    def test_from_the_declaration_to_the_release(self):
        runs, waits = self.stack.deploy("slow"), self.stack.deploy("site")
        self.stack.wait_state(runs, "running")
        began = time.monotonic()
        self.stack.type("/incident", "start P1 site: nothing loads")
        incident = wait_for("it is held", lambda: self.held_by(waits), AT_ONCE_S)
        self.assertLessEqual(time.monotonic() - began, AT_ONCE_S)
        self.assertEqual(self.stack.wait_told(waits, "nothing loads")["channel"], "C0DEPLOYS01")
        channel = self.channel_of(incident)
        self.stack.type("/deploy", "cancel " + runs)
        self.stack.wait_state(runs, "cancelled")
        other = self.stack.deploy("broken")
        self.stack.wait_state(other, "failed")  # another service is not held, and steps over
        self.stack.kill("orchestrator")
        self.stack.up()
        late = self.stack.deploy("site")
        self.assertEqual(wait_for("it is held, too", lambda: self.held_by(late)), incident)
        self.assertEqual(self.stack.state_of(waits), "queued")
        mends = self.deploy_from(channel, "site")
        self.stack.wait_state(mends, "succeeded")
        self.assertEqual([self.stack.state_of(one) for one in (waits, late)], ["queued", "queued"])
        self.say(channel, ".resolve")
        self.assertEqual(self.stack.state_of(waits), "queued")  # a person says when
        self.say(channel, ".release")
        self.stack.wait_state(late, "succeeded")
        self.check_ledger([mends, waits, late])
        ended = [self.stack.workflow(one)["finished_at"] for one in (mends, waits, late)]
        self.assertEqual(ended, sorted(ended))
        told = [entry["text"] for entry in self.timeline(incident) if entry["type"] == "deployment"]
        for workflow in (mends, waits, late):
            self.assertEqual(len([text for text in told if workflow in text]), 2, told)  # its beginning and its end
        self.assertEqual([text for text in told if other in text], [])

    # -- two people break the glass

    def press(self, user, message, action):
        answer = self.stack._sandbox("clicks", {"user": user, "channel": message["channel"], "ts": message["ts"],
                                                "action_id": action})
        self.assertEqual((answer["status"], answer["error"]), (200, None))

    def whispered(self, user, text):
        wait_for("%s is told: %s" % (user, text), lambda: [one for one in self.stack.messages() if
                                                           one.get("ephemeral_for") == user and text in one["text"]])

    def answer_form(self, **values):
        wait_for("a form is open", lambda: self.stack._sandbox("views?user=" + ALICE)["views"])
        return self.stack._sandbox("views/submit", {"user": ALICE, "values": values})["action"]

    def card(self, channel, words):
        return wait_for("its channel hears: " + words, lambda: next(
            (one for one in self.stack.messages() if one["channel"] == channel and words in one["text"]), None))

    def test_two_people_break_the_glass(self):
        self.stack.type("/incident", "start P1 site: the wrong price")
        held, other = self.stack.deploy("site"), self.stack.deploy("site")
        incident = wait_for("it is held", lambda: self.held_by(held))
        channel = self.channel_of(incident)
        self.press(ALICE, self.stack.wait_told(held, "break glass…"), "break_glass")
        self.assertEqual(self.answer_form(reason=" "), "errors")
        self.assertEqual(self.answer_form(reason="it has the right price"), "close")
        self.press(ALICE, self.stack.wait_told(held, "it has the right price"), "break_glass_agree")
        self.whispered(ALICE, "E-SECOND-PERSON")
        self.assertEqual(self.stack.state_of(held), "queued")
        card = self.card(channel, "asks to break the glass")
        self.press(BOB, card, "break_glass_agree")
        self.stack.wait_state(held, "succeeded")
        self.press(BOB, card, "break_glass_agree")
        self.whispered(BOB, "<@%s> agreed on" % BOB)
        self.assertEqual((self.stack.state_of(other), self.held_by(other)), ("queued", incident))
        self.check_ledger([held])
        message = json.dumps(self.stack.wait_told(held, "glass is broken"))
        for text in (ALICE, BOB, "it has the right price", "the wrong price"):
            self.assertIn(text, message)
        self.card(channel, "The glass is broken")
        told = [entry["text"] for entry in self.timeline(incident) if held in entry["text"] and "passes" in entry["text"]]
        self.assertEqual(len(told), 1)
        self.assertIn("<@%s> asked (it has the right price), <@%s> agreed" % (ALICE, BOB), told[0])
        self.assertEqual([entry["by"] for entry in self.timeline(held) if entry["type"] == "break_glass"], [ALICE, BOB])
        self.say(channel, ".cancel a drill")
        self.stack.wait_state(other, "succeeded")

    def test_what_is_cancelled_lets_go(self):
        self.stack.type("/incident", "start P1 site is on fire")
        wait_for("the incident", lambda: any(
            one["detail"]["title"] == "site is on fire" for one in self.stack.incidents()))
        held = self.stack.deploy("site")
        incident = wait_for("it is held", lambda: self.held_by(held))
        self.say(self.channel_of(incident), ".cancel a drill")
        self.stack.wait_state(held, "succeeded")


if __name__ == "__main__":
    unittest.main(verbosity=2)
