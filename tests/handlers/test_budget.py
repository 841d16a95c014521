"""The budget over REST, and in all tabs."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_gpt import protocol

from .test_rest import ask, valid


async def test_a_budget_is_set_in_all_tabs(api: Any, connect: Any) -> None:
    code, budget = await api("budget")
    assert (code, valid(protocol.Budget, budget)["limit"]) == (200, None)
    watching = [await connect(), await connect()]
    code, changed = await api("budget", "PUT", {"monthly_usd": "12.50", "tz": "Europe/Berlin"})
    assert (code, changed["limit"], changed["tz"]) == (200, "12.5", "Europe/Berlin")
    for client in watching:
        frame = await client.until("budget")
        while frame["limit"] is None:  # a new socket is told what holds
            frame = await client.until("budget")
        assert {name: frame[name] for name in changed} == changed
    assert (await api("budget"))[1] == changed
    code, changed = await api("budget", "PUT", {"monthly_usd": None})
    assert (code, changed["limit"], changed["tz"]) == (200, None, "Europe/Berlin")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"monthly_usd": "-5"}, "bad_amount"),
        ({"monthly_usd": "1000000000"}, "bad_amount"),
        ({"monthly_usd": "five"}, "bad_amount"),
        ({"monthly_usd": "5", "tz": "Mars/Olympus"}, "bad_timezone"),
        ({"monthly_usd": 5}, "bad_request"),
        ({"monthly_usd": "5" * 41}, "bad_request"),
        ([], "bad_request"),
    ],
)
async def test_bad_budgets_change_nothing(api: Any, body: Any, error: str) -> None:
    assert (await api("budget", "PUT", {"monthly_usd": "7", "tz": "UTC"}))[0] == 200
    code, answer = await api("budget", "PUT", body)
    assert (code, answer["code"]) == (400, error)
    assert (await api("budget"))[1]["limit"] == "7"


class TestUnderACap:
    @pytest.fixture
    def traits(self) -> dict[str, Any]:
        return {"monthly_cap_usd": 2.5}

    async def test_it_is_told(self, api: Any) -> None:
        budget = (await api("budget"))[1]
        assert (budget["cap"], budget["level"]) == ("2.5", "ok")
        budget = (await api("budget", "PUT", {"monthly_usd": "100"}))[1]
        assert (budget["limit"], budget["cap"]) == ("100", "2.5")


async def test_what_an_answer_cost_is_spent(api: Any, connect: Any) -> None:
    override = {"pattern": "fake-*", "input": "1000", "output": "1000"}
    assert (await api("prices", "PUT", {"overrides": [override]}))[0] == 200
    await ask(connect)
    budget = (await api("budget"))[1]
    assert (float(budget["spent"]) > 0, budget["reserved"], budget["unpriced"]) == (True, "0", 0)
