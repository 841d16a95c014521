"""A file of weights that is not whole yet, checked piece by piece as it grows."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from .weights import Piece

# Read and written at a time: large enough for the disk, small enough to stop between two.
BLOCK = 1024 * 1024


class FetchStopped(Exception):
    """The user stopped the fetch."""


class SourceError(Exception):
    """A source did not deliver; its text says why, for the user. The next one is tried."""


class Control:
    """What the fetching thread and the rest share: the wish to stop, and how far it is.

    Attributes
    ----------
    done
        Bytes in the partial file.
    pending
        Bytes of the next piece that are on this computer but not yet in the file.
    source
        Where bytes come from at the moment.
    """

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.done = 0
        self.pending = 0
        self.source = ""

    def check(self) -> None:
        """Raise `FetchStopped` if that is wished."""
        if self.stopping.is_set():
            raise FetchStopped


class Partial:
    """The growing file.

    Every source yields the bytes of one and the same file, so that one source goes on
    where another failed. A piece that is whole is checked at once; the bytes behind the
    last whole piece, the tail, are not checked yet.

    Parameters
    ----------
    path
        Of the partial file, which is made if it is not there.
    pieces
        The file's pieces, in order.
    control
        Told about every byte, asked whether to stop.
    """

    def __init__(self, path: Path, pieces: Sequence[Piece], control: Control) -> None:
        self.path = path
        self.pieces = pieces
        self.size = sum(piece.size for piece in pieces)
        self._control = control
        self._index = 0
        self._checked = 0
        self._tail = 0
        self._whole = hashlib.sha256()
        self._whole_checked = self._whole.copy()
        self._piece = hashlib.sha256()
        # Opened for both, created when missing, and never emptied.
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, 0o644), "r+b")

    def close(self) -> None:
        """Close the file; what is in it stays."""
        self._file.close()

    @property
    def length(self) -> int:
        """Bytes in the file, the tail included."""
        return self._checked + self._tail

    @property
    def missing(self) -> Sequence[Piece]:
        """The pieces that are not whole."""
        return self.pieces[self._index :]

    @property
    def sha256(self) -> str:
        """Of all that is in the file."""
        return self._whole.hexdigest()

    def scan(self) -> None:
        """Check again what an earlier fetch left, and cut off what does not hold."""
        self._file.seek(0)
        while data := self._file.read(BLOCK):
            self._control.check()
            if not self._take(data[: self.size - self.length]):
                break
        self._cut(self.length)

    def append(self, data: bytes) -> None:
        """Write the next bytes.

        Raises
        ------
        SourceError
            They complete a piece whose hash is wrong, or go beyond the end. The file is
            cut back to the last good piece.
        """
        self._control.check()
        if len(data) > self.size - self.length:
            self.rewind()
            raise SourceError("it is longer than the model")
        start = self.length
        self._file.seek(start)
        self._file.write(data)
        if not self._take(data):
            self._cut(self.length)
            raise SourceError("its bytes are not the model's (wrong sha256), so they were refused")
        self._control.done = self.length

    def rewind(self) -> None:
        """Drop the tail, for a source that delivers whole pieces only."""
        self._tail = 0
        self._piece = hashlib.sha256()
        self._whole = self._whole_checked.copy()
        self._cut(self._checked)

    def finish(self, target: Path) -> None:
        """Put the whole file in its place; it is on the disk before it has the name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self.path, target)

    def _take(self, data: bytes) -> bool:
        """Count and hash bytes that are in the file; False after cutting off a bad piece."""
        while data:
            piece = self.pieces[self._index]
            part = data[: piece.size - self._tail]
            data = data[len(part) :]
            self._whole.update(part)
            self._piece.update(part)
            self._tail += len(part)
            if self._tail < piece.size:
                continue
            good = self._piece.hexdigest() == piece.sha256
            self._tail = 0
            self._piece = hashlib.sha256()
            if not good:
                self._whole = self._whole_checked.copy()
                return False
            self._whole_checked = self._whole.copy()
            self._checked += piece.size
            self._index += 1
        return True

    def _cut(self, length: int) -> None:
        self._file.flush()
        self._file.truncate(length)
        self._control.done = length


_BINARY: int = getattr(os, "O_BINARY", 0)


@contextlib.contextmanager
def locked(path: Path, check: Callable[[], None]) -> Iterator[None]:
    """Hold a lock between processes; wait for it as long as `check` does not raise.

    The system frees the lock of a process that was killed, so that it is never stale.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _try_lock(descriptor):
            check()
            time.sleep(0.1)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
