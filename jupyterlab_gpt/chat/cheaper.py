"""Another model for a prompt that the budget refused."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from ..errors import BudgetExceeded, GPTError
from ..ledger import estimate as pricing
from ..ledger.money import to_nano, usd
from .draft import Draft, check_model
from .services import ChatServices

# The refusal waits no longer than this for the lists of models; they are nearly always known.
_SECONDS = 1.0


async def find_cheaper(
    owner: str, draft: Draft, refused: BudgetExceeded, services: ChatServices
) -> dict[str, str]:
    """Find the model that comes nearest in price and still fits what is left.

    Returns
    -------
    dict
        `cheaper_provider`, `cheaper_model`, `cheaper_label` and `cheaper_cost` (the most
        that this very prompt would cost); empty where nothing fits.
    """
    if refused.code not in ("over_budget", "over_cap"):
        return {}
    try:
        async with asyncio.timeout(_SECONDS):
            models = (await services.providers.models(owner))["models"]
    except (TimeoutError, GPTError):
        return {}
    left = _left(refused)
    best: tuple[int, dict[str, Any]] | None = None
    for info in models:
        cost = await _cost(owner, draft, info, services)
        if cost is not None and cost <= left and (best is None or cost > best[0]):
            best = cost, info
    if best is None:
        return {}
    cost, info = best
    return {
        "cheaper_provider": info["provider"],
        "cheaper_model": info["id"],
        "cheaper_label": info["label"],
        "cheaper_cost": usd(cost),
    }


def _left(refused: BudgetExceeded) -> int:
    """Nano-dollars that are neither spent nor reserved."""
    bounds = [refused.detail.get("limit"), refused.detail.get("cap")]
    least = min(Decimal(str(bound)) for bound in bounds if bound is not None)
    gone = sum(Decimal(str(refused.detail.get(name) or 0)) for name in ("spent", "reserved"))
    return to_nano(least - gone)


async def _cost(
    owner: str, draft: Draft, info: dict[str, Any], services: ChatServices
) -> int | None:
    """What this prompt would cost at most; None for what does not fit here."""
    if not info["available"] or (info["provider"], info["id"]) == (draft.provider.id, draft.model):
        return None
    try:
        check_model(info["id"], info["provider"], services)
        provider = await services.providers.get(owner, info["provider"])
    except GPTError:
        return None
    tokens = draft.estimate.input_tokens
    rates = services.prices.rates(
        provider=provider.id,
        base_url=provider.base_url,
        model=info["id"],
        overrides=draft.history.overrides,
        input_tokens=tokens,
    )
    return pricing.estimate(
        counted=draft.estimate.counted,
        input_tokens=tokens,
        method=draft.estimate.method,
        cached_tokens=0,
        reply_limit=draft.reply_limit,
        rates=rates,
    ).reserve
