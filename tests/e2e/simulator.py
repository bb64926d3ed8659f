# SPDX-License-Identifier: Apache-2.0
"""Runs the Slack simulator for a test, and a gateway that records what the simulator sends and answers as it is told."""
import http.server
import json
import os
import re
import subprocess
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from slack_sdks import BUILD

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
DEADLINE_S = 10


class Simulator:
    def __init__(self, build, gateway_url):
        program = os.path.join(build, "bin", "slipway-sandbox")
        environment = dict(os.environ, SLIPWAY_SANDBOX_LISTEN="127.0.0.1:0", SLACK_SIGNING_SECRET=SECRET,
                           SLIPWAY_SANDBOX_GATEWAY_URL=gateway_url)
        for name in ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN_FILE", "SLIPWAY_SANDBOX_URL", "SLACK_SIGNING_SECRET_FILE"):
            environment.pop(name, None)
        self.process = subprocess.Popen([program], env=environment, stderr=subprocess.PIPE, text=True)
        self.url = self._wait_ready()
        self.drain = threading.Thread(target=self.process.stderr.read, daemon=True)
        self.drain.start()

    def _wait_ready(self):
        for line in self.process.stderr:
            entry = json.loads(line)
            if entry["message"] == "ready":
                return entry["url"]
        raise RuntimeError("slipway-sandbox ended before it was ready")

    def stop(self):
        self.process.terminate()
        code = self.process.wait(DEADLINE_S)
        self.drain.join(DEADLINE_S)
        self.process.stderr.close()
        return code

    def raw(self, path, body=None, headers=None, method=None):
        request = urllib.request.Request(self.url + path, body, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def post(self, path, args):
        return self.raw("/sandbox/v1/" + path, json.dumps(args).encode(), {"Content-Type": "application/json"})

    def get(self, path):
        return self.raw("/sandbox/v1/" + path)

    def stream(self, user, after=""):
        """One answer of the event stream: a list of (event, data, id)."""
        url = "%s/sandbox/v1/stream?user=%s&after=%s" % (self.url, user, after)
        with urllib.request.urlopen(url, timeout=20) as answer:
            text = answer.read().decode()
        found = re.findall(r"id: (\S+)\nevent: (\S+)\ndata: (.*)\n\n", text)
        return [(event, json.loads(data), number) for number, event, data in found]

    @staticmethod
    def timed(call):
        began = time.monotonic()
        call()
        return time.monotonic() - began


class Gateway:
    """Every request must carry a good signature; anything else is answered 401 and fails the test that looks."""

    def __init__(self):
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                gateway._serve(self)

            def log_message(self, *_):
                pass

        self.lock = threading.Lock()
        self.reset()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/slack/events" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self):
        with self.lock:
            self.forms, self.payloads, self.events, self.event_headers = [], [], [], []
            self._answer = (200, "text/plain", "", 0)

    def answer(self, status, content_type, body, delay=0):
        self._answer = (status, content_type, body, delay)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def wait_for(self, condition):
        end = time.monotonic() + DEADLINE_S
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("nothing came within %d s" % DEADLINE_S)
            time.sleep(0.01)

    def _record(self, body, headers):
        with self.lock:
            if headers.get("content-type", "").startswith("application/json"):
                self.events.append(json.loads(body))
                self.event_headers.append(headers)
                return
            form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True))
            if "payload" in form:
                self.payloads.append(json.loads(form["payload"]))
            else:
                self.forms.append(form)

    def _serve(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, content_type, text, delay = self._answer
        if SignatureVerifier(SECRET).is_valid_request(body, headers):
            self._record(body, headers)
        else:
            status, text, delay = 401, "bad signature", 0
        time.sleep(delay)  # a slow app, on purpose
        try:
            request.send_response(status)
            request.send_header("Content-Type", content_type)
            request.send_header("Content-Length", str(len(text.encode())))
            request.end_headers()
            request.wfile.write(text.encode())
        except BrokenPipeError:
            pass


class SimulatorCase(unittest.TestCase):
    """One simulator and one recording gateway for a class; each test begins with a fresh workspace."""
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.slack = Simulator(BUILD, cls.gateway.url)
        cls.client = WebClient(token="xoxb-test", base_url=cls.slack.url + "/api/")

    @classmethod
    def tearDownClass(cls):
        code = cls.slack.stop()
        cls.gateway.stop()
        if code != 0:
            raise AssertionError("slipway-sandbox ended with %d" % code)

    def setUp(self):
        # Nothing of the test before is on its way; what would be told again is forgotten by the reset.
        self.gateway.wait_for(lambda: all(e["attempts"] or e["done"] for e in self.slack.get("events")["events"]))
        self.slack.post("reset", {})
        self.gateway.reset()

    def refused(self, error, call, **args):
        with self.assertRaises(SlackApiError) as caught:
            call(**args)
        self.assertEqual(caught.exception.response["error"], error)
        return caught.exception.response
