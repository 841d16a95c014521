"""The fake models that misbehave, each in one way that was seen in the wild."""

from __future__ import annotations

import asyncio

from .behaviours import (
    State,
    answer,
    behaviour,
    delta_event,
    end,
    event,
    markdown_answer,
    pieces_of,
    prompt_of,
    refuse,
    send_text,
)
from .http import Exchange

SOME_TEXT = "The first words arrive, and then"


@behaviour("fake-401")
async def unauthorized(x: Exchange, _state: State) -> None:
    key = x.entry.headers.get("authorization", "").removeprefix("Bearer ")
    await refuse(x, 401, f"Incorrect API key provided: {key}.", code="invalid_api_key")


@behaviour("fake-403")
async def forbidden(x: Exchange, _state: State) -> None:
    await refuse(x, 403, "Your project does not have access to this model.")


@behaviour("fake-404")
async def missing(x: Exchange, _state: State) -> None:
    await refuse(x, 404, "The model `fake-404` does not exist.", code="model_not_found")


@behaviour("fake-429")
async def limited(x: Exchange, state: State) -> None:
    if state.hit("fake-429") % 3:
        await refuse(
            x, 429, "Rate limit reached.", code="rate_limit_exceeded", headers={"Retry-After": "1"}
        )
    else:
        await answer(x, pieces_of(markdown_answer(prompt_of(x.json))))


@behaviour("fake-429-always")
async def always_limited(x: Exchange, _state: State) -> None:
    await refuse(
        x, 429, "Rate limit reached.", code="rate_limit_exceeded", headers={"Retry-After": "1"}
    )


@behaviour("fake-quota")
async def quota(x: Exchange, _state: State) -> None:
    await refuse(
        x,
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        code="insufficient_quota",
    )


@behaviour("fake-500")
async def broken(x: Exchange, _state: State) -> None:
    await refuse(x, 500, "The server had an error while processing your request.")


@behaviour("fake-503-once")
async def busy_once(x: Exchange, state: State) -> None:
    if state.hit("fake-503-once") % 2:
        await x.respond(503, "<html><body><h1>503 Service Unavailable</h1></body></html>")
    else:
        await answer(x, pieces_of(markdown_answer(prompt_of(x.json))))


@behaviour("fake-silent")
async def silent(x: Exchange, _state: State) -> None:
    await x.sleep(3600)


@behaviour("fake-stall")
async def stall(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, pieces_of(SOME_TEXT))
    while True:
        await x.sleep(0.1)
        await x.chunk(b": ping\n\n")


@behaviour("fake-cut")
async def cut(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, pieces_of(SOME_TEXT))
    # Let the text reach the client: a reset throws away what it has not read yet.
    await x.sleep(0.1)
    await x.write(b"40\r\ndata: {")
    x.reset()


@behaviour("fake-end")
async def early_end(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, pieces_of(SOME_TEXT))
    await end(x, None)


@behaviour("fake-html")
async def html(x: Exchange, _state: State) -> None:
    key = x.entry.headers.get("authorization", "")
    await x.respond(200, f"<html><body><h1>Log in to the Wi-Fi</h1><!-- {key} --></body></html>")


@behaviour("fake-malformed")
async def malformed(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, pieces_of(SOME_TEXT))
    await x.chunk(b'data: {"choices": [{"delta": {"content": "brok\n\n')
    await end(x)


@behaviour("fake-error-event")
async def error_event(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, pieces_of(SOME_TEXT))
    await x.chunk(
        event({"error": {"message": "The engine is overloaded.", "type": "server_error"}})
    )
    await x.end_stream()


@behaviour("fake-redirect")
async def redirect(x: Exchange, _state: State) -> None:
    await x.respond(307, "", {"Location": "https://elsewhere.example/v1/chat/completions"})


@behaviour("fake-key")
async def with_key(x: Exchange, state: State) -> None:
    if x.entry.headers.get("authorization", "").startswith("Bearer sk-canary"):
        await answer(x, pieces_of(markdown_answer(prompt_of(x.json))))
    else:
        await unauthorized(x, state)


# ------------------------------------------------- servers that refuse a parameter


@behaviour("fake-no-stream-options")
async def no_stream_options(x: Exchange, _state: State) -> None:
    if "stream_options" in x.json:
        await refuse(x, 422, "Extra inputs are not permitted: stream_options")
    else:
        await answer(x, ["Without ", "usage."])


@behaviour("fake-old")
async def old_server(x: Exchange, _state: State) -> None:
    if "max_completion_tokens" in x.json:
        await refuse(x, 400, "Unrecognized request argument supplied: max_completion_tokens")
    else:
        await answer(x, ["An ", "old ", "server."])


@behaviour("fake-strict")
async def strict(x: Exchange, _state: State) -> None:
    if "temperature" in x.json:
        await refuse(
            x,
            400,
            "Unsupported value: 'temperature' does not support 0.2 with this model.",
            param="temperature",
            code="unsupported_value",
        )
    elif "max_tokens" in x.json:
        await refuse(
            x,
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        )
    else:
        await answer(x, ["A ", "strict ", "model."])


@behaviour("fake-odd")
async def odd(x: Exchange, _state: State) -> None:
    """Everything that a tolerant reader passes over, around the text `Still fine.`."""
    await x.start_stream()
    first = delta_event("fake-odd", {"role": "assistant", "content": None})
    await x.chunk(b": a comment\r\nevent: message\r\nid: 1\r\n" + first.replace(b"\n", b"\r"))
    for odd_one in (
        {"choices": None},
        {"choices": []},
        {"choices": [None]},
        {"choices": [{"index": 0, "delta": None}]},
        {"choices": [{"index": 1, "delta": {"content": "another choice"}}]},
        {"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "Still"}]}}]},
        {"choices": [], "usage": {"prompt_tokens": -5, "completion_tokens": "many"}},
        [1, 2],
        "text",
        None,
    ):
        await x.chunk(event(odd_one))
    split = delta_event("fake-odd", {"content": " fine. "})
    for start in range(0, len(split), 7):
        await x.chunk(split[start : start + 7])
        await asyncio.sleep(0)
    await end(x)


@behaviour("fake-huge-line")
async def huge_line(x: Exchange, _state: State) -> None:
    await x.start_stream()
    await send_text(x, pieces_of(SOME_TEXT))
    await x.chunk(b"data: ")
    while True:
        await x.chunk(b"x" * 65536)


@behaviour("fake-endless")
async def endless(x: Exchange, _state: State) -> None:
    await x.start_stream()
    while True:
        await send_text(x, ["and so on " * 10] * 32)
