"""Clients that are connected and do not read."""

from __future__ import annotations

import socket as sockets

from tornado.iostream import IOStream

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL


async def deaf_socket(port: int, path: str, token: str) -> IOStream:
    """A socket that is upgraded and then never read, with the smallest buffer there is."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    stream = IOStream(raw)
    await stream.connect(("127.0.0.1", port))
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
        f"Authorization: token {token}",
    ]
    await stream.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = await stream.read_until(b"\r\n\r\n")
    assert b" 101 " in head.splitlines()[0]
    return stream


def masked(text: str) -> bytes:
    """A text frame as a client sends it, masked with zeros."""
    data = text.encode()
    assert len(data) < 65536
    return bytes([0x81, 0x80 | 126, *len(data).to_bytes(2, "big"), 0, 0, 0, 0]) + data
