"""Fill a data folder with a month of calls, for the pictures of the Usage view.

    python seed_usage.py FOLDER

The same month each time, but for its days: they end today.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jupyterlab_gpt.ledger import budget, ledger
from jupyterlab_gpt.ledger.prices import Prices
from jupyterlab_gpt.store import conversations
from jupyterlab_gpt.store.database import Database
from jupyterlab_gpt.store.values import utc_text

URL = "https://api.openai.com/v1"
TITLES = (
    ("Why does the fit diverge after run 12?", "analysis/fit.ipynb"),
    ("Explain what this cell does, step by step", "analysis/fit.ipynb"),
    ("Plot the residuals by station", "analysis/residuals.ipynb"),
    ("KeyError: 'station_id' after the merge", "analysis/merge.ipynb"),
    ("Make this loop faster with numpy", "analysis/residuals.ipynb"),
    ("Write a test for the parser", "tools/parser.ipynb"),
    ("What is a good prior here?", None),
)
# What was paid with: model, its share, and tokens of prompt and answer of one call.
MODELS = (
    ("default", "gpt-6-luna", 12, 9_000, 900),
    ("default", "gpt-6.1-sol", 3, 7_000, 1_200),
    ("default", "gpt-5.4", 2, 4_000, 700),
    ("local", "qwen2.5-coder-0.5b", 2, 400, 90),
)


def fill(conn: sqlite3.Connection, server_id: str) -> None:
    rng = random.Random(7)
    prices, chats = Prices(), []
    for title, notebook in TITLES:
        chats.append((_conversation(conn, server_id, title, notebook, rng), notebook))
    now = datetime.now(UTC)
    for ago in range(45, -1, -1):
        day = now - timedelta(days=ago)
        busy = 2 if day.weekday() > 4 else rng.randrange(9, 26)
        for _ in range(busy):
            when = utc_text(min(day, day.replace(hour=rng.randrange(8, 19))))
            _call(conn, prices, rng, when, rng.choice(chats))
    budget.put(conn, "local", monthly_usd="5", tz="UTC")


def _id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128)))


def _conversation(
    conn: sqlite3.Connection, server_id: str, title: str, notebook: str | None, rng: random.Random
) -> str:
    conversation, answer = _id(rng), _id(rng)
    turn = conversations.NewTurn(
        owner="local",
        request_id=_id(rng),
        conversation_id=conversation,
        parent_id=None,
        message_id=_id(rng),
        answer_id=answer,
        parts=[{"type": "text", "text": title}],
        answer_parts=[],
        provider="default",
        model="gpt-6-luna",
        params={},
        notebook=notebook,
        title=title,
        server_id=server_id,
        created=utc_text(datetime.now(UTC)),
    )
    conversations.add_turn(conn, turn)
    parts = [{"type": "text", "text": "In short: yes."}]
    conversations.finish_answer(conn, answer, status="complete", parts=parts, finish_reason="stop")
    return conversation


def _call(
    conn: sqlite3.Connection,
    prices: Prices,
    rng: random.Random,
    when: str,
    about: tuple[str, str | None],
) -> None:
    provider, model, _, prompt, answer = rng.choices(MODELS, [m[2] for m in MODELS])[0]
    rates = prices.rates(provider=provider, base_url=URL, model=model)
    input_ = int(prompt * rng.uniform(0.4, 1.8))
    stopped = rng.random() < 0.06
    usage: dict[str, Any] = {
        "input": input_,
        "cached_input": None if stopped else int(input_ * rng.uniform(0.2, 0.8)),
        "cache_write": None,
        "output": int(answer * rng.uniform(0.3, 1.7)),
        "reasoning": None,
        "estimated": stopped,
    }
    call = ledger.book(
        conn,
        owner="local",
        request_id=_id(rng),
        conversation_id=about[0],
        answer_id=_id(rng),
        notebook=about[1],
        provider=provider,
        host="api.openai.com",
        base_url=URL,
        model=model,
        attempt=1,
        started=when,
        counted=input_,
        rates=rates,
    )
    ledger.settle(
        conn,
        call,
        ended=when,
        status="cancelled" if stopped else "complete",
        usage=usage,
        raw_usage=None,
        error_code=None,
    )


async def main(folder: Path) -> None:
    db = Database(folder / "gpt.sqlite")
    await db.write(lambda conn: fill(conn, db.server_id))
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
