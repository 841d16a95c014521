"""The frames that a turn sends, as plain dicts in the shape of `protocol`.

Plain, because pydantic on each token would cost more than all the rest; the
golden frames and the tests of the turn hold the shape.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Protocol

from ..errors import GPTError

Frame = dict[str, Any]
Part = dict[str, Any]

# `failed` needs a request_id; a frame that has none it could be read from gets this one.
NO_REQUEST = "00000000-0000-0000-0000-000000000000"

# Characters of a stored answer that leave in one frame: a quarter of a socket's queue, so that
# a reader that takes nothing costs little, and a slow one (13 kB/s) hears of us within the 5 s
# after which a client takes a socket for dead.
PIECE_CHARS = 64 * 1024


class Socket(Protocol):
    """What a turn knows of a socket: it takes frames until it is full."""

    def send(self, text: str) -> bool:
        """Queue a frame, encoded; False when there was no room and it was not taken."""

    def tell(self, frame: Frame) -> None:
        """Queue a frame that belongs to no turn's stream and is never sent again."""

    def has_room(self) -> bool:
        """Whether nothing waits to leave; if something does, the session hears when it left."""


def error_info(error: GPTError) -> dict[str, Any]:
    """Write an error as `protocol.ErrorInfo`."""
    return {
        "code": error.code,
        "message": error.message,
        "detail": dict(error.detail) or None,
        "retryable": error.retryable,
        "retry_after": error.retry_after,
    }


def started(
    request_id: str,
    *,
    answer_id: str,
    provider: str,
    model: str,
    estimate: Frame | None = None,
    budget: Frame | None = None,
) -> Frame:
    """Say that the turn is stored and under way; `estimate` is the most that it may cost."""
    return {
        "type": "started",
        "request_id": request_id,
        "seq": 0,
        "answer_id": answer_id,
        "provider": provider,
        "model": model,
        "estimate": estimate,
        "budget": budget,
    }


# One for all frames: `json.dumps` makes an encoder for each call.
encode = json.JSONEncoder(ensure_ascii=False).encode


def delta(request_id: str, seq: int, part: int, kind: str, text: str) -> str:
    """Send new text of one part: encoded, a fifth of the time that a dict would take.

    `request_id` and `kind` hold nothing that JSON would escape.
    """
    return (
        f'{{"type": "delta", "request_id": "{request_id}", "seq": {seq}, "part": {part}, '
        f'"kind": "{kind}", "text": {encode(text)}}}'
    )


def retrying(request_id: str, *, attempt: int, wait: float, code: str) -> Frame:
    """Say that the next attempt (its number) comes in `wait` seconds."""
    return {
        "type": "retrying",
        "request_id": request_id,
        "seq": 0,
        "attempt": attempt,
        "wait_s": wait,
        "code": code,
    }


def snapshot(request_id: str, *, seq: int, parts: list[Part], status: str) -> Frame:
    """Everything so far."""
    return {
        "type": "snapshot",
        "request_id": request_id,
        "seq": seq,
        "parts": parts,
        "status": status,
    }


def finished(
    request_id: str,
    *,
    reason: str,
    usage: Frame | None = None,
    cost: Frame | None = None,
    seconds: float | None = None,
    budget: Frame | None = None,
    dropped: list[str] | None = None,
    seq: int = 0,
) -> Frame:
    """Say that the answer ended as an answer, and which parameters the model refused."""
    return {
        "type": "finished",
        "request_id": request_id,
        "seq": seq,
        "finish_reason": reason,
        "usage": usage,
        "cost": cost,
        "seconds": seconds,
        "budget": budget,
        "dropped": dropped,
    }


def failed(
    request_id: str,
    error: GPTError | dict[str, Any],
    *,
    usage: Frame | None = None,
    cost: Frame | None = None,
    seconds: float | None = None,
    seq: int = 0,
) -> Frame:
    """Say that the turn failed; `seq` stays 0 where nothing was stored."""
    info = error_info(error) if isinstance(error, GPTError) else error
    return {
        "type": "failed",
        "request_id": request_id,
        "seq": seq,
        "code": info["code"],
        "message": info["message"],
        "detail": info.get("detail"),
        "retryable": bool(info.get("retryable")),
        "retry_after": info.get("retry_after"),
        "usage": usage,
        "cost": cost,
        "seconds": seconds,
    }


def changed(conversation_id: str) -> Frame:
    """Say that a conversation was changed elsewhere."""
    return {"type": "changed", "conversation_id": conversation_id}


def budget(state: Frame) -> Frame:
    """Say what of the month's budget is spent."""
    return {"type": "budget", **state}


def storage(state: str, message: str) -> Frame:
    """Say whether the disk takes what must be stored."""
    return {"type": "storage", "state": state, "message": message}


def ended(request_id: str, message: dict[str, Any], *, after_seq: int) -> Iterator[str]:
    """Rebuild the last frames of a turn that is over, encoded, from its stored answer.

    Their numbers follow `after_seq`: what this client has seen is the only count
    that outlives the turn, and a client ignores numbers that it knows. A long answer
    comes in pieces, a snapshot and then deltas, the same ones each time.
    """
    status = message["status"]
    over = status != "streaming"
    # The last piece of a text that still grows would be another one the next time.
    first, rest = _cut(message["parts"]) if over else (message["parts"], [])
    seq = after_seq + 1
    begun = "streaming" if rest else status
    yield encode(snapshot(request_id, seq=seq, parts=first, status=begun))
    for index, kind, text in rest:
        seq += 1
        yield delta(request_id, seq, index, kind, text)
    last: dict[str, Any] = {
        "usage": message.get("usage"),
        "cost": message.get("cost"),
        "seconds": message.get("seconds"),
        "seq": seq + 1,
    }
    if status in ("complete", "cancelled"):
        reason = message.get("finish_reason") or ("cancelled" if status == "cancelled" else "stop")
        yield encode(finished(request_id, reason=reason, **last))
    elif over:
        error = message.get("error") or {
            "code": "server_stopped",
            "message": "The server stopped while this answer was being written.",
            "retryable": True,
        }
        yield encode(failed(request_id, error, **last))


def _cut(parts: list[Part]) -> tuple[list[Part], list[tuple[int, str, str]]]:
    """Cut texts into what a first frame holds, and pieces: index of the part, kind, text."""
    first: list[Part] = []
    rest: list[tuple[int, str, str]] = []
    room = PIECE_CHARS
    for index, part in enumerate(parts):
        text = part.get("text") or ""
        if len(text) <= room:
            first.append(part)
            room -= len(text)
            continue
        first.append({**part, "text": text[:room]})
        starts = range(room, len(text), PIECE_CHARS)
        rest += [(index, part["type"], text[at : at + PIECE_CHARS]) for at in starts]
        room = 0
    return first, rest


def seconds_between(start: float, end: float) -> float:
    """Measure a duration for the wire: in milliseconds, and never below nothing."""
    return max(0.0, math.floor((end - start) * 1000) / 1000)
