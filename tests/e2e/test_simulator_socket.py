#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The simulator's Socket Mode, judged by Slack's own clients for Python and Node. Needs what test_simulator_sdk.py needs."""
import contextlib
import http.client
import json
import os
import socket
import subprocess
import threading
import unittest
import urllib.parse

import slack_sdks

if __name__ == "__main__":
    slack_sdks.rerun_in_venv()

from simulator import SimulatorCase  # noqa: E402  (after the venv is chosen)
from slack_sdk import WebClient  # noqa: E402
from slack_sdk.models import blocks as kit  # noqa: E402
from slack_sdk.models.views import View  # noqa: E402
from slack_sdk.socket_mode import SocketModeClient  # noqa: E402
from slack_sdk.socket_mode.response import SocketModeResponse  # noqa: E402
from socket_slack import Broker, Gateway, Proxy  # noqa: E402
from stack import wait_for  # noqa: E402

GENERAL = "C0GENERAL01"
TOKEN = "xapp-1-A0SLIPWAY01-test"


def modal():
    return View(type="modal", title="Declare", submit="Go", callback_id="declare", blocks=[
        kit.InputBlock(label="Title", block_id="title", element=kit.PlainTextInputElement(action_id="text"))])


class App:
    """Slack's Python client. answers: request -> payload of the acknowledgement; SILENT: none is sent."""
    SILENT = object()

    def __init__(self, url, answers=lambda request: None):
        self.answers, self.requests, self.said = answers, [], []
        self.client = SocketModeClient(app_token=TOKEN, web_client=WebClient(base_url=url + "/api/"), ping_interval=1)
        self.client.on_message_listeners.append(lambda text: self.said.append(json.loads(text)))
        self.client.socket_mode_request_listeners.append(self._hear)
        self.client.connect()

    def _hear(self, client, request):
        answer = self.answers(request)
        self.requests.append(request)
        if answer is not self.SILENT:
            client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer))

    def heard(self, kind):
        return [message for message in self.said if message.get("type") == kind]

    def wait_request(self, count=1):
        return wait_for("%d requests" % count, lambda: len(self.requests) >= count and self.requests)

    def hang_up(self):
        """At once: the client itself closes a connection only between two reads, and each takes up to three seconds, which
        is what Slack waits for an acknowledgement."""
        with contextlib.suppress(OSError, AttributeError):  # it is closed already
            self.client.current_session.sock.shutdown(socket.SHUT_RDWR)
        self.client.current_session.close()

    def close(self):
        self.client.auto_reconnect_enabled = False
        self.hang_up()
        self.client.close()
        self.hang_up()  # on the one that it was opening meanwhile: nobody else would close it


class Node:
    def __init__(self, url):
        self.process = subprocess.Popen(
            ["node", os.path.join(slack_sdks.ROOT, "tests", "e2e", "simulator_socket.js"), url], text=True,
            env=dict(os.environ, NODE_PATH=os.path.join(slack_sdks.NODE_DIR, "node_modules")),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.lines = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.lines.append(json.loads(line))

    def heard(self, kind):
        return [line for line in self.lines if line["type"] == kind]

    def wait_heard(self, kind, count=1):
        return wait_for("%d %s at the node client" % (count, kind),
                        lambda: len(self.heard(kind)) >= count and self.heard(kind))

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.reader.join(10)
        self.process.stdout.close()


class SocketCase(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.wait_open(0)  # the test before has left nobody
        self.apps = []
        self.addCleanup(self.close_all)
        self.addCleanup(self.slack.raw, "/sandbox/v1/socket", method="DELETE")
        self.addCleanup(self.change, life_s=3600)

    def close_all(self):
        """At the same time, as each may take some seconds."""
        threads = [threading.Thread(target=app.close) for app in self.apps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def change(self, **what):
        self.assertTrue(self.slack.post("socket", what)["ok"], what)

    def state(self):
        return self.slack.get("socket")

    def wait_open(self, count):
        wait_for("%d connections" % count, lambda: len(self.state()["connections"]) == count)

    def app(self, answers=lambda request: None):
        app = App(self.slack.url, answers)
        self.apps.append(app)
        wait_for("hello", lambda: app.heard("hello"))
        return app

    def node(self):
        node = Node(self.slack.url)
        self.apps.append(node)
        node.wait_heard("connected")
        return node

    def type(self, text="", **more):
        return self.slack.post("commands", dict({"command": "/deploy", "text": text}, **more))

    def open_modal(self):
        """In bob's client, as an app's answer to a command of his."""
        self.client.views_open(trigger_id=self.type("for a modal", user="bob")["trigger_id"], view=modal())


class Envelopes(SocketCase):
    def test_a_command_and_the_answer_in_its_acknowledgement(self):
        app = self.app(lambda request: {"text": "you said " + request.payload["text"], "response_type": "in_channel"})
        hello = app.heard("hello")[0]
        self.assertEqual((hello["num_connections"], hello["connection_info"]), (1, {"app_id": "A0SLIPWAY01"}))
        self.assertEqual(hello["debug_info"]["approximate_connection_time"], 3600)
        typed = self.type("site & <co>", typed=True)
        self.assertEqual((typed["ok"], typed["shown"]), (True, "you said site & <co>"))
        request = app.requests[0]
        self.assertEqual((request.type, request.accepts_response_payload, request.retry_attempt), ("slash_commands", True, 0))
        self.assertEqual(request.payload["trigger_id"], typed["trigger_id"])
        self.assertEqual(self.gateway.forms, [])

    def test_a_click_takes_no_payload_and_a_submitted_form_does(self):
        button = kit.ActionsBlock(elements=[kit.ButtonElement(text="Cancel", action_id="cancel", value="d-1")])
        app = self.app(lambda request: {"response_action": "errors", "errors": {"title": "too long"}}
                       if request.payload.get("type") == "view_submission" else None)
        ts = self.client.chat_postMessage(channel=GENERAL, text="x", blocks=[button])["ts"]
        self.assertTrue(self.slack.post("clicks", {"user": "bob", "channel": GENERAL, "ts": ts, "text": "Cancel"})["ok"])
        self.open_modal()
        answer = self.slack.post("views/submit", {"user": "bob", "values": {"title": "Fire"}})
        self.assertEqual(answer["action"], "errors", answer)
        kinds = [(request.type, request.payload.get("type"), request.accepts_response_payload) for request in app.requests
                 if request.type != "events_api"]
        self.assertEqual(kinds, [("interactive", "block_actions", False), ("slash_commands", None, True),
                                 ("interactive", "view_submission", True)])

    def test_an_event_and_its_schedule(self):
        app = self.app(lambda request: App.SILENT if request.retry_attempt == 0 else None)
        sent = self.slack.post("events", {"event": {"type": "app_mention", "text": "hi"}, "scale": 0.0001})
        first, second = app.wait_request(2)
        self.assertEqual((first.type, first.accepts_response_payload, first.retry_attempt), ("events_api", False, 0))
        self.assertEqual((second.retry_attempt, second.retry_reason), (1, "timeout"))
        self.assertEqual({first.payload["event_id"], second.payload["event_id"]}, {sent["event_id"]})
        wait_for("delivered", lambda: self.slack.get("events")["events"][0]["delivered"])

    def test_what_one_leaves_another_gets(self):
        lazy = self.app(lambda request: App.SILENT)
        for _ in range(8):  # which connection is asked first is chance
            busy = self.app(lambda request: {"text": "here"})
            typed = self.type("again")
            self.assertEqual(typed["shown"], "here")
            asked = lazy.requests and busy.requests
            busy.close()
            self.wait_open(1)
            if asked:
                break
        self.assertEqual((busy.requests[-1].retry_attempt, busy.requests[-1].retry_reason), (1, "timeout"))
        self.assertEqual(busy.requests[-1].envelope_id, lazy.requests[-1].envelope_id)
        self.assertGreater(typed["ms"], 2900)

    def test_what_a_connection_takes_with_it_another_gets(self):
        def leave_first(request):
            if request.retry_attempt:
                return {"text": "second time"}
            app.hang_up()
            return App.SILENT
        app = self.app(leave_first)
        typed = self.type("x")
        self.assertEqual(typed["shown"], "second time")
        self.assertEqual(app.requests[1].retry_reason, "connection_failed")
        self.assertLess(typed["ms"], 8000)

    def test_many_are_answered_once_each(self):
        apps = [self.app(lambda request: {"text": request.payload["text"]}) for _ in range(3)]
        shown = []
        threads = [threading.Thread(target=lambda number=number: shown.append(self.type(str(number))["shown"]))
                   for number in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(shown, key=int), [str(number) for number in range(60)])
        self.assertEqual(sum(len(app.requests) for app in apps), 60)
        self.assertTrue(all(app.requests for app in apps), [len(app.requests) for app in apps])

    def test_nobody_is_there(self):
        self.app().close()
        self.wait_open(0)
        typed = self.type()
        self.assertEqual((typed["ok"], typed["error"]), (False, "dispatch_failed"))

    def test_switched_off_it_is_http_again(self):
        self.app()
        self.slack.raw("/sandbox/v1/socket", method="DELETE")
        self.assertTrue(self.type("by form")["ok"])
        self.assertEqual(self.gateway.forms[0]["text"], "by form")


class Connections(SocketCase):
    def test_tokens(self):
        opens = {"xapp-good": None, "xoxb-bot": "not_allowed_token_type", "xoxp-1": "invalid_auth"}
        for token, error in opens.items():
            client = WebClient(token=token, base_url=self.slack.url + "/api/")
            call = lambda: client.apps_connections_open(app_token=token)  # noqa: E731
            self.assertTrue(call()["url"].startswith("ws://")) if error is None else self.refused(error, call)
        self.refused("not_allowed_token_type", WebClient(token=TOKEN, base_url=self.slack.url + "/api/").auth_test)
        body = urllib.parse.urlencode({"token": TOKEN}).encode()
        answer = self.slack.raw("/api/apps.connections.open", body, {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(answer, {"ok": False, "error": "not_authed"})

    def test_a_ticket_is_good_for_one(self):
        url = urllib.parse.urlsplit(WebClient(base_url=self.slack.url + "/api/").apps_connections_open(app_token=TOKEN)["url"])
        target = url.path + "?" + url.query
        answers = []
        for asked in (target, target, "/link/?ticket=", "/link/", "/elsewhere?" + url.query):
            connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
            self.addCleanup(connection.close)
            connection.request("GET", asked, headers={
                "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
            try:
                answers.append(connection.getresponse().status)
            except http.client.HTTPException:
                answers.append(None)
        self.assertEqual(answers[0], 101)
        self.assertNotIn(101, answers[1:])

    def test_the_eleventh_is_one_too_many(self):
        for _ in range(10):
            self.app()
        late = App(self.slack.url)
        self.apps.append(late)
        self.assertEqual(wait_for("it is told to go", lambda: late.heard("disconnect"))[0]["reason"], "too_many_websockets")
        self.assertEqual(late.heard("hello"), [])
        self.assertEqual(len(self.state()["connections"]), 10)

    def test_old_ones_are_warned_and_refreshed_without_a_loss(self):
        self.change(life_s=2)
        app = self.app(lambda request: {"text": "ok"})
        typed = []
        while len(app.heard("hello")) < 3:
            typed.append(self.type())
            self.assertLess(len(typed), 20000)
        self.assertEqual([entry for entry in typed if entry["shown"] != "ok"], [])
        reasons = [message["reason"] for message in app.heard("disconnect")]
        self.assertEqual(reasons[:2], ["warning", "refresh_requested"])

    def test_told_to_go(self):
        app = self.app()
        for hellos, reason in enumerate(("link_disabled", "refresh_requested"), 2):
            self.change(disconnect=reason)
            wait_for(reason, lambda: app.heard("disconnect")[-1:] and app.heard("disconnect")[-1]["reason"] == reason)
            wait_for("it is back", lambda: len(app.heard("hello")) >= hellos)
            self.wait_open(1)
        self.assertFalse(self.slack.post("socket", {"life_s": 0})["ok"])


class NodeClient(SocketCase):
    def test_all_kinds(self):
        node = self.node()
        self.assertEqual(self.type("hello")["shown"], "node heard hello")
        self.slack.post("events", {"event": {"type": "app_mention", "text": "hi"}})
        self.assertEqual(node.wait_heard("events_api")[0]["event"], "app_mention")
        self.open_modal()
        self.assertEqual(self.slack.post("views/submit", {"user": "bob", "values": {"title": "x"}})["action"], "errors")
        self.assertEqual(node.wait_heard("interactive"), [{"type": "interactive", "kind": "view_submission"}])

    def test_refreshed_it_comes_back(self):
        """It is away for a while at each refresh; the other connection answers then."""
        self.app(lambda request: {"text": "python heard it"})
        self.change(life_s=2)
        node = self.node()
        shown = []
        while len(node.heard("connected")) < 2:
            shown.append(self.type(str(len(shown)))["shown"])
            self.assertIsNone(node.process.poll())
        self.assertEqual([text for text in shown if " heard " not in text], [])
        self.assertIn("python heard it", shown)


class ThroughAProxy(SocketCase):
    """Slipway's own gateway, to which the simulator is reachable through a proxy alone, as far as it knows."""

    def test_a_command(self):
        broker, proxy = Broker(), Proxy(user="me:secret")
        gateway = Gateway(broker, self.slack, http_proxy=proxy.url, SLACK_BOT_TOKEN="xoxb-test")
        for ends in (proxy.stop, broker.end, gateway.end):
            self.addCleanup(ends)
        self.wait_open(2)
        self.assertRegex(self.type("site")["shown"], "Got it: deployment `d-")
        asked = {(verb, target.rpartition("/")[2]) for verb, target, allowed in proxy.asked if allowed}
        port = self.slack.get("socket")["port"]
        self.assertLessEqual({("POST", "apps.connections.open"), ("CONNECT", "127.0.0.1:%d" % port)}, asked)
        self.assertEqual([target for _, target, allowed in proxy.asked if not allowed], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
