"""From counted tokens to a range of money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jupyterlab_gpt.ledger.estimate import Billed, calibrated, estimate, expect_cached
from jupyterlab_gpt.ledger.prices import Rates

LUNA = Rates(Decimal("0.1"), Decimal("0.01"), Decimal("0.125"), Decimal("0.5"), "table")


def test_an_exact_count_is_left_alone() -> None:
    assert calibrated(100, Billed([(300, 100)]), exact=True) == (100, "exact")


def test_without_a_bill_it_is_rough() -> None:
    assert calibrated(100, Billed(), exact=False) == (100, "rough")


def test_other_conversations_calibrate() -> None:
    assert calibrated(200, Billed([(120, 100), (240, 200)]), exact=False) == (240, "calibrated")


def test_what_was_billed_is_the_anchor() -> None:
    # A template that adds 50 tokens to whatever is sent, and an encoding 10 % larger.
    billed = Billed([(160, 100)], last=(160, 100))
    assert calibrated(200, billed, exact=False) == (160 + 160, "calibrated")
    # A shorter prompt than the last (another branch): only the factor helps.
    assert calibrated(50, billed, exact=False) == (80, "calibrated")


@pytest.mark.parametrize(("input_", "factor"), [(1, 0.3), (10**6, 3.0), (100, 1.0)])
def test_a_nonsense_factor_is_bounded(input_: int, factor: float) -> None:
    assert Billed([(input_, 100)]).factor == factor


@pytest.mark.parametrize(
    ("prefix", "seconds", "model", "known", "cached", "expected"),
    [
        (5000, 10, "gpt-4o", True, None, 4992),  # steps of 128
        (1023, 10, "gpt-4o", True, None, 0),
        (5000, 400, "gpt-4o", True, None, 0),  # five minutes of silence
        (5000, 400, "gpt-6-luna", True, None, 4992),  # thirty
        (5000, 10, "qwen", False, None, 0),  # nobody says that it caches
        (5000, 10, "qwen", False, 2048, 4992),  # it did with the last call
    ],
)
def test_what_the_cache_is_expected_to_hold(
    prefix: int, seconds: float, model: str, known: bool, cached: int | None, expected: int
) -> None:
    billed = Billed(last=(6000, 6000), cached=cached, seconds=seconds)
    assert expect_cached(prefix, billed, model=model, known_to_cache=known) == expected
    assert expect_cached(prefix, Billed(), model=model, known_to_cache=True) == 0


def test_the_range() -> None:
    found = estimate(
        counted=10_000,
        input_tokens=10_000,
        method="exact",
        cached_tokens=8_000,
        reply_limit=4_000,
        rates=LUNA,
    )
    assert found.least == 2_000 * 100 + 8_000 * 10  # nano-dollars per token
    assert found.most == 10_000 * 125 + 4_000 * 500
    assert found.saved == 8_000 * 90
    assert found.reserve == 11_000 * 125 + 4_000 * 500
    assert found.of_tokens(100) == 10_000
    assert not found.is_free


def test_unknown_stays_unknown_and_free_is_free() -> None:
    more = {"counted": 10, "input_tokens": 10, "cached_tokens": 0, "reply_limit": 10}
    unknown = estimate(method="rough", rates=None, **more)  # type: ignore[arg-type]
    assert (unknown.least, unknown.most, unknown.reserve, unknown.of_tokens(5)) == (None,) * 4
    assert not unknown.is_free
    free = Rates(*[Decimal(0)] * 4, source="local")
    assert estimate(method="rough", rates=free, **more).is_free  # type: ignore[arg-type]
