#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which parts deploy/up --watch restarts after a build, by its own script: the tree is a made-up one, its parts are sleeping
processes, and the build is a cmake that writes what it is told to."""
import os
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ("gateway", "orchestrator", "common", "proto", "deploy/sandbox/sample", "deploy/cmake")
PARTS = {"gateway-1": "gateway", "gateway-2": "gateway", "orchestrator-1": "orchestrator", "slack": "slack",
         "broker": "broker", "postgres": "postgres"}
PROGRAMS = ("slipway-gateway", "slipway-orchestrator", "slipway-step", "slipway-step-call", "slipway-sandbox", "slipway-broker")

CMAKE = """#!/bin/sh
echo "$@" > "$TREE/built"
[ -z "$BREAKS" ] || { echo "x.c:1:1: error: it breaks"; exit 1; }
for program in $RENEWS; do echo new > "$TREE/build/bin/$program"; done
"""

# What follow() of deploy/up does with the libraries, once. Parts: NAME=KIND.
LOOK = r"""
set -euo pipefail
for library in say state parts watch; do . "$1/deploy/lib/$library.sh"; done
ROOT=$TREE STATE=$TREE/state BUILD=$TREE/build BIN=$TREE/build/bin
shift
for part in "$@"; do part_start "${part%=*}" "${part#*=}" "" "" $COMMAND; done
trap 'for part in "$@"; do part_signal "${part%=*}" KILL || true; done' EXIT
watch_start
touch -d '+1 minute' "$ROOT/$CHANGED"
watch_look
for part in "$@"; do part_alive "${part%=*}" || echo "ENDED ${part%=*}"; [ -f "$STATE/parts/${part%=*}" ] || echo "FORGOTTEN ${part%=*}"; done
"""


class Watch(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="slipway-watch-")
        self.addCleanup(directory.cleanup)
        self.tree = directory.name
        for folder in FOLDERS + ("state/parts", "state/log", "build/bin", "path"):
            os.makedirs(os.path.join(self.tree, folder))
        for file in ["%s/x.c" % folder for folder in FOLDERS] + ["CMakeLists.txt"]:
            self.write(file, "old")
        for program in PROGRAMS:
            self.write("build/bin/" + program, "old " + program)
        self.write("path/cmake", CMAKE)
        os.chmod(os.path.join(self.tree, "path", "cmake"), 0o755)

    def write(self, path, text):
        with open(os.path.join(self.tree, path), "w") as file:
            file.write(text)

    def look(self, renews="", kafka="", breaks="", changed="common/x.c", command="sleep 600"):
        """(what ended, what was said)"""
        environment = dict(os.environ, TREE=self.tree, RENEWS=renews, KAFKA=kafka, BREAKS=breaks, CHANGED=changed,
                           COMMAND=command, PATH="%s/path:%s" % (self.tree, os.environ["PATH"]))
        done = subprocess.run(["bash", "-c", LOOK, "look", ROOT, *("%s=%s" % part for part in PARTS.items())],
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("FORGOTTEN", done.stdout)  # whoever follows the parts would not start it again
        return {line.split()[1] for line in done.stdout.splitlines() if line.startswith("ENDED")}, done.stdout

    def built(self):
        return os.path.exists(os.path.join(self.tree, "built"))

    def test_what_is_built_the_same_goes_on(self):
        self.assertEqual(self.look()[0], set())
        self.assertTrue(self.built())

    def test_each_program_has_its_parts(self):
        for program, parts in (("slipway-gateway", {"gateway-1", "gateway-2"}), ("slipway-orchestrator", {"orchestrator-1"}),
                               ("slipway-sandbox", {"slack"})):
            with self.subTest(program):
                self.setUp()
                self.assertEqual(self.look(program)[0], parts)

    def test_an_orchestrator_does_not_keep_spares_of_an_old_supervisor(self):
        self.assertEqual(self.look("slipway-step")[0], {"orchestrator-1"})

    def test_each_call_looks_for_its_program_itself(self):
        self.assertEqual(self.look("slipway-step-call")[0], set())

    def test_the_embedded_broker_is_restarted_and_what_that_loses_is_said(self):
        ended, said = self.look("slipway-broker")
        self.assertEqual(ended, {"broker"})
        self.assertIn("in memory", said)

    def test_kafka_is_no_broker_of_ours(self):
        self.assertEqual(self.look("slipway-broker", kafka="1")[0], set())

    def test_a_build_that_fails_changes_nothing(self):
        ended, said = self.look("slipway-gateway", breaks="1")
        self.assertEqual(ended, set())
        self.assertIn("error: it breaks", said)

    def test_the_sample_is_not_built(self):
        self.look(changed="deploy/sandbox/sample/x.c")
        self.assertFalse(self.built())

    def test_a_part_that_does_not_end_is_stopped_hard(self):
        """And not a reason for everything else to end."""
        self.write("path/stubborn", "#!/bin/bash\ntrap '' TERM\nwhile :; do sleep 0.1; done\n")
        os.chmod(os.path.join(self.tree, "path", "stubborn"), 0o755)
        ended, said = self.look("slipway-sandbox", command="stubborn")
        self.assertEqual(ended, {"slack"})
        self.assertIn("stopped hard", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
