"""Corporate networks: a proxy, a private authority, a client certificate, headers of one's own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.providers.body import ChunkedBody
from jupyterlab_gpt.providers.settings import RegistryConfig, Setting, settings_of
from jupyterlab_gpt.providers.tls import ClientCert
from tests.fakes.behaviours import markdown_answer
from tests.fakes.corporate import NAME, Authority, ForwardProxy
from tests.fakes.provider import FakeProvider

from .support import CANARY, Seen, ask

_VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
)


@pytest.fixture(autouse=True)
def _no_network_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure(authority: Authority) -> Iterator[FakeProvider]:
    """The provider behind https, its certificate from the private authority."""
    with FakeProvider(tls=authority.server_context()) as fake:
        yield fake


@asynccontextmanager
async def proxied(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> AsyncIterator[ForwardProxy]:
    """Both variables name a proxy that leads to `fake`."""
    async with ForwardProxy(fake.port, **options) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        yield proxy


def local(fake: FakeProvider) -> str:
    return fake.url.replace("http://", "https://")


def reason(seen: Seen) -> tuple[str, Any]:
    assert seen.error is not None, seen.text()
    return seen.error.code, seen.error.detail.get("reason")


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
async def test_an_answer_streams_through_a_proxy_that_learns_nothing(
    secure: FakeProvider,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, str(authority.bundle))
    past_the_library = []
    real = ChunkedBody.read

    async def read(self: ChunkedBody, until: float) -> bytes | None:
        past_the_library.append(until)
        return await real(self, until)

    monkeypatch.setattr(ChunkedBody, "read", read)
    async with proxied(secure, monkeypatch) as proxy:
        seen = await ask(f"https://{NAME}/v1", "fake-gpt", text="A secret question")
    assert seen.error is None
    assert seen.text() == markdown_answer("A secret question")
    assert proxy.connects == [f"{NAME}:443"]
    assert past_the_library
    assert proxy.tunnelled > 2000
    # The proxy saw where to, and nothing else: not even who asks.
    lines = {line.split(b":")[0] for line in proxy.in_clear.split(b"\r\n") if line}
    assert lines == {b"CONNECT gateway.test", b"Host", b"Accept"}
    (sent,) = secure.asked()
    assert sent["headers"]["authorization"] == f"Bearer {CANARY}"


async def test_plain_http_passes_the_proxy_too(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with proxied(fake, monkeypatch) as proxy:
        seen = await ask(f"http://{NAME}/v1", "fake-gpt", text="Hello")
    assert seen.text() == markdown_answer("Hello")
    assert not proxy.connects


async def test_this_machine_and_no_proxy_go_straight(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with proxied(fake, monkeypatch) as proxy:
        assert (await ask(fake.url, "fake-gpt")).error is None
        monkeypatch.setenv("NO_PROXY", f"elsewhere.test,{NAME}")
        # Straight: where the name resolves to nothing.
        assert reason(await ask(f"http://{NAME}/v1", "fake-gpt")) == ("cannot_reach", "dns")
        monkeypatch.setenv("NO_PROXY", "elsewhere.test")
        assert (await ask(f"http://{NAME}/v1", "fake-gpt")).error is None
    assert b"elsewhere" not in proxy.in_clear
    assert proxy.in_clear.count(b"POST http://gateway.test/v1/") == 1


@pytest.mark.parametrize(
    "proxy", ["http://u:canary@127.0.0.1:9", "socks5://u:canary@127.0.0.1:9", "ftp://canary:1"]
)
async def test_a_proxy_that_is_not_there_is_blamed_and_not_the_provider(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    seen = await ask(f"https://{NAME}/v1", "fake-gpt")
    assert reason(seen) == ("cannot_reach", "proxy")
    assert seen.error is not None
    assert "u:canary" not in str((seen.error, seen.error.detail))


async def test_a_proxy_with_a_password(
    secure: FakeProvider, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    # The password in base64, as `Proxy-Authorization: Basic` has it.
    async with proxied(secure, monkeypatch, password="dTpw") as proxy:
        refused = await ask(f"https://{NAME}/v1", "fake-gpt")
        assert reason(refused) == ("cannot_reach", "proxy")
        assert "407" in str(refused.error and refused.error.detail["said"])
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//u:p@"))
        assert (await ask(f"https://{NAME}/v1", "fake-gpt")).error is None
    assert CANARY.encode() not in proxy.in_clear


async def test_a_foreign_authority_is_not_trusted(
    secure: FakeProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await ask(local(secure), "fake-gpt")
    assert reason(seen) == ("cannot_reach", "certificate")
    assert seen.error is not None
    assert "unable to get local issuer" in str(seen.error.detail["said"])
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path / "other").bundle))
    assert reason(await ask(local(secure), "fake-gpt")) == ("cannot_reach", "certificate")
    assert not secure.journal()


async def test_a_certificate_of_another_name(
    secure: FakeProvider, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    seen = await ask(local(secure).replace("127.0.0.1", "localhost"), "fake-gpt")
    assert reason(seen) == ("cannot_reach", "certificate")
    assert not secure.journal()


@pytest.mark.parametrize("content", [None, "no certificate"])
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
async def test_a_bundle_that_is_none_is_named(
    fake: FakeProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    content: str | None,
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv(variable, str(bundle))
    seen = await ask(fake.url, "fake-gpt")
    assert reason(seen) == ("cannot_reach", "ca_bundle")
    assert seen.error is not None
    assert seen.error.detail["setting"] == variable
    assert seen.error.detail["file"] == str(bundle)
    assert not fake.journal()


async def test_a_client_certificate_is_shown_where_it_is_wanted(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.bundle))
    own = ClientCert(str(authority.client_cert), str(authority.client_key))
    context = authority.server_context(wants_client=True)
    with FakeProvider(tls=context) as strict:
        async with proxied(strict, monkeypatch):
            url = f"https://{NAME}/v1"
            seen = await ask(url, "fake-gpt", text="Who am I?", client_cert=own)
            assert seen.text() == markdown_answer("Who am I?")
            # asyncio's server ends without a word; others send an alert, see below.
            assert reason(await ask(url, "fake-gpt")) == ("cannot_reach", "closed")
        assert len(strict.asked()) == 1
        missing = ClientCert(str(authority.client_cert.with_name("gone.pem")), own.key)
        seen = await ask(local(strict), "fake-gpt", client_cert=missing)
    assert reason(seen) == ("cannot_reach", "client_cert")
    assert "there is no such file" in str(seen.error)


async def test_an_alert_of_the_other_side_speaks_of_a_client_certificate(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    context = authority.server_context(wants_client=True)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def shake_hands(listener: socket.socket) -> None:
        connection = listener.accept()[0]
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(connection, server_side=True)
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=shake_hands, args=(listener,))
        serving.start()
        seen = await ask(f"https://127.0.0.1:{listener.getsockname()[1]}/v1", "fake-gpt")
        await asyncio.to_thread(serving.join)
    assert reason(seen) == ("cannot_reach", "client_cert")


def settings(base_url: str, **config: Any) -> Setting:
    row = {"id": "default", "name": "", "base_url": base_url, "headers": {"x-team": "mine"}}
    fixed = {"X-Team": "physics", "X-Cost-Center": "42"}
    cert = ClientCert("/etc/gpt.pem", "/etc/gpt.pem")
    whole = {"base_url": "https://gateway.test/v1", "headers": fixed, "client_cert": cert, **config}
    return settings_of([row], RegistryConfig(**whole))["default"]


def test_the_administrators_headers_and_certificate_go_to_their_host_only() -> None:
    ours = settings("")
    assert ours.all_headers == {"X-Team": "physics", "X-Cost-Center": "42"}
    assert ours.client_cert is not None
    other_path = settings("https://gateway.test/other/v1")
    assert other_path.all_headers == ours.all_headers
    for url in ("https://evil.test/v1", "http://gateway.test/v1", "https://gateway.test:8443/v1"):
        theirs = settings(url)
        assert theirs.all_headers == {"x-team": "mine"}
        assert theirs.client_cert is None
    assert "physics" not in repr(ours)


async def test_headers_arrive(fake: FakeProvider) -> None:
    given = {"X-Team": "physics"}
    await ask(fake.url, "fake-gpt", headers=given)
    (sent,) = fake.asked()
    assert sent["headers"]["x-team"] == "physics"


async def test_a_name_whose_addresses_all_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """`localhost` has two of them; asyncio then tells in words alone what happened."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    found = [(*kind, (address, port)) for address in ("127.0.0.1", "127.0.0.2")]

    async def look_up(*_: Any, **__: Any) -> list[Any]:
        return found

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look_up)
    seen = await ask(f"http://{NAME}:{port}/v1", "fake-gpt")
    assert reason(seen) == ("cannot_reach", "refused")
