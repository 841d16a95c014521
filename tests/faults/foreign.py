"""Two fake providers that others wrote, as processes of their own.

`llmock` (of the Python index) is told over HTTP what to do wrong, and judges its client;
`aimock` (of the Node registry) reads what it answers from a file, and takes its chaos from
headers.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
AIMOCK = ROOT / "node_modules/@copilotkit/aimock/dist/cli.js"
AIMOCK_KEY = "aimock-test-key"
# Seconds for a start: on an idle machine one takes a second.
PATIENCE = 60.0


def call(url: str, body: Any = None) -> Any:
    """GET, or POST where there is a body, as JSON."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {AIMOCK_KEY}"}
    request = urllib.request.Request(url, data, headers)
    # No proxy of the environment between us and this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return json.loads(answer.read())


@contextmanager
def process(argv: list[str], port: int, env: dict[str, str]) -> Iterator[str]:
    """Run it until it listens; its origin."""
    running = subprocess.Popen(
        argv, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, f"{argv[1]} ended by itself"
            assert time.monotonic() < end, f"{argv[1]} does not listen"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.kill()
        running.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def llmock(*options: str) -> Iterator[str]:
    port = free_port()
    command = str(Path(sys.executable).with_name("llmock"))
    argv = [command, "serve", "--port", str(port), "--log-level", "warning", *options]
    with process(argv, port, {}) as origin:
        yield origin


@contextmanager
def aimock(fixtures: list[dict[str, Any]], folder: Path) -> Iterator[str]:
    port = free_port()
    file = folder / "fixtures.json"
    file.write_text(json.dumps({"fixtures": fixtures}))
    options = ["--port", str(port), "--fixtures", str(file), "--log-level", "silent"]
    argv = ["node", str(AIMOCK), *options, "--chunk-size", "5", "--validate-on-load"]
    with process(argv, port, {"AIMOCK_API_KEYS": AIMOCK_KEY}) as origin:
        yield origin
