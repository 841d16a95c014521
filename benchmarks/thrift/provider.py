"""A provider on loopback that answers with the session's fixed texts and bills by `billing`."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.fakes.http import Exchange, serve_connection

from .billing import Bill, Billing


class RecordingProvider:
    """One conversation: the n-th request gets the n-th answer.

    Parameters
    ----------
    answers
        The texts.
    """

    def __init__(self, answers: list[str]) -> None:
        self.bills: list[Bill] = []
        self.prompts: list[list[dict[str, Any]]] = []
        self._answers = answers
        self._billing = Billing()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/v1"

    async def __aenter__(self) -> RecordingProvider:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.gather(*self._connections)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        await serve_connection(self._handle, reader, writer)
        self._connections.discard(task)

    async def _handle(self, x: Exchange) -> None:
        if not x.entry.path.endswith("/chat/completions"):
            await x.respond(200, {"object": "list", "data": []})
            return
        answer = self._answers[len(self.bills)]
        messages = x.json["messages"]
        self.prompts.append(messages)
        self.bills.append(self._billing.bill(messages, answer))
        await x.start_stream()
        model = x.json["model"]
        await x.chunk(_event(model, [{"index": 0, "delta": {"content": answer}}]))
        await x.chunk(_event(model, [{"index": 0, "delta": {}, "finish_reason": "stop"}]))
        await x.chunk(_event(model, [], usage=self.bills[-1].usage()))
        await x.chunk(b"data: [DONE]\n\n")
        await x.end_stream()


def _event(model: str, choices: list[dict[str, Any]], **more: Any) -> bytes:
    chunk = {
        "id": "chatcmpl-thrift",
        "object": "chat.completion.chunk",
        "created": 1790000000,
        "model": model,
        "choices": choices,
        **more,
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"
