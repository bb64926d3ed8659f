# SPDX-License-Identifier: Apache-2.0
"""Slipway against another fake of Slack, which knows little: what is asked beyond posting and editing is refused. The
deployment must be told all the same."""
import http.server
import json
import threading
import unittest
import urllib.parse

from stack import Stack, wait_for


class TinySlack:
    """chat.postMessage, chat.update and response_url; nothing else."""

    def __init__(self, unknown_status):
        tiny = self
        self.unknown_status = unknown_status
        self.posts, self.updates, self.said, self.refused = {}, [], [], set()
        self.lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, answer = tiny.answer(self.path, self.read(body))
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST

            def read(self, body):
                if "json" in self.headers.get("Content-Type", ""):
                    return json.loads(body)
                return dict(urllib.parse.parse_qsl(body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, args):
        with self.lock:
            method = path.split("?")[0].rsplit("/", 1)[1]
            if path.startswith("/respond/"):
                self.said.append(args)
                return 200, {"ok": True}
            if method == "chat.postMessage":
                ts = "1700000000.%06d" % (len(self.posts) + 1)
                self.posts[ts] = args
                return 200, {"ok": True, "channel": args["channel"], "ts": ts, "message": {"text": args.get("text")}}
            if method == "chat.update" and args["ts"] in self.posts:
                self.posts[args["ts"]] = args
                self.updates.append(args)
                return 200, {"ok": True, "channel": args["channel"], "ts": args["ts"], "text": args.get("text")}
            self.refused.add(method)
            return self.unknown_status, {"ok": False, "error": "unknown_method"}

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class OtherSlack(unittest.TestCase):
    def voyage(self, unknown_status):
        tiny = TinySlack(unknown_status)
        self.addCleanup(tiny.close)
        stack = Stack(environment={"SLACK_BOT_TOKEN": "xoxb-other", "SLACK_API_URL": tiny.url + "/api/",
                                   "SLACK_RESPONSE_HOSTS": tiny.url})
        self.addCleanup(stack.down)
        workflows = [self.deploy(stack, tiny) for _ in range(2)]
        for workflow in workflows:
            stack.wait_state(workflow, "succeeded")
        for workflow in workflows:
            told = wait_for("%s is told as succeeded" % workflow, lambda: self.told(tiny, workflow, "succeeded"), 30)
            self.assertEqual(len(told), 1)
        wait_for("each command has its private answer", lambda: len(tiny.said) >= 2, 10)
        self.assertEqual(len(tiny.posts), 2)

    def deploy(self, stack, tiny):
        body, _ = stack.request("/deploy", "")
        fields = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        fields["response_url"] = tiny.url + "/respond/1"
        body = urllib.parse.urlencode(fields).encode()
        status, answer = stack.send(body, stack.sign(body))
        self.assertEqual(status, 200)
        return answer.split("`")[1]

    @staticmethod
    def told(tiny, workflow, word):
        with tiny.lock:
            return [post for post in tiny.posts.values() if workflow in json.dumps(post)
                    and word in json.dumps(post).lower()]

    def test_one_that_says_unknown_method(self):
        self.voyage(200)

    def test_one_that_says_404(self):
        self.voyage(404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
