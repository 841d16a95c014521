"""10,000 random usages, through the real reader into a real ledger, against fractions."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

from jupyterlab_gpt.ledger.prices import Rates
from jupyterlab_gpt.providers.base import UsageSeen
from jupyterlab_gpt.providers.chunks import ChunkReader
from jupyterlab_gpt.store import usage as store
from tests.store.helpers import opened

from .helpers import book, settle

NONSENSE = [None, -1, -(10**6), True, "12", 1.5, float("nan"), 10**12, [], {}]


def a_count(rng, most=200_000):
    if rng.random() < 0.15:
        return rng.choice(NONSENSE)
    value = rng.choice([0, 1, rng.randrange(100), rng.randrange(most)])
    return float(value) if rng.random() < 0.1 else value


def a_usage(rng):
    """A provider's usage: all fields or some, under several names, right and wrong."""
    prompt, completion = rng.choice(
        [("prompt_tokens", "completion_tokens"), ("input_tokens", "output_tokens")]
    )
    raw = {prompt: a_count(rng), completion: a_count(rng, 20_000)}
    for name in (prompt, completion):
        if rng.random() < 0.05:
            del raw[name]
    if rng.random() < 0.7:
        parts = {"cached_tokens": a_count(rng), "cache_write_tokens": a_count(rng, 5000)}
        if rng.random() < 0.3:
            del parts[rng.choice(list(parts))]
        raw[f"{prompt}_details"] = parts
    if rng.random() < 0.5:
        raw[f"{completion}_details"] = {"reasoning_tokens": a_count(rng, 10_000)}
    if rng.random() < 0.2:
        raw["cost"] = rng.choice(
            [rng.random(), f"{rng.random():.12f}", 0, -1, "x", True, None, float("inf")]
        )
    return raw


def a_rate(rng):
    return Decimal(
        rng.choice(["0", "0.1", "1.25", f"{rng.random():.9f}", f"{rng.uniform(0, 600):.6f}"])
        if rng.random() < 0.95
        else "0." + "".join(rng.choices("0123456789", k=38))
    )


def whole(value):
    """An independent reading of a count: a whole number of tokens, or None."""
    if type(value) is int and 0 <= value < 10**9:
        return value
    if type(value) is float and value == value and value >= 0 and value.is_integer():
        return int(value) if value < 10**9 else None
    return None


def recomputed(chunks, rates, counted):
    """What a call costs, by fractions, from what the provider sent; (nano-dollars, source)."""
    last = None
    for raw in chunks:
        prompt = whole(raw.get("prompt_tokens", raw.get("input_tokens")))
        completion = whole(raw.get("completion_tokens", raw.get("output_tokens")))
        if prompt is not None or completion is not None:
            last = (raw, prompt, completion)
    if last is not None:
        raw, prompt, completion = last
        cost = raw.get("cost")
        if type(cost) in (int, float, str) and cost not in ("x", -1, float("inf")):
            return round(Fraction(str(cost)) * 10**9), "provider"
    free = not any((rates.input, rates.cached_input, rates.cache_write, rates.output))
    if free:
        return 0, rates.source
    if last is None:  # aborted: the prompt, as it was counted
        return round(Fraction(counted) * Fraction(rates.input) * 1000), rates.source
    if prompt is None or completion is None:
        return None, None
    details = raw.get("prompt_tokens_details") or raw.get("input_tokens_details") or {}
    cached = whole(details.get("cached_tokens")) or 0
    written = whole(details.get("cache_write_tokens")) or 0
    if cached + written > prompt:
        cached = written = 0
    per_million = (
        (prompt - cached - written) * Fraction(rates.input)
        + cached * Fraction(rates.cached_input)
        + written * Fraction(rates.cache_write)
        + completion * Fraction(rates.output)
    )
    return round(per_million * 1000), rates.source


async def test_10_000_random_usages(path):
    rng = random.Random(20261124)
    async with opened(path) as db:

        def run(conn):
            wanted = {}
            for _ in range(10_000):
                rates = Rates(*(a_rate(rng) for _ in range(4)), rng.choice(["table", "override"]))
                counted = rng.randrange(100_000)
                aborted = rng.random() < 0.1
                chunks = [] if aborted else [a_usage(rng) for _ in range(rng.choice([1, 1, 1, 4]))]
                call = book(conn, rates=rates, counted=counted)
                seen, reader = None, ChunkReader("h", ())
                for raw in chunks:
                    for event in reader.feed({"choices": [], "usage": raw}):
                        assert isinstance(event, UsageSeen)
                        seen = event
                settle(
                    conn,
                    call,
                    seen and seen.usage,
                    raw_usage=seen and seen.raw,
                    status="cancelled" if aborted else "complete",
                )
                wanted[call] = recomputed(chunks, rates, counted)
            return wanted

        wanted = await db.write(run)
        found = await db.read(
            lambda conn: conn.execute("SELECT id, cost_nano, cost_source FROM calls").fetchall()
        )
        assert {call: (nano, source) for call, nano, source in found} == wanted
        known = [nano for nano, _ in wanted.values() if nano is not None]
        assert 5_000 < len(known) < 10_000
        assert not await db.read(
            lambda conn: conn.execute(
                "SELECT 1 FROM calls WHERE COALESCE(cached_input, 0) + COALESCE(cache_write, 0)"
                " > COALESCE(input, 0) OR COALESCE(reasoning, 0) > COALESCE(output, 0)"
            ).fetchall()
        )
        total = await db.read(lambda conn: store.sums(conn, "owner = ?", ("ada",)))
        assert total["nano"] == sum(known)
        assert total["unpriced"] == 10_000 - len(known)
