"""The models of all providers."""

from __future__ import annotations

from .base import GPTHandler, secured


class ModelsHandler(GPTHandler):
    """`models`: asked of the endpoints, remembered by the registry."""

    @secured("read")
    async def get(self) -> None:
        """List them; `?refresh=1` asks the endpoints again."""
        refresh = self.get_query_argument("refresh", "") == "1"
        self.reply(await self.services.registry.models(self.owner, refresh=refresh))
