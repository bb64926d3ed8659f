# SPDX-License-Identifier: Apache-2.0
"""The cluster of docker-compose.yml, used and hurt. COMPOSE: the command; DOCKER_HOST: the engine."""
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
from stack import fetch, free_ports, wait_for  # noqa: E402

COMPOSE = shlex.split(os.environ.get("COMPOSE", "docker-compose"))
PROJECT = "slipwaytest"
USER, CHANNEL, INCIDENTS = "U0ALICE0001", "C0DEPLOYS01", "C0INCIDENT1"


def run(*command, check=True, timeout=600):
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError("%s: %d\n%s" % (" ".join(command), done.returncode, done.stdout[-4000:]))
    return done.stdout


def compose(*arguments, **options):
    return run(*COMPOSE, *arguments, **options)


GATEWAY, ORCHESTRATOR, SANDBOX = free_ports(3)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "SLACK_"))}
ENVIRONMENT.update(COMPOSE_PROJECT_NAME=PROJECT, SLIPWAY_GATEWAY_PORT=str(GATEWAY), SLIPWAY_SANDBOX_PORT=str(SANDBOX),
                   SLIPWAY_ORCHESTRATOR_PORT=str(ORCHESTRATOR))


def documented(words):
    """Does what docs/compose.md says in the one line that has these words."""
    with open(os.path.join(ROOT, "docs", "compose.md"), encoding="utf-8") as file:
        line, = [line for line in file.read().splitlines() if line.startswith(words)]
    return run("sh", "-euc", line.replace("docker compose", shlex.join(COMPOSE)))


def containers(service):
    return compose("ps", "-q", service).split()


def inspect(container, what):
    return run("docker", "inspect", "-f", what, container).strip()


def kill_hard(container):
    """As a crash: docker's own kill counts as a wish, and nothing would start it again."""
    os.kill(int(inspect(container, "{{.State.Pid}}")), signal.SIGKILL)


def healthy(container):
    return inspect(container, "{{.State.Running}} {{.State.Health.Status}}") == "true healthy"


def wait_healthy(*services):
    for service in services:
        for container in containers(service):
            wait_for("%s is healthy" % service, lambda: healthy(container), 90, 0.3)


def sandbox(path, args=None):
    data = json.dumps(args).encode() if args is not None else None
    status, text = fetch("http://127.0.0.1:%d/sandbox/v1/%s" % (SANDBOX, path), data, {"Content-Type": "application/json"})
    return json.loads(text) if status == 200 else {}


class Cluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        compose("down", "-v", "--remove-orphans", check=False)
        cls.addClassCleanup(compose, "down", "-v", "--remove-orphans", check=False)
        compose("up", "-d", "--build", timeout=1200)
        wait_healthy("kafka", "postgres", "orchestrator", "gateway", "balancer", "sandbox")
        cls.deployed = []
        cls.noted = []

    def try_deploy(self):
        shown = sandbox("commands", {"user": USER, "channel": CHANNEL, "command": "/deploy", "text": ""}).get("shown") or ""
        return shown.split("`")[1] if "Got it" in shown else None

    def deploy(self):
        workflow = wait_for("a deployment is taken", self.try_deploy, 90, 0.5)
        self.deployed.append(workflow)
        return workflow

    def roots(self, workflow):
        return [message for message in sandbox("messages").get("messages", []) if not message.get("deleted")
                and (message.get("metadata") or {}).get("event_payload", {}).get("workflow") == workflow]

    def wait_told(self, workflow):
        """Told once, as succeeded."""
        def told():
            found = self.roots(workflow)
            return len(found) == 1 and "succeeded" in json.dumps(found[0]).lower()
        wait_for("%s is told as succeeded" % workflow, told, 120, 0.3)

    def api(self, path):
        """From inside, with the token, by whichever orchestrator leads."""
        def ask(container):
            answer = run("docker", "exec", container, "sh", "-c",
                         'curl -s -H "Authorization: Bearer $(cat /run/slipway/api/SLIPWAY_API_TOKEN)" '
                         '"http://127.0.0.1:3002/api/v1/%s"' % path, check=False)
            return json.loads(answer) if answer.startswith("{") else None
        return wait_for("/api/v1/%s is answered" % path, lambda: next(
            (answer for answer in map(ask, containers("orchestrator")) if answer and "error" not in answer), None), 30, 0.5)

    def rooms(self):
        """The channels of incidents that the person is in."""
        return [channel for channel in sandbox("channels").get("channels", [])
                if channel["name"].startswith("inc-") and USER in channel["members"]]

    def note(self, text):
        """Says it in the incident's channel; nobody waits for an answer."""
        sandbox("messages", {"user": USER, "channel": self.rooms()[0]["id"], "text": ".note " + text, "typed": True})
        self.noted.append(text)

    def test_1_a_deployment_through_the_balancer(self):
        self.wait_told(self.deploy())
        status, text = fetch("http://127.0.0.1:%d/readyz" % ORCHESTRATOR)
        self.assertEqual((status, json.loads(text)["role"]), (200, "active"))
        self.assertEqual(fetch("http://127.0.0.1:%d/api/v1/workflows" % ORCHESTRATOR)[0], 401)
        self.assertEqual(len(containers("gateway")), 2)
        self.assertEqual(len(containers("orchestrator")), 2)

    def test_1b_an_incident_through_the_balancer(self):
        sandbox("messages", {"user": USER, "channel": INCIDENTS, "text": ".start P2 service=demo it burns", "typed": True})
        wait_for("its channel is made", self.rooms, 30)

    def test_1c_the_sample_looks_where_the_site_is_served(self):
        def sample(api_url):
            return run("docker", "run", "--rm", "-e", "SLACK_API_URL=" + api_url, "--entrypoint", "sh", "slipway-init", "-c",
                       "slipway-init >/dev/null && cat /srv/slipway/sample/slipway.yaml")
        self.assertIn("http://sandbox:3080/site/", sample("http://sandbox:3080/api/"))
        beside_slack = sample("https://slack.com/api/")
        self.assertNotIn("/site/", beside_slack)
        self.assertEqual(beside_slack.count('[./steps/published, "${environment}"]'), 2, "the probe, and the last step")

    def test_2_nothing_runs_with_more_rights_than_it_needs(self):
        for service in ("gateway", "orchestrator", "sandbox", "balancer", "kafka", "postgres"):
            container = containers(service)[0]
            pid = inspect(container, "{{.State.Pid}}")
            with open("/proc/%s/status" % pid) as file:
                facts = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
            self.assertEqual(int(facts["CapBnd"], 16), 0, service)
            self.assertEqual(facts["NoNewPrivs"].strip(), "1", service)
            self.assertNotEqual(facts["Uid"].split()[0], "0", service)
            self.assertEqual(inspect(container, "{{.HostConfig.ReadonlyRootfs}}"), "true", service)

    def hurt(self, *victims):
        before = self.deploy()
        wait_for("%s runs" % before, lambda: "running" in json.dumps(self.roots(before)).lower(), 60)
        for victim in victims:
            self.note("before %s died" % victim)
            kill_hard(victim)
        after = self.deploy()
        for workflow in (before, after):
            self.wait_told(workflow)
        wait_healthy("kafka", "postgres", "orchestrator", "gateway", "balancer")

    def test_2b_prometheus_finds_every_replica(self):
        """The targets of deploy/prometheus/prometheus.yml, as a container of the network sees them; the service of
        docs/metrics.md is one."""
        with open(os.path.join(ROOT, "deploy", "prometheus", "prometheus.yml")) as file:
            targets = re.findall(r"names: \[(\w+)\], type: A, port: (\d+)", file.read())
        self.assertEqual([service for service, _ in targets], ["gateway", "orchestrator"])
        asker = containers("orchestrator")[0]
        for service, port in targets:
            found = run("docker", "exec", asker, "getent", "ahostsv4", service)
            addresses = set(re.findall(r"^(\S+)\s+STREAM", found, re.M))
            self.assertEqual(len(addresses), 2, found)
            for address in addresses:
                text = run("docker", "exec", asker, "curl", "-fsS", "http://%s:%s/metrics" % (address, port))
                self.assertIn('slipway_build_info{service="%s"' % service, text)
        with open(os.path.join(ROOT, "docs", "metrics.md")) as file:
            example = re.search(r"^```yaml\n(services:.*?)^```", file.read(), re.M | re.S).group(1)
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            file.write(example)
            file.flush()
            services = compose("-f", os.path.join(ROOT, "docker-compose.yml"), "-f", file.name, "config", "--services")
        self.assertIn("prometheus", services.split())

    def test_3_a_gateway_dies(self):
        self.hurt(containers("gateway")[0])

    def test_4_the_active_orchestrator_dies(self):
        active = [one for one in containers("orchestrator")
                  if '"active"' in run("docker", "exec", one, "curl", "-s", "http://127.0.0.1:3002/readyz")]
        self.assertEqual(len(active), 1)
        self.hurt(active[0])

    def test_5_the_database_dies(self):
        self.hurt(containers("postgres")[0])

    def test_6_the_broker_dies(self):
        self.hurt(containers("kafka")[0])

    def signatures(self, which):
        counts = [re.search(r'slipway_signatures_total{secret="%s"} (\d+)' % which, run(
            "docker", "exec", container, "bash", "-c",
            r"exec 3<>/dev/tcp/127.0.0.1/3001 && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3 && cat <&3"))
                  for container in containers("gateway")]
        return sum(int(count.group(1)) for count in counts)

    def test_7_three_gateways(self):
        """And a new signing secret on the way, while Slack still uses the old one."""
        old = run("docker", "exec", containers("gateway")[0], "cat", "/run/slipway/slack/SLACK_SIGNING_SECRET").strip()
        given = {"SLACK_SIGNING_SECRET": "the-new-one-of-the-test", "SLACK_SIGNING_SECRET_PREVIOUS": old}
        ENVIRONMENT.update(given)
        try:
            compose("up", "-d", "--scale", "gateway=3")
        finally:
            for name in given:
                del ENVIRONMENT[name]
        wait_healthy("gateway")
        self.assertEqual(len(containers("gateway")), 3)
        documented("docker compose kill -s HUP gateway")
        wait_for("all have read it", lambda: all("the secrets were read again" in run("docker", "logs", container)
                                                 for container in containers("gateway")), 30, 0.3)
        before = self.signatures("previous")
        self.wait_told(self.deploy())
        self.assertGreater(self.signatures("previous"), before)

    def test_7b_the_incident_has_heard_everything_once(self):
        incident = self.api("incidents")["incidents"][0]["id"]
        def numbers():
            """Under each note, the numbers that it was told to have in the timeline."""
            messages = [message for message in sandbox("messages").get("messages", [])
                        if message["channel"] == self.rooms()[0]["id"]]
            said = [message for message in messages if (message.get("text") or "").startswith(".note ")]
            return [[int(number) for answer in messages if answer.get("thread_ts") == note["ts"]
                     for number in re.findall(r"Noted as (\d+)", answer["text"])] for note in said]
        wait_for("every note is answered", lambda: len(numbers()) == len(self.noted) and all(numbers()), 120, 1)
        told = [number for each in numbers() for number in each]
        self.assertEqual(len(told), len(self.noted), "one answer to each")
        self.assertEqual(len(set(told)), len(told), "each has a number of its own")
        self.assertEqual(len(self.rooms()), 1)
        self.assertEqual(len([message for message in self.roots(incident) if message["channel"] == INCIDENTS]), 1)

    def test_8_down_and_up_again(self):
        deployed = list(self.deployed)
        incidents = self.api("incidents")
        compose("down")
        compose("up", "-d")
        wait_healthy("kafka", "postgres", "orchestrator", "gateway", "balancer", "sandbox")
        history = self.api("history?limit=100")["workflows"]
        ended = {one["id"]: one["state"] for one in history}
        self.assertEqual({workflow: ended.get(workflow) for workflow in deployed},
                         {workflow: "succeeded" for workflow in deployed})
        self.assertEqual([one["state"] for one in self.api("incidents")["incidents"]],
                         [one["state"] for one in incidents["incidents"]])
        self.wait_told(self.deploy())

    def test_8b_a_lost_command_log_is_said_and_repaired(self):
        compose("stop", "kafka", "orchestrator")
        compose("rm", "-f", "kafka")
        run("docker", "volume", "rm", PROJECT + "_kafka")
        compose("up", "-d")
        wait_for("it is said", lambda: "E-LOG-IDENTITY" in compose("logs", "--tail", "20", "orchestrator"), 60, 0.3)
        waits = self.deploy()  # nobody leads, and it is taken all the same
        documented("SLIPWAY_ON_NEW_LOG=accept")
        self.wait_told(waits)

    def test_9_an_app_token_switches_socket_mode_on(self):
        ENVIRONMENT["SLACK_APP_TOKEN"] = "xapp-of-the-test"
        try:
            compose("up", "-d")
            compose("restart", "gateway")  # what a volume holds recreates nothing
            wait_for("the gateways are connected", lambda: sandbox("socket").get("connections"), 90, 0.5)
            wait_healthy("gateway")
            self.wait_told(self.deploy())
            for container in containers("orchestrator"):
                self.assertIn("SLIPWAY_ON_NEW_LOG=stop", inspect(container, "{{.Config.Env}}"), "accepted once only")
        finally:
            del ENVIRONMENT["SLACK_APP_TOKEN"]


if __name__ == "__main__":
    unittest.main(failfast=True)
