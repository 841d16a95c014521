"""What the panel needs to know before anything else."""

from __future__ import annotations

import os

from .base import GPTHandler, secured
from .stream import SUBPROTOCOL

# How long the first request of an owner may wait to learn whether a key is there: the
# keyring's first import takes 300 ms. All later ones answer from memory.
FIRST_SECONDS = 1.0


class StatusHandler(GPTHandler):
    """`status`: from memory."""

    @secured("read")
    async def get(self) -> None:
        """Tell versions, defaults and policy."""
        services = self.services
        choice = await services.defaults.within(self.owner, FIRST_SECONDS)
        self.reply(
            {
                "version": services.version,
                "protocol": SUBPROTOCOL,
                "pid": os.getpid(),
                "provider": choice.provider,
                "model": choice.model,
                "needs_setup": not choice.usable,
                "budget": services.sessions.get(self.owner).budget,
                "storage": services.db.health.state,
                "policy": services.policy,
            }
        )
