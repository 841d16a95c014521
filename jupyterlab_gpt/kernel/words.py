"""Tokens and money in few characters, as the panel writes them (src/model/money.ts)."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import Any

_Frame = dict[str, Any]


def dollars(usd: str) -> str:
    """`$0.0031`: two decimals from ten cents on, else two significant digits."""
    try:
        value = Decimal(usd)
    except InvalidOperation:
        return f"${usd}"
    if not value:
        return "$0"
    if abs(value) >= Decimal("0.1"):
        return f"${value:.2f}"
    text = f"{value:.{1 - math.floor(value.copy_abs().log10())}f}"
    # $0.0030 is $0.003, but $0.10 keeps its cents.
    while text.endswith("0") and len(text.split(".")[1]) > 2:
        text = text[:-1]
    return f"${text}"


def is_zero(usd: str) -> bool:
    """Whether an amount is exactly nothing."""
    try:
        return not Decimal(usd)
    except InvalidOperation:
        return False


def cost_text(cost: _Frame) -> str:
    """`≈ $0.0031`, `≥ $0.0031`, `free`, `price unknown`."""
    usd = cost.get("usd")
    at_least = bool(cost.get("at_least"))
    if usd is None or (at_least and is_zero(usd)):
        return "price unknown"
    if at_least:
        return f"≥ {dollars(usd)}"
    text = "free" if is_zero(usd) else dollars(usd)
    return f"≈ {text}" if cost.get("estimated") else text


def tokens(value: int) -> str:
    """`1.2k`."""
    if value < 1000:
        return str(value)
    if value >= 999_500:
        return f"{value / 1_000_000:.1f}".removesuffix(".0") + "M"
    thousands = value / 1000
    if thousands >= 100:
        return f"{thousands:.0f}k"
    return f"{thousands:.1f}".removesuffix(".0") + "k"


def seconds(value: float) -> str:
    """`3.2 s`, `1 min 05 s`."""
    if value < 60:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s"


def expected(frame: _Frame) -> list[str]:
    """`≈ 1.2k tok`, `$0.0003 – $0.0085`, `gpt-6-luna`: of an `estimated` or `previewed` frame."""
    method = frame.get("method")
    amount = f"{tokens(frame['input_tokens'])} tok"
    if method != "exact":
        amount = f"≈ {amount}"
    if method == "rough":
        amount = f"{amount} (rough)"
    pieces = [amount, _range(frame.get("cost_min"), frame.get("cost_max"))]
    pieces.append(str(frame.get("model") or ""))
    left_out = frame.get("left_out") or 0
    if isinstance(left_out, list):
        left_out = len(left_out)
    if left_out:
        pieces.append(f"{left_out} earlier message{'s' * (left_out > 1)} left out")
    return pieces


def _range(least: str | None, most: str | None) -> str:
    if least is None or most is None:
        return "price unknown"
    if is_zero(most):
        return "free"
    if is_zero(least):
        return f"up to {dollars(most)}"
    low, high = dollars(least), dollars(most)
    return high if low == high else f"{low} – {high}"


def facts(model: str | None, end: _Frame) -> list[str]:
    """`gpt-6-luna`, `120 in`, `80 out`, `$0.0031`, `2.1 s`: what the end of a turn says."""
    usage = end.get("usage") or {}
    about = "≈ " if usage.get("estimated") else ""
    pieces = [model] if model else []
    if usage.get("input") is not None:
        pieces.append(f"{about}{tokens(usage['input'])} in")
    if usage.get("cached_input"):
        pieces.append(f"{tokens(usage['cached_input'])} cached")
    if usage.get("output") is not None:
        pieces.append(f"{about}{tokens(usage['output'])} out")
    if end.get("cost"):
        pieces.append(cost_text(end["cost"]))
    if end.get("seconds") is not None:
        pieces.append(seconds(end["seconds"]))
    return pieces
