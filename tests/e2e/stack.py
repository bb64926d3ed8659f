# SPDX-License-Identifier: Apache-2.0
"""A whole Slipway for a test, started by deploy/up in a directory of its own, and hands to use and to hurt it.

Requests are signed here, with nothing of Slipway's own, so that the gateway is judged by another implementation.
Every wait has a deadline; the steps of its pipelines write a ledger from which overlap and repetition are read."""
import hashlib
import hmac
import itertools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TEAM, USER, CHANNEL, APP = "T0SANDBOX01", "U0ALICE0001", "C0DEPLOYS01", "A0SLIPWAY01"
FINAL = {"succeeded", "failed", "cancelled", "rejected"}
UP_DEADLINE_S = 180
MEMORY, MEMORY_BYTES = "/dev/shm", 2 << 30
SLOTS, PORTS_EACH = 8, 1000

CONFIG = """
version: 1
default: {service: site, environment: staging}
environments:
  staging: {env: {LEDGER: "%(ledger)s"}}
services:
  site: {environments: [staging], ref: main, pipeline: three}
  slow: {environments: [staging], ref: main, pipeline: slow}
  talks: {environments: [staging], ref: main, pipeline: talks}
  broken: {environments: [staging], ref: main, pipeline: broken}
  lost: {environments: [staging], ref: main, pipeline: lost}
pipelines:
  three:
    steps:
      - {name: build, run: ["%(step)s", "0.2"], on_unknown: retry}
      - {name: test, run: ["%(step)s", "0.1"], on_unknown: retry}
      - {name: deploy, run: ["%(step)s", "0.2"], on_unknown: retry}
  slow:
    steps:
      - {name: work, run: [sleep, "60"], on_unknown: retry}
  talks:
    steps:
      - {name: quiet, run: 'until [ -e "$LEDGER.$SLIPWAY_WORKFLOW" ]; do sleep 0.1; done'}
      - {name: talk, run: 'echo hello; tail -n +1 -f "$LEDGER.$SLIPWAY_WORKFLOW"'}
  broken:
    steps:
      - {name: build, run: ["%(step)s", "0"]}
      - {name: test, run: "echo it does not work >&2; exit 3"}
  lost:
    steps:
      - {name: work, run: ["%(step)s", "1"], env: {LEDGER: "%(ledger)s.lost"}}
"""

STEP = """#!/bin/sh
set -eu
echo "$SLIPWAY_ATTEMPT begin" >> "$LEDGER"
echo "40% working" >> "$SLIPWAY_STATUS"
sleep "$1"
echo "$SLIPWAY_ATTEMPT end" >> "$LEDGER"
"""


def wait_for(what, condition, deadline_s=30, every_s=0.05):
    """The condition's first true value; fails with what was waited for."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("not within %d s: %s" % (deadline_s, what))
        time.sleep(every_s)


def fetch(url, data=None, headers=None):
    """(status, body) of one request; status 0 when nobody answered."""
    request = urllib.request.Request(url, data, headers or {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except (urllib.error.URLError, OSError):
        return 0, ""


def state_dir(in_memory):
    """In memory where there is room: a process that is killed loses nothing there, and no test waits for a disk. Postgres
    reaches it as another user."""
    room = os.statvfs(MEMORY).f_bavail * os.statvfs(MEMORY).f_frsize if in_memory and os.path.isdir(MEMORY) else 0
    directory = tempfile.mkdtemp(prefix="slipway-e2e-", dir=MEMORY if room >= MEMORY_BYTES else None)
    os.chmod(directory, 0o755)
    return directory


# Of programs that run at once each has a slot, and each slot ports of its own: nobody else takes one of them between its
# choice and the moment somebody listens there.
SLOT = int(os.environ.get("SLIPWAY_TEST_SLOT") or os.getpid() % SLOTS) % SLOTS
PORTS = itertools.count(random.randrange(PORTS_EACH))


def any_ports():
    """For the environment of deploy/up, when stacks start at once."""
    wanted = os.environ.get("SLIPWAY_ANY_PORTS")
    return {"SLIPWAY_ANY_PORTS": str(20000 + SLOT * PORTS_EACH)} if wanted else {}


def free_ports(count):
    """Below the range from which the kernel takes ports for outgoing connections; none twice within a thousand."""
    ports = []
    while len(ports) < count:
        port = 12000 + SLOT * PORTS_EACH + next(PORTS) % PORTS_EACH
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                ports.append(port)
    return ports


def stands_still(pid):
    """Whether each of its threads is stopped."""
    states = []
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/stat" % (pid, task)) as file:
            states.append(file.read().rsplit(")", 1)[1].split()[0])
    return set(states) == {"T"}


def send_signal(pid, number):
    """A process that is stopped runs on until one of its threads has its turn, which a busy machine may put off."""
    os.kill(pid, number)
    if number == signal.SIGSTOP:
        wait_for("process %d stands still" % pid, lambda: stands_still(pid), every_s=0.002)


class Stack:
    IN_MEMORY = True

    def __init__(self, *options, environment=None):
        self.environment = environment or {}
        self.dir = state_dir(self.IN_MEMORY)
        self.state = os.path.join(self.dir, "state")
        self.ledger = os.path.join(self.dir, "ledger")
        self.options = options
        self.triggers = itertools.count(1)
        self.config = self._write_config()
        # Not the usual ports: another Slipway on this machine would take them when a part of this one is dead.
        self.listen = {"SLIPWAY_%s_LISTEN" % name: "127.0.0.1:%d" % port for name, port in
                       zip(("GATEWAY", "GATEWAY_ADMIN", "ORCHESTRATOR", "SANDBOX"), free_ports(4))}
        self.up()

    def _write_config(self):
        step = os.path.join(self.dir, "step")
        with open(step, "w") as file:
            file.write(STEP)
        os.chmod(step, 0o755)
        config = os.path.join(self.dir, "slipway.yaml")
        with open(config, "w") as file:
            file.write(CONFIG % {"ledger": self.ledger, "step": step})
        open(self.ledger, "w").close()
        return config

    def _deploy_up(self, *options):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("SLIPWAY_", "SLACK_"))}
        environment["SLIPWAY_CONFIG"] = self.config
        environment.update(any_ports(), **self.listen, **self.environment)
        return subprocess.run([os.path.join(ROOT, "deploy", "up"), "--state", self.state, *options], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=UP_DEADLINE_S)

    def up(self):
        """Starts everything, or again what has died."""
        done = self._deploy_up("--detach", *self.options)
        if done.returncode != 0:
            raise AssertionError("deploy/up failed:\n%s\n%s" % (done.stdout, self.logs()))
        self.read_parts()

    def read_parts(self):
        self.parts = json.loads(self._deploy_up("--status", "--json").stdout)["parts"]

    def down(self):
        self._deploy_up("--down")
        shutil.rmtree(self.dir, ignore_errors=True)

    def stop_and_start(self):
        self._deploy_up("--down")
        self.up()

    def logs(self):
        text = []
        directory = os.path.join(self.state, "log")
        for name in sorted(os.listdir(directory)) if os.path.isdir(directory) else []:
            with open(os.path.join(directory, name), errors="replace") as file:
                text.append("== %s\n%s" % (name, "".join(file.readlines()[-30:])))
        return "\n".join(text)

    def of_kind(self, kind):
        return [part for part in self.parts if part["kind"] == kind]

    def address(self, kind, index=0):
        return "http://" + self.of_kind(kind)[index]["address"].replace("0.0.0.0", "127.0.0.1")

    def kill(self, kind, number=signal.SIGKILL, only=None):
        """All of them, or the one with that index."""
        for part in self.of_kind(kind) if only is None else [self.of_kind(kind)[only]]:
            if part["pid"] is None:
                raise AssertionError("%s had died by itself\n%s" % (part["name"], self.logs()))
            try:
                send_signal(part["pid"], number)
            except ProcessLookupError:
                pass

    # -- as Slack

    def secret(self):
        with open(os.path.join(self.state, "secrets", "SLACK_SIGNING_SECRET")) as file:
            return file.read().strip()

    def sign(self, body):
        stamp = str(int(time.time()))
        digest = hmac.new(self.secret().encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": "v0=" + digest}

    def request(self, command, text, trigger=None):
        """Body and headers of a slash command as Slack sends it."""
        trigger = trigger or "%d.%d" % (time.time_ns(), next(self.triggers))
        body = urllib.parse.urlencode({
            "token": "verification", "team_id": TEAM, "team_domain": "sandbox", "channel_id": CHANNEL,
            "channel_name": "deploys", "user_id": USER, "user_name": "alice", "command": command, "text": text,
            "api_app_id": APP, "is_enterprise_install": "false",
            "response_url": self.response_url(), "trigger_id": trigger}).encode()
        return body, self.sign(body)

    def response_url(self):
        return self.address("slack") + "/commands/T0SANDBOX01/1/none" if self.of_kind("slack") else ""

    def send(self, body, headers, gateway=0):
        return fetch(self.address("gateway", gateway) + "/slack/events", body, headers)

    def deploy(self, text="", gateway=0, trigger=None):
        """The workflow's id, from the 200 answer."""
        status, answer = self.send(*self.request("/deploy", text, trigger), gateway=gateway)
        if status != 200 or "`" not in answer:
            raise AssertionError("/deploy %s: %d %s" % (text, status, answer))
        return answer.split("`")[1]

    # -- as a person at the simulator's page

    def _sandbox(self, path, args=None):
        data = json.dumps(args).encode() if args is not None else None
        status, text = fetch(self.address("slack") + "/sandbox/v1/" + path, data, {"Content-Type": "application/json"})
        if status != 200:
            raise AssertionError("sandbox %s: %d %s" % (path, status, text))
        return json.loads(text)

    def type(self, command, text="", channel=CHANNEL):
        return self._sandbox("commands", {"user": USER, "channel": channel, "command": command, "text": text})

    def say(self, channel, text, user=USER):
        """A message as a person sends it; mentions and links are typed as in Slack's client."""
        return self._sandbox("messages", {"user": user, "channel": channel, "text": text, "typed": True})["ts"]

    def say_heard(self, channel, text):
        """And waits until a gateway has the word, so that it is on Kafka: of two that are under way at once the second may
        come first."""
        ts = self.say(channel, text)
        wait_for("%r is delivered" % text, lambda: all(
            event["done"] for event in self.events() if event["event"].get("ts") == ts))
        return ts

    def events(self):
        """What Slack told the app, or still tries to: what a gateway does not take is sent at once, in a minute, in five."""
        return self._sandbox("events")["events"]

    def answers_to(self, channel, ts):
        """What the app answered to a message: its replies there, what it whispered since, its reactions."""
        messages = [message for message in self.messages() if message["channel"] == channel]
        said = next((message for message in messages if message["ts"] == ts), {})
        reactions = [reaction["name"] for reaction in said.get("reactions", [])]
        replies = [message for message in messages if message["ts"] > ts and
                   (message.get("thread_ts") == ts or message.get("ephemeral_for"))]
        return reactions + replies

    def channel_named(self, prefix, user=USER):
        """The id of a channel whose name begins so and that the person is in; None while there is none."""
        return next((channel["id"] for channel in self._sandbox("channels")["channels"]
                     if channel["name"].startswith(prefix) and user in channel["members"]), None)

    def click(self, message, action):
        return self._sandbox("clicks", {"user": USER, "channel": message["channel"], "ts": message["ts"],
                                        "action_id": action})

    def messages(self):
        return self._sandbox("messages")["messages"]

    def roots(self, workflow):
        """Messages of the workflow that were ever posted to the channel and still stand there."""
        return [message for message in self.messages() if not message.get("deleted")
                and (message.get("metadata") or {}).get("event_payload", {}).get("workflow") == workflow]

    def private(self, text):
        return [message for message in self.messages() if message.get("ephemeral_for") and text in json.dumps(message)]

    def fault(self, **fault):
        return self._sandbox("faults", fault)

    def no_faults(self):
        fetch_delete(self.address("slack") + "/sandbox/v1/faults")

    def read_topic(self, topic):
        """Every record, as kcat shows it."""
        out = subprocess.run(["kcat", "-C", "-b", self.of_kind("broker")[0]["address"], "-t", topic, "-o", "beginning",
                              "-e", "-J", "-q"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             timeout=30).stdout
        return [json.loads(line) for line in out.splitlines()]

    def tell_step(self, workflow, text):
        """What the step `talk` of that deployment of `talks` prints next; the first one ends the step before."""
        with open("%s.%s" % (self.ledger, workflow), "a") as file:
            file.write(text)

    # -- as an operator

    def workflow(self, workflow):
        status, text = fetch(self.address("orchestrator") + "/api/v1/workflows/" + workflow)
        return json.loads(text) if status == 200 else None

    def incidents(self):
        """Those that are not archived."""
        status, text = fetch(self.address("orchestrator") + "/api/v1/incidents")
        return json.loads(text)["incidents"] if status == 200 else []

    def state_of(self, workflow):
        found = self.workflow(workflow)
        return found and found["state"]

    def wait_state(self, workflow, states, deadline_s=30):
        states = {states} if isinstance(states, str) else states
        return wait_for("%s is %s" % (workflow, sorted(states)), lambda: self.state_of(workflow) in states
                        and self.state_of(workflow), deadline_s)

    def wait_told(self, workflow, word, deadline_s=30):
        """One root message, which says so."""
        return wait_for("one message of %s that says %s" % (workflow, word), lambda: len(self.roots(workflow)) == 1
                        and word in json.dumps(self.roots(workflow)[0], ensure_ascii=False).lower()
                        and self.roots(workflow)[0], deadline_s)

    def ledger_lines(self, of=""):
        """What the steps wrote; those of the pipeline `lost`, which are killed on purpose, write to one of their own."""
        if not os.path.exists(self.ledger + of):
            return []
        with open(self.ledger + of) as file:
            return [line.split() for line in file]


def fetch_delete(url):
    request = urllib.request.Request(url, method="DELETE")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10):
        pass


class StackTest(unittest.TestCase):
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(*cls.OPTIONS)
        cls.addClassCleanup(cls.stack.down)

    def tearDown(self):
        outcome = getattr(self, "_outcome", None)
        failed = outcome and any(error for _, error in getattr(outcome, "errors", []) if error)
        if failed:
            print(self.stack.logs())

    def check_ledger(self, workflows, steps=("1", "2", "3"), repeats=False):
        """Each step of each workflow ended exactly once, and no two ran at the same time."""
        running = None
        ended = {}
        for attempt, what in self.stack.ledger_lines():
            if what == "begin":
                self.assertIsNone(running, "%s began while %s ran" % (attempt, running))
                running = attempt
            else:
                self.assertEqual(running, attempt)
                running = None
                workflow, step, _ = attempt.split(".")
                ended[(workflow, step)] = ended.get((workflow, step), 0) + 1
        for workflow in workflows:
            for step in steps:
                self.assertEqual(ended.get((workflow, step)), 1, "%s step %s" % (workflow, step))
