"""Turns per minute, at the default: the 31st is refused, and nothing of it is sent or stored."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from .conftest import submit


async def test_the_31st_turn_of_a_minute(
    api: Any, connect: Any, fake: Any, data_dir: Path, extension: Any
) -> None:
    assert extension.turns_per_minute == 30
    # Two tabs of one user: they are counted together.
    tabs = [await connect(), await connect()]
    turns = [submit(f"Question {number}", "fake-code") for number in range(31)]
    ends = []
    for number, asked in enumerate(turns):
        tab = tabs[number % 2]
        await tab.send(asked)
        ends.append(await tab.end(asked))
    assert [end["type"] for end in ends] == ["finished"] * 30 + ["failed"]
    last, asked = ends[-1], turns[-1]
    assert (last["code"], last["seq"], last["detail"]) == ("rate_limited", 0, {"limit": 30})
    assert last["retryable"]
    assert 0 < last["retry_after"] <= 60

    assert len(fake.asked()) == 30
    assert (await api(f"conversations/{asked['conversation_id']}"))[0] == 404
    tab = tabs[0]
    await tab.send({"type": "resume", "request_id": asked["request_id"]})
    assert (await tab.until("failed", request=asked["request_id"]))["code"] == "unknown_request"
    with sqlite3.connect(f"file:{data_dir / 'gpt.sqlite'}?mode=ro", uri=True) as conn:
        counts = [
            conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("calls", "conversations", "reservations")
        ]
    conn.close()
    assert counts == [30, 30, 0]
    # What costs nothing is not counted: a repeat, an estimate, a preview.
    repeat = await connect()
    await repeat.send(turns[0])
    assert (await repeat.end(turns[0]))["type"] == "finished"
    for kind, answer in (("estimate", "estimated"), ("preview", "previewed")):
        await tab.send({**submit("How much?", "fake-code"), "type": kind})
        await tab.until(answer)
