"""What no tool can send: the bytes of each fault of the table, under the name of a fake model.

Every error repeats the key that it was asked with, as some providers do: it must be found
nowhere afterwards (`test_canary`).
"""

from __future__ import annotations

import gzip
import json
from typing import Any

from tests.fakes.behaviours import (
    State,
    answer,
    behaviour,
    delta_event,
    end,
    event,
    send_text,
)
from tests.fakes.faults import SOME_TEXT
from tests.fakes.http import Exchange

DONE = b"data: [DONE]\n\n"
# More than the caps of a line, of an answer and of the wire (1, 1 and 64 MiB).
LONG_LINE = 20 * 2**20
PIECE = b"x" * 2**16
# 150 KB on the wire, 150 MB once unpacked.
BOMB = gzip.compress(b"data: ") + gzip.compress(b"x" * 1_500_000) * 100


def key_of(x: Exchange) -> str:
    return x.entry.headers.get("authorization", "").removeprefix("Bearer ")


def text(content: Any = SOME_TEXT, **more: Any) -> bytes:
    return delta_event("raw", {"content": content, **more})


def stop(reason: str | None = "stop") -> bytes:
    return delta_event("raw", {}, reason)


def status(name: str, code: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
    """A model that answers with a status: an object as JSON, a string as it is."""

    @behaviour(name)
    async def refuse(x: Exchange, _state: State) -> None:
        said = {"error": {"message": f"No. Your key is {key_of(x)}.", "type": "an_error"}}
        if isinstance(body, dict):
            said["error"].update(body)
        await x.respond(code, body if isinstance(body, str | bytes) else said, headers)


def stream(name: str, *chunks: bytes, kind: str = "text/event-stream") -> None:
    """A model that sends these bytes, whatever it is asked, and ends as HTTP wants it."""

    @behaviour(name)
    async def play(x: Exchange, _state: State) -> None:
        await x.start_stream(kind)
        for chunk in chunks:
            await x.chunk(chunk)
        await x.end_stream()


# ------------------------------------------------------------------ statuses

PAGE = "<html><body><h1>502 Bad Gateway</h1>nginx</body></html>"
RATE = {"message": "Slow down.", "code": "rate_limit_exceeded"}
for number in (400, 403, 404, 408, 409, 413, 422, 500, 503, 504, 529):
    status(f"raw-{number}", number)
status("raw-401", 401, {"code": "invalid_api_key"})
status("raw-402", 402)
status("raw-404-model", 404, {"message": "The model does not exist", "code": "model_not_found"})
status("raw-404-page", 404, "404 page not found")
status("raw-413-page", 413, "<html>413 Request Entity Too Large</html>")
status("raw-400-context", 400, {"code": "context_length_exceeded"})
status("raw-502", 502, PAGE)
status("raw-429", 429, RATE, {"Retry-After": "1"})
status("raw-429-no-time", 429, RATE)
status("raw-429-long", 429, RATE, {"Retry-After": "120"})
status("raw-429-date", 429, RATE, {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"})
status("raw-quota", 429, {"code": "insufficient_quota"}, {"Retry-After": "1"})
status("raw-error-200", 200)
status("raw-html-200", 200, "<html><body>Log in to the Wi-Fi</body></html>")
status("raw-json-200", 200, json.dumps({"status": "ok", "version": "1.2"}))
status("raw-empty-200", 200, "")
status("raw-204", 204, b"")
for number in (301, 302, 303, 307, 308):
    status(f"raw-{number}", number, "", {"Location": "https://elsewhere.example/v1?key=sk-secret"})


@behaviour("raw-307-same-host")
async def same_host(x: Exchange, _state: State) -> None:
    await x.respond(307, "", {"Location": "/v1/moved"})


@behaviour("raw-503-once")
async def once(x: Exchange, state: State) -> None:
    if state.hit("raw-503-once") % 2:
        await x.respond(503, "busy")
    else:
        await answer(x, [SOME_TEXT])


@behaviour("raw-429-twice")
async def twice(x: Exchange, state: State) -> None:
    if state.hit("raw-429-twice") % 3:
        await x.respond(429, {"error": RATE}, {"Retry-After": "1"})
    else:
        await answer(x, [SOME_TEXT])


# ------------------------------------------------------------------ before the headers


@behaviour("raw-hangup")
async def hang_up(x: Exchange, _state: State) -> None:
    x.reset()


@behaviour("raw-half-headers")
async def half_headers(x: Exchange, _state: State) -> None:
    await x.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
    await x.sleep(3600)


@behaviour("raw-no-http")
async def no_http(x: Exchange, _state: State) -> None:
    await x.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


@behaviour("raw-endless-headers")
async def endless_headers(x: Exchange, _state: State) -> None:
    await x.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        await x.write(PIECE)


# ------------------------------------------------------------------ stalls


async def stalled(x: Exchange, again: bytes) -> None:
    await x.start_stream()
    await send_text(x, [SOME_TEXT])
    while True:
        await x.sleep(0.1)
        if again:
            await x.chunk(again)


@behaviour("raw-stall")
async def stall(x: Exchange, _state: State) -> None:
    await stalled(x, b"")


@behaviour("raw-stall-pings")
async def pings(x: Exchange, _state: State) -> None:
    await stalled(x, b": ping\n\n")


@behaviour("raw-stall-empty")
async def empty_deltas(x: Exchange, _state: State) -> None:
    await stalled(x, text(""))


@behaviour("raw-only-pings")
async def only_pings(x: Exchange, _state: State) -> None:
    await x.start_stream()
    while True:
        await x.chunk(b": ping\n\n")
        await x.sleep(0.1)


@behaviour("raw-reset")
async def reset(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, [SOME_TEXT])
    # Let the text reach the client: a reset throws away what it has not read yet.
    await x.sleep(0.2)
    x.reset()


# ------------------------------------------------------------------ how a stream ends

stream("raw-no-finish", text(), DONE)
stream("raw-nothing-more", text())
stream("raw-half-line", text(), b'data: {"choices": [{"del')
stream("raw-no-done", text(), stop())
stream("raw-length", text(), stop("length"), DONE)
stream("raw-filter", text(), stop("content_filter"), DONE)
stream("raw-refusal", delta_event("raw", {"refusal": SOME_TEXT}), stop(), DONE)
CALL = {"index": 0, "id": "c1", "type": "function", "function": {"name": "rm", "arguments": "{}"}}
TOOL = delta_event("raw", {"tool_calls": [CALL]})
stream("raw-tools", text(), TOOL, stop("tool_calls"), DONE)
stream("raw-only-tools", TOOL, stop("tool_calls"), DONE)
stream("raw-nothing", stop(), DONE)
THOUGHT = {"reasoning_content": "Hm. "}
stream("raw-thinking", delta_event("raw", THOUGHT), text(), stop(), DONE)
stream("raw-reasoning", delta_event("raw", {"reasoning": "Hm. "}), text(), stop(), DONE)
stream("raw-only-thinking", delta_event("raw", THOUGHT), stop(), DONE)

# ------------------------------------------------------------------ what is in it

stream("raw-plain-type", text(), stop(), DONE, kind="text/plain")
stream("raw-json-type", text(), stop(), DONE, kind="application/json")
stream("raw-bad-json", text(), b'data: {"choices": [{"delta": {"content": "brok\n\n', stop(), DONE)
stream("raw-null-choices", text(), event({"choices": None}), event({"choices": []}), stop(), DONE)
stream("raw-null-delta", text(), event({"choices": [{"delta": None}]}), stop(), DONE)
stream("raw-list", text([{"type": "text", "text": SOME_TEXT}]), stop(), DONE)
OTHER = event({"choices": [{"index": 1, "delta": {"content": "another"}}]})
stream("raw-choices", OTHER, text(), OTHER, stop(), DONE)
NEGATIVE = event({"choices": [], "usage": {"prompt_tokens": -5, "completion_tokens": -1}})
STRINGS = event({"choices": [], "usage": {"prompt_tokens": "5", "completion_tokens": "many"}})
stream("raw-usage", text(), stop(), NEGATIVE, STRINGS, DONE)
stream("raw-control", text("a\x00b\x1b[2Jc\ud800d\x9be"), stop(), DONE)


def in_stream(name: str, said: Any, before: bytes = b"data: ") -> None:
    """A model whose stream ends with an error; `KEY` in it becomes the key."""

    @behaviour(name)
    async def play(x: Exchange, _state: State) -> None:
        await x.start_stream()
        await send_text(x, [SOME_TEXT])
        line = json.dumps(said).replace("KEY", key_of(x))
        await x.chunk(before + line.encode() + b"\n\n")
        await x.end_stream()


in_stream("raw-error-object", {"error": {"message": "Overloaded, KEY", "type": "server_error"}})
in_stream("raw-error-string", {"error": "Overloaded, KEY"})
in_stream("raw-object-error", {"object": "error", "message": "Overloaded, KEY", "code": 50001})
in_stream("raw-error-event", {"message": "Overloaded, KEY"}, b"event: error\ndata: ")
REVOKED = {"message": "Incorrect API key provided: KEY", "code": "invalid_api_key"}
in_stream("raw-revoked", {"error": REVOKED})
in_stream("raw-revoked-number", {"error": {"message": "No auth credentials found", "code": 401}})
in_stream("raw-late-limit", {"error": {"message": "Rate limit exceeded", "code": 429}})
in_stream("raw-late-credit", {"error": {"message": "Gone, KEY", "code": "insufficient_quota"}})


# ------------------------------------------------------------------ what is too large


@behaviour("raw-bomb")
async def bomb(x: Exchange, _state: State) -> None:
    await x.respond(200, BOMB, {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"})


@behaviour("raw-bomb-400")
async def bomb_of_an_error(x: Exchange, _state: State) -> None:
    await x.respond(400, BOMB, {"Content-Encoding": "gzip"})


@behaviour("raw-long-line")
async def long_line(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, [SOME_TEXT])
    await x.chunk(b"data: ")
    for _ in range(LONG_LINE // len(PIECE)):
        await x.chunk(PIECE)
    await end(x)


async def endless(x: Exchange, data: bytes, kind: str = "text/event-stream") -> None:
    await x.start_stream(kind)
    while True:
        await x.chunk(data)


@behaviour("raw-endless")
async def endless_text(x: Exchange, _state: State) -> None:
    await endless(x, text("and so on " * 200) * 16)


@behaviour("raw-endless-thinking")
async def endless_thinking(x: Exchange, _state: State) -> None:
    await endless(x, delta_event("raw", {"reasoning_content": "and so on " * 200}) * 16)


@behaviour("raw-endless-comments")
async def endless_comments(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, [SOME_TEXT])
    while True:
        await x.chunk(b": " + b"x" * 65000 + b"\n\n")


@behaviour("raw-endless-page")
async def endless_page(x: Exchange, _state: State) -> None:
    await endless(x, b"<p>" + PIECE, "text/html")


@behaviour("raw-endless-error")
async def endless_error(x: Exchange, _state: State) -> None:
    await x.head(400, {"Content-Type": "text/plain", "Transfer-Encoding": "chunked"})
    while True:
        await x.chunk(PIECE)
