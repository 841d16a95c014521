"""`docs/protocol.md` says what the code says."""

from __future__ import annotations

from typing import Any

import protocol_docs
import pytest

from jupyterlab_gpt import protocol


def test_the_page_is_generated_from_the_code() -> None:
    page = protocol_docs.PAGE.read_text("utf-8")
    assert protocol_docs.fill(page) == page, "run `jlpm protocol`"


def test_a_changed_page_is_found() -> None:
    page = protocol_docs.PAGE.read_text("utf-8")
    changed = page.replace("| `after_seq` |", "| `before_seq` |")
    assert changed != page
    assert protocol_docs.fill(changed) == page


def test_every_field_has_a_meaning() -> None:
    docs = protocol_docs.field_docs()
    defs: dict[str, Any] = protocol.Schema.model_json_schema()["$defs"]
    silent = [
        f"{name}.{field}"
        for name, definition in defs.items()
        for field in definition.get("properties", {})
        if not protocol_docs.mro_doc(getattr(protocol, name), field, docs)
    ]
    assert not silent, "say it in a string below the field, in jupyterlab_gpt/protocol.py"


@pytest.mark.parametrize("verb", protocol_docs.ANSWERS)
def test_every_answer_is_of_a_route(verb: str) -> None:
    assert f"| `{verb}` |" in protocol_docs.route_table()
