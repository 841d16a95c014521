"""The user's own prices over REST."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_gpt import protocol

from .test_rest import valid


async def test_prices_are_replaced_as_a_whole_and_keep_their_order(api: Any) -> None:
    assert await api("prices") == (200, {"overrides": []})
    overrides = [
        {"base_url": "HTTPS://Models.Lab:443/v1/", "pattern": "gpt-*", "input": "0.1"},
        {"pattern": "*", "input": "1", "cached_input": "0.05", "cache_write": "0"},
    ]
    body = {"overrides": [{**one, "output": " 2.50 "} for one in overrides]}
    code, stored = await api("prices", "PUT", body)
    assert code == 200
    valid(protocol.PriceOverrides, stored)
    first, second = stored["overrides"]
    assert first == {
        "base_url": "https://models.lab/v1",
        "pattern": "gpt-*",
        "input": "0.1",
        "output": "2.50",
        "cached_input": None,
        "cache_write": None,
    }
    assert (second["base_url"], second["cached_input"], second["cache_write"]) == ("", "0.05", "0")
    assert (await api("prices"))[1] == stored
    assert (await api("prices", "PUT", {"overrides": [second]}))[1] == {"overrides": [second]}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"input": "-1"}, "bad_amount"),
        ({"output": "1e3"}, "bad_amount"),
        ({"cached_input": "a tenth"}, "bad_amount"),
        ({"cache_write": "1000000"}, "bad_amount"),
        ({"input": None}, "bad_request"),
        ({"input": 0.1}, "bad_request"),
        ({"pattern": ""}, "bad_request"),
        ({"pattern": "  "}, "bad_request"),
        ({"base_url": "ftp://models.lab"}, "bad_url"),
        ({"base_url": "http://169.254.169.254/v1"}, "bad_url"),
    ],
)
async def test_bad_prices_change_nothing(api: Any, change: Any, error: str) -> None:
    good = {"pattern": "gpt-*", "input": "1", "output": "2"}
    before = (await api("prices", "PUT", {"overrides": [good]}))[1]
    code, answer = await api("prices", "PUT", {"overrides": [good, {**good, **change}]})
    assert (code, answer["code"]) == (400, error)
    if error == "bad_amount":
        assert answer["detail"]["setting"] == f"overrides.1.{next(iter(change))}"
    assert (await api("prices"))[1] == before


async def test_a_bad_address_names_its_row(api: Any) -> None:
    good = {"base_url": "", "pattern": "*", "input": "1", "output": "1"}
    bad = {**good, "base_url": "ftp://example.org"}
    code, body = await api("prices", "PUT", {"overrides": [good, bad]})
    assert (code, body["code"]) == (400, "bad_url")
    assert body["detail"]["setting"] == "overrides.1.base_url"
