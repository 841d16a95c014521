"""The built-in model: its weights' state, their fetch, and the process that serves it.

Nothing starts by itself: the weights are fetched when the user asks for it, and the
process is started by the first turn that needs it. All waiting is done in threads;
the event loop never blocks here.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import threading
from pathlib import Path
from typing import Any

from ..errors import GPTError, LocalModelError
from .fetch import Fetch, part_path, sources_text
from .local_process import LocalProcess
from .weights import MODELS

# What a stop waits for the fetching thread: it looks every 0.1 s.
_STOP_SECONDS = 1.0
# What a crashed process may take to be gone after its connections broke: 0.1 s were seen.
_CRASH_SECONDS = 1.0


class LocalModel:
    """The built-in model of one server.

    Parameters
    ----------
    model
        A name in `weights.MODELS`.
    folder
        Where the weights lie, or will; made on the first fetch.
    """

    def __init__(self, *, model: str, folder: Path) -> None:
        self.weights = MODELS[model]
        self.folder = folder
        self._fetch: Fetch | None = None
        self._thread: threading.Thread | None = None
        self._process: LocalProcess | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def path(self) -> Path:
        """The file of weights, which exists only when it is whole and checked."""
        return self.folder / self.weights.file

    @property
    def pid(self) -> int | None:
        """The id of the process that serves the model; None while there is none."""
        process = self._process
        return process.pid if process is not None else None

    def state(self) -> dict[str, Any]:
        """Tell the state as the wire's `LocalModelState`; looks at memory and at two files."""
        weights = self.weights
        fetch = self._fetch
        state: dict[str, Any] = {
            "state": "missing",
            "model": weights.name,
            "label": weights.label,
            "licence": weights.licence,
            "source": sources_text(weights),
            "bytes_total": weights.size,
            "bytes_done": 0,
            "error": None,
        }
        if not self._has_runtime():
            state.update(state="unavailable", error=_as_info(_no_runtime()))
        elif self._has_weights():
            state.update(state="ready", bytes_done=weights.size)
        elif fetch is not None and self._is_fetching():
            done, source = fetch.progress()
            state.update(state="fetching", bytes_done=done, source=source)
        else:
            done = _size(part_path(self.path)) or 0
            state.update(bytes_done=min(done, weights.size))
            if fetch is not None and fetch.error is not None:
                state.update(state="failed", error=_as_info(fetch.error))
            elif done:
                state["state"] = "stopped"
        return state

    def start_fetch(self, *, from_file: Path | None = None) -> None:
        """Begin or go on fetching the weights, in a thread; returns at once.

        Parameters
        ----------
        from_file
            A file the user names, instead of the sources on the network.

        Raises
        ------
        LocalModelError
            The runtime is not installed, so that weights would be of no use.
        """
        if not self._has_runtime():
            raise _no_runtime()
        with self._lock:
            if self._closed or self._is_fetching() or self._has_weights():
                return
            fetch = Fetch(self.weights, self.path, from_file=from_file)
            # A daemon: it must not keep a server alive that was told to end.
            self._thread = threading.Thread(
                target=fetch.run_quietly, name="gpt-fetch-weights", daemon=True
            )
            self._fetch = fetch
            self._thread.start()

    async def stop_fetch(self) -> None:
        """Stop the fetch; what has been checked is kept. Within about a second."""
        fetch, thread = self._fetch, self._thread
        if fetch is None or thread is None:
            return
        fetch.stop()
        await asyncio.to_thread(thread.join, _STOP_SECONDS)

    async def endpoint(self) -> tuple[str, str]:
        """Tell the base URL and the API key of the process; start it when there is none.

        Raises
        ------
        LocalModelError
            `local_runtime_missing`, `local_model_missing` or `local_model_failed`.
        """
        if not self._has_runtime():
            raise _no_runtime()
        if not self._has_weights():
            raise LocalModelError(
                "The built-in model has not been fetched yet. Fetch it in the panel or run "
                "`jupyter-gpt fetch-model`.",
                detail={"model": self.weights.name, "bytes": self.weights.size},
            )
        return await asyncio.to_thread(self._start)

    async def crashed(self) -> LocalModelError | None:
        """Tell why the process that the last `endpoint` named is gone; None while it runs.

        For whoever sees a stream break: a dead process is told as one, and the next
        `endpoint` starts another.
        """
        process = self._process
        if process is None:
            return None
        return await asyncio.to_thread(process.failure, _CRASH_SECONDS)

    async def close(self) -> None:
        """Stop the fetch and end the process."""
        self._closed = True
        await self.stop_fetch()
        await asyncio.to_thread(self._end_process)

    def _start(self) -> tuple[str, str]:
        # One at a time: two first turns at once must not load the weights twice.
        with self._lock:
            if self._closed:
                raise LocalModelError("The server is shutting down.", code="local_model_failed")
            if self._process is None or self._process.failure() is not None:
                if self._process is not None:
                    self._process.end()
                self._process = None
                self._process = LocalProcess(self.path, self.weights.name)
            return self._process.base_url, self._process.api_key

    def _end_process(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.end()
                self._process = None

    def _is_fetching(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _has_weights(self) -> bool:
        return _size(self.path) == self.weights.size

    @staticmethod
    def _has_runtime() -> bool:
        return importlib.util.find_spec("xllamacpp") is not None


def _no_runtime() -> LocalModelError:
    return LocalModelError(
        'The built-in model needs one more package: pip install "jupyterlab-gpt[local]"',
        code="local_runtime_missing",
    )


def _size(path: Path) -> int | None:
    try:
        return os.stat(path).st_size
    except OSError:
        return None


def _as_info(error: GPTError) -> dict[str, Any]:
    """Make the wire's `ErrorInfo`."""
    return {
        "code": error.code,
        "message": error.message,
        "detail": error.detail or None,
        "retryable": error.retryable,
        "retry_after": error.retry_after,
    }
