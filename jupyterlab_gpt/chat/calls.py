"""The calls upstream of one turn: each is a row before it leaves, settled when it ended."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from typing import Any

from ..errors import GPTError
from ..store import usage
from ..store.database import Database
from ..store.values import utc_now
from .plan import Plan
from .turn import Turn

_UNKNOWN = {
    "input": None,
    "cached_input": None,
    "cache_write": None,
    "output": None,
    "reasoning": None,
    "estimated": True,
}


class Calls:
    """Books the calls of a turn.

    Parameters
    ----------
    turn, plan
        Whose calls, and to whom.
    db
        Where they are booked.
    """

    def __init__(self, turn: Turn, plan: Plan, db: Database) -> None:
        self._turn = turn
        self._plan = plan
        self._db = db
        self._attempts = 0
        self._row: asyncio.Future[int] | None = None
        self._usage: dict[str, Any] | None = None
        self._raw: dict[str, Any] | None = None

    async def book(self) -> None:
        """Book a call that is about to leave; one before it that is open has failed."""
        await self.settle_failed("provider_bad_request")
        self._attempts += 1
        turn, plan, attempt = self._turn, self._plan, self._attempts
        row = self._db.write(
            lambda conn: usage.add_call(
                conn,
                owner=turn.owner,
                request_id=turn.request_id,
                conversation_id=turn.conversation_id,
                answer_id=turn.answer_id,
                notebook=turn.submit.get("notebook"),
                provider=plan.provider.id,
                host=plan.provider.host,
                model=plan.model,
                attempt=attempt,
                started=utc_now(),
            ),
            # A killed process loses nothing of it, and a power cut ends the call too.
            durable=False,
        )
        self._row = asyncio.ensure_future(row)
        # Shielded: a Stop in this moment must not lose the row's number.
        await asyncio.shield(self._row)

    def see(self, seen: dict[str, Any], raw: dict[str, Any]) -> None:
        """Take what the provider counted: the last word replaces all before it."""
        self._usage, self._raw = seen, raw

    def usage(self, *, cancelled: bool) -> dict[str, Any] | None:
        """Tell what the answer used; a stopped call is never reported, so nobody knows exactly."""
        if self._usage is None and cancelled and self._attempts:
            return dict(_UNKNOWN)
        return self._usage

    async def current(self) -> int | None:
        """Find the row that is still open; None too where it could not be booked."""
        if self._row is None:
            return None
        with suppress(GPTError):
            return await self._row
        return None

    def settle(
        self, conn: sqlite3.Connection, call: int | None, status: str, code: str | None
    ) -> None:
        """Settle the open row, in a transaction that ends more."""
        if call is None:
            return
        seen = self.usage(cancelled=status == "cancelled")
        usage.settle_call(
            conn,
            call,
            ended=utc_now(),
            status=status,
            usage=seen,
            raw_usage=self._raw,
            estimated=bool(seen and seen.get("estimated")),
            error_code=code,
        )

    async def settle_alone(self, call: int | None, status: str, code: str | None) -> None:
        """Settle the open row where the answer itself could not be stored."""
        if call is not None:
            await self._db.write(lambda conn: self.settle(conn, call, status, code))

    async def settle_failed(self, code: str) -> None:
        """Settle an attempt that another one follows."""
        call = await self.current()
        self._row = None
        if call is not None:
            await self._db.write(
                lambda conn: self.settle(conn, call, "failed", code), durable=False
            )
        self._usage = self._raw = None
