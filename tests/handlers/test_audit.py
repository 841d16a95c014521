"""The audit event: one for each turn, with ids and counts and without text."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.handlers.audit import TURN

from .conftest import submit

ROOT = Path(__file__).parents[2]
QUESTION = "Zanzibar, in a question"
SOURCE = "kilimanjaro = 'in a cell'"
CELL = {
    "type": "cell",
    "cell_id": "c1",
    "path": "serengeti.ipynb",
    "source": SOURCE,
    "language": "python",
}


@pytest.fixture
def events(jp_serverapp: Any) -> io.StringIO:
    """What a handler of the administrator's writes."""
    out = io.StringIO()
    jp_serverapp.event_logger.register_handler(logging.StreamHandler(out))
    return out


def read(out: io.StringIO) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    return [event for event in found if event["__schema__"] == TURN]


async def test_each_turn_is_told_by_ids_and_counts(
    connect: Any, fake: Any, events: io.StringIO
) -> None:
    client = await connect()
    good = submit(QUESTION, "fake-gpt")
    good["parts"].append(CELL)
    bad = submit(QUESTION, "fake-429-always")
    refused = {**submit("", "fake-gpt"), "parts": []}
    for asked in (good, bad, refused):
        await client.send(asked)
        await client.end(asked)
    answer = client.text(good)
    async with asyncio.timeout(10):
        while len(read(events)) < 2:
            await asyncio.sleep(0.01)

    told = read(events)
    assert len(told) == 2
    by_request = {event["request_id"]: event for event in told}
    first, second = by_request[good["request_id"]], by_request[bad["request_id"]]
    host = f"127.0.0.1:{fake.port}"
    ids = ("request_id", "conversation_id", "answer_id")
    assert {name: first[name] for name in ids} == {name: good[name] for name in ids}
    assert (first["owner"], first["provider"], first["host"]) == ("local", "default", host)
    assert (first["model"], first["parts"]) == ("fake-gpt", {"text": 1, "cell": 1})
    assert (first["attempts"], first["status"]) == (1, "complete")
    assert (first["finish_reason"], first["error_code"]) == ("stop", None)
    assert first["input_tokens"] > 10
    assert first["output_tokens"] > 50
    assert not first["estimated"]
    assert (second["attempts"], second["status"]) == (3, "failed")
    assert second["error_code"] == "provider_rate_limited"

    written = events.getvalue()
    for text in ("Zanzibar", "kilimanjaro", "serengeti", answer[:20], "counts"):
        assert text not in written


async def test_a_log_that_fails_does_not_keep_the_end_from_the_user(
    connect: Any, jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise OSError("the disk of the log is full")

    monkeypatch.setattr(jp_serverapp.event_logger, "emit", fail)
    client = await connect()
    for _ in range(2):
        asked = submit()
        await client.send(asked)
        assert (await client.end(asked))["type"] == "finished"


def test_the_schema_is_in_the_wheel() -> None:
    script = (
        "from hatchling.builders.wheel import WheelBuilder\n"
        f"builder = WheelBuilder({str(ROOT)!r})\n"
        "for file in builder.recurse_included_files():\n"
        "    print(file.distribution_path)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "jupyterlab_gpt/events/turn.yaml" in done.stdout.splitlines()
