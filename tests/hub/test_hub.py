"""Two users of one real JupyterHub: each sees only their own, and no key shows itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.fakes.behaviours import markdown_answer
from tests.fakes.http import Exchange
from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import Client, submit

HUB = Path(os.environ.get("GPT_HUB", ""))
ROOT = Path(__file__).parents[2]
MASTER = "sk-canary-master-0123456789"
# Servers start in 10 s on an idle machine.
PATIENCE = 180.0

pytestmark = pytest.mark.timeout(600)


class Gateway(FakeProvider):
    """The fake provider with the one route of LiteLLM that the hub asks."""

    async def _handle(self, x: Exchange) -> None:
        if x.entry.path != "/key/generate":
            await super()._handle(x)
            return
        self.entries.append(x.entry)
        assert x.entry.headers["authorization"] == f"Bearer {MASTER}"
        await x.respond(200, {"key": f"sk-canary-of-{x.json['user_id']}-0123456789"})


def free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway() as fake:
        yield fake


@pytest.fixture(scope="module")
def hub(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    running = Hub(folder, gateway)
    yield running
    running.stop()


class Hub:
    """JupyterHub and its proxy as processes of their own."""

    def __init__(self, folder: Path, gateway: Gateway) -> None:
        self.folder = folder
        ports = free_ports(3)
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.log = folder / "hub.log"
        paths = [HUB / "venv/bin", HUB / "chp/node_modules/.bin", os.environ["PATH"]]
        environment = {
            "PATH": os.pathsep.join(str(path) for path in paths),
            "HOME": str(folder),
            "GPT_GATEWAY_URL": gateway.origin,
            "LITELLM_MASTER_KEY": MASTER,
            "GPT_KEYS": str(folder / "keys.json"),
            "GPT_TEST_CONFIG": str(ROOT / "deploy/hub/jupyterhub_config.py"),
            "GPT_TEST_FOLDER": str(folder),
            "GPT_TEST_PORTS": ",".join(str(port) for port in ports),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["jupyterhub", "--config", str(ROOT / "tests/hub/config.py"), "--debug"],
                executable=HUB / "venv/bin/jupyterhub",
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        # A hub that is ended while it starts leaves its proxy, which is in a session of its own.
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((self.folder / "proxy.pid").read_text()), signal.SIGKILL)


class User:
    """A browser with somebody logged in."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        self.base = f"/user/{name}/"
        self.pages: list[str] = []
        self.http = httpx2.AsyncClient(
            base_url=hub.url, follow_redirects=True, timeout=30, trust_env=False
        )

    async def __aenter__(self) -> User:
        await self.log_in()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def log_in(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                page = await self.http.get("/hub/login")
                if page.status_code == 200:
                    break
            except httpx2.HTTPError:
                pass
            assert time.monotonic() < deadline, self.hub.log.read_text()[-3000:]
            await asyncio.sleep(0.5)
        fields = {
            "username": self.name,
            "password": "open sesame 1234",
            "_xsrf": self.http.cookies.get("_xsrf", path="/hub/"),
        }
        self._keep(await self.http.post("/hub/login", data=fields))
        while True:
            page = await self.http.get(f"{self.base}lab")
            if page.status_code == 200 and str(page.url).rstrip("/").endswith("/lab"):
                break
            assert time.monotonic() < deadline, self.hub.log.read_text()[-3000:]
            await self.http.get(f"/hub/spawn/{self.name}")
            await asyncio.sleep(1)
        self._keep(page)

    def _keep(self, answer: httpx2.Response) -> None:
        self.pages.append(answer.text)

    def _headers(self, base: str) -> dict[str, str]:
        token = self.http.cookies.get("_xsrf", path=self.base) or ""
        return {"X-XSRFToken": token, "Sec-Fetch-Mode": "cors", "Referer": self.hub.url + base}

    async def call(
        self, path: str, method: str = "GET", body: Any = None, *, of: User | None = None
    ) -> tuple[int, Any]:
        base = (of or self).base
        answer = await self.http.request(
            method, f"{base}{path}", json=body, headers=self._headers(base)
        )
        self._keep(answer)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.status_code, answer.json() if is_json else None

    async def connect(self, path: str, *, of: User | None = None, protocol: str | None) -> Any:
        request = HTTPRequest(
            f"{self.hub.url.replace('http', 'ws', 1)}{(of or self).base}{path}",
            headers={
                "Cookie": "; ".join(
                    f"{c.name}={c.value}"
                    for c in self.http.cookies.jar
                    if c.path in ("/", self.base)
                ),
                "Origin": self.hub.url,
                "Sec-Fetch-Mode": "websocket",
            },
        )
        return await websocket_connect(request, subprotocols=[protocol] if protocol else None)

    async def in_kernel(self, code: str) -> str:
        """Run a line in a kernel of the user's own, and read what it prints."""
        status, kernel = await self.call("api/kernels", "POST", {"name": "python3"})
        assert status == 201, kernel
        channels = await self.connect(f"api/kernels/{kernel['id']}/channels", protocol=None)
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": "s"}
        header |= {"username": "", "version": "5.3", "date": "2026-11-25T00:00:00Z"}
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
        content |= {"user_expressions": {}, "stop_on_error": True}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await channels.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
        text = ""
        async with asyncio.timeout(PATIENCE):
            while True:
                raw = await channels.read_message()
                assert raw is not None
                got = json.loads(raw)
                if got["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                if got["msg_type"] == "stream":
                    text += got["content"]["text"]
                elif got["msg_type"] == "execute_reply":
                    assert got["content"]["status"] == "ok", got["content"]
                elif got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
                    channels.close()
                    return text


async def test_two_users(hub: Hub, gateway: Gateway) -> None:
    async with User(hub, "ada") as ada, User(hub, "bob") as bob:
        await two_users(ada, bob, hub, gateway)


async def two_users(ada: User, bob: User, hub: Hub, gateway: Gateway) -> None:
    asked = {}
    for user in (ada, bob):
        code, status = await user.call("jupyterlab-gpt/api/status")
        assert code == 200
        assert status["policy"]["locked"] is True
        assert status["policy"]["monthly_cap_usd"] == "5.0"
        client = Client(await user.connect("jupyterlab-gpt/stream", protocol="v1.jupyterlab-gpt"))
        asked[user] = submit(f"What does {user.name} ask?")
        await client.send(asked[user])
        assert (await client.end(asked[user]))["type"] == "finished"
        assert client.text(asked[user]) == markdown_answer(f"What does {user.name} ask?")
        # It streamed through the proxy: the answer came in pieces.
        assert len([f for f in client.frames if f["type"] == "delta"]) > 3
        client.close()
    keys = [one["headers"]["authorization"] for one in gateway.asked()]
    assert keys == [f"Bearer sk-canary-of-{name}-0123456789" for name in ("ada", "bob")]

    for user, other in ((ada, bob), (bob, ada)):
        items = (await user.call("jupyterlab-gpt/api/conversations"))[1]["items"]
        assert [item["id"] for item in items] == [asked[user]["conversation_id"]]
        theirs = asked[other]["conversation_id"]
        assert (await user.call(f"jupyterlab-gpt/api/conversations/{theirs}"))[0] == 404
        # The other's server itself is closed to them.
        assert (await user.call("jupyterlab-gpt/api/conversations", of=other))[0] in (403, 404)
        with pytest.raises(HTTPClientError) as refused:
            await user.connect("jupyterlab-gpt/stream", of=other, protocol="v1.jupyterlab-gpt")
        assert refused.value.code in (403, 404)

    for user in (ada, bob):
        seen = await user.in_kernel("import os; print(sorted(os.environ.items()))")
        assert f"/home/{user.name}" in seen
        assert "canary" not in seen
        await user.call("jupyterlab-gpt/api/providers")
        await user.call("jupyterlab-gpt/api/usage")
        assert len(user.pages) > 6
        assert not [page for page in user.pages if "canary" in page]
    assert "canary" not in hub.log.read_text(errors="replace")
    files = [path for path in (hub.folder / "home").rglob("*") if path.is_file()]
    assert [path for path in files if path.name == "gpt.sqlite"]
    assert not [path for path in files if b"canary" in path.read_bytes()]
    keys_file = hub.folder / "keys.json"
    assert keys_file.stat().st_mode & 0o077 == 0
    assert set(json.loads(keys_file.read_text())) == {"ada", "bob"}
    print(
        "\nhub: two users, one answer each through the proxy, nothing of the other's, no key shown"
    )
