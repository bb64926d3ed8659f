#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Incidents at Jira, GitHub, GitLab, WordPress and webhooks, judged by simulators of them: one issue for each, whatever
is lost or killed, and everything that was said arrives once."""
import json
import os
import sys
import unittest

from stack import ROOT, StackTest, Stack, wait_for

sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from trackers import TOKEN, USER, WEBHOOK_SECRET, Trackers  # noqa: E402

CONFIG = """
version: 1
default: {service: site, environment: staging}
environments: {staging: {}}
services: {site: {environments: [staging], ref: main, pipeline: three}}
pipelines: {three: {steps: [{name: build, run: ["true"]}]}}
incidents:
  main: C0INCIDENT1
  hold: {priorities: []}
  rooms:
    - name: hub
      main: C0GENERAL01
      prefix: hub-
      tracker: {kind: github, url: "%(github)s", repository: group/ops, token: TRACKER, labels: [incident]}
    - name: lab
      main: C0DEPLOYS01
      prefix: lab-
      tracker: {kind: gitlab, url: "%(gitlab)s", project: group/ops, token: TRACKER, labels: [incident, ops]}
    - name: old
      main: C0ANNOUNCE1
      prefix: old-
      tracker: {kind: jira, api: 2, url: "%(jira)s", project: OPS, token: TRACKER, tasks: {type: Task, parent: false}}
  tracker:
    kind: jira
    url: "%(jira)s/"
    user: "%(user)s"
    project: OPS
    token: TRACKER
    labels: [incident]
    people: {U0ALICE0001: "accountid:alice-7"}
    fields: {created: customfield_10010, point: customfield_10011, priority: customfield_10012}
    statuses: {started: To Do, acknowledged: In Progress, mitigated: In Progress, resolved: Done, completed: Done}
  report:
    dir: "%(reports)s"
    wordpress: {url: "%(wordpress)s", user: editor, token: TRACKER}
    webhook: {url: "%(hooks)s/report", secret: HOOK}
  status_page: {webhook: "%(hooks)s/status", secret: HOOK}
"""
MAIN, ALICE = "C0INCIDENT1", "U0ALICE0001"


def read(path):
    with open(path) as file:
        return file.read()


class TrackerStack(Stack):
    def __init__(self, trackers):
        self.trackers = trackers
        super().__init__()

    def _write_config(self):
        secrets = os.path.join(self.dir, "secrets")
        os.mkdir(secrets)
        for name, value in (("TRACKER", TOKEN), ("HOOK", WEBHOOK_SECRET)):
            with open(os.path.join(secrets, name), "w") as file:
                file.write(value + "\n")
        self.environment["SLIPWAY_SECRETS_DIR"] = secrets
        self.reports = os.path.join(self.dir, "reports")
        config = os.path.join(self.dir, "slipway.yaml")
        names = {name: self.trackers.url(name) for name in ("jira", "github", "gitlab", "wordpress", "hooks")}
        with open(config, "w") as file:
            file.write(CONFIG % dict(names, user=USER, reports=self.reports))
        open(self.ledger, "w").close()
        return config


class TrackerTest(StackTest):
    """One Slipway for all of them."""

    @classmethod
    def setUpClass(cls):
        if not hasattr(TrackerTest, "stack"):
            TrackerTest.trackers = Trackers()
            unittest.addModuleCleanup(TrackerTest.trackers.close)
            TrackerTest.stack = TrackerStack(TrackerTest.trackers)
            unittest.addModuleCleanup(TrackerTest.stack.down)

    def tearDown(self):
        self.trackers.next_answers()
        super().tearDown()

    def incident(self, title):
        return next((one for one in self.stack.incidents() if one["detail"]["title"] == title), None)

    def channel(self, title):
        """Where it is talked about, once it is there."""
        def there():
            found = (self.incident(title) or {"detail": {}})["detail"].get("channel")
            return found and self.stack.channel_named(found["name"]) and found["id"]
        return wait_for("a channel for %s" % title, there)

    def key(self, title):
        return wait_for("an issue for %s" % title, lambda: (
            (self.incident(title) or {"detail": {}})["detail"].get("tracker") or {}).get("key"), 60)

    def jira_issues(self, title):
        return [key for key, issue in self.trackers.jira.issues.items() if issue["fields"]["summary"] == title]

    def said(self, channel, text):
        return [one for one in self.stack.messages() if one["channel"] == channel and text in json.dumps(one)]


class Jira(TrackerTest):
    def test_an_issue_follows_its_incident(self):
        self.stack.say(MAIN, ".start P3 db & cache {down}")
        title = wait_for("it is declared", lambda: next((one["detail"]["title"] for one in self.stack.incidents()
                                                        if "cache" in one["detail"]["title"]), None))
        key, channel = self.key(title), self.channel(title)
        issue = self.trackers.jira.issues[key]
        self.assertEqual(issue["fields"]["issuetype"], {"name": "Task"})
        self.assertIn("incident", issue["fields"]["labels"])
        self.stack.say(channel, ".point")
        self.stack.say(channel, ".comms")
        self.stack.say(channel, ".note <script>alert(1)</script>")
        wait_for("it is in progress", lambda: issue["status"] == "In Progress")
        wait_for("who is on point", lambda: issue["fields"]["customfield_10011"] == {"accountId": "alice-7"})
        wait_for("the note", lambda: "<script>alert(1)</script>" in json.dumps(issue["fields"]["description"]))
        self.assertEqual(issue["fields"]["customfield_10012"], {"value": "P3"})
        self.stack.say(channel, ".component shop, bakery")
        wait_for("the component", lambda: issue["fields"].get("components") == [{"id": "11"}])
        self.stack.say(channel, ".resolve")
        wait_for("it is done", lambda: issue["status"] == "Done")
        self.stack.say(channel, ".unresolve")
        wait_for("it is back", lambda: issue["status"] == "In Progress")
        self.assertEqual(issue["moves"], ["In Progress", "Done", "In Progress"])
        self.assertEqual(self.jira_issues(title), [key])

    def test_updates_and_tasks_arrive_once(self):
        self.stack.say(MAIN, ".start P3 once")
        key, channel = self.key("once"), self.channel("once")
        self.trackers.next_answers("lost", "lost", 429, "lost", 500)
        for word in ("one", "two", "three"):
            self.stack.say_heard(channel, ".notify update %s" % word)
            self.stack.say_heard(channel, ".ai task %s => and how" % word)
        comments = self.trackers.jira.comments[key]
        wait_for("three comments", lambda: len(comments) == 3, 90)
        tasks = wait_for("three tasks", lambda: (lambda found: found if len(found) == 3 else None)(
            [issue for issue in self.trackers.jira.issues.values()
             if issue["fields"].get("parent", {}).get("key") == key]), 90)
        self.assertEqual(sorted(task["fields"]["summary"] for task in tasks), ["task one", "task three", "task two"])
        self.assertIn("and how", json.dumps(tasks[0]["fields"]["description"]))
        for word, comment in zip(("one", "two", "three"), comments):
            self.assertIn("update %s" % word, json.dumps(comment))
        wait_for("the tasks are linked", lambda: len(self.said(channel, "OPS-")) > 0)

    def test_a_lost_reply_and_a_kill_make_no_second_issue(self):
        self.trackers.next_answers("lost", 500, 429)
        self.stack.say(MAIN, ".start P3 stormy")
        wait_for("an issue", lambda: self.jira_issues("stormy"))
        self.stack.kill("orchestrator")
        self.stack.up()
        channel = self.channel("stormy")
        self.key("stormy")
        self.stack.say(channel, ".note said before the fall")
        self.stack.kill("orchestrator")
        self.stack.up()
        self.stack.say(channel, ".note said after it")
        issue = self.trackers.jira.issues[self.key("stormy")]
        for text in ("said before the fall", "said after it"):
            wait_for(text, lambda: text in json.dumps(issue["fields"]["description"]), 60)
        self.assertEqual(len(self.jira_issues("stormy")), 1)

    def test_one_that_hangs_delays_no_other(self):
        """The call for the first one would be given up after 8 s."""
        self.trackers.hang("a hanging one")
        self.addCleanup(self.trackers.go_on)
        self.stack.say(MAIN, ".start P3 a hanging one")
        wait_for("it is under way", lambda: self.jira_issues("a hanging one"))
        self.stack.say(MAIN, ".start P3 a quick one")
        wait_for("the quick one has its issue", lambda: (
            (self.incident("a quick one") or {"detail": {}})["detail"].get("tracker") or {}).get("key"), 6)
        self.stack.say(self.channel("a quick one"), ".notify news")
        comments = self.trackers.jira.comments[self.key("a quick one")]
        wait_for("and its update", lambda: len(comments) == 1, 6)
        self.trackers.go_on()
        self.key("a hanging one")
        self.assertEqual(len(self.jira_issues("a hanging one")), 1)

    def test_what_jira_refuses_is_told_to_people(self):
        self.stack.say(MAIN, ".start P3 refused")
        key, channel = self.key("refused"), self.channel("refused")
        self.trackers.jira.issues[key]["status"] = "Archived"
        self.stack.say(channel, ".point")
        self.stack.say(channel, ".comms")
        wait_for("it is told", lambda: self.said(channel, "offers no way to"))
        self.trackers.jira.issues[key]["status"] = "To Do"
        self.stack.say(channel, ".note somebody mended it")
        wait_for("a change tries again", lambda: self.trackers.jira.issues[key]["status"] == "In Progress")

    def test_a_private_incident_is_nobodys_issue(self):
        before = len(self.trackers.jira.issues)
        self.stack.say(MAIN, ".start P3 loud")
        self.stack.type("/incident", "start private P3 hush")
        wait_for("it is declared", lambda: "hush" in json.dumps(self.stack.messages()))
        self.stack.say(self.channel("loud"), ".note the tracker hears of this one")
        issue = self.trackers.jira.issues[self.key("loud")]
        wait_for("the note", lambda: "hears of this one" in json.dumps(issue["fields"]["description"]))
        self.assertEqual(self.jira_issues("hush"), [])
        self.assertEqual(len(self.trackers.jira.issues), before + 1)

    def test_data_center_gets_wiki_markup(self):
        self.stack.say("C0ANNOUNCE1", ".start P3 an old one")
        issue = self.trackers.jira.issues[self.key("an old one")]
        self.assertEqual(issue["version"], 2)
        self.assertIn("||State|{*}started{*} |", issue["fields"]["description"])


class Forges(TrackerTest):
    def check(self, forge, main, title, closed, is_open):
        self.trackers.next_answers("lost")
        self.stack.say(main, ".start P3 " + title)
        key, channel = self.key(title), self.channel(title)
        self.assertEqual(key, "ops#1")
        self.trackers.next_answers("lost", "lost", 500)
        self.stack.say(channel, ".notify we look at it, @everyone")
        self.stack.say(channel, ".ai look closer")
        issue = forge.issues[0]
        wait_for("a comment", lambda: len(forge.comments[1]) == 1, 60)
        self.assertIn("we look at it, @\u200beveryone", forge.comments[1][0]["body"])
        wait_for("a task", lambda: len(forge.issues) == 2 and forge.issues[1]["title"] == "look closer", 60)
        wait_for("the text follows", lambda: "Action item: look closer" in issue[forge.text], 60)
        self.stack.say(channel, ".cancel")
        wait_for("it is closed", lambda: issue["state"] == closed, 60)
        self.stack.say(channel, ".uncancel")
        wait_for("it is open", lambda: issue["state"] == is_open, 60)
        self.assertEqual(len(forge.issues), 2)
        self.assertEqual(len(forge.comments[1]), 1)

    def test_github(self):
        self.check(self.trackers.github, "C0GENERAL01", "at github", "closed", "open")
        self.assertEqual(self.trackers.github.issues[0]["labels"], ["incident"])

    def test_gitlab(self):
        self.check(self.trackers.gitlab, "C0DEPLOYS01", "at gitlab", "closed", "opened")
        self.assertEqual(self.trackers.gitlab.issues[0]["labels"], "incident,ops")


class Reports(TrackerTest):
    def review(self, title):
        """From its declaration to its completion."""
        self.stack.say(MAIN, ".start P1 " + title)
        channel = self.channel(title)
        for words in (".point", ".comms", ".summary it was <b>bad</b>", ".genesis 3 minutes ago",
                      ".detected 2 minutes ago", ".affected everybody", ".component shop", ".factor a & b", ".ai never again",
                      ".pr https://git.test/pull/1", ".resolve", ".assign", ".ready", ".complete"):
            self.stack.say_heard(channel, words)
        wait_for("it is completed", lambda: (self.incident(title) or {}).get("state") == "completed", 60)
        return channel

    def test_a_report_is_drafted_and_people_may_change_it(self):
        self.trackers.next_answers("lost", 429)
        channel = self.review("the report")
        post = wait_for("a post", lambda: self.trackers.wordpress.posts and self.trackers.wordpress.posts[0], 60)
        self.assertEqual(post["status"], "draft")
        self.assertIn("it was &lt;b&gt;bad&lt;/b&gt;", post["content"]["raw"])
        wait_for("it is told", lambda: self.said(channel, post["link"]), 60)
        path = os.path.join(self.stack.reports, "incident-%d.md" % self.incident("the report")["detail"]["number"])
        self.assertIn("- a \\& b", read(path))
        self.stack.say(channel, ".note late news")
        wait_for("the post follows", lambda: "late news" in post["content"]["raw"], 60)
        wait_for("the file follows", lambda: "late news" in read(path), 60)
        post["content"]["raw"] = "written anew by people"
        with open(path, "a") as file:
            file.write("\nadded by people\n")
        heard = len(self.trackers.hooks.heard)
        self.stack.say(channel, ".note even later")
        wait_for("the webhook hears of it", lambda: any("even later" in body["markdown"] for _, body in
                                                        self.trackers.hooks.heard[heard:] if "markdown" in body), 60)
        self.assertEqual(post["content"]["raw"], "written anew by people")
        self.assertIn("added by people", read(path))
        self.assertNotIn("even later", read(path))
        self.assertEqual(len(self.trackers.wordpress.posts), 1)

    def test_a_status_page_hears_of_states_and_updates(self):
        self.stack.say(MAIN, ".start P1 for all to see")
        channel = self.channel("for all to see")

        def heard():
            return [body for _, body in self.trackers.hooks.heard if body["event"] == "incident.status"
                    and body["title"] == "for all to see"]
        wait_for("that it began", lambda: [one for one in heard() if one["state"] == "started"])
        self.stack.say(channel, ".notify we are on it")
        wait_for("the update", lambda: [one for one in heard() if one["text"] == "we are on it"])
        self.stack.say(channel, ".mitigate")
        wait_for("the mitigation", lambda: [one for one in heard() if one["state"] == "mitigated"])


if __name__ == "__main__":
    unittest.main()
