"""How many turns a minute an owner may start, where the administrator says so."""

from __future__ import annotations

import time
from collections import deque

from ..errors import RateLimited
from ..store import conversations
from .history import KnownRequest
from .services import ChatServices

_MINUTE = 60.0


class TurnRate:
    """Counts the turns that an owner has started.

    Parameters
    ----------
    owner, services
        Of the session.
    """

    def __init__(self, owner: str, services: ChatServices) -> None:
        self._owner = owner
        self._services = services
        self._starts: deque[float] = deque()

    async def check(self, request_id: str) -> None:
        """Count a turn that is about to start.

        Raises
        ------
        RateLimited
            It is one too many.
        KnownRequest
            It was made before, which costs nothing.
        """
        limit = self._services.turns_per_minute
        now = time.monotonic()
        while self._starts and now - self._starts[0] >= _MINUTE:
            self._starts.popleft()
        if limit and len(self._starts) >= limit:
            known = await self._services.db.read(
                lambda conn: conversations.find_request(conn, self._owner, request_id)
            )
            if known is not None:
                raise KnownRequest(known)
            wait = round(_MINUTE - (now - self._starts[0]), 1)
            raise RateLimited(
                f"Your administrator allows {limit} requests per minute.",
                detail={"limit": limit},
                retry_after=wait,
            )
        self._starts.append(now)
