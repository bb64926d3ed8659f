# SPDX-License-Identifier: Apache-2.0
"""What the README tells a newcomer to type works as it says: its commands, options, addresses and files."""
import json
import os
import re
import subprocess
import unittest

from stack import ROOT, Stack, StackTest, fetch, wait_for

with open(os.path.join(ROOT, "README.md")) as file:
    README = file.read()
USAGE = re.compile(r"\bE-[A-Z]")


def section(title):
    return re.search(r"^## %s\n(.*?)(?=^## |\Z)" % re.escape(title), README, re.M | re.S).group(1)


class Readme(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(environment={"SLIPWAY_CONFIG": ""})  # the sample, as for a newcomer
        cls.addClassCleanup(cls.stack.down)

    def typed(self, line):
        command, _, text = line.partition(" ")
        return self.stack.type(command, text)["shown"]

    def site(self, workflow):
        status, _ = fetch(self.stack.address("slack") + "/site/staging/build-%s.txt" % workflow)
        return status == 200

    def test_1_try_it(self):
        """Each thing that is to be typed there, in that order; the id of an answer is the first one's."""
        lines = re.findall(r"^(/deploy)$|`(/[a-z_]+[^`\n]*)`", section("Try it (no Slack needed)"), re.M)
        lines = [first or second for first, second in lines]
        self.assertEqual(lines[0], "/deploy")
        self.assertGreater(len(lines), 3)
        ids = []
        for line in lines:
            shown = self.typed(line.replace("<id>", ids[0] if ids else "<id>"))
            self.assertNotRegex(shown, USAGE, line)
            ids += re.findall(r"`(d-[0-9a-z]{13})`", shown)[:1]
        self.stack.wait_told(ids[0], "succeeded", 60)
        wait_for("the site is there", lambda: self.site(ids[0]))
        self.stack.wait_told(ids[1], "failed", 60)
        page, _ = fetch(self.stack.address("orchestrator") + "/")
        self.assertEqual(page, 200)

    def test_1b_an_incident(self):
        """Each dot-word that is to be said there, in that order: after the first one in the incident's channel."""
        text = section("Try it (no Slack needed)").split("### An incident")[1].split("### And then")[0]
        words = re.findall(r"^(\.start .*)$|`(\.[a-z]+[^`\n]*)`", text, re.M)
        words = [first or second for first, second in words]
        self.assertRegex(words[0], r"^\.start ")
        self.assertGreater(len(words), 20)
        channel = "C0INCIDENT1"
        for word in words:
            said = self.stack.say(channel, word)
            wait_for("%s is answered" % word, lambda: self.stack.answers_to(channel, said))
            for answer in self.stack.answers_to(channel, said):
                self.assertNotRegex(json.dumps(answer), r"\bE-[A-Z]|exclamation", word)
            if channel == "C0INCIDENT1":
                channel = wait_for("a channel is made", lambda: self.stack.channel_named("inc-"))
        self.assertEqual(self.stack.incidents()[0]["state"], "completed")

    def test_2_every_row_of_commands_is_taken(self):
        rows = re.findall(r"^\| `(/[^`]+)` \|", section("Commands"), re.M)
        self.assertGreater(len(rows), 6)
        for row in rows:
            line = re.sub(r"\s*\[[^]]*\]", "", row).replace("<id>", "d-0000000000000")
            self.assertNotRegex(self.typed(line), USAGE, row)

    def test_3_every_option_of_up_is_one(self):
        options = set(re.findall(r"\./deploy/up[^`\n]*?(--[a-z-]+)", README)) | {
            option for line in re.findall(r"\./deploy/up([^`\n]*)", README) for option in re.findall(r"--[a-z-]+", line)}
        offered = subprocess.run([os.path.join(ROOT, "deploy", "up"), "--help"], stdout=subprocess.PIPE, text=True,
                                 check=True).stdout
        self.assertGreater(len(options), 5)
        for option in options - {"--help"}:
            self.assertIn(option, offered)

    def test_4_what_is_named_is_there(self):
        names = set(re.findall(r"`((?:\./)?(?:deploy|tests|docs|gateway|orchestrator|common|proto|\.ci)/[\w./-]*)`", README))
        self.assertGreater(len(names), 10)
        for name in names:
            self.assertTrue(os.path.exists(os.path.join(ROOT, name)), name)
        settings = re.findall(r"^\| `([A-Z_]+)` \|", README, re.M)
        up = subprocess.run(["grep", "-rhoE", "(SLACK|SLIPWAY)_[A-Z_]+", os.path.join(ROOT, "deploy", "up"),
                             os.path.join(ROOT, "deploy", "lib")], stdout=subprocess.PIPE, text=True, check=True).stdout
        for name in settings:
            self.assertIn(name, up.split())


if __name__ == "__main__":
    unittest.main()
