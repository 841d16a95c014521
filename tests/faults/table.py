"""The provider's table of faults, each variant that it names."""

from __future__ import annotations

from typing import Any

from tests.fakes.provider import FakeProvider

from .driver import SOME_TEXT, Row

KEY = {"setting": "key"}
URL = {"setting": "base_url"}
MIB = 2**20

_WITHOUT = "Without usage."


def unreachable(reason: str) -> dict[str, str]:
    return {"reason": reason, **URL}


BEFORE_THE_ANSWER = [
    Row("429 with Retry-After, then an answer", "raw-429-twice", text=SOME_TEXT, calls=3),
    Row("429 with Retry-After, always", "raw-429", "provider_rate_limited", calls=3),
    Row("429 without Retry-After", "raw-429-no-time", "provider_rate_limited", calls=3),
    Row(
        "429, Retry-After over 60 s",
        *("raw-429-long", "provider_rate_limited"),
        retry_after=(110, 120),
    ),
    Row(
        "429, Retry-After as a date",
        *("raw-429-date", "provider_rate_limited"),
        retry_after=(1e6, 1e10),
    ),
    Row("429 insufficient_quota", "raw-quota", "no_credit", detail={"setting": "billing"}),
    Row("402", "raw-402", "no_credit", detail={"setting": "billing"}),
    *(
        Row(f"{code}, {calls} attempts", f"raw-{code}", "provider_unavailable", calls=3)
        for code, calls in ((500, 3), (503, 3), (529, 3), (408, 3), (409, 3))
    ),
    Row("502 with HTML", "raw-502", "provider_unavailable", calls=3, detail={"status": 502}),
    Row("503, then an answer", "raw-503-once", text=SOME_TEXT, calls=2),
    Row("400", "raw-400", "provider_bad_request"),
    Row("400, the context is too long", "raw-400-context", "prompt_too_long"),
    Row("401", "raw-401", "provider_auth", detail=KEY),
    Row("403", "raw-403", "provider_forbidden", detail=KEY),
    Row("404, no such model", "raw-404-model", "model_not_found", detail={"setting": "model"}),
    Row("404, a page", "raw-404-page", "provider_bad_request", detail=URL),
    Row("413", "raw-413", "prompt_too_long"),
    Row("413 with HTML", "raw-413-page", "prompt_too_long"),
    Row("422", "raw-422", "provider_bad_request"),
    *(
        Row(
            f"redirect {code} to another host",
            *(f"raw-{code}", "redirect_refused"),
            detail={"target": "https://elsewhere.example/v1"},
        )
        for code in (301, 302, 303, 307, 308)
    ),
    Row("redirect to the same host", "raw-307-same-host", "redirect_refused"),
]

NO_ANSWER = [
    Row(
        *("refused connection", "any", "cannot_reach"),
        **{"arrive": 0, "provider": "refused", "detail": unreachable("refused")},
    ),
    Row(
        *("a name that does not exist", "any", "cannot_reach"),
        **{"arrive": 0, "provider": "unknown-name", "detail": unreachable("dns")},
    ),
    Row(
        *("TLS to a plain port", "any", "cannot_reach"),
        **{"arrive": 0, "provider": "tls", "detail": unreachable("tls")},
    ),
    Row(
        *("nobody accepts the connection", "any", "cannot_reach"),
        **{"arrive": 0, "provider": "deaf", "detail": unreachable("timeout")},
    ),
    Row(
        *("hung up before the headers", "raw-hangup", "cannot_reach"),
        detail=unreachable("closed"),
    ),
    Row("not HTTP at all", "raw-no-http", "cannot_reach", detail=unreachable("closed")),
    Row("endless headers", "raw-endless-headers", "cannot_reach", detail=unreachable("closed")),
    Row("silence before the headers", "fake-silent", "provider_silent"),
    Row("half of the headers", "raw-half-headers", "provider_silent"),
    Row(
        *("a model that is not allowed", "forbidden-gpt", "model_not_allowed"),
        **{"calls": 0, "stored": False, "detail": {"model": "forbidden-gpt"}},
    ),
    Row(
        *("no key for OpenAI", "any", "no_key"),
        **{"provider": "openai", "calls": 0, "detail": KEY},
    ),
]

STREAMS = [
    Row("silence, pings only", "raw-only-pings", "stream_stalled"),
    Row("stall", "raw-stall", "stream_stalled", SOME_TEXT),
    Row("stall behind `: ping`", "raw-stall-pings", "stream_stalled", SOME_TEXT),
    Row("stall behind empty deltas", "raw-stall-empty", "stream_stalled", SOME_TEXT),
    Row("connection reset", "raw-reset", "stream_cut", SOME_TEXT),
    Row("[DONE] without finish_reason", "raw-no-finish", "stream_cut", SOME_TEXT),
    Row("clean end without anything", "raw-nothing-more", "stream_cut", SOME_TEXT),
    Row("end within a line", "raw-half-line", "stream_cut", SOME_TEXT),
    Row("finish_reason without [DONE]", "raw-no-done", text=SOME_TEXT),
    Row("200 with HTML", "raw-html-200", "not_a_stream", detail=URL),
    Row("200 with other JSON", "raw-json-200", "not_a_stream", detail=URL),
    Row("200 with nothing", "raw-empty-200", "not_a_stream", detail=URL),
    Row("204", "raw-204", "not_a_stream", detail=URL),
    Row("200 with an error", "raw-error-200", "provider_error"),
    Row("200, a whole completion", "fake-json", text=312, prompt="Hi"),
    Row("data: lines as text/plain", "raw-plain-type", text=SOME_TEXT),
    Row("data: lines as application/json", "raw-json-type", text=SOME_TEXT),
    Row("malformed JSON line", "raw-bad-json", "malformed_stream", SOME_TEXT),
    Row("error event, an object", "raw-error-object", "provider_error", SOME_TEXT),
    Row("error event, a string", "raw-error-string", "provider_error", SOME_TEXT),
    Row('{"object": "error"}', "raw-object-error", "provider_error", SOME_TEXT),
    Row("event: error", "raw-error-event", "provider_error", SOME_TEXT),
    Row("key revoked in mid-stream", "raw-revoked", "provider_auth", SOME_TEXT, detail=KEY),
    Row("the same, as 401", "raw-revoked-number", "provider_auth", SOME_TEXT, detail=KEY),
    Row("429 in mid-stream", "raw-late-limit", "provider_rate_limited", SOME_TEXT),
    Row(
        *("no credit in mid-stream", "raw-late-credit", "no_credit", SOME_TEXT),
        detail={"setting": "billing"},
    ),
    Row("empty or null choices", "raw-null-choices", text=SOME_TEXT),
    Row("null delta", "raw-null-delta", text=SOME_TEXT),
    Row("content as a list", "raw-list", text=SOME_TEXT),
    Row("several choices", "raw-choices", text=SOME_TEXT),
    Row("negative and string usage", "raw-usage", text=SOME_TEXT),
    Row("all of these, and lines cut anywhere", "fake-odd", text="Still fine. "),
    Row("finish length", "raw-length", text=SOME_TEXT, finish="length"),
    Row("finish content_filter", "raw-filter", text=SOME_TEXT, finish="content_filter"),
    Row("refusal", "raw-refusal", text=SOME_TEXT, finish="content_filter"),
    Row("tool calls nobody asked for", "raw-tools", text=SOME_TEXT, finish="tool_calls"),
    Row("nothing but tool calls", "raw-only-tools", "empty_answer"),
    Row("nothing at all", "raw-nothing", "empty_answer"),
    Row("reasoning_content", "raw-thinking", text=SOME_TEXT, thinking="Hm. "),
    Row("reasoning", "raw-reasoning", text=SOME_TEXT, thinking="Hm. "),
    Row("nothing but reasoning", "raw-only-thinking", "empty_answer", thinking="Hm. "),
    Row("NUL, escapes, half a surrogate", "raw-control", text="a\ufffdb\ufffd[2Jc\ufffdd\ufffde"),
]

# One after the other: what a refusal taught is remembered for the endpoint and the model.
_WARM: dict[str, Any] = {"params": {"temperature": 0.2}, "text": "A strict model."}
PARAMETERS = [
    Row("a 400 that names nothing", "raw-400", "provider_bad_request", calls=2, provider="fresh"),
    Row("stream_options", "fake-no-stream-options", calls=2, text=_WITHOUT, provider="fresh"),
    Row("the same again", "fake-no-stream-options", text=_WITHOUT, provider="fresh"),
    Row("temperature, reasoning model", "fake-strict", calls=3, dropped=["temperature"], **_WARM),
    Row("the same again", "fake-strict", **_WARM),
    Row("max_completion_tokens, older server", "fake-old", text="An old server."),
]

SIZES = [
    Row("gzip bomb", "raw-bomb", "not_a_stream", detail=URL),
    Row("gzip bomb as an error", "raw-bomb-400", "provider_bad_request"),
    Row("a line of 20 MB", "raw-long-line", "answer_too_large", SOME_TEXT),
    Row("endless answer", "raw-endless", "answer_too_large", MIB),
    Row("endless thinking", "raw-endless-thinking", "answer_too_large", thinking=MIB),
    Row("endless comments", "raw-endless-comments", "answer_too_large", SOME_TEXT),
    Row("endless page", "raw-endless-page", "not_a_stream", detail=URL),
    Row("endless error", "raw-endless-error", "provider_bad_request"),
]

ALL = [*BEFORE_THE_ANSWER, *NO_ANSWER, *STREAMS]


def arrived(fake: FakeProvider, row: Row) -> int:
    """How many requests the provider got of a row."""
    return sum(entry["body"].get("model") == row.model for entry in fake.asked())
