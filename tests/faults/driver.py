"""Runs rows through a real server and says where one falls short.

A row is a question to a model that misbehaves. What is looked at: the frames of a real
socket, the answer as REST reads it back, the rows of the ledger in the SQLite file itself,
and the requests as the provider's journal has them.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.durability.server import Server
from tests.fakes.faults import SOME_TEXT
from tests.handlers.conftest import Client, submit

# Rows that run at the same time: those that wait for a timeout share it.
AT_ONCE = 12
# Timeouts of the servers that the rows are driven through, in seconds; the defaults, which
# test_app holds, are for people.
QUICK = {
    "connect_timeout": 2,
    "headers_timeout": 3,
    "first_timeout": 3,
    "idle_timeout": 3,
    "turns_per_minute": 0,
    # The endless answers are longer than a user would pay for.
    "reply_tokens": 1_000_000,
    "reply_tokens_reasoning": 1_000_000,
}
# Seconds within which every row has ended, the waits of 1 and 2 s between attempts and a busy
# machine included; the SDK by itself takes 16 s to be refused and half an hour of silence.
IN_TIME = 15.0


@dataclass(frozen=True)
class Row:
    """One fault, and what the user gets.

    Attributes
    ----------
    fault
        As the table of faults has it.
    model
        Asked; it chooses what goes wrong.
    code
        Of the `failed` frame; empty: the answer finishes.
    text
        What is kept of the answer, or how many characters; None: something.
    calls
        Requests upstream, and rows of the ledger.
    arrive
        Requests that reach the provider, where they are fewer.
    finish
        Reason of the `finished` frame.
    detail
        What the frame's detail must hold for the sentence and its button.
    thinking
        What is shown as thinking.
    dropped
        What the user had set and the model refused.
    stored
        False where the question is refused before it is stored.
    """

    fault: str
    model: str
    code: str = ""
    text: str | int | None = ""
    calls: int = 1
    arrive: int | None = None
    finish: str = "stop"
    detail: dict[str, Any] = field(default_factory=dict)
    provider: str = "default"
    params: dict[str, Any] = field(default_factory=dict)
    thinking: str | int = ""
    retry_after: tuple[float, float] | None = None
    dropped: list[str] | None = None
    stored: bool = True
    prompt: str = "Hello"

    @property
    def status(self) -> str:
        """Of the answer; empty where nothing was stored."""
        if not self.stored:
            return ""
        if not self.code:
            return "complete"
        return "failed" if self.text == "" else "incomplete"


@dataclass
class Outcome:
    """What was seen of one row."""

    row: Row
    frames: list[dict[str, Any]]
    answer: dict[str, Any] | None
    ledger: list[sqlite3.Row]
    requests: int = -1
    shown: str = ""

    @property
    def last(self) -> dict[str, Any]:
        return self.frames[-1]

    @property
    def code(self) -> str:
        return str(self.last.get("code") or self.last["finish_reason"])

    @property
    def status(self) -> str:
        return str(self.answer["status"]) if self.answer else ""

    def part(self, kind: str) -> str:
        parts = self.answer["parts"] if self.answer else []
        return "".join(part["text"] for part in parts if part["type"] == kind)

    def falls_short(self) -> list[str]:
        """Whatever is not as the row says."""
        row, last = self.row, self.last
        waits = [frame for frame in self.frames if frame["type"] == "retrying"]
        detail = last.get("detail") or {}
        booked = [(call["ended"] is not None, call["error_code"]) for call in self.ledger]
        wrong = {
            "code": self.code == (row.code or row.finish),
            "status": self.status == row.status,
            "text kept": _is(self.part("text"), row.text),
            "thinking": _is(self.part("thinking"), row.thinking),
            "frames' text": self.answer is None or self.shown == _joined(self.answer),
            "detail": row.detail.items() <= detail.items(),
            "dropped": last.get("dropped") == row.dropped,
            "sentence": not row.code or len(last.get("message", "")) > 10,
            "requests": self.requests == (row.calls if row.arrive is None else row.arrive),
            "ledger": len(self.ledger) == row.calls,
            "settled": all(ended for ended, _ in booked),
            "last booked code": not booked or booked[-1][1] == (row.code or None),
            "retry_after": row.retry_after is None
            or row.retry_after[0] <= (last.get("retry_after") or 0) <= row.retry_after[1],
            "in time": (last.get("seconds") or 0) < IN_TIME,
            "visible retries": not row.code.endswith(("limited", "unavailable"))
            or len(waits) == row.calls - 1,
        }
        return [what for what, is_right in wrong.items() if not is_right]


def _is(text: str, wanted: str | int | None) -> bool:
    if wanted is None:
        return text != ""
    return len(text) == wanted if isinstance(wanted, int) else text == wanted


def _joined(answer: dict[str, Any]) -> str:
    return "".join(part["text"] for part in answer["parts"])


class Driver:
    """Asks a running server; what it has seen stays for the other promises."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client: Client | None = None
        self.bodies: list[Any] = []
        self._ends: dict[str, asyncio.Future[None]] = {}
        self.frames: dict[str, list[dict[str, Any]]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._room = asyncio.Semaphore(AT_ONCE)

    async def open(self) -> None:
        self.client = await self.server.connect()
        self._reader = asyncio.create_task(self._read(self.client))

    async def _read(self, client: Client) -> None:
        while (frame := await client.next(seconds=300)) is not None:
            request = frame.get("request_id", "")
            self.frames.setdefault(request, []).append(frame)
            if frame["type"] in ("finished", "failed") and request in self._ends:
                self._ends[request].set_result(None)

    async def ask(self, asked: dict[str, Any], seconds: float = 60) -> list[dict[str, Any]]:
        """Ask, and wait for the end; the frames."""
        assert self.client is not None
        end = self._ends[asked["request_id"]] = asyncio.get_running_loop().create_future()
        await self.client.send(asked)
        async with asyncio.timeout(seconds):
            await end
        return self.frames[asked["request_id"]]

    async def stop_at(self, asked: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        """Ask, and stop at the first frame of a kind; the frames."""
        assert self.client is not None
        asking = asyncio.create_task(self.ask(asked))
        request = asked["request_id"]
        async with asyncio.timeout(60):
            while kind not in {frame["type"] for frame in self.frames.get(request, [])}:
                await asyncio.sleep(0.01)
        await self.client.send({"type": "cancel", "request_id": request})
        return await asking

    async def get(self, path: str, method: str = "GET", body: Any = None) -> Any:
        found = await self.server.get(path, method, body)
        self.bodies.append(found)
        return found

    async def run(self, row: Row) -> Outcome:
        """Ask one row's question."""
        asked = submit(row.prompt, row.model, provider=row.provider, params=row.params)
        async with self._room:
            frames = await self.ask(asked)
        answer = None
        if frames[0]["type"] == "started":
            conversation = await self.get(f"conversations/{asked['conversation_id']}")
            answer = conversation["messages"][-1]
        ledger = calls_of(self.server.database, asked["request_id"])
        assert self.client is not None
        return Outcome(row, frames, answer, ledger, shown=self.client.text(asked))

    async def run_all(
        self, rows: list[Row], requests_of: Callable[[Row], Awaitable[int]]
    ) -> list[Outcome]:
        """Run all rows, and count what the provider saw of each."""
        before = [await requests_of(row) for row in rows]
        outcomes = await asyncio.gather(*(self.run(row) for row in rows))
        for outcome, earlier in zip(outcomes, before, strict=True):
            outcome.requests = await requests_of(outcome.row) - earlier
        return list(outcomes)

    async def run_each(
        self, rows: list[Row], requests_of: Callable[[Row], Awaitable[int]]
    ) -> list[Outcome]:
        """Run rows one after the other, as each may teach something for the next."""
        outcomes = []
        for row in rows:
            before = await requests_of(row)
            outcome = await self.run(row)
            outcome.requests = await requests_of(row) - before
            outcomes.append(outcome)
        return outcomes

    async def provider(self, name: str, url: str, headers: dict[str, str] | None = None) -> None:
        """Add a provider."""
        body = {"id": name, "name": name, "base_url": url, "headers": headers or {}}
        await self.get("providers", "POST", body)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()


def calls_of(database: Path, request_id: str) -> list[sqlite3.Row]:
    """The ledger's rows of one request, from the file."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as conn:
        conn.row_factory = sqlite3.Row
        sql = "SELECT * FROM calls WHERE request_id = ? ORDER BY id"
        found = conn.execute(sql, (request_id,)).fetchall()
    conn.close()
    return found


def assert_table(title: str, outcomes: list[Outcome]) -> None:
    """Print the table; no row falls short."""
    line = "{:44} {:23} {:10} {:>9} {:>8} {:>6}  {}"
    head = line.format("fault", "code shown", "status", "text kept", "requests", "ledger", "")
    print(f"\n{title}\n{head}\n{'-' * len(head)}")
    short = []
    for one in outcomes:
        wrong = one.falls_short()
        kept = len(one.part("text"))
        note = f"FALLS SHORT: {', '.join(wrong)}" if wrong else ""
        cells = (one.row.fault[:44], one.code, one.status or "nothing", kept, one.requests)
        print(line.format(*cells, len(one.ledger), note).rstrip())
        if wrong:
            short.append((one.row.fault, wrong, one.last, one.shown[:200]))
    print(f"faults: {len(outcomes)} rows, {len(short)} fall short")
    assert not short, short


__all__ = ["QUICK", "SOME_TEXT", "Driver", "Outcome", "Row", "assert_table", "calls_of"]
