"""A thread that does one job after another, and something else from time to time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Worker:
    """One daemon thread with a queue of jobs.

    A `ThreadPoolExecutor` of one thread would do for the jobs; the beat needs the
    same thread, because it uses the same connection.

    Parameters
    ----------
    name
        Name of the thread.
    beat
        Called between jobs, about every `interval` seconds, never at the same
        time as a job. It must not raise.
    interval
        Seconds between two beats.
    """

    def __init__(
        self, name: str, *, beat: Callable[[], None] | None = None, interval: float = 0.0
    ) -> None:
        self._name = name
        self._beat = beat
        self._interval = interval
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """Do `job` after all that was asked for before; its result or error is in the future."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = job()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._ended:
                raise RuntimeError(f"{self._name} has ended")
            if self._thread is None:
                # A daemon: a forgotten close() must not keep the interpreter from ending.
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._jobs.put(run)
        return future

    def end(self) -> None:
        """Take no more jobs, do those that wait, and return when the thread has ended."""
        with self._lock:
            self._ended = True
            self._jobs.put(None)
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        due = time.monotonic() + self._interval
        while True:
            try:
                job: Any = self._jobs.get(
                    timeout=None if self._beat is None else max(0.0, due - time.monotonic())
                )
            except queue.Empty:
                job = _NO_JOB
            if job is None:
                return
            job()
            if self._beat is not None and time.monotonic() >= due:
                self._beat()
                due = time.monotonic() + self._interval


def _NO_JOB() -> None:  # noqa: N802 (a constant that can be called)
    """Stands in the queue's place when nothing came before the beat was due."""
