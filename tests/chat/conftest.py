"""A session over a real database, with a provider that does what a test scripts."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.chat.keeper import TextKeeper
from jupyterlab_gpt.chat.services import ChatServices
from jupyterlab_gpt.chat.session import ChatSession
from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.errors import NotFound
from jupyterlab_gpt.ledger import ledger
from jupyterlab_gpt.protocol import SERVER_FRAME
from jupyterlab_gpt.providers.base import Called, ProviderEvent, ProviderRequest
from jupyterlab_gpt.store.blobs import BlobStore
from jupyterlab_gpt.store.database import Database

# A script yields events; an exception in it is raised, a number is slept.
Script = Callable[[int], list[Any]]


class Scripted:
    """A provider that follows a script: for each call, a list of events."""

    id = "default"
    host = "fake.test"
    base_url = "https://fake.test/v1"

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[ProviderRequest] = []
        self.closed = asyncio.Event()

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[ProviderEvent, None]:
        self.requests.append(request)
        try:
            yield Called(1)
            for step in self.script(len(self.requests)):
                if isinstance(step, int | float):
                    await asyncio.sleep(step)
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield step
        finally:
            self.closed.set()

    async def models(self) -> list[dict[str, Any]]:
        return []

    async def check(self) -> int:
        return 0

    async def close(self) -> None:
        return None


class Watcher:
    """A socket that keeps what it gets, and can be full."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.told: list[dict[str, Any]] = []
        self.room = 10**9
        self._changed = asyncio.Event()

    def send(self, text: str) -> bool:
        if self.room <= 0:
            return False
        self.room -= 1
        self._take(self.frames, json.loads(text))
        return True

    def tell(self, frame: dict[str, Any]) -> None:
        self._take(self.told, frame)

    def has_room(self) -> bool:
        return self.room > 0

    def _take(self, frames: list[dict[str, Any]], frame: dict[str, Any]) -> None:
        # Every frame that leaves has the wire's shape, whole.
        assert SERVER_FRAME.validate_python(frame).model_dump() == {
            **SERVER_FRAME.validate_python(frame).model_dump(),
            **{key: value for key, value in frame.items() if key != "parts"},
        }
        frames.append(dict(frame))
        self._changed.set()

    async def until(self, *types: str, seconds: float = 20) -> dict[str, Any]:
        """The next frame of one of these types, sent or told."""
        async with asyncio.timeout(seconds):
            while True:
                for frame in (*self.told, *self.frames):
                    if frame["type"] in types:
                        return frame
                self._changed.clear()
                await self._changed.wait()

    async def end(self) -> dict[str, Any]:
        return await self.until("finished", "failed")

    def text(self, part: int | None = None) -> str:
        """What a client shows: snapshots replace, deltas add, numbers only grow."""
        parts: dict[int, str] = {}
        seq = 0
        for frame in self.frames:
            if "seq" in frame:
                assert frame["seq"] > seq
                seq = frame["seq"]
            if frame["type"] == "snapshot":
                parts = {i: p.get("text", "") for i, p in enumerate(frame["parts"])}
            elif frame["type"] == "delta":
                parts[frame["part"]] = parts.get(frame["part"], "") + frame["text"]
        if part is not None:
            return parts.get(part, "")
        return "".join(parts[i] for i in sorted(parts))


class Desk:
    """The registry and the defaults of a world with one provider."""

    def __init__(self, provider: Scripted, context: int | None = None) -> None:
        self._provider = provider
        self._context = context

    async def get(self, owner: str, provider_id: str) -> Scripted:
        if provider_id != "default":
            raise NotFound("No such provider", code="unknown_provider")
        return self._provider

    async def default_model(self, owner: str, provider_id: str) -> str:
        return "model-of-the-house"

    async def context_length(self, owner: str, provider_id: str, model: str) -> int | None:
        return self._context

    async def models(self, owner: str) -> dict[str, Any]:
        return {"models": [], "errors": {}}

    async def provider(self, owner: str) -> str:
        return "default"


class World:
    """One owner's session, its provider and its database."""

    def __init__(self, tmp_path: Path, provider: Scripted, **more: Any) -> None:
        self.provider = provider
        self.path = tmp_path / "gpt" / "gpt.sqlite"
        self.db = Database(self.path, on_orphans=ledger.settle_interrupted)
        limits: Limits = more.pop("limits", Limits())
        self.services = ChatServices(
            db=self.db,
            blobs=BlobStore(tmp_path / "gpt" / "blobs", self.db),
            providers=Desk(provider, more.pop("context", None)),
            defaults=Desk(provider),
            limits=limits,
            keeper=TextKeeper(self.db, limits.flush_interval),
            **more,
        )
        self.session = ChatSession("local", self.services)

    def socket(self) -> Watcher:
        watcher = Watcher()
        self.session.attach(watcher)
        return watcher

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        return await self.db.read(lambda conn: conn.execute(query).fetchall())

    async def close(self) -> None:
        await self.session.close()
        await self.db.close()


def submit(text: str | None = "Hello", **fields: Any) -> dict[str, Any]:
    frame = {
        "type": "submit",
        "request_id": str(uuid.uuid4()),
        "conversation_id": str(uuid.uuid4()),
        "message_id": str(uuid.uuid4()),
        "answer_id": str(uuid.uuid4()),
        "parts": [{"type": "text", "text": text}] if text is not None else [],
    }
    return {**frame, **fields}


@pytest.fixture
def world(tmp_path: Path, jp_asyncio_loop: Any) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(script: Script | list[Any], **more: Any) -> World:
        steps = script if callable(script) else lambda _: script
        made.append(World(tmp_path, Scripted(steps), **more))
        return made[-1]

    yield make
    for one in made:
        jp_asyncio_loop.run_until_complete(one.close())
