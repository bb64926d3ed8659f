#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The simulator's channels, members, reactions, pins and views, judged by Slack's SDK: what works, and each refusal by the
name that Slack gives it. Needs what test_simulator_sdk.py needs."""
import unittest

import slack_sdks

if __name__ == "__main__":
    slack_sdks.rerun_in_venv()

from simulator import SimulatorCase  # noqa: E402  (after the venv is chosen)
from slack_sdk import WebClient  # noqa: E402
from slack_sdk.errors import SlackApiError  # noqa: E402
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler  # noqa: E402
from slack_sdk.models import blocks as kit  # noqa: E402
from slack_sdk.models.views import View  # noqa: E402

GENERAL, INCIDENTS, RANDOM, PARTNERS = "C0GENERAL01", "C0INCIDENT1", "C0RANDOM001", "C0PARTNERS1"
ARCHIVED, SECURITY, BOARD = "C0ARCHIVE01", "C0SECURITY1", "C0BOARD0001"
ALICE, BOB, CAROL, ERIN, BOT = "U0ALICE0001", "U0BOB000001", "U0CAROL0001", "U0ERIN00001", "U0SLIPWAY01"


class Channels(SimulatorCase):
    def create(self, name="inc-1", **more):
        return self.client.conversations_create(name=name, **more)["channel"]

    def test_a_channel_lives(self):
        made = self.create()
        self.assertEqual((made["name"], made["creator"], made["is_private"], made["is_member"]), ("inc-1", BOT, False, True))
        self.client.conversations_invite(channel=made["id"], users=[ALICE, BOB])
        self.assertEqual(self.client.conversations_members(channel=made["id"])["members"], [ALICE, BOB, BOT])
        topic = self.client.conversations_setTopic(channel=made["id"], topic="é" * 250)["channel"]["topic"]
        self.assertEqual((topic["value"], topic["creator"]), ("é" * 250, BOT))
        self.client.conversations_setPurpose(channel=made["id"], purpose="to mend it")
        self.assertEqual(self.client.conversations_rename(channel=made["id"], name="inc-1-mended")["channel"]["name"], "inc-1-mended")
        facts = self.client.conversations_info(channel=made["id"], include_num_members=True)["channel"]
        self.assertEqual((facts["name"], facts["num_members"], facts["purpose"]["value"]), ("inc-1-mended", 3, "to mend it"))
        self.client.conversations_kick(channel=made["id"], user=BOB)
        self.client.conversations_archive(channel=made["id"])
        self.assertTrue(self.client.conversations_info(channel=made["id"])["channel"]["is_archived"])
        self.refused("is_archived", self.client.chat_postMessage, channel=made["id"], text="late")
        self.client.conversations_unarchive(channel=made["id"])
        self.client.chat_postMessage(channel=made["id"], text="in time")
        subtypes = [m.get("subtype") for m in reversed(self.client.conversations_history(channel=made["id"])["messages"])]
        self.assertEqual(subtypes, ["channel_join"] * 3 + ["channel_topic", "channel_purpose", "channel_name", "channel_leave",
                                                           "channel_archive", "channel_unarchive", None])

    def test_names(self):
        self.assertEqual(self.create("x" * 80)["name"], "x" * 80)
        for name, error in (("x" * 81, "invalid_name_maxlength"), ("Inc", "invalid_name_specials"), ("a b", "invalid_name_specials"),
                            ("inc.1", "invalid_name_specials"), ("--", "invalid_name_punctuation"), ("", "invalid_name_required"),
                            ("general", "name_taken"), ("old-project", "name_taken"), ("board", "name_taken")):
            self.refused(error, self.client.conversations_create, name=name)
        made = self.create("inc-2")
        self.refused("name_taken", self.client.conversations_rename, channel=made["id"], name="general")
        self.refused("not_authorized", self.client.conversations_rename, channel=INCIDENTS, name="mine")

    def test_private_channels_are_hidden_from_those_outside(self):
        made = self.create("secret", is_private=True)
        self.assertTrue(made["is_private"])
        listed = {c["name"] for c in self.client.conversations_list(types="public_channel,private_channel")["channels"]}
        self.assertTrue({"secret", "security", "random"} <= listed and "board" not in listed)
        for call in (self.client.conversations_info, self.client.conversations_history, self.client.conversations_join,
                     self.client.conversations_archive, self.client.conversations_members):
            self.refused("channel_not_found", call, channel=BOARD)
        self.refused("not_in_channel", self.client.chat_postMessage, channel=BOARD, text="x")
        self.refused("method_not_supported_for_channel_type", self.client.conversations_join, channel=SECURITY)

    def test_invitations(self):
        room = self.create()["id"]
        invite = self.client.conversations_invite
        self.refused("cant_invite_self", invite, channel=room, users=[BOT])
        self.refused("user_not_found", invite, channel=room, users=["U404"])
        self.refused("user_not_found", invite, channel=room, users=[ERIN])
        self.refused("not_in_channel", invite, channel=RANDOM, users=[BOB])
        self.refused("is_archived", invite, channel=ARCHIVED, users=[BOB])
        refusal = self.refused("user_not_found", invite, channel=room, users=[ALICE, "U404"])
        self.assertEqual(refusal["errors"], [{"user": "U404", "ok": False, "error": "user_not_found"}])
        self.assertEqual(self.client.conversations_members(channel=room)["members"], [BOT])
        self.refused("user_not_found", invite, channel=room, users=[ALICE, "U404"], force=True)
        self.assertEqual(self.client.conversations_members(channel=room)["members"], [ALICE, BOT])
        self.refused("already_in_channel", invite, channel=room, users=[ALICE])

    def test_coming_and_going(self):
        self.refused("cant_kick_self", self.client.conversations_kick, channel=INCIDENTS, user=BOT)
        self.refused("cant_kick_from_general", self.client.conversations_kick, channel=GENERAL, user=BOB)
        self.client.conversations_kick(channel=INCIDENTS, user=BOB)
        self.refused("not_in_channel", self.client.conversations_kick, channel=INCIDENTS, user=BOB)
        self.refused("user_not_in_channel", self.client.chat_postEphemeral, channel=INCIDENTS, user=BOB, text="x")
        self.refused("cant_leave_general", self.client.conversations_leave, channel=GENERAL)
        self.client.conversations_leave(channel=INCIDENTS)
        self.assertTrue(self.client.conversations_leave(channel=INCIDENTS)["not_in_channel"])
        self.refused("not_in_channel", self.client.conversations_history, channel=INCIDENTS)
        self.assertNotIn("warning", self.client.conversations_join(channel=INCIDENTS).data)
        self.assertEqual(self.client.conversations_join(channel=INCIDENTS)["warning"], "already_in_channel")
        self.refused("last_member", self.client.conversations_leave, channel=self.create("alone", is_private=True)["id"])
        self.refused("is_archived", self.client.conversations_join, channel=ARCHIVED)

    def test_ends(self):
        self.refused("already_archived", self.client.conversations_archive, channel=ARCHIVED)
        self.refused("cant_archive_general", self.client.conversations_archive, channel=GENERAL)
        self.refused("not_archived", self.client.conversations_unarchive, channel=INCIDENTS)
        self.refused("not_in_channel", self.client.conversations_archive, channel=RANDOM)
        self.refused("too_long", self.client.conversations_setTopic, channel=INCIDENTS, topic="é" * 251)
        self.refused("is_archived", self.client.conversations_setTopic, channel=ARCHIVED, topic="x")
        self.assertEqual(self.client.conversations_setTopic(channel=INCIDENTS, topic="")["channel"]["topic"]["value"], "")

    def test_lists_page(self):
        for i in range(7):
            self.create("inc-%d" % i)
        names = [c["name"] for page in self.client.conversations_list(limit=3, types="public_channel") for c in page["channels"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertTrue({"inc-%d" % i for i in range(7)} <= set(names))
        self.assertEqual(len([m for page in self.client.conversations_members(channel=GENERAL, limit=2) for m in page["members"]]), 6)
        people = [u["name"] for page in self.client.users_list(limit=2) for u in page["members"]]
        self.assertEqual((people[0], len(people)), ("alice", 7))
        self.refused("invalid_cursor", self.client.conversations_list, cursor="x")
        self.refused("invalid_limit", self.client.conversations_list, limit=1001)
        self.refused("invalid_types", self.client.conversations_list, types="public")

    def test_people(self):
        zones = {name: self.client.users_info(user=user)["user"]["tz"] for name, user in (("a", ALICE), ("b", BOB), ("c", CAROL))}
        self.assertEqual(zones, {"a": "America/New_York", "b": "Europe/Berlin", "c": "UTC"})
        self.assertIn(self.client.users_info(user=ALICE)["user"]["tz_offset"], (-18000, -14400))
        erin = self.client.users_info(user=ERIN)["user"]
        self.assertEqual((erin["team_id"], erin["is_stranger"]), ("T0PARTNER01", True))
        self.assertEqual(self.client.users_lookupByEmail(email="bob@example.com")["user"]["id"], BOB)
        self.refused("users_not_found", self.client.users_lookupByEmail, email="nobody@example.com")
        self.assertIn("partners", [c["name"] for c in self.client.users_conversations(user=ERIN)["channels"]])
        groups = {g["handle"]: g for g in self.client.usergroups_list(include_users=True)["usergroups"]}
        self.assertEqual(groups["oncall"]["users"], [BOB, CAROL])
        self.assertEqual(self.client.team_info()["team"]["id"], "T0SANDBOX01")
        three = self.client.conversations_open(users=[ALICE, BOB], return_im=True)["channel"]
        self.assertTrue(three["is_mpim"])

    def test_bookmarks(self):
        made = self.client.bookmarks_add(channel_id=INCIDENTS, title="Runbook", type="link", link="https://example.com/")
        self.assertEqual([b["title"] for b in self.client.bookmarks_list(channel_id=INCIDENTS)["bookmarks"]], ["Runbook"])
        self.client.bookmarks_remove(channel_id=INCIDENTS, bookmark_id=made["bookmark"]["id"])
        self.assertEqual(self.client.bookmarks_list(channel_id=INCIDENTS)["bookmarks"], [])
        self.refused("invalid_link", self.client.bookmarks_add, channel_id=INCIDENTS, title="x", type="link", link="ftp://x")

    def test_a_missing_scope_is_named(self):
        self.slack.post("faults", {"method": "pins.add", "kind": "error", "error": "missing_scope", "count": 1})
        answer = self.refused("missing_scope", self.client.pins_add, channel=INCIDENTS, timestamp="1.1")
        self.assertEqual(answer["needed"], "pins:write")
        self.assertNotIn("pins:write", answer["provided"].split(","))
        self.assertIn("pins:read", answer["provided"].split(","))


class Messages(SimulatorCase):
    def say(self, text="x", **more):
        return self.client.chat_postMessage(channel=INCIDENTS, text=text, **more)["ts"]

    def test_reactions(self):
        ts = self.say()
        item = {"channel": INCIDENTS, "timestamp": ts}
        self.client.reactions_add(name="ok_hand", **item)
        self.client.reactions_add(name="+1::skin-tone-3", **item)
        self.refused("already_reacted", self.client.reactions_add, name="ok_hand", **item)
        self.refused("invalid_name", self.client.reactions_add, name=":eyes:", **item)
        self.refused("no_reaction", self.client.reactions_remove, name="eyes", **item)
        self.refused("message_not_found", self.client.reactions_add, name="eyes", channel=INCIDENTS, timestamp="1.000001")
        self.refused("bad_timestamp", self.client.reactions_add, name="eyes", channel=INCIDENTS, timestamp="soon")
        self.refused("no_item_specified", lambda: self.client.api_call("reactions.add", json={"channel": INCIDENTS, "name": "eyes"}))
        self.refused("not_in_channel", self.client.reactions_add, name="eyes", channel=RANDOM, timestamp="1.000001")
        found = self.client.reactions_get(**item)["message"]["reactions"]
        self.assertEqual([(r["name"], r["count"], r["users"]) for r in found], [("ok_hand", 1, [BOT]), ("+1::skin-tone-3", 1, [BOT])])
        self.client.reactions_remove(name="ok_hand", **item)
        self.client.reactions_remove(name="+1::skin-tone-3", **item)
        self.assertNotIn("reactions", self.client.reactions_get(**item)["message"])

    def test_too_many_reactions(self):
        ts = self.say()
        for i in range(50):
            self.client.reactions_add(channel=INCIDENTS, timestamp=ts, name="e%d" % i)
        self.refused("too_many_emoji", self.client.reactions_add, channel=INCIDENTS, timestamp=ts, name="eyes")

    def test_pins(self):
        first, second = self.say("first"), self.say("second")
        self.client.pins_add(channel=INCIDENTS, timestamp=first)
        self.client.pins_add(channel=INCIDENTS, timestamp=second)
        self.refused("already_pinned", self.client.pins_add, channel=INCIDENTS, timestamp=first)
        items = self.client.pins_list(channel=INCIDENTS)["items"]
        self.assertEqual([(i["message"]["text"], i["created_by"]) for i in items], [("second", BOT), ("first", BOT)])
        self.assertEqual(items[0]["message"]["pinned_to"], [INCIDENTS])
        self.client.pins_remove(channel=INCIDENTS, timestamp=first)
        self.refused("no_pin", self.client.pins_remove, channel=INCIDENTS, timestamp=first)
        self.client.chat_delete(channel=INCIDENTS, ts=second)
        self.assertEqual(self.client.pins_list(channel=INCIDENTS)["items"], [])

    def test_threads(self):
        parent = self.say("parent")
        reply = self.say("reply", thread_ts=parent)
        self.say("both", thread_ts=parent, reply_broadcast=True)
        listed = self.client.conversations_history(channel=INCIDENTS)["messages"]
        self.assertEqual([(m["text"], m.get("subtype")) for m in listed], [("both", "thread_broadcast"), ("parent", None)])
        self.assertEqual((listed[1]["reply_count"], listed[1]["reply_users"]), (2, [BOT]))
        self.assertEqual([m["text"] for m in self.client.conversations_replies(channel=INCIDENTS, ts=parent)["messages"]],
                         ["parent", "reply", "both"])
        link = self.client.chat_getPermalink(channel=INCIDENTS, message_ts=reply)["permalink"]
        self.assertTrue(link.endswith("?thread_ts=%s&cid=%s" % (parent, INCIDENTS)))
        self.client.chat_delete(channel=INCIDENTS, ts=reply)
        self.assertEqual(self.client.conversations_history(channel=INCIDENTS)["messages"][1]["reply_count"], 1)
        self.client.conversations_setTopic(channel=INCIDENTS, topic="x")
        notice = self.client.conversations_history(channel=INCIDENTS)["messages"][0]["ts"]
        self.refused("cannot_reply_to_message", self.client.chat_postMessage, channel=INCIDENTS, text="x", thread_ts=notice)


class Faults(SimulatorCase):
    """What goes wrong with chat.postMessage goes wrong with every method."""

    def fault(self, **fault):
        self.assertTrue(self.slack.post("faults", dict(fault, count=1))["ok"])

    def patient(self):
        return WebClient(token="xoxb-1", base_url=self.slack.url + "/api/", retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)])

    def impatient(self):
        return WebClient(token="xoxb-1", base_url=self.slack.url + "/api/", retry_handlers=[])

    def calls(self, method):
        return [(call["status"], call["fault"]) for call in self.slack.get("calls?method=" + method)["calls"]]

    def test_an_error_of_ones_choice_has_no_effect(self):
        ts = self.client.chat_postMessage(channel=INCIDENTS, text="x")["ts"]
        item = {"channel": INCIDENTS, "timestamp": ts}
        calls = {
            "conversations.create": lambda: self.client.conversations_create(name="inc-1"),
            "conversations.invite": lambda: self.client.conversations_invite(channel=RANDOM, users=[BOB]),
            "conversations.setTopic": lambda: self.client.conversations_setTopic(channel=INCIDENTS, topic="new"),
            "conversations.setPurpose": lambda: self.client.conversations_setPurpose(channel=INCIDENTS, purpose="new"),
            "conversations.archive": lambda: self.client.conversations_archive(channel=INCIDENTS),
            "conversations.unarchive": lambda: self.client.conversations_unarchive(channel=ARCHIVED),
            "conversations.join": lambda: self.client.conversations_join(channel=RANDOM),
            "conversations.list": lambda: self.client.conversations_list(),
            "conversations.info": lambda: self.client.conversations_info(channel=INCIDENTS),
            "conversations.members": lambda: self.client.conversations_members(channel=INCIDENTS),
            "conversations.history": lambda: self.client.conversations_history(channel=INCIDENTS),
            "conversations.replies": lambda: self.client.conversations_replies(channel=INCIDENTS, ts=ts),
            "pins.add": lambda: self.client.pins_add(**item),
            "reactions.add": lambda: self.client.reactions_add(name="eyes", **item),
            "users.list": lambda: self.client.users_list(),
            "users.info": lambda: self.client.users_info(user=BOB),
            "users.lookupByEmail": lambda: self.client.users_lookupByEmail(email="bob@example.com"),
            "views.open": lambda: self.client.views_open(trigger_id="1.2.3", view=modal()),
            "chat.postEphemeral": lambda: self.client.chat_postEphemeral(channel=INCIDENTS, user=BOB, text="x"),
            "chat.update": lambda: self.client.chat_update(channel=INCIDENTS, ts=ts, text="new"),
            "chat.delete": lambda: self.client.chat_delete(channel=INCIDENTS, ts=ts),
            "chat.getPermalink": lambda: self.client.chat_getPermalink(channel=INCIDENTS, message_ts=ts),
        }
        before = self.slack.get("channels")["channels"]
        for method, call in calls.items():
            self.fault(method=method, kind="error", error="service_unavailable")
            self.refused("service_unavailable", call)
            self.assertEqual(self.calls(method)[-1], (200, "error"))
        self.assertEqual(self.slack.get("channels")["channels"], before)
        self.assertEqual([(m["text"], "reactions" in m) for m in self.slack.get("messages?channel=incidents")["messages"]], [("x", False)])

    def test_every_scope_can_be_missing(self):
        for method, scope, call in (
                ("conversations.create", "channels:manage", lambda: self.client.conversations_create(name="inc-1")),
                ("conversations.invite", "channels:manage", lambda: self.client.conversations_invite(channel=INCIDENTS, users=[ERIN])),
                ("conversations.join", "channels:join", lambda: self.client.conversations_join(channel=RANDOM)),
                ("reactions.add", "reactions:write", lambda: self.client.reactions_add(channel=INCIDENTS, timestamp="1.1", name="x")),
                ("users.lookupByEmail", "users:read.email", lambda: self.client.users_lookupByEmail(email="bob@example.com"))):
            self.fault(method=method, kind="error", error="missing_scope")
            self.assertEqual(self.refused("missing_scope", call)["needed"], scope)

    def test_a_lost_reply_leaves_a_channel_behind(self):
        for kind, again in (("down", None), ("lost_reply", "name_taken")):
            self.fault(method="conversations.create", kind=kind)
            with self.assertRaises(Exception):
                self.impatient().conversations_create(name="inc-1")
            if again:
                self.refused(again, self.client.conversations_create, name="inc-1")
            else:
                self.client.conversations_archive(channel=self.client.conversations_create(name="inc-0")["channel"]["id"])
        self.assertEqual(self.calls("conversations.create"), [(0, "down"), (200, None), (0, "lost_reply"), (200, None)])

    def test_limits_and_a_page_of_html(self):
        self.fault(method="conversations.*", kind="rate_limit", retry_after=1)
        self.assertEqual(self.patient().conversations_setTopic(channel=INCIDENTS, topic="late")["channel"]["topic"]["value"], "late")
        self.assertEqual(self.calls("conversations.setTopic"), [(429, "rate_limit"), (200, None)])
        self.fault(method="pins.add", kind="http_503_html")
        with self.assertRaises(SlackApiError) as caught:
            self.impatient().pins_add(channel=INCIDENTS, timestamp="1.1")
        self.assertEqual(caught.exception.response.status_code, 503)
        self.fault(method="users.info", kind="slow", ms=300)
        self.assertGreaterEqual(self.slack.timed(lambda: self.client.users_info(user=BOB)), 0.3)

    def test_limits_by_tier(self):
        self.assertTrue(self.slack.post("faults", {"method": "conversations.create", "kind": "tiers"})["ok"])
        made = 0
        with self.assertRaises(SlackApiError) as caught:
            while made < 20:  # a tier of 20 a minute lets a quarter of it pass at once
                self.impatient().conversations_create(name="inc-%d" % made)
                made += 1
        self.assertEqual((caught.exception.response.status_code, made), (429, 5))
        self.assertGreaterEqual(int(caught.exception.response.headers["Retry-After"]), 1)


def modal(**more):
    blocks = [kit.InputBlock(block_id="title", label="Title", element=kit.PlainTextInputElement(action_id="text", max_length=80))]
    return View(**dict({"type": "modal", "callback_id": "declare", "title": "Declare", "submit": "Go", "blocks": blocks}, **more))


class Views(SimulatorCase):
    def trigger(self):
        return self.slack.post("commands", {"command": "/incident", "user": "bob"})["trigger_id"]

    def open(self, **more):
        return self.client.views_open(trigger_id=self.trigger(), view=modal(**more))["view"]

    def test_a_view_is_opened_pushed_and_changed(self):
        first = self.open(private_metadata="C1", external_id="only-one")
        self.assertEqual((first["root_view_id"], first["previous_view_id"], first["private_metadata"]), (first["id"], None, "C1"))
        View(**{name: first[name] for name in ("type", "callback_id", "title", "submit", "blocks")}).validate_json()
        self.refused("duplicate_external_id", self.client.views_push, trigger_id=self.trigger(), view=modal(external_id="only-one"))
        second = self.client.views_push(trigger_id=self.trigger(), view=modal())["view"]
        self.assertEqual((second["root_view_id"], second["previous_view_id"]), (first["id"], first["id"]))
        self.client.views_push(trigger_id=self.trigger(), view=modal())
        self.refused("push_limit_reached", self.client.views_push, trigger_id=self.trigger(), view=modal())
        changed = self.client.views_update(view_id=second["id"], hash=second["hash"], view=modal(title="Changed"))["view"]
        self.assertEqual((changed["id"], changed["title"]["text"]), (second["id"], "Changed"))
        self.assertNotEqual(changed["hash"], second["hash"])
        self.refused("hash_conflict", self.client.views_update, view_id=second["id"], hash=second["hash"], view=modal())
        self.client.views_update(external_id="only-one", view=modal(title="By name", external_id="only-one"))
        self.refused("not_found", self.client.views_update, view_id="V404", view=modal())

    def test_home(self):
        home = View(type="home", blocks=[kit.SectionBlock(text="Nothing burns.")])
        published = self.client.views_publish(user_id=ALICE, view=home)["view"]
        self.assertEqual(self.client.views_publish(user_id=ALICE, view=home, hash=published["hash"])["view"]["id"], published["id"])
        self.refused("hash_conflict", self.client.views_publish, user_id=ALICE, view=home, hash=published["hash"])
        self.refused("user_not_found", self.client.views_publish, user_id="U404", view=home)
        self.refused("invalid_arguments", self.client.views_publish, user_id=ALICE, view=modal())

    def test_triggers(self):
        trigger = self.trigger()
        self.refused("invalid_arguments", self.client.views_open, trigger_id=trigger, view={"type": "modal"})
        self.client.views_open(trigger_id=trigger, view=modal())
        self.refused("exchanged_trigger_id", self.client.views_open, trigger_id=trigger, view=modal())
        self.refused("invalid_trigger_id", self.client.views_open, trigger_id="1.2.3", view=modal())

    def test_limits(self):
        for problem, view in (
                ("must be less than 25 characters [json-pointer:/view/title/text]", {"title": {"type": "plain_text", "text": "x" * 25}}),
                ("must be less than 3001 characters [json-pointer:/view/private_metadata]", {"private_metadata": "x" * 3001}),
                ("must be less than 256 characters [json-pointer:/view/callback_id]", {"callback_id": "x" * 256}),
                ("no more than 100 items allowed [json-pointer:/view/blocks]", {"blocks": [{"type": "divider"}] * 101}),
                ("missing required field: submit [json-pointer:/view]", {"submit": None}),
                ("unsupported type: button [json-pointer:/view/blocks/0/element/type]",
                 {"blocks": [{"type": "input", "label": {"type": "plain_text", "text": "x"}, "element": {"type": "button"}}]})):
            sent = dict(modal().to_dict(), **view)
            sent = {name: value for name, value in sent.items() if value is not None}
            answer = self.refused("invalid_arguments", self.client.views_open, trigger_id=self.trigger(), view=sent)
            self.assertEqual(answer["response_metadata"]["messages"], ["[ERROR] " + problem])
        large = dict(modal().to_dict(), blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 90)
        self.refused("view_too_large", self.client.views_open, trigger_id=self.trigger(), view=large)


if __name__ == "__main__":
    unittest.main(verbosity=2)
