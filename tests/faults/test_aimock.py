"""The faults of `aimock`: its chaos, by header and by fixture, and its interrupted streams."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.durability.server import Nursery, Server

from .driver import QUICK, Driver, Row, assert_table
from .foreign import AIMOCK_KEY, aimock, call

pytestmark = pytest.mark.timeout(300)

# It sends pieces of five characters; the first chunk holds the role.
TEXT = "one, two, three, four, five, six"
KEY = {"setting": "key"}
URL = {"setting": "base_url"}
LOGIN = {"Authorization": f"Bearer {AIMOCK_KEY}"}

# Each kind by the header of a provider, and the same in a fixture.
CHAOS: dict[str, tuple[str, str, Row]] = {
    "drop": (
        "dropRate",
        "1",
        Row("drop", "m", "provider_unavailable", calls=3, detail={"status": 500}),
    ),
    "malformed": ("malformedRate", "1", Row("malformed", "m", "not_a_stream", detail=URL)),
    "disconnect": (
        "disconnectRate",
        "1",
        Row("disconnect", "m", "cannot_reach", detail={"reason": "closed"}),
    ),
    "ratelimit": ("rateLimitRate", "1", Row("ratelimit", "m", "provider_rate_limited", calls=3)),
    "latency": ("latencyMs", "300", Row("latency", "m", text=TEXT)),
    "silence": ("latencyMs", "30000", Row("latency of 30 s", "m", "provider_silent", arrive=0)),
}


def failing(status: int, code: str, kind: str, calls: int = 1, **more: Any) -> Any:
    row = Row(f"error {status}", f"error-{status}", code, calls=calls, detail=more)
    error = {"error": {"message": "Something is wrong", "type": kind, "code": kind}}
    return row, {"response": {**error, "status": status}}


def ending(name: str, response: dict[str, Any], code: str = "", **more: Any) -> Any:
    return Row(name, name.replace(" ", "-"), code, **more), {"response": response}


CALL = {"name": "rm", "arguments": {"path": "/"}}
FIXTURES: list[tuple[Row, dict[str, Any]]] = [
    failing(400, "provider_bad_request", "invalid_request_error"),
    failing(401, "provider_auth", "invalid_api_key", **KEY),
    failing(403, "provider_forbidden", "permission_error", **KEY),
    failing(404, "model_not_found", "model_not_found", setting="model"),
    failing(429, "no_credit", "insufficient_quota", setting="billing"),
    failing(503, "provider_unavailable", "overloaded", 3),
    (
        Row("truncateAfterChunks", "truncated", "stream_cut", None),
        {"response": {"content": TEXT}, "latency": 100, "truncateAfterChunks": 3},
    ),
    (
        Row("disconnectAfterMs", "disconnected", "stream_cut", None),
        {"response": {"content": TEXT}, "latency": 400, "disconnectAfterMs": 1500},
    ),
    (
        Row("a first token after 300 ms", "slow", text=TEXT),
        {"response": {"content": TEXT}, "streamingProfile": {"ttft": 300, "tps": 50}},
    ),
    (
        Row("a first token after 60 s", "slower", "provider_silent"),
        {"response": {"content": TEXT}, "streamingProfile": {"ttft": 60000, "tps": 50}},
    ),
    *(
        ending(f"finish {why}", {"content": TEXT, "finishReason": why}, text=TEXT, finish=why)
        for why in ("length", "content_filter")
    ),
    ending("tool calls", {"content": TEXT, "toolCalls": [CALL]}, text=TEXT, finish="tool_calls"),
    ending("only tool calls", {"toolCalls": [CALL]}, "empty_answer"),
    ending("reasoning", {"content": TEXT, "reasoning": "Hm. "}, text=TEXT, thinking="Hm. "),
]


def fixtures() -> list[dict[str, Any]]:
    mine = [{"match": {"model": row.model}, **fixture} for row, fixture in FIXTURES]
    chaos = [
        {
            "match": {"model": f"chaos-{name}"},
            "response": {"content": TEXT},
            "chaos": {field: float(value)},
        }
        for name, (field, value, _) in CHAOS.items()
    ]
    good = [f"by-header-{name}" for name in CHAOS] + ["good"]
    return [
        *mine,
        *chaos,
        *({"match": {"model": model}, "response": {"content": TEXT}} for model in good),
    ]


def rows() -> list[Row]:
    found = [row for row, _ in FIXTURES]
    for name, (_, _, row) in CHAOS.items():
        by_header = replace(row, fault=f"{row.fault}, by header", provider=name)
        found.append(replace(by_header, model=f"by-header-{name}"))
        found.append(replace(row, fault=f"{row.fault}, by fixture", model=f"chaos-{name}"))
    found.append(Row("no fixture for it", "unmatched", "provider_bad_request", detail=URL))
    found.append(Row("its key is missing", "good", "provider_auth", provider="keyless", arrive=0))
    return found


async def test_each_fault_of_aimock(home: Path, nursery: Nursery) -> None:
    with aimock(fixtures(), home) as origin:
        server = Server(home, f"{origin}/v1", nursery=nursery, traits=QUICK)
        driver = Driver(server)
        try:
            await server.start()
            await driver.open()
            await driver.get("providers/default", "PATCH", {"headers": LOGIN})
            for name, (field, value, _) in CHAOS.items():
                kind = "latency" if field == "latencyMs" else name
                header = {f"X-AIMock-Chaos-{kind}": value}
                await driver.provider(name, f"{origin}/v1", {**LOGIN, **header})
            await driver.provider("keyless", f"{origin}/v1")
            await driver.run(Row("an answer", "good", text=TEXT))

            async def requests_of(row: Row) -> int:
                seen = call(f"{origin}/__aimock/journal")
                return sum((e.get("body") or {}).get("model") == row.model for e in seen)

            outcomes = await driver.run_all(rows(), requests_of)
        finally:
            driver.close()
            server.close()
    assert_table("Faults of aimock", outcomes)
