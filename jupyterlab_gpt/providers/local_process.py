"""The child process of the built-in model, seen from the parent."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import IO

from ..errors import LocalModelError, redact

# Loading takes 0.8 s (135M) to 3 s (1.5B) from a warm disk; a cold one at 20 MB/s takes 56 s.
_START_SECONDS = 120.0
# It ends some 0.03 s after its input closed; what does not is killed.
_END_SECONDS = 2.0
# Tokens. Prompts up to about 700 tokens are quick (100 tokens/s); this leaves room for the
# answer and for a long cell, at 48 MiB of memory for the default model.
CONTEXT = 4096
# More threads than this gain nothing for half a billion parameters and starve the kernels.
_MOST_THREADS = 4
# Lines of the process's own messages that are kept for the error: the last say why.
_KEPT_LINES = 20

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])


class LocalProcess:
    """A running process that serves one file of weights; blocking, for use in a thread.

    Parameters
    ----------
    path
        The file of weights.
    model
        The name under which it is served.

    Raises
    ------
    LocalModelError
        It ended, or did not answer in time.
    """

    def __init__(self, path: Path, model: str) -> None:
        self.api_key = f"local-{secrets.token_urlsafe(32)}"
        self._messages: deque[str] = deque(maxlen=_KEPT_LINES)
        self._ended = False
        self._process = self._spawn()
        self._reader = threading.Thread(
            target=self._read_messages, name="gpt-local-model-messages", daemon=True
        )
        self._reader.start()
        try:
            self.base_url = self._hand_over(path, model) + "/v1"
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def failure(self, patience: float = 0) -> LocalModelError | None:
        """Tell why it is gone; None while it runs, and after `end`.

        Parameters
        ----------
        patience
            Seconds to wait for its end: its connections break a little before.
        """
        if self._ended:
            return None
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join(0.5)
        return LocalModelError(
            f"The built-in model stopped unexpectedly ({_how(self._process.returncode)}). "
            "Ask again to start it anew; if it stops again, the memory may not be enough.",
            code="local_model_failed",
            detail={"exit": self._process.returncode, "reason": self._reason()},
            retryable=True,
        )

    def end(self) -> None:
        """End it: close its input, and kill it if it stays."""
        self._ended = True
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_END_SECONDS)

    def _spawn(self) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            # Else idle threads spin: 2–7 tokens/s instead of 14–21 on a busy machine.
            "OMP_WAIT_POLICY": "passive",
            "PYTHONPATH": os.pathsep.join(
                filter(None, (_PACKAGE_ROOT, os.environ.get("PYTHONPATH")))
            ),
            "PYTHONIOENCODING": "utf-8",
        }
        try:
            return subprocess.Popen(
                # -P: a notebook's folder must not be able to stand in for a module.
                [sys.executable, "-P", "-m", "jupyterlab_gpt.providers.local_server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise LocalModelError(
                f"The built-in model could not be started: {error.strerror}.",
                code="local_model_failed",
                retryable=True,
            ) from error

    def _hand_over(self, path: Path, model: str) -> str:
        settings = {
            "path": str(path),
            "model": model,
            "api_key": self.api_key,
            "context": CONTEXT,
            "threads": min(_cores(), _MOST_THREADS),
        }
        stdin, stdout = _pipe(self._process.stdin), _pipe(self._process.stdout)
        # A watchdog instead of a timeout: reading a pipe has none on every system.
        late = threading.Timer(_START_SECONDS, self._process.kill)
        late.daemon = True
        late.start()
        try:
            stdin.write(json.dumps(settings) + "\n")
            stdin.flush()
            line = stdout.readline()
        except OSError:
            line = ""
        finally:
            late.cancel()
        if line:
            return str(json.loads(line)["url"])
        self._process.wait()
        self._reader.join(0.5)
        raise LocalModelError(
            f"The built-in model did not start ({_how(self._process.returncode)}): "
            f"{self._reason() or 'it gave no reason'}",
            code="local_model_failed",
            detail={"exit": self._process.returncode, "reason": self._reason()},
            retryable=True,
        )

    def _read_messages(self) -> None:
        # Read all the time: a full pipe would stop the process in the middle of an answer.
        stderr = _pipe(self._process.stderr)
        with contextlib.suppress(OSError, ValueError):
            for line in stderr:
                if line.strip():
                    self._messages.append(line.strip())
        with contextlib.suppress(OSError):
            stderr.close()

    def _reason(self) -> str:
        """Its last message, fit for the user."""
        last = self._messages[-1] if self._messages else ""
        return redact(last, secrets=(self.api_key,), limit=300)


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise AssertionError("made with PIPE")
    return stream


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _how(code: int | None) -> str:
    return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"
