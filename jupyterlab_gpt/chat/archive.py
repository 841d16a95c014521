"""Files of conversations: one, or all of an owner's, as text, notebook or our own JSON."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from ..errors import NotFound
from ..store import listing
from ..store.blobs import BlobStore
from ..store.database import Database
from ..store.rows import blob_names
from ..store.values import utc_now
from .export import Dict, shown_branch, to_markdown, to_notebook

Format = Literal["ipynb", "md", "json"]

# What our JSON says of itself: a reader refuses what it does not know.
FORMAT, VERSION = "jupyterlab-gpt", 1
MIMES = {"ipynb": "application/x-ipynb+json", "md": "text/markdown", "json": "application/json"}
# Characters of a file's name: most file systems take 255 bytes, of which one may need four.
_MAX_NAME = 60
_UNSAFE = re.compile(r"[^\w \-.,()]+")
# Names that Windows gives to devices.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


@dataclass
class Exporter:
    """Writes an owner's conversations.

    Parameters
    ----------
    owner
        Whose.
    db, blobs
        Where they are.
    read
        Reads one conversation as `protocol.Conversation`, with what its turns hold in memory.
    """

    owner: str
    db: Database
    blobs: BlobStore
    read: Callable[[str], Awaitable[Dict]]
    _named: set[str] = field(default_factory=set)

    async def one(
        self, conversation_id: str, kind: Format, leaf: str | None = None
    ) -> tuple[str, bytes]:
        """Write one conversation: the file's name and its bytes."""
        conversation = await self.read(conversation_id)
        name = f"{file_name(conversation['title'])}.{kind}"
        if kind == "json":
            chunks = [chunk async for chunk in self._json(_each([conversation]))]
            return name, b"".join(chunks)
        return name, await self._text(conversation, kind, leaf)

    async def all(self, kind: Format) -> AsyncIterator[bytes]:
        """Write all of them, piece by piece: one JSON file, or a zip of one file for each."""
        if kind == "json":
            async for chunk in self._json(self._conversations()):
                yield chunk
            return
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
            async for conversation in self._conversations():
                name = self._unique(file_name(conversation["title"]), kind)
                packed.writestr(name, await self._text(conversation, kind, None))
                yield sink.taken()
        yield sink.taken()

    async def _conversations(self) -> AsyncIterator[Dict]:
        for name in await self.db.read(lambda conn: listing.conversation_ids(conn, self.owner)):
            try:
                yield await self.read(name)
            except NotFound:
                continue  # deleted meanwhile

    async def _text(self, conversation: Dict, kind: Format, leaf: str | None) -> bytes:
        branch = shown_branch(conversation, leaf)
        blobs = {}
        for sha256 in sorted(_named_by(branch)):
            data = await self._blob(sha256)
            if data is not None:
                blobs[sha256] = data
        write = to_notebook if kind == "ipynb" else to_markdown
        return write(conversation, branch, blobs).encode()

    async def _json(self, conversations: AsyncIterator[Dict]) -> AsyncIterator[bytes]:
        """Write the trees, then the blobs that they name: never all of it in memory."""
        head = {"format": FORMAT, "version": VERSION, "exported": utc_now()}
        yield (json.dumps(head)[:-1] + ', "conversations": [').encode()
        names: set[str] = set()
        comma = ""
        async for conversation in conversations:
            names |= _named_by(conversation["messages"])
            for message in conversation["messages"]:
                message.pop("live", None)
            yield (comma + "\n" + json.dumps(conversation, ensure_ascii=False)).encode()
            comma = ","
        yield b'\n], "blobs": {'
        comma = ""
        for sha256 in sorted(names):
            data = await self._blob(sha256)
            if data is not None:
                yield (comma + f'\n"{sha256}": "').encode() + base64.b64encode(data) + b'"'
                comma = ","
        yield b"\n}}\n"

    async def _blob(self, sha256: str) -> bytes | None:
        try:
            return await self.blobs.get(self.owner, sha256)
        except NotFound:
            return None  # its file was lost; the rest is worth having

    def _unique(self, stem: str, kind: str) -> str:
        name, number = f"{stem}.{kind}", 1
        while name.lower() in self._named:  # file systems may not tell case apart
            number += 1
            name = f"{stem} ({number}).{kind}"
        self._named.add(name.lower())
        return name


class _Sink(io.RawIOBase):
    """Takes what a zip file writes, to be fetched bit by bit."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self._chunks)
        self._chunks.clear()
        return data


def file_name(title: str) -> str:
    """Make a name from a title that every file system takes; without an ending."""
    name = " ".join(_UNSAFE.sub(" ", title).split())[:_MAX_NAME].strip(" .")
    return f"_{name}" if _DEVICES.match(name) else name or "Conversation"


async def _each(items: Iterable[Dict]) -> AsyncIterator[Dict]:
    for item in items:
        yield item


def _named_by(messages: Iterable[Dict]) -> set[str]:
    return {name for message in messages for name in blob_names(message["parts"])}
