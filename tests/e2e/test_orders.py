# SPDX-License-Identifier: Apache-2.0
"""What is ordered at Slack is done once, on its worst day and through killed gateways: a made-up orchestrator writes the
events of incidents, and reads the receipts."""
import datetime
import json
import random
import signal
import subprocess
import time
import unittest

from stack import TEAM, StackTest, wait_for

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
EVENTS, COMMANDS = "slipway.events", "slipway.commands"
DEADLINE_S = 120


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Incident:
    """The orchestrator's side of one incident: numbers its events, and keeps what is outstanding."""

    def __init__(self, stack, number, home):
        self.stack, self.number, self.home = stack, number, home
        self.id = "i-" + "".join(random.choice(ALPHABET) for _ in range(13))
        self.created, self.n, self.epoch = now(), 0, int(time.time() * 1000)
        self.outstanding = []
        self.channel = None

    def tell(self, order=None, state="started"):
        self.n += 1
        if order and order["key"] not in self.outstanding:
            self.outstanding.append(order["key"])
        detail = {"number": self.number, "title": "It burns & <smokes> `%d`" % self.number, "outstanding": self.outstanding,
                  "team": TEAM, "priority": {"n": 2, "name": "P2", "emoji": "fire", "high": False},
                  "roles": {"point": None, "comms": None}, "times": {}, "recent": [],
                  "channel": {"id": self.channel} if self.channel else None}
        view = {"workflow": self.id, "kind": "incident", "n": self.n, "state": state, "at": now(), "epoch": self.epoch,
                "home": {"team": TEAM, "channel": self.home}, "created_at": self.created, "steps": [], "detail": detail,
                "order": order}
        name = "started" if self.n == 1 else "ordered" if order else "changed"
        self._write("%s/%s" % (TEAM, self.home), "slipway.incident.%s.v1" % name, view)

    def _write(self, key, kind, view):
        headers = {"ce_specversion": "1.0", "ce_id": "%s:%d" % (self.id, self.n), "ce_type": kind,
                   "ce_source": "/slipway/orchestrator", "ce_subject": self.id, "ce_time": view["at"],
                   "content-type": "application/json", "ce_slipwayseq": str(self.n), "ce_slipwayepoch": str(self.epoch)}
        arguments = ["kcat", "-P", "-b", self.stack.of_kind("broker")[0]["address"], "-t", EVENTS, "-k", key, "-c", "1"]
        for header, value in headers.items():
            arguments += ["-H", "%s=%s" % (header, value)]
        subprocess.run(arguments, input=json.dumps(view), text=True, check=True, timeout=30)

    def receipts(self):
        """Of its orders, by key; the last one counts."""
        found = {}
        for record in self.stack.read_topic(COMMANDS):
            command = json.loads(record["payload"])
            args = command.get("args") or {}
            if command.get("workflow") == self.id and args.get("order"):
                found[args["order"]] = args
        return found

    def wait(self, *keys):
        found = wait_for("receipts of %s" % (keys,), lambda: self._have(keys), DEADLINE_S, 0.5)
        self.outstanding = [key for key in self.outstanding if key not in found]
        return found

    def _have(self, keys):
        found = self.receipts()
        return found if all(key in found for key in keys) else None

    def open_channel(self):
        self.tell({"key": "room", "verb": "create_channel", "name": "inc-%d" % self.number})
        receipt = self.wait("room")["room"]
        assert receipt["error"] is None, receipt
        self.channel = receipt["created"]["id"]

    def furnish(self):
        post = {"verb": "post", "channel": self.channel}
        self.tell({"key": "in", "verb": "invite", "channel": self.channel, "users": ["U0ALICE0001", "U0NOBODY001"]})
        for i in range(3):
            self.tell({"key": "topic:%d" % i, "verb": "topic", "channel": self.channel, "replaces": True})
        self.tell(dict(post, key="intro", card="intro", text="This is incident %d." % self.number, pin=True))
        for i in range(3):
            self.tell(dict(post, key="nag:%d" % i, card="nag", data={"what": "point"}, text="nag %d" % i))
        self.tell({"key": "main", "verb": "post", "channel": self.home, "card": "announce_new", "text": "announced"})


class Orders(StackTest):
    OPTIONS = ("--gateways", "2")

    def setUp(self):
        self.home = next(channel["id"] for channel in self.stack._sandbox("info")["channels"]
                         if channel["name"] == "incidents")

    def channels(self, name):
        return [channel for channel in self.stack._sandbox("info")["channels"] if channel["name"] == name]

    def calls(self):
        return self.stack._sandbox("calls")["calls"]

    def troubles(self):
        return [call["fault"] for call in self.calls() if call["fault"]]

    def wait_calls(self, more):
        before = len(self.calls())
        wait_for("%d more calls" % more, lambda: len(self.calls()) >= before + more, DEADLINE_S)

    def standing(self, incident, key):
        return [message for message in self.stack._sandbox("messages")["messages"]
                if not message.get("deleted") and not message.get("ephemeral_for")
                and (message.get("metadata") or {}).get("event_payload", {}).get("workflow") == incident.id
                and (message.get("metadata") or {}).get("event_payload", {}).get("order") == key]

    def check_furnished(self, incident):
        receipts = incident.wait("in", "topic:2", "intro", "nag:0", "nag:1", "nag:2", "main")
        rooms = self.channels("inc-%d" % incident.number)
        self.assertEqual([room["id"] for room in rooms], [incident.channel])
        room = rooms[0]
        self.assertIn(incident.id, json.dumps(room["purpose"]))
        self.assertIn("[P2] *IT BURNS &amp; &lt;SMOKES&gt;", json.dumps(room["topic"]))
        self.assertIn("U0ALICE0001", json.dumps(room["members"]))
        self.assertEqual(receipts["in"]["error"]["code"], "user_not_found")
        for key in ("intro", "nag:0", "nag:1", "nag:2", "main"):
            found = self.standing(incident, key)
            self.assertEqual(len(found), 1, "%s: %s" % (key, [message["ts"] for message in found]))
            self.assertEqual(found[0]["ts"], receipts[key]["ts"])
            self.assertIsNone(receipts[key]["error"])
        self.assertIn(receipts["intro"]["ts"], json.dumps(room["pins"]))
        nags = [receipts["nag:%d" % i]["ts"] for i in range(3)]
        self.assertEqual(nags, sorted(nags))  # in the order of their events

    def check_headline(self, incident):
        wait_for("one headline", lambda: len(self.standing(incident, None)) == 1, DEADLINE_S, 0.5)

    def test_each_once_on_a_good_day(self):
        incident = Incident(self.stack, 1, self.home)
        incident.tell()
        incident.open_channel()
        incident.furnish()
        self.check_furnished(incident)
        self.check_headline(incident)
        incident.tell({"key": "end", "verb": "archive", "channel": incident.channel})
        self.assertIsNone(incident.wait("end")["end"]["error"])
        incident.tell({"key": "late", "verb": "post", "channel": incident.channel, "text": "too late"})
        self.assertEqual(incident.wait("late")["late"]["error"]["code"], "is_archived")

    def test_each_once_on_a_bad_day_with_killed_gateways(self):
        for method, times in (("chat.*", 3), ("conversations.*", 2), ("pins.*", 1)):
            self.stack.fault(method=method, kind="lost_reply", count=times)
            self.stack.fault(method=method, kind="rate_limit", count=times, retry_after=1)
            self.stack.fault(method=method, kind="http_503_html", count=times)
        incidents = [Incident(self.stack, number, self.home) for number in (11, 12, 13)]
        for incident in incidents:
            incident.tell()
            incident.open_channel()
        for incident in incidents:
            incident.furnish()
        for _ in range(2):
            self.wait_calls(6)  # in the middle of the orders
            self.stack.kill("gateway", signal.SIGKILL)
            self.stack.up()
        wait_for("all of the trouble", lambda: len(self.troubles()) >= 18, DEADLINE_S)
        for incident in incidents:
            self.check_furnished(incident)
            self.check_headline(incident)

    def test_a_scope_that_is_missing_is_named_and_harms_nothing_else(self):
        incident = Incident(self.stack, 31, self.home)
        incident.tell()
        incident.open_channel()
        for method in ("pins.add", "conversations.setTopic"):
            self.stack.fault(method=method, kind="error", error="missing_scope", count=1)
        post = {"verb": "post", "channel": incident.channel}
        incident.tell(dict(post, key="intro", text="pinned", pin=True))
        incident.tell({"key": "topic:1", "verb": "topic", "channel": incident.channel})
        incident.tell(dict(post, key="after", text="after them"))
        receipts = incident.wait("intro", "topic:1", "after")
        self.assertEqual((receipts["intro"]["error"], receipts["intro"]["trouble"]["code"]), (None, "missing_scope"))
        self.assertIn("pins:write", receipts["intro"]["trouble"]["text"])
        self.assertEqual(receipts["topic:1"]["error"]["code"], "missing_scope")
        self.assertIn("channels:manage", receipts["topic:1"]["error"]["text"])
        self.assertEqual([len(self.standing(incident, key)) for key in ("intro", "after")], [1, 1])

    def test_a_name_that_others_have_is_refused_and_our_own_is_found(self):
        theirs = Incident(self.stack, 21, self.home)
        theirs.tell({"key": "room", "verb": "create_channel", "name": "random"})
        self.assertEqual(theirs.wait("room")["room"]["error"]["code"], "name_taken")
        ours = Incident(self.stack, 22, self.home)
        self.stack.fault(method="conversations.create", kind="lost_reply", count=1)
        ours.open_channel()
        self.assertEqual([room["id"] for room in self.channels("inc-22")], [ours.channel])


if __name__ == "__main__":
    unittest.main(verbosity=2)
