"""What each fake model does; the name of the model chooses.

A behaviour is an `async def (exchange, state)`. Streams are made of `pieces`, so that
every answer is deterministic and a test can say what must have arrived.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .http import Exchange


@dataclass
class Script:
    """An answer that a test registered."""

    pieces: list[str]
    delay_ms: float = 0
    # Silence in ms before a piece, by the piece's index.
    pauses: dict[int, float] = field(default_factory=dict)


@dataclass
class State:
    """What the server remembers between requests."""

    hits: dict[str, int] = field(default_factory=dict)
    scripts: dict[str, Script] = field(default_factory=dict)

    def hit(self, model: str) -> int:
        self.hits[model] = self.hits.get(model, 0) + 1
        return self.hits[model]


Behaviour = Callable[[Exchange, State], Awaitable[None]]
ALL: dict[str, Behaviour] = {}


def behaviour(*names: str) -> Callable[[Behaviour], Behaviour]:
    def register(function: Behaviour) -> Behaviour:
        for name in names:
            ALL[name] = function
        return function

    return register


# ---------------------------------------------------------------- what is said


def prompt_of(body: dict[str, Any]) -> str:
    """The text of the last user message."""
    for message in reversed(body.get("messages") or []):
        if message.get("role") == "user":
            content = message.get("content")
            if isinstance(content, str):
                return content
            return "".join(p.get("text", "") for p in content or [] if isinstance(p, dict))
    return ""


def markdown_answer(prompt: str) -> str:
    """The answer of `fake-gpt`: prose, one Python block, a table."""
    last = (prompt.strip().splitlines() or [""])[-1]
    return (
        f"You asked: {last}\n\n"
        "This cell loads the data and **counts** the rows by group. In short:\n\n"
        "1. it reads the file,\n2. it groups by `name`,\n3. it prints the totals.\n\n"
        '```python\nimport math\n\nprint("from the fake", math.sqrt(16))\n```\n\n'
        "| step | rows |\n| --- | ---: |\n| read | 100 |\n| group | 7 |\n\n"
        "That is all there is to it.\n"
    )


def pieces_of(text: str) -> list[str]:
    """Text cut the way a model's tokens are: words with their leading space."""
    return re.findall(r"\s*\S+|\s+", text)


def long_pieces(n: int) -> list[str]:
    """`n` numbered tokens as Markdown: paragraphs, lists and code, in a fixed pattern."""
    pieces = []
    for i in range(1, n + 1):
        place = i % 200
        if place == 1:
            before = "\n\n## Part\n\n" if i > 1 else "## Part\n\n"
        elif place in (40, 80):
            before = "\n\n"
        elif 120 <= place < 130:
            before = "\n\n- " if place == 120 else "\n- "
        elif place == 150:
            before = "\n\n```python\n"
        elif 150 < place < 170:
            before = "\n" if place % 4 == 0 else " "
        elif place == 170:
            before = "\n```\n\n"
        else:
            before = " "
        pieces.append(f"{before}w{i:05d}")
    return pieces


# ---------------------------------------------------------------- how it is sent


def event(data: Any) -> bytes:
    """One event of a stream."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def delta_event(model: str, delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return event(
        {
            "id": "chatcmpl-fake",
            "object": "chat.completion.chunk",
            "created": 1790000000,
            "model": model,
            "choices": [choice],
        }
    )


def usage_of(body: dict[str, Any], pieces: int, reasoning: int = 0) -> dict[str, Any]:
    prompt = sum(len(str(m.get("content"))) // 4 + 3 for m in body.get("messages") or [])
    return {
        "prompt_tokens": prompt,
        "completion_tokens": pieces + reasoning,
        "total_tokens": prompt + pieces + reasoning,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }


async def send_text(
    x: Exchange,
    pieces: Iterable[str],
    *,
    delay: float = 0,
    pauses: dict[int, float] | None = None,
) -> None:
    """Send pieces as deltas, `delay` seconds apart by the clock; 0: as fast as they go.

    `pauses` are seconds of silence before a piece.
    """
    model = str(x.json.get("model"))
    start = time.monotonic()
    batch: list[bytes] = []
    for number, piece in enumerate(pieces):
        data = delta_event(model, {"content": piece})
        start += (pauses or {}).get(number, 0)
        if delay:
            wait = start + number * delay - time.monotonic()
            if wait > 0:
                await x.sleep(wait)
            await x.chunk(data)
            x.entry.sent_pieces += 1
            continue
        batch.append(data)
        if len(batch) == 32:
            await x.chunk(b"".join(batch))
            x.entry.sent_pieces += len(batch)
            batch.clear()
            await asyncio.sleep(0)
    if batch:
        await x.chunk(b"".join(batch))
        x.entry.sent_pieces += len(batch)


async def end(x: Exchange, finish: str | None = "stop", reasoning: int = 0) -> None:
    """Finish reason, usage where asked for, `[DONE]`."""
    model = str(x.json.get("model"))
    if finish:
        await x.chunk(delta_event(model, {}, finish))
    if (x.json.get("stream_options") or {}).get("include_usage"):
        usage = usage_of(x.json, x.entry.sent_pieces, reasoning)
        await x.chunk(
            event(
                {"object": "chat.completion.chunk", "model": model, "choices": [], "usage": usage}
            )
        )
    await x.chunk(b"data: [DONE]\n\n")
    await x.end_stream()


def completion(body: dict[str, Any], text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1790000000,
        "model": body.get("model"),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage_of(body, len(pieces_of(text))),
    }


async def answer(
    x: Exchange,
    pieces: list[str],
    *,
    delay: float = 0,
    pauses: dict[int, float] | None = None,
) -> None:
    """A whole good answer, streamed where that was asked for."""
    if not x.json.get("stream"):
        await x.respond(200, completion(x.json, "".join(pieces)))
        return
    await x.start_stream()
    await x.chunk(delta_event(str(x.json.get("model")), {"role": "assistant", "content": ""}))
    await send_text(x, pieces, delay=delay, pauses=pauses)
    await end(x)


async def refuse(
    x: Exchange,
    status: int,
    message: str,
    *,
    code: str | None = None,
    param: str | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    """An error the way OpenAI words it."""
    kind = "invalid_request_error" if status < 429 else "server_error"
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    await x.respond(status, body, headers)


# ---------------------------------------------------------------- the good ones

MILLISECOND = 0.001


@behaviour("fake-gpt", "fake-small", "fake-plain")
async def gpt(x: Exchange, _state: State) -> None:
    await answer(x, pieces_of(markdown_answer(prompt_of(x.json))), delay=2 * MILLISECOND)


@behaviour("fake-echo")
async def echo(x: Exchange, _state: State) -> None:
    await answer(x, pieces_of(prompt_of(x.json)))


@behaviour("fake-slow")
async def slow(x: Exchange, _state: State) -> None:
    await answer(x, [f"w{i:04d} " for i in range(1, 601)], delay=1 / 20)


@behaviour("fake-code")
async def code(x: Exchange, _state: State) -> None:
    await answer(x, ["```python\n", 'print("from', ' the fake")', "\n```\n"], delay=MILLISECOND)


@behaviour("fake-thinking")
async def thinking(x: Exchange, _state: State) -> None:
    await x.start_stream()
    for piece in ("Let me ", "think ", "about it."):
        await x.chunk(delta_event("fake-thinking", {"reasoning_content": piece}))
    await send_text(x, pieces_of("The answer is 42."), delay=MILLISECOND)
    await end(x, reasoning=3)


@behaviour("fake-length")
async def length(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, pieces_of("This sentence has no"))
    await end(x, "length")


@behaviour("fake-json")
async def whole(x: Exchange, _state: State) -> None:
    await x.respond(200, completion(x.json, markdown_answer(prompt_of(x.json))))


async def numbered(x: Exchange, state: State) -> bool:
    """`fake-long-<n>`, `fake-rate-<r>-<n>` and registered scripts; False: no such model."""
    model = str(x.json.get("model"))
    if script := state.scripts.get(model):
        pauses = {at: ms / 1000 for at, ms in script.pauses.items()}
        await answer(x, script.pieces, delay=script.delay_ms / 1000, pauses=pauses)
    elif found := re.fullmatch(r"fake-long-(\d+)", model):
        await answer(x, long_pieces(int(found[1])))
    elif found := re.fullmatch(r"fake-rate-(\d+)-(\d+)", model):
        await answer(x, long_pieces(int(found[2])), delay=1 / int(found[1]))
    else:
        return False
    return True
