"""Amounts: nano-dollars, decimals, and what users type."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_gpt.errors import InvalidRequest
from jupyterlab_gpt.ledger.money import NANO, parse_usd, to_nano, usd


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_text_of_an_amount_is_exact(nano):
    text = usd(nano)
    assert Fraction(text) * NANO == nano
    assert "e" not in text.lower()
    assert text == "0" or not text.endswith((".", ".0"))
    assert "." not in text or not text.endswith("0")


@pytest.mark.parametrize(
    ("amount", "nano"),
    [
        ("0", 0),
        ("0.0000000005", 0),  # half, to even
        ("0.0000000015", 2),
        ("0.0000000025", 2),
        ("0.00000000250000000000000000000000000001", 3),
        ("12.34", 12_340_000_000),
    ],
)
def test_half_to_even(amount, nano):
    assert to_nano(Decimal(amount)) == nano


@given(st.decimals(min_value=0, max_value=10**6 - 1, places=20))
def test_what_is_typed_is_what_is_meant(amount):
    assert parse_usd(f" {amount:f} ", "x") == amount


NO_AMOUNTS = """
-1 +1 1e3 nan inf Infinity 1,5 1_0 $5 \u0663 1. . 0x1 1.2.3 1000000 99999999999999
"""


@pytest.mark.parametrize("text", ["", "1\n2", "1 2", "\x00", *NO_AMOUNTS.split()])
def test_what_is_no_amount(text):
    with pytest.raises(InvalidRequest) as caught:
        parse_usd(text, "monthly_usd")
    assert (caught.value.code, caught.value.detail) == ("bad_amount", {"setting": "monthly_usd"})
