"""What our layout of the prompt costs beside others: `benchmarks/thrift`, run and held to."""

from __future__ import annotations

import base64
import itertools
import json
import statistics
from decimal import Decimal

import pytest

from benchmarks.thrift.billing import LEAST, RATES, STEP, Bill, Billing, count
from benchmarks.thrift.layouts import compare_now
from benchmarks.thrift.make_session import SESSION, session_files
from benchmarks.thrift.replay import replayed, source_of


@pytest.mark.parametrize("model", RATES)
def test_our_layout_costs_a_fraction_of_the_others(model: str) -> None:
    compared = compare_now(model)
    ours, notebook, ipynb = compared.usd().values()
    assert ours <= notebook * Decimal("0.30")
    assert ours <= ipynb * Decimal("0.10")
    # Nothing is trimmed, so each prompt goes on from the one before, byte for byte.
    for one, two in itertools.pairwise(compared.ours):
        assert two.prompt[: len(one.prompt)] == one.prompt
    assert all(record.bill.cached >= LEAST for record in compared.ours[1:])
    # The ledger has what was billed, and so have the other layouts their whole notebooks.
    assert [record.ledger for record in compared.ours] == [r.bill.prompt for r in compared.ours]
    assert all(bill.prompt > 6000 for bill in compared.whole_notebook)
    assert all(bill.prompt > 60_000 for bill in compared.whole_ipynb)
    # The estimate before each turn, against what the provider billed with its own tokenizer.
    off = [abs(r.estimated - r.bill.prompt) / r.bill.prompt for r in compared.ours[1:]]
    assert statistics.median(off) <= 0.03
    assert max(off) <= 0.10


def test_the_session_is_the_one_that_was_agreed() -> None:
    turns = list(replayed())
    assert [turn.kind for turn in turns] == [
        "explain",
        "fix",
        "extend",
        "plot",
        "refactor",
    ] * 4
    sizes = [sum(count(source_of(cell)) for cell in turn.notebook["cells"]) for turn in turns]
    assert 5700 <= sizes[0] <= 6300
    assert 200 <= (sizes[-1] - sizes[0]) / 19 <= 300
    assert all(250 <= count(turn.answer) <= 360 for turn in turns)
    outputs = [o for cell in turns[0].notebook["cells"] for o in cell.get("outputs", ())]
    data = [output.get("data", {}) for output in outputs]
    assert sum("text/html" in d and "text/plain" in d for d in data) == 3
    assert sum(output["output_type"] == "error" for output in outputs) == 2
    (picture,) = [base64.b64decode(d["image/png"]) for d in data if "image/png" in d]
    assert 59_000 <= len(picture) <= 61_000


def test_the_session_is_what_its_script_writes() -> None:
    for name, text in session_files().items():
        assert (SESSION / name).read_text(encoding="utf-8") == text
        json.loads(text)


def test_the_rules_of_the_bill() -> None:
    billing = Billing()
    text = "word " * 3000
    first = [{"role": "system", "content": "S"}, {"role": "user", "content": text}]
    bill = billing.bill(first, "Yes.")
    assert bill.prompt == 3 + 2 * (3 + 1) + 1 + count(text)
    assert bill.cached == 0
    assert bill.written == bill.prompt // STEP * STEP
    more = [*first, {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "And?"}]
    again = billing.bill(more, "No.")
    assert again.cached == bill.written
    assert again.written == 0
    # A clock at the top, and nothing is read; a short prompt is neither read nor written.
    clock = billing.bill([{"role": "system", "content": "12:00"}, *more[1:]], "No.")
    assert (clock.cached, clock.written) == (0, clock.prompt // STEP * STEP)
    short = Billing()
    for _ in range(2):
        assert short.bill(first[:1], "") == Bill(3 + 3 + 1 + 1, 0, 0, 0)
    # 1,000 plain, 2,048 read, 1,024 written, 100 answered.
    usd = Bill(4072, 2048, 1024, 100).usd("gpt-6-luna")
    assert usd == (100 + Decimal("20.48") + 128 + 50) / Decimal(1_000_000)
