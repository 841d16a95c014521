"""Content too large for a frame: it goes up once, and a part names it by its hash."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from tornado import web

from ..chat.mimes import mime_of
from ..chat.policy import switched_off
from ..errors import InvalidRequest, NotFound, TooLarge
from .base import GPTHandler, secured

# The largest blob (wire.md); `protocol` has the same number, but is not needed here.
MAX_BLOB_BYTES = 8 * 1024 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobsHandler(GPTHandler):
    """`blobs`."""

    max_body = MAX_BLOB_BYTES

    @secured("write")
    async def post(self) -> None:
        """Store raw bytes, at most 8 MiB, or with a JSON body a file of the workspace."""
        kind = self.request.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if kind == "application/json":
            data = await self._read_file((await self.parse("BlobFromPath")).path)
        else:
            data = self.body()
        _check_size(len(data))
        stored = await self.services.blobs.put(self.owner, data)
        self.reply({**stored, "mime": mime_of(data)}, 201)

    async def _read_file(self, path: str) -> bytes:
        """Read a file through the contents manager, as the user's own file browser does."""
        if self.services.is_disabled("files"):
            raise switched_off("files")
        manager: Any = self.contents_manager
        self._check_root(path)
        try:
            about = await ensure_async(manager.get(path, content=False))
            if about["type"] == "directory":
                raise InvalidRequest("path: a folder cannot be attached")
            _check_size(about.get("size") or 0)
            model = await ensure_async(manager.get(path, content=True, type="file"))
        except web.HTTPError as error:
            if error.status_code in (400, 403, 404):
                raise _unknown_file(path) from None
            raise
        content: str = model["content"]
        if model["format"] == "base64":
            return base64.b64decode(content)
        return content.encode("utf-8")

    def _check_root(self, path: str) -> None:
        """Refuse a path whose real place is outside: a link, or `..`."""
        if "\x00" in path:
            raise _unknown_file(path)
        root = getattr(self.contents_manager, "root_dir", None)
        if not isinstance(root, str) or not root:
            return  # not a file system: the manager alone knows its paths
        real_root = Path(os.path.realpath(root))
        real = Path(os.path.realpath(real_root / path.strip("/")))
        if not real.is_relative_to(real_root):
            raise _unknown_file(path)


class BlobHandler(GPTHandler):
    """`blobs/{sha256}`."""

    @secured("read")
    async def get(self, sha256: str) -> None:
        """Give the bytes back: as bytes, so that no browser makes a page of them."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound("Not a hash.", code="unknown_blob")
        data = await self.services.blobs.get(self.owner, sha256)
        self.set_header("Content-Disposition", "attachment")
        self.finish(data, set_content_type="application/octet-stream")


def _check_size(size: int) -> None:
    if size > MAX_BLOB_BYTES:
        raise TooLarge(
            "An attachment may have at most 8 MiB.",
            detail={"bytes": size, "limit": MAX_BLOB_BYTES},
        )


def _unknown_file(path: str) -> NotFound:
    return NotFound("No such file in the workspace.", code="unknown_file", detail={"path": path})
