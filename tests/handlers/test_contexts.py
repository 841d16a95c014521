"""What the preview shows is what the provider receives, byte for byte, whatever goes along."""

from __future__ import annotations

import base64
import random
import uuid
from itertools import groupby
from typing import Any

import pytest

from .conftest import submit

CONTEXTS = 50
# Content from here on goes up as a blob, as the panel does it.
INLINE = 32 * 1024
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
GIF = base64.b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")

# What makes texts differ on their way: fences, line ends, other scripts, halves of characters.
PIECES = (
    "x = 1\n",
    "```python\nprint('fence')\n```\n",
    "~~~~\n",
    "`" * 7 + "\n",
    "Zażółć gęślą jaźń\n",
    "数据 = 读取('文件')\n",
    "👩‍🔬🧪\U0001f468\u200d\U0001f469\n",
    "שלום עולם\n",
    "a\u2028b\u2029c\x85d\n",
    "tab\tand\r\ncarriage\rreturn\n",
    "\x1b[0;31mred\x1b[0m \x07 \x00 \x0b\n",
    "\ud800 half\n",
    "\ufeffmark\n",
    "   \n\n\n",
    "a" * 5000 + "\n",
    "data:image/png;base64," + base64.b64encode(PNG).decode() + "\n",
    "<script>alert(1)</script>\n",
    "\\u0041 \\n {} %s $5\n",
    "",
)


@pytest.fixture
def traits() -> dict[str, Any]:
    """All fifty within a minute."""
    return {"turns_per_minute": 0}


class Maker:
    """Makes contexts, the same ones each time."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.images: dict[str, bytes] = {}
        self.chance = random.Random(20261124)

    def text(self) -> str:
        return "".join(self.chance.choices(PIECES, k=self.chance.choice((0, 1, 3, 8))))

    async def put(self, data: bytes) -> str:
        code, stored = await self.api("blobs", "POST", data)
        assert code == 201
        return str(stored["sha256"])

    async def content(self, field: str, text: str) -> dict[str, str]:
        data = text.encode("utf-8", "replace")
        return {"blob": await self.put(data)} if len(data) > INLINE else {field: text}

    async def cell(self) -> list[dict[str, Any]]:
        cell_id, path = str(uuid.uuid4()), self.chance.choice(("a.ipynb", "d/ä ö`.ipynb"))
        source = self.text()
        part = {
            "type": "cell",
            "cell_id": cell_id,
            "path": path,
            "language": "python",
            "label": self.chance.choice(("In [7]", "In [*]", "Markdown cell")),
            **await self.content("source", source),
        }
        if source.count("\n") > 2 and self.chance.random() < 0.3:
            part |= {"from_line": 1, "to_line": 2}
        parts = [part]
        if self.chance.random() < 0.4:
            parts.append({"type": "output", "cell_id": cell_id, "text": self.text()})
        if self.chance.random() < 0.4:
            error = {"ename": "KeyError", "evalue": self.text(), "traceback": self.text()}
            parts.append({"type": "error", "cell_id": cell_id, **error})
        # A deleted cell gives nothing, or an output without its cell.
        return parts[1:] if self.chance.random() < 0.15 else parts

    async def large_output(self) -> list[dict[str, Any]]:
        line = self.text().replace("\n", " ") + "0123456789" * 5
        size = len(line.encode("utf-8", "replace")) + 8
        whole = "\n".join(f"{at} {line}" for at in range(7_500_000 // size))
        cell_id = str(uuid.uuid4())
        return [{"type": "output", "cell_id": cell_id, **await self.content("text", whole)}]

    async def notebook(self) -> list[dict[str, Any]]:
        kinds = ("code", "markdown", "raw")
        cells = [
            {"id": str(at), "kind": self.chance.choice(kinds), "source": self.text()}
            for at in range(self.chance.randrange(6))
        ]
        return [{"type": "notebook", "path": "a.ipynb", "cells": cells}]

    async def image(self) -> list[dict[str, Any]]:
        data, mime = self.chance.choice(((PNG, "image/png"), (GIF, "image/gif")))
        sha256 = await self.put(data)
        self.images[sha256] = data
        return [{"type": "image", "mime": mime, "blob": sha256}]

    async def variable(self) -> list[dict[str, Any]]:
        part = {"type": "variable", "name": "df", "var_type": "pandas.DataFrame"}
        return [{**part, "summary": self.text()}]

    async def file(self) -> list[dict[str, Any]]:
        return [{"type": "file", "path": "data/a b.csv", **await self.content("text", self.text())}]

    async def parts(self, at: int) -> list[dict[str, Any]]:
        kinds = [self.cell, self.cell, self.notebook, self.image, self.variable, self.file]
        chosen = self.chance.choices(kinds, k=self.chance.randrange(1, 5))
        if at % 10 == 0:
            chosen.append(self.large_output)
        parts = [part for make in chosen for part in await make()]
        return [*parts, {"type": "text", "text": f"Question {at}: {self.text()}"}]

    def messages(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What is sent, made of nothing but what the preview shows."""
        return [
            {"role": group[0]["role"], "content": self._content(group)}
            for group in (list(g) for _, g in groupby(items, key=lambda i: i["message"]))
        ]

    def _content(self, items: list[dict[str, Any]]) -> Any:
        if not any(item["blob"] for item in items):
            return "".join(item["text"] for item in items)
        content: list[dict[str, Any]] = []
        for is_image, run in groupby(items, key=lambda item: bool(item["blob"])):
            if is_image:
                for item in run:
                    data = self.images[item["blob"]]
                    mime = "image/png" if data is PNG else "image/gif"
                    url = f"data:{mime};base64,{base64.b64encode(data).decode()}"
                    content.append({"type": "image_url", "image_url": {"url": url}})
            else:
                content.append({"type": "text", "text": "".join(item["text"] for item in run)})
        return content


@pytest.mark.timeout(300)
async def test_the_provider_receives_what_was_previewed(connect: Any, api: Any, fake: Any) -> None:
    maker, client = Maker(api), await connect()
    conversation, leaf = "", None
    for at in range(CONTEXTS):
        if at % 3 == 0:  # three questions a conversation, so that there is a history
            conversation, leaf = str(uuid.uuid4()), None
        parts = await maker.parts(at)
        asked = submit(parts=parts, conversation_id=conversation, parent_id=leaf)
        looked = {k: v for k, v in asked.items() if k not in ("message_id", "answer_id")}
        looked |= {"type": "preview", "request_id": str(uuid.uuid4())}
        await client.send(looked)
        shown = await client.until("previewed", "failed", request=looked["request_id"])
        assert shown["type"] == "previewed", (at, shown)
        await client.send({**asked, "digest": shown["digest"]})
        ended = await client.end(asked)
        assert ended["type"] == "finished", (at, ended)
        sent = fake.asked()[-1]["body"]["messages"]
        assert sent == maker.messages(shown["items"]), at
        leaf = asked["answer_id"]
    assert len(fake.asked()) == CONTEXTS


async def test_a_cell_adds_its_own_tokens_and_at_most_30(connect: Any) -> None:
    client = await connect()
    source = "import pandas as pd\n\ndf = pd.read_csv('data/penguins.csv')\ndf.head()\n" * 5

    async def tokens(*parts: dict[str, Any]) -> int:
        frame = submit(parts=[*parts, {"type": "text", "text": "Why?"}], type="estimate")
        del frame["answer_id"]
        del frame["message_id"]
        await client.send(frame)
        answer = await client.until("estimated", "failed", request=frame["request_id"])
        assert answer["type"] == "estimated"
        return int(answer["input_tokens"])

    cell = {"type": "cell", "cell_id": "c", "language": "python", "label": "In [1234]"}
    bare = await tokens({"type": "text", "text": source})
    for path in ("a.ipynb", "projects/2026/penguins/notebooks/Exploration of the data set.ipynb"):
        assert await tokens({**cell, "path": path, "source": source}) - bare <= 30, path
