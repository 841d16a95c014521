"""Answers to `estimate` and `preview`: what a prompt would be and cost; nothing is stored."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from ..errors import GPTError
from ..ledger.money import usd
from . import frames
from .draft import Draft, make_draft
from .frames import Frame, Socket
from .services import ChatServices

_log = logging.getLogger(__name__)


class Quotes:
    """The estimates and previews that an owner's sockets wait for.

    Of each kind a socket has one at a time: a newer question replaces an older one, which
    is answered no more.

    Parameters
    ----------
    owner, services
        Of the session.
    """

    def __init__(self, owner: str, services: ChatServices) -> None:
        self._owner = owner
        self._services = services
        self._tasks: dict[tuple[Socket, str], asyncio.Task[None]] = {}

    def ask(self, socket: Socket, frame: dict[str, Any]) -> None:
        """Answer a socket's `estimate` or `preview`."""
        key = (socket, frame["type"])
        if old := self._tasks.pop(key, None):
            old.cancel()
        task = self._tasks[key] = asyncio.create_task(self._answer(socket, frame))

        def done(task: asyncio.Task[None]) -> None:
            if self._tasks.get(key) is task:
                del self._tasks[key]

        task.add_done_callback(done)

    def leave(self, socket: Socket) -> None:
        """Forget a socket."""
        for kind in ("estimate", "preview"):
            if task := self._tasks.pop((socket, kind), None):
                task.cancel()

    def close(self) -> None:
        """Forget all."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def _answer(self, socket: Socket, frame: dict[str, Any]) -> None:
        request_id = frame["request_id"]
        try:
            draft = await make_draft(self._owner, frame, self._services)
            say = previewed if frame["type"] == "preview" else estimated
            answer = await asyncio.to_thread(say, request_id, draft)
        except GPTError as error:
            answer = frames.failed(request_id, error)
        except Exception as error:
            _log.error("Unexpected error in an estimate\n%s", self._services.described(error))
            unknown = GPTError("Something went wrong in the server; its log says more.")
            answer = frames.failed(request_id, unknown)
        socket.tell(answer)


def money(nano: int | None) -> str | None:
    """Write nano-dollars for the wire; unknown stays null."""
    return None if nano is None else usd(nano)


def _range(request_id: str, draft: Draft) -> Frame:
    estimate = draft.estimate
    return {
        "request_id": request_id,
        "provider": draft.provider.id,
        "model": draft.model,
        "input_tokens": estimate.input_tokens,
        "cached_tokens": estimate.cached_tokens,
        "method": estimate.method,
        "cost_min": money(estimate.least),
        "cost_max": money(estimate.most),
        "too_long_for": draft.too_long_for,
    }


def estimated(request_id: str, draft: Draft) -> Frame:
    """Say what a draft would cost."""
    history = {left.id for left in draft.prompt.left_out if left.why == "history"}
    return {
        "type": "estimated",
        **_range(request_id, draft),
        "left_out": len(history),
        "priced": draft.estimate.rates is not None,
        "same": draft.history.same,
    }


def previewed(request_id: str, draft: Draft) -> Frame:
    """Say what a draft would send, part by part."""
    return {
        "type": "previewed",
        **_range(request_id, draft),
        "digest": draft.digest,
        "items": [
            {
                "id": item.id,
                "message": item.message,
                "role": item.role,
                "label": item.label,
                "text": item.text,
                "blob": item.blob,
                "tokens": tokens,
                "cost": money(draft.estimate.of_tokens(tokens)),
            }
            for item, tokens in zip(draft.prompt.items, draft.tokens, strict=True)
        ],
        "left_out": [
            {"id": left.id, "label": left.label, "why": left.why} for left in draft.prompt.left_out
        ],
        "params": draft.sent_params,
        "saved": money(draft.estimate.saved),
    }
