"""The models of all providers, with their prices."""

from __future__ import annotations

import asyncio
from typing import Any

from ..ledger.prices import Rates
from ..store import prices
from .base import GPTHandler, secured


class ModelsHandler(GPTHandler):
    """`models`: asked of the endpoints, remembered by the registry."""

    @secured("read")
    async def get(self) -> None:
        """List them; `?refresh=1` asks the endpoints again."""
        services, owner = self.services, self.owner
        refresh = self.get_query_argument("refresh", "") == "1"
        found = await services.registry.models(owner, refresh=refresh)
        overrides = await services.db.read(lambda conn: prices.list_overrides(conn, owner))
        urls = {info["id"]: info["base_url"] for info in await services.registry.infos(owner)}

        def priced(model: dict[str, Any]) -> dict[str, Any]:
            rates = services.prices.rates(
                provider=model["provider"],
                base_url=urls.get(model["provider"], ""),
                model=model["id"],
                overrides=overrides,
            )
            return {**model, **_prices(rates)}

        # In a thread: the table of prices is imported on first use.
        models = await asyncio.to_thread(lambda: [priced(model) for model in found["models"]])
        self.reply({**found, "models": models})


def _prices(rates: Rates | None) -> dict[str, str | None]:
    """Prices per million tokens for the picker; null where they are unknown."""
    if rates is None:
        return {"input_price": None, "cached_price": None, "output_price": None}
    return {
        "input_price": f"{rates.input.normalize():f}",
        "cached_price": f"{rates.cached_input.normalize():f}",
        "output_price": f"{rates.output.normalize():f}",
    }
