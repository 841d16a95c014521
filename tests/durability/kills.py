"""One server after the other on one home, each killed with -9 at a random moment.

After each kill the files are looked at as they are, and once the next server runs, each
prompt is looked for: is it there, is its text a beginning of what the provider sent, is its
call booked and settled, and can one that never was be sent again, once?
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPClientError

from tests.fakes.behaviours import long_pieces, prompt_of
from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import Client, submit

from .figures import Figures, Prompt
from .server import Server

# When the server is killed: once the prompt has left the client, also while the next server
# opens what the last one left; in the middle of the answers; around their ends.
MOMENTS = ("sent", "opening", "middle", "middle", "middle", "end")
# Seconds that an answer takes, by the moment: no longer than the kill needs to fall in it.
SECONDS = {"sent": 0.4, "opening": 0.4, "middle": 1.6, "end": 0.5}
# Of the prompts that were started, how many are sent again too.
SENT_AGAIN = 0.2


class Kills:
    """Kills servers and keeps count.

    Parameters
    ----------
    server, fake
        Who is killed, and who answers.
    copies
        A folder for copies of the database.
    seed
        Of all that is random.
    """

    def __init__(self, server: Server, fake: FakeProvider, copies: Path, seed: int) -> None:
        self.server = server
        self.fake = fake
        self.copies = copies
        self.random = random.Random(seed)
        self.figures = Figures()
        # Prompts of killed servers that were not looked for yet.
        self.left: list[Prompt] = []

    async def prepare(self) -> None:
        """Give all models a price, so that what a call cost is known."""
        await self.server.start()
        price = {"pattern": "*", "input": "1", "output": "2"}
        await self.server.get("prices", "PUT", {"overrides": [price]})
        self.server.end()

    async def kill_one(self) -> None:
        """Let a server look for what the last one left, ask it something, and kill it."""
        moment = self.random.choice(MOMENTS)
        await self.server.start()
        if moment != "opening":
            await self.look_for_all()
        prompts = await self._ask(moment)
        clients = {id(prompt.client): prompt.client for prompt in prompts}
        readers = [asyncio.create_task(_read(client)) for client in clients.values()]
        await self._wait(moment, prompts)
        for prompt in prompts:
            prompt.sent = max((e.sent_pieces for e in self._asked(prompt)), default=0)
        self.server.end()
        await asyncio.gather(*readers)
        for prompt in prompts:
            prompt.sent = max(prompt.sent, prompt.count(prompt.seen))
        self.figures.kills += 1
        self.figures.prompts += len(prompts)
        self.left += prompts
        self._look_at_files()

    async def look_for_all(self) -> None:
        """Look for the prompts of the servers that were killed."""
        left, self.left = self.left, []
        for prompt in left:
            await self._look_for(prompt)
        with closing(self._database(self.server.database)) as conn:
            for prompt in left:
                self._look_at_calls(conn, prompt)

    async def go_on(self) -> str:
        """Continue an answer that was cut, and give what is there then."""
        listed = await self.server.get("conversations?limit=200")
        for item in listed["items"]:
            conversation = await self.server.get(f"conversations/{item['id']}")
            for answer in conversation["messages"]:
                if answer["status"] == "incomplete" and answer["parts"]:
                    return await self._continue(conversation, answer)
        raise AssertionError("no answer was cut")

    # ------------------------------------------------------------ before the kill

    async def _ask(self, moment: str) -> list[Prompt]:
        clients = [await self.server.connect() for _ in range(self.random.randint(1, 2))]
        prompts = []
        for _ in range(self.random.randint(1, 3)):
            rate = self.random.randrange(100, 301, 10)
            number = int(rate * SECONDS[moment])
            name = f"Question {self.figures.prompts + len(prompts)}"
            frame = submit(name, model=f"fake-rate-{rate}-{number}")
            client = self.random.choice(clients)
            prompts.append(Prompt(frame, rate, long_pieces(number), client))
            await client.send(frame)
        return prompts

    async def _wait(self, moment: str, prompts: list[Prompt]) -> None:
        if moment == "middle":
            await self._until(lambda: all("delta" in p.types for p in prompts))
            await asyncio.sleep(self.random.uniform(0, SECONDS[moment] * 0.9))
        elif moment == "end":
            one = self.random.choice(prompts)
            near = len(one.whole) - self.random.randrange(200)
            await self._until(lambda: len(one.seen) >= near)
            await asyncio.sleep(self.random.uniform(0, 0.06))
        else:
            await asyncio.sleep(self.random.uniform(0, 0.3))

    async def _until(self, there: Any) -> None:
        async with asyncio.timeout(60):
            while not there():
                await asyncio.sleep(0.005)

    # ------------------------------------------------------------ after it

    def _look_at_files(self) -> None:
        """Have SQLite look at a copy: the next server must find the files as they were left."""
        copy = self.copies / "copy.sqlite"
        for end in ("", "-wal"):
            source = self.server.database.with_name(self.server.database.name + end)
            target = copy.with_name(copy.name + end)
            target.unlink(missing_ok=True)
            if source.exists():
                shutil.copy(source, target)
        with closing(sqlite3.connect(copy)) as conn:
            try:
                sound = conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                sound &= not conn.execute("PRAGMA foreign_key_check").fetchall()
                # The index of the search, against the texts that it is of.
                conn.execute("INSERT INTO found (found, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError:
                sound = False
        self.figures.corrupt += not sound

    async def _look_for(self, prompt: Prompt) -> None:
        stored = await self._stored(prompt)
        if stored is None:
            self.figures.lost_prompts += "started" in prompt.types
        else:
            self._look_at_answer(prompt, stored)
        if stored is None or "started" not in prompt.types or self.random.random() < SENT_AGAIN:
            await self._send_again(prompt, stored)

    async def _stored(self, prompt: Prompt) -> dict[str, Any] | None:
        """Read the answer as the server gives it; None where the prompt is not there."""
        try:
            found = await self.server.get(f"conversations/{prompt.frame['conversation_id']}")
        except HTTPClientError as error:
            if error.code == 404:
                return None
            raise
        question, answer = found["messages"]
        assert question["parts"] == prompt.frame["parts"]
        assert answer["id"] == prompt.frame["answer_id"]
        return dict(answer)

    def _look_at_answer(self, prompt: Prompt, answer: dict[str, Any]) -> None:
        text = _text(answer)
        if answer["status"] == "complete":
            assert text == prompt.whole
            return
        assert answer["status"] == "incomplete"
        assert answer["error"]["code"] == "server_stopped"
        assert "finished" not in prompt.types
        assert prompt.whole.startswith(text)
        if prompt.sent:
            missing = prompt.sent - prompt.count(text)
            self.figures.text_lost.append(max(0, missing) / prompt.rate)

    async def _send_again(self, prompt: Prompt, stored: dict[str, Any] | None) -> None:
        """The same request once more: it runs if it never ran, and else is told what there is."""
        self.figures.sent_again += 1
        before = len(self._asked(prompt))
        client = await self.server.connect()
        await client.send(prompt.frame)
        last = await client.end(prompt.frame)
        if stored is None:
            assert (before, last["type"]) == (0, "finished")
            assert client.text(prompt.frame) == prompt.whole
        else:
            cut = stored["status"] == "incomplete"
            assert (last["type"], last.get("code")) == (
                ("failed", "server_stopped") if cut else ("finished", None)
            )
            assert client.text(prompt.frame) == _text(stored)
        assert len(self._asked(prompt)) == (before if stored else 1)
        client.close()

    def _look_at_calls(self, conn: sqlite3.Connection, prompt: Prompt) -> None:
        request = (prompt.frame["request_id"],)
        calls = conn.execute(
            "SELECT ended IS NOT NULL AND cost_nano > 0 FROM calls WHERE request_id = ?", request
        ).fetchall()
        (held,) = conn.execute(
            "SELECT count(*) FROM reservations WHERE request_id = ?", request
        ).fetchone()
        settled = sum(done for (done,) in calls)
        self.figures.unbooked += max(len(self._asked(prompt)), len(calls)) - settled + held

    async def _continue(self, conversation: dict[str, Any], answer: dict[str, Any]) -> str:
        frame = submit(
            model="fake-echo",
            conversation_id=conversation["id"],
            message_id=answer["parent_id"],
            continue_of=answer["id"],
            parts=[],
        )
        client = await self.server.connect()
        await client.send(frame)
        assert (await client.end(frame))["finish_reason"] == "stop"
        text = client.text(frame)
        assert len(text) > len(_text(answer))
        assert text.startswith(_text(answer))
        return text

    def _asked(self, prompt: Prompt) -> list[Any]:
        """The provider's side of a prompt."""
        text = prompt.frame["parts"][0]["text"]
        entries = list(self.fake.entries)
        return [e for e in entries if isinstance(e.body, dict) and prompt_of(e.body) == text]

    def _database(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=60)


def _text(answer: dict[str, Any]) -> str:
    return "".join(part["text"] for part in answer["parts"])


async def _read(client: Client) -> None:
    """Read until the socket is gone."""
    with contextlib.suppress(json.JSONDecodeError):
        while await client.next(seconds=300) is not None:
            pass
