"""Conversations out and in again, over a real server."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import uuid
import zipfile
from typing import Any

import nbformat
import pytest

from jupyterlab_gpt import protocol
from jupyterlab_gpt.store import conversations as store
from tests.store.helpers import turn

from .conftest import submit

IMAGE = b"\x89PNG\r\n\x1a\n" + bytes(64)
SHA = hashlib.sha256(IMAGE).hexdigest()
ANSWER = """Use `read_csv`, it costs $5 & $10, or $x^2$:

```python
import pandas as pd
df = pd.read_csv("a.csv")
```

| a | b |
|---|---|
| 1 | <2 |

````markdown
A fence inside:
```python
print(1)
```
````

![remote](https://evil.test/a.png) <img src="https://evil.test/b.png">

```bash
pip install pandas
```

```python
df.plot(
"""


async def make(extension: Any, api: Any, **changes: Any) -> Any:
    """A conversation with two answers to one question, an image, a cell and a cut answer."""
    db = extension._services.db
    code, _ = await api("blobs", "POST", IMAGE)
    assert code == 201
    parts = [
        {"type": "cell", "cell_id": "c", "path": "a.ipynb", "source": "```\nx\n```"}
        | {"language": "python", "label": "In [7]"},
        {"type": "image", "mime": "image/png", "blob": SHA},
        {"type": "text", "text": "How do I *read*\n\n```\na fence that stays open"},
    ]
    first = turn(db, owner="local", parts=parts, title='Größe: a/b <x> \\ "q"', **changes)
    again = turn(
        db,
        owner="local",
        conversation_id=first.conversation_id,
        message_id=first.message_id,
        parts=None,
    )
    error = {"code": "stream_cut", "message": "The stream *ended*", "retryable": True}
    cost = {"usd": "0.00310", "estimated": False, "at_least": False}

    def write(conn: Any) -> None:
        store.add_turn(conn, first)
        store.finish_answer(
            conn,
            first.answer_id,
            status="incomplete",
            parts=[{"type": "thinking", "text": "hm"}, {"type": "text", "text": ANSWER}],
            error=error,
            usage={"input": 1234, "output": 56, "estimated": False},
            cost=cost,
        )
        store.add_turn(conn, again)
        store.finish_answer(
            conn, again.answer_id, status="complete", parts=[{"type": "text", "text": "Short."}]
        )

    await db.write(write)
    return first


@pytest.fixture
def raw(jp_fetch: Any) -> Any:
    async def fetch(path: str, **params: str) -> Any:
        return await jp_fetch("jupyterlab-gpt/api", *path.split("/"), params=params)

    return fetch


async def test_a_notebook(extension: Any, api: Any, raw: Any) -> None:
    made = await make(extension, api)
    answer = await raw(f"conversations/{made.conversation_id}/export", leaf=made.answer_id)
    assert answer.headers["Content-Type"] == "application/x-ipynb+json"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="Gr__e a b x q.ipynb"; ')
    assert disposition.endswith("filename*=UTF-8''Gr%C3%B6%C3%9Fe%20a%20b%20x%20q.ipynb")
    notebook = nbformat.reads(answer.body.decode(), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "markdown", "markdown", "code", "markdown", "code", "markdown"]
    assert notebook.cells[3].source.startswith("import pandas as pd\ndf = ")
    assert notebook.cells[5].source == "df.plot("  # cut within its fence
    question = notebook.cells[1]
    assert all(line.startswith(">") for line in question.source.split("\n"))
    assert "> ````python" in question.source
    (data,) = question.attachments.values()
    assert base64.b64decode(data["image/png"]) == IMAGE
    assert "![remote]" not in answer.body.decode()
    assert "[remote](https://evil.test/a.png)" in notebook.cells[4].source
    assert "<img" not in notebook.cells[4].source
    assert "pip install pandas" in notebook.cells[4].source
    about = notebook.cells[2].metadata.jupyterlab_gpt
    assert (about.model, about.cost.usd, about.status) == ("fake-gpt", "0.00310", "incomplete")
    assert notebook.metadata.jupyterlab_gpt.leaf == made.answer_id
    # The branch that is shown, where none is asked for.
    shown = await raw(f"conversations/{made.conversation_id}/export", format="ipynb")
    assert [c.source for c in nbformat.reads(shown.body.decode(), 4).cells][2:] == ["Short."]


async def test_markdown(extension: Any, api: Any, raw: Any) -> None:
    made = await make(extension, api)
    path = f"conversations/{made.conversation_id}/export"
    text = (await raw(path, format="md", leaf=made.answer_id)).body.decode()
    assert ANSWER + "```\n" in text  # as it was, its open fence closed
    assert "> a fence that stays open\n> ```\n" in text
    assert "*GPT · fake-gpt · 1,234 tokens input · 56 tokens output · 0.0031 USD." in text
    assert text.startswith('# Größe: a/b \\<x\\> \\\\ "q"\n')
    assert "hm" not in text.split()


async def test_all_of_them(extension: Any, api: Any, raw: Any) -> None:
    for _ in range(3):
        await make(extension, api)
    answer = await raw("conversations/export", format="ipynb")
    assert answer.headers["Content-Type"] == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(answer.body))
    assert packed.testzip() is None
    assert packed.namelist() == [f"Größe a b x q{n}.ipynb" for n in ("", " (2)", " (3)")]
    for name in packed.namelist():
        nbformat.validate(nbformat.reads(packed.read(name).decode(), as_version=4))
    answer = await raw("conversations/export", format="md")
    assert len(zipfile.ZipFile(io.BytesIO(answer.body)).namelist()) == 3
    empty = await raw("conversations/export", format="json")
    data = protocol.ConversationExport.model_validate_json(empty.body)
    assert len(data.conversations) == 3
    assert list(data.blobs) == [SHA]


def tree(conversation: dict[str, Any]) -> Any:
    """A conversation without its ids: what must be the same after an import."""
    names = {m["id"]: str(i) for i, m in enumerate(conversation["messages"])}
    text = json.dumps({**conversation, "id": "", "cost": None})
    for name, number in names.items():
        text = text.replace(name, number)
    data = json.loads(text)
    for message in data["messages"]:
        message["request_id"] = None
    return data


async def test_out_and_in_again(extension: Any, api: Any, raw: Any, connect: Any) -> None:
    made = await make(extension, api, notebook="a.ipynb")
    path = f"conversations/{made.conversation_id}"
    before = (await api(path))[1]
    file = (await raw(f"{path}/export", format="json")).body
    watching = await connect()
    # Beside the one that is there: new ids, the same tree.
    code, imported = await api("conversations", "POST", file)
    assert code == 201
    protocol.Imported.model_validate(imported)
    (new,) = imported["conversations"]
    assert new["was"] == made.conversation_id != new["id"]
    assert (await watching.until("changed"))["conversation_id"] == new["id"]
    after = (await api(f"conversations/{new['id']}"))[1]
    assert tree(after) == tree(before)
    assert after["messages"][1]["cost"]["usd"] == "0.00310"
    assert {m["id"] for m in after["messages"]}.isdisjoint(m["id"] for m in before["messages"])
    # After all was deleted: under the ids that it had, and its image with it.
    assert (await api("conversations", "DELETE", params={"purge": "1"}))[0] == 204
    code, imported = await api("conversations", "POST", file)
    assert imported["conversations"][0]["id"] == made.conversation_id
    back = (await api(path))[1]
    assert {**back, "cost": None} == {**before, "cost": None}
    assert (await api("conversations", params={"q": "pandas"}))[1]["items"][0]["hit"]
    assert (await raw(f"blobs/{SHA}")).body == IMAGE
    # It goes on like any other.
    client = await connect()
    asked = submit(conversation_id=made.conversation_id, parent_id=before["leaf"])
    await client.send(asked)
    assert (await client.end(asked))["type"] == "finished"


def changed(file: bytes, change: Any) -> bytes:
    data = json.loads(file)
    change(data, data["conversations"][0]["messages"])
    return json.dumps(data).encode()


BAD: dict[str, Any] = {
    "not ours": lambda d, m: d.update(format="other"),
    "newer": lambda d, m: d.update(version=2),
    "no conversations": lambda d, m: d.pop("conversations"),
    "no id": lambda d, m: m[0].update(id="x"),
    "one id twice": lambda d, m: m.append(m[0]),
    "one conversation twice": lambda d, m: d["conversations"].append(d["conversations"][0]),
    "a circle": lambda d, m: m[0].update(parent_id=m[1]["id"]),
    "a foreign parent": lambda d, m: m[0].update(parent_id=str(uuid.uuid4())),
    "an answer at the root": lambda d, m: m[1].update(parent_id=None),
    "a foreign leaf": lambda d, m: d["conversations"][0].update(leaf=str(uuid.uuid4())),
    "a long title": lambda d, m: d["conversations"][0].update(title="x" * 1_000_000),
    "a time that is none": lambda d, m: d["conversations"][0].update(updated="9~9"),
    "no such part": lambda d, m: m[0]["parts"].append({"type": "video"}),
    "a lost blob": lambda d, m: d["blobs"].clear(),
    "another blob": lambda d, m: d["blobs"].update({SHA: "AAAA"}),
    "no base64": lambda d, m: d["blobs"].update({SHA: "ä"}),
    "no number": lambda d, m: m[1].update(seconds=float("nan")),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_imports_change_nothing(extension: Any, api: Any, raw: Any, name: str) -> None:
    made = await make(extension, api)
    file = (await raw("conversations/export", format="json")).body
    await api("conversations", "DELETE", params={"purge": "1"})
    # The image is nobody's any more: what a file names without having it is unknown.
    db = extension._services.db
    await db.write(lambda conn: conn.execute("DELETE FROM blobs") and None)
    code, error = await api("conversations", "POST", changed(file, BAD[name]))
    assert code in (400, 404), error
    assert error["code"] in ("bad_request", "bad_parent", "unknown_blob")
    assert (await api("conversations"))[1]["items"] == []
    for table in ("conversations", "messages", "message_blobs"):
        query = f"SELECT count(*) FROM {table}"
        assert await db.read(lambda conn, q=query: conn.execute(q).fetchone()) == (0,)
    code, imported = await api("conversations", "POST", file)
    assert imported["conversations"][0]["id"] == made.conversation_id


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_no_json(api: Any, body: bytes) -> None:
    code, error = await api("conversations", "POST", body)
    assert (code, error["code"]) == (400, "bad_request")


async def test_too_large(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyterlab_gpt.chat.importing.MAX_IMPORT_BYTES", 100)
    code, error = await api("conversations", "POST", b" " * 101)
    assert (code, error["code"], error["detail"]["limit"]) == (413, "too_large", 100)


async def test_unknown_ones(extension: Any, api: Any) -> None:
    made = await make(extension, api)
    path = f"conversations/{made.conversation_id}/export"
    assert (await api(f"conversations/{uuid.uuid4()}/export"))[0] == 404
    assert (await api("conversations/x/export"))[1]["code"] == "unknown_conversation"
    assert (await api(path, params={"leaf": str(uuid.uuid4())}))[1]["code"] == "unknown_message"
    assert (await api(path, params={"format": "pdf"}))[0] == 400
    other = turn(extension._services.db, owner="eve")
    await extension._services.db.write(lambda conn: store.add_turn(conn, other))
    assert (await api(f"conversations/{other.conversation_id}/export"))[0] == 404


class TestSwitchedOff:
    @pytest.fixture
    def traits(self) -> dict[str, Any]:
        return {"disabled_features": ["export"]}

    async def test_no_export(self, api: Any) -> None:
        for path in ("conversations/export", f"conversations/{uuid.uuid4()}/export"):
            code, error = await api(path)
            assert (code, error["code"]) == (403, "feature_disabled")
            assert error["detail"] == {"feature": "export"}
