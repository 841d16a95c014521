"""A `jupyter server` with our extension as a process of its own, to be killed and started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL
from tests.handlers.conftest import Client

ROOT = Path(__file__).parents[2]
TOKEN = "loopback-test-token"
# Ours alone: those that the environment switches on take most of a start.
OTHERS = ("jupyterlab", "notebook", "notebook_shim", "jupyter_lsp", "jupyter_server_terminals")
EXTENSIONS = {"jupyterlab_gpt": True, **dict.fromkeys(OTHERS, False)}
HEADERS = {"Authorization": f"token {TOKEN}"}
# Seconds that a start may take: a hundred times what it takes on an idle machine.
PATIENCE = 180.0


class Nursery:
    """The process that `nursery.py` is; servers start from it in a third of the time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def start(self, argv: list[str], env: dict[str, str], cwd: Path, log: Path) -> int:
        return self._ask({"argv": argv, "env": env, "cwd": str(cwd), "log": str(log)})

    def reap(self, pid: int) -> None:
        self._ask({"reap": pid})

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def _ask(self, what: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


class Server:
    """One server after the other on one home.

    Parameters
    ----------
    home
        Where everything of it is; made by the caller.
    provider
        Base URL of the fake.
    nursery
        Starts them in a moment; without one each is `python -m jupyter_server`.
    traits
        More of `GPTExtension`'s; a list as its items.
    options
        More of the command line.
    """

    def __init__(
        self,
        home: Path,
        provider: str,
        *,
        nursery: Nursery | None = None,
        traits: dict[str, Any] | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        self.home = home
        self.port = 0
        self.pid = 0
        self._nursery = nursery
        self._process: subprocess.Popen[bytes] | None = None
        self._traits = {"base_url": provider, "model": "fake-slow", **(traits or {})}
        self._options = options
        self._clients: list[Client] = []

    @property
    def database(self) -> Path:
        return self.home / "data" / "gpt" / "gpt.sqlite"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    async def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        argv = [
            *("--no-browser", "--allow-root"),
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.jpserver_extensions={EXTENSIONS}",
            f"--ServerApp.root_dir={self.home}",
            f"--IdentityProvider.token={TOKEN}",
            *(
                f"--GPTExtension.{name}={one}"
                for name, value in self._traits.items()
                for one in (value if isinstance(value, list) else [value])
            ),
            *self._options,
        ]
        env = {**os.environ, "HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        for name in ("DATA", "CONFIG", "RUNTIME"):
            env[f"JUPYTER_{name}_DIR"] = str(self.home / name.lower())
        if self._nursery is not None:
            self.pid = self._nursery.start(argv, env, self.home, self.log)
        else:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "jupyter_server", *argv],
                    env=env,
                    cwd=self.home,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                )
            self.pid = self._process.pid
        await self._ready()

    async def _ready(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.get("status")
                    return
                except OSError:
                    ended = self._process is not None and self._process.poll() is not None
                    assert not ended, self.log.read_text()
                    await asyncio.sleep(0.02)

    async def get(self, path: str, method: str = "GET", body: Any = None) -> Any:
        return await self._fetch(f"http://{self._host}/jupyterlab-gpt/api/{path}", method, body)

    async def post(self, url: str, body: Any) -> Any:
        """Ask another route than ours."""
        return await self._fetch(url, "POST", body)

    @property
    def _host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def _fetch(self, url: str, method: str, body: Any) -> Any:
        answer = await AsyncHTTPClient().fetch(
            url,
            method=method,
            headers=HEADERS,
            body=None if body is None else json.dumps(body),
            request_timeout=60,
        )
        return json.loads(answer.body) if answer.body else None

    async def connect(self) -> Client:
        url = f"ws://127.0.0.1:{self.port}/jupyterlab-gpt/stream"
        request = HTTPRequest(url, headers=HEADERS)
        client = Client(await websocket_connect(request, subprotocols=[SUBPROTOCOL]))
        self._clients.append(client)
        return client

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it; when this returns, the process is gone."""
        if not self.pid:
            return
        os.kill(self.pid, how)
        if self._process is not None:
            self._process.wait(PATIENCE)
            self._process = None
        elif self._nursery is not None:
            self._nursery.reap(self.pid)
        self.pid = 0

    def close(self) -> None:
        """Kill it and let go of its clients."""
        for client in self._clients:
            client.close()
        self.end()
