"""The calls upstream of one turn: each is a row before it leaves, settled when it ended."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..errors import GPTError
from ..ledger import budget, ledger
from ..ledger.money import usd
from ..ledger.prices import cost_of
from ..ledger.tokens import may_think
from ..providers.builtin import LOCAL
from ..store.values import dumps, utc_now
from .plan import Plan
from .services import ChatServices
from .turn import Turn

# Longest usage that is kept as the provider sent it, in characters; the longest seen has 900.
_MAX_RAW = 16_384
_NOTHING = {
    "input": None,
    "cached_input": None,
    "cache_write": None,
    "output": None,
    "reasoning": None,
    "estimated": True,
}


@dataclass(frozen=True)
class CallEnd:
    """How a call ended.

    Attributes
    ----------
    status
        `complete`, `incomplete`, `cancelled` or `failed`: of the call, which may have
        failed where the answer, a copy of a cut one, has text.
    code
        Of the error, where there was one.
    usage
        What it used, in the wire's shape; None where nobody knows.
    raw
        What the provider said of that.
    ended
        When.
    sent
        False where it was booked and then never left.
    """

    status: str
    code: str | None
    usage: dict[str, Any] | None
    raw: dict[str, Any] | None
    ended: str
    sent: bool = True


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
        to = plan.draft.provider
        turn.asked = {"provider": to.id, "host": to.host, "model": plan.draft.model}
        self._row: asyncio.Future[int] | None = None
        # Whether a request may have left that no row has the end of.
        self._out = False
        self._usage: dict[str, Any] | None = None
        self._raw: dict[str, Any] | None = None

    async def book(self) -> None:
        """Book a call that is about to leave; one before it that is open has failed."""
        await self.settle_failed("provider_bad_request")
        turn, draft = self._turn, self._draft
        turn.attempts += 1
        attempt = turn.attempts
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
                # The answer's, unless another server deletes the chat at this moment.
                server_id=self._services.db.server_id,
            )
        )
        self._row = asyncio.ensure_future(row)
        # Shielded: a Stop in this moment must not lose the row's number.
        await asyncio.shield(self._row)
        self._out = True

    def see(self, seen: dict[str, Any], raw: dict[str, Any]) -> None:
        """Take what the provider counted: the last word replaces all before it."""
        self._usage, self._raw = seen, _storable(raw)

    def end(self, status: str, code: str | None, written: int, *, whole: bool) -> CallEnd:
        """Tell how the open call ended.

        Parameters
        ----------
        status, code
            As in `CallEnd`.
        written
            Tokens of text and thinking that arrived.
        whole
            The provider ended its answer by itself: only then is what it counted the bill.
        """
        raw = self._raw
        if not whole and raw is not None:
            raw = {name: value for name, value in raw.items() if name != "cost"}
        usage = self._used(status, written, whole=whole)
        return CallEnd(status, code, usage, raw, utc_now(), sent=self._out)

    def _used(self, status: str, written: int, *, whole: bool) -> dict[str, Any] | None:
        seen = self._usage
        if not self._out:
            return seen
        if whole and seen is not None and None not in (seen["input"], seen["output"]):
            return seen
        # Refused before it began: the ledger knows which refusals cost nothing.
        if status == "failed" and seen is None and not written:
            return None
        usage = {**_NOTHING, **(seen or {}), "estimated": True}
        if usage["input"] is None:
            usage["input"] = self._draft.estimate.input_tokens
        usage["output"] = max(usage["output"] or 0, written)
        return usage

    async def current(self) -> int | None:
        """Find the row that is still open; None too where it could not be booked."""
        if self._row is None:
            return None
        with suppress(GPTError):
            return await self._row
        return None

    def settle(self, conn: sqlite3.Connection, call: int | None, end: CallEnd) -> None:
        """Settle the open row, in a transaction that ends more."""
        if call is None:
            return
        usage = end.usage
        thinks = self._draft.provider.id != LOCAL and may_think(self._draft.model)
        rates = None
        if usage is not None and usage["input"] is not None:
            rates = self._draft.rates(self._services, usage["input"])
        ledger.settle(
            conn,
            call,
            ended=end.ended,
            status=end.status,
            usage=usage,
            raw_usage=end.raw,
            error_code=end.code,
            # What a model thought and nobody showed may be billed too.
            at_least=usage is not None and usage["estimated"] and thinks,
            rates=rates,
            sent=end.sent,
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

    async def settle_alone(self, call: int | None, end: CallEnd) -> None:
        """Settle the open row where the answer itself could not be stored."""

        def settle(conn: sqlite3.Connection) -> None:
            self.settle(conn, call, end)
            self._turn.budget = self.release(conn)

        await self._services.db.write(settle)

    async def settle_failed(self, code: str) -> None:
        """Settle an attempt that another one follows."""
        call = await self.current()
        if call is not None:
            end = CallEnd("failed", code, self._usage, self._raw, utc_now(), sent=self._out)
            await self._services.db.write(lambda conn: self.settle(conn, call, end), durable=False)
        self._row = None
        self._out = False
        self._usage = self._raw = None


def _storable(raw: dict[str, Any]) -> dict[str, Any] | None:
    """Keep what the provider sent if a database takes it; else only what it cost."""
    try:
        if len(dumps(raw)) <= _MAX_RAW:
            return raw
    except (RecursionError, ValueError):
        pass
    cost = raw.get("cost")
    return {"cost": cost} if isinstance(cost, int | float | str) else None
