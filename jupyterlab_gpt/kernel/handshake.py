"""Whether the server is there, is ours, and lets its kernel in: the sentence when not."""

from __future__ import annotations

import json
import ssl
from collections.abc import Sequence
from typing import Any

from .. import __version__
from .errors import GPTError, ServerGone
from .server import LOCKED_OUT, Server

SUBPROTOCOL = "v1.jupyterlab-gpt"
# A server on the same machine answers within milliseconds; a busy one within seconds.
CONNECT_SECONDS = 10.0

NOT_INSTALLED = (
    "The Jupyter server of this kernel does not have JupyterLab GPT. Install jupyterlab-gpt "
    "in the environment that runs JupyterLab, then restart it."
)
MISMATCH = (
    "JupyterLab GPT in the kernel and in the Jupyter server are of different versions "
    "(here: {here}, there: {there}). Install the same version in both, then restart both."
)
LEFT_BEHIND = (
    "No Jupyter server was found that started this kernel: jpserver-{pid}.json, which should "
    "name it, was left behind by one that has ended. Delete this file from Jupyter's runtime "
    "directory; where JupyterLab or Notebook runs on the same machine, restart the kernel."
)
SWITCHED_OFF = "The administrator has switched %gpt off on this server."
CERTIFICATE = (
    "The Jupyter server's certificate cannot be verified from the kernel. Set SSL_CERT_FILE to "
    "the certificate of its authority before JupyterLab is started."
)


class LeftBehind(ServerGone):
    """What answers at a server's address is another process than the one that is meant."""


async def choose(servers: Sequence[Server]) -> Server:
    """Give the first that is what its file says; where there is none, say why of the first."""
    wrong: Exception | None = None
    for server in servers:
        try:
            await check(server)
        except (LeftBehind, OSError, TimeoutError) as error:
            wrong = wrong or error
        else:
            return server
    assert wrong is not None, "there is one at least"
    raise wrong


async def check(server: Server) -> None:
    """Ask the server who it is, once: says more than a socket that is refused."""
    from tornado.httpclient import HTTPRequest
    from tornado.simple_httpclient import SimpleAsyncHTTPClient

    client = SimpleAsyncHTTPClient(force_instance=True)
    try:
        answer = await client.fetch(
            HTTPRequest(
                f"{server.url}jupyterlab-gpt/api/status",
                headers=server.headers,
                request_timeout=CONNECT_SECONDS,
                follow_redirects=False,
            )
        )
    finally:
        client.close()
    try:
        status = json.loads(answer.body)
        protocol, off = status["protocol"], status["policy"]["disabled_features"]
    except (ValueError, TypeError, KeyError):
        raise ServerGone(NOT_INSTALLED) from None
    pid = status.get("pid")
    if protocol != SUBPROTOCOL or pid is None:
        there = str(status.get("version") or "?")
        raise ServerGone(MISMATCH.format(here=__version__, there=there))
    if server.pid is not None and pid != server.pid:
        raise LeftBehind(LEFT_BEHIND.format(pid=server.pid))
    if "magics" in off:
        raise GPTError(SWITCHED_OFF, code="feature_disabled")


def refusal(error: Any) -> ServerGone | ConnectionError:
    """Say what an HTTP answer in place of a socket means."""
    if error.code == 404:
        return ServerGone(NOT_INSTALLED)
    if error.code == 400:
        return ServerGone(MISMATCH.format(here=__version__, there="?"))
    if error.code in (301, 302, 303, 307, 308, 401, 403):
        return ServerGone(LOCKED_OUT)
    return ConnectionError(f"HTTP {error.code}")  # 5xx and 599 (no answer): tried again


def is_certificate(error: BaseException) -> bool:
    """Whether a connection failed because the certificate cannot be verified."""
    return isinstance(error, ssl.SSLCertVerificationError)
