"""A proxy that only forwards bytes: what any proxy in Python costs at least.

python -m benchmarks.server.forward UPSTREAM_PORT
"""

from __future__ import annotations

import asyncio
import json
import sys


class End(asyncio.Protocol):
    """One end of a forwarded connection."""

    def __init__(self, other: End | None = None) -> None:
        self.other = other
        self.transport: asyncio.Transport | None = None
        self.early = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.early)

    def data_received(self, data: bytes) -> None:
        assert self.other is not None
        if self.other.transport is None:
            self.other.early += data
        else:
            self.other.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


class Client(End):
    """The end that was connected to; it connects further."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.other = End(self)
        loop = asyncio.get_running_loop()
        other = self.other
        port = int(sys.argv[1])
        self._task = loop.create_task(loop.create_connection(lambda: other, "127.0.0.1", port))
        super().connection_made(transport)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Client, "127.0.0.1", 0, backlog=1024)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
