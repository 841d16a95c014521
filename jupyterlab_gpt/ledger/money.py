"""Money: whole nano-dollars in the database, `Decimal` in between, text on the wire.

Never a float: 0.1 is not a tenth there.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from ..errors import InvalidRequest

NANO = 10**9
# Nobody means a budget of a million dollars a month, a million for a million tokens, or a
# call that costs one: that is a slip, or nonsense. It also keeps sums within SQLite's 64 bits
# (9.2e18 nano-dollars) for as long as the sum is below nine thousand such slips.
MAX_USD = 1_000_000
# Digits in between: 10 of a count (`providers.chunks` takes up to 1e9) times the 40 that the
# wire takes for a rate, added up. Nothing is rounded before the end.
EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)

_PLAIN = re.compile(r"[0-9]{1,20}(\.[0-9]{1,30})?|\.[0-9]{1,30}")


def to_nano(usd: Decimal) -> int:
    """Round dollars to nano-dollars, half to even; the only rounding of an amount."""
    nano = EXACT.multiply(usd, Decimal(NANO))
    return int(nano.to_integral_value(rounding=ROUND_HALF_EVEN, context=EXACT))


def usd(nano: int) -> str:
    """Nano-dollars as the wire has them: an exact decimal, ``"0"`` for nothing."""
    whole, rest = divmod(abs(nano), NANO)
    text = f"{whole}.{rest:09d}".rstrip("0").rstrip(".")
    return f"-{text}" if nano < 0 else text


def parse_usd(text: str, setting: str) -> Decimal:
    """Read an amount that a user typed.

    Parameters
    ----------
    text
        A plain decimal: no sign, no exponent, no currency, a point for the fraction.
    setting
        What it is for; goes into the error.

    Raises
    ------
    InvalidRequest
        bad_amount: it is none, or `MAX_USD` and more.
    """
    text = text.strip()
    amount = Decimal(text) if _PLAIN.fullmatch(text) else None
    if amount is None or amount >= MAX_USD:
        raise InvalidRequest(
            f"{setting}: must be a plain amount in USD, at least 0 and below {MAX_USD:,}",
            code="bad_amount",
            detail={"setting": setting},
        )
    return amount
