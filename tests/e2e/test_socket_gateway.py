#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway's end of Socket Mode, judged by a WebSocket server of other people's making: what is acknowledged and
when, refreshes, a peer that misbehaves, TLS, proxies, the end. aiohttp comes from PyPI, into build/venv."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import slack_sdks
import test_metrics

if __name__ == "__main__":
    slack_sdks.rerun_in_venv()

from socket_slack import (APP, APP_TOKEN, CHANNEL, SECRET, TEAM, USER, Broker, Gateway, Proxy,  # noqa: E402
                          SocketSlack, make_certificate)
from stack import wait_for  # noqa: E402


class SocketCase(unittest.TestCase):
    ENVIRONMENT = {}

    @classmethod
    def setUpClass(cls):
        cls.broker = Broker()
        cls.addClassCleanup(cls.broker.end)

    def setUp(self):
        self.slack = self.make_slack()
        self.addCleanup(self.slack.stop)
        self.gateway = None

    def make_slack(self):
        return SocketSlack()

    def start(self, **environment):
        self.gateway = Gateway(self.broker, self.slack, **environment)
        self.addCleanup(self.end_gateway)
        return self.gateway

    def end_gateway(self):
        """Whatever happened, no secret is in the log."""
        text = self.gateway.text()
        code = self.gateway.end()
        for secret in ("t1cket-", APP_TOKEN, SECRET):
            self.assertNotIn(secret, text)
        self.assertEqual(code, 0, text[-3000:])

    def click(self, **more):
        return self.slack.envelope("interactive", {
            "type": "block_actions", "user": {"id": USER, "team_id": TEAM}, "team": {"id": TEAM}, "api_app_id": APP,
            "channel": {"id": CHANNEL}, "trigger_id": "7.8.9", "response_url": self.slack.url + "/commands/1/2/3",
            "actions": [{"action_id": "cancel", "value": "d-0123456789abc"}]}, **more)


class Envelopes(SocketCase):
    def setUp(self):
        super().setUp()
        self.start()
        self.first, self.second = self.slack.wait_live()
        wait_for("ready", lambda: self.gateway.ready()[1].get("socket_mode", {}).get("connections") == 2)

    def test_a_command_is_acknowledged_with_its_answer(self):
        for connection in (self.first, self.second):
            envelope, message = self.slack.command("site", trigger="1.2.%d" % connection.number)
            self.slack.send(connection, message)
            ack = self.slack.wait_ack(envelope)
            self.assertEqual(sorted(ack), ["envelope_id", "payload"])
            self.assertIn("Got it: deployment `d-", ack["payload"]["text"])
            self.assertEqual(ack["payload"]["response_type"], "ephemeral")
            self.assertEqual(self.slack.acks[-1][1], connection.number)
            self.assertIn("cmd:%s:1.2.%d" % (APP, connection.number), self.broker.commands())
        self.assertEqual(self.gateway.metric('slipway_socket_envelopes_total{type="slash_commands",'
                                             'outcome="acknowledged"}'), 2)
        self.assertEqual(self.gateway.ready()[0], 200)

    def see_answers_beside(self):
        """Twice: after the second, the thread that posts them is through with its start."""
        for _ in range(2):
            envelope, message = self.slack.command("help", accepts=False)
            self.slack.send(self.first, message)
            self.slack.wait_ack(envelope)
            self.slack.wait_said("/deploy")
            self.slack.said.clear()

    def see_one_through(self):
        """From now on Kafka is handed what comes: before it is reached, a command is taken back after 1.8 s."""
        envelope, message = self.slack.command("site", trigger="before.%s" % self.id())
        self.slack.send(self.first, message)
        self.slack.wait_ack(envelope)
        wait_for("Kafka has it", lambda: self.gateway.metric('slipway_publish_total{result="confirmed"}') == 1)

    def test_not_before_kafka_has_it(self):
        self.see_one_through()
        self.see_answers_beside()
        envelope, message = self.slack.command("site", trigger="slow.kafka")
        self.broker.kill(signal.SIGSTOP)
        try:
            self.slack.send(self.first, message)
            self.slack.wait_said("is not confirmed yet")
            self.assertEqual(self.slack.acks_of(envelope), [])
            self.assertEqual(self.gateway.metric("slipway_socket_unanswered"), 1)
        finally:
            self.broker.kill(signal.SIGCONT)
        self.assertEqual(self.slack.wait_ack(envelope), {"envelope_id": envelope})
        self.assertIn("cmd:%s:slow.kafka" % APP, self.broker.commands())

    def test_an_envelope_that_takes_no_payload_is_answered_beside(self):
        for text, said in (("site", "Got it"), ("help", "/deploy")):
            envelope, message = self.slack.command(text, accepts=False)
            self.slack.send(self.second, message)
            self.assertEqual(self.slack.wait_ack(envelope), {"envelope_id": envelope})
            self.slack.wait_said(said)

    def test_the_same_again_elsewhere_is_the_same_command(self):
        ids = set()
        for connection, retry in ((self.first, 0), (self.second, 1)):
            envelope, message = self.slack.command("site", trigger="again", retry_attempt=retry, retry_reason="timeout")
            self.slack.send(connection, message)
            ids.add(self.slack.wait_ack(envelope)["payload"]["text"].split("`")[1])
        self.assertEqual(len(ids), 1)
        self.assertEqual(self.gateway.metric("slipway_slack_retries_total"), 1)

    def test_an_envelope_that_kafka_has_is_not_published_again(self):
        envelope, message = self.slack.command("site", trigger="", envelope="e-with-no-trigger")
        message["payload"]["trigger_id"] = ""
        for connection, said in ((self.first, "Got it"), (self.second, "already")):
            self.slack.send(connection, message)
            wait_for(said, lambda: said in json.dumps(self.slack.acks_of(envelope)))
        self.assertEqual(len([each for each in self.broker.commands() if each.startswith("env:")]), 1)

    def test_clicks_and_events(self):
        envelope, message = self.click()
        self.slack.send(self.first, message)
        self.assertEqual(self.slack.wait_ack(envelope), {"envelope_id": envelope})
        self.assertIn("act:%s:7.8.9" % APP, self.broker.commands())
        for kind, payload in (("events_api", {"type": "event_callback", "event_id": "Ev1", "event": {"type": "x"}}),
                              ("interactive", {"type": "something_new"}), ("of_the_future", {})):
            envelope, message = self.slack.envelope(kind, payload, accepts=False)
            self.slack.send(self.first, message)
            self.assertEqual(self.slack.wait_ack(envelope), {"envelope_id": envelope})

    def test_what_cannot_be_read_is_acknowledged_or_passed_over(self):
        envelope, message = self.slack.envelope("interactive", {"no": "type"})
        self.slack.send(self.first, message)
        self.slack.wait_ack(envelope)
        for garbage in ("", "no json", "{}", "[1]", '{"type":"slash_commands","payload":{}}', '{"type":"pong"}'):
            self.slack.send(self.first, garbage)
        envelope, message = self.slack.command("help")
        self.slack.send(self.first, message)
        self.slack.wait_ack(envelope)
        self.assertEqual(len(self.slack.connections), 2)
        self.assertEqual(self.gateway.metric('slipway_socket_envelopes_total{type="other",outcome="unreadable"}'), 5)

    def test_an_acknowledgement_takes_another_way_when_its_own_has_ended(self):
        self.see_one_through()
        envelope, message = self.slack.command("site")
        self.broker.kill(signal.SIGSTOP)
        try:
            self.slack.send(self.first, message)
            wait_for("in flight", lambda: self.gateway.metric("slipway_socket_unanswered") == 1)
            self.slack.drop(self.first)
            wait_for("the gateway knows of its end, and replaces it", lambda: len(self.slack.connections) == 3)
        finally:
            self.broker.kill(signal.SIGCONT)
        self.slack.wait_ack(envelope)
        self.assertNotEqual(self.slack.acks[-1][1], self.first.number)

    def test_pings_are_answered(self):
        self.slack.ping(self.first)
        envelope, message = self.slack.command("help")
        self.slack.send(self.first, message)
        self.slack.wait_ack(envelope)

    def test_the_end_is_orderly(self):
        self.gateway.kill(signal.SIGTERM)
        wait_for("both are closed", lambda: not self.slack.live())
        self.assertEqual([self.first.close_code, self.second.close_code], [1000, 1000])

    def test_what_waits_at_the_end_is_acknowledged_before_it(self):
        self.see_one_through()
        envelope, message = self.slack.command("site")
        self.broker.kill(signal.SIGSTOP)
        try:
            self.slack.send(self.first, message)
            wait_for("in flight", lambda: self.gateway.metric("slipway_socket_unanswered") == 1)
            self.gateway.kill(signal.SIGTERM)
            wait_for("the idle one is closed", lambda: not self.second.live)
            self.assertTrue(self.first.live)
        finally:
            self.broker.kill(signal.SIGCONT)
        self.slack.wait_ack(envelope)
        wait_for("closed", lambda: not self.first.live)
        self.assertEqual(self.first.close_code, 1000)


class Refreshes(SocketCase):
    def test_before_its_time_is_over_and_never_without(self):
        self.slack.life_s = 3
        self.start()
        self.slack.wait_live()
        wait_for("six connections", lambda: len(self.slack.connections) >= 6, 30)
        for connection in [each for each in self.slack.connections if not each.live]:
            self.assertEqual(connection.close_code, 1000)
            self.assertGreaterEqual(len(connection.live_at_end), 2)
        self.assertEqual(self.gateway.entries("slack gives no socket mode connection"), [])

    def test_when_slack_says_so(self):
        self.start()
        first, second = self.slack.wait_live()
        self.slack.disconnect(first, "warning")
        wait_for("a successor", lambda: len(self.slack.connections) == 3)
        wait_for("its end", lambda: not first.live)
        self.assertEqual((first.close_code, len(first.live_at_end)), (1000, 2))
        self.slack.disconnect(second, "refresh_requested")
        self.slack.close(second)
        wait_for("a successor", lambda: len(self.slack.connections) == 4)
        self.slack.wait_live()
        self.assertEqual(self.gateway.metric('slipway_socket_disconnects_total{reason="warning"}'), 1)

    def test_every_metric_is_documented_and_the_alerts_find_theirs(self):
        self.start()
        first, _ = self.slack.wait_live()
        envelope, message = self.slack.command("site")
        self.slack.send(first, message)
        self.slack.wait_ack(envelope)
        self.slack.disconnect(first, "warning")
        wait_for("the disconnect is counted", lambda: self.gateway.metric("slipway_socket_disconnects_total"))
        exposed = {name for name in self.gateway.metric_names() if name.startswith(test_metrics.SOCKET)}
        documented, asked = ({name for name in names if name.startswith(test_metrics.SOCKET)} for names in
                             (test_metrics.documented(), test_metrics.NAME.findall(" ".join(test_metrics.queries()))))
        self.assertEqual(exposed, documented)
        self.assertTrue(asked and asked <= exposed, asked)

    def test_switched_off(self):
        self.start()
        for connection in self.slack.wait_live():
            self.slack.disconnect(connection, "link_disabled")
        wait_for("both are closed", lambda: not self.slack.live())
        status, body = wait_for("it is told", lambda: self.gateway.ready()[1]["status"] == "degraded" and
                                self.gateway.ready())
        self.assertEqual((status, body["socket_mode"]["connections"]), (200, 0))
        wait_for("for how long", lambda: self.gateway.metric("slipway_socket_without_connection_seconds") >= 1)
        self.assertEqual(len(self.slack.opens), 2)


class Misbehaviour(SocketCase):
    def check_alive(self):
        envelope, message = self.slack.command("help")
        wait_for("two connections", lambda: self.gateway.ready()[1]["socket_mode"]["connections"] == 2)
        self.slack.send(self.slack.live()[-1], message)
        self.slack.wait_ack(envelope)

    def test_ends_of_all_kinds(self):
        self.start()
        codes = []
        ends = (self.slack.drop, self.slack.close, lambda each: self.slack.close(each, 1011),
                lambda each: self.slack.write_raw(each, b"HTTP/1.1 500 Oops\r\n\r\n"),
                lambda each: self.slack.send_bytes(each, b"\x00\x01"),
                lambda each: self.slack.send(each, "x" * 1100000))
        for pair in (ends[:2], ends[2:4], ends[4:]):
            for connection, end in zip(self.slack.wait_live(2, 60), pair):  # the pauses grow
                end(connection)
                wait_for("its end", lambda each=connection: not each.live)
                codes.append(connection.close_code)
        self.slack.wait_live(2, 60)
        self.check_alive()
        self.assertEqual(codes[4:], [1003, 1009])

    def test_no_hello(self):
        self.slack.hello_after_s = None
        self.start()
        wait_for("one connection", lambda: len(self.slack.connections) == 1)
        self.assertEqual(self.gateway.ready(), (503, dict(self.gateway.ready()[1], status="connecting")))
        self.slack.hello_after_s = 1
        wait_for("it is given up", lambda: not self.slack.connections[0].live, 30)
        self.slack.wait_live()
        self.check_alive()

    def test_slack_refuses(self):
        self.slack.open_answers = [(429, {"Retry-After": "2"}, "slow down"), (503, {}, "<html>"),
                                   (200, {}, '{"ok":true,"url":"http://127.0.0.1/"}')]
        self.start()
        wait_for("three refusals", lambda: len(self.slack.opens) == 3, 30)
        self.assertGreaterEqual(self.slack.opens[1][0] - self.slack.opens[0][0], 1.9)
        self.assertEqual(self.slack.opens[0][1:], ("Bearer " + APP_TOKEN, ""))
        wait_for("a warning", lambda: len(self.gateway.entries("slack gives no socket mode connection")) == 3)
        self.assertEqual(self.gateway.ready()[1]["status"], "connecting")

    def test_a_wrong_token(self):
        self.slack.open_answers = [(200, {}, '{"ok":false,"error":"invalid_auth"}')]
        self.start()
        entry = self.gateway.wait_said("slack gives no socket mode connection")
        self.assertIn("connections:write", entry["reason"])
        self.assertEqual(self.gateway.ready()[0], 503)


class OnTheWay(SocketCase):
    """TLS and proxies: the server has a certificate that only SSL_CERT_FILE vouches for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dir = tempfile.mkdtemp(prefix="slipway-socket-")
        cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.certificate = make_certificate(cls.dir)

    def make_slack(self):
        return SocketSlack(tls=self.certificate)

    def deploy(self):
        envelope, message = self.slack.command("site")
        self.slack.send(self.slack.wait_live()[0], message)
        self.assertIn("Got it", self.slack.wait_ack(envelope)["payload"]["text"])

    def test_a_certificate_that_is_trusted(self):
        self.start(SSL_CERT_FILE=self.certificate[0])
        self.deploy()

    def test_a_certificate_that_is_not(self):
        self.start()
        wait_for("refusals", lambda: self.gateway.metric("slipway_socket_connects_total") >= 1)
        self.assertEqual(self.slack.opens, [])

    def test_the_connection_itself_is_verified(self):
        """apps.connections.open may be answered elsewhere; what it names is verified by the WebSocket's own client."""
        other = SocketSlack()
        self.addCleanup(other.stop)
        other.open_answers = [(200, {}, json.dumps({"ok": True, "url": "wss://127.0.0.1:%d/link/?ticket=t1cket-1" %
                                                                       self.slack.port}))] * 3
        self.gateway = Gateway(self.broker, other, SSL_CERT_FILE=self.certificate[0])
        self.addCleanup(self.end_gateway)
        entry = self.gateway.wait_said("a socket mode connection has ended")
        self.assertIn("mismatch", entry["reason"])
        self.assertEqual(self.slack.connections, [])

    def test_through_a_proxy_with_a_password(self):
        proxy = Proxy(user="me:p@ss")
        self.addCleanup(proxy.stop)
        self.start(SSL_CERT_FILE=self.certificate[0], HTTPS_PROXY=proxy.url.replace("p@ss", "p%40ss"))
        self.deploy()
        asked = [each for each in proxy.asked if each[2]]
        self.assertEqual({target for _, target, _ in asked}, {"localhost:%d" % self.slack.port})
        self.assertGreaterEqual(len(asked), 3)  # the calls, and each connection
        self.assertNotIn("p@ss", self.gateway.text())

    def test_not_through_a_proxy_for_whom_no_proxy_names(self):
        proxy = Proxy()
        self.addCleanup(proxy.stop)
        self.start(SSL_CERT_FILE=self.certificate[0], HTTPS_PROXY=proxy.url, NO_PROXY="example.com,localhost")
        self.deploy()
        self.assertEqual(proxy.asked, [])


class Settings(unittest.TestCase):
    def refused(self, **environment):
        environment = dict(os.environ, SLACK_SIGNING_SECRET=SECRET, **environment)
        done = subprocess.run([os.path.join(slack_sdks.BUILD, "bin", "slipway-gateway")], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=20)
        self.assertEqual(done.returncode, 78, done.stdout)
        return done.stdout

    def test_another_token(self):
        text = self.refused(SLACK_APP_TOKEN="xoxb-this-is-the-wrong-one")
        self.assertIn("xapp-", text)
        self.assertNotIn("wrong-one", text)

    def test_how_many(self):
        self.assertIn("SLIPWAY_SOCKET_CONNECTIONS", self.refused(SLIPWAY_SOCKET_CONNECTIONS="11"))

    def test_a_proxy_of_another_kind(self):
        text = self.refused(SLACK_APP_TOKEN=APP_TOKEN, HTTPS_PROXY="socks5://me:hidden@127.0.0.1:1",
                            SLIPWAY_KAFKA_CREATE_TOPICS="off", SLIPWAY_GATEWAY_LISTEN="127.0.0.1:0",
                            SLIPWAY_GATEWAY_ADMIN_LISTEN="127.0.0.1:0")
        self.assertIn("HTTPS_PROXY", text)
        self.assertNotIn("hidden", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
