"""A real `jupyter server`, killed in the middle of an answer, and a reader that does not read."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL

from .conftest import Client, submit

ROOT = Path(__file__).parent.parent.parent
TOKEN = "loopback-test-token"
# Ours alone: those that the environment switches on take most of a start.
EXTENSIONS = {
    "jupyterlab_gpt": True,
    **dict.fromkeys(("jupyterlab", "notebook", "notebook_shim", "jupyter_lsp"), False),
}
HEADERS = {"Authorization": f"token {TOKEN}"}


class Server:
    """`jupyter server` as a process of its own."""

    def __init__(self, home: Path, provider: str) -> None:
        self.home = home
        self.provider = provider
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.clients: list[Client] = []

    async def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            **{
                f"JUPYTER_{name}_DIR": str(self.home / name.lower())
                for name in ("DATA", "CONFIG", "RUNTIME")
            },
        }
        log = (self.home / "server.log").open("ab")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
                f"--ServerApp.port={self.port}",
                "--ServerApp.port_retries=0",
                f"--ServerApp.jpserver_extensions={EXTENSIONS}",
                f"--ServerApp.root_dir={self.home}",
                f"--IdentityProvider.token={TOKEN}",
                f"--GPTExtension.base_url={self.provider}",
                "--GPTExtension.model=fake-slow",
            ],
            env=environment,
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        log.close()
        async with asyncio.timeout(60):
            while True:
                try:
                    await self.get("status")
                    return
                except OSError:
                    assert self.process.poll() is None, (self.home / "server.log").read_text()
                    await asyncio.sleep(0.1)

    async def get(self, path: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/jupyterlab-gpt/api/{path}"
        answer = await AsyncHTTPClient().fetch(url, headers=HEADERS, request_timeout=60)
        return json.loads(answer.body)

    async def connect(self) -> Client:
        url = f"ws://127.0.0.1:{self.port}/jupyterlab-gpt/stream"
        request = HTTPRequest(url, headers=HEADERS)
        self.clients.append(Client(await websocket_connect(request, subprotocols=[SUBPROTOCOL])))
        return self.clients[-1]

    def end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None


@pytest.fixture
def server(tmp_path: Path, fake: Any) -> Iterator[Server]:
    home = tmp_path / "home"
    home.mkdir()
    one = Server(home, fake.url)
    yield one
    for client in one.clients:
        client.close()
    one.end(signal.SIGKILL)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGKILL, id="kill -9"),
        # The same end is tested without a process of its own in test_stream.
        pytest.param(signal.SIGTERM, id="asked to end", marks=pytest.mark.slow),
    ],
)
async def test_what_had_arrived_is_there_again(server: Server, how: signal.Signals) -> None:
    await server.start()
    client, asked = await server.connect(), submit("What is lost?")
    await client.send(asked)
    while len(client.text(asked)) < 300:
        await client.next()
    seen = client.text(asked)
    server.end(how)

    await server.start()
    conversation = await server.get(f"conversations/{asked['conversation_id']}")
    question, answer = conversation["messages"]
    assert question["parts"] == asked["parts"]
    assert answer["status"] == "incomplete"
    text = answer["parts"][0]["text"]
    assert text.startswith("w0001 w0002")
    # 20 words a second of 6 characters; 1 s is stated, a busy machine gets twice that.
    assert len(seen) - len(text) <= 2 * 20 * 6
    back = await server.connect()
    await back.send({"type": "resume", "request_id": asked["request_id"], "after_seq": 5})
    last = await back.end(asked)
    assert (last["type"], last["code"]) == ("failed", "server_stopped")
    assert back.text(asked) == text
    server.end(signal.SIGKILL)
