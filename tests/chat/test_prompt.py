"""What is sent: deterministic, the context fenced so that nothing in it can end its fence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyterlab_gpt.chat.parts import fence, render, title_of
from jupyterlab_gpt.chat.prompt import CONTINUE, SYSTEM_PROMPT, PromptInput, build, trim

SHA = "0" * 64
CELL = {"type": "cell", "cell_id": "1", "path": "a.ipynb", "language": "python", "label": "In [7]"}


def user(*parts: dict[str, Any] | str) -> dict[str, Any]:
    made = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"role": "user", "parts": made}


def gpt(text: str, thinking: str = "") -> dict[str, Any]:
    parts = [{"type": "thinking", "text": thinking}] if thinking else []
    return {
        "role": "assistant",
        "parts": [*parts, *([{"type": "text", "text": text}] if text else [])],
    }


def test_the_system_prompt_is_short_and_ours_to_replace() -> None:
    assert len(SYSTEM_PROMPT) / 4 < 150  # tokens
    branch = [user("Hi")]
    assert build(PromptInput(branch), {})[0] == {"role": "system", "content": SYSTEM_PROMPT}
    given = PromptInput(branch, system="Mine.", put_first="House.")
    assert build(given, {})[0]["content"] == "House.\n\nMine."
    assert build(PromptInput(branch, system=""), {}) == [{"role": "user", "content": "Hi"}]


def test_a_cell_with_its_error() -> None:
    error = {"type": "error", "cell_id": "1", "ename": "KeyError", "evalue": "'x'"}
    colours = "\x1b[0;31mKeyError\x1b[0m: 'x'\x1b]8;;http://x\x07link"
    text = render(
        user("Fix it", {**CELL, "source": "d['x']"}, {**error, "traceback": colours})["parts"],
        {},
    )
    assert text == (
        "Cell In [7] of `a.ipynb`:\n```python\nd['x']\n```\n\n"
        "It failed with KeyError:\n```\nKeyError: 'x'link\n```\n\nFix it"
    )


@pytest.mark.parametrize("inside", ["```\nx\n```", "  ````", "a\n``````python\nb"])
def test_no_source_can_end_its_fence(inside: str) -> None:
    fenced = fence(inside, "markdown")
    ticks = fenced.split("markdown")[0]
    assert fenced.endswith("\n" + ticks)
    assert ticks not in inside
    assert fence("x", "py```\nthon").startswith("```python\n")


def test_blobs_stand_for_their_text_and_images_are_images() -> None:
    parts = user("See", {**CELL, "blob": SHA})["parts"]
    assert "1 + 1" in render(parts, {SHA: b"1 + 1"})
    cells = [
        {"id": "1", "kind": "code", "source": "1"},
        {"id": "2", "kind": "markdown", "source": "# T"},
    ]
    notebook = {"type": "notebook", "path": "n.ipynb", "blob": SHA}
    assert render([notebook], {SHA: json.dumps(cells).encode()}) == render(
        [{"type": "notebook", "path": "n.ipynb", "cells": cells}], {}
    )
    image = {"type": "image", "mime": "image/png", "blob": SHA}
    shown = render(user("What?", image)["parts"], {SHA: b"png"})
    assert shown == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
        {"type": "text", "text": "What?"},
    ]


def test_history_is_the_same_bytes_in_each_turn() -> None:
    first = [user("One", {**CELL, "source": "x"})]
    second = [*first, gpt("Answer", thinking="secret thoughts"), user("Two")]
    one, two = build(PromptInput(first), {}), build(PromptInput(second), {})
    assert json.dumps(two).startswith(json.dumps(one)[:-1])
    assert "secret thoughts" not in json.dumps(two)


def test_a_question_without_an_answer_is_joined_to_the_next() -> None:
    messages = build(PromptInput([user("One"), gpt(""), user("Two")], system=""), {})
    assert messages == [{"role": "user", "content": "One\n\nTwo"}]


def test_continue() -> None:
    messages = build(PromptInput([user("Q")], cut=gpt("half"), system=""), {})
    assert [m["content"] for m in messages] == ["Q", "half", CONTINUE]


def test_trimming_goes_in_big_steps_and_keeps_the_question() -> None:
    history = []
    cuts = []
    for n in range(40):
        history += [user(f"q{n:02}" + "x" * 100), gpt(f"a{n:02}" + "y" * 100)]
        asked = build(PromptInput([*history, user("now")], system="", small_context=True), {})
        assert asked[-1]["content"] == "now"
        assert asked[0]["role"] == "user"
        assert sum(len(m["content"]) for m in asked) <= 2500
        cuts.append(asked[0]["content"][:3])
    assert len(set(cuts)) < 15  # the prefix stays for several turns
    assert trim([{"role": "user", "content": "x" * 9999}], 10)[0]["content"] == "x" * 9999


def test_titles() -> None:
    assert title_of(user("\n  Why\tis  this?\nmore")["parts"], {}) == "Why is this?"
    assert len(title_of(user("x" * 200)["parts"], {})) == 80
    assert title_of([CELL], {}) == "In [7]"
