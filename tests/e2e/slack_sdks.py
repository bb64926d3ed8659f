# SPDX-License-Identifier: Apache-2.0
"""Slack's own SDKs for the tests that need them: build/venv and build/node are made when they are missing."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("SLIPWAY_BUILD", os.path.join(ROOT, "build")))
VENV_PYTHON = os.path.join(BUILD, "venv", "bin", "python")
NODE_DIR = os.path.join(BUILD, "node")


def run_or_die(what, *command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit("%s failed (is the package registry reachable?):\n%s" % (what, done.stdout[-2000:]))


def ensure_sdks():
    if not os.path.exists(VENV_PYTHON):
        run_or_die("making build/venv (apt-get install python3-venv)", sys.executable, "-m", "venv", os.path.join(BUILD, "venv"))
    if subprocess.run([VENV_PYTHON, "-c", "import slack_sdk, aiohttp"], stderr=subprocess.DEVNULL).returncode != 0:
        run_or_die("installing slack_sdk and aiohttp from PyPI", VENV_PYTHON, "-m", "pip", "install", "-q",
                   "slack_sdk>=3.27,<4", "aiohttp>=3.9,<4")
    if not os.path.isdir(os.path.join(NODE_DIR, "node_modules", "@slack", "socket-mode")):
        os.makedirs(NODE_DIR, exist_ok=True)
        run_or_die("installing @slack/web-api and @slack/socket-mode from npm", "npm", "install", "--prefix", NODE_DIR,
                   "--no-audit", "--no-fund", "--silent", "@slack/web-api@7", "@slack/socket-mode@2")


def rerun_in_venv():
    """Starts the running script again under build/venv, unless it already is."""
    if os.path.abspath(sys.prefix) != os.path.join(BUILD, "venv"):
        ensure_sdks()
        os.execv(VENV_PYTHON, [VENV_PYTHON] + sys.argv)
