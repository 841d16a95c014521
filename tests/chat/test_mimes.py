"""What content is, by its bytes."""

from __future__ import annotations

import pytest

from jupyterlab_gpt.chat.mimes import mime_of


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "application/octet-stream"),
        ("Zażółć,1\n".encode(), "text/plain"),
        (b"", "text/plain"),
        ("Zażółć".encode("iso8859-2"), "application/octet-stream"),
        (b"PAR1\x00\x00", "application/octet-stream"),
        (b"%PDF-1.7\n\xe2\xe3", "application/octet-stream"),
    ],
)
def test_the_bytes_decide(data: bytes, mime: str) -> None:
    assert mime_of(data) == mime
