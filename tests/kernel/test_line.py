"""What a line asks for; tokens and money in words; sentences for codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyterlab_gpt.errors import ERROR_CODES
from jupyterlab_gpt.kernel import words
from jupyterlab_gpt.kernel.sentences import sentence_of
from jupyterlab_gpt.magics import parse

FRAMES = Path(__file__).parent.parent / "frames" / "server"


def test_the_question_is_never_touched() -> None:
    text = "what's  \"this --yes\" -- $x {y} 'z"
    parsed = parse(f"-m a/b {text}")
    assert parsed.question == text
    assert parsed.options.model == "a/b"
    assert not parsed.flags
    every = parse("--provider=p -y -c -n -x --preview -- -1 is what?")
    assert every.question == "-1 is what?"
    assert every.options.provider == "p"
    assert every.flags == {"--yes", "--history", "--new", "--expand", "--preview"}
    assert parse("-5 + 3 is?").question == "-5 + 3 is?"
    assert parse("").question == ""


@pytest.mark.parametrize("line", ["--nope x", "-m", "--model=", "--yes=1 x", "-my x"])
def test_wrong_options(line: str) -> None:
    with pytest.raises(ValueError, match=r"--model|There is no option"):
        parse(line)


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        *(("0", "$0"), ("0.1", "$0.10"), ("12.5", "$12.50"), ("0.00310", "$0.0031")),
        *(("0.003", "$0.003"), ("0.00000012", "$0.00000012"), ("0.05", "$0.05")),
        *(("0.0999", "$0.10"), ("x", "$x")),
    ],
)
def test_dollars(usd: str, text: str) -> None:
    assert words.dollars(usd) == text


def test_costs_in_words() -> None:
    cost = {"usd": "0.0031", "estimated": False, "at_least": False}
    assert words.cost_text(cost) == "$0.0031"
    assert words.cost_text({**cost, "estimated": True}) == "≈ $0.0031"
    assert words.cost_text({**cost, "at_least": True}) == "≥ $0.0031"
    assert words.cost_text({**cost, "usd": "0"}) == "free"
    assert words.cost_text({**cost, "usd": "0", "at_least": True}) == "price unknown"
    assert words.cost_text({**cost, "usd": None}) == "price unknown"
    assert [words.tokens(n) for n in (7, 999, 1000, 1234, 99_950, 123_456, 1_500_000)] == [
        *("7", "999", "1k", "1.2k", "100k", "123k", "1.5M")
    ]
    assert [words.seconds(s) for s in (2.14, 59.4, 65)] == ["2.1 s", "59 s", "1 min 05 s"]


def test_the_golden_frames_can_be_said() -> None:
    for name, say in (("estimated", words.expected), ("previewed", words.expected)):
        for frame in json.loads((FRAMES / f"{name}.json").read_text()):
            assert "tok" in say(frame.get("frame", frame))[0]
    for frame in json.loads((FRAMES / "finished.json").read_text()):
        assert words.facts("m", frame.get("frame", frame))[0] == "m"
    for frame in json.loads((FRAMES / "failed.json").read_text()):
        assert sentence_of(frame.get("frame", frame)).endswith((".", ")", "?", "--yes."))


# Codes of routes that a kernel never asks; there the server's own sentence will do.
ELSEWHERE = {
    *("bad_request", "bad_frame", "bad_key", "bad_url", "bad_amount", "bad_timezone"),
    *("unknown_blob", "unknown_file", "duplicate_id", "preview_changed", "turn_running"),
    *("locked", "not_available", "fetch_failed", "fetch_stopped"),
}


@pytest.mark.parametrize("code", sorted(set(ERROR_CODES) - ELSEWHERE))
def test_each_code_has_a_sentence(code: str) -> None:
    sentence = sentence_of({"code": code, "message": "server's own", "detail": None})
    assert sentence != "server's own"
    assert "{" not in sentence
    assert sentence_of({"code": "of-a-later-version", "message": "Said there."}) == "Said there."
