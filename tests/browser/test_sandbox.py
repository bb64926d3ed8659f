# SPDX-License-Identifier: Apache-2.0
"""The simulator's page as people use it, with an app that is nothing but Slack's SDK: channels, threads, reactions, pins,
forms; by mouse and by keyboard, on a desk and on a phone, by day and by night. Nothing of Slipway runs."""
import json
import os
import sys
import unittest

from playwright.sync_api import expect, sync_playwright

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
from simulator import BUILD, SimulatorCase  # noqa: E402

AXE = os.path.join(BUILD, "node", "node_modules", "axe-core", "axe.min.js")
PICTURES = os.path.join(BUILD, "pictures")
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
GENERAL, INCIDENTS, RANDOM, ARCHIVED = "C0GENERAL01", "C0INCIDENT1", "C0RANDOM001", "C0ARCHIVE01"
ALICE, BOB, BOT = "U0ALICE0001", "U0BOB000001", "U0SLIPWAY01"

expect.set_options(timeout=10000)


def plain(text):
    return {"type": "plain_text", "text": text}


def field(block, label, element, **more):
    return {"type": "input", "block_id": block, "label": plain(label), "element": dict(element, action_id="value"), **more}


MODAL = {
    "type": "modal", "callback_id": "declare", "title": plain("Declare an incident"), "submit": plain("Declare"),
    "close": plain("Never mind"), "blocks": [
        field("title", "What is broken?", {"type": "plain_text_input", "max_length": 80}, hint=plain("One line.")),
        field("level", "Priority", {"type": "static_select", "options": [
            {"text": plain("P1"), "value": "1"}, {"text": plain("P2"), "value": "2"}]}, optional=True),
        field("who", "Who leads", {"type": "users_select"}, optional=True),
        field("seen", "Who sees it", {"type": "checkboxes", "options": [
            {"text": plain("Only those who are invited"), "value": "private"}]}, optional=True),
    ]}


class PageCase(SimulatorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.makedirs(PICTURES, exist_ok=True)
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.browser = cls.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)

    def open(self, channel=INCIDENTS, viewport=None, scheme="light", touch=False):
        context = self.browser.new_context(viewport=viewport or DESK, color_scheme=scheme, has_touch=touch)
        self.addCleanup(context.close)
        context.set_default_timeout(10000)
        page = context.new_page()
        self.complaints = []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto("%s/archives/%s" % (self.slack.url, channel))
        page.wait_for_function("() => state.ready")
        return page

    def do(self, path, **args):
        answer = self.slack.post(path, args)
        self.assertTrue(answer["ok"], answer)
        return answer

    def say(self, text, user="bob", channel=INCIDENTS, **more):
        return self.do("messages", user=user, channel=channel, text=text, typed=True, **more)["ts"]

    def message(self, page, ts, place="m"):
        return page.locator("[id='%s%s']" % (place, ts))

    def tool(self, page, ts, tool, place="m"):
        self.message(page, ts, place).hover()
        page.locator("#tools [data-tool='%s']" % tool).click()

    def become(self, page, name):
        page.locator("#people button", has_text=name).click()
        page.wait_for_function("() => state.ready")

    def stored(self, ts):
        return next(m for m in self.slack.get("messages?deleted=1")["messages"] if m["ts"] == ts)

    def wait_stored(self, ts, condition):
        self.gateway.wait_for(lambda: condition(self.stored(ts)))

    def judge(self, page, picture=None):
        """Nothing that axe-core minds, however little; nothing wider than the window, nothing on the console."""
        with open(AXE) as file:
            page.evaluate(file.read())
        found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        self.assertEqual([(one["id"], one["impact"], [node["html"][:160] for node in one["nodes"]]) for one in found], [])
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"])
        self.assertEqual(self.complaints, [])
        if picture:
            page.screenshot(path=os.path.join(PICTURES, picture + ".png"))


class Channels(PageCase):
    def test_what_the_app_makes_appears_at_once_for_those_who_may_see_it(self):
        page = self.open()
        room = self.client.conversations_create(name="inc-1")["channel"]["id"]
        secret = self.client.conversations_create(name="inc-2", is_private=True)["channel"]["id"]
        expect(page.locator("#channels button.outside", has_text="inc-1")).to_have_count(1)
        self.client.chat_postMessage(channel=secret, text="said before alice came")
        self.client.conversations_invite(channel=room, users=[ALICE])
        expect(page.locator("#channels button.unread", has_text="inc-1")).to_be_visible()
        expect(page.locator("nav button", has_text="inc-2")).to_have_count(0)
        self.client.conversations_invite(channel=secret, users=[ALICE])
        page.locator("#channels button", has_text="inc-2").click()
        expect(page.get_by_text("said before alice came")).to_be_visible()
        self.client.conversations_setTopic(channel=secret, topic="P1 · point <@%s>" % ALICE)
        expect(page.locator("#topic")).to_have_text("P1 · point @alice")
        self.become(page, "Bob Brandt")
        expect(page.locator("nav button", has_text="inc-2")).to_have_count(0)
        expect(page.locator("#channel-name")).to_have_text("general")
        self.assertEqual(self.complaints, [])

    def test_a_mention_is_counted(self):
        page = self.open()
        self.say("look, @alice", channel=GENERAL)
        expect(page.locator("#channels button", has_text="general").locator(".badge")).to_contain_text("1")
        page.locator("#channels button", has_text="general").click()
        expect(page.locator(".mention.me")).to_have_text("@alice")
        expect(page.locator("#channels .badge")).to_have_count(0)

    def test_topic_people_archive_and_back(self):
        self.do("channels/change", user="alice", channel="incidents", change="kick", who="pager")
        page = self.open()
        page.locator("#about-open").click()
        page.locator("#side").get_by_role("button", name="Edit").click()
        page.locator("#form").get_by_label("Topic").fill("All is well")
        page.locator("#form-submit").click()
        expect(page.locator("#topic")).to_have_text("All is well")
        page.locator("#side").get_by_label("Who is added").select_option("Pager")
        page.locator("#side").get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".members")).to_contain_text("Pager")
        self.judge(page, "slack-about")
        page.get_by_role("button", name="Archive channel").click()
        expect(page.locator("#closed-text")).to_contain_text("archived")
        expect(page.locator("#composer")).to_be_hidden()
        page.locator("#closed-do").click()
        expect(page.locator("#composer")).to_be_visible()

    def test_what_the_client_does_itself(self):
        page = self.open(RANDOM)
        for line, told in (("/invite @slipway", "has joined #random"), ("/topic Tea & biscuits", "set #random topic: Tea & biscuits")):
            page.locator("#input").fill(line)
            page.keyboard.press("Enter")
            expect(page.locator("#messages")).to_contain_text(told)
        page.locator("#input").fill("/invite @slipway")
        page.keyboard.press("Enter")
        expect(page.locator("#hint")).to_contain_text("Already in this channel.")
        self.assertEqual(self.gateway.forms, [])

    def test_joining_and_a_channel_of_ones_own(self):
        self.do("channels/change", user="alice", channel="random", change="leave")
        page = self.open(RANDOM)
        page.get_by_role("button", name="Join it").click()
        expect(page.locator("#input")).to_be_visible()
        page.locator("#add-channel").click()
        page.get_by_label("Name", exact=True).fill("Lunch!")
        page.locator("#form-submit").click()
        expect(page.locator("#form [role=alert]")).to_contain_text("lower-case")
        page.get_by_label("Name", exact=True).fill("lunch")
        page.get_by_label("Private").check()
        page.locator("#form-submit").click()
        expect(page.locator("#channel-name")).to_have_text("lunch")
        self.assertTrue(any(c["name"] == "lunch" and c["is_private"] for c in self.slack.get("channels")["channels"]))

    def test_the_conversation_with_the_app(self):
        page = self.open()
        page.locator("#apps button").click()
        page.locator("#input").fill("hello")
        page.keyboard.press("Enter")
        expect(page.locator("#messages .message")).to_contain_text("hello")
        self.gateway.wait_for(lambda: self.gateway.events)
        self.assertEqual(self.gateway.events[0]["event"]["channel_type"], "im")
        self.judge(page)


class Messages(PageCase):
    def test_a_thread(self):
        ts = self.say("500s since noon")
        page = self.open()
        self.tool(page, ts, "thread")
        page.locator("#reply-input").fill("On it")
        page.keyboard.press("Enter")
        expect(page.locator("#side .message")).to_have_count(2)
        expect(self.message(page, ts).locator(".thread")).to_contain_text("1 reply")
        self.client.chat_postMessage(channel=INCIDENTS, thread_ts=ts, text="You are *point* now.")
        expect(page.locator("#side").get_by_text("You are point now.")).to_be_visible()
        expect(self.message(page, ts).locator(".thread")).to_contain_text("2 repliesSlipway: You are point now.")
        expect(page.locator("#messages > .message")).to_have_count(1)
        page.locator("#reply-also").check()
        page.locator("#reply-input").fill("Rolled back")
        page.keyboard.press("Enter")
        expect(page.locator("#messages").get_by_text("Rolled back", exact=True)).to_be_visible()
        self.judge(page, "slack-thread")
        page.locator("#side-close").click()
        expect(page.locator("#side")).to_be_hidden()

    def test_a_long_channel_begins_with_its_latest(self):
        first = self.say("the first of many")
        for i in range(300):
            self.say("number %d" % i)
        page = self.open()
        expect(page.get_by_text("number 299")).to_be_visible()
        expect(self.message(page, first)).to_have_count(0)
        page.get_by_role("button", name="Show earlier messages").click()
        expect(self.message(page, first)).to_have_count(1)
        page.goto("%s/archives/%s/p%s" % (self.slack.url, INCIDENTS, first.replace(".", "")))
        expect(self.message(page, first)).to_be_focused()

    def test_a_deleted_message_leaves_its_thread(self):
        ts = self.say("never mind", user="alice")
        reply = self.say("too late", thread_ts=ts)
        page = self.open()
        self.tool(page, ts, "delete")
        page.locator("#confirm-yes").click()
        expect(self.message(page, ts)).to_contain_text("This message was deleted.")
        self.message(page, ts).locator(".thread").click()
        expect(self.message(page, reply, "t")).to_contain_text("too late")
        self.judge(page)
        self.do("messages/delete", user="bob", channel=INCIDENTS, ts=reply)
        expect(page.locator("#messages .message")).to_have_count(0)
        expect(page.locator("#side")).to_be_hidden()

    def test_reactions(self):
        ts = self.say("fixed?")
        page = self.open()
        self.tool(page, ts, "react-eyes")
        eyes = self.message(page, ts).locator("[data-action='reaction-eyes']")
        expect(eyes).to_have_attribute("aria-pressed", "true")
        self.client.reactions_add(channel=INCIDENTS, timestamp=ts, name="eyes")
        expect(eyes).to_contain_text("2")
        eyes.click()
        expect(eyes).to_have_attribute("aria-pressed", "false")
        self.tool(page, ts, "emoji")
        page.locator("#picker-search").fill("rock")
        page.keyboard.press("Enter")
        expect(self.message(page, ts).locator("[data-action='reaction-rocket']")).to_contain_text("🚀")
        self.assertEqual([r["name"] for r in self.stored(ts)["reactions"]], ["eyes", "rocket"])

    def test_pins(self):
        ts = self.say("the graph is at https://example.com/graph")
        page = self.open()
        self.tool(page, ts, "pin")
        expect(self.message(page, ts)).to_contain_text("Pinned by you")
        page.locator("#pins-open").click()
        expect(page.locator("#side")).to_contain_text("the graph is at")
        self.judge(page)
        page.locator("#side").get_by_role("button", name="Go to message").click()
        expect(self.message(page, ts)).to_be_focused()
        page.locator("#side").get_by_role("button", name="Un-pin").click()
        expect(page.locator("#side")).to_contain_text("Nothing is pinned")
        expect(self.message(page, ts)).not_to_contain_text("Pinned")

    def test_editing_and_deleting_ones_own(self):
        ts, theirs = self.say("ask @bob & <me>", user="alice"), self.say("not yours")
        page = self.open()
        self.message(page, theirs).hover()
        expect(page.locator("#tools [data-tool='edit']")).to_be_hidden()
        self.tool(page, ts, "edit")
        editor = self.message(page, ts).get_by_label("Edit the message")
        expect(editor).to_have_value("ask @bob & <me>")
        editor.fill("ask @carol & <me>")
        page.keyboard.press("Enter")
        expect(self.message(page, ts)).to_contain_text("ask @carol & <me> (edited)")
        self.assertEqual(self.stored(ts)["text"], "ask <@U0CAROL0001> &amp; &lt;me&gt;")
        self.tool(page, ts, "delete")
        page.locator("#confirm-yes").click()
        expect(self.message(page, ts)).to_have_count(0)
        self.assertTrue(self.stored(ts)["deleted"])

    def test_what_only_one_person_sees(self):
        self.client.chat_postEphemeral(channel=INCIDENTS, user=ALICE, text="Nobody is comms yet")
        page = self.open()
        expect(page.locator(".message.private")).to_contain_text("Only visible to you")
        self.become(page, "Bob Brandt")
        expect(page.locator(".message.private")).to_have_count(0)
        self.become(page, "Alice Adler")
        page.get_by_role("button", name="Dismiss message").click()
        expect(page.locator(".message.private")).to_have_count(0)

    def test_completion_of_words_people_and_emoji(self):
        page = self.open()
        page.locator("#input").press_sequentially("@bo")
        page.keyboard.press("Enter")
        page.locator("#input").press_sequentially("see #dep")
        page.keyboard.press("Tab")
        page.locator("#input").press_sequentially(":rock")
        page.keyboard.press("Tab")
        expect(page.locator("#input")).to_have_value("@bob see #deploys :rocket: ")
        page.keyboard.press("Enter")
        expect(page.locator("#messages .message").last).to_contain_text("@bob see #deploys 🚀")
        page.locator("#input").press_sequentially(".sta")
        expect(page.locator("#completion li")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#input")).to_have_value(".start ")
        page.keyboard.press("Escape")
        page.locator("#messages a", has_text="deploys").click()
        expect(page.locator("#channel-name")).to_have_text("deploys")
        page.locator("#channels button", has_text="incidents").click()
        expect(page.locator("#input")).to_have_value(".start ")

    def test_a_link_to_a_reply_opens_its_thread(self):
        ts = self.say("parent")
        reply = self.say("the reply", thread_ts=ts)
        link = self.client.chat_getPermalink(channel=INCIDENTS, message_ts=reply)["permalink"]
        page = self.open()
        page.goto(self.slack.url + link[link.index("/archives"):])
        expect(self.message(page, reply, "t")).to_be_focused()

    def test_by_keyboard_alone(self):
        ts = self.say("mine", user="alice")
        page = self.open()
        page.locator("#scroll").focus()
        page.keyboard.press("ArrowUp")
        expect(self.message(page, ts)).to_be_focused()
        page.keyboard.press("p")
        expect(self.message(page, ts)).to_contain_text("Pinned by you")
        expect(self.message(page, ts)).to_be_focused()
        page.keyboard.press("r")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(self.message(page, ts).locator("[data-action='reaction--1']")).to_be_visible()
        expect(self.message(page, ts)).to_be_focused()
        page.keyboard.press("e")
        page.keyboard.type(" own")
        page.keyboard.press("Enter")
        expect(self.message(page, ts)).to_contain_text("mine own")
        page.keyboard.press("t")
        expect(page.locator("#reply-input")).to_be_focused()
        page.keyboard.type("a reply")
        page.keyboard.press("Enter")
        expect(page.locator("#side .message")).to_have_count(2)
        page.keyboard.press("Escape")
        expect(page.locator("#side")).to_be_hidden()
        expect(self.message(page, ts)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#input")).to_be_focused()


class Forms(PageCase):
    def show(self, **more):
        trigger = self.do("commands", command="/incident", user="alice")["trigger_id"]
        return self.client.views_open(trigger_id=trigger, view=dict(MODAL, **more))["view"]

    def answer(self, **answer):
        self.gateway.answer(200, "application/json", json.dumps(answer) if answer else "")

    def test_a_form_is_filled_in_and_sent(self):
        page = self.open()
        view = self.show()
        dialog = page.get_by_role("dialog", name="Declare an incident")
        expect(dialog.get_by_label("What is broken?")).to_be_focused()
        dialog.get_by_role("button", name="Declare").click()
        expect(dialog).to_contain_text("Please complete this required field.")
        expect(dialog.get_by_label("What is broken?")).to_have_attribute("aria-invalid", "true")
        self.judge(page, "slack-form")
        dialog.get_by_label("What is broken?").fill("Checkout")
        dialog.get_by_label("Priority").select_option("P1")
        dialog.get_by_label("Who leads").select_option("Bob Brandt")
        dialog.get_by_label("Only those who are invited").check()
        self.answer(response_action="errors", errors={"title": "Say more."})
        page.keyboard.press("Tab")
        dialog.get_by_role("button", name="Declare").click()
        expect(dialog).to_contain_text("Say more.")
        self.client.views_update(view_id=view["id"], view=dict(MODAL, title=plain("Once more")))
        dialog = page.get_by_role("dialog", name="Once more")
        expect(dialog.get_by_label("What is broken?")).to_have_value("Checkout")
        expect(dialog.get_by_label("Only those who are invited")).to_be_checked()
        self.answer()
        dialog.get_by_role("button", name="Declare").click()
        expect(page.locator("#modal")).to_be_hidden()
        values = self.gateway.payloads[-1]["view"]["state"]["values"]
        self.assertEqual(values["title"]["value"]["value"], "Checkout")
        self.assertEqual(values["level"]["value"]["selected_option"]["value"], "1")
        self.assertEqual(values["who"]["value"]["selected_user"], BOB)
        self.assertEqual([o["value"] for o in values["seen"]["value"]["selected_options"]], ["private"])

    def test_an_app_that_fails_and_closing(self):
        page = self.open()
        self.show(notify_on_close=True)
        page.get_by_label("What is broken?").fill("Checkout")
        self.gateway.answer(500, "text/plain", "no")
        page.keyboard.press("Enter")
        expect(page.locator("#modal-trouble")).to_contain_text("trouble connecting")
        expect(page.get_by_label("What is broken?")).to_have_value("Checkout")
        page.keyboard.press("Escape")
        expect(page.locator("#modal")).to_be_hidden()
        self.gateway.wait_for(lambda: self.gateway.payloads[-1]["type"] == "view_closed")


class Looks(PageCase):
    def fill(self):
        blocks = [{"type": "header", "text": plain("🔥 #42 Checkout is down")},
                  {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Point*\n<@%s>" % ALICE}, {"type": "mrkdwn", "text": "*Service*\n`site`"}]},
                  {"type": "actions", "elements": [{"type": "button", "action_id": "a", "style": "primary", "text": plain("Take point")}]},
                  {"type": "context", "elements": [{"type": "mrkdwn", "text": "<#%s> declared by <@%s>" % (INCIDENTS, BOB)}]}]
        head = self.client.chat_postMessage(channel=INCIDENTS, text="#42", blocks=blocks)["ts"]
        self.client.pins_add(channel=INCIDENTS, timestamp=head)
        ts = self.say("500s, @alice, see https://example.com/a-rather-long-address/that/goes/on/and/on?and=on&forever=1")
        self.client.reactions_add(channel=INCIDENTS, timestamp=ts, name="eyes")
        self.client.chat_postMessage(channel=INCIDENTS, thread_ts=ts, text="On it")
        self.client.chat_postEphemeral(channel=INCIDENTS, user=ALICE, text="Nobody is *comms* yet: `.comms`")
        return ts

    def test_on_a_desk_and_a_phone_by_day_and_by_night(self):
        ts = self.fill()
        for viewport, scheme in ((DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")):
            page = self.open(viewport=viewport, scheme=scheme)
            name = "slack-%s-%s" % ("phone" if viewport is PHONE else "desk", scheme)
            expect(page.locator(".message.private")).to_be_visible()
            self.message(page, ts).hover()
            expect(page.locator("#tools")).to_be_visible()
            self.judge(page, name)
            self.message(page, ts).locator(".thread").click()
            expect(page.locator("#side")).to_be_visible()
            self.judge(page, name + "-thread")

    def test_a_touch_brings_the_tools_and_writing_takes_them_away(self):
        ts = self.say("touch me")
        page = self.open(viewport=dict(PHONE, width=320), touch=True)
        self.message(page, ts).locator(".body").tap()
        expect(page.locator("#tools")).to_be_visible()
        self.judge(page)
        page.locator("#input").tap()
        expect(page.locator("#tools")).to_be_hidden()
        self.message(page, ts).locator(".body").tap()
        page.locator("#tools [data-tool='thread']").tap()
        expect(page.locator("#side")).to_be_visible()
        expect(page.locator("#side-body")).to_be_focused()
        self.judge(page)

    def test_the_menu_of_a_phone(self):
        page = self.open(viewport=PHONE)
        expect(page.locator("#sidebar")).to_be_hidden()
        page.locator("#menu").click()
        self.judge(page, "slack-phone-menu")
        page.locator("#channels button", has_text="general").click()
        expect(page.locator("#sidebar")).to_be_hidden()
        expect(page.locator("#channel-name")).to_have_text("general")

    def test_another_workspace_takes_the_place_of_the_old_one(self):
        room = self.client.conversations_create(name="inc-1")["channel"]["id"]
        ts = self.say("here", user="slipway", channel=room)
        page = self.open(room)
        self.tool(page, ts, "thread")
        expect(page.locator("#side")).to_be_visible()
        self.do("reset")
        expect(page.locator("#side")).to_be_hidden()
        expect(page.locator("#channel-name")).to_have_text("general")
        expect(page.locator("#channels button", has_text="inc-1")).to_have_count(0)
        self.say("a new beginning", channel=GENERAL)
        expect(page.get_by_text("a new beginning")).to_be_visible()
        self.assertEqual(self.complaints, [])

    def test_a_simulator_that_is_away_is_said_to_be(self):
        page = self.open()
        page.route("**/sandbox/v1/**", lambda route: route.abort())
        page.locator("#input").fill("anybody?")
        page.keyboard.press("Enter")
        expect(page.locator("#hint")).to_contain_text("does not answer")
        expect(page.locator("#input")).to_have_value("anybody?")


if __name__ == "__main__":
    unittest.main()
