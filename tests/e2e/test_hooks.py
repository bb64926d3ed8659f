# SPDX-License-Identifier: Apache-2.0
"""Alerts declare incidents: webhooks as their senders send them, signed here by another implementation, through the whole
of Slipway to the channel."""
import hashlib
import hmac
import json
import os
import re
import subprocess
import time
import unittest

from stack import ROOT, Stack, StackTest, fetch, wait_for

SECRET = "0123456789abcdef0123456789abcdef"
MAIN = "C0INCIDENT1"


class Hooks(StackTest):
    @classmethod
    def setUpClass(cls):
        secrets = {"SLIPWAY_HOOK_SECRET_" + source: SECRET for source in ("ALERTMANAGER", "GRAFANA", "MY_MONITOR")}
        cls.stack = Stack(environment=dict(secrets, SLIPWAY_CONFIG=""))
        cls.addClassCleanup(cls.stack.down)

    def post(self, source, body, headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return fetch(self.stack.address("gateway") + "/hooks/" + source, body,
                     dict(headers, **{"Content-Type": "application/json"}))

    def bearer(self, body):
        return self.post("alertmanager", body, {"Authorization": "Bearer " + SECRET})

    def signed(self, body, secret=SECRET, off=0):
        body, now = json.dumps(body).encode(), str(int(time.time()) + off)
        digest = hmac.new(secret.encode(), now.encode() + b"." + body, hashlib.sha256).hexdigest()
        return self.post("my-monitor", body, {"X-Slipway-Timestamp": now, "X-Slipway-Signature": "sha256=" + digest})

    def grafana(self, body):
        body, now = json.dumps(body).encode(), str(int(time.time()))
        digest = hmac.new(SECRET.encode(), now.encode() + b":" + body, hashlib.sha256).hexdigest()
        return self.post("grafana", body, {"X-Grafana-Alerting-Signature": digest,
                                           "X-Grafana-Alerting-Signature-Timestamp": now})

    def titled(self, title):
        return [found for found in self.stack.incidents() if found["detail"]["title"] == title]

    def incident(self, title):
        return wait_for("the incident %s" % title, lambda: self.titled(title))[0]

    def channel_of(self, title):
        """Known to the incident, so that it speaks there and not in the main channel."""
        return wait_for("its channel", lambda: (self.incident(title)["detail"].get("channel") or {}).get("id"))

    def said_in(self, channel, words):
        return [message for message in self.stack.messages() if message["channel"] == channel
                and words in json.dumps(message, ensure_ascii=False)]

    def refused(self, reason):
        _, text = fetch("http://%s/metrics" % self.stack.of_kind("gateway")[0]["admin"])
        return float(re.search(r'slipway_hooks_refused_total\{reason="%s"\} (\S+)' % reason, text).group(1))

    def test_alertmanager_from_firing_to_the_end(self):
        """The body is shaped as Alertmanager 0.25 sends it with the sample of docs/hooks.md."""
        alert = {"status": "firing", "labels": {"alertname": "HighErrors", "service": "site", "severity": "critical"},
                 "annotations": {"summary": "5% of requests fail", "description": "since the last deployment"},
                 "startsAt": "2024-03-20T14:05:00Z", "endsAt": "0001-01-01T00:00:00Z",
                 "generatorURL": "https://prometheus.example/graph", "fingerprint": "9a1c2d3e4f506172"}
        body = {"receiver": "slipway", "status": "firing", "alerts": [alert], "groupLabels": {"alertname": "HighErrors"},
                "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager:9093", "version": "4",
                "groupKey": "{}:{alertname=\"HighErrors\"}", "truncatedAlerts": 0}
        self.assertEqual(self.bearer(body), (200, '{"alerts":1}'))
        incident = self.incident("5% of requests fail")
        self.assertEqual((incident["detail"]["priority"]["n"], incident["detail"]["service"]), (1, "site"))
        wait_for("its headline", lambda: self.said_in(MAIN, "5% of requests fail"))
        channel = self.channel_of("5% of requests fail")
        self.assertEqual(self.bearer(body)[0], 200)  # as Alertmanager does every repeat_interval
        alert.update(status="resolved", endsAt="2024-03-20T14:25:00Z")
        self.assertEqual(self.bearer(dict(body, status="resolved")), (200, '{"alerts":1}'))
        wait_for("it proposes to resolve", lambda: self.said_in(channel, "Monitoring sees no trouble any more"))
        self.assertEqual(len(self.titled("5% of requests fail")), 1)
        self.assertEqual(self.incident("5% of requests fail")["state"], "started")

    def test_a_group_is_one_incident(self):
        def body(*alerts):
            return {"version": "4", "groupKey": "{}:{alertname=\"HostDown\"}", "alerts": [
                {"status": status, "labels": {"alertname": "HostDown", "severity": "info", "instance": name},
                 "annotations": {"summary": "%s is down" % name}, "fingerprint": name,
                 "startsAt": "2024-03-20T14:05:00Z"} for name, status in alerts]}
        self.assertEqual(self.bearer(body(("db1", "firing"), ("db2", "firing"))), (200, '{"alerts":2}'))
        self.incident("db1 is down")
        self.assertEqual(self.bearer(body(("db1", "firing"), ("db2", "firing"), ("db3", "firing")))[0], 200)
        wait_for("all belong to it", lambda: len(self.incident("db1 is down")["detail"]["alerts"]) == 3)
        channel = self.channel_of("db1 is down")
        self.assertEqual(self.bearer(body(("db1", "resolved"), ("db2", "firing"), ("db3", "resolved")))[0], 200)
        self.assertEqual(self.bearer(body(("db2", "resolved")))[0], 200)
        wait_for("it proposes to resolve", lambda: self.said_in(channel, "Monitoring sees no trouble any more"))
        self.assertEqual(len(self.said_in(channel, "Monitoring sees no trouble any more")), 1)
        self.assertEqual(self.titled("db2 is down") + self.titled("db3 is down"), [])

    def test_grafana(self):
        body = {"receiver": "slipway", "status": "firing", "orgId": 1, "alerts": [
            {"status": "firing", "labels": {"alertname": "Slow", "priority": "P3"}, "annotations": {"summary": "p99 is 4 s"},
             "startsAt": "2024-03-20T15:05:00+01:00", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "c6eadffa33fcdf37",
             "generatorURL": "https://grafana.example/alerting/1", "dashboardURL": "", "panelURL": "", "values": {"B": 4}}]}
        self.assertEqual(self.grafana(body), (200, '{"alerts":1}'))
        self.assertEqual(self.incident("p99 is 4 s")["detail"]["priority"]["n"], 3)

    def test_the_sample_of_the_page(self):
        with open(os.path.join(ROOT, "docs", "hooks.md")) as file:
            sample = re.search(r"<!-- sample: sign -->\n\n```sh\n(.*?)```", file.read(), re.S).group(1)
        done = subprocess.run(["sh", "-eu", "-c", sample], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=dict(os.environ, SECRET=SECRET, SLIPWAY=self.stack.address("gateway"), NO_PROXY="*"))
        self.assertEqual((done.returncode, done.stdout), (0, '{"alerts":1}'))
        self.incident("The disk of db1 is full")

    def test_several_at_once_and_the_same_request_again(self):
        body = [{"key": "a", "title": "first of two", "priority": 4}, {"key": "b", "title": "second of two", "priority": 4}]
        self.assertEqual(self.signed(body), (200, '{"alerts":2}'))
        self.incident("first of two")
        self.incident("second of two")
        self.assertEqual(self.signed(body)[0], 200)
        wait_for("its channel is made", lambda: self.incident("first of two")["detail"].get("channel"))
        self.assertEqual(self.signed([{"key": "a", "status": "resolved"}])[0], 200)
        wait_for("its end is known", lambda: self.incident("first of two")["detail"]["alerts"][0]["status"] == "resolved")
        self.assertEqual(len(self.titled("first of two")), 1)
        offer = wait_for("it is offered to resolve it", lambda: [one for one in self.stack.messages() if
                                                                 "no trouble any more: first of two is over" in one["text"]])
        self.assertEqual(len(offer), 1)
        self.assertIn("incident.resolve", json.dumps(offer[0]["blocks"]))

    def test_who_has_no_proof_is_told_nothing(self):
        body = {"key": "k", "title": "by a stranger"}
        answers = [self.signed(body, secret="f" * 32), self.signed(body, off=-400), self.signed(body, off=400),
                   self.post("my-monitor", body, {}), self.post("nobody", body, {}),
                   self.post("my-monitor", body, {"Authorization": "Bearer " + SECRET})]
        self.assertEqual(set(answers), {(401, '{"error":"invalid request"}')})
        self.assertEqual((self.refused("wrong"), self.refused("stale"), self.refused("unknown_source")), (1, 2, 1))
        self.assertEqual(self.signed({"key": "k"})[0], 400)
        self.assertEqual(self.titled("by a stranger"), [])
        self.assertNotIn(SECRET, self.stack.logs())


if __name__ == "__main__":
    unittest.main(verbosity=2)
