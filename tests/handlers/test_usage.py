"""The usage report over REST, and as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from jupyterlab_gpt import protocol

from .test_rest import ask, valid

PRICE = {"pattern": "fake-*", "input": "1000", "output": "1000"}


async def test_the_report_and_the_file(api: Any, connect: Any, jp_fetch: Any) -> None:
    assert valid(protocol.UsageReport, (await api("usage"))[1])["since"] is None
    asked = await ask(connect, text="What did it cost?", notebook="=a.ipynb")  # no price yet
    code, report = await api("usage", params={"tz": "Europe/Berlin"})
    assert code == 200
    assert report["totals"]["cost"] == {"usd": None, "estimated": False, "at_least": True}
    assert (await api("prices", "PUT", {"overrides": [PRICE]}))[0] == 200
    await ask(connect, text="And now?")

    code, report = await api("usage", params={"tz": "Europe/Berlin"})
    valid(protocol.UsageReport, report)
    totals = report["totals"]
    assert (totals["calls"], totals["unpriced"], report["tz"]) == (2, 1, "Europe/Berlin")
    assert float(totals["cost"]["usd"]) > 0
    (model,) = report["models"]
    assert (model["provider"], model["model"]) == ("default", "fake-gpt")
    titles = {row["conversation_id"]: row["title"] for row in report["conversations"]}
    assert titles[asked["conversation_id"]] == "What did it cost?"
    assert [row["notebook"] for row in report["notebooks"]] == [None, "=a.ipynb"]

    # A deleted chat's cost stays, its title goes.
    assert (await api("conversations", "DELETE"))[0] == 204
    report = (await api("usage", params={"tz": "Europe/Berlin"}))[1]
    assert report["totals"] == totals
    assert [row["title"] for row in report["conversations"]] == [None, None]

    file = await jp_fetch("jupyterlab-gpt/api/usage.csv", params={"tz": "Europe/Berlin"})
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = f"gpt-usage-{report['first']}-{report['last']}.csv"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    unpriced, priced = csv.DictReader(io.StringIO(file.body.decode()))
    assert (unpriced["cost_usd"], unpriced["notebook"]) == ("", "'=a.ipynb")
    assert priced["cost_usd"] == totals["cost"]["usd"]
    assert priced["cost_source"] == "override"


@pytest.mark.parametrize("path", ["usage", "usage.csv"])
@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"from": "2026-11-25", "to": "2026-11-24"}, "bad_request"),
        ({"from": "24.11.2026"}, "bad_request"),
        ({"to": "2026-02-30"}, "bad_request"),
        ({"from": "2020-01-01", "to": "2026-01-01"}, "bad_request"),
        ({"tz": "Mars/Olympus"}, "bad_timezone"),
        ({"tz": "../UTC"}, "bad_timezone"),
    ],
)
async def test_bad_questions(api: Any, path: str, params: Any, error: str) -> None:
    code, answer = await api(path, params=params)
    assert (code, answer["code"]) == (400, error)
