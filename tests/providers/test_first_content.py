"""The wait for the first content: long enough to think, and no comment makes it longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.providers.reader import AnswerReader

from .support import Seen, read

ROLE = b'data: {"choices": [{"delta": {"role": "assistant", "content": ""}}]}\n\n'
TEXT = b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n'
END = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


class Response:
    """Bytes and pauses."""

    def __init__(self, *steps: bytes | float) -> None:
        self.headers: dict[str, str] = {}
        self.extensions: dict[str, object] = {}
        self._steps = steps

    async def aiter_raw(self) -> AsyncGenerator[bytes, None]:
        for step in self._steps:
            if isinstance(step, bytes):
                yield step
            else:
                await asyncio.sleep(step)


async def ask(*steps: bytes | float, **limits: Any) -> Seen:
    deadline = asyncio.get_running_loop().time() + 60
    reader = AnswerReader(
        Response(*steps),  # type: ignore[arg-type]
        host="x",
        limits=Limits(**limits),
        deadline=deadline,
        secrets=(),
    )
    return await read(reader.events())


async def test_a_model_may_think_longer_than_a_stall_lasts() -> None:
    for life in ((ROLE,), (b": ping\n\n",), (b": ping\n\n", ROLE)):
        seen = await ask(*life, 0.4, TEXT, END, idle_timeout=0.1, first_timeout=20)
        assert (seen.text(), seen.stop()) == ("x", "stop")


async def test_signs_of_life_are_no_content() -> None:
    steps = [step for _ in range(200) for step in (b": ping\n\n", ROLE, 0.05)]
    begun = time.monotonic()
    seen = await ask(*steps, first_timeout=0.5)
    assert seen.error is not None
    assert seen.error.code == "stream_stalled"
    assert seen.error.detail["seconds"] == 0.5
    assert 0.4 < time.monotonic() - begun < 5


async def test_after_content_silence_is_a_stall() -> None:
    steps = [step for _ in range(200) for step in (b": ping\n\n", 0.05)]
    seen = await ask(ROLE, TEXT, *steps, first_timeout=60, idle_timeout=0.3)
    assert seen.error is not None
    assert seen.error.detail["seconds"] == 0.3
    assert seen.text() == "x"
