#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people do in the simulator, and what the app hears of it: events, modals, shortcuts. Needs what
test_simulator_sdk.py needs."""
import json
import unittest

import slack_sdks

if __name__ == "__main__":
    slack_sdks.rerun_in_venv()

from simulator import SimulatorCase  # noqa: E402  (after the venv is chosen)
from slack_sdk.models import blocks as kit  # noqa: E402
from slack_sdk.models.views import View  # noqa: E402
from slack_sdk.webhook import WebhookClient  # noqa: E402

GENERAL, INCIDENTS, RANDOM, SECURITY = "C0GENERAL01", "C0INCIDENT1", "C0RANDOM001", "C0SECURITY1"
ALICE, BOB, BOT, ERIN = "U0ALICE0001", "U0BOB000001", "U0SLIPWAY01", "U0ERIN00001"


class PeopleCase(SimulatorCase):
    def do(self, path, **args):
        answer = self.slack.post(path, args)
        self.assertTrue(answer["ok"], answer)
        return answer

    def denied(self, error, path, **args):
        answer = self.slack.post(path, args)
        self.assertEqual((answer["ok"], answer["error"]), (False, error))
        return answer

    def heard(self, count):
        """The inner events, once so many have come; in the order of their event_ts, as deliveries may overtake."""
        self.gateway.wait_for(lambda: len(self.gateway.events) >= count)
        events = [envelope["event"] for envelope in self.gateway.events]
        self.assertEqual(len(events), count, [(e["type"], e.get("subtype")) for e in events])
        return sorted(events, key=lambda event: event["event_ts"])

    def kinds(self, count):
        return [(event["type"], event.get("subtype")) for event in self.heard(count)]


class Events(PeopleCase):
    def test_a_message_as_slack_tells_it(self):
        ts = self.do("messages", user="bob", channel="incidents", text=".start fire & <flood>", typed=True)["ts"]
        event = self.heard(1)[0]
        self.assertEqual((event["type"], event["channel"], event["channel_type"], event["user"], event["ts"], event["event_ts"]),
                         ("message", INCIDENTS, "channel", BOB, ts, ts))
        self.assertEqual(event["text"], ".start fire &amp; &lt;flood&gt;")
        self.assertNotIn("bot_id", event)
        self.assertRegex(event["client_msg_id"], r"^[0-9a-f-]{36}$")
        envelope = self.gateway.events[0]
        self.assertRegex(envelope["event_id"], r"^Ev[0-9A-F]{10}$")
        self.assertEqual((envelope["type"], envelope["team_id"], envelope["api_app_id"], envelope["is_ext_shared_channel"]),
                         ("event_callback", "T0SANDBOX01", "A0SLIPWAY01", False))
        self.assertEqual(envelope["authorizations"], [{"enterprise_id": None, "team_id": "T0SANDBOX01", "user_id": BOT, "is_bot": True,
                                                       "is_enterprise_install": False}])
        self.assertAlmostEqual(envelope["event_time"], float(ts), delta=5)

    def test_only_where_the_app_is(self):
        self.do("messages", user="bob", channel="random", text="unheard")
        self.do("messages", user="alice", channel="board", text="unheard")
        self.do("messages", user="alice", channel="security", text="heard")
        self.assertEqual([(e["text"], e["channel_type"]) for e in self.heard(1)], [("heard", "group")])

    def test_a_thread_an_edit_and_a_deletion(self):
        parent = self.do("messages", channel="incidents", text="parent")["ts"]
        reply = self.do("messages", user="bob", channel="incidents", text="reply", thread_ts=parent)["ts"]
        self.do("messages/edit", user="bob", channel="incidents", ts=reply, text="better")
        self.do("messages/delete", user="bob", channel="incidents", ts=reply)
        events = self.heard(6)
        self.assertEqual([e.get("subtype") for e in events], [None, None, "message_changed", "message_changed", "message_deleted", "message_changed"])
        self.assertEqual((events[1]["thread_ts"], events[1]["parent_user_id"]), (parent, ALICE))
        self.assertEqual((events[2]["message"]["text"], events[2]["message"]["reply_count"]), ("parent", 1))
        self.assertEqual((events[3]["message"]["text"], events[3]["previous_message"]["text"]), ("better", "reply"))
        self.assertEqual(events[3]["message"]["edited"]["user"], BOB)
        self.assertEqual((events[4]["deleted_ts"], events[4]["previous_message"]["text"], events[4]["hidden"]), (reply, "better", True))

    def test_a_mention_comes_twice(self):
        ts = self.do("messages", channel="incidents", text="<@%s> help" % BOT)["ts"]
        events = self.heard(2)
        self.assertEqual({e["type"] for e in events}, {"message", "app_mention"})
        self.assertEqual({e["ts"] for e in events}, {ts})
        self.assertEqual(len({envelope["event_id"] for envelope in self.gateway.events}), 2)

    def test_what_the_app_says_comes_back(self):
        ts = self.client.chat_postMessage(channel=INCIDENTS, text="mine", metadata={"event_type": "x", "event_payload": {}})["ts"]
        self.client.chat_update(channel=INCIDENTS, ts=ts, text="still mine")
        self.client.chat_postEphemeral(channel=INCIDENTS, user=BOB, text="for bob")
        events = self.heard(2)
        self.assertEqual((events[0]["bot_id"], events[0]["user"], events[0]["app_id"]), ("B0SLIPWAY01", BOT, "A0SLIPWAY01"))
        self.assertNotIn("metadata", events[0])
        self.assertEqual(events[1]["message"]["bot_id"], "B0SLIPWAY01")

    def test_other_bots_and_other_organisations(self):
        self.do("messages", user="pager", channel="incidents", text="disk full")
        self.do("messages", channel="incidents", text="hook", webhook="Alertmanager")
        self.do("messages", user="erin", channel="partners", text="from afar")
        pager, hook, erin = self.heard(3)
        self.assertEqual((pager["user"], pager["bot_id"], pager.get("subtype")), ("U0PAGER0001", "B0PAGER0001", None))
        self.assertEqual((hook.get("user"), hook["subtype"], hook["username"]), (None, "bot_message", "Alertmanager"))
        self.assertEqual((erin["user"], erin["user_team"]), (ERIN, "T0PARTNER01"))
        self.assertEqual([e["is_ext_shared_channel"] for e in self.gateway.events if e["event"].get("user") == ERIN], [True])

    def test_reactions_and_pins(self):
        ts = self.do("messages", user="bob", channel="incidents", text="x")["ts"]
        self.do("reactions", user="alice", channel="incidents", ts=ts, name="eyes")
        self.denied("already_reacted", "reactions", user="alice", channel="incidents", ts=ts, name="eyes")
        self.do("reactions/remove", user="alice", channel="incidents", ts=ts, name="eyes")
        self.do("pins", user="alice", channel="incidents", ts=ts)
        self.do("pins/remove", user="alice", channel="incidents", ts=ts)
        events = self.heard(5)
        self.assertEqual([e["type"] for e in events], ["message", "reaction_added", "reaction_removed", "pin_added", "pin_removed"])
        self.assertEqual((events[1]["user"], events[1]["reaction"], events[1]["item_user"]), (ALICE, "eyes", BOB))
        self.assertEqual(events[1]["item"], {"type": "message", "channel": INCIDENTS, "ts": ts})
        self.assertEqual((events[3]["channel_id"], events[3]["item"]["message"]["ts"], events[3]["pin_count"]), (INCIDENTS, ts, 1))
        self.assertEqual((events[4]["has_pins"], events[4]["pin_count"]), (False, 0))

    def test_channels_come_and_go(self):
        room = self.do("channels", user="bob", name="inc-9")["channel"]
        self.assertEqual(self.heard(1)[0]["channel"]["name"], "inc-9")
        self.do("channels/change", change="invite", user="bob", channel=room, users=["alice", "slipway"])
        self.do("channels/change", change="rename", user="bob", channel=room, name="inc-nine")
        self.do("channels/change", change="topic", user="bob", channel=room, topic="smoke")
        self.do("channels/change", change="leave", user="alice", channel=room)
        self.do("channels/change", change="archive", user="bob", channel=room)
        self.do("channels/change", change="unarchive", user="bob", channel=room)
        self.assertEqual(self.kinds(12), [
            ("channel_created", None), ("member_joined_channel", None), ("message", "channel_join"), ("channel_rename", None),
            ("message", "channel_name"), ("message", "channel_topic"), ("member_left_channel", None), ("message", "channel_leave"),
            ("message", "channel_archive"), ("channel_archive", None), ("channel_unarchive", None), ("message", "channel_unarchive")])
        joined = [e for e in self.heard(12) if e["type"] == "member_joined_channel"]
        self.assertEqual([(e["user"], e["inviter"], e["channel_type"]) for e in joined], [(BOT, BOB, "C")])

    def test_private_channels_have_words_of_their_own(self):
        room = self.do("channels", user="bob", name="quiet", is_private=True)["channel"]
        self.do("channels/change", change="invite", user="bob", channel=room, users=["slipway"])
        self.do("channels/change", change="rename", user="bob", channel=room, name="quieter")
        self.do("channels/change", change="topic", user="bob", channel=room, topic="hush")
        self.do("messages", user="bob", channel=room, text="psst")
        self.do("channels/change", change="archive", user="bob", channel=room)
        self.assertEqual(self.kinds(8), [
            ("member_joined_channel", None), ("message", "group_join"), ("group_rename", None), ("message", "group_name"),
            ("message", "group_topic"), ("message", None), ("message", "group_archive"), ("group_archive", None)])
        events = self.heard(8)
        self.assertEqual((events[0]["channel_type"], events[0]["user"], events[0]["inviter"]), ("G", BOT, BOB))
        self.assertEqual({e["channel_type"] for e in events if e["type"] == "message"}, {"group"})

    def test_what_the_app_does_is_told_to_it_too(self):
        room = self.client.conversations_create(name="inc-1")["channel"]["id"]
        self.client.conversations_invite(channel=room, users=[BOB])
        ts = self.client.chat_postMessage(channel=room, text="hello")["ts"]
        self.client.reactions_add(channel=room, timestamp=ts, name="eyes")
        self.client.pins_add(channel=room, timestamp=ts)
        self.client.chat_delete(channel=room, ts=ts)
        events = self.heard(10)
        self.assertEqual([(e["type"], e.get("subtype")) for e in events], [
            ("channel_created", None), ("member_joined_channel", None), ("message", "channel_join"), ("member_joined_channel", None),
            ("message", "channel_join"), ("message", None), ("reaction_added", None), ("pin_added", None), ("pin_removed", None),
            ("message", "message_deleted")])
        self.assertEqual((events[3]["user"], events[3]["inviter"]), (BOB, BOT))
        self.assertEqual((events[6]["user"], events[6]["item_user"], events[7]["user"]), (BOT, BOT, BOT))
        self.assertEqual(len({envelope["event_id"] for envelope in self.gateway.events}), 10)
        self.assertTrue(all(envelope["event_context"] and envelope["authorizations"][0]["user_id"] == BOT for envelope in self.gateway.events))

    def test_an_event_that_fails_is_told_again(self):
        self.gateway.answer(500, "text/plain", "no")
        self.do("messages", channel="incidents", text="x")
        self.gateway.wait_for(lambda: len(self.gateway.events) >= 2)
        self.assertEqual(self.gateway.event_headers[1]["x-slack-retry-num"], "1")
        self.assertEqual(len({e["event_id"] for e in self.gateway.events}), 1)
        kept = self.slack.get("events")["events"][0]
        self.assertEqual((kept["event"]["text"], kept["delivered"]), ("x", False))


class Rules(PeopleCase):
    def test_what_a_person_may_not(self):
        ts = self.do("messages", user="bob", channel="incidents", text="x")["ts"]
        self.denied("cant_update_message", "messages/edit", user="alice", channel="incidents", ts=ts, text="y")
        self.denied("cant_delete_message", "messages/delete", user="alice", channel="incidents", ts=ts)
        self.denied("message_not_found", "pins", channel="incidents", ts="1.000001")
        self.denied("channel_not_found", "messages", user="bob", channel="board", text="x")
        self.denied("not_in_channel", "messages", user="pager", channel="random", text="x")
        self.denied("is_archived", "messages", channel="old-project", text="x")
        self.denied("name_taken", "channels", name="general")
        self.denied("cant_leave_general", "channels/change", change="leave", channel="general")
        self.denied("already_in_channel", "channels/change", change="invite", channel="incidents", users=["bob"])

    def test_what_a_person_sees(self):
        names = {user: {c["name"] for c in self.slack.get("channels?user=" + user)["channels"]} for user in ("alice", "bob", "erin")}
        self.assertEqual(names["alice"] - names["bob"], {"board"})
        self.assertEqual(names["erin"], {"partners"})
        self.do("messages", user="alice", channel="board", text="secret")
        self.assertEqual(self.slack.get("messages?user=bob")["messages"], [])
        parent = self.do("messages", channel="general", text="parent")["ts"]
        self.do("messages", channel="general", text="reply", thread_ts=parent)
        self.do("messages", channel="general", text="other")
        thread = self.slack.get("messages?channel=general&thread=" + parent)["messages"]
        self.assertEqual([m["text"] for m in thread], ["parent", "reply"])
        self.do("messages", user="bob", channel="@slipway", text="psst")
        self.assertEqual([m["text"] for m in self.slack.get("messages?user=alice")["messages"]], ["secret", "parent", "reply", "other"])
        self.assertEqual(self.heard(5)[-1]["channel_type"], "im")


def modal(**more):
    option = kit.Option
    blocks = [
        kit.InputBlock(block_id="title", label="Title", element=kit.PlainTextInputElement(action_id="text", max_length=20)),
        kit.InputBlock(block_id="level", label="Level", optional=True, element=kit.StaticSelectElement(
            action_id="select", options=[option(text="High", value="1"), option(text="Low", value="2")])),
        kit.InputBlock(block_id="who", label="Who", optional=True, element=kit.UserMultiSelectElement(action_id="users")),
        kit.InputBlock(block_id="flags", label="Flags", optional=True, element=kit.CheckboxesElement(
            action_id="boxes", options=[option(text="Loud", value="loud")])),
        kit.ActionsBlock(block_id="buttons", elements=[kit.ButtonElement(text="More", action_id="more", value="m")]),
    ]
    return View(**dict({"type": "modal", "callback_id": "declare", "title": "Declare", "submit": "Go", "blocks": blocks,
                        "notify_on_close": True, "private_metadata": "C1"}, **more))


class Modals(PeopleCase):
    def open(self, **more):
        trigger = self.do("commands", command="/incident", user="bob")["trigger_id"]
        return self.client.views_open(trigger_id=trigger, view=modal(**more))["view"]

    def answer(self, **answer):
        self.gateway.answer(200, "application/json", json.dumps(answer) if answer else "")

    def submit(self, **values):
        return self.slack.post("views/submit", {"user": "bob", "values": values})

    def views(self):
        return self.slack.get("views?user=bob")["views"]

    def test_a_submission_as_slack_sends_it(self):
        view = self.open()
        answer = self.submit(title="Fire", level="High", who=[ALICE, BOB], flags={"boxes": ["loud"]})
        self.assertEqual((answer["ok"], answer["action"], answer["views"]), (True, "close", []))
        payload = self.gateway.payloads[0]
        self.assertEqual((payload["type"], payload["user"]["id"], payload["response_urls"]), ("view_submission", BOB, []))
        self.assertEqual((payload["view"]["id"], payload["view"]["private_metadata"], payload["view"]["hash"]), (view["id"], "C1", view["hash"]))
        self.assertEqual(payload["view"]["state"]["values"], {
            "title": {"text": {"type": "plain_text_input", "value": "Fire"}},
            "level": {"select": {"type": "static_select", "selected_option": {
                "text": {"type": "plain_text", "text": "High", "emoji": True}, "value": "1"}}},
            "who": {"users": {"type": "multi_users_select", "selected_users": [ALICE, BOB]}},
            "flags": {"boxes": {"type": "checkboxes", "selected_options": [
                {"text": {"type": "plain_text", "text": "Loud", "emoji": True}, "value": "loud"}]}}})
        self.assertTrue(payload["trigger_id"])

    def test_a_client_keeps_what_is_not_filled_in(self):
        self.open()
        answer = self.submit(title="x" * 21, level="Middle")
        self.assertEqual((answer["error"], sorted(answer["errors"])), ("invalid_input", ["level", "title"]))
        self.assertEqual(self.submit()["errors"], {"title": "Please complete this required field."})
        self.assertEqual((self.gateway.payloads, len(self.views())), ([], 1))

    def test_errors_update_push_and_clear(self):
        self.open()
        self.answer(response_action="errors", errors={"title": "Too hot."})
        self.assertEqual(self.submit(title="Fire")["errors"], {"title": "Too hot."})
        self.answer(response_action="errors", errors={"nowhere": "x"})
        self.assertEqual(self.submit(title="Fire")["shown"], "We had some trouble connecting. Try again?")
        self.answer(response_action="update", view=modal(title="Again").to_dict())
        self.assertEqual([v["title"]["text"] for v in self.submit(title="Fire")["views"]], ["Again"])
        self.answer(response_action="push", view=modal(title="On top").to_dict())
        self.assertEqual([v["title"]["text"] for v in self.submit(title="Fire")["views"]], ["Again", "On top"])
        self.answer()
        self.assertEqual([v["title"]["text"] for v in self.submit(title="Fire")["views"]], ["Again"])
        self.answer(response_action="push", view=modal().to_dict())
        self.submit(title="Fire")
        self.answer(response_action="clear")
        self.assertEqual(self.submit(title="Fire")["views"], [])

    def test_an_app_that_fails_keeps_the_view(self):
        self.open()
        self.gateway.answer(500, "text/plain", "no")
        answer = self.submit(title="Fire")
        self.assertEqual((answer["ok"], answer["error"], len(answer["views"])), (False, "http_service_error", 1))

    def test_closing(self):
        self.open()
        trigger = self.do("commands", command="/incident", user="bob")["trigger_id"]
        self.client.views_push(trigger_id=trigger, view=modal(notify_on_close=False))
        self.do("views/close", user="bob")
        self.assertEqual((len(self.views()), self.gateway.payloads), (1, []))
        self.do("views/close", user="bob", all=True)
        self.gateway.wait_for(lambda: self.gateway.payloads)
        self.assertEqual((self.gateway.payloads[0]["type"], self.gateway.payloads[0]["is_cleared"]), ("view_closed", True))
        self.assertFalse(self.slack.post("views/close", {"user": "bob"})["ok"])

    def test_a_button_in_a_view(self):
        view = self.open()
        self.do("clicks", user="bob", view_id=view["id"], action_id="more", values={"title": "half"})
        payload = self.gateway.payloads[0]
        self.assertEqual((payload["type"], payload["container"]), ("block_actions", {"type": "view", "view_id": view["id"]}))
        self.assertEqual(payload["view"]["state"]["values"]["title"]["text"]["value"], "half")
        self.assertEqual(payload["actions"][0]["value"], "m")
        self.assertFalse(self.slack.post("clicks", {"user": "alice", "view_id": view["id"], "action_id": "more"})["ok"])
        self.client.views_push(trigger_id=payload["trigger_id"], view=modal(title="Pushed"))
        self.assertEqual([v["title"]["text"] for v in self.views()], ["Declare", "Pushed"])

    def test_shortcuts(self):
        self.do("shortcuts", user="bob", callback_id="declare")
        ts = self.do("messages", user="alice", channel="incidents", text="smoke")["ts"]
        self.do("shortcuts", user="bob", callback_id="note", channel="incidents", ts=ts)
        first, second = self.gateway.payloads
        self.assertEqual((first["type"], first["callback_id"], "channel" in first), ("shortcut", "declare", False))
        self.client.views_open(trigger_id=first["trigger_id"], view=modal())
        self.assertEqual((second["type"], second["message_ts"], second["message"]["text"]), ("message_action", ts, "smoke"))
        WebhookClient(second["response_url"]).send(text="noted")
        self.assertEqual([m["text"] for m in self.slack.get("messages?user=bob&channel=incidents")["messages"]], ["smoke", "noted"])

    def test_a_select_in_a_message(self):
        pick = kit.StaticSelectElement(action_id="p", options=[kit.Option(text="P1", value="1"), kit.Option(text="P2", value="2")])
        ts = self.client.chat_postMessage(channel=INCIDENTS, text="x", blocks=[kit.SectionBlock(block_id="b", text="x", accessory=pick)])["ts"]
        self.do("clicks", user="bob", channel="incidents", ts=ts, action_id="p", selected="2")
        self.assertEqual(self.gateway.payloads[0]["actions"][0]["selected_option"]["value"], "2")
        self.denied("this field has no such option", "clicks", user="bob", channel="incidents", ts=ts, action_id="p", selected="9")


if __name__ == "__main__":
    unittest.main(verbosity=2)
