#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Incidents by buttons and by the form, as people use them: the sample's configuration, the simulator's modals."""
import json
import unittest

from stack import CHANNEL, StackTest, Stack, wait_for

MAIN = "C0INCIDENT1"
ALICE, BOB = "U0ALICE0001", "U0BOB000001"


class Interactivity(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(environment={"SLIPWAY_CONFIG": ""})
        cls.addClassCleanup(cls.stack.down)

    def tearDown(self):
        super().tearDown()
        self.stack.no_faults()

    def headline(self, title):
        """The one message of the main channel that is the incident's."""
        found = [message for message in self.stack.roots(self.incident(title)["id"]) if message["channel"] == MAIN
                 and not message["metadata"]["event_payload"].get("order")]
        return found[0] if len(found) == 1 and found[0].get("blocks") else None

    def wait_headline(self, title, *words):
        def there():
            message = self.headline(title)
            return message if message and all(word in json.dumps(message["blocks"]) for word in words) else None
        return wait_for("the headline of %s says %s" % (title, words), there)

    def press(self, message, action, user=ALICE):
        answer = self.stack._sandbox("clicks", {"user": user, "channel": message["channel"], "ts": message["ts"],
                                                "action_id": action})
        self.assertEqual((answer["status"], answer["error"]), (200, None))

    def view(self, user=ALICE):
        return wait_for("a form is open", lambda: (self.stack._sandbox("views?user=%s" % user)["views"] or [None])[-1])

    def send(self, user=ALICE, **values):
        return self.stack._sandbox("views/submit", {"user": user, "values": values})

    def incident(self, title):
        return wait_for("an incident is called %s" % title, lambda: next(
            (one for one in self.stack.incidents() if one["detail"]["title"] == title), None))

    def test_a_headline_by_its_buttons(self):
        self.stack.say(MAIN, ".start P3 the buttons")
        self.press(self.wait_headline("the buttons", "Take point"), "incident.point", BOB)
        self.press(self.wait_headline("the buttons", BOB), "incident.comms")
        self.press(self.wait_headline("the buttons", "acknowledged", ALICE), "incident.mitigate")
        self.press(self.wait_headline("the buttons", "mitigated"), "incident.resolve")
        self.wait_headline("the buttons", "resolved")
        roles = self.incident("the buttons")["detail"]["roles"]
        self.assertEqual((roles["point"], roles["comms"]), (BOB, ALICE))

    def test_what_a_button_cannot_do_is_told_beside_it(self):
        self.stack.say(MAIN, ".start P3 two clicks")
        self.press(self.wait_headline("two clicks", "All clear"), "incident.resolve")
        number = self.incident("two clicks")["detail"]["number"]
        channel = wait_for("its channel", lambda: self.stack.channel_named("inc-%d" % number))
        card = wait_for("the card", lambda: next((one for one in self.stack.messages() if one["channel"] == channel
                                                  and "incident.unresolve" in json.dumps(one.get("blocks"))), None))
        self.press(card, "incident.unresolve")
        self.wait_headline("two clicks", "mitigated")
        self.press(card, "incident.unresolve")
        told = wait_for("it is told", lambda: [one for one in self.stack.messages() if one["channel"] == channel
                                               and one.get("ephemeral_for") == ALICE and "E-" in one["text"]])
        self.assertEqual(len(told), 1)

    def test_a_form_declares(self):
        answer = self.stack.type("/incident")
        self.assertEqual((answer["status"], answer["shown"]), (200, ""))
        view = self.view()
        self.assertEqual(view["callback_id"], "incident.declare")
        self.assertEqual(self.send(title="by form", service="two words")["action"], "errors")
        self.assertEqual(self.send(title="by form", service="site", priority="p3", details="first\nsecond")["action"],
                         "close")
        incident = self.incident("by form")
        self.assertEqual((incident["detail"]["service"], incident["detail"]["priority"]["n"]), ("site", 3))
        wait_for("its person is answered", lambda: [one for one in self.stack.messages() if one["channel"] == CHANNEL
                                                    and one.get("ephemeral_for") == ALICE and incident["id"] in one["text"]])

    def test_a_failed_deployment_fills_the_form_in(self):
        workflow = self.stack.deploy("demo FAIL=test")
        self.press(self.stack.wait_told(workflow, "declare an incident"), "declare")
        values = {block["block_id"]: block["element"].get("initial_value") for block in self.view()["blocks"]}
        self.assertEqual((values["title"], values["service"], values["environment"]),
                         ("demo to staging failed", "demo", "staging"))
        self.assertIn("ended with exit code 1", values["details"])
        self.assertEqual(self.send()["action"], "close")
        self.assertEqual(self.incident("demo to staging failed")["detail"]["cause"], workflow)

    def test_a_summary_is_written_in_a_form_and_edited_in_another(self):
        self.stack.say(MAIN, ".start P3 to be summed up")
        incident = self.incident("to be summed up")
        channel = wait_for("its channel", lambda: self.stack.channel_named("inc-%d" % incident["detail"]["number"]))
        intro = wait_for("the intro", lambda: next((one for one in self.stack.messages() if one["channel"] == channel
                                                    and "Write a summary" in json.dumps(one.get("blocks"))), None))
        self.press(intro, "incident.summary")
        self.assertEqual(self.view()["callback_id"], "incident.word")
        self.assertEqual(self.send(text="   ")["action"], "errors")
        self.assertEqual(self.send(text="a pump <broke>\nwe know which")["action"], "close")
        wait_for("it is written", lambda: self.incident("to be summed up")["detail"].get("summary") ==
                 "a pump <broke>\nwe know which")
        ts = self.stack.say(channel, ".summary")
        shown = wait_for("it is shown", lambda: next((one for one in self.stack.answers_to(channel, ts)
                                                      if "Edit it" in json.dumps(one, ensure_ascii=False)), None))
        self.press(shown, "incident.summary")
        self.assertEqual(self.view()["blocks"][0]["element"]["initial_value"], "a pump <broke>\nwe know which")
        self.assertEqual(self.send(text="two pumps broke")["action"], "close")
        wait_for("it is edited", lambda: self.incident("to be summed up")["detail"]["summary"] == "two pumps broke")

    def test_a_form_that_does_not_open_can_be_typed(self):
        self.stack.fault(method="views.open", kind="error", error="internal_error", count=1)
        self.stack.type("/incident", "start")
        told = wait_for("it is told", lambda: self.stack.private("E-DIALOG"))
        self.assertIn("/incident start [P1]", told[0]["text"])


if __name__ == "__main__":
    unittest.main()
