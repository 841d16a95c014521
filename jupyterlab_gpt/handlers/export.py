"""Conversations out of the server: as notebooks, as Markdown, and as our own JSON."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from tornado.iostream import StreamClosedError

from ..chat.archive import MIMES, Exporter, Format
from ..chat.policy import switched_off
from ..errors import InvalidRequest
from .base import GPTHandler, secured


class _Exports(GPTHandler):
    def _format(self) -> Format:
        """Read which format is asked for, where exporting is allowed at all."""
        if self.services.is_disabled("export"):
            raise switched_off("export")
        kind = self.get_query_argument("format", "ipynb")
        if kind not in MIMES:
            raise InvalidRequest("format: must be ipynb, md or json")
        return cast("Format", kind)

    def _exporter(self) -> Exporter:
        services, owner = self.services, self.owner
        read = services.sessions.get(owner).conversation
        return Exporter(owner, services.db, services.blobs, read)

    def _name(self, name: str, mime: str) -> None:
        """Say how a browser should call the file: plainly, and in the title's own letters."""
        plain = name.encode("ascii", "replace").decode().replace("?", "_")
        self.set_header(
            "Content-Disposition",
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        )
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Type", mime)


class ExportHandler(_Exports):
    """`conversations/{id}/export`."""

    @secured("read")
    async def get(self, conversation: str) -> None:
        """Give one conversation as a file: the branch shown, or the one that ends in `?leaf=`.

        `?format=` is `ipynb`, `md` or `json`, which holds the whole tree.
        """
        kind, name = self._format(), self.uuid(conversation, "unknown_conversation")
        leaf = self.get_query_argument("leaf", "") or None
        if leaf is not None:
            self.uuid(leaf, "unknown_message")
        file, data = await self._exporter().one(name, kind, leaf)
        self._name(file, MIMES[kind])
        self.finish(data, set_content_type=MIMES[kind])


class ExportAllHandler(_Exports):
    """`conversations/export`."""

    @secured("read")
    async def get(self) -> None:
        """Give all of them, `?format=`: one file of JSON, or a zip with a file for each."""
        kind = self._format()
        ending, mime = (kind, MIMES[kind]) if kind == "json" else ("zip", "application/zip")
        self._name(f"conversations.{ending}", mime)
        try:
            async for chunk in self._exporter().all(kind):
                if chunk:
                    self.write(chunk)
                    await self.flush()
            await self.finish(set_content_type=mime)
        except StreamClosedError:
            return  # whoever asked has gone
