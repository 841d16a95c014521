"""The sessions of all owners of this server."""

from __future__ import annotations

import asyncio

from .services import ChatServices
from .session import ChatSession


class ChatSessions:
    """The sessions of all owners.

    Parameters
    ----------
    services
        What they share.
    """

    def __init__(self, services: ChatServices) -> None:
        self._services = services
        self._sessions: dict[str, ChatSession] = {}

    def get(self, owner: str) -> ChatSession:
        """Find the owner's session; it is made when first asked for."""
        session = self._sessions.get(owner)
        if session is None:
            session = self._sessions[owner] = ChatSession(owner, self._services)
        return session

    @property
    def running(self) -> int:
        """How many turns run."""
        return sum(session.running for session in self._sessions.values())

    async def close(self) -> None:
        """End all turns as interrupted: their text is stored, their providers are let go."""
        await asyncio.gather(*(session.close() for session in self._sessions.values()))
