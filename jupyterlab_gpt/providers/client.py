"""The HTTP client under the `openai` library: what leaves is ours, header by header.

The library reads six variables of the environment (OPENAI_API_KEY, ADMIN_KEY, ORG_ID,
PROJECT_ID, BASE_URL, CUSTOM_HEADERS) and would send them to any host. It gets a base
URL and a placeholder key, and a hook on the client makes the headers anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .. import __version__
from ..config import Limits
from ..errors import ProviderUnreachable, redact
from .faults import refused
from .tls import ClientCert, make_context
from .unreachable import redirected
from .urls import address_of, bad_url, is_forbidden, is_loopback

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

# Read of an error's body: a page of 16 KiB holds any message, and an endless one ends here.
_MAX_ERROR_BYTES = 16 * 1024
# Seconds for that body; its status is known already.
_ERROR_TIMEOUT = 3.0
# Seconds for which a name that was looked up is not looked up again: a resolver's own habit.
_NAME_TTL = 60.0
# The library refuses an empty key; this one never leaves, see `_Hooks.request`.
_PLACEHOLDER = "not-a-key"
# What the library's `with_streaming_response` marks a request with.
_RAW_RESPONSE = "X-Stainless-Raw-Response"


async def warm_up() -> None:
    """Import `openai` in a thread (half a second), so that the first question finds it."""
    await asyncio.to_thread(_import)


def _import() -> None:
    import openai
    import openai.resources.chat.completions
    import openai.resources.models  # noqa: F401


class _Hooks:
    """What happens to each request and each response of one provider."""

    def __init__(
        self, host: str, base_url: str, key: str | None, headers: Mapping[str, str]
    ) -> None:
        self.host = host
        self._name = urlsplit(base_url).hostname or ""
        self._resolves = not is_loopback(base_url) and address_of(self._name) is None
        self._key = key
        self._headers = dict(headers)
        self._looked_up = float("-inf")
        self.secrets = tuple(s for s in (key, *headers.values()) if s and len(s) > 3)

    async def request(self, request: httpx2.Request) -> None:
        """Throw away all headers and write our own."""
        if self._resolves:
            await self._check_name()
        ours = {
            "Host": request.url.netloc.decode("ascii"),
            "User-Agent": f"jupyterlab-gpt/{__version__}",
        }
        body = request.content
        if body:
            ours["Content-Type"] = "application/json"
            ours["Content-Length"] = str(len(body))
        ours["Accept"] = "text/event-stream" if body else "application/json"
        # A compressed stream can hold a thousand times its size (faults.md).
        ours["Accept-Encoding"] = "identity"
        ours["Connection"] = "keep-alive"
        if self._key:
            ours["Authorization"] = f"Bearer {self._key}"
        request.headers.clear()
        request.headers.update(ours)
        request.headers.update(self._headers)

    async def response(self, response: httpx2.Response) -> None:
        """Raise for everything but a 2xx.

        Done here and not by the library, which would read an error's body to its end,
        however long.
        """
        self._check_peer(response)
        status = response.status_code
        if 200 <= status < 300:
            # The library looks here, on the request, to see that its caller wants the bytes;
            # it went with the other headers, so it never was on the wire.
            response.request.headers[_RAW_RESPONSE] = "stream"
            return
        if 300 <= status < 400:
            raise redirected(status, response.headers.get("location", ""), host=self.host)
        body = bytearray()
        try:
            async with asyncio.timeout(_ERROR_TIMEOUT):
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > _MAX_ERROR_BYTES:
                        break
        except (TimeoutError, _http_errors()):
            pass
        encoding = response.headers.get("content-encoding", "identity")
        text = bytes(body[:_MAX_ERROR_BYTES]) if encoding == "identity" else b""
        raise refused(status, text, response.headers, host=self.host, secrets=self.secrets)

    def _check_peer(self, response: httpx2.Response) -> None:
        """Pass on nothing from a link-local address, whatever the name said a moment before."""
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        address = address_of(str(peer[0])) if isinstance(peer, tuple) else None
        if address is not None and is_forbidden(address):
            raise self._link_local()

    def _link_local(self) -> Exception:
        return bad_url(
            f"{redact(self._name)} leads to a link-local or metadata address", "link_local"
        )

    async def _check_name(self) -> None:
        """Refuse a name that leads to a link-local address, as the base URL itself is."""
        if time.monotonic() - self._looked_up < _NAME_TTL:
            return
        try:
            async with asyncio.timeout(2):
                found = await asyncio.get_running_loop().getaddrinfo(self._name, None)
        except (OSError, UnicodeError):
            # Behind a proxy no name resolves here; without one the connection will say it.
            return
        for entry in found:
            address = address_of(str(entry[4][0]))
            if address is not None and is_forbidden(address):
                raise self._link_local()
        self._looked_up = time.monotonic()


def _http_errors() -> type[Exception]:
    import httpx2

    return httpx2.HTTPError


def _http_client(
    hooks: _Hooks, host: str, base_url: str, client_cert: ClientCert | None, limits: Limits
) -> httpx2.AsyncClient:
    import httpx2

    mounts: dict[str, Any] = {}
    if is_loopback(base_url):
        # HTTP_PROXY without NO_PROXY would carry a prompt for this very machine to the proxy,
        # which can only fail, or answer in its place. Other hosts keep the environment's rules.
        name = urlsplit(base_url).hostname or ""
        mounts[f"all://[{name}]" if ":" in name else f"all://{name}"] = None
    context = make_context(host, client_cert)
    try:
        client = httpx2.AsyncClient(
            follow_redirects=False,
            event_hooks={"request": [hooks.request], "response": [hooks.response]},
            mounts=mounts,
            verify=context,
            timeout=httpx2.Timeout(
                # Silence is watched by us: a read timeout knows no difference between content
                # and comments.
                None,
                connect=limits.connect_timeout,
                pool=limits.connect_timeout,
            ),
            # A stream has a connection of its own, and how many run is bounded by the turns of a
            # minute: the library's own bound of 100 would let the 101st wait, and fail.
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20),
        )
        _set_backend(client)
        return client
    except (ImportError, ValueError) as error:
        # A proxy that the environment names and this client cannot speak to, such as SOCKS.
        raise ProviderUnreachable(
            f"The proxy that the environment names cannot be used: {redact(str(error))}",
            code="cannot_reach",
            detail={"host": host, "reason": "proxy", "setting": "base_url"},
            retryable=False,
        ) from None


def _set_backend(client: httpx2.AsyncClient) -> None:
    """Put our sockets under the client, behind proxies too.

    The HTTP library takes a backend, the client above it has no way to pass one on. Where a
    later version keeps it elsewhere, answers are read through the library: slower, and no less
    right (a test says which of the two happens).
    """
    from .network import Backend

    backend = Backend()
    for transport in (client._transport, *client._mounts.values()):
        pool = getattr(transport, "_pool", None)
        if pool is not None and hasattr(pool, "_network_backend"):
            pool._network_backend = backend


def build(
    *,
    host: str,
    base_url: str,
    key: str | None,
    headers: Mapping[str, str],
    client_cert: ClientCert | None,
    limits: Limits,
) -> tuple[AsyncOpenAI, tuple[str, ...]]:
    """Make the client of one endpoint; slow (imports, certificates), so call it in a thread.

    Returns
    -------
    tuple
        The client, and the secrets it sends, for redaction.
    """
    from openai import AsyncOpenAI

    _import()
    hooks = _Hooks(host, base_url, key, headers)
    http = _http_client(hooks, host, base_url, client_cert, limits)
    client = AsyncOpenAI(
        api_key=_PLACEHOLDER,
        base_url=base_url,
        max_retries=0,
        http_client=http,
        timeout=http.timeout,
    )
    return client, hooks.secrets
