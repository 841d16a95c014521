"""`jupyter-gpt fetch-model`: the weights of the built-in model.

A bar is drawn when standard error is a terminal; otherwise one line says what happens and one
how it ended.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..errors import LocalModelError
from ..providers.fetch import Fetch, sources_text
from ..providers.weights import DEFAULT_MODEL, MODELS, Weights
from .saying import FAILED, OK, STOPPED, say

if TYPE_CHECKING:
    from ..config import GPTTraits

_BAR_WIDTH = 28
_DRAW_SECONDS = 0.2
# A fetch stops within about a second; after this the command ends without it.
_STOP_SECONDS = 5.0


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    fetch = commands.add_parser(
        "fetch-model",
        help="fetch the weights of the built-in model",
        description="Fetch the weights of the built-in model, check them and put them where "
        "the server looks for them. Ctrl-C stops; the next call goes on.",
    )
    fetch.add_argument(
        "--model", choices=sorted(MODELS), help="which model (default: the configured one)"
    )
    fetch.add_argument(
        "--from",
        dest="from_file",
        metavar="FILE",
        type=Path,
        help="take the weights from this file instead of the network; they are checked all the "
        "same",
    )
    fetch.add_argument(
        "--dir",
        dest="folder",
        metavar="DIR",
        type=Path,
        help="put the weights into this folder (default: where the server looks)",
    )
    fetch.set_defaults(run=fetch_model)


def fetch_model(options: argparse.Namespace) -> int:
    """Fetch the weights."""
    from .configuration import configured

    traits = configured().told().traits
    name = options.model or traits.local_model or DEFAULT_MODEL
    weights = MODELS[name]
    folder: Path = options.folder or _model_folder(traits)
    target = folder.expanduser().absolute() / weights.file
    if target.is_file() and target.stat().st_size == weights.size:
        say(f"{weights.name} is already in {target}.")
        return OK
    source = options.from_file or sources_text(weights)
    say(
        f"Fetching {weights.name} ({weights.size / 1e6:,.0f} MB, {weights.licence}) "
        f"from {source} into {target.parent}"
    )
    fetch = Fetch(weights, target, from_file=options.from_file)
    try:
        _run(fetch, weights)
    except LocalModelError as error:
        say(error.message)
        return STOPPED if error.code == "fetch_stopped" else FAILED
    say(f"{weights.name} is ready: {target}")
    return OK


def _run(fetch: Fetch, weights: Weights) -> None:
    """Run the fetch in a thread, and draw meanwhile: Ctrl-C must never wait for a read."""
    outcome: list[LocalModelError] = []
    # An event, not `join`: a `join` that Ctrl-C interrupted takes the thread for ended.
    ended = threading.Event()

    def body() -> None:
        try:
            fetch.run()
        except LocalModelError as error:
            outcome.append(error)
        finally:
            ended.set()

    bar = Bar(sys.stderr, weights.size)
    threading.Thread(target=body, name="gpt-fetch-weights", daemon=True).start()
    try:
        while not ended.wait(_DRAW_SECONDS):
            bar.draw(*fetch.progress())
        bar.draw(*fetch.progress())
    except KeyboardInterrupt:
        fetch.stop()
        if not ended.wait(_STOP_SECONDS):
            outcome.append(LocalModelError("The download was stopped.", code="fetch_stopped"))
    finally:
        bar.end()
    if outcome:
        raise outcome[0]


class Bar:
    """A progress bar in one line of a terminal; nothing at all elsewhere."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream = stream if stream.isatty() else None
        self._total = total
        self._started = time.monotonic()
        self._first: int | None = None
        self._length = 0

    def draw(self, done: int, source: str) -> None:
        """Draw the state over the last one."""
        if self._stream is None:
            return
        if self._first is None:
            # What an earlier fetch left does not count for the speed.
            self._first = done
        filled = _BAR_WIDTH * done // self._total
        speed = (done - self._first) / max(time.monotonic() - self._started, 1e-3)
        line = (
            f"[{'█' * filled}{'·' * (_BAR_WIDTH - filled)}] "
            f"{done / 1e6:,.0f}/{self._total / 1e6:,.0f} MB  {speed / 1e6:,.1f} MB/s  {source}"
        )
        self._stream.write("\r" + line.ljust(self._length))
        self._stream.flush()
        self._length = len(line)

    def end(self) -> None:
        """Leave the line as it is."""
        if self._stream is not None and self._length:
            self._stream.write("\n")
            self._stream.flush()


def _model_folder(traits: GPTTraits) -> Path:
    return Path(traits.local_model_dir or Path(traits.data_dir) / "models")
