"""A real server with our extension, and a real provider on loopback that is fake."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect
from traitlets.config import Config

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL
from jupyterlab_gpt.protocol import SERVER_FRAME
from tests.fakes.provider import FakeProvider

Fetch = Callable[..., Awaitable[tuple[int, Any]]]
# Ten times what any of these ends within.
PATIENCE = 20.0


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "gpt-data"


@pytest.fixture
def traits() -> dict[str, Any]:
    """What a test sets of `GPTExtension`: override it."""
    return {}


@pytest.fixture
def server_traits() -> dict[str, Any]:
    """What a test sets of `ServerApp`: override it."""
    return {}


@pytest.fixture
def jp_server_config(
    fake: FakeProvider,
    data_dir: Path,
    traits: dict[str, Any],
    server_traits: dict[str, Any],
) -> Config:
    own = {
        "base_url": fake.url,
        "model": "fake-gpt",
        "data_dir": str(data_dir),
        # The fake's long answers are longer than what a user would pay for.
        "reply_tokens_reasoning": 1_000_000,
        **traits,
    }
    server = {"jpserver_extensions": {"jupyterlab_gpt": True}, **server_traits}
    return Config({"ServerApp": server, "GPTExtension": own})


@pytest.fixture
def extension(jp_serverapp: Any) -> Any:
    return jp_serverapp.extension_manager.extension_points["jupyterlab_gpt"].app


@pytest.fixture
def api(jp_fetch: Any) -> Fetch:
    """`await api("status")` → status code and decoded body, whatever the code is."""

    async def call(path: str, method: str = "GET", body: Any = None, **more: Any) -> Any:
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body)
        params = more.pop("params", {})
        answer = await jp_fetch(
            "jupyterlab-gpt/api",
            *path.split("/"),
            method=method,
            body=body,
            params=params,
            allow_nonstandard_methods=True,
            raise_error=False,
            **more,
        )
        return answer.code, json.loads(answer.body) if answer.body else None

    return call


class Client:
    """A socket as a client has it: it checks each frame, and shows what a page would show."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    async def send(self, frame: dict[str, Any] | str | bytes) -> None:
        text = json.dumps(frame) if isinstance(frame, dict) else frame
        await self.socket.write_message(text, binary=isinstance(text, bytes))

    async def next(self, seconds: float = PATIENCE) -> dict[str, Any] | None:
        """The next frame; None when the socket has closed."""
        async with asyncio.timeout(seconds):
            message = await self.socket.read_message()
        if message is None:
            return None
        frame: dict[str, Any] = json.loads(message)
        SERVER_FRAME.validate_python(frame)
        self.frames.append(frame)
        return frame

    async def until(self, *types: str, request: str | None = None) -> dict[str, Any]:
        while True:
            frame = await self.next()
            assert frame is not None, f"closed: {self.socket.close_code}"
            if frame["type"] in types and request in (None, frame.get("request_id")):
                return frame

    async def end(self, asked: dict[str, Any]) -> dict[str, Any]:
        return await self.until("finished", "failed", request=asked["request_id"])

    def text(self, asked: dict[str, Any]) -> str:
        parts: dict[int, str] = {}
        seq = 0
        for frame in self.frames:
            if frame.get("request_id") != asked["request_id"]:
                continue
            if frame["seq"]:
                assert frame["seq"] > seq, "a frame came twice"
                seq = frame["seq"]
            if frame["type"] == "snapshot":
                parts = {i: part.get("text", "") for i, part in enumerate(frame["parts"])}
            elif frame["type"] == "delta":
                parts[frame["part"]] = parts.get(frame["part"], "") + frame["text"]
        return "".join(parts[i] for i in sorted(parts))

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def connect(
    jp_serverapp: Any,
    http_server_client: Any,
    jp_auth_header: dict[str, str],
    jp_base_url: str,
    jp_http_port: int,
) -> Iterator[Callable[..., Awaitable[Client]]]:
    """`await connect()` → an open socket."""
    opened: list[Client] = []

    async def open_socket(
        headers: dict[str, str] | None = None, *, subprotocol: str | None = SUBPROTOCOL
    ) -> Client:
        request = HTTPRequest(
            f"ws://127.0.0.1:{jp_http_port}{jp_base_url}jupyterlab-gpt/stream",
            headers=jp_auth_header if headers is None else headers,
        )
        offered = [subprotocol] if subprotocol else None
        client = Client(await websocket_connect(request, subprotocols=offered))
        opened.append(client)
        return client

    yield open_socket
    for client in opened:
        client.close()


def submit(text: str = "Hello", model: str | None = None, **fields: Any) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "type": "submit",
        **{name: str(uuid.uuid4()) for name in ("request_id", "conversation_id")},
        **{name: str(uuid.uuid4()) for name in ("message_id", "answer_id")},
        "parts": [{"type": "text", "text": text}],
    }
    return {**frame, **({"model": model} if model else {}), **fields}


async def ask(connect: Any, **fields: Any) -> dict[str, Any]:
    client, asked = await connect(), submit(**fields)
    await client.send(asked)
    assert (await client.end(asked))["type"] == "finished"
    return asked
