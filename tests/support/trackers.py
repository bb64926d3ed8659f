# SPDX-License-Identifier: Apache-2.0
"""Jira (REST v2 and v3), GitHub, GitLab, WordPress and a receiver of webhooks in one server, for tests.

They refuse what the real ones refuse: a wrong token, a missing or unknown field, a text of the wrong format, a status to
which no transition leads. What arrives is kept and can be looked at; next_answers() hurts the next requests.
Sources: https://developer.atlassian.com/cloud/jira/platform/rest/v3/, https://docs.github.com/en/rest/issues,
https://docs.gitlab.com/api/issues/, https://developer.wordpress.org/rest-api/reference/posts/"""
import base64
import hashlib
import hmac
import http.server
import json
import re
import socket
import threading
import time
import urllib.parse

TOKEN, USER = "s3cret-token", "bot@example.com"
WEBHOOK_SECRET = "s3cret-webhook"


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(status)
        self.status, self.body = status, body


def now_iso():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


# ---- Jira ----

FIELDS = {"summary", "description", "project", "issuetype", "labels", "parent", "components", "priority", "assignee",
          "customfield_10010", "customfield_10011", "customfield_10012", "customfield_10013"}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$")
LEADS_TO = {"To Do": ["In Progress", "Done"], "In Progress": ["Done", "To Do"], "Done": ["In Progress"], "Archived": []}


def jira_error(**errors):
    return Refused(400, {"errorMessages": [], "errors": errors})


def check_adf(node, top=True):
    """What Atlassian's schema says of the nodes that a tracker's texts use."""
    inside = {"doc": None, "paragraph": {"text", "hardBreak", "mention"}, "heading": {"text", "hardBreak", "mention"},
              "bulletList": {"listItem"}, "listItem": {"paragraph"}, "blockquote": {"paragraph"}, "table": {"tableRow"},
              "tableRow": {"tableHeader", "tableCell"}, "tableHeader": {"paragraph"}, "tableCell": {"paragraph"}}
    kind = node.get("type")
    if top and (kind != "doc" or node.get("version") != 1):
        raise jira_error(description="Operation value must be an Atlassian Document")
    if kind == "text" and not node.get("text"):
        raise jira_error(description="INVALID_INPUT: a text is empty")
    if kind == "heading" and node.get("attrs", {}).get("level") not in range(1, 7):
        raise jira_error(description="INVALID_INPUT: a heading without a level")
    for child in node.get("content", []):
        if kind not in inside or (inside[kind] is not None and child.get("type") not in inside[kind]):
            raise jira_error(description="INVALID_INPUT: %s in %s" % (child.get("type"), kind))
        check_adf(child, False)


class Jira:
    def __init__(self):
        self.issues, self.comments, self.next_id = {}, {}, 1
        self.components = [{"id": "10", "name": "Search"}, {"id": "11", "name": "Shop"}]

    def check_text(self, version, text, field):
        if version == 3:
            if not isinstance(text, dict):
                raise jira_error(**{field: "Operation value must be an Atlassian Document"})
            check_adf(text)
        elif not isinstance(text, str):
            raise jira_error(**{field: "Operation value must be a string"})
        if len(json.dumps(text) if version == 3 else text) > 32767:
            raise jira_error(**{field: "The entered text is too long. It exceeds the allowed limit"})

    def check_fields(self, version, fields, new):
        for field, value in fields.items():
            if field not in FIELDS:
                raise jira_error(**{field: "Field '%s' cannot be set. It is not on the appropriate screen, or unknown."
                                    % field})
            if field == "customfield_10010" and value is not None and not DATE.match(value):
                raise jira_error(**{field: "Operation value must be a date"})
            if field == "customfield_10011" and value is not None and set(value) != {
                    "accountId" if version == 3 else "name"}:
                raise jira_error(**{field: "expected an account"})
            if field == "customfield_10012" and set(value) != {"value"}:
                raise jira_error(**{field: "expected an option"})
        summary = fields.get("summary", "" if new else "kept")
        if not summary or len(summary) > 255 or "\n" in summary:
            raise jira_error(summary="You must specify a summary of the issue, of one line and at most 255 characters.")
        if "description" in fields:
            self.check_text(version, fields["description"], "description")
        if new and fields.get("project", {}).get("key") != "OPS":
            raise jira_error(project="valid project is required")
        if new and fields.get("issuetype", {}).get("name") not in ("Task", "Sub-task", "Epic"):
            raise jira_error(issuetype="Specify a valid issue type")
        if new and (fields["issuetype"]["name"] == "Sub-task") != ("parent" in fields):
            raise jira_error(parent="a sub-task has a parent, others have none")
        if "parent" in fields and fields["parent"]["key"] not in self.issues:
            raise jira_error(parent="Could not find issue by key")

    def search(self, jql):
        found = re.fullmatch(r'project = "([A-Z]+)" AND labels = "([^"]+)"', jql)
        if not found:
            raise Refused(400, {"errorMessages": ["Error in the JQL Query"]})
        return {"issues": [{"key": key, "fields": {"status": {"name": issue["status"]}}}
                           for key, issue in self.issues.items() if found.group(2) in issue["fields"]["labels"]]}

    def issue(self, key):
        if key not in self.issues:
            raise Refused(404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."]})
        return self.issues[key]

    def answer(self, method, path, query, body, headers):
        version = int(path[2])
        want = "Basic " + base64.b64encode(("%s:%s" % (USER, TOKEN)).encode()).decode() if version == 3 \
            else "Bearer " + TOKEN
        if headers.get("Authorization") != want:
            raise Refused(401, {"errorMessages": ["You are not authenticated."]})
        rest = path[3:]
        if method == "GET" and rest == (["search", "jql"] if version == 3 else ["search"]):
            return 200, self.search(query["jql"][0])
        if method == "GET" and rest == ["project", "OPS", "components"]:
            return 200, self.components
        if method == "POST" and rest == ["issue"]:
            self.check_fields(version, body["fields"], True)
            key = "OPS-%d" % self.next_id
            self.next_id += 1
            self.issues[key] = {"fields": dict(body["fields"]), "status": "To Do", "version": version, "moves": []}
            self.comments[key] = []
            return 201, {"id": "1", "key": key, "self": "https://elsewhere.test/"}
        return self.answer_issue(method, version, rest, body)

    def answer_issue(self, method, version, rest, body):
        if len(rest) < 2 or rest[0] != "issue":
            raise Refused(404, {})
        issue = self.issue(rest[1])
        if method == "PUT" and len(rest) == 2:
            self.check_fields(version, body["fields"], False)
            issue["fields"].update(body["fields"])
            return 204, None
        if method == "GET" and len(rest) == 2:
            return 200, {"fields": {"status": {"name": issue["status"]}}}
        ways = [{"id": str(index), "name": "go", "to": {"name": name}} for index, name in
                enumerate(LEADS_TO[issue["status"]])]
        if rest[2:] == ["transitions"] and method == "GET":
            return 200, {"transitions": ways}
        if rest[2:] == ["transitions"] and method == "POST":
            to = next((way for way in ways if way["id"] == body["transition"]["id"]), None)
            if not to:
                raise Refused(400, {"errorMessages": ["It seems that you have tried to perform an illegal operation"]})
            issue["status"] = to["to"]["name"]
            issue["moves"].append(issue["status"])
            return 204, None
        if rest[2:] == ["comment"] and method == "POST":
            self.check_text(version, body["body"], "comment")
            self.comments[rest[1]].append(body["body"])
            return 201, {"id": "1"}
        if rest[2:] == ["comment"]:
            return 200, {"comments": [{"body": text} for text in reversed(self.comments[rest[1]])]}
        raise Refused(405, {})


# ---- GitHub, GitLab ----

class Forge:
    """Where they differ, `gitlab` says."""

    def __init__(self, gitlab):
        self.gitlab, self.issues, self.comments = gitlab, [], {}
        self.text, self.number = ("description", "iid") if gitlab else ("body", "number")

    def check(self, body, allowed, required):
        missing = [field for field in required if not body.get(field)]
        if missing and self.gitlab:
            raise Refused(400, {"message": {missing[0]: ["can't be blank"]}})
        if missing:
            raise Refused(422, {"message": "Validation Failed",
                                "errors": [{"resource": "Issue", "field": missing[0], "code": "missing_field"}]})
        if set(body) - allowed:
            raise Refused(400, {"error": "unknown: %s" % (set(body) - allowed)})
        if len(body.get("title", "")) > 255 or len(body.get(self.text, "")) > 65536:
            raise Refused(422, {"message": "Validation Failed", "errors": [{"field": "body", "code": "too long"}]})

    def create(self, body):
        self.check(body, {"title", self.text, "labels"}, ["title"])
        if isinstance(body.get("labels", []), str) != self.gitlab:
            raise Refused(400, {"message": "labels is invalid"})
        number = len(self.issues) + 1
        issue = {"title": body["title"], self.text: body[self.text], self.number: number, "created": now_iso(),
                 "labels": body.get("labels"), "state": "opened" if self.gitlab else "open",
                 "web_url" if self.gitlab else "html_url": "https://forge.test/issues/%d" % number}
        self.issues.append(issue)
        self.comments[number] = []
        return 201, issue

    def update(self, issue, body):
        self.check(body, {"title", self.text, "state_event" if self.gitlab else "state", "state_reason"}, ["title"])
        if self.gitlab and "state_event" in body:
            target = {"close": "closed", "reopen": "opened"}[body["state_event"]]
            if issue["state"] == target:
                raise Refused(422, {"message": "the state is that already"})
            issue["state"] = target
        elif not self.gitlab:
            issue["state"] = body["state"]
            issue["state_reason"] = body.get("state_reason")
        issue.update({field: body[field] for field in ("title", self.text)})
        return 200, issue

    def page(self, items, query):
        since = query["created_after" if self.gitlab else "since"][0]
        per_page, page = int(query["per_page"][0]), int(query["page"][0])
        kept = [item for item in reversed(items) if item["created"] >= since]
        return 200, kept[(page - 1) * per_page:page * per_page]

    def answer(self, method, path, query, body, headers):
        if headers.get("Authorization") != "Bearer " + TOKEN:
            raise Refused(401, {"message": "Bad credentials"})
        if not self.gitlab and headers.get("X-GitHub-Api-Version") != "2022-11-28":
            raise Refused(400, {"message": "unsupported version"})
        head = ["api", "v4", "projects", "group/ops", "issues"] if self.gitlab else ["repos", "group", "ops", "issues"]
        if path[:len(head)] != head:
            raise Refused(404, {"message": "404 Project Not Found" if self.gitlab else "Not Found"})
        rest = path[len(head):]
        if not rest:
            return self.create(body) if method == "POST" else self.page(self.issues, query)
        issue = next((one for one in self.issues if str(one[self.number]) == rest[0]), None)
        if not issue:
            raise Refused(404, {"message": "Not Found"})
        if len(rest) == 1 and method == "GET":
            return 200, issue
        if len(rest) == 1 and method == ("PUT" if self.gitlab else "PATCH"):
            return self.update(issue, body)
        if rest[1:] != ["notes" if self.gitlab else "comments"]:
            raise Refused(404, {"message": "Not Found"})
        comments = self.comments[issue[self.number]]
        if method == "GET":
            return self.page(comments, query)
        if not body.get("body"):
            raise Refused(422, {"message": "Validation Failed"})
        comments.append({"body": body["body"], "created": now_iso()})
        return 201, comments[-1]


# ---- WordPress ----

class WordPress:
    def __init__(self):
        self.posts = []

    def answer(self, method, path, query, body, headers):
        if headers.get("Authorization") != "Basic " + base64.b64encode(("editor:" + TOKEN).encode()).decode():
            raise Refused(401, {"code": "rest_cannot_create", "message": "Sorry, you are not allowed to do that."})
        if path[:4] != ["wp-json", "wp", "v2", "posts"]:
            raise Refused(404, {"code": "rest_no_route", "message": "No route was found."})
        if method == "GET":
            if query.get("context") != ["edit"]:
                raise Refused(400, {"message": "drafts are seen in the context of editing"})
            return 200, [post for post in self.posts if post["slug"] == query["slug"][0]]
        if set(body) - {"title", "content", "slug", "status"}:
            raise Refused(400, {"code": "rest_invalid_param", "message": "Invalid parameter(s)"})
        if len(path) == 5:
            post = next((one for one in self.posts if str(one["id"]) == path[4]), None)
            if not post:
                raise Refused(404, {"code": "rest_post_invalid_id", "message": "Invalid post ID."})
        else:
            post = {"id": len(self.posts) + 7, "slug": body["slug"].lower(), "status": body["status"]}
            post["link"] = "https://blog.test/?p=%d" % post["id"]
            self.posts.append(post)
        # WordPress trims
        post["content"], post["title"] = {"raw": body["content"].strip()}, {"raw": body["title"]}
        return 200 if len(path) == 5 else 201, post


# ---- webhooks ----

class Hooks:
    def __init__(self):
        self.heard = []

    def answer(self, method, path, query, body, headers):
        signed = b"v1:" + headers.get("X-Slipway-Timestamp", "").encode() + b":" + headers["raw"]
        want = "v1=" + hmac.new(WEBHOOK_SECRET.encode(), signed, hashlib.sha256).hexdigest()
        if headers.get("X-Slipway-Signature") != want:
            raise Refused(403, {"message": "the signature is wrong"})
        if abs(time.time() - int(headers["X-Slipway-Timestamp"])) > 300:
            raise Refused(403, {"message": "it is old"})
        self.heard.append((headers["Idempotency-Key"], body))
        return 204, None


class Trackers:
    """All of them on one port; `url(name)` is where one is."""

    def __init__(self):
        self.lock = threading.Lock()
        self.jira, self.github, self.gitlab = Jira(), Forge(False), Forge(True)
        self.wordpress, self.hooks = WordPress(), Hooks()
        self.faults, self.requests = [], []
        self.hangs, self.goes_on = None, threading.Event()
        trackers = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                trackers.handle(self)

            do_GET = do_POST = do_PUT = do_PATCH = handle_any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a reply that was lost on purpose

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, name):
        return "http://127.0.0.1:%d/%s" % (self.server.server_address[1], name)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def next_answers(self, *faults):
        """Of the next requests that write: "lost": it is done, and the reply lost; 429, 500: it is not done."""
        with self.lock:
            self.faults = list(faults)

    def hang(self, text):
        """What is written with this text is done, and its answer waits for go_on()."""
        self.goes_on.clear()
        self.hangs = text

    def go_on(self):
        self.hangs = None
        self.goes_on.set()

    def _fault(self, method):
        with self.lock:
            return self.faults.pop(0) if method != "GET" and self.faults else None

    def _answer(self, method, url, raw, headers):
        name, *path = [urllib.parse.unquote(part) for part in url.path.strip("/").split("/")]
        body = json.loads(raw) if raw else None
        headers = dict(headers, raw=raw)
        with self.lock:
            self.requests.append((method, url.path))
            try:
                return getattr(self, name).answer(method, path, urllib.parse.parse_qs(url.query), body, headers)
            except Refused as refused:
                return refused.status, refused.body

    def handle(self, handler):
        raw = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        fault = self._fault(handler.command)
        if fault in (429, 500):
            status, body = fault, {"message": "a fault of the test"}
        else:
            status, body = self._answer(handler.command, urllib.parse.urlparse(handler.path), raw, handler.headers)
        if self.hangs and handler.command != "GET" and self.hangs.encode() in raw:
            self.goes_on.wait(60)
        if fault == "lost":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        data = b"" if body is None else json.dumps(body).encode()
        handler.send_response(status)
        if status == 429:
            handler.send_header("Retry-After", "1")
        if body is not None:
            handler.send_header("Content-Type", "application/json")
        if status != 204:
            handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)
