"""Promise 1: every method of every route, and the socket, refuse who may not.

The walk is over the registered routes, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

import pytest
from jupyter_server.auth import Authorizer
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL

from .walk import implemented, is_socket, registered


class DenyAll(Authorizer):
    """Knows everybody, allows nobody; and remembers what it was asked."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        self.asked.append((action, resource))
        return False


@pytest.fixture(params=[True, False], ids=["open server", "closed server"])
def server_traits(request: Any) -> dict[str, Any]:
    return {"allow_unauthenticated_access": request.param}


@pytest.fixture
def denying(server_traits: dict[str, Any]) -> None:
    DenyAll.asked = []
    server_traits["authorizer_class"] = DenyAll


async def ask_all(
    app: Any, client: Any, port: int, headers: dict[str, str]
) -> dict[tuple[str, str], int]:
    """The status of each method of each route."""
    seen = {}
    for path, handler in registered(app):
        for method in implemented(handler):
            if is_socket(handler):
                seen[method, path] = await upgrade(port, path, headers)
                continue
            body = None if method in ("GET", "HEAD") else b"{}"
            answer = await client.fetch(
                path,
                method=method,
                body=body,
                headers=headers,
                follow_redirects=False,
                allow_nonstandard_methods=True,
                raise_error=False,
            )
            seen[method, path] = answer.code
            if answer.code == 403 and method != "HEAD":
                assert set(json.loads(answer.body)) == {"code", "message"}
    return seen


async def upgrade(port: int, path: str, headers: dict[str, str]) -> int:
    request = HTTPRequest(f"ws://127.0.0.1:{port}{path}", headers=headers)
    try:
        socket = await websocket_connect(request, subprotocols=[SUBPROTOCOL])
    except HTTPClientError as error:
        return int(error.code)
    socket.close()
    return 101


def assert_all(seen: dict[tuple[str, str], int], status: int) -> None:
    assert len(seen) > 20
    assert {key: code for key, code in seen.items() if code != status} == {}


async def test_without_a_login(
    jp_serverapp: Any, http_server_client: Any, jp_http_port: int
) -> None:
    for headers in ({}, {"Authorization": "token wrong"}):
        seen = await ask_all(jp_serverapp, http_server_client, jp_http_port, headers)
        assert_all(seen, 403)


async def cookies(client: Any, base: str, token: str) -> dict[str, str]:
    """What a browser holds after logging in with the token on the login page."""
    page = await client.fetch(f"{base}login", follow_redirects=False)
    jar = [page.headers.get_list("Set-Cookie")]
    xsrf = re.search(r"_xsrf=([^;]+)", ";".join(jar[0]))
    assert xsrf is not None
    answer = await client.fetch(
        f"{base}login?token={token}", follow_redirects=False, raise_error=False
    )
    jar.append(answer.headers.get_list("Set-Cookie"))
    pairs = dict(line.split(";")[0].split("=", 1) for lines in jar for line in lines if "=" in line)
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in pairs.items()),
        "X-XSRFToken": pairs["_xsrf"],
    }


async def test_a_foreign_origin_on_a_login_cookie(
    jp_serverapp: Any, http_server_client: Any, jp_http_port: int, jp_base_url: str
) -> None:
    token = jp_serverapp.identity_provider.token
    login = await cookies(http_server_client, jp_base_url, token)
    for origin in ("http://evil.test", "null", "http://127.0.0.1:1"):
        headers = {**login, "Origin": origin}
        assert_all(await ask_all(jp_serverapp, http_server_client, jp_http_port, headers), 403)
    # The same cookie from our own page is a login: the walk above was refused for its origin.
    own = {**login, "Origin": f"http://127.0.0.1:{jp_http_port}"}
    seen = await ask_all(jp_serverapp, http_server_client, jp_http_port, own)
    assert 403 not in seen.values()
    assert seen["GET", f"{jp_base_url}jupyterlab-gpt/stream"] == 101


async def test_a_cookie_alone_changes_nothing(
    jp_serverapp: Any, http_server_client: Any, jp_http_port: int, jp_base_url: str
) -> None:
    token = jp_serverapp.identity_provider.token
    login = await cookies(http_server_client, jp_base_url, token)
    del login["X-XSRFToken"]
    seen = await ask_all(jp_serverapp, http_server_client, jp_http_port, login)
    changing = {key: code for key, code in seen.items() if key[0] not in ("GET", "HEAD")}
    assert set(changing.values()) == {403}


@pytest.mark.usefixtures("denying")
async def test_under_an_authorizer_that_denies(
    jp_serverapp: Any, http_server_client: Any, jp_http_port: int, jp_auth_header: dict[str, str]
) -> None:
    seen = await ask_all(jp_serverapp, http_server_client, jp_http_port, jp_auth_header)
    assert_all(seen, 403)
    assert {resource for _, resource in DenyAll.asked} == {"jupyterlab_gpt"}
    wanted = [
        "execute" if path.endswith("/stream") else "read" if method == "GET" else "write"
        for method, path in seen
    ]
    assert [action for action, _ in DenyAll.asked] == wanted


async def test_a_preflight_says_nothing(
    jp_serverapp: Any, http_server_client: Any, jp_http_port: int
) -> None:
    for path, handler in registered(jp_serverapp):
        if is_socket(handler):
            continue
        answer = await http_server_client.fetch(
            path, method="OPTIONS", headers={"Origin": "http://evil.test"}
        )
        assert (answer.code, answer.body) == (204, b"")
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_an_id_without_shape_is_looked_at_after_the_login(
    http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str]
) -> None:
    for path in ("conversations/nonsense", "blobs/nonsense"):
        url = f"{jp_base_url}jupyterlab-gpt/api/{path}"
        for headers, code in (({}, 403), (jp_auth_header, 404)):
            answer = await http_server_client.fetch(url, headers=headers, raise_error=False)
            assert answer.code == code
