#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Slack simulator, judged by Slack's own SDKs for Python and Node.

Starts build/bin/slipway-sandbox on a free port and a small gateway of its own that checks signatures with the SDK's
verifier. The SDKs come from build/venv and build/node, which are made when they are missing.
SLIPWAY_BUILD names another build directory."""
import os
import subprocess
import unittest

import slack_sdks

if __name__ == "__main__":
    slack_sdks.rerun_in_venv()

from simulator import SimulatorCase  # noqa: E402  (after the venv is chosen)
from slack_sdk import WebClient  # noqa: E402
from slack_sdk.errors import SlackApiError  # noqa: E402
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler  # noqa: E402
from slack_sdk.models import blocks as kit  # noqa: E402
from slack_sdk.webhook import WebhookClient  # noqa: E402

GENERAL, DEPLOYS, RANDOM, ARCHIVED = "C0GENERAL01", "C0DEPLOYS01", "C0RANDOM001", "C0ARCHIVE01"
ALICE, BOB = "U0ALICE0001", "U0BOB000001"


def message_blocks():
    confirm = kit.ConfirmObject(title="Sure?", text=kit.MarkdownTextObject(text="It *stops*."), confirm="Yes", deny="No")
    return [
        kit.HeaderBlock(text="site → staging"),
        kit.SectionBlock(fields=[kit.MarkdownTextObject(text="*Status*\nRunning")]),
        kit.ContextBlock(elements=[kit.MarkdownTextObject(text="`d-1`")]),
        kit.DividerBlock(),
        kit.ActionsBlock(block_id="dep", elements=[
            kit.ButtonElement(text="Cancel", action_id="cancel", value="d-1", style="danger", confirm=confirm)]),
    ]


class WebApi(SimulatorCase):
    def test_identity(self):
        who = self.client.auth_test()
        self.assertEqual((who["team_id"], who["user_id"], who["bot_id"]), ("T0SANDBOX01", "U0SLIPWAY01", "B0SLIPWAY01"))
        self.assertIn("chat:write", who.headers["x-oauth-scopes"])
        self.assertTrue(self.client.api_test(foo="bar")["args"]["foo"] == "bar")

    def test_a_message_lives(self):
        metadata = {"event_type": "deploy_status", "event_payload": {"delivery_id": "d-1:1"}}
        posted = self.client.chat_postMessage(channel=GENERAL, text="queued", blocks=message_blocks(), metadata=metadata)
        ts = posted["ts"]
        self.client.chat_update(channel=GENERAL, ts=ts, text="running", blocks=message_blocks())
        self.client.chat_postMessage(channel=GENERAL, text="detail", thread_ts=ts)
        self.client.reactions_add(channel=GENERAL, timestamp=ts, name="rocket")
        found = self.client.conversations_history(channel=GENERAL, oldest=ts, inclusive=True, include_all_metadata=True)
        self.assertEqual([m["text"] for m in found["messages"]], ["running"])
        self.assertEqual(found["messages"][0]["metadata"], metadata)
        for block in kit.Block.parse_all(found["messages"][0]["blocks"]):
            block.validate_json()
        self.assertNotIn("metadata", self.client.conversations_history(channel=GENERAL)["messages"][0])
        replies = self.client.conversations_replies(channel=GENERAL, ts=ts)["messages"]
        self.assertEqual([m["text"] for m in replies], ["running", "detail"])
        self.assertIn("/archives/%s/p%s" % (GENERAL, ts.replace(".", "")),
                      self.client.chat_getPermalink(channel=GENERAL, message_ts=ts)["permalink"])
        self.client.chat_delete(channel=GENERAL, ts=ts)
        history = self.slack.get("messages?channel=general&deleted=1")["messages"][0]
        self.assertTrue(history["deleted"])
        self.assertEqual([v["via"] for v in history["history"]], ["chat.postMessage", "chat.update", "chat.delete"])

    def test_text_alone_removes_blocks(self):
        ts = self.client.chat_postMessage(channel=GENERAL, text="a", blocks=message_blocks())["ts"]
        self.client.chat_update(channel=GENERAL, ts=ts, text="b")
        self.assertNotIn("blocks", self.client.conversations_history(channel=GENERAL)["messages"][0])

    def test_ts_always_grows(self):
        stamps = [self.client.chat_postMessage(channel=GENERAL, text=str(i))["ts"] for i in range(30)]
        self.assertEqual(stamps, sorted(set(stamps)))

    def test_history_pages(self):
        for i in range(7):
            self.client.chat_postMessage(channel=DEPLOYS, text=str(i))
        texts = [m["text"] for page in self.client.conversations_history(channel=DEPLOYS, limit=3) for m in page["messages"]]
        self.assertEqual(texts, ["6", "5", "4", "3", "2", "1", "0"])

    def test_refusals(self):
        post, update = self.client.chat_postMessage, self.client.chat_update
        theirs = self.slack.post("messages", {"user": "bob", "channel": "general", "text": "hi"})["ts"]
        ours = post(channel=GENERAL, text="x")["ts"]
        self.refused("not_authed", WebClient(base_url=self.slack.url + "/api/").auth_test)
        self.refused("invalid_auth", WebClient(token="xoxp-1", base_url=self.slack.url + "/api/").auth_test)
        self.refused("unknown_method", lambda: self.client.api_call("chat.shout"))
        self.refused("channel_not_found", post, channel="C404", text="x")
        self.refused("not_in_channel", post, channel=RANDOM, text="x")
        self.refused("is_archived", post, channel=ARCHIVED, text="x")
        self.refused("no_text", post, channel=GENERAL, text="")
        self.refused("msg_too_long", update, channel=GENERAL, ts=ours, text="é" * 4001)
        self.refused("message_not_found", update, channel=GENERAL, ts="1.000001", text="x")
        self.refused("cant_update_message", update, channel=GENERAL, ts=theirs, text="x")
        self.refused("cant_delete_message", self.client.chat_delete, channel=GENERAL, ts=theirs)
        self.refused("user_not_in_channel", self.client.chat_postEphemeral, channel=GENERAL, user="U404", text="x")
        self.refused("thread_not_found", self.client.conversations_replies, channel=GENERAL, ts="1.000001")
        self.refused("metadata_too_large", post, channel=GENERAL, text="x",
                     metadata={"event_type": "x", "event_payload": {"a": "x" * 9000}})
        self.refused("user_not_found", self.client.users_info, user="U404")
        self.refused("no_such_subteam", self.client.usergroups_users_list, usergroup="S404")

    def test_block_kit_limits(self):
        long = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
        answer = self.refused("invalid_blocks", self.client.chat_postMessage, channel=GENERAL, text="x", blocks=long)
        self.assertEqual(answer["response_metadata"]["messages"],
                         ["[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"])
        self.assertEqual(self.slack.get("messages")["messages"], [])

    def test_people_and_channels(self):
        people = {user["name"]: user for user in self.client.users_list()["members"]}
        self.assertTrue(people["gus"]["is_restricted"])
        self.assertEqual(self.client.users_info(user=ALICE)["user"]["name"], "alice")
        self.assertEqual({c["name"] for c in self.client.users_conversations(exclude_archived=True)["channels"]},
                         {"general", "deploys", "incidents", "announcements", "partners"})
        self.client.conversations_join(channel=RANDOM)
        self.client.chat_postMessage(channel=RANDOM, text="now it works")
        self.assertTrue(self.client.conversations_info(channel=RANDOM)["channel"]["is_member"])
        self.assertEqual(len(self.client.conversations_list(exclude_archived=True)["channels"]), 6)
        self.assertEqual(self.client.usergroups_users_list(usergroup="S0RELEASE01")["users"], [ALICE, BOB])
        direct = self.client.conversations_open(users=ALICE)["channel"]["id"]
        self.assertTrue(direct.startswith("D"))
        self.assertEqual(self.client.chat_postMessage(channel=ALICE, text="psst")["channel"], direct)

    def test_charset_warning(self):
        answer = self.slack.raw("/api/chat.postMessage", b'{"channel":"C0GENERAL01","text":"x"}',
                                {"Content-Type": "application/json", "Authorization": "Bearer xoxb-1"})
        self.assertEqual(answer["warning"], "missing_charset")


class Gestures(SimulatorCase):
    def test_command_as_slack_sends_it(self):
        self.gateway.answer(200, "application/json", '{"response_type":"ephemeral","text":"Got it: `d-1`"}')
        shown = self.slack.post("commands", {"user": "bob", "channel": "deploys", "command": "/deploy", "text": "site @alice"})
        self.assertEqual((shown["ok"], shown["status"], shown["shown"]), (True, 200, "Got it: `d-1`"))
        form = self.gateway.forms[0]
        self.assertEqual((form["command"], form["text"]), ("/deploy", "site <@%s>" % ALICE))
        self.assertEqual((form["user_id"], form["channel_id"], form["team_id"]), (BOB, DEPLOYS, "T0SANDBOX01"))
        self.assertEqual(form["response_url"], shown["response_url"])
        self.assertRegex(form["trigger_id"], r"^\d+\.\d+\.[0-9a-f]+$")
        self.assertEqual(self.slack.get("messages?channel=deploys&user=alice")["messages"], [])
        self.assertEqual(len(self.slack.get("messages?channel=deploys&user=bob")["messages"]), 1)

    def test_response_url(self):
        self.gateway.answer(200, "application/json", '{"text":"first"}')
        url = self.slack.post("commands", {"command": "/deploy"})["response_url"]
        hook = WebhookClient(url)
        self.assertEqual(hook.send(text="second", replace_original=True).body, "ok")
        self.assertEqual([m["text"] for m in self.slack.get("messages?user=alice")["messages"]], ["second"])
        hook.send(text="public", response_type="in_channel")
        public = [m for m in self.slack.get("messages?user=bob")["messages"]]
        self.assertEqual([m["text"] for m in public], ["public"])
        self.assertEqual(hook.send(text="bad", blocks=[{"type": "gizmo"}]).status_code, 400)
        hook.send(text="four")
        hook.send(text="five")
        spent = hook.send(text="six")
        self.assertEqual((spent.status_code, spent.body), (404, "used_url"))
        self.assertEqual(WebhookClient(self.slack.url + "/commands/T0/1/x").send(text="x").body, "no_service")

    def test_click(self):
        ts = self.client.chat_postMessage(channel=GENERAL, text="x", blocks=message_blocks())["ts"]
        self.assertTrue(self.slack.post("clicks", {"user": "bob", "channel": GENERAL, "ts": ts, "text": "Cancel"})["ok"])
        payload = self.gateway.payloads[0]
        self.assertEqual((payload["type"], payload["user"]["id"], payload["container"]["message_ts"]), ("block_actions", BOB, ts))
        action = payload["actions"][0]
        self.assertEqual((action["action_id"], action["block_id"], action["value"]), ("cancel", "dep", "d-1"))
        WebhookClient(payload["response_url"]).send(text="gone", delete_original=True)
        self.assertEqual(self.slack.get("messages")["messages"], [])
        self.assertFalse(self.slack.post("clicks", {"channel": GENERAL, "ts": ts, "text": "Cancel"})["ok"])

    def test_what_a_person_sees_when_the_app_fails(self):
        for status, expected in ((404, "http_client_error"), (500, "http_service_error")):
            self.gateway.answer(status, "text/plain", "oops")
            shown = self.slack.post("commands", {"command": "/deploy"})
            self.assertEqual(shown["shown"], '/deploy failed with the error "%s"' % expected)
        self.gateway.answer(200, "text/plain", "late", delay=3.3)
        self.assertEqual(self.slack.post("commands", {"command": "/deploy"})["error"], "operation_timeout")
        nobody = self.slack.post("commands", {"command": "/deploy", "gateway": "http://127.0.0.1:1/"})
        self.assertEqual(nobody["error"], "dispatch_failed")

    def test_event_is_retried(self):
        self.gateway.answer(500, "text/plain", "no")
        sent = self.slack.post("events", {"event": {"type": "app_mention", "text": "hi"}, "scale": 0.0001})
        self.gateway.wait_for(lambda: len(self.gateway.events) == 4)
        self.assertEqual({e["event_id"] for e in self.gateway.events}, {sent["event_id"]})
        self.assertEqual([h.get("x-slack-retry-num") for h in self.gateway.event_headers], [None, "1", "2", "3"])
        self.assertEqual(self.gateway.event_headers[1]["x-slack-retry-reason"], "http_error")


class Faults(SimulatorCase):
    def fault(self, **fault):
        self.assertTrue(self.slack.post("faults", fault)["ok"])

    def test_rate_limit(self):
        self.fault(method="chat.*", kind="rate_limit", retry_after=1, count=1)
        self.assertEqual(self.refused("ratelimited", self.client.chat_postMessage, channel=GENERAL, text="x").headers["Retry-After"], "1")
        self.fault(method="chat.*", kind="rate_limit", retry_after=1, count=1)
        patient = WebClient(token="xoxb-1", base_url=self.slack.url + "/api/")
        patient.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
        self.assertTrue(patient.chat_postMessage(channel=GENERAL, text="x")["ok"])
        calls = self.slack.get("calls?method=chat.postMessage")["calls"]
        self.assertEqual([(c["status"], c["fault"]) for c in calls], [(429, "rate_limit"), (429, "rate_limit"), (200, None)])

    def test_html_503(self):
        self.fault(kind="http_503_html", count=1)
        with self.assertRaises(SlackApiError) as caught:
            self.client.auth_test()
        self.assertEqual(caught.exception.response.status_code, 503)

    def test_lost_reply_has_its_effect_and_down_has_none(self):
        impatient = WebClient(token="xoxb-1", base_url=self.slack.url + "/api/", retry_handlers=[])
        for kind, effect in (("lost_reply", 1), ("down", 0)):
            self.slack.post("reset", {})
            self.fault(method="chat.postMessage", kind=kind, count=1)
            with self.assertRaises(Exception):
                impatient.chat_postMessage(channel=GENERAL, text="x")
            self.assertEqual(len(self.slack.get("messages")["messages"]), effect)

    def test_slow(self):
        self.fault(kind="slow", ms=400, count=1)
        self.assertGreaterEqual(self.slack.timed(self.client.auth_test), 0.4)

    def test_stream_tells_changes(self):
        first = self.slack.stream("alice")
        self.assertEqual((first[0][0], {e[0] for e in first[1:]}), ("reset", {"channel", "views"}))
        self.assertIn("board", [e[1].get("name") for e in first])
        self.client.chat_postEphemeral(channel=GENERAL, user=ALICE, text="for alice")
        self.assertEqual([e[1]["text"] for e in self.slack.stream("alice", first[-1][2])], ["for alice"])
        bob = self.slack.stream("bob")
        self.assertEqual([e for e in bob if e[0] == "message" or e[1].get("name") == "board"], [])
        self.client.conversations_setTopic(channel=GENERAL, topic="new")
        changes = self.slack.stream("bob", bob[-1][2])
        self.assertEqual([e[0] for e in changes], ["channel", "message"])
        self.assertEqual(changes[0][1]["topic"]["value"], "new")


class Node(SimulatorCase):
    def test_node_sdk(self):
        done = subprocess.run(["node", os.path.join(slack_sdks.ROOT, "tests", "e2e", "simulator_sdk.js"), self.slack.url],
                              env=dict(os.environ, NODE_PATH=os.path.join(slack_sdks.NODE_DIR, "node_modules")),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("node sdk: ok", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
