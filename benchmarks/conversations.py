"""What the list and the search cost the server: 10,000 conversations with 200,000 messages.

Run it with ``python benchmarks/conversations.py`` from the root of the repository. The limits
of issue 4 stand beside the figures; `tests/store/test_search.py` holds ten times as much for a
smaller sample.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import sqlite3
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jupyterlab_gpt.ledger import ledger
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store.database import Database
from jupyterlab_gpt.store.values import dumps, utc_text

CONVERSATIONS, MESSAGES = 10_000, 200_000
LIST_MS, SEARCH_MS = 100, 150
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# The commonest words of all answers first; the others follow by Zipf's law.
WORDS = (
    *("the", "a", "to", "of", "is", "and", "you", "data", "in", "column", "with", "import"),
    *("pandas", "DataFrame", "df.groupby", "read_csv", "plot", "Größe", "matplotlib", "numpy"),
)


def vocabulary(rng: random.Random) -> tuple[list[str], list[float]]:
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    weights = [26 - n for n in range(26)]
    words = [*WORDS]
    words += ["".join(rng.choices(letters, weights, k=rng.randint(3, 11))) for _ in range(20_000)]
    return words, list(itertools.accumulate(1 / (n + 1) for n in range(len(words))))


def fill(conn: sqlite3.Connection, conversations: int, messages: int) -> None:
    rng = random.Random(4)
    words, weights = vocabulary(rng)

    def prose(length: int) -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=length))

    def new_id() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128)))

    each = messages // conversations
    for n in range(conversations):
        when = utc_text(NOW - timedelta(minutes=conversations - n))
        conversation, parent = new_id(), None
        conn.execute(
            "INSERT INTO conversations (id, owner, title, notebook, created, updated, pinned)"
            " VALUES (?, 'ada', ?, ?, ?, ?, ?)",
            (conversation, prose(7), f"work/{n % 120}.ipynb", when, when, int(n % 500 == 0)),
        )
        for m in range(each):
            name, role = new_id(), "assistant" if m % 2 else "user"
            text = prose(130 if m % 2 else 30)
            conn.execute(
                "INSERT INTO messages (id, conversation_id, parent_id, role, parts, text, created,"
                " status, model) VALUES (?, ?, ?, ?, ?, ?, ?, 'complete', ?)",
                (
                    *(name, conversation, parent, role),
                    *(dumps([{"type": "text", "text": text}]), text, when),
                    "gpt-6-luna" if m % 2 else None,
                ),
            )
            parent = name


def queries() -> list[str]:
    """What a user types, letter by letter, and some hard ones."""
    typed = ("pandas groupby", "the data of", "read_csv", "größe", "import numpy", "etaoin zzz")
    return [
        *(text[:n] for text in typed for n in range(1, len(text) + 1) if text[:n].strip()),
        *("the a to of is and", "t e", "df.groupby read", "nothing-like-this"),
    ]


async def page(db: Database, q: str | None = None) -> tuple[float, int]:
    """Read one page as the route does: milliseconds, and rows."""

    def read(conn: sqlite3.Connection) -> int:
        items = store.list_conversations(conn, "ada", q=q)["items"]
        ledger.costs_of_conversations(conn, "ada", [item["id"] for item in items])
        return len(items)

    start = time.perf_counter()
    rows = await db.read(read)
    return (time.perf_counter() - start) * 1000, rows


def p95(times: list[float]) -> float:
    return sorted(times)[math.ceil(len(times) * 0.95) - 1]


async def main(conversations: int = CONVERSATIONS, messages: int = MESSAGES) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gpt" / "gpt.sqlite"
        db = Database(path)
        start = time.perf_counter()
        await db.write(lambda conn: fill(conn, conversations, messages), durable=False)
        print(
            f"{conversations} conversations with {messages} messages written in"
            f" {time.perf_counter() - start:.1f} s"
        )
        await db.close()
        print(f"database: {path.stat().st_size / 1e6:.0f} MB")
        db = Database(path)
        await db.open()
        lists = [(await page(db))[0] for _ in range(10)]
        print(
            f"first page: first {lists[0]:.1f} ms, worst after {max(lists[1:]):.1f} ms"
            f" (limit {LIST_MS} ms)"
        )
        times = {q: await page(db, q) for q in queries()}
        again = [(await page(db, q))[0] for q in times]
        every = [*(ms for ms, _ in times.values()), *again]
        slowest = sorted(times, key=lambda q: -times[q][0])[:3]
        print(
            f"search, {len(every)} queries: median {sorted(every)[len(every) // 2]:.1f} ms,"
            f" p95 {p95(every):.1f} ms (limit {SEARCH_MS} ms), worst {max(every):.1f} ms"
        )
        for q in slowest:
            print(f"  {q!r}: {times[q][0]:.1f} ms, {times[q][1]} rows")
        scan = await page(db, "データ")
        print(f"a script without spaces, looked for in the texts: {scan[0]:.0f} ms")
        await db.close()


if __name__ == "__main__":
    asyncio.run(main(*(int(word) for word in sys.argv[1:])))
