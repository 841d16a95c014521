"""The way of one prompt: stored, sent, streamed, settled."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

from ..errors import GPTError, NotFound, ProviderError, StreamBroken, TurnInterrupted
from ..providers.base import (
    Called,
    Dropped,
    ProviderRequest,
    Stop,
    Text,
    Thinking,
    UsageSeen,
)
from ..store import conversations
from . import frames
from .answer import Answer
from .calls import CallEnd, Calls
from .coalesce import Coalescer
from .draft import make_request
from .plan import Plan, plan_turn
from .quotes import money
from .reply import ReplyLimit
from .services import ChatServices
from .turn import Turn, nothing

_log = logging.getLogger(__name__)

# What is tried again, and how long is waited (seconds, doubled each time) where the
# provider does not say: its own clients begin at half a second.
_RETRIED = frozenset(("provider_rate_limited", "provider_unavailable"))
_FIRST_WAIT = 1.0


async def run_turn(turn: Turn, services: ChatServices) -> None:
    """Run a turn to its end; what goes wrong becomes a frame.

    Raises
    ------
    KnownRequest
        The request was made before.
    """
    try:
        plan = await plan_turn(turn, services)
    except GPTError as error:
        _log.info("Request refused: %s", error.code)
        turn.status = "failed"
        turn.refuse(frames.failed(turn.request_id, error))
        return
    await _Run(turn, plan, services).run()


class _Run:
    """One turn between its two transactions."""

    def __init__(self, turn: Turn, plan: Plan, services: ChatServices) -> None:
        self.turn = turn
        self.plan = plan
        self.services = services
        self.draft = plan.draft
        self.calls = Calls(turn, plan, services)
        self.reply = ReplyLimit(plan.draft.reply_limit, services.counter.count)
        self.reason: str | None = None
        self.begun = time.monotonic()
        # Of this turn, without what a Continue begins with.
        self._new_text = self._new_answer = False
        # Parameters that the user set and the model refused.
        self._dropped: list[str] = []
        # The provider ended the answer by itself.
        self._is_whole = False
        self.cut = plan.draft.history.cut
        turn.begin_with(Answer(self.cut["parts"] if self.cut else ()))
        self._coalescer = Coalescer(turn.emit_text)
        turn.flush = self._coalescer.flush

    async def run(self) -> None:
        turn = self.turn
        turn.emit(
            frames.started(
                turn.request_id,
                answer_id=turn.answer_id,
                provider=self.draft.provider.id,
                model=self.draft.model,
                estimate={
                    "usd": money(self.draft.estimate.most),
                    "estimated": True,
                    "at_least": False,
                },
                budget=self.plan.budget,
            )
        )
        turn.on_started()
        if self.cut:
            turn.emit(turn.snapshot())
        keeper = self.services.keeper
        keeper.open(turn.answer_id)
        error: GPTError | None = None
        try:
            await turn.work(asyncio.create_task(self._ask()))
        except asyncio.CancelledError:
            if turn.stop_reason != "cancelled":
                error = TurnInterrupted("The server stopped while this answer was being written.")
        except GPTError as caught:
            # Without its frames, which would hold the turn until the collector comes by.
            error = caught.with_traceback(None)
        except Exception as caught:
            _log.error("Unexpected error in a turn\n%s", self.services.described(caught))
            error = GPTError("Something went wrong in the server; its log says more.")
        finally:
            keeper.close(turn.answer_id)
        await self._end(error)

    # ------------------------------------------------------------ upstream

    async def _ask(self) -> None:
        """Ask until an answer comes; retries are few and seen by the user."""
        # In a thread: attachments of many megabytes become text here.
        request = await asyncio.to_thread(make_request, self.draft, self.turn.conversation_id)
        retries = 0
        while True:
            try:
                await self._attempt(request)
                return
            except ProviderError as error:
                wait = self._wait_before_retry(error, retries)
                if wait is None:
                    raise
                await self.calls.settle_failed(error.code)
                retries += 1
                self.turn.emit(
                    frames.retrying(
                        self.turn.request_id, attempt=retries + 1, wait=wait, code=error.code
                    )
                )
            await asyncio.sleep(wait)

    def _wait_before_retry(self, error: ProviderError, retries: int) -> float | None:
        limits = self.services.limits
        if error.code not in _RETRIED or self._new_text or retries >= limits.max_retries:
            return None
        wait = error.retry_after
        if wait is None:
            return _FIRST_WAIT * 2.0**retries
        return wait if wait <= limits.max_retry_wait else None

    async def _attempt(self, request: ProviderRequest) -> None:
        async with aclosing(self.draft.provider.stream(request)) as events:
            async for event in events:
                match event:
                    case Text(text):
                        self._take("text", text)
                    case Thinking(text):
                        self._take("thinking", text)
                    case Called():
                        await self.calls.book()
                    case UsageSeen(usage, raw):
                        self.calls.see(usage, raw)
                    case Stop(reason):
                        self.reason = reason
                        self._is_whole = True
                    case Dropped(parameter):
                        self._dropped.append(parameter)
                if self.reply.is_passed and self.reason is None:
                    # The endpoint passed the limit over: closing it stops the billing.
                    self.reason = "length"
                    break
        if self.reason is None:
            raise StreamBroken("The answer ended without an end mark.")
        if not self._new_answer and self.reason != "content_filter":
            raise ProviderError(
                "The model answered nothing.",
                code="empty_answer",
                detail={"model": self.draft.model, "finish_reason": self.reason},
            )

    def _take(self, kind: str, text: str) -> None:
        """Take new text; the work here is the same for each token."""
        if not text:
            return
        self._new_text = True
        self._new_answer |= kind == "text"
        self.reply.add(text)
        part, text = self.turn.answer.append(kind, text)
        self.services.keeper.add(self.turn.answer_id, (part, kind, text))
        self._coalescer.add(part, kind, text)

    # ------------------------------------------------------------ the end

    async def _end(self, error: GPTError | None) -> None:
        """Transaction 2, then the last frame."""
        turn = self.turn
        self._coalescer.flush()
        turn.flush = nothing
        # It holds this run, which holds the turn and all that was sent: a circle.
        del self._coalescer
        status, reason = self._outcome(error)
        written = await asyncio.to_thread(self.reply.total)
        code = error.code if error else None
        # A Continue that failed has the text of the cut answer, but the call has none.
        of_call = "failed" if error and not self._new_text else status
        end = self.calls.end(of_call, code, written, whole=self._is_whole)
        result: dict[str, Any] = {
            "usage": end.usage,
            "cost": None,
            "seconds": frames.seconds_between(self.begun, time.monotonic()),
        }
        info = frames.error_info(error) if error else None
        ending = {"status": status, "finish_reason": reason, "error": info}
        await self._settle(end, ending, result)
        turn.ending = {**ending, **result}
        turn.status = status
        if error is not None:
            turn.emit(frames.failed(turn.request_id, error, **result))
        else:
            last = {**result, "budget": turn.budget, "dropped": self._dropped or None}
            turn.emit(frames.finished(turn.request_id, reason=reason or "stop", **last))

    async def _settle(self, end: CallEnd, ending: dict[str, Any], result: dict[str, Any]) -> None:
        """Store answer, call and budget together; what the disk does not take waits."""
        turn, parts = self.turn, self.turn.answer.parts()
        call = await self.calls.current()

        def settle(conn: sqlite3.Connection) -> None:
            self.calls.settle(conn, call, end)
            turn.budget = self.calls.release(conn)
            result["cost"] = self.calls.cost(conn)
            conversations.finish_answer(conn, turn.answer_id, parts=parts, **ending, **result)

        async def store() -> None:
            try:
                await self.services.db.write(settle)
                turn.is_stored = True
            except NotFound:
                # The chat was deleted meanwhile; the bill was not.
                with suppress(NotFound):
                    await self.calls.settle_alone(call, end)

        try:
            await store()
        except GPTError as unstored:
            # The answer is whole, and with the sockets; the session stores it when it can.
            _log.error("The answer could not be stored: %s", unstored.code)
            turn.store = store
            result["cost"] = self.calls.unstored_cost(end.usage)
        except Exception as bug:
            # Not the disk: an answer that cannot be stored must not leave money unaccounted.
            _log.error("The answer could not be stored\n%s", self.services.described(bug))
            with suppress(Exception):
                await self.calls.settle_alone(call, replace(end, raw=None))

    def _outcome(self, error: GPTError | None) -> tuple[str, str | None]:
        if error is not None:
            return ("incomplete" if self.turn.answer.has_text else "failed"), None
        if self.turn.stop_reason == "cancelled" and self.reason is None:
            return "cancelled", "cancelled"
        return "complete", self.reason
