"""A corporate network on loopback: a forwarding proxy and a private authority.

The proxy takes `CONNECT name:port` and plain requests by their whole address, and carries
both to one port of this machine, whatever name was asked for: so a test can use a name that
exists nowhere. All that it could read in clear is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from pathlib import Path
from typing import Any

import trustme

# Resolves nowhere (RFC 6761), so that only the proxy can lead there.
NAME = "gateway.test"


class ForwardProxy:
    """`async with ForwardProxy(to=port) as proxy`."""

    def __init__(self, to: int, *, password: str = "") -> None:
        self.to = to
        self.port = 0
        self.connects: list[str] = []
        # Bytes that came before a tunnel stood, or without one.
        self.in_clear = b""
        # Bytes that went through tunnels.
        self.tunnelled = 0
        self._password = password
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> ForwardProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            await _closed(writer)
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.in_clear += head
        method, target = head.split(b" ", 2)[:2]
        if self._password and self._password.encode() not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        upstream, there = await asyncio.open_connection("127.0.0.1", self.to)
        if method == b"CONNECT":
            self.connects.append(target.decode())
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = b"/" + target.split(b"/", 3)[3]
            there.write(head.replace(target, path, 1))
        tunnel = method == b"CONNECT"
        both = [
            asyncio.create_task(self._pump(*way, tunnel))
            for way in ((reader, there), (upstream, writer))
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in both:
                way.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            await _closed(there)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tunnel: bool
    ) -> None:
        while data := await reader.read(65536):
            if tunnel:
                self.tunnelled += len(data)
            else:
                self.in_clear += data
            writer.write(data)
            await writer.drain()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()


class Authority:
    """A private authority: its own certificate, a server's and a client's, as files."""

    def __init__(self, folder: Path, *names: str) -> None:
        self._ca = trustme.CA()
        self._server = self._ca.issue_cert(NAME, "127.0.0.1", *names)
        client = self._ca.issue_cert("student@campus.test")
        self.bundle = folder / "authority.pem"
        self.client_cert, self.client_key = folder / "client.pem", folder / "client.key"
        self._ca.cert_pem.write_to_path(str(self.bundle))
        client.cert_chain_pems[0].write_to_path(str(self.client_cert))
        client.private_key_pem.write_to_path(str(self.client_key))

    def server_context(self, *, wants_client: bool = False) -> ssl.SSLContext:
        """What a server of this authority listens with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.configure_cert(context)
        if wants_client:
            context.verify_mode = ssl.CERT_REQUIRED
            self._ca.configure_trust(context)
        return context

    def files(self) -> dict[str, Any]:
        """The traits of the client certificate."""
        return {"client_cert": str(self.client_cert), "client_key": str(self.client_key)}
