"""What opening the Usage view costs the server: a year with 50,000 calls.

Run it with ``python benchmarks/usage.py`` from the root of the repository.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from jupyterlab_gpt.ledger import ledger
from jupyterlab_gpt.ledger.prices import Rates
from jupyterlab_gpt.ledger.report import read_span, usage_csv, usage_report
from jupyterlab_gpt.store.database import Database
from jupyterlab_gpt.store.values import utc_text

CALLS = 50_000
# Twenty calls a conversation, as many conversations a notebook as a project has.
CONVERSATIONS, NOTEBOOKS = CALLS // 20, 120
MODELS = ("gpt-6-luna", "gpt-6-sol", "gpt-6.1-sol", "gpt-5.4", "a-model-without-a-price")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LUNA = Rates(Decimal("0.1"), Decimal("0.01"), Decimal("0.125"), Decimal("0.5"), "table")


def fill(conn, rng: random.Random) -> None:
    chats = [str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(CONVERSATIONS)]
    moments = sorted(rng.randrange(365 * 86_400) for _ in range(CALLS))
    for n, before in enumerate(reversed(moments)):
        when = utc_text(NOW - timedelta(seconds=before))
        chat = min(CONVERSATIONS - 1, max(0, n // 20 + rng.randrange(-3, 4)))
        model = rng.choices(MODELS, (60, 15, 10, 10, 5))[0]
        call = ledger.book(
            conn,
            owner="ada",
            request_id=str(uuid.UUID(int=rng.getrandbits(128))),
            conversation_id=chats[chat],
            answer_id=str(uuid.UUID(int=rng.getrandbits(128))),
            notebook=f"projects/analysis-{chat % NOTEBOOKS}.ipynb" if chat % 3 else None,
            provider="default",
            host="api.openai.com",
            base_url="https://api.openai.com/v1",
            model=model,
            attempt=1,
            started=when,
            counted=3000,
            rates=None if model == MODELS[-1] else LUNA,
        )
        prompt = rng.randrange(200, 20_000)
        raw = {
            "prompt_tokens": prompt,
            "completion_tokens": rng.randrange(2000),
            "prompt_tokens_details": {"cached_tokens": rng.randrange(prompt), "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }
        usage = {
            "input": prompt,
            "cached_input": raw["prompt_tokens_details"]["cached_tokens"],
            "cache_write": None,
            "output": raw["completion_tokens"],
            "reasoning": 0,
            "estimated": rng.random() < 0.02,
        }
        ledger.settle(
            conn,
            call,
            ended=when,
            status="complete",
            usage=usage,
            raw_usage=raw,
            error_code=None,
        )


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = Database(Path(folder) / "gpt" / "gpt.sqlite")
        start = time.perf_counter()
        await db.write(lambda conn: fill(conn, random.Random(3)), durable=False)
        print(f"{CALLS} calls written in {time.perf_counter() - start:.1f} s")
        span = read_span("2025-11-25", "2026-11-24", "Europe/Berlin")
        taken = []
        for _ in range(5):
            start = time.perf_counter()
            report = await db.read(lambda conn: usage_report(conn, "ada", span))
            body = json.dumps(report, ensure_ascii=False)
            taken.append(time.perf_counter() - start)
        print(
            f"report of {report['totals']['calls']} calls in {len(report['days'])} days,"
            f" {len(report['conversations'])} conversations: first {taken[0] * 1000:.0f} ms,"
            f" best {min(taken) * 1000:.0f} ms, worst {max(taken) * 1000:.0f} ms;"
            f" {len(body) / 1e6:.2f} MB"
        )
        month = read_span("2026-11-01", "2026-11-30", "Europe/Berlin")
        start = time.perf_counter()
        await db.read(lambda conn: usage_report(conn, "ada", month))
        print(f"report of a month: {(time.perf_counter() - start) * 1000:.0f} ms")
        start = time.perf_counter()
        text = await db.read(lambda conn: usage_csv(conn, "ada", span))
        print(f"CSV: {(time.perf_counter() - start) * 1000:.0f} ms, {len(text) / 1e6:.1f} MB")
        await db.close()


if __name__ == "__main__":
    asyncio.run(main())
