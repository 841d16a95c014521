"""Promise 2: whose things are whose."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jupyter_server.auth.identity import IdentityProvider, User

from .conftest import ask, submit


class Named(IdentityProvider):
    """A login that names people: by a header."""

    def get_user(self, handler: Any) -> User | None:
        name = handler.request.headers.get("X-User")
        handler._token_authenticated = True  # as an identity provider of a hub does
        return User(username=name) if name else None


class TestOwners:
    """Promise 2: what is another user's is not there."""

    @pytest.fixture
    def server_traits(self) -> dict[str, Any]:
        return {"identity_provider_class": Named}

    async def test_two_users(self, api: Any, connect: Any) -> None:
        ada, bob = {"X-User": "ada"}, {"X-User": "bob"}
        client, asked = await connect(ada), submit("Ada's question")
        await client.send(asked)
        await client.end(asked)
        _, blob = await api("blobs", "POST", b"Ada's", headers=dict(ada))
        name = asked["conversation_id"]
        assert (await api(f"conversations/{name}", headers=dict(ada)))[0] == 200

        for path, method, body in [
            (f"conversations/{name}", "GET", None),
            (f"conversations/{name}", "PATCH", {"title": "mine"}),
            (f"conversations/{name}", "DELETE", None),
            (f"conversations/{name}/restore", "POST", None),
            (f"conversations/{name}/messages/{asked['answer_id']}", "DELETE", None),
            (f"conversations/{name}/messages/{asked['answer_id']}/restore", "POST", None),
            (f"blobs/{blob['sha256']}", "GET", None),
        ]:
            code, _ = await api(path, method, body, headers=dict(bob))
            assert (code, path) == (404, path)
        for kind in ("ipynb", "md", "json"):
            code, _ = await api(
                f"conversations/{name}/export", params={"format": kind}, headers=dict(bob)
            )
            assert code == 404
        for query in ({}, {"q": "question"}):
            mine = await api("conversations", params=query, headers=dict(ada))
            assert [item["id"] for item in mine[1]["items"]] == [name]
            other = await api("conversations", params=query, headers=dict(bob))
            assert other[1] == {"items": [], "next": None}
        await api("conversations", "DELETE", headers=dict(bob))

        other = await connect(bob)
        await other.send({"type": "resume", "request_id": asked["request_id"]})
        assert (await other.until("failed"))["code"] == "unknown_request"
        # Not even by naming her in the frame, or by asking on in her conversation.
        on = submit("Go on", conversation_id=name, parent_id=asked["answer_id"], owner="ada")
        await other.send(on)
        assert (await other.until("failed"))["code"] == "unknown_conversation"
        taken = submit("x", conversation_id=name)
        await other.send(taken)
        assert (await other.until("failed"))["code"] == "unknown_conversation"
        same = {**submit("x"), "request_id": asked["request_id"]}
        await other.send(same)
        assert (await other.until("failed"))["code"] == "duplicate_id"
        with_blob = submit("x")
        with_blob["parts"].append({"type": "file", "path": "a", "blob": blob["sha256"]})
        await other.send(with_blob)
        assert (await other.until("failed"))["code"] == "unknown_blob"

        _, conversation = await api(f"conversations/{name}", headers=dict(ada))
        assert (conversation["title"], len(conversation["messages"])) == ("Ada's question", 2)

    async def test_a_branch_that_was_deleted_is_restored_by_its_owner_only(
        self, api: Any, connect: Any
    ) -> None:
        ada, bob = {"X-User": "ada"}, {"X-User": "bob"}
        client, asked = await connect(ada), submit("Ada's question")
        await client.send(asked)
        await client.end(asked)
        path = f"conversations/{asked['conversation_id']}/messages/{asked['answer_id']}"
        assert (await api(path, "DELETE", headers=dict(ada)))[0] == 204
        assert (await api(f"{path}/restore", "POST", headers=dict(bob)))[0] == 404
        read = f"conversations/{asked['conversation_id']}"
        assert len((await api(read, headers=dict(ada)))[1]["messages"]) == 1
        assert (await api(f"{path}/restore", "POST", headers=dict(ada)))[0] == 204
        assert len((await api(read, headers=dict(ada)))[1]["messages"]) == 2

    async def test_files_of_all_and_the_usage_are_each_ones_own(
        self, api: Any, jp_fetch: Any, connect: Any
    ) -> None:
        ada, bob = {"X-User": "ada"}, {"X-User": "bob"}
        client, asked = await connect(ada), submit("Zanzibar")
        await client.send(asked)
        await client.end(asked)
        day = datetime.now(UTC).date()
        days = {"from": str(day - timedelta(days=1)), "to": str(day + timedelta(days=1))}

        async def taken(path: str, user: dict[str, str], **params: str) -> bytes:
            parts = ["jupyterlab-gpt/api", *path.split("/")]
            answer = await jp_fetch(*parts, params=params, headers=dict(user))
            return bytes(answer.body)

        assert b"Zanzibar" in await taken("conversations/export", ada, format="json")
        assert b"Zanzibar" not in await taken("conversations/export", bob, format="json")
        for kind in ("ipynb", "md"):
            zips = [await taken("conversations/export", u, format=kind) for u in (ada, bob)]
            names = [zipfile.ZipFile(io.BytesIO(data)).namelist() for data in zips]
            assert names == [[f"Zanzibar.{kind}"], []]
        (_, hers), (_, his) = [
            await api("usage", params=days, headers=dict(user)) for user in (ada, bob)
        ]
        assert [row["conversation_id"] for row in hers["conversations"]] == [
            asked["conversation_id"]
        ]
        assert his["conversations"] == his["models"] == his["days"] == []
        assert len((await taken("usage.csv", ada, **days)).splitlines()) == 2
        assert len((await taken("usage.csv", bob, **days)).splitlines()) == 1

    async def test_each_has_their_own_key(self, api: Any) -> None:
        key = {"key": "sk-ada-0123456789abcdef"}
        await api("providers/default/key", "PUT", key, headers={"X-User": "ada"})
        for name, known in (("ada", True), ("bob", False)):
            _, infos = await api("providers", headers={"X-User": name})
            assert infos[0]["key"]["set"] is known


async def test_the_own_login_has_one_owner(
    api: Any, connect: Any, jp_auth_header: dict[str, str]
) -> None:
    """Another browser with the token is another random name, and finds everything again."""
    asked = await ask(connect)
    for _ in range(2):
        _, listed = await api("conversations", headers=dict(jp_auth_header))
        assert [item["id"] for item in listed["items"]] == [asked["conversation_id"]]
