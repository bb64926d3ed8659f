# SPDX-License-Identifier: Apache-2.0
"""Slack's side of Socket Mode by another hand (aiohttp), which behaves and misbehaves as a test tells it; a proxy that
knows CONNECT; and a gateway between it and the embedded broker."""
import asyncio
import base64
import json
import os
import re
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid

from aiohttp import WSMsgType, web

from slack_sdks import BUILD
from stack import fetch, free_ports, send_signal, wait_for

APP_TOKEN = "xapp-1-A0SLIPWAY01-4711-5ec4e7"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, USER, CHANNEL, APP = "T0SANDBOX01", "U0ALICE0001", "C0DEPLOYS01", "A0SLIPWAY01"


class Connection:
    def __init__(self, number, socket, transport):
        self.number, self.socket, self.transport = number, socket, transport
        self.live, self.close_code, self.ended_at, self.live_at_end = True, None, None, None


class SocketSlack:
    """hello: sent at once, after a delay, or (None) never. life_s: approximate_connection_time."""

    def __init__(self, tls=None):
        self.lock = threading.Lock()
        self.life_s, self.hello_after_s = 3600, 0
        self.open_answers = []  # (status, headers, body) that come before good ones
        self.connections, self.acks, self.said, self.opens = [], [], [], []
        self.tickets = set()
        self.tls = tls
        self.port = free_ports(1)[0]
        self.scheme = "https" if tls else "http"
        self.url = "%s://%s:%d" % (self.scheme, "localhost" if tls else "127.0.0.1", self.port)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self._call(self._start())

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(15)

    async def _start(self):
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_post("/api/{method}", self._other)
        app.router.add_get("/link/", self._link)
        app.router.add_post("/commands/{path:.*}", self._respond)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        context = None
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.tls)
        await web.TCPSite(self.runner, "127.0.0.1", self.port, ssl_context=context).start()

    def stop(self):
        self._call(self.runner.cleanup())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    # -- requests

    async def _open(self, request):
        self.opens.append((time.monotonic(), request.headers.get("Authorization"), await request.text()))
        if self.open_answers:
            status, headers, body = self.open_answers.pop(0)
            return web.Response(status=status, headers=headers, text=body)
        if request.headers.get("Authorization") != "Bearer " + APP_TOKEN:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        ticket = "t1cket-" + uuid.uuid4().hex
        self.tickets.add(ticket)
        scheme, _, rest = self.url.partition("://")
        return web.json_response({"ok": True, "url": "%s://%s/link/?ticket=%s&app_id=x" % (
            "wss" if scheme == "https" else "ws", rest, ticket)})

    async def _other(self, request):
        return web.json_response({"ok": False, "error": "unknown_method"})

    async def _respond(self, request):
        self.said.append((request.path, await request.json()))
        return web.Response(text="ok")

    async def _link(self, request):
        if request.query.get("ticket") not in self.tickets:
            return web.Response(status=403)
        self.tickets.remove(request.query["ticket"])
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(len(self.connections), socket, request.transport)
        with self.lock:
            self.connections.append(connection)
        if self.hello_after_s is not None:
            asyncio.ensure_future(self._greet(connection, self.hello_after_s, self.life_s))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self.acks.append((time.monotonic(), connection.number, json.loads(message.data)))
        with self.lock:
            connection.live, connection.close_code, connection.ended_at = False, socket.close_code, time.monotonic()
            connection.live_at_end = [other.number for other in self.connections if other.live]
        return socket

    async def _greet(self, connection, after_s, life_s):
        await asyncio.sleep(after_s)
        if not connection.socket.closed:
            await connection.socket.send_json({
                "type": "hello", "num_connections": len(self.live()), "connection_info": {"app_id": APP},
                "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": life_s}})

    # -- what a test does

    def live(self):
        return [connection for connection in self.connections if connection.live]

    def send(self, connection, message):
        text = message if isinstance(message, str) else json.dumps(message)
        self._call(connection.socket.send_str(text))

    def send_bytes(self, connection, data):
        self._call(connection.socket.send_bytes(data))

    def ping(self, connection):
        self._call(connection.socket.ping())

    def close(self, connection, code=1000):
        self._call(connection.socket.close(code=code))

    def drop(self, connection):
        self.loop.call_soon_threadsafe(connection.transport.abort)

    def write_raw(self, connection, data):
        """Bytes that are no frame."""
        self.loop.call_soon_threadsafe(connection.transport.write, data)

    def disconnect(self, connection, reason):
        self.send(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    def envelope(self, kind, payload, accepts=True, envelope=None, **more):
        envelope = envelope or str(uuid.uuid4())
        return envelope, dict({"envelope_id": envelope, "type": kind, "payload": payload,
                               "accepts_response_payload": accepts}, **more)

    def command(self, text="", command="/deploy", trigger=None, **more):
        return self.envelope("slash_commands", {
            "token": "verification", "team_id": TEAM, "team_domain": "sandbox", "channel_id": CHANNEL,
            "channel_name": "deploys", "user_id": USER, "user_name": "alice", "command": command, "text": text,
            "api_app_id": APP, "is_enterprise_install": "false", "response_url": self.url + "/commands/1/2/3",
            "trigger_id": trigger or uuid.uuid4().hex}, **more)

    def acks_of(self, envelope):
        return [ack for _, _, ack in self.acks if ack.get("envelope_id") == envelope]

    def wait_ack(self, envelope, deadline_s=10):
        return wait_for("the acknowledgement of " + envelope, lambda: self.acks_of(envelope), deadline_s)[0]

    def wait_live(self, count=2, deadline_s=20):
        wait_for("%d connections" % count, lambda: len(self.live()) == count, deadline_s)
        return self.live()

    def wait_said(self, part, deadline_s=10):
        return wait_for("%r at the response_url" % part,
                        lambda: [body for _, body in self.said if part in json.dumps(body)], deadline_s)


class Proxy:
    """CONNECT, and one request a connection for http://; remembers who asked for what."""

    def __init__(self, user=None):
        self.user, self.asked = user, []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.port = free_ports(1)[0]
        self.server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", self.port), self.loop).result(10)
        self.url = "http://%s127.0.0.1:%d" % (user + "@" if user else "", self.port)

    async def _serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        verb, target = head.split()[:2]
        wanted = "basic " + base64.b64encode(self.user.encode()).decode() if self.user else None
        given = re.search(r"(?im)^proxy-authorization: (.*?)\r?$", head)
        allowed = not wanted or (given and given.group(1).lower() == wanted.lower())
        self.asked.append((verb, target, bool(allowed)))
        if not allowed or not (verb == "CONNECT" or target.startswith("http://")):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        if verb == "CONNECT":
            peer_reader, peer_writer = await asyncio.open_connection(*target.rsplit(":", 1))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            url = urllib.parse.urlsplit(target)
            peer_reader, peer_writer = await asyncio.open_connection(url.hostname, url.port)
            lines = ["%s %s HTTP/1.1" % (verb, url.path), "Connection: close"]
            peer_writer.write("\r\n".join(lines + [line for line in head.split("\r\n")[1:] if not re.match(
                "(?i)(proxy-)?connection:|proxy-authorization:", line)]).encode())
        await asyncio.gather(self._pump(reader, peer_writer), self._pump(peer_reader, writer))

    @staticmethod
    async def _pump(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    def stop(self):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


def make_certificate(directory):
    """(certificate, key) of localhost, signed by itself."""
    cert, key = os.path.join(directory, "cert.pem"), os.path.join(directory, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return cert, key


class Process:
    """A program whose log lines are kept."""

    def __init__(self, name, environment, *arguments):
        base = {key: value for key, value in os.environ.items() if not key.startswith(("SLIPWAY_", "SLACK_"))
                and key.lower() not in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file")}
        self.log = tempfile.NamedTemporaryFile("r", prefix=name + "-", suffix=".log")
        with open(self.log.name, "w") as out:
            self.process = subprocess.Popen([os.path.join(BUILD, "bin", name), *arguments], env=dict(base, **environment),
                                            stdout=out, stderr=out)

    def text(self):
        with open(self.log.name, errors="replace") as file:
            return file.read()

    def entries(self, message):
        return [entry for entry in (json.loads(line) for line in self.text().splitlines() if line.startswith("{"))
                if entry["message"] == message]

    def wait_said(self, message, deadline_s=20):
        return wait_for("%s says %r" % (self.process.args[0], message),
                        lambda: self.entries(message) or (self.process.poll() is not None and [None]), deadline_s)[-1]

    def kill(self, number):
        send_signal(self.process.pid, number)

    def end(self, number=signal.SIGTERM):
        """The exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(30)
        self.log.close()
        return code


class Broker(Process):
    def __init__(self):
        self.address = "127.0.0.1:%d" % free_ports(1)[0]
        super().__init__("slipway-broker", {}, "--listen", self.address, "--topic", "slipway.commands:1", "--topic",
                         "slipway.events:12", "--topic", "slipway.replies:12")

    def commands(self):
        """The ids of all commands, in order."""
        out = subprocess.run(["kcat", "-C", "-b", self.address, "-t", "slipway.commands", "-o", "beginning", "-e", "-J",
                              "-q"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=30).stdout
        headers = [json.loads(line)["headers"] for line in out.splitlines()]
        return [each[each.index("ce_id") + 1] for each in headers]


class Gateway(Process):
    def __init__(self, broker, slack, **environment):
        admin, port = free_ports(2)
        self.admin = "http://127.0.0.1:%d" % admin
        super().__init__("slipway-gateway", dict({
            "SLIPWAY_GATEWAY_LISTEN": "127.0.0.1:%d" % port, "SLIPWAY_GATEWAY_ADMIN_LISTEN": "127.0.0.1:%d" % admin,
            "SLIPWAY_KAFKA_BROKERS": broker.address, "SLACK_SIGNING_SECRET": SECRET, "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.url + "/api/", "SLACK_RESPONSE_HOSTS": slack.url, "SLIPWAY_LOG_LEVEL": "debug"},
            **environment))
        self.wait_said("gateway started")

    def ready(self):
        status, body = fetch(self.admin + "/readyz")
        return status, json.loads(body or "{}")

    def metric_names(self):
        return re.findall(r"^# TYPE (\S+) ", fetch(self.admin + "/metrics")[1], re.M)

    def metric(self, name):
        """The sum of a metric over the labels that begin as given."""
        _, text = fetch(self.admin + "/metrics")
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))
