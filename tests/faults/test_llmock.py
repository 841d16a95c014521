"""The faults of `llmock`, all kinds that it has, and its verdict on our server as a client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.durability.server import Nursery, Server
from tests.handlers.conftest import submit

from .driver import QUICK, Driver, Row, assert_table
from .foreign import call, llmock

pytestmark = pytest.mark.timeout(300)

TEXT = "one two three four five six"
# The first chunk holds the role: after three there are two words.
BEGUN = "one two "
TOOL = [{"name": "rm", "arguments": {"path": "/"}}]


def failing(status: int, code: str, calls: int = 1, **more: Any) -> tuple[Row, dict[str, Any]]:
    row = Row(f"HTTP {status}", f"fail-{status}", code, calls=calls, detail=more)
    return row, {"type": "fail", "status": status, "times": None}


def broken(
    name: str, code: str, fault: str = "stream_fault", text: str = BEGUN, **more: Any
) -> tuple[Row, dict[str, Any]]:
    return Row(name, f"x-{name}", code, text), {"type": fault, "times": None, **more}


def said(name: str, reply: dict[str, Any], code: str = "", **more: Any) -> Any:
    return Row(f"reply: {name}", f"reply-{name}", code, **more), {"type": "reply", **reply}


KEY, DOWN = {"setting": "key"}, "provider_unavailable"
LIMIT = "provider_rate_limited"
SCENARIOS: list[tuple[Row, dict[str, Any]]] = [
    failing(400, "provider_bad_request"),
    failing(401, "provider_auth", **KEY),
    failing(403, "provider_forbidden", **KEY),
    failing(404, "provider_bad_request", setting="base_url"),
    failing(413, "prompt_too_long"),
    failing(422, "provider_bad_request"),
    *(failing(status, DOWN, 3) for status in (408, 409, 500, 502, 503, 504, 529)),
    failing(429, LIMIT, 3),
    (
        Row("429 twice, Retry-After, then an answer", "rate-twice", text=TEXT, calls=3),
        {"type": "fail", "status": 429, "retry_after": 1, "times": 2},
    ),
    (
        Row("429, Retry-After over 60 s", "rate-long", LIMIT, retry_after=(85, 90)),
        {"type": "fail", "status": 429, "retry_after": 90, "times": None},
    ),
    (
        Row("context overflow", "overflow", "prompt_too_long"),
        {"type": "fail", "status": 400, "code": "context_length_exceeded", "times": None},
    ),
    broken("disconnect", "stream_cut", kind="disconnect", after_chunks=3),
    broken("truncate", "stream_cut", kind="truncate", after_chunks=3),
    broken("malformed", "malformed_stream", kind="malformed", after_chunks=3),
    broken("stall", "stream_stalled", kind="stall", after_chunks=3, stall_seconds=60),
    broken("slow response", "", "delay", TEXT, seconds=0.5),
    # Longer than the 3 s of the server, and short enough to be in the journal at the end.
    broken("silence", "provider_silent", "delay", "", seconds=5),
    broken("slow first token", "", "slow_first_token", TEXT, seconds=0.5),
    broken("no first token", "stream_stalled", "slow_first_token", "", seconds=60),
    said("length", {"text": TEXT, "finish_reason": "length"}, text=TEXT, finish="length"),
    said(
        "filter",
        {"text": TEXT, "finish_reason": "content_filter"},
        text=TEXT,
        finish="content_filter",
    ),
    said("tools", {"text": TEXT, "tool_calls": TOOL}, text=TEXT, finish="tool_calls"),
    said("only-tools", {"tool_calls": TOOL}, "empty_answer"),
    (
        Row("a tool that was not offered", "tool-fault", text=TEXT, finish="tool_calls"),
        {"type": "tool_fault", "kind": "unknown_tool", "match": {}},
    ),
]


def scenario() -> list[dict[str, Any]]:
    asked = []
    for row, behaviour in SCENARIOS:
        match = {**behaviour.get("match", {}), "model": row.model}
        asked.append({**behaviour, "match": match})
    return [*asked, {"type": "reply", "text": TEXT, "times": None}]


async def test_each_scenario_of_llmock(home: Path, nursery: Nursery) -> None:
    with llmock("--tool-mode", "off") as origin:
        server = Server(home, f"{origin}/v1", nursery=nursery, traits=QUICK)
        driver = Driver(server)
        try:
            await server.start()
            await driver.open()
            call(f"{origin}/_llmock/scenario", {"behaviors": scenario()})
            await driver.run(Row("an answer", "good", text=TEXT))

            async def requests_of(row: Row) -> int:
                seen = call(f"{origin}/_llmock/requests")["requests"]
                return sum(entry["model"] == row.model for entry in seen)

            outcomes = await driver.run_all([row for row, _ in SCENARIOS], requests_of)
            verdict = call(f"{origin}/_llmock/verdict")
        finally:
            driver.close()
            server.close()
    assert_table("Scenarios of llmock", outcomes)
    found = {finding["code"] for finding in verdict["findings"] if finding["severity"] == "error"}
    # It takes a cut stream that is not asked again for one that was believed: ours is kept as
    # `incomplete`, as the table has it, and asked again only by the user, who pays for it.
    assert found == {"truncated_stream_accepted"}


async def test_a_quota_is_counted_down_and_can_be_stopped(home: Path, nursery: Nursery) -> None:
    with llmock("--rpm", "1", "--context-window", "200") as origin:
        server = Server(home, f"{origin}/v1", nursery=nursery, traits=QUICK)
        driver = Driver(server)
        try:
            await server.start()
            await driver.open()
            long = await driver.run(
                Row("context window", "m", "prompt_too_long", prompt="word " * 1000)
            )
            await driver.run(Row("an answer", "m"))
            frames = await driver.stop_at(submit("Another", "m"), "retrying")
        finally:
            driver.close()
            server.close()
    assert long.code == "prompt_too_long"
    waits = [frame["wait_s"] for frame in frames if frame["type"] == "retrying"]
    # One a minute, and one was asked.
    assert len(waits) == 1
    assert 0 < waits[0] <= 60
    assert (frames[-1]["type"], frames[-1]["finish_reason"]) == ("finished", "cancelled")
