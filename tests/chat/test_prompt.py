"""What is sent: deterministic, the context fenced so that nothing in it can end its fence."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest

from jupyterlab_gpt.chat.items import Prompt
from jupyterlab_gpt.chat.markdown import fence, quoted
from jupyterlab_gpt.chat.parts import title_of
from jupyterlab_gpt.chat.prompt import (
    CONTINUE,
    SYSTEM_PROMPT,
    PromptInput,
    blobs_of,
    build,
    with_ids,
)
from jupyterlab_gpt.ledger.tokens import Counter

SHA = "0" * 64
CELL = {"type": "cell", "cell_id": "1", "path": "a.ipynb", "language": "python", "label": "In [7]"}
IDS = count()


def user(*parts: dict[str, Any] | str) -> dict[str, Any]:
    made = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"id": f"q{next(IDS)}", "role": "user", "parts": made}


def gpt(text: str, thinking: str = "") -> dict[str, Any]:
    parts = [{"type": "thinking", "text": thinking}] if thinking else []
    return {
        "id": f"a{next(IDS)}",
        "role": "assistant",
        "parts": [*parts, *([{"type": "text", "text": text}] if text else [])],
    }


def sent(given: PromptInput | list[dict[str, Any]], blobs: dict[str, bytes] | None = None) -> Any:
    """The messages that leave; the items that are shown are the same."""
    if isinstance(given, list):
        given = PromptInput(given, system="")
    prompt = build(given, blobs or {})
    messages = prompt.messages(blobs or {})
    check_items(prompt, messages)
    return messages


def check_items(prompt: Prompt, messages: list[dict[str, Any]]) -> None:
    assert [i.message for i in prompt.items] == sorted(i.message for i in prompt.items)
    assert len({i.id for i in prompt.items}) == len(prompt.items)
    for index, message in enumerate(messages):
        own = [i for i in prompt.items if i.message == index]
        assert {i.role for i in own} == {message["role"]}
        content = message["content"]
        if isinstance(content, list):
            content = "".join(c["text"] for c in content if c["type"] == "text")
        assert "".join(i.text or "" for i in own) == content


def render(*parts: dict[str, Any] | str, blobs: dict[str, bytes] | None = None) -> Any:
    return sent([user(*parts)], blobs)[0]["content"]


def test_the_system_prompt_is_short_and_ours_to_replace() -> None:
    counter = Counter()
    assert counter.is_exact
    assert counter.count(SYSTEM_PROMPT) <= 150
    branch = [user("Hi")]
    assert sent(PromptInput(branch))[0] == {"role": "system", "content": SYSTEM_PROMPT}
    given = PromptInput(branch, system="Mine.", put_first="House.")
    assert sent(given)[0]["content"] == "House.\n\nMine."
    assert sent(PromptInput(branch, system="")) == [{"role": "user", "content": "Hi"}]
    # Policy stays, whatever a client excludes.
    given = PromptInput(branch, put_first="House.", exclude=frozenset(("system", "administrator")))
    assert sent(given)[0]["content"] == "House."


def test_a_cell_with_its_error() -> None:
    error = {"type": "error", "cell_id": "1", "ename": "KeyError", "evalue": "'x'"}
    colours = "\x1b[0;31mKeyError\x1b[0m: 'x'\x1b]8;;http://x\x07link"
    assert render("Fix it", {**CELL, "source": "d['x']"}, {**error, "traceback": colours}) == (
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
    assert quoted("a b.ipynb") == "`a b.ipynb`"
    assert quoted("a`\n#1.ipynb") == '"a`\\n#1.ipynb"'


def test_blobs_stand_for_their_text_and_images_are_images() -> None:
    assert "1 + 1" in render("See", {**CELL, "blob": SHA}, blobs={SHA: b"1 + 1"})
    cells = [
        {"id": "1", "kind": "code", "source": "1"},
        {"id": "2", "kind": "markdown", "source": "# T"},
    ]
    notebook = {"type": "notebook", "path": "n.ipynb"}
    assert render({**notebook, "blob": SHA}, blobs={SHA: json.dumps(cells).encode()}) == render(
        {**notebook, "cells": cells}
    )
    image = {"type": "image", "mime": "image/png", "blob": SHA}
    shown = [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
        {"type": "text", "text": "What?"},
    ]
    assert render("What?", image, blobs={SHA: b"png"}) == shown
    unanswered = sent([user("So"), gpt(""), user("What?", image)], {SHA: b"png"})
    assert unanswered[0]["content"] == [{"type": "text", "text": "So"}, *shown]


# ---------------------------------------------------------------- history


def test_over_twenty_turns_the_prefix_stays_byte_for_byte() -> None:
    cells = [{"id": f"c{i}", "kind": "code", "source": f"x = {i}"} for i in range(20)]
    branch: list[dict[str, Any]] = []
    before = ""
    for turn in range(20):
        cells = [*cells, {"id": f"new{turn}", "kind": "code", "source": f"y = {turn}"}]
        del cells[turn // 2]
        cells[-3] = {**cells[-3], "source": f"z = {turn}"}
        notebook = {"type": "notebook", "path": "n.ipynb", "cells": cells}
        branch.append(user(f"Question {turn}", notebook, {**CELL, "source": f"y = {turn}"}))
        now = json.dumps(sent(PromptInput(branch)))
        assert now.startswith(before)
        answer = gpt(f"Answer {turn}", thinking="secret thoughts")
        branch.append(answer)
        said = json.dumps({"role": "assistant", "content": f"Answer {turn}"})
        before = f"{now[:-1]}, {said}"
    assert "secret thoughts" not in before


def test_a_question_without_an_answer_is_joined_to_the_next() -> None:
    messages = sent([user("One"), gpt(""), user("Two")])
    assert messages == [{"role": "user", "content": "One\n\nTwo"}]


def test_continue() -> None:
    given = PromptInput([user("Q")], cut=gpt("half"), system="")
    assert [m["content"] for m in sent(given)] == ["Q", "half", CONTINUE]
    assert build(given, {}).asks
    assert [i.id for i in build(given, {}).items][2:] == ["continue"]


def test_trimming_goes_in_big_steps_and_keeps_the_question() -> None:
    history = []
    cuts = []
    for n in range(40):
        history += [user(f"q{n:02}" + "x" * 100), gpt(f"a{n:02}" + "y" * 100)]
        given = PromptInput([*history, user("now")], system="", small_context=True)
        asked = sent(given)
        assert asked[-1]["content"] == "now"
        assert asked[0]["role"] == "user"
        assert sum(len(m["content"]) for m in asked) <= 2500
        gone = [left for left in build(given, {}).left_out if left.why == "history"]
        assert len(gone) == len(history) + 1 - len(asked)
        cuts.append(asked[0]["content"][:3])
    assert len(set(cuts)) < 15  # the prefix stays for several turns
    assert sent(PromptInput([user("x" * 9999)], small_context=True))[1]["content"] == "x" * 9999


def test_history_is_limited_in_tokens() -> None:
    history = []
    for n in range(10):
        history += [user(f"q{n}", {**CELL, "source": "x = 1\n" * 50}), gpt("y " * 50)]
    given = PromptInput([*history, user("now")], history_tokens=1000, count=Counter().count)
    prompt = build(given, {})
    kept = [i for i in prompt.items if i.kind in ("text", "answer")]
    assert sum(given.count(i.text or "") for i in prompt.items[1:-1]) <= 1000
    assert 3 <= len(kept) < 15
    labels = [left.label for left in prompt.left_out]
    assert labels[:4] == ["q0", "GPT", "q1", "GPT"]
    # Even a single exchange that is too long is left out; the question never is.
    tiny = build(PromptInput(given.branch, history_tokens=10), {})
    assert [i.text for i in tiny.items][1:] == ["now"]


def test_a_notebook_whose_snapshot_was_cut_is_sent_whole_again() -> None:
    cells = [{"id": f"c{i}", "kind": "code", "source": f"x{i} = 1"} for i in range(10)]
    notebook = {"type": "notebook", "path": "d/n.ipynb", "cells": cells}
    first, second, third = (user("Look", notebook) for _ in range(3))
    branch = [first, gpt("A " * 300), second, gpt("B"), third]
    labels = [i.label for i in build(PromptInput(branch), {}).items if i.kind == "notebook"]
    assert labels == ["notebook n.ipynb", *["changes of n.ipynb"] * 2]
    for given in (
        PromptInput(branch, history_tokens=300, count=len),
        PromptInput(branch, exclude=frozenset((f"{first['id']}/1",))),
        PromptInput(branch, one_shot=True),
    ):
        prompt = build(given, {})
        labels = [i.label for i in prompt.items if i.kind == "notebook"]
        assert labels[0] == "notebook n.ipynb"
        assert "notebook n.ipynb" not in labels[1:]
        assert prompt.left_out


# ---------------------------------------------------------------- items


def test_items_are_named_for_those_who_read_them() -> None:
    parts: list[dict[str, Any] | str] = [
        "Why?",
        {**CELL, "source": "x"},
        {"type": "output", "cell_id": "1", "text": "1"},
        {"type": "error", "cell_id": "2", "ename": "E", "evalue": "e"},
        {"type": "file", "path": "d/data.csv", "text": "a,b"},
        {"type": "variable", "name": "df", "summary": "2 × 2"},
        {"type": "image", "mime": "image/png", "blob": SHA},
    ]
    question = {**user(*parts), "id": "new"}
    history = [user("Hm"), gpt("So", thinking="…")]
    prompt = build(PromptInput([*history, question]), {SHA: b"png"})
    assert [(i.id, i.message, i.kind, i.label) for i in prompt.items] == [
        ("system", 0, "system", "System prompt"),
        (f"{history[0]['id']}/0", 1, "text", "You"),
        (f"{history[1]['id']}/text", 2, "answer", "GPT"),
        ("new/6", 3, "image", "image"),
        ("new/1", 3, "cell", "In [7]"),
        ("new/2", 3, "output", "output of In [7]"),
        ("new/3", 3, "error", "error"),
        ("new/4", 3, "file", "data.csv"),
        ("new/5", 3, "variable", "variable df"),
        ("new/0", 3, "text", "You"),
    ]
    assert [(left.id, left.why) for left in prompt.left_out] == [
        (f"{history[1]['id']}/thinking", "thinking")
    ]
    once = build(PromptInput([*history, question], one_shot=True), {SHA: b"png"})
    assert [(left.label, left.why) for left in once.left_out] == [
        ("Hm", "one_shot"),
        ("GPT", "one_shot"),
    ]


def test_excluded_items_are_left_out_of_history_too() -> None:
    first, answer, second = user("One", {**CELL, "source": "secret"}), gpt("A"), user("Two")
    branch = [first, answer, second]

    def without(*names: str) -> tuple[list[str], Prompt]:
        prompt = build(PromptInput(branch, system="", exclude=frozenset(names)), {})
        check_items(prompt, prompt.messages({}))
        return [m["content"] for m in prompt.messages({})], prompt

    contents, prompt = without(f"{first['id']}/1")
    assert contents == ["One", "A", "Two"]
    assert [(e.id, e.label, e.why) for e in prompt.left_out] == [
        (f"{first['id']}/1", "In [7]", "excluded")
    ]
    # A question that is gone takes its answer along; without an answer, two are joined.
    contents, prompt = without(f"{first['id']}/0", f"{first['id']}/1")
    assert contents == ["Two"]
    assert [e.id for e in prompt.left_out][-1] == f"{answer['id']}/text"
    contents, prompt = without(f"{answer['id']}/text")
    assert len(contents) == 1
    assert contents[0].endswith("One\n\nTwo")
    # Nothing is left to ask.
    contents, prompt = without("new/0")
    assert len(contents) == 2
    assert not prompt.asks


def test_a_question_is_the_same_before_and_after_it_is_stored() -> None:
    history = [user("One"), gpt("A")]
    question = user("Two", {**CELL, "source": "x"}, {**CELL, "source": "y"})
    digests = {
        build(PromptInput([*history, asked], exclude=frozenset(names)), {}).digest("m", {"a": 1})
        for asked, names in (
            ({**question, "id": "new"}, ["new/1"]),
            (question, ["new/1"]),
            (question, [f"{question['id']}/1"]),
        )
    }
    assert len(digests) == 1
    assert with_ids(["new/1", "system"], "q") == {"q/1", "system"}


def test_the_digest_tells_what_is_sent_apart() -> None:
    image = {"type": "image", "mime": "image/png", "blob": SHA}
    prompt = build(PromptInput([user("What?", image)]), {SHA: b"png"})
    again = build(PromptInput([user("What?", image)]), {SHA: b"png"})
    assert prompt.digest("m", {"b": 1, "a": 0.5}) == again.digest("m", {"a": 0.5, "b": 1})
    other = build(PromptInput([user("What?", {**image, "blob": "1" * 64})]), {})
    digests = [
        prompt.digest("m", {}),
        prompt.digest("n", {}),
        prompt.digest("m", {"a": 1}),
        other.digest("m", {}),
    ]
    assert len(set(digests)) == 4
    assert all(d.startswith("sha256:") and len(d) == 71 for d in digests)


# ---------------------------------------------------------------- outputs


def output(text: str) -> str:
    shown = render({"type": "output", "cell_id": "1", "text": text})
    assert shown.startswith("Its output:\n```\n")
    return str(shown).removeprefix("Its output:\n```\n").removesuffix("```")


def test_outputs_are_sent_without_base64_and_without_their_middle() -> None:
    base64 = "iVBORw0KGgoAAAANSUhEUg" * 500
    assert output(f'<img src="data:image/png;base64,{base64}">') == (
        '<img src="[image left out]">\n'
    )
    assert output(f"a\n{base64}==\nb") == "a\n[base64 left out]\nb\n"
    dna = "ACGT" * 200
    assert output(dna) == f"{dna}\n"
    table = [f"row {n}" for n in range(12_080)]
    cut = output("\n".join(table)).splitlines()
    assert cut == [*table[:40], "… 12,000 lines left out …", *table[-40:]]
    # What the panel has cut already stays as it is.
    assert output("\n".join(cut)).splitlines() == cut
    assert output("é" * 5000) == "é" * 4000 + "… [1,000 more characters]\n"


def test_tracebacks_keep_more_of_both_ends() -> None:
    lines = [f"frame {n}" for n in range(3000)]
    error = {"type": "error", "cell_id": "1", "ename": "E", "evalue": "", "blob": SHA}
    shown = render(error, blobs={SHA: "\n".join(lines).encode()}).splitlines()
    assert shown[2:-1] == [*lines[:60], "… 2,880 lines left out …", *lines[-60:]]


def test_titles() -> None:
    assert title_of(user("\n  Why\tis  this?\nmore")["parts"], {}) == "Why is this?"
    assert len(title_of(user("x" * 200)["parts"], {})) == 80
    assert title_of([CELL], {}) == "In [7]"
    assert blobs_of([user({**CELL, "blob": SHA}), gpt("x")]) == {SHA}
