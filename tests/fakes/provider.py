"""A fake OpenAI-compatible provider on loopback; the model's name chooses what it does.

    python -m tests.fakes.provider --port 0

prints one JSON line ``{"port": N}`` and serves until it is ended. In a test::

    with FakeProvider() as fake:          # in a thread of its own
        ... fake.url, fake.journal()

    async with FakeProvider() as fake:    # on the running loop
        ...

``GET /_journal`` lists the requests (`http.Entry`), ``DELETE /_journal`` forgets them
(and the counters of `fake-429` and the like), ``POST /_script`` with
``{"model", "pieces": [...], "delay_ms", "pauses": {index: ms}}`` registers an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import ssl
import threading
from typing import Any

from . import faults  # noqa: F401 (registers its behaviours)
from .behaviours import ALL, Script, State, numbered, refuse
from .http import Entry, Exchange, serve_connection

# Listed by GET /v1/models beside the fakes: a picker must leave these out.
NOT_FOR_CHAT = ("text-embedding-3-small", "whisper-1", "tts-1", "omni-moderation-latest")
# A provider whose list of models refuses a key that begins so.
REFUSED_KEY = "Bearer sk-refused"


# Tokens of `fake-small`, by its list.
SMALL_CONTEXT = 2000


class FakeProvider:
    """The fake, to be started in a thread (`with`) or on the running loop (`async with`)."""

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self._tls = tls
        self.entries: list[Entry] = []
        self.state = State()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # ------------------------------------------------ what tests use

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base URL that a user would enter."""
        return f"{self.origin}/v1"

    def journal(self) -> list[dict[str, Any]]:
        """All requests so far, oldest first."""
        return [entry.as_dict() for entry in list(self.entries)]

    def asked(self) -> list[dict[str, Any]]:
        """The requests for an answer."""
        return [e for e in self.journal() if e["path"].endswith("/chat/completions")]

    def clear(self) -> None:
        """Forget all requests and counters."""
        self.entries.clear()
        self.state.hits.clear()

    def script(
        self,
        model: str,
        pieces: list[str],
        delay_ms: float = 0,
        pauses: dict[int, float] | None = None,
    ) -> None:
        """Register an answer under a model's name."""
        self.state.scripts[model] = Script(list(pieces), delay_ms, pauses or {})

    # ------------------------------------------------ start and stop

    async def open(self) -> None:
        """Listen, on the running loop."""
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", self.port, ssl=self._tls
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Stop listening and drop all connections."""
        if self._server is not None:
            self._server.close()
            for task in list(self._connections):
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            self._server = None

    async def __aenter__(self) -> FakeProvider:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shut()

    def start(self) -> FakeProvider:
        """Serve from a thread, until `stop`."""
        ready = threading.Event()

        async def main() -> None:
            await self.open()
            self._loop = asyncio.get_running_loop()
            self._stopping = asyncio.Event()
            ready.set()
            await self._stopping.wait()
            await self.shut()

        self._thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the fake provider did not start")
        return self

    def stop(self) -> None:
        """End the thread."""
        if self._thread is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)
            self._thread = None

    def __enter__(self) -> FakeProvider:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ------------------------------------------------ the routes

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await serve_connection(self._handle, reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._connections.discard(task)

    async def _handle(self, x: Exchange) -> None:
        path, method = x.entry.path.split("?")[0], x.entry.method
        if path.startswith("/_"):
            await self._control(x, path, method)
            return
        self.entries.append(x.entry)
        if path == "/v1/models" and method == "GET":
            await self._models(x)
        elif path == "/v1/chat/completions" and method == "POST":
            model = str(x.json.get("model"))
            if model in ALL:
                await ALL[model](x, self.state)
            elif not await numbered(x, self.state):
                await refuse(x, 404, f"The model `{model}` does not exist.", code="model_not_found")
        elif path == "/empty/v1/models":
            await x.respond(200, {"object": "list", "data": []})
        elif path.startswith("/silent/"):
            await x.sleep(3600)
        elif path == "/page/v1/models":
            await x.respond(200, "<!doctype html><title>Some other server</title>")
        elif path == "/moved/v1/models":
            await x.respond(302, "", {"Location": f"{self.origin}/v1/models"})
        elif path == "/endless/v1/models":
            await x.start_stream("application/json")
            await x.chunk(b'{"data": [{"id": "')
            while True:
                await x.chunk(b"a" * 65536)
        else:
            await x.respond(404, "404 page not found")

    async def _models(self, x: Exchange) -> None:
        if x.entry.headers.get("authorization", "").startswith(REFUSED_KEY):
            await refuse(x, 401, "Incorrect API key provided.", code="invalid_api_key")
            return
        names = [*ALL, *self.state.scripts, *NOT_FOR_CHAT]
        data = [
            {"id": name, "object": "model", "created": 1790000000, "owned_by": "fake"}
            for name in names
        ]
        for model in data:
            if model["id"] == "fake-small":
                model["context_length"] = SMALL_CONTEXT
            elif model["id"] == "fake-plain":
                model["supported_parameters"] = ["temperature", "max_tokens"]
        await x.respond(200, {"object": "list", "data": data})

    async def _control(self, x: Exchange, path: str, method: str) -> None:
        if path == "/_journal" and method == "GET":
            await x.respond(200, self.journal())
        elif path == "/_journal" and method == "DELETE":
            self.clear()
            await x.respond(200, {})
        elif path == "/_script" and method == "POST":
            body = x.json
            pauses = {int(at): ms for at, ms in body.get("pauses", {}).items()}
            self.script(body["model"], body["pieces"], body.get("delay_ms", 0), pauses)
            await x.respond(200, {})
        else:
            await x.respond(404, {})


async def serve(port: int) -> None:
    """Serve until the process is ended."""
    fake = FakeProvider(port)
    await fake.open()
    print(json.dumps({"port": fake.port}), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port))


if __name__ == "__main__":
    main()
