# SPDX-License-Identifier: Apache-2.0
"""ask.py TREE: what somebody outside does with the system that runs in TREE (its status is in TREE/status.json): signs a
/deploy with an implementation of its own, expects an id within a second, and follows the deployment to its success."""
import hashlib
import hmac
import json
import re
import sys
import time
import urllib.parse
import urllib.request

DEADLINE_S = 60
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def signed(secret, body):
    stamp = str(int(time.time()))
    digest = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + digest,
            "Content-Type": "application/x-www-form-urlencoded"}


def deploy(gateway, simulator, secret):
    body = urllib.parse.urlencode({
        "command": "/deploy", "text": "", "team_id": "T0SANDBOX01", "user_id": "U0ALICE0001", "channel_id": "C0DEPLOYS01",
        "user_name": "alice", "channel_name": "deploys", "api_app_id": "A0SLIPWAY01", "trigger_id": "1.2.bare",
        "response_url": "http://%s/commands/T0SANDBOX01/1/bare" % simulator}).encode()
    began = time.monotonic()
    request = urllib.request.Request("http://%s/slack/events" % gateway, body, signed(secret, body))
    with OPENER.open(request, timeout=3) as answer:
        text = answer.read().decode()
    assert time.monotonic() - began < 1, "the answer took more than a second"
    return re.search(r"`(d-[0-9a-z]{13})`", text).group(1)


def follow(orchestrator, workflow):
    state, deadline = None, time.monotonic() + DEADLINE_S
    while state not in ("succeeded", "failed", "cancelled", "rejected"):
        assert time.monotonic() < deadline, "%s is still %s after %d s" % (workflow, state, DEADLINE_S)
        try:
            with OPENER.open("http://%s/api/v1/workflows/%s" % (orchestrator, workflow), timeout=3) as answer:
                state = json.load(answer)["state"]
        except urllib.error.HTTPError as error:
            assert error.code == 404, error
        time.sleep(0.1)
    assert state == "succeeded", "%s ended as %s" % (workflow, state)


def main(tree):
    with open(tree + "/status.json", encoding="utf-8") as file:
        parts = {part["name"]: part for part in json.load(file)["parts"]}
    assert all(part["pid"] for part in parts.values()), parts
    with open(tree + "/.slipway/secrets/SLACK_SIGNING_SECRET", "rb") as file:
        secret = file.read().strip()
    workflow = deploy(parts["gateway-1"]["address"], parts["slack"]["address"], secret)
    print("accepted as", workflow)
    follow(parts["orchestrator-1"]["address"], workflow)
    print("succeeded")


main(sys.argv[1])
