"""How the recording provider bills: all rules in this one file.

- Tokens are those of o200k_base; each message adds three and its role, each prompt three
  (OpenAI's cookbook, "How to count tokens").
- A prompt of at least 1,024 tokens is cached. One that begins with the same bytes as an
  earlier one of the same conversation reads that much from the cache, in steps of 128,
  from 1,024 on.
- What is new of it, in steps of 128, is written, for 1.25 times the input's price.
- Rates in dollars per million tokens, November 2026.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LEAST, STEP = 1024, 128
PER_MESSAGE, PER_PROMPT = 3, 3
MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Rates:
    """Dollars per million tokens."""

    input: Decimal
    cached: Decimal
    written: Decimal
    output: Decimal


RATES = {
    "gpt-6-luna": Rates(Decimal("0.10"), Decimal("0.01"), Decimal("0.125"), Decimal("0.50")),
    "gpt-6.1-sol": Rates(Decimal("2"), Decimal("0.10"), Decimal("2.50"), Decimal("10")),
}


@dataclass(frozen=True)
class Bill:
    """One call. `prompt` includes what was read from the cache and what was written."""

    prompt: int
    cached: int
    written: int
    output: int

    def usd(self, model: str) -> Decimal:
        rates = RATES[model]
        plain = self.prompt - self.cached - self.written
        return (
            plain * rates.input
            + self.cached * rates.cached
            + self.written * rates.written
            + self.output * rates.output
        ) / MILLION

    def usage(self) -> dict[str, Any]:
        """As OpenAI reports it."""
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.output,
            "total_tokens": self.prompt + self.output,
            "prompt_tokens_details": {
                "cached_tokens": self.cached,
                "cache_write_tokens": self.written,
            },
            "completion_tokens_details": {"reasoning_tokens": 0},
        }


class Billing:
    """The provider's memory of one conversation."""

    def __init__(self) -> None:
        self._seen: list[list[tuple[str, str]]] = []

    def bill(self, messages: list[dict[str, Any]], answer: str) -> Bill:
        """Bill a call, and remember its prompt."""
        prompt = [(message["role"], _text(message["content"])) for message in messages]
        total = PER_PROMPT + sum(PER_MESSAGE + count(r) + count(text) for r, text in prompt)
        cached = max((_steps(_common(prompt, earlier)) for earlier in self._seen), default=0)
        cached = min(cached, _steps(total))
        self._seen.append(prompt)
        return Bill(total, cached, max(0, _steps(total) - cached), count(answer))


def count(text: str) -> int:
    """Tokens of a text, by a counter of the provider's own."""
    from toktok import batch_count

    return int(batch_count([text], "o200k_base", threads=1)[0])


def _steps(tokens: int) -> int:
    return tokens // STEP * STEP if tokens >= LEAST else 0


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)


def _common(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> int:
    """Tokens of the prefix that two prompts share."""
    tokens = 0
    for (role, text), (other_role, other_text) in zip(one, other, strict=False):
        if role != other_role:
            break
        if text == other_text:
            tokens += PER_MESSAGE + count(role) + count(text)
            continue
        shared = text[: _same(text, other_text)]
        # The token at the edge goes on differently in the two.
        tokens += PER_MESSAGE + count(role) + max(0, count(shared) - 1)
        break
    return tokens


def _same(one: str, other: str) -> int:
    """Characters that two texts share from the start, found by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
