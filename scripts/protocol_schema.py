"""Print the JSON schema of the wire for `protocol-types.mjs`.

What the server sends carries every field, so in those definitions all are
required; what a client sends may leave out what has a default.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from jupyterlab_gpt import protocol
from jupyterlab_gpt.errors import ERROR_CODES

# What a client sends: in these, and in all that they hold, fields with a default are optional.
CLIENT_ROOTS = (
    "Submit",
    "Estimate",
    "Preview",
    "Cancel",
    "Resume",
    "ConversationPatch",
    "ProviderPatch",
    "KeyPut",
    "CheckRequest",
    "BlobFromPath",
)


def references(node: Any) -> set[str]:
    """Names of the definitions that a piece of schema refers to."""
    return set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(node)))


def reachable(defs: dict[str, Any], roots: tuple[str, ...]) -> set[str]:
    """Names of `roots` and of every definition below them."""
    seen: set[str] = set()
    todo = list(roots)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(references(defs[name]))
    return seen


def strip_titles(node: Any) -> Any:
    """Without the titles of properties, which would become type aliases of their own."""
    if isinstance(node, dict):
        return {
            key: strip_titles(value)
            for key, value in node.items()
            if not (key == "title" and isinstance(value, str)) and key != "default"
        }
    if isinstance(node, list):
        return [strip_titles(item) for item in node]
    return node


def share(node: Any, unions: dict[str, Any]) -> Any:
    """With each union that stands written out replaced by a reference to its name."""
    if isinstance(node, dict):
        plain = {key: value for key, value in node.items() if key != "discriminator"}
        for name, union in unions.items():
            if plain == union:
                return {"$ref": f"#/$defs/{name}"}
        return {key: share(value, unions) for key, value in plain.items()}
    if isinstance(node, list):
        return [share(item, unions) for item in node]
    return node


def schema() -> dict[str, Any]:
    """The schema with `type` always required, and all fields of what the server sends."""
    whole = protocol.Schema.model_json_schema()
    defs = whole.pop("$defs")
    optional = reachable(defs, CLIENT_ROOTS)
    for name, definition in defs.items():
        properties = definition.get("properties", {})
        if name not in optional:
            definition["required"] = list(properties)
        elif "type" in properties and "const" in properties["type"]:
            definition["required"] = ["type", *definition.get("required", [])]
        definition["additionalProperties"] = False
    properties = whole["properties"]
    unions = {
        "ClientFrame": properties["client_frame"],
        "ServerFrame": properties["server_frame"],
        "Part": defs["Snapshot"]["properties"]["parts"]["items"],
        "ErrorCode": {"type": "string", "enum": list(ERROR_CODES)},
    }
    bare = {name: strip_titles(union) for name, union in unions.items()}
    for union in bare.values():
        union.pop("discriminator", None)
    named = {
        name: {**share(strip_titles(definition), bare), "title": f"I{name}"}
        for name, definition in defs.items()
    }
    named.update({name: {**union, "title": name} for name, union in bare.items()})
    defs = named
    return {"$defs": defs, "type": "object", "title": "Wire", "additionalProperties": False}


if __name__ == "__main__":
    json.dump(schema(), sys.stdout)
