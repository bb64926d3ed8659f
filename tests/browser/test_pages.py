# SPDX-License-Identifier: Apache-2.0
"""Both pages as people use them: by mouse and by keyboard, on a desk and on a phone, by day and by night."""
import json
import os
import re
import sys
import unittest

from playwright.sync_api import expect, sync_playwright

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
from stack import Stack, fetch, wait_for  # noqa: E402

BUILD = os.environ.get("SLIPWAY_BUILD", os.path.join(ROOT, "build"))
AXE = os.path.join(BUILD, "node", "node_modules", "axe-core", "axe.min.js")
PICTURES = os.path.join(ROOT, "docs", "images") if os.environ.get("SLIPWAY_SCREENSHOTS") else os.path.join(BUILD, "pictures")
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
COMPOSER = "#input"
WAIT_MS = 20000

expect.set_options(timeout=WAIT_MS)


class Pages(unittest.TestCase):
    ENVIRONMENT = None

    @classmethod
    def setUpClass(cls):
        os.makedirs(PICTURES, exist_ok=True)
        cls.stack = Stack(environment=cls.ENVIRONMENT)
        cls.addClassCleanup(cls.stack.down)
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.browser = cls.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)

    def open(self, url, viewport=None, scheme="light"):
        context = self.browser.new_context(viewport=viewport or DESK, color_scheme=scheme)
        self.addCleanup(context.close)
        # What runs in the page to test it is not bound by the page's own rules for scripts; the pages are.
        page = context.new_page()
        self.complaints = []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        return page

    def channel(self, **options):
        page = self.open(self.stack.address("slack") + "/", **options)
        if page.locator("#menu").is_visible():
            page.locator("#menu").click()
        page.locator("#channels button", has_text="deploys").click()
        return page

    def slipway(self, path="/", **options):
        return self.open(self.stack.address("orchestrator") + path, **options)

    def type(self, page, text):
        page.locator(COMPOSER).fill(text)
        page.locator("#send").click()

    def picture(self, page, name):
        page.screenshot(path=os.path.join(PICTURES, name + ".png"))

    def judge(self, page):
        """Nothing serious, as axe-core sees it."""
        with open(AXE) as file:
            page.evaluate(file.read())
        found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        serious = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found
                   if one["impact"] in ("serious", "critical")]
        self.assertEqual(serious, [])

    @staticmethod
    def answering(body):
        return lambda route: route.fulfill(json=body)

    def deploy(self, page, text=""):
        """Types the command; the id that the answer names."""
        before = set(page.locator("code").all_inner_texts())
        self.type(page, ("/deploy " + text).strip())
        page.wait_for_function("(before) => [...document.querySelectorAll('code')].some((code) => "
                               "/^d-[0-9a-z]{13}$/.test(code.innerText) && !before.includes(code.innerText))",
                               arg=list(before), timeout=WAIT_MS)
        new = [code for code in page.locator("code").all_inner_texts() if code not in before and len(code) == 15]
        return new[0]


class Deployments(Pages):
    def test_a_command_is_typed_and_its_message_changes(self):
        page = self.channel()
        workflow = self.deploy(page)
        expect(page.get_by_text("succeeded").or_(page.get_by_text("is live")).first).to_be_visible()
        self.stack.wait_told(workflow, "succeeded")
        self.picture(page, "sandbox")
        self.judge(page)
        self.assertEqual(self.complaints, [])

    def test_a_reload_in_the_middle_and_a_button(self):
        page = self.channel()
        workflow = self.deploy(page, "slow")
        self.stack.wait_told(workflow, "running")
        page.reload()
        page.locator("#channels button", has_text="deploys").click()
        cancel = page.get_by_role("button", name="Cancel").last
        expect(cancel).to_be_visible()
        self.picture(page, "sandbox-running")
        cancel.click()
        expect(page.locator("#confirm")).to_be_visible()
        page.locator("#confirm-yes").click()
        self.stack.wait_state(workflow, "cancelled")
        self.stack.wait_told(workflow, "cancelled")

    def test_by_keyboard_alone(self):
        page = self.channel()
        page.locator("body").click(position={"x": 5, "y": 5})
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches(%r)" % COMPOSER):
                break
        page.keyboard.type("/deploy services")
        page.keyboard.press("Enter")
        expect(page.get_by_text("What can be deployed").first).to_be_visible()

    def test_on_a_phone_and_by_night(self):
        for scheme in ("light", "dark"):
            page = self.channel(viewport=PHONE, scheme=scheme)
            self.deploy(page)
            self.picture(page, "sandbox-phone-" + scheme)
            self.judge(page)
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])

    def test_the_orchestrators_page_is_live(self):
        slow, behind = self.stack.deploy("slow"), self.stack.deploy()
        page = self.slipway()
        expect(page.locator("#health-text")).to_have_text("live")
        expect(page.locator("#running")).to_contain_text("slow to staging")
        expect(page.locator("#line")).to_contain_text("1. site to staging")
        self.picture(page, "orchestrator")
        self.judge(page)
        self.stack.type("/deploy", "cancel " + slow)
        expect(page.locator("#history")).to_contain_text(slow)
        expect(page.locator("#history tr", has_text=behind)).to_contain_text("succeeded")
        page.get_by_role("link", name=behind).click()
        expect(page.locator("#one")).to_contain_text("deploy")
        expect(page.locator("#one-title")).to_contain_text("site to staging")
        self.judge(page)
        self.assertEqual(self.complaints, [])

    def test_open_incidents_and_holds_are_shown(self):
        """The page alone: the API's answers are made up."""
        incident = {"id": "i-0123456789abc", "kind": "incident", "state": "acknowledged", "service": "site",
                    "environment": None, "ref": None, "position": None, "created_at": "2026-11-25T10:00:00.000Z",
                    "started_at": "2026-11-25T10:00:00.000Z", "finished_at": None, "requested_by": "U1", "steps": [],
                    "detail": {"number": 42, "title": "<b>Site</b> is down", "priority": {"n": 1, "name": "P1"},
                               "summary": "Nothing loads", "roles": {"point": "U1", "comms": None},
                               "people": {"U1": "Ada"}, "times": {"created": 1795600800000, "acknowledged": 1795600860000},
                               "holds": [{"what": "site"}], "cause": "d-0123456789abc", "log_count": 3}}
        timeline = [{"id": 1, "type": "note", "text": "a look at the <i>logs</i>", "by": "U1", "at": 1795600900000},
                    {"id": 2, "type": "pr", "text": "a fix", "link": "https://git.example/1", "edits": [{}], "by": "U1",
                     "at": 1795600910000},
                    {"id": 3, "type": "note", "deleted": {"by": "U1", "at": 1795600930000}, "at": 1795600920000},
                    {"id": 4, "type": "note", "text": "no link", "link": "javascript:alert(1)", "at": 1795600940000}]
        held = {"by": incident["id"], "channel": "C2", "reason": "site is down", "until": None}
        waits = {"id": "d-0123456789abc", "kind": "deployment", "state": "queued", "service": "site",
                 "environment": "staging", "ref": "main", "lane": "main", "position": 1, "held": held, "steps": [],
                 "created_at": "2026-11-25T10:05:00.000Z"}
        hold = {"id": "h", "origin": incident["id"], "by": "U1", "reason": "site is down", "channel": "C2",
                "service": "site", "environment": None, "lane": None, "waiting": 1, "since": None, "until": None}
        page = self.open("about:blank")
        for path, body in (("workflows/" + incident["id"], incident),
                           ("workflows/" + incident["id"] + "/timeline", {"timeline": timeline}), ("workflows", {"workflows": [waits]}),
                           ("incidents", {"incidents": [incident]}), ("holds", {"holds": [hold]})):
            page.route("**/api/v1/" + path, self.answering(body))
        page.goto(self.stack.address("orchestrator") + "/")
        expect(page.locator("#incidents")).to_contain_text("#42 <b>Site</b> is down")
        expect(page.locator("#incidents")).to_contain_text("P1 · site · point Ada")
        expect(page.locator("#holds")).to_contain_text("site is down")
        expect(page.locator("#holds")).to_contain_text("1 waiting")
        expect(page.locator("#line")).to_contain_text("Waits for " + incident["id"])
        self.judge(page)
        self.picture(page, "orchestrator-incident")
        page.locator("#incidents").get_by_role("link", name=incident["id"]).click()
        expect(page.locator("#one-title")).to_have_text("#42 <b>Site</b> is down")
        expect(page.locator("#one-body")).to_contain_text("Nothing loads")
        expect(page.locator("#one-body li").nth(0)).to_contain_text("note: a look at the <i>logs</i> Ada")
        expect(page.locator("#one-body li").nth(1)).to_contain_text("Ada, edited")
        expect(page.get_by_role("link", name="a fix")).to_have_attribute("href", "https://git.example/1")
        expect(page.locator("#one-body li").nth(2)).to_contain_text("taken off by Ada")
        expect(page.get_by_role("link", name="no link")).to_have_count(0)
        expect(page.locator("#one-body")).to_contain_text("Caused by")
        self.judge(page)
        self.assertEqual(self.complaints, [])

    def test_a_deployment_tells_who_broke_the_glass(self):
        id = "d-0123456789abc"
        one = {"id": id, "kind": "deployment", "n": 4, "state": "queued", "service": "site", "environment": "staging",
               "ref": "main", "lane": "main", "position": 1, "steps": [], "created_at": "2026-11-25T10:05:00.000Z",
               "detail": {"break_glass": {"request": None, "past": []}}}
        timeline = [{"id": 1, "type": "break_glass", "text": "Asks to break the glass: <b>now</b>", "by": "U1", "at": 1795600900000},
                    {"id": 2, "type": "break_glass", "text": "Agreed to break the glass", "by": "U2", "at": 1795600910000}]
        page = self.open("about:blank")
        for path, body in (("workflows/" + id, one), ("workflows/" + id + "/timeline", {"timeline": timeline}),
                           ("workflows", {"workflows": [one]})):
            page.route("**/api/v1/" + path, self.answering(body))
        page.goto(self.stack.address("orchestrator") + "/")
        page.locator("#line").get_by_role("link", name=id).click()
        expect(page.locator("#one-body li").nth(0)).to_contain_text("break glass: Asks to break the glass: <b>now</b> U1")
        expect(page.locator("#one-body li").nth(1)).to_contain_text("Agreed to break the glass U2")
        self.judge(page)
        self.assertEqual(self.complaints, [])

    def test_what_waits_for_a_person_comes_first_and_says_what_one_can_do(self):
        """The page alone: the API's answers are made up."""
        def deployment(n, state, **more):
            return dict({"id": "d-%013d" % n, "kind": "deployment", "state": state, "service": "site", "environment": "staging",
                         "ref": "main", "lane": "lane-%d" % n, "position": None, "error": None, "detail": {},
                         "created_at": "2026-11-25T10:05:00.000Z", "started_at": "2026-11-25T10:05:00.000Z",
                         "finished_at": None, "steps": []}, **more)
        step = {"name": "publish", "state": "failed", "attempt": 1, "tail": None, "status": None, "started_at": None,
                "finished_at": None, "exit_code": 1, "error": None}
        runs = deployment(1, "running")
        stuck = deployment(2, "needs_a_human", error={
            "code": "E-STEP-UNKNOWN", "text": "Whether `publish` ran to its end is not known.", "hint": "Look at `site`."})
        waits = deployment(3, "queued", lane="lane-1", position=1, started_at=None)
        failed = deployment(4, "failed", steps=[step], finished_at="2026-11-25T10:06:00.000Z")
        page = self.open("about:blank")
        for path, body in (("workflows", {"workflows": [runs, stuck, waits]}), ("workflows/" + stuck["id"], stuck),
                           ("workflows/" + stuck["id"] + "/timeline", {"timeline": []}), ("history?*", {"workflows": [failed]})):
            page.route("**/api/v1/" + path, self.answering(body))
        page.goto(self.stack.address("orchestrator") + "/")
        first = page.locator("#running article").first
        expect(first).to_contain_text(stuck["id"])
        expect(first.locator("code", has_text="publish")).to_have_text("publish")
        expect(first).to_contain_text("/deploy retry %s or /deploy cancel %s" % (stuck["id"], stuck["id"]))
        expect(page.locator("#line")).to_contain_text("Next in its lane, after site to staging " + runs["id"])
        expect(page.locator("#history")).to_contain_text("failed in publish")
        expect(page).to_have_title("1 needs a human · 1 running · Slipway")
        self.judge(page)
        first.get_by_role("link", name=stuck["id"]).click()
        expect(page.locator("#one-body")).to_contain_text("/deploy retry " + stuck["id"])
        self.judge(page)
        self.assertEqual(self.complaints, [])

    def test_without_incidents_those_parts_are_not_there(self):
        page = self.slipway()
        expect(page.locator("#health-text")).to_have_text("live")
        expect(page.locator("#incidents-part")).to_be_hidden()
        expect(page.locator("#holds-part")).to_be_hidden()

    def test_the_output_of_a_failed_step_is_shown(self):
        workflow = self.stack.deploy("broken")
        self.stack.wait_state(workflow, "failed")
        page = self.slipway("/#" + workflow)
        expect(page.locator("#one-body pre")).to_contain_text("it does not work")
        expect(page.locator("#one-body")).to_contain_text("E-STEP-FAILED")
        self.picture(page, "orchestrator-failed")

    def talking(self):
        """A deployment whose step prints what tell_step() says, and has begun to."""
        workflow = self.stack.deploy("talks")
        self.addCleanup(self.stack.wait_state, workflow, "cancelled")
        self.addCleanup(self.stack.type, "/deploy", "cancel " + workflow)
        return workflow

    def test_the_output_of_a_running_step_is_followed(self):
        workflow = self.talking()
        page = self.slipway()
        card = page.locator("#running article", has_text=workflow)
        expect(card).to_contain_text("It has printed nothing yet.")
        self.stack.tell_step(workflow, "waiting for the lock\n")
        output = card.get_by_role("log", name="output of talk")
        expect(output).to_have_text("hello\nwaiting for the lock")
        link = page.get_by_role("link", name=workflow)
        link.focus()
        for end in ("half of it", "held by <b>pid 4711</b>"):
            self.stack.tell_step(workflow, "".join("line %d\n" % i for i in range(150)) + end + "\n")
            expect(output).to_contain_text(end)
        self.assertLess(len(self.stack.workflow(workflow)["steps"][1]["tail"]), 2049)
        expect(output).to_contain_text("hello")  # the page keeps what the API has no more
        expect(link).to_be_focused()
        at_end = "(box) => box.scrollHeight - box.scrollTop - box.clientHeight < 2"
        self.assertTrue(output.evaluate(at_end))
        self.judge(page)
        self.assertEqual(self.complaints, [])

    def test_output_that_is_being_read_stays_where_it_is(self):
        workflow = self.talking()
        self.stack.tell_step(workflow, "".join("line %d of a step that talks\n" % i for i in range(60)))
        page = self.slipway("/#" + workflow)
        output = page.get_by_role("log", name="output of talk")
        expect(output).to_contain_text("line 59")
        self.picture(page, "orchestrator-output")
        output.evaluate("(box) => { box.scrollTop = 40; box.line = getSelection(); box.line.setBaseAndExtent(box.firstChild, 0, box.firstChild, 20); }")
        page.wait_for_function("(box) => box.scrollTop === 40", arg=output.element_handle())
        before = output.evaluate("() => getSelection().toString()")
        for i in range(60, 120):
            self.stack.tell_step(workflow, "line %d of a step that talks\n" % i)
        expect(output).to_contain_text("line 119")
        self.assertEqual(output.evaluate("(box) => box.scrollTop"), 40)
        self.assertEqual(output.evaluate("() => getSelection().toString()"), before)
        output.evaluate("(box) => { box.scrollTop = box.scrollHeight; }")
        self.stack.tell_step(workflow, "the last line\n")
        expect(output).to_contain_text("the last line")
        self.assertTrue(output.evaluate("(box) => box.scrollHeight - box.scrollTop - box.clientHeight < 2"))
        self.judge(page)

    def test_output_on_a_phone_by_night(self):
        workflow = self.talking()
        self.stack.tell_step(workflow, "a line that is much wider than the screen of a phone, as they are: %s\n" % ("x" * 200))
        for path in ("/", "/#" + workflow):
            page = self.slipway(path, viewport=PHONE, scheme="dark")
            output = page.get_by_role("log", name="output of talk")
            expect(output).to_contain_text("much wider")
            self.judge(page)
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])
            self.assertLessEqual(output.evaluate("(box) => box.scrollWidth - box.clientWidth"), 0)
        self.picture(page, "orchestrator-output-phone-dark")

    def test_the_orchestrators_page_on_a_phone_by_night(self):
        workflow = self.stack.deploy()
        self.stack.wait_state(workflow, "succeeded")
        page = self.slipway(viewport=PHONE, scheme="dark")
        expect(page.locator("#history")).to_contain_text(workflow)
        self.judge(page)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])
        self.picture(page, "orchestrator-phone-dark")
        page.keyboard.press("Tab")
        self.assertEqual(page.evaluate("document.activeElement.className"), "skip")

    def test_an_orchestrator_that_is_away_is_said_to_be(self):
        page = self.slipway()
        expect(page.locator("#health-text")).to_have_text("live")
        self.addCleanup(self.stack.up)
        self.stack.kill("orchestrator")
        expect(page.locator("#health-text")).to_have_text(
            re.compile(r"^the orchestrator does not answer; what stands here is of \d"))
        page.set_viewport_size({"width": 600, "height": 300})
        page.mouse.wheel(0, 10000)
        expect(page.locator("#health-text")).to_be_in_viewport()
        self.stack.up()
        expect(page.locator("#health-text")).to_have_text("live")


class Incidents(Pages):
    """The sample's configuration, in which #incidents is where incidents are declared."""
    ENVIRONMENT = {"SLIPWAY_CONFIG": ""}

    def open_channel(self, page, name):
        if page.locator("#menu").is_visible():
            page.locator("#menu").click()
        page.locator("#channels button", has_text=name).click()

    def declare(self, page, title):
        """In #incidents; opens the channel that was made for it."""
        self.open_channel(page, "incidents")
        self.type(page, ".start P3 " + title)
        number = wait_for("the incident %s" % title, lambda: next(
            (one["detail"]["number"] for one in self.stack.incidents() if one["detail"]["title"] == title), None))
        self.open_channel(page, "inc-%d" % number)
        expect(page.locator("#messages")).to_contain_text("Take point")

    def test_an_incident_from_its_words_and_buttons(self):
        page = self.channel()
        self.declare(page, "The lighthouse is dark")
        page.get_by_role("button", name="Take comms").click()
        expect(page.locator("#topic")).to_contain_text("Comms: @alice")
        self.type(page, ".note the lamp is new")
        expect(page.locator(".message", has_text=".note the lamp").locator(".thread")).to_contain_text("Noted")
        expect(page.locator(".message", has_text=".note the lamp").locator(".reactions").first).to_contain_text("👌")
        self.picture(page, "sandbox-incident")
        self.judge(page)
        self.open_channel(page, "incidents")
        expect(page.locator("#messages")).to_contain_text("The lighthouse is dark")
        self.assertEqual(self.complaints, [])

    def test_what_one_does_with_a_message(self):
        page = self.channel()
        self.open_channel(page, "general")
        self.type(page, "hello @bob & <all>")
        message = page.locator("#messages > .message", has_text="hello @bob")
        message.hover()
        message.get_by_role("button", name="React with tada").click()
        reaction = message.locator(".reactions button")
        expect(reaction).to_have_attribute("aria-pressed", "true")
        reaction.click()
        expect(message.locator(".reactions")).to_have_count(0)
        message.hover()
        message.get_by_role("button", name="Reply in thread").click()
        expect(page.locator("#side")).to_contain_text("hello @bob")
        page.locator("#reply-input").fill("an answer")
        page.get_by_role("button", name="Send the reply").click()
        expect(message.locator(".thread")).to_contain_text("an answer")
        expect(page.locator("#messages > .message", has_text="an answer")).to_have_count(1)
        page.locator("#side-close").click()
        message.hover()
        message.get_by_role("button", name="Pin to the channel").first.click()
        expect(message).to_contain_text("Pinned")
        message.hover()
        message.get_by_role("button", name="Edit").first.click()
        editor = page.get_by_role("textbox", name="Edit the message")
        expect(editor).to_have_value("hello @bob & <all>")
        editor.fill("hello again")
        editor.press("Enter")
        changed = page.locator("#messages > .message", has_text="hello again")
        expect(changed).to_contain_text("(edited)")
        self.judge(page)
        changed.hover()
        changed.get_by_role("button", name="Delete").first.click()
        page.locator("#confirm-yes").click()
        expect(changed).to_have_count(0)
        self.assertEqual(self.complaints, [])

    def test_a_form_by_keyboard(self):
        page = self.channel(scheme="dark")
        page.locator(COMPOSER).focus()
        page.keyboard.type("/incident ")
        page.keyboard.press("Enter")
        expect(page.locator("#modal")).to_be_visible()
        self.judge(page)
        page.locator("#field-title").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#modal .wrong")).to_have_text("⚠ Please complete this required field.")
        page.keyboard.type("The crane is stuck")
        page.locator("#field-service").fill("two words")
        page.keyboard.press("Enter")
        expect(page.locator("#modal .wrong")).to_contain_text("That is no name")
        self.picture(page, "sandbox-form")
        page.locator("#field-service").fill("demo")
        page.keyboard.press("Enter")
        expect(page.locator("#modal")).to_be_hidden()
        expect(page.get_by_text("is declared: The crane is stuck")).to_be_visible()
        self.assertEqual(self.complaints, [])

    def test_who_is_not_in_a_channel_can_join_and_an_archived_one_is_closed(self):
        page = self.channel(viewport=PHONE)
        self.open_channel(page, "random")
        page.locator("#menu").click()
        page.locator("#people button", has_text="Carol").click()
        self.declare(page, "The tide is late")
        page.locator("#menu").click()
        page.locator("#people button", has_text="Bob").click()
        expect(page.locator("#closed")).to_contain_text("You are not in this channel.")
        page.get_by_role("button", name="Join it").click()
        expect(page.locator("#composer")).to_be_visible()
        self.judge(page)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])
        self.open_channel(page, "old-project")
        expect(page.locator("#closed")).to_contain_text("archived")
        expect(page.get_by_role("button", name="Join it")).to_be_hidden()


class IncidentsFollowed(Pages):
    """Declared, worked on and ended in Slack; looked at on the orchestrator's page."""
    ENVIRONMENT = {"SLIPWAY_CONFIG": ""}  # the sample's

    def say(self, channel, text):
        ts = self.stack.say(channel, text)
        wait_for("an answer to %s" % text, lambda: self.stack.answers_to(channel, ts))

    def test_from_its_declaration_to_its_end(self):
        self.stack.type("/incident", "start P1 Nothing loads")
        channel = wait_for("its channel", lambda: self.stack.channel_named("inc-1"))
        incident = next(one["id"] for one in self.stack.incidents() if one["detail"]["number"] == 1)
        for words in (".point", ".note a look at the logs & @alice", ".note a secret", ".forget 4", ".hold site"):
            self.say(channel, words)
        deployment = self.stack.deploy()
        page = self.slipway()
        expect(page.locator("#incidents")).to_contain_text("#1 Nothing loads")
        expect(page.locator("#incidents")).to_contain_text("P1 · point alice")
        expect(page.locator("#holds")).to_contain_text("incident #1: Nothing loads")
        expect(page.locator("#holds")).to_contain_text("1 waiting")
        expect(page.locator("#line")).to_contain_text("Waits for " + incident)
        self.judge(page)
        page.locator("#incidents").get_by_role("link", name=incident).click()
        expect(page.locator("#one-title")).to_have_text("#1 Nothing loads")
        expect(page.locator("#one-body")).to_contain_text("a look at the logs & @alice")
        expect(page.locator("#one-body")).to_contain_text("taken off by alice")
        expect(page.locator("#one-body")).not_to_contain_text("a secret")
        self.say(channel, ".release")
        expect(page.locator("#one-body")).to_contain_text("may start again")  # by itself, while it is looked at
        self.stack.wait_state(deployment, "succeeded")
        self.picture(page, "orchestrator-timeline")
        self.judge(page)
        self.say(channel, ".cancel a drill")
        self.say(channel, ".archive")
        page = self.slipway()
        expect(page.locator("#past")).to_contain_text("#1 Nothing loads")
        expect(page.locator("#past")).to_contain_text("P1")
        self.judge(page)
        page.locator("#past").get_by_role("link", name=incident).click()
        expect(page.locator("#one-body")).to_contain_text("a look at the logs")
        self.assertEqual(self.complaints, [])

    def test_of_a_private_one_nothing_is_told(self):
        before = {message["ts"] for message in self.stack.messages()}
        self.stack.type("/incident", "start private P3 Layoffs")
        answer = wait_for("its answer", lambda: [message for message in self.stack.messages()
                                                 if message["ts"] not in before and "Layoffs" in json.dumps(message)])
        incident = re.search(r"i-[0-9a-z]{13}", json.dumps(answer))[0]
        page = self.slipway("/#" + incident)
        expect(page.locator("#one-body")).to_contain_text("Nothing that is shown here")
        self.assertNotIn("Layoffs", page.content())
        self.judge(page)
        self.assertEqual(self.complaints, [])
        status, text = fetch(self.stack.address("orchestrator") + "/api/v1/workflows/" + incident + "/timeline")
        self.assertEqual(status, 404, text)


class WithToken(unittest.TestCase):
    def test_the_page_asks_for_the_token_and_keeps_it(self):
        stack = Stack(environment={"SLIPWAY_API_TOKEN": "open-sesame"})
        self.addCleanup(stack.down)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(stack.address("orchestrator") + "/")
            expect(page.locator("#health-text")).to_have_text("a token is needed")
            page.get_by_label("API token").fill("wrong")
            page.get_by_role("button", name="Show").click()
            expect(page.locator("#health-text")).to_have_text("the token is wrong")
            page.get_by_label("API token").fill("open-sesame")
            page.get_by_role("button", name="Show").click()
            expect(page.locator("#health-text")).to_have_text("live")
            page.reload()
            expect(page.locator("#health-text")).to_have_text("live")
            browser.close()


if __name__ == "__main__":
    unittest.main()
