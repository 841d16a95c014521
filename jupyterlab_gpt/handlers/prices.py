"""The user's own prices."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidRequest
from ..ledger.money import parse_usd
from ..providers.urls import normalise
from ..store import prices
from .base import GPTHandler, secured


class PricesHandler(GPTHandler):
    """`prices`."""

    @secured("read")
    async def get(self) -> None:
        """List them."""
        owner = self.owner
        found = await self.services.db.read(lambda conn: prices.list_overrides(conn, owner))
        self.reply({"overrides": found})

    @secured("write")
    async def put(self) -> None:
        """Replace all of them."""
        owner = self.owner
        asked = (await self.parse("PriceOverrides")).model_dump()["overrides"]
        checked = [_checked(override, place) for place, override in enumerate(asked)]
        await self.services.db.write(lambda conn: prices.put_overrides(conn, owner, checked))
        self.reply({"overrides": checked})


def _checked(override: dict[str, Any], place: int) -> dict[str, Any]:
    """Check a price's amounts, and bring its URL into its one spelling."""
    checked = {**override, "pattern": override["pattern"].strip()}
    if not checked["pattern"]:
        raise InvalidRequest(f"overrides.{place}.pattern: must not be empty")
    for name in ("input", "output", "cached_input", "cache_write"):
        if override[name] is not None:
            checked[name] = override[name].strip()
            parse_usd(checked[name], f"overrides.{place}.{name}")
    url = override["base_url"].strip()
    try:
        checked["base_url"] = normalise(url) if url else ""
    except InvalidRequest as error:
        # Which row: the form shows it at the field.
        error.detail["setting"] = f"overrides.{place}.base_url"
        raise
    return checked
