"""Keys that must be found nowhere, and the places where they are sought."""

from __future__ import annotations

import asyncio
import json
import uuid
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.durability.server import HEADERS, Server

# The administrator's, from the environment; the user's, saved; and one in a header of a gateway.
ADMINISTRATOR = "sk-canary-administrator-0123456789"
SAVED = "sk-canary-saved-0123456789abcdef"
HEADER = "canary-header-0123456789abcdef"
ALL = (ADMINISTRATOR, SAVED, HEADER)

# Every logger of the process at DEBUG, into the file that the server's own log goes to.
LOUD = """
import logging
logging.basicConfig(level=logging.DEBUG, force=True)
for name in ("openai", "httpx2", "httpcore2", "tornado", "asyncio", "jupyterlab_gpt"):
    logging.getLogger(name).setLevel(logging.DEBUG)
c.ServerApp.log_level = "DEBUG"
"""


def make_loud(home: Path) -> None:
    """Have the server that starts in this home log all that it can."""
    folder = home / "config"
    folder.mkdir(exist_ok=True)
    (folder / "jupyter_server_config.py").write_text(LOUD)


def hits(text: str | bytes) -> list[str]:
    """Which of the keys stand in this."""
    data = text.encode() if isinstance(text, str) else text
    return [key for key in ALL if key.encode() in data]


def hits_on_disk(home: Path) -> dict[str, list[str]]:
    """Which files hold a key; the database is looked at byte by byte, as everything here."""
    found = {}
    for path in home.rglob("*"):
        if path.is_file() and (keys := hits(path.read_bytes())):
            found[path.name] = keys
    return found


async def environment_of_a_kernel(server: Server) -> dict[str, str]:
    """What `os.environ` is in a kernel that this server starts."""
    base = f"127.0.0.1:{server.port}/api/kernels"
    kernel = await server.post(f"http://{base}", {"name": "python3"})
    request = HTTPRequest(f"ws://{base}/{kernel['id']}/channels", headers=HEADERS)
    socket = await websocket_connect(request)
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    header |= {"session": uuid.uuid4().hex, "username": "test", "date": "2026-01-01T00:00:00Z"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell"}
    await socket.write_message(json.dumps({**message, "content": {"code": code, "silent": False}}))
    printed = ""
    async with asyncio.timeout(120):
        while True:
            told: dict[str, Any] = json.loads(str(await socket.read_message()))
            if told["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if told["msg_type"] == "stream":
                printed += told["content"]["text"]
            if told["msg_type"] == "execute_reply":
                assert told["content"]["status"] == "ok", told
            if told["msg_type"] == "status" and told["content"]["execution_state"] == "idle":
                break
    socket.close()
    return dict(json.loads(printed))
