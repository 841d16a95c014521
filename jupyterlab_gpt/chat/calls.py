"""The calls upstream of one turn: each is a row before it leaves, settled when it ended."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from typing import Any

from ..errors import GPTError
from ..ledger import budget, ledger
from ..ledger.money import usd
from ..ledger.prices import cost_of
from ..ledger.tokens import may_think
from ..store.values import utc_now
from .draft import LOCAL
from .plan import Plan
from .services import ChatServices
from .turn import Turn

_NOTHING = {
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
        Whose calls, and what they ask.
    services
        Where they are booked, and how they are counted.
    """

    def __init__(self, turn: Turn, plan: Plan, services: ChatServices) -> None:
        self._turn = turn
        self._draft = plan.draft
        self._services = services
        self._attempts = 0
        self._row: asyncio.Future[int] | None = None
        self._usage: dict[str, Any] | None = None
        self._raw: dict[str, Any] | None = None

    async def book(self) -> None:
        """Book a call that is about to leave; one before it that is open has failed."""
        await self.settle_failed("provider_bad_request")
        self._attempts += 1
        turn, draft, attempt = self._turn, self._draft, self._attempts
        row = self._services.db.write(
            lambda conn: ledger.book(
                conn,
                owner=turn.owner,
                request_id=turn.request_id,
                conversation_id=turn.conversation_id,
                answer_id=turn.answer_id,
                notebook=turn.submit.get("notebook"),
                provider=draft.provider.id,
                host=draft.provider.host,
                base_url=draft.provider.base_url,
                model=draft.model,
                attempt=attempt,
                started=utc_now(),
                counted=draft.estimate.counted,
                rates=draft.estimate.rates,
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

    def usage(self, status: str, written: int) -> dict[str, Any] | None:
        """Tell what the answer used: as the provider counted, else as we did.

        Parameters
        ----------
        status
            How the answer ended.
        written
            Tokens of text and thinking that arrived.
        """
        seen = self._usage
        if seen is not None and None not in (seen["input"], seen["output"]):
            return seen
        # Refused before it began: the ledger knows which refusals cost nothing.
        if not self._attempts or (status == "failed" and seen is None and not written):
            return seen
        usage = {**_NOTHING, **(seen or {}), "estimated": True}
        if usage["input"] is None:
            usage["input"] = self._draft.estimate.input_tokens
        if usage["output"] is None:
            usage["output"] = written
        return usage

    async def current(self) -> int | None:
        """Find the row that is still open; None too where it could not be booked."""
        if self._row is None:
            return None
        with suppress(GPTError):
            return await self._row
        return None

    def settle(
        self,
        conn: sqlite3.Connection,
        call: int | None,
        status: str,
        code: str | None,
        usage: dict[str, Any] | None,
    ) -> None:
        """Settle the open row, in a transaction that ends more."""
        if call is None:
            return
        estimated = usage is None or usage["estimated"]
        thinks = self._draft.provider.id != LOCAL and may_think(self._draft.model)
        rates = None
        if usage is not None and usage["input"] is not None:
            rates = self._draft.rates(self._services, usage["input"])
        ledger.settle(
            conn,
            call,
            ended=utc_now(),
            status=status,
            usage=usage,
            raw_usage=self._raw,
            error_code=code,
            # What a model thought and nobody showed may be billed too.
            at_least=bool(usage) and estimated and thinks,
            rates=rates,
        )

    def release(self, conn: sqlite3.Connection) -> dict[str, Any]:
        """Give back what was reserved; the month's budget as it is then."""
        budget.release(conn, self._turn.request_id)
        return budget.get(conn, self._turn.owner, cap=self._services.monthly_cap)

    def cost(self, conn: sqlite3.Connection) -> dict[str, Any]:
        """Add up what the turn's calls cost, as `protocol.Cost`."""
        return ledger.cost_of_request(conn, self._turn.request_id)

    def unstored_cost(self, usage: dict[str, Any] | None) -> dict[str, Any] | None:
        """Price the call that the disk did not take, for who watches it."""
        if usage is None or usage["input"] is None:
            return None
        rates = self._draft.rates(self._services, usage["input"])
        nano = cost_of(usage, rates) if rates else None
        return {
            "usd": None if nano is None else usd(nano),
            "estimated": bool(usage["estimated"]),
            "at_least": False,
        }

    async def settle_alone(
        self, call: int | None, status: str, code: str | None, usage: dict[str, Any] | None
    ) -> None:
        """Settle the open row where the answer itself could not be stored."""

        def settle(conn: sqlite3.Connection) -> None:
            self.settle(conn, call, status, code, usage)
            self.release(conn)

        await self._services.db.write(settle)

    async def settle_failed(self, code: str) -> None:
        """Settle an attempt that another one follows."""
        call = await self.current()
        self._row = None
        if call is not None:
            seen = self._usage
            await self._services.db.write(
                lambda conn: self.settle(conn, call, "failed", code, seen), durable=False
            )
        self._usage = self._raw = None
