"""`%gpt` and `%%gpt` in a real kernel of a real server; the provider is on loopback."""

from __future__ import annotations

import json

import pytest

from tests.fakes.behaviours import long_pieces
from tests.fakes.provider import FakeProvider
from tests.kernel.support import TOKEN, Kernel, Server, until


def question(fake: FakeProvider, at: int = -1) -> list[str]:
    """What the provider was sent, the system prompt apart."""
    messages = fake.asked()[at]["body"]["messages"]
    assert messages[0]["role"] == "system"
    return [message["content"] for message in messages[1:]]


def test_a_cell_streams_and_is_in_the_ledger(
    kernel: Kernel, server: Server, fake: FakeProvider
) -> None:
    (server.work / "notes.ipynb").write_text("{}")
    before = server.usage()["totals"]["calls"]
    shown = kernel.run("%%gpt -m fake-rate-40-80 Explain this:\nx = '{y}'\n\nprint($x)\n")
    assert shown.status == "ok"
    assert question(fake) == ["Explain this:\n\nx = '{y}'\n\nprint($x)"]
    head, answer, foot = shown.texts
    assert "tok" in head
    assert head.endswith("fake-rate-40-80")
    assert answer == "".join(long_pieces(80))
    assert foot.startswith("fake-rate-40-80 · ")
    assert " in · 80 out · " in foot
    assert shown.updates > 5, "it streamed"
    assert "<h2>Part</h2>" in shown.pages[1]
    # The row names conversation and notebook.
    usage = server.usage()
    assert usage["totals"]["calls"] == before + 1
    assert usage["totals"]["output"] >= 80
    assert [row["notebook"] for row in usage["notebooks"]] == ["notes.ipynb"]
    # It returns nothing, and leaves nothing behind.
    after = kernel.run("(_, Out, [n for n in globals() if 'gpt' in n.lower()])")
    assert after.result == "('', {}, [])"


def test_a_line_is_one_question_without_history(
    kernel: Kernel, server: Server, fake: FakeProvider
) -> None:
    kernel.run("price = 5")
    first = kernel.run("%gpt --new -m fake-echo what's $price, {price} or --that, \"really?")
    assert question(fake) == ["what's $price, {price} or --that, \"really?"]
    assert first.texts[1] == "what's $price, {price} or --that, \"really?"
    kernel.run("%gpt -m fake-echo -x what is {price + 1} or $price?")
    assert question(fake) == ["what is 6 or 5?"]
    kernel.run("%gpt --model=fake-echo --history -- -and more?")
    assert len(question(fake)) == 5
    assert question(fake)[-1] == "-and more?"
    # All three stand in one conversation, which the panel lists.
    newest = server.conversations()[0]
    tree = server.api(f"jupyterlab-gpt/api/conversations/{newest['id']}")
    assert len(tree["messages"]) == 6
    kernel.run("%gpt --new --history -m fake-echo Begin again")
    assert question(fake) == ["Begin again"]


def test_a_deleted_conversation_begins_anew(
    kernel: Kernel, server: Server, fake: FakeProvider
) -> None:
    kernel.run("%gpt --new -m fake-echo One")
    server.api(f"jupyterlab-gpt/api/conversations/{server.conversations()[0]['id']}", "DELETE")
    shown = kernel.run("%gpt -m fake-echo Two")
    assert shown.status == "ok"
    assert shown.texts[-2] == "Two"


def test_an_interrupt_stops_the_provider_and_keeps_what_came(
    kernel: Kernel, fake: FakeProvider
) -> None:
    asked = []

    def interrupt(shown: object) -> None:
        asked.append(shown)
        if len(asked) == 6:
            kernel.interrupt()

    shown = kernel.wait(kernel.start("%gpt -m fake-slow Go on and on"), interrupt)
    assert shown.status == "error", "Run All stops here"
    assert shown.error is not None
    assert shown.error["ename"] == "Stopped"
    assert shown.error["traceback"] == ["Stopped. What had arrived is kept."]
    _, answer, foot = shown.texts
    assert answer.startswith("w0001 w0002")
    assert foot.endswith("stopped")
    entry = until(lambda: fake.asked()[-1]["closed_by"] and fake.asked()[-1])
    assert entry["closed_by"] == "client"
    assert entry["sent_pieces"] < 600
    assert kernel.run("1 + 1").result == "2"


def test_a_dropped_socket_is_resumed(kernel: Kernel, fake: FakeProvider) -> None:
    kernel.run(
        "import threading\nfrom jupyterlab_gpt.magics import kernel_link\n"
        "for wait in (1.0, 2.0, 3.0):\n    threading.Timer(wait, kernel_link().drop).start()"
    )
    shown = kernel.run("%gpt -m fake-rate-40-200 Count")
    assert shown.status == "ok"
    assert shown.texts[1] == "".join(long_pieces(200)), "nothing twice, nothing lost"
    assert "connecting again" in shown.everything
    assert len(fake.asked()) == 1


def test_a_long_answer_is_sent_in_pieces(kernel: Kernel) -> None:
    shown = kernel.run("%gpt -m fake-rate-1500-6000 Much")
    whole = "".join(long_pieces(6000))
    assert shown.status == "ok"
    _, *segments, _ = shown.texts
    assert len(segments) > 5
    assert "".join("".join(segments).split()) == "".join(whole.split())
    # No update repeats what has settled: constant work per token.
    assert max(len(text) for text in segments) < 10_000


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("%gpt -m nothing-of-this-name Hello", "does not have the model nothing-of-this-name"),
        ("%gpt -p nobody Hello", "There is no provider of this name."),
        ("%gpt -x what is {nothing}?", "nothing was sent"),
        ("%gpt -m fake-cut Hello", "broke before the answer was whole"),
        ("%gpt " + "x" * 1_100_000, "longer than 1 MB"),
    ],
)
def test_errors_are_one_sentence(kernel: Kernel, code: str, sentence: str) -> None:
    shown = kernel.run(code)
    assert shown.status == "error"
    assert shown.error is not None
    (line,) = shown.error["traceback"]
    assert sentence in line
    assert "Traceback" not in shown.everything
    assert sentence in kernel.run("%tb").everything


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("%gpt", "There is no question."),
        ("%gpt --modle x Hello", "There is no option --modle."),
        ("%gpt --model", "--model needs a name after it."),
    ],
)
def test_wrong_usage_says_so(kernel: Kernel, fake: FakeProvider, code: str, sentence: str) -> None:
    shown = kernel.run(code)
    assert shown.streams.startswith(f"UsageError: {sentence}")
    assert fake.asked() == []


def test_budget_and_unknown_price(kernel: Kernel, server: Server, fake: FakeProvider) -> None:
    price = {"pattern": "fake-gpt", "input": "1", "output": "1"}
    server.api("jupyterlab-gpt/api/prices", "PUT", {"overrides": [price]})
    server.api("jupyterlab-gpt/api/budget", "PUT", {"monthly_usd": "0.000001"})
    over = kernel.run("%gpt Hello")
    assert over.error is not None
    assert "of your $0.000001 budget for the month is spent" in over.error["evalue"]
    server.api("jupyterlab-gpt/api/budget", "PUT", {"monthly_usd": "20"})
    unpriced = kernel.run("%gpt -m fake-echo Hello")
    assert unpriced.error is not None
    assert "add --yes" in unpriced.error["evalue"]
    assert fake.asked() == []
    accepted = kernel.run("%gpt --yes -m fake-echo Hello")
    assert accepted.texts[-1].count("price unknown") == 1
    priced = kernel.run("%gpt Hello")
    assert " – $" in priced.texts[0]
    # Exact in the tooltip: 71 in and out tokens at a dollar a million.
    assert 'title="$0.000' in priced.pages[-1]
    server.api("jupyterlab-gpt/api/budget", "PUT", {"monthly_usd": None})


def test_preview_sends_nothing(kernel: Kernel, fake: FakeProvider) -> None:
    shown = kernel.run("%gpt --preview What exactly?")
    assert "[system]\nYou are GPT" in shown.streams
    assert shown.streams.rstrip().endswith("[user]\nWhat exactly?")
    assert shown.texts[-1].endswith("nothing was sent")
    assert fake.asked() == []
    kernel.run("%gpt What exactly?")
    assert question(fake) == ["What exactly?"]


def test_the_token_is_nowhere(kernel: Kernel, server: Server) -> None:
    looks = kernel.run(
        "from jupyterlab_gpt.magics import kernel_link\nlink = kernel_link()\n"
        "print(link, link.server(), vars(link))\nget_ipython().run_line_magic('whos', '')"
    )
    assert "Server(url=" in looks.streams
    answers = [kernel.run(code) for code in ("%gpt Hello", "%gpt -m no-such Hello", "%tb")]
    assert TOKEN not in looks.everything + "".join(shown.everything for shown in answers)
    history = kernel.run("%history")
    assert TOKEN not in json.dumps(history.everything)
    url = kernel.run("print(kernel_link().server().url)").streams
    assert "token" not in url


def test_help(kernel: Kernel) -> None:
    assert "--history" in kernel.run("print(get_ipython().find_line_magic('gpt').__doc__)").streams


def test_a_question_may_end_with_a_question_mark(kernel: Kernel, fake: FakeProvider) -> None:
    text = "if True:\n    %gpt -m fake-echo what's len?\ns = '''\n%gpt no question?\n'''\nprint(s)"
    shown = kernel.run(text)
    assert question(fake) == ["what's len?"]
    assert shown.texts[1] == "what's len?"
    assert shown.streams == "\n%gpt no question?\n\n"
    assert len(fake.asked()) == 1
    asked = kernel.run("%gpt?")
    assert "--history" in asked.everything
    assert len(fake.asked()) == 1
    reloaded = kernel.run("%reload_ext jupyterlab_gpt\n%gpt -m fake-echo still there?")
    assert reloaded.texts[1] == "still there?"
