"""The REST routes, over a real server and a real database."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt import protocol

from .conftest import ask, submit


def valid(model: Any, data: Any) -> Any:
    """The data has the wire's shape, whole: no field is missing, none is added."""
    assert model.model_validate(data).model_dump(mode="json").keys() == data.keys()
    return data


async def test_status(api: Any) -> None:
    code, status = await api("status")
    assert code == 200
    valid(protocol.StatusInfo, status)
    # The fake is a server of the user's own: it needs no key.
    assert (status["provider"], status["model"]) == ("default", "fake-gpt")
    assert status["needs_setup"] is False
    assert status["policy"]["set_by_administrator"] == ["base_url", "model"]


async def test_set_up_is_needed_without_a_key(api: Any) -> None:
    openai = "https://api.openai.com/v1"
    code, _ = await api("providers/default", "PATCH", {"base_url": openai})
    assert code == 200
    assert (await api("status"))[1]["needs_setup"] is True
    code, info = await api("providers/default/key", "PUT", {"key": ' "sk-abcdefgh12345678"\n'})
    assert (code, info) == (200, {"set": True, "last4": "5678", "source": "file"})
    assert (await api("status"))[1]["needs_setup"] is False
    code, info = await api("providers/default/key", "DELETE")
    assert (code, info["set"]) == (200, False)
    assert (await api("status"))[1]["needs_setup"] is True


async def test_providers(api: Any, fake: Any) -> None:
    code, infos = await api("providers")
    assert code == 200
    assert [info["id"] for info in infos] == ["default", "local"]
    for info in infos:
        valid(protocol.ProviderInfo, info)
    code, made = await api(
        "providers", "POST", {"id": "lab", "name": "Lab", "base_url": fake.url + "/"}
    )
    assert (code, made["id"], made["base_url"]) == (201, "lab", fake.url)
    assert (await api("providers", "POST", {"id": "lab", "base_url": fake.url}))[0] == 409
    code, changed = await api("providers/lab", "PATCH", {"headers": {"X-Team": "secret"}})
    assert (code, changed["headers"]) == (200, ["X-Team"])
    code, checked = await api("providers/lab/check", "POST", {})
    assert code == 200
    assert valid(protocol.CheckResult, checked)["ok"] is True
    code, checked = await api("providers/lab/check", "POST", {"key": "sk-refused-0123456789"})
    assert (checked["ok"], checked["error"]["code"]) == (False, "provider_auth")
    assert (await api("providers/lab", "DELETE"))[0] == 204
    assert (await api("providers/lab", "DELETE"))[0] == 404


async def test_models(api: Any) -> None:
    code, listed = await api("models", params={"refresh": "1"})
    assert code == 200
    valid(protocol.ModelList, listed)
    for model in listed["models"]:
        valid(protocol.ModelInfo, model)
    assert "fake-gpt" in [model["id"] for model in listed["models"]]


async def test_local_model(api: Any) -> None:
    code, state = await api("local-model")
    assert code == 200
    valid(protocol.LocalModelState, state)
    assert (await api("local-model", "DELETE"))[0] == 200


async def test_conversations(api: Any, connect: Any) -> None:
    asked = await ask(connect, text="First question")
    name = asked["conversation_id"]
    code, listed = await api("conversations")
    assert code == 200
    (item,) = valid(protocol.ConversationList, listed)["items"]
    assert valid(protocol.ConversationItem, item)["title"] == "First question"
    assert (await api("conversations", params={"q": "nowhere"}))[1]["items"] == []
    assert (await api("conversations", params={"q": "first"}))[1]["items"] != []

    code, conversation = await api(f"conversations/{name}")
    valid(protocol.Conversation, conversation)
    for message in conversation["messages"]:
        valid(protocol.Message, message)
    watching = await connect()
    code, changed = await api(f"conversations/{name}", "PATCH", {"title": "New", "pinned": True})
    assert (code, changed["title"], changed["pinned"]) == (200, "New", True)
    assert (await watching.until("changed"))["conversation_id"] == name

    assert (await api(f"conversations/{name}", "DELETE"))[0] == 204
    assert (await api(f"conversations/{name}"))[0] == 404
    assert (await api(f"conversations/{name}/restore", "POST"))[0] == 204
    assert (await api(f"conversations/{name}"))[0] == 200

    code, _ = await api(f"conversations/{name}/messages/{asked['answer_id']}", "DELETE")
    assert code == 204
    assert len((await api(f"conversations/{name}"))[1]["messages"]) == 1
    path = f"conversations/{name}/messages/{asked['answer_id']}/restore"
    assert (await api(path, "POST"))[0] == 204
    assert (await watching.until("changed"))["conversation_id"] == name
    code, restored = await api(f"conversations/{name}")
    assert [m["id"] for m in restored["messages"]][1:] == [asked["answer_id"]]
    assert restored["leaf"] == asked["answer_id"]
    assert (await api("conversations", "DELETE", params={"purge": "1"}))[0] == 204
    assert (await api("conversations"))[1]["items"] == []


async def test_deleting_stops_what_is_being_written(api: Any, connect: Any, fake: Any) -> None:
    for path in ("conversations/{c}", "conversations/{c}/messages/{m}", "conversations"):
        client, asked = await connect(), submit(model="fake-slow")
        await client.send(asked)
        await client.until("delta")
        names = {"c": asked["conversation_id"], "m": asked["message_id"]}
        assert (await api(path.format(**names), "DELETE"))[0] == 204
        assert (await client.end(asked))["finish_reason"] == "cancelled"
        assert fake.journal()[-1]["closed_by"] == "client"


async def test_blobs(api: Any, connect: Any, jp_fetch: Any, jp_root_dir: Path) -> None:
    kind = {"Content-Type": "application/octet-stream"}
    code, blob = await api("blobs", "POST", b"print('from a blob')", headers=kind)
    assert code == 201
    valid(protocol.BlobInfo, blob)
    back = await jp_fetch("jupyterlab-gpt/api/blobs", blob["sha256"])
    assert back.body == b"print('from a blob')"
    assert back.headers["Content-Type"] == "application/octet-stream"

    cell = {"type": "cell", "cell_id": "1", "path": "a.ipynb", "language": "python"}
    client, asked = await connect(), submit("Explain", model="fake-echo")
    asked["parts"].insert(0, {**cell, "blob": blob["sha256"]})
    await client.send(asked)
    await client.end(asked)
    assert "print('from a blob')" in client.text(asked)

    (jp_root_dir / "notes.txt").write_text("from the workspace")
    (jp_root_dir / "folder").mkdir()
    outside = jp_root_dir.parent / "outside.txt"
    outside.write_text("secret")
    (jp_root_dir / "link.txt").symlink_to(outside)
    code, blob = await api("blobs", "POST", {"path": "notes.txt"}, headers=json_kind())
    assert code == 201
    back = await jp_fetch("jupyterlab-gpt/api/blobs", blob["sha256"])
    assert back.body == b"from the workspace"
    for path, wanted in {
        "link.txt": 404,
        "../outside.txt": 404,
        str(outside): 404,
        "missing.txt": 404,
        "folder": 400,
        "a\x00b": 404,
    }.items():
        code, _ = await api("blobs", "POST", {"path": path}, headers=json_kind())
        assert (code, path) == (wanted, path)
    assert (await api("blobs/" + "0" * 64))[0] == 404


def json_kind() -> dict[str, str]:
    return {"Content-Type": "application/json"}


async def test_what_is_too_large(api: Any, jp_root_dir: Path) -> None:
    kind = {"Content-Type": "application/octet-stream"}
    most = 8 * 1024 * 1024
    assert (await api("blobs", "POST", b"x" * most, headers=kind))[0] == 201
    code, error = await api("blobs", "POST", b"x" * (most + 1), headers=kind)
    assert (code, error["code"], error["detail"]["limit"]) == (413, "too_large", most)
    (jp_root_dir / "large.bin").write_bytes(b"x" * (most + 1))
    code, error = await api("blobs", "POST", {"path": "large.bin"}, headers=json_kind())
    assert (code, error["code"]) == (413, "too_large")
    name = "x" * (1024 * 1024)
    code, error = await api("providers/default", "PATCH", {"name": name})
    assert (code, error["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("path", "method", "body", "status", "code"),
    [
        ("providers/default", "PATCH", b"{", 400, "bad_request"),
        ("providers/default", "PATCH", b"[" * 50_000, 400, "bad_request"),
        ("providers/default", "PATCH", {"name": 7}, 400, "bad_request"),
        ("providers/default", "PATCH", {"base_url": "ftp://x"}, 400, "bad_url"),
        ("providers/default", "PATCH", {"base_url": "http://169.254.169.254/"}, 400, "bad_url"),
        ("providers/NO!", "DELETE", None, 404, "unknown_provider"),
        ("providers/default/key", "PUT", {"key": "two words"}, 400, "bad_key"),
        ("conversations/nonsense", "GET", None, 404, "unknown_conversation"),
        (f"conversations/{uuid.uuid4()}", "GET", None, 404, "unknown_conversation"),
        (f"conversations/{uuid.uuid4()}", "DELETE", None, 404, "unknown_conversation"),
        ("conversations?limit=many", "GET", None, 400, "bad_request"),
        ("blobs/nonsense", "GET", None, 404, "unknown_blob"),
        ("status", "POST", {}, 405, "bad_request"),
    ],
)
async def test_errors_have_one_shape(
    api: Any, path: str, method: str, body: Any, status: int, code: str
) -> None:
    path, _, query = path.partition("?")
    params = dict([query.split("=")]) if query else {}
    got, error = await api(path, method, body, params=params)
    assert (got, error["code"]) == (status, code)
    assert error["message"]
    assert set(error) <= {"code", "message", "detail"}


async def test_answers_are_not_cached(jp_fetch: Any) -> None:
    answer = await jp_fetch("jupyterlab-gpt/api/conversations")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
