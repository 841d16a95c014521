"""The same session in three layouts of the prompt, each billed by a provider of its own."""

from __future__ import annotations

import asyncio
import json
import tempfile
import uuid
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jupyterlab_gpt.chat.draft import make_draft
from jupyterlab_gpt.chat.markdown import fence
from jupyterlab_gpt.chat.prompt import SYSTEM_PROMPT, PromptInput, build
from jupyterlab_gpt.protocol import MAX_INLINE_BYTES
from jupyterlab_gpt.providers.base import ProviderRequest
from jupyterlab_gpt.providers.openai import OpenAIProvider
from tests.chat.conftest import World

from .billing import Bill
from .provider import RecordingProvider
from .replay import PATH, Turn, replayed, source_of

KEY = "sk-thrift"


@dataclass(frozen=True)
class TurnRecord:
    """One turn of our layout.

    Attributes
    ----------
    estimated
        Prompt tokens as they were told before sending.
    counted
        Prompt tokens as they were counted, before calibration.
    ledger
        Prompt tokens that the ledger has.
    """

    turn: int
    kind: str
    estimated: int
    counted: int
    ledger: int
    bill: Bill
    prompt: list[dict[str, Any]]


async def run_ours(model: str) -> list[TurnRecord]:
    """Replay the session through the real server side: session, database and provider."""
    turns = list(replayed())
    records: list[TurnRecord] = []
    async with RecordingProvider([turn.answer for turn in turns]) as recorder:
        with tempfile.TemporaryDirectory() as folder:
            provider = OpenAIProvider(provider_id="default", base_url=recorder.url, key=KEY)
            world = World(Path(folder), provider)  # type: ignore[arg-type]
            try:
                conversation, parent = str(uuid.uuid4()), None
                for number, turn in enumerate(turns):
                    frame = await _frame(world, turn, conversation, parent, model)
                    parent = frame["answer_id"]
                    draft = await make_draft("local", {**frame, "type": "estimate"}, world.services)
                    watcher = world.socket()
                    world.session.submit(watcher, frame)
                    ended = await watcher.end()
                    assert ended["type"] == "finished", ended
                    world.session.detach(watcher)
                    records.append(
                        TurnRecord(
                            number + 1,
                            turn.kind,
                            draft.estimate.input_tokens,
                            draft.estimate.counted,
                            ended["usage"]["input"],
                            recorder.bills[-1],
                            recorder.prompts[-1],
                        )
                    )
            finally:
                await world.close()
                await provider.close()
    return records


async def _frame(
    world: World, turn: Turn, conversation: str, parent: str | None, model: str
) -> dict[str, Any]:
    notebook = turn.notebook_part()
    data = json.dumps(notebook["cells"]).encode()
    if len(data) > MAX_INLINE_BYTES:
        # As the panel does it: content that is large goes up once, as a blob.
        stored = await world.services.blobs.put("local", data)
        notebook = {"type": "notebook", "path": PATH, "blob": stored["sha256"]}
    return {
        "type": "submit",
        "request_id": str(uuid.uuid4()),
        "conversation_id": conversation,
        "parent_id": parent,
        "message_id": str(uuid.uuid4()),
        "answer_id": str(uuid.uuid4()),
        "model": model,
        "notebook": PATH,
        "parts": [notebook, *turn.context(), {"type": "text", "text": turn.question}],
    }


async def run_whole_notebook(model: str) -> list[Bill]:
    """Replay it with the whole notebook in the system prompt, rendered anew in each turn."""

    def system(turn: Turn) -> str:
        cells = (
            fence(source_of(cell), "python" if cell["cell_type"] == "code" else "markdown")
            for cell in turn.notebook["cells"]
        )
        return "\n\n".join([SYSTEM_PROMPT, f"The notebook `{PATH}`:", *cells])

    return await _run(model, system)


async def run_whole_ipynb(model: str) -> list[Bill]:
    """Replay it with the .ipynb as it is on the disk, outputs included, attached in each turn."""
    return await _run(model, lambda _: SYSTEM_PROMPT, attach=True)


async def _run(model: str, system: Any, *, attach: bool = False) -> list[Bill]:
    """Send a session without the server: system prompt, what was said, what is asked now.

    An attachment goes along with its own question only, and history keeps the question with
    its cell: the cheapest that others do.
    """
    turns = list(replayed())
    history: list[dict[str, Any]] = []
    async with RecordingProvider([turn.answer for turn in turns]) as recorder:
        provider = OpenAIProvider(provider_id="default", base_url=recorder.url, key=KEY)
        for turn in turns:
            question = {"role": "user", "content": _asked(turn)}
            asked = dict(question)
            if attach:
                whole = json.dumps(turn.notebook, indent=1, ensure_ascii=False)
                asked["content"] = f"File `{PATH}`:\n{fence(whole, 'json')}\n\n{asked['content']}"
            first = {"role": "system", "content": system(turn)}
            request = ProviderRequest(model, [first, *history, asked])
            async for _ in provider.stream(request):
                pass
            history += [question, {"role": "assistant", "content": turn.answer}]
        await provider.close()
    return recorder.bills


def _asked(turn: Turn) -> str:
    """The question with its cell, as we render it ourselves: only the notebook differs."""
    parts = [*turn.context(), {"type": "text", "text": turn.question}]
    message = {"id": "q", "role": "user", "parts": parts}
    (sent,) = build(PromptInput([message], system=""), {}).messages({})
    return str(sent["content"])


@dataclass(frozen=True)
class Compared:
    """What the session costs in each layout."""

    model: str
    ours: list[TurnRecord]
    whole_notebook: list[Bill]
    whole_ipynb: list[Bill]

    def bills(self) -> dict[str, list[Bill]]:
        return {
            "snapshot, then changes (ours)": [record.bill for record in self.ours],
            "whole notebook in the system prompt": self.whole_notebook,
            "whole .ipynb attached": self.whole_ipynb,
        }

    def usd(self) -> dict[str, Decimal]:
        """Dollars of each layout."""
        return {
            name: sum((bill.usd(self.model) for bill in bills), Decimal(0))
            for name, bills in self.bills().items()
        }


async def compare(model: str) -> Compared:
    """Replay the session in all three layouts."""
    return Compared(
        model,
        await run_ours(model),
        await run_whole_notebook(model),
        await run_whole_ipynb(model),
    )


def compare_now(model: str) -> Compared:
    """The same, from outside of a loop."""
    return asyncio.run(compare(model))
