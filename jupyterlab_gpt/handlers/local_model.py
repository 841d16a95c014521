"""The built-in model: its state, and the fetching of its weights."""

from __future__ import annotations

from ..chat.policy import switched_off
from .base import GPTHandler, secured


class LocalModelHandler(GPTHandler):
    """`local-model`."""

    @secured("read")
    async def get(self) -> None:
        """Tell its state."""
        self.reply(self.services.local.state())

    @secured("write")
    async def post(self) -> None:
        """Begin, or go on, to fetch the weights."""
        if self.services.is_disabled("local"):
            raise switched_off("local")
        self.services.local.start_fetch()
        self.reply(self.services.local.state(), 202)

    @secured("write")
    async def delete(self) -> None:
        """Stop fetching; what has been checked is kept."""
        await self.services.local.stop_fetch()
        self.reply(self.services.local.state())
