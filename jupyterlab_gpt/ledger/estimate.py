"""What a prompt will cost, before it is sent: a range, and how much to trust it."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from .money import to_nano
from .prices import Rates
from .tokens import PER_MESSAGE, PER_PROMPT

Method = Literal["exact", "calibrated", "rough"]

# A reservation counts this much more than was counted (cost.md): what an unknown encoding
# may have on top before the first answer has calibrated it.
RESERVE_MARGIN = Decimal("1.1")
# Calibrations outside of this are no other encoding but another thing being billed.
_LEAST_FACTOR, _MOST_FACTOR = 0.3, 3.0
# What OpenAI caches (its guide to prompt caching): prefixes from 1,024 tokens on in steps of
# 128, kept for 5 to 10 minutes of silence; of gpt-5.6 and later for 30 minutes.
_CACHE_LEAST, _CACHE_STEP = 1024, 128
_CACHE_KEPT = timedelta(minutes=5)
_CACHE_KEPT_LONG = timedelta(minutes=30)
_KEPT_LONG = re.compile(r"gpt-(5\.[6-9]|[6-9]).*")
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Billed:
    """What is known of earlier calls, for the next estimate.

    Attributes
    ----------
    pairs
        Billed and counted prompt tokens of the model's latest calls, newest first.
    last
        The same of the latest call of this conversation to this model; None without one.
    cached
        Tokens that call read from the cache or wrote into it; None where it said nothing.
    seconds
        How long ago that call was made.
    """

    pairs: Sequence[tuple[int, int]] = ()
    last: tuple[int, int] | None = None
    cached: int | None = None
    seconds: float = math.inf

    @property
    def factor(self) -> float | None:
        """Billed ÷ counted over the latest calls."""
        counted = sum(pair[1] for pair in self.pairs)
        if not counted:
            return None
        return min(_MOST_FACTOR, max(_LEAST_FACTOR, sum(p[0] for p in self.pairs) / counted))


# How many calls calibrate: enough to even out, few enough to follow a changed template.
_CALLS = 8
_BILLED = (
    "SELECT input, counted, cached_input, cache_write, started FROM calls"
    " WHERE owner = ? AND host = ? AND model = ? AND status IN ('complete', 'incomplete')"
    " AND estimated = 0 AND input > 0 AND counted > 0"
)


def read_billed(
    conn: sqlite3.Connection,
    owner: str,
    *,
    host: str,
    model: str,
    conversation_id: str,
    now: datetime | None = None,
) -> Billed:
    """Look up what earlier calls to a model were billed."""
    values = (owner, host, model)
    pairs = conn.execute(f"{_BILLED} ORDER BY id DESC LIMIT {_CALLS}", values).fetchall()
    last = conn.execute(
        f"{_BILLED} AND conversation_id = ? ORDER BY id DESC LIMIT 1",
        (*values, conversation_id),
    ).fetchone()
    if last is None:
        return Billed([(row[0], row[1]) for row in pairs])
    told = [part for part in last[2:4] if part is not None]
    begun = datetime.fromisoformat(last[4])
    return Billed(
        [(row[0], row[1]) for row in pairs],
        last=(last[0], last[1]),
        cached=sum(told) if told else None,
        seconds=max(0.0, ((now or datetime.now(UTC)) - begun).total_seconds()),
    )


def prompt_tokens(items: Sequence[int], messages: int) -> int:
    """Add up a prompt's parts and what the chat format adds to them."""
    return PER_PROMPT + PER_MESSAGE * messages + sum(items)


@dataclass(frozen=True)
class Estimate:
    """What a prompt will cost.

    Attributes
    ----------
    input_tokens
        As they will be billed, as far as is known.
    counted
        As they were counted; stored with the call, to calibrate the next.
    cached_tokens
        Of the input, expected to be read from the provider's cache.
    least, most
        Nano-dollars: the cached prompt alone, and the uncached prompt with an answer up to
        the limit. None where the price is unknown.
    saved
        Nano-dollars that the cache is expected to save.
    reserve
        Nano-dollars to hold until the call is settled.
    """

    input_tokens: int
    counted: int
    cached_tokens: int
    method: Method
    least: int | None
    most: int | None
    saved: int | None
    reserve: int | None
    rates: Rates | None

    @property
    def is_free(self) -> bool:
        """Whether nothing is charged, by construction."""
        return self.rates is not None and self.most == 0

    def of_tokens(self, tokens: int) -> int | None:
        """Nano-dollars of some of the prompt's counted tokens, at the input rate."""
        if self.rates is None:
            return None
        factor = Decimal(self.input_tokens) / max(1, self.counted)
        return to_nano(tokens * factor * self.rates.input / _MILLION)


def calibrated(counted: int, billed: Billed, *, exact: bool) -> tuple[int, Method]:
    """Turn a count into the tokens that will be billed.

    Anchored on the last call of the conversation: what was sent then is sent again, so
    only what came since has to be guessed.
    """
    if exact:
        return counted, "exact"
    factor = billed.factor
    if billed.last is not None and counted >= billed.last[1]:
        input_, before = billed.last
        return input_ + round((counted - before) * (factor or 1.0)), "calibrated"
    if factor is None:
        return counted, "rough"
    return round(counted * factor), "calibrated"


def expect_cached(prefix: int, billed: Billed, *, model: str, known_to_cache: bool) -> int:
    """How many tokens of a prompt the provider will read from its cache.

    Parameters
    ----------
    prefix
        Tokens at the front that were sent before, as billed.
    known_to_cache
        The endpoint caches by itself (OpenAI's own does).
    """
    kept = _CACHE_KEPT_LONG if _KEPT_LONG.fullmatch(model) else _CACHE_KEPT
    if billed.last is None or billed.seconds > kept.total_seconds():
        return 0
    if not (known_to_cache or billed.cached):
        return 0
    stepped = prefix // _CACHE_STEP * _CACHE_STEP
    return stepped if stepped >= _CACHE_LEAST else 0


def estimate(
    *,
    counted: int,
    input_tokens: int,
    method: Method,
    cached_tokens: int,
    reply_limit: int,
    rates: Rates | None,
) -> Estimate:
    """Price a prompt."""
    cached = min(cached_tokens, input_tokens)
    if rates is None:
        return Estimate(input_tokens, counted, cached, method, None, None, None, None, None)
    dearer = max(rates.input, rates.cache_write)
    answer = reply_limit * rates.output
    fresh = (input_tokens - cached) * rates.input + cached * rates.cached_input
    # Where a cache is written, the rest of the prompt costs the write's rate.
    most = input_tokens * dearer + answer
    return Estimate(
        input_tokens=input_tokens,
        counted=counted,
        cached_tokens=cached,
        method=method,
        least=to_nano(fresh / _MILLION),
        most=to_nano(most / _MILLION),
        saved=to_nano(cached * (rates.input - rates.cached_input) / _MILLION),
        reserve=to_nano((input_tokens * dearer * RESERVE_MARGIN + answer) / _MILLION),
        rates=rates,
    )
