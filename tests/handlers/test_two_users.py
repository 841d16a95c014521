"""Promise 2 over all registered routes: what is another user's is not there."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .conftest import submit
from .test_owners import Named
from .walk import implemented, is_socket, registered

ADA, BOB = {"X-User": "ada"}, {"X-User": "bob"}
PROVIDER = "adas-gateway"
SECRET = "Zanzibar"
KEY = "sk-ada-0123456789abcdef"
# What a method needs to be understood; the others take {}.
BODIES: dict[tuple[str, str], Any] = {("PUT", "key"): {"key": "sk-bob-0123456789abcdef"}}


@pytest.fixture(params=[True, False], ids=["open server", "closed server"])
def server_traits(request: Any) -> dict[str, Any]:
    return {"identity_provider_class": Named, "allow_unauthenticated_access": request.param}


class Walker:
    """Asks the server's routes as one user or another."""

    def __init__(self, app: Any, client: Any) -> None:
        self._app = app
        self._client = client
        day = datetime.now(UTC).date()
        days = (day - timedelta(days=1), day + timedelta(days=1))
        self.query = f"?from={days[0]}&to={days[1]}&format=json&refresh=1"
        self.ids: dict[str, str] = {}

    async def ask(self, user: dict[str, str], method: str, path: str) -> tuple[int, bytes]:
        body = BODIES.get((method, path.rsplit("/", 1)[-1]), {})
        answer = await self._client.fetch(
            path + self.query,
            method=method,
            headers=dict(user),
            body=None if method in ("GET", "HEAD", "DELETE") else json.dumps(body),
            allow_nonstandard_methods=True,
            raise_error=False,
        )
        return answer.code, answer.body or b""

    def routes(self, *, of_things: bool) -> list[tuple[str, str]]:
        """Method and path of the routes that name a thing, or of all others."""
        found = []
        # A segment that is not known here is a KeyError: whose is what the new route names?
        for path, handler in registered(self._app, self.ids.__getitem__):
            names = any(f"/{name}/{thing}" in path for name, thing in self.ids.items())
            if names is of_things and not is_socket(handler):
                found += [(method, path) for method in implemented(handler)]
        return found


@pytest.fixture
def walker(jp_serverapp: Any, http_server_client: Any) -> Walker:
    return Walker(jp_serverapp, http_server_client)


@pytest.fixture
def make_things(api: Any, connect: Any, fake: Any, walker: Walker) -> Any:
    """What Ada has: one of each thing that a route can name."""

    async def make() -> dict[str, Any]:
        client, asked = await connect(ADA), submit(f"{SECRET}, a question")
        await client.send(asked)
        await client.end(asked)
        _, blob = await api("blobs", "POST", SECRET.encode(), headers=dict(ADA))
        own = {"id": PROVIDER, "name": SECRET, "base_url": fake.url}
        assert (await api("providers", "POST", own, headers=dict(ADA)))[0] == 201
        key = await api(f"providers/{PROVIDER}/key", "PUT", {"key": KEY}, headers=dict(ADA))
        assert key[0] == 200
        walker.ids = {
            "conversations": asked["conversation_id"],
            "messages": asked["answer_id"],
            "blobs": blob["sha256"],
            "providers": PROVIDER,
        }
        return asked

    return make


async def test_no_route_shows_or_changes_what_is_anothers(walker: Walker, make_things: Any) -> None:
    await make_things()
    things, others = walker.routes(of_things=True), walker.routes(of_things=False)
    assert len(things) > 10
    assert len(others) > 10

    async def all_of_hers() -> dict[str, Any]:
        # Lists of models are looked up anew, and an export holds the time at which it was made.
        changing = ("models", "export")
        reads = [(m, p) for m, p in things + others if m == "GET" and not p.endswith(changing)]
        return {path: await walker.ask(ADA, method, path) for method, path in reads}

    before = await all_of_hers()
    assert {p: code for p, (code, _) in before.items() if code != 200} == {}
    seen = {(m, path): (await walker.ask(BOB, m, path))[0] for m, path in things}
    assert {route: code for route, code in seen.items() if code != 404} == {}
    marks = [SECRET, KEY[-4:], *walker.ids.values()]
    for method, path in others:
        if method != "GET":
            continue
        code, body = await walker.ask(BOB, method, path)
        assert code == 200, path
        assert [mark for mark in marks if mark.encode() in body] == [], path
    # Deleting all of one's own leaves hers.
    for method, path in others:
        if method == "DELETE":
            await walker.ask(BOB, method, path)
    after = await all_of_hers()
    assert after == before


async def test_the_socket_of_another_user(
    connect: Any, api: Any, make_things: Any, fake: Any
) -> None:
    asked = await make_things()
    fake.script("fake-patient", ["one ", "two ", "three"], pauses={1: 1500})
    hers, running = await connect(ADA), submit(SECRET, "fake-patient")
    await hers.send(running)
    await hers.until("delta")
    his = await connect(BOB)
    for request in (asked["request_id"], running["request_id"]):
        await his.send({"type": "resume", "request_id": request})
        assert (await his.until("failed"))["code"] == "unknown_request"
        # A cancel of what is not there is nothing.
        await his.send({"type": "cancel", "request_id": request})
    for kind in ("preview", "estimate"):
        there = submit("x", conversation_id=asked["conversation_id"], type=kind)
        await his.send({**there, "parent_id": asked["answer_id"]})
        assert (await his.until("failed"))["code"] == "unknown_conversation"
    on = submit("x", conversation_id=asked["conversation_id"], continue_of=asked["answer_id"])
    await his.send({**on, "message_id": asked["message_id"], "parts": []})
    assert (await his.until("failed"))["code"] == "unknown_conversation"
    assert (await hers.end(running))["type"] == "finished"
    assert hers.text(running) == "one two three"
    await asyncio.sleep(0.1)
    # Nothing of hers reached him: no delta, no `changed`, no budget that is not his own.
    mine = json.dumps([f for f in his.frames if f["type"] != "failed"])
    assert not [mark for mark in (SECRET, running["conversation_id"]) if mark in mine]
