"""Local servers, looked for on request."""

from __future__ import annotations

from .base import GPTHandler, secured


class DiscoverHandler(GPTHandler):
    """`discover`: a POST, as it makes the server ask others; it saves nothing."""

    @secured("write")
    async def post(self) -> None:
        """Look at the fixed addresses on loopback; what the request says is not read."""
        self.reply({"servers": await self.services.discovery.look()})
