"""What a model refused is known to the next server too."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import submit

from .server import Server

WARM = {"temperature": 0.2, "max_output_tokens": 50}


async def asked(server: Server, **fields: Any) -> dict[str, Any]:
    client, frame = await server.connect(), submit(model="fake-strict", params=WARM, **fields)
    await client.send(frame)
    return await client.end(frame)


async def refused(server: Server, provider: str) -> list[str]:
    models = (await server.get("models"))["models"]
    return next(
        m["refused"] for m in models if (m["provider"], m["id"]) == (provider, "fake-strict")
    )


async def test_a_refused_temperature_is_known_to_the_next_server(
    home: Path, fake: FakeProvider
) -> None:
    server = Server(home, fake.url)
    try:
        await server.start()
        assert await refused(server, "default") == []
        assert (await asked(server))["dropped"] == ["temperature"]
        # At once, though the list of models itself is remembered for minutes.
        assert await refused(server, "default") == ["temperature"]
        server.end(signal.SIGTERM)

        await server.start()
        assert await refused(server, "default") == ["temperature"]
        before = len(fake.asked())
        assert (await asked(server))["dropped"] is None
        # The name of the reply limit is learned anew; the temperature is not tried.
        sent = [each["body"] for each in fake.asked()[before:]]
        assert sent
        assert not any("temperature" in body for body in sent)

        # Another address is another endpoint: there it is tried.
        with FakeProvider() as other:
            await server.get("providers/default", "PATCH", {"base_url": other.url})
            assert await refused(server, "default") == []
            assert (await asked(server))["dropped"] == ["temperature"]

        # A month later it is tried again.
        await server.get("providers/default", "PATCH", {"base_url": fake.url})
        server.end(signal.SIGTERM)
        with closing(sqlite3.connect(server.database)) as conn, conn:
            rows = conn.execute("SELECT model, parameter FROM refusals").fetchall()
            assert rows == [("fake-strict", "temperature")] * 2
            conn.execute("UPDATE refusals SET learned = '2020-01-01T00:00:00.000Z'")
        await server.start()
        assert (await asked(server))["dropped"] == ["temperature"]
    finally:
        server.close()
