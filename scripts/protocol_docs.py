"""Write the tables of `docs/protocol.md` from the code: frames, parts, bodies and routes.

``jlpm protocol`` runs it; ``tests/test_protocol_docs.py`` fails when the page is stale. What
stands outside of the marks is written by hand. A field's meaning is the string below it in
`protocol.py`; names that mean the same wherever they stand are in `COMMON`.
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any, get_args

from protocol_schema import CLIENT_ROOTS, reachable

from jupyterlab_gpt import protocol
from jupyterlab_gpt.errors import ERROR_CODES
from jupyterlab_gpt.handlers import routes

PAGE = Path(__file__).parent.parent / "docs" / "protocol.md"

COMMON = {
    "type": "Which one it is.",
    "request_id": "The turn, or the question about one; made by the client.",
    "conversation_id": "The conversation.",
    "message_id": "The question.",
    "answer_id": "The answer.",
    "parent_id": "The message above; null for a conversation's first.",
    "continue_of": "The answer that was cut, for Continue.",
    "seq": "Number of the frame within its turn, from 1 without gaps.",
    "provider": "The provider's id; absent in a prompt: the default one.",
    "model": "The model's id; absent in a prompt: the default one.",
    "notebook": "Path of the notebook that it is about.",
    "parts": "Its content, in order.",
    "digest": "Of the literal prompt, from `previewed`.",
    "blob": "Hash of the content where it went up before, in place of the text.",
    "path": "Within the server's folder.",
    "cell_id": "The cell's id in its notebook.",
    "text": "The text.",
    "title": "The conversation's title.",
    "label": "What the user sees as its name.",
    "pinned": "Whether it stands at the top of the list.",
    "created": "Time, UTC.",
    "updated": "Time, UTC.",
    "status": "How far the answer is.",
    "finish_reason": "Why the model ended.",
    "usage": "Tokens, where they are known.",
    "cost": "What it cost, or will.",
    "seconds": "From sending to the end.",
    "budget": "The month's budget, after this.",
    "input_tokens": "Of the whole prompt.",
    "cached_tokens": "Of these, expected to be read from the provider's cache.",
    "cost_min": "The prompt alone; null where no price is known.",
    "cost_max": "With an answer up to its limit; null where no price is known.",
    "method": "How the tokens were counted.",
    "code": "What went wrong, of the closed list.",
    "message": "English, for logs and other clients.",
    "detail": "What a sentence about it needs: host, setting, limit …",
    "retryable": "Whether the same may succeed later without a change.",
    "retry_after": "Seconds that the other side asked to wait.",
    "error": "What went wrong.",
    "models": "Models, or sums by model.",
}

# What a route answers with; what is not named answers 204 without a body.
ANSWERS = {
    "GET stream": "the socket",
    "GET status": "`StatusInfo`",
    "GET providers": "list of `ProviderInfo`",
    "POST providers": "201, `ProviderInfo`",
    "PATCH providers/{id}": "`ProviderInfo`",
    "PUT providers/{id}/key": "`KeyInfo`",
    "DELETE providers/{id}/key": "`KeyInfo`",
    "POST providers/{id}/check": "`CheckResult`",
    "GET models": "`ModelList`",
    "GET local-model": "`LocalModelState`",
    "POST local-model": "202, `LocalModelState`",
    "DELETE local-model": "`LocalModelState`",
    "POST discover": "`LocalServers`",
    "GET budget": "`Budget`",
    "PUT budget": "`Budget`",
    "GET prices": "`PriceOverrides`",
    "PUT prices": "`PriceOverrides`",
    "GET usage": "`UsageReport`",
    "GET usage.csv": "a file",
    "GET conversations": "`ConversationList`",
    "POST conversations": "201, `Imported`",
    "GET conversations/export": "a file",
    "GET conversations/{id}": "`Conversation`",
    "PATCH conversations/{id}": "`Conversation`",
    "GET conversations/{id}/export": "a file",
    "POST blobs": "201, `BlobInfo`",
    "GET blobs/{sha256}": "bytes",
}

# Names of the patterns in `protocol.py`.
PATTERNS = {
    get_args(alias)[1].pattern: name
    for alias, name in (
        (protocol.Uuid, "UUID"),
        (protocol.Sha256, "SHA-256"),
        (protocol.Usd, "USD"),
        (protocol.ProviderId, "provider id"),
    )
}
LIMITS = {
    "maxLength": "at most {:,} characters",
    "minLength": "at least {:,} characters",
    "maxItems": "at most {:,}",
    "minimum": "from {:,}",
    "maximum": "to {:,}",
}


def field_docs() -> dict[str, dict[str, str]]:
    """Read the string below each field of each class in `protocol.py`."""
    tree = ast.parse(inspect.getsource(protocol))
    found: dict[str, dict[str, str]] = {}
    for cls in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        docs = found.setdefault(cls.name, {})
        for field, below in zip(cls.body, cls.body[1:], strict=False):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                docs[field.target.id] = inspect.cleandoc(str(below.value.value))
    return found


def type_of(node: dict[str, Any]) -> str:
    """Name a type as it stands in a table."""
    if "$ref" in node:
        return f"`{node['$ref'].rsplit('/', 1)[1]}`"
    if "discriminator" in node:
        return "part"
    if "anyOf" in node:
        return " or ".join(type_of(one) for one in node["anyOf"])
    if "const" in node:
        return f'`"{node["const"]}"`'
    if "enum" in node:
        # The list of codes is a page of its own.
        names = node["enum"]
        return "`ErrorCode`" if len(names) > 20 else ", ".join(f"`{name}`" for name in names)
    if node.get("type") == "array":
        if "prefixItems" in node:
            return f"[{', '.join(type_of(one) for one in node['prefixItems'])}]"
        return f"list of {type_of(node['items'])}"
    if node.get("type") == "object":
        values = node.get("additionalProperties")
        return f"object of {type_of(values)}" if isinstance(values, dict) else "object"
    return str(PATTERNS.get(node.get("pattern", ""), node.get("type", "any")))


def limits_of(node: dict[str, Any]) -> str:
    """Put a field's bounds and default in words."""
    inner = [node, *(one for one in node.get("anyOf", []))]
    said = [text.format(one[name]) for one in inner for name, text in LIMITS.items() if name in one]
    # Nothing is said of a count's lower bound, nor of what is nothing unless it is given.
    said = [one for one in said if one != "from 0" or "maximum" in str(node)]
    if node.get("default") not in (None, "", [], {}, False) and "const" not in node:
        said.append(f"default `{node['default']}`")
    return ", ".join(said)


def paragraph(doc: str) -> str:
    """Make one line of a docstring, with its spans of code in Markdown's single quotes."""
    return re.sub(r"\s+", " ", doc.replace("``", "`")).strip()


def mro_doc(kind: type[Any], field: str, docs: dict[str, dict[str, str]]) -> str:
    """Find what is said of a field in its class or in one that it comes from, else anywhere."""
    for base in kind.__mro__:
        if said := docs.get(base.__name__, {}).get(field):
            return paragraph(said)
    # A class that tells of its field by name needs no second sentence at the field.
    own = " ".join(
        base.__doc__ or "" for base in kind.__mro__ if base.__module__ == kind.__module__
    )
    return COMMON.get(field, "See above." if f"`{field}`" in own else "")


def table(name: str, defs: dict[str, Any], client: set[str]) -> str:
    """Describe one frame, part or body: heading, what it is, its fields."""
    kind = getattr(protocol, name)
    docs = field_docs()
    required = defs[name].get("required", [])
    lines = [
        f"#### {name}",
        "",
        paragraph(inspect.getdoc(kind) or ""),
        "",
        "| field | type | required | meaning | limits |",
        "| --- | --- | --- | --- | --- |",
    ]
    for field, node in defs[name].get("properties", {}).items():
        # The server sends every field; a client may leave out what has a default.
        needed = name not in client or field in required or field == "type"
        lines.append(
            f"| `{field}` | {type_of(node)} | {'yes' if needed else 'no'} |"
            f" {mro_doc(kind, field, docs)} | {limits_of(node)} |"
        )
    return "\n".join(lines)


def members(union: Any) -> list[str]:
    """List the names of a union's classes."""
    return [one.__name__ for one in get_args(get_args(union)[0])]


def path_of(handler: type[Any]) -> str:
    """Read a route's path, which begins its handler's docstring."""
    found = re.match(r"`([^`]+)`", inspect.getdoc(handler) or "")
    assert found, f"{handler.__name__} does not say its path"
    return found[1]


def route_table() -> str:
    """List every method of every route."""
    lines = [
        "| route | asks for | sends | answers | what it does |",
        "| --- | --- | --- | --- | --- |",
    ]
    for pattern, handler, _ in routes():
        path = path_of(handler)
        filled = re.sub(r"\{\w+\}", "x", path)
        api = "" if path == "stream" else "api/"
        assert re.fullmatch(pattern, f"/jupyterlab-gpt/{api}{filled}"), f"{path} is not {pattern}"
        for method in ("get", "post", "put", "patch", "delete"):
            if method not in vars(handler):
                continue
            call = vars(handler)[method]
            source = inspect.getsource(inspect.unwrap(call))
            body = re.search(r'self\.parse\("(\w+)"\)', source)
            verb = f"{method.upper()} {path}"
            access = "execute" if path == "stream" else "read" if method == "get" else "write"
            lines.append(
                f"| `{verb}` | {access} | {f'`{body[1]}`' if body else ''} |"
                f" {ANSWERS.get(verb, '204')} | {paragraph(inspect.getdoc(call) or '')} |"
            )
    return "\n".join(lines)


def sections() -> dict[str, str]:
    """Make all generated sections by name."""
    defs: dict[str, Any] = protocol.Schema.model_json_schema()["$defs"]
    client = reachable(defs, CLIENT_ROOTS)
    groups = {
        "client": members(protocol.ClientFrame),
        "server": members(protocol.ServerFrame),
        "parts": members(protocol.Part),
    }
    framed = [name for names in groups.values() for name in names]
    below = reachable(defs, tuple(framed)) - set(framed)
    groups["values"] = [name for name in defs if name in below]
    groups["bodies"] = [name for name in defs if name not in framed and name not in below]
    made = {
        group: "\n\n".join(table(name, defs, client) for name in names)
        for group, names in groups.items()
    }
    codes = ", ".join(f"`{code}`" for code in ERROR_CODES)
    return {**made, "routes": route_table(), "codes": codes}


def fill(page: str) -> str:
    """Put the generated sections between their marks."""
    for name, text in sections().items():
        begin = f"<!-- generated: {name} -->\n<!-- prettier-ignore-start -->\n"
        end = f"<!-- prettier-ignore-end -->\n<!-- end: {name} -->"
        start, stop = page.index(begin), page.index(end)
        page = f"{page[:start]}{begin}\n{text}\n\n{page[stop:]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(fill(PAGE.read_text("utf-8")), "utf-8")
