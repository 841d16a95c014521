"""One fetch of a model's weights: the sources in their order, one after the other.

Everything here blocks and is run in a thread (by `LocalModel`) or in the command
``jupyter-gpt fetch-model``.
"""

from __future__ import annotations

import contextlib
import errno
import shlex
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from ..errors import LocalModelError
from .partial import Control, FetchStopped, Partial, SourceError, locked
from .sources import INDEX_NAME, Hub, Index, NamedFile, Source, need_space
from .weights import Weights


def part_path(target: Path) -> Path:
    """Where the file grows until it is whole."""
    return target.with_name(target.name + ".part")


def sources_text(weights: Weights) -> str:
    """Name the sources on the network, in their order, for the user to see before a fetch."""
    return f"{urllib.parse.urlsplit(weights.url).hostname}, or {INDEX_NAME}"


class Fetch:
    """A fetch that can be stopped, and that goes on where an earlier one was stopped.

    Parameters
    ----------
    weights
        What to fetch.
    target
        The file to make.
    from_file
        Take the weights from this file and from nowhere else.
    sources
        Instead of the model's own list.

    Attributes
    ----------
    error
        Why `run_quietly` failed; None before that, after a success and after a stop.
    """

    def __init__(
        self,
        weights: Weights,
        target: Path,
        *,
        from_file: Path | None = None,
        sources: Sequence[Source] | None = None,
    ) -> None:
        self.weights = weights
        self.target = target
        self.error: LocalModelError | None = None
        self._control = Control()
        if sources is not None:
            self._sources: Sequence[Source] = sources
        elif from_file is not None:
            self._sources = [NamedFile(from_file)]
        else:
            self._sources = [Hub(weights.url), Index()]

    def progress(self) -> tuple[int, str]:
        """Bytes that are here, and the name of the source in use."""
        control = self._control
        done = min(control.done + control.pending, self.weights.size)
        return done, control.source or self._sources[0].name

    def stop(self) -> None:
        """Ask the fetch to end; what has been checked is kept."""
        self._control.stopping.set()

    def run_quietly(self) -> None:
        """`run`, with the outcome in `error`: the body of a thread."""
        try:
            self.run()
        except LocalModelError as error:
            self.error = None if error.code == "fetch_stopped" else error

    def run(self) -> None:
        """Fetch until the whole, checked file is in its place.

        Raises
        ------
        LocalModelError
            `fetch_failed` when no source delivered, `fetch_stopped` after `stop`.
        """
        if self._is_there():
            return  # before the lock: a shared folder may be closed for writing
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            lock = self.target.with_name(self.target.name + ".lock")
            # The lock's file stays: who waits for it must find the same one.
            with locked(lock, self._look_while_waiting):
                self._run()
        except FetchStopped:
            raise LocalModelError(
                "The download was stopped. What has been checked is kept.", code="fetch_stopped"
            ) from None
        except OSError as error:
            raise self._failed(_disk_reason(error, self.target.parent)) from error

    def _is_there(self) -> bool:
        with contextlib.suppress(OSError):
            return self.target.stat().st_size == self.weights.size
        return False

    def _look_while_waiting(self) -> None:
        """Show the progress of the process that holds the lock."""
        self._control.check()
        with contextlib.suppress(OSError):
            self._control.done = part_path(self.target).stat().st_size

    def _run(self) -> None:
        # Another process may have fetched it while this one waited for the lock.
        if self._is_there():
            return
        partial = Partial(part_path(self.target), self.weights.pieces, self._control)
        try:
            partial.scan()
            self._fill(partial)
            # The pieces were right, so only a wrong table could fail this; it is the promise.
            if partial.sha256 != self.weights.sha256:
                partial.path.unlink()
                raise self._failed("the joined file has the wrong sha256 and was deleted")
            partial.finish(self.target)
        finally:
            partial.close()

    def _fill(self, partial: Partial) -> None:
        reasons = []
        for source in self._sources:
            if not partial.missing:
                return
            self._control.source = source.name
            try:
                need_space(self.target.parent, partial.size - partial.length)
                source.fetch(partial, self._control)
            except SourceError as error:
                reasons.append(f"{source.name}: {error}")
        if partial.missing:
            raise self._failed("; ".join(reasons))

    def _failed(self, reason: str) -> LocalModelError:
        name = self.weights.name
        # With its folder: the server's may not be the one that the command would take.
        words = ["jupyter-gpt", "fetch-model", "--model", name, "--dir", str(self.target.parent)]
        command = f"{shlex.join(words)} --from FILE"
        return LocalModelError(
            f"The built-in model could not be fetched ({reason}). Try again later, or get "
            f"{self.weights.file} in another way and run "
            f"`{command}`.",
            code="fetch_failed",
            detail={
                "reason": reason,
                "model": name,
                "file": self.weights.file,
                "url": self.weights.url,
                "command": command,
            },
            retryable=True,
        )


def _disk_reason(error: OSError, folder: Path) -> str:
    if error.errno == errno.ENOSPC:
        return f"the disk of {folder} is full"
    return f"{folder} cannot be written: {error.strerror or error}"
