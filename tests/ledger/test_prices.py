"""Rates: overrides, the bundled table with its tiers and times, and what is unknown."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from jupyterlab_gpt.ledger.prices import Prices, Rates, cost_of, provider_cost, saved_of

from .helpers import FREE, LUNA, OPENAI, usage

WHEN = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def prices():
    return Prices()


def ask(prices, model, base_url=OPENAI, **more):
    return prices.rates(
        **{"provider": "default", "base_url": base_url, "model": model, "when": WHEN, **more}
    )


def override(pattern="*", base_url="", **amounts):
    return {
        "base_url": base_url,
        "pattern": pattern,
        "input": "1",
        "output": "2",
        "cached_input": None,
        "cache_write": None,
        **amounts,
    }


def test_the_table(prices):
    assert ask(prices, "gpt-6-luna") == LUNA
    assert ask(prices, "GPT-6-Luna") == LUNA
    # A dated name, and a missing cached or cache-write price is the input's.
    mini = ask(prices, "gpt-4o-2024-05-13")
    assert mini == Rates(Decimal(5), Decimal(5), Decimal(5), Decimal(15), "table")


def test_prices_that_rise_with_the_prompt(prices):
    below = ask(prices, "gpt-6-luna", input_tokens=1000)
    above = ask(prices, "gpt-6-luna", input_tokens=2_000_000)
    assert below == LUNA
    assert above.input > below.input
    assert above.output > below.output
    assert above.cached_input > below.cached_input


def test_every_tier_begins_one_token_after_its_start(prices):
    from genai_prices.data_snapshot import get_snapshot
    from genai_prices.types import TieredPrices

    entry = get_snapshot().find_provider(None, "openai", None)
    model = entry.find_model("gpt-6-luna")
    price = model.get_prices(WHEN).input_mtok
    assert isinstance(price, TieredPrices)
    for tier in price.tiers:
        assert ask(prices, model.id, input_tokens=tier.start).input != tier.price
        assert ask(prices, model.id, input_tokens=tier.start + 1).input == tier.price


def test_prices_of_the_hour(prices):
    url = "https://api.deepseek.com"
    night = ask(prices, "deepseek-chat", url, when=datetime(2026, 11, 24, 20, tzinfo=UTC))
    day = ask(prices, "deepseek-chat", url, when=datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert night.input < day.input


@pytest.mark.parametrize(
    ("base_url", "model"),
    [
        (OPENAI, "a-model-nobody-knows"),
        ("http://127.0.0.1:11434/v1", "gpt-6-luna"),  # a namesake on this machine
        ("http://127.0.0.1:8000/v1", "deepseek-chat"),
        ("https://api.openai.com.evil.org/v1", "gpt-6-luna"),
        ("https://eu.api.openai.com/v1", "gpt-6-luna"),  # dearer than the rest, by how much?
        ("", "gpt-6-luna"),
        ("https://api.perplexity.ai", "sonar"),  # and so much per request
        (OPENAI, "gpt-image-1"),  # images are billed otherwise
        (OPENAI, "text-embedding-3-small"),  # no price for an answer
        ("https://openrouter.ai/api/v1", "agentica-org/deepcoder-14b-preview:free"),  # no price
    ],
)
def test_what_is_unknown(prices, base_url, model):
    assert ask(prices, model, base_url) is None


def test_the_same_as_the_table_says_itself(prices):
    """Our index finds for each name of the table what the table's own search finds."""
    from genai_prices.data_snapshot import get_snapshot

    url = "https://openrouter.ai/api/v1"
    entry = get_snapshot().find_provider(None, None, url)
    for known in entry.models[::7]:
        for name in (known.id, known.id.upper(), known.id + "x"):
            found = entry.find_model(name)
            assert prices._table._model(url, name) is found


def test_local_is_free(prices):
    assert ask(prices, "gpt-6-luna", provider="local", overrides=[override()]) == FREE
    assert FREE.is_free
    assert not LUNA.is_free


def test_overrides(prices):
    first = override("gpt-*", "HTTPS://API.openai.com:443/v1/", input="3", cached_input="0.5")
    overrides = [first, override("gpt-6-luna"), override("gpt-6-luna", input="9")]
    found = ask(prices, "gpt-6-luna", overrides=overrides)
    assert found == Rates(Decimal(3), Decimal("0.5"), Decimal(3), Decimal(2), "override")
    found = ask(prices, "gpt-6-luna", "http://127.0.0.1:1/v1", overrides=overrides)
    assert found == Rates(Decimal(1), Decimal(1), Decimal(1), Decimal(2), "override")
    assert ask(prices, "llama", "http://127.0.0.1:1/v1", overrides=overrides) is None
    # Upper and lower case are two names; another path is another endpoint.
    assert ask(prices, "GPT-6-luna", "http://127.0.0.1:1/v1", overrides=overrides) is None
    there = [override(base_url="https://api.openai.com/v2")]
    assert ask(prices, "gpt-6-luna", overrides=there).source == "table"
    free = [override(input="0", output="0")]
    assert ask(prices, "llama", overrides=free).is_free


def test_rates_are_stored_exactly():
    rates = Rates(Decimal("0.1"), Decimal("1E-7"), Decimal("1.250"), Decimal(7), "override")
    assert Rates.from_json(rates.to_json()) == rates


@pytest.mark.parametrize(
    ("tokens", "nano"),
    [
        (usage(1000, 100), 150_000),
        (usage(1000, 100, cached=900), 10_000 + 9_000 + 50_000),
        (usage(1000, 100, cached=500, written=400), 10_000 + 5_000 + 50_000 + 50_000),
        (usage(18, 0), 1_800),  # millionths of a dollar
        (usage(0, 0), 0),
        (usage(None, 100), None),
        (usage(1000, None), None),
        (usage(10, 0, cached=11), 1_000),  # more than the whole: not known
        (None, None),
        (usage(10**13, 10**13), None),  # beyond all reason
    ],
)
def test_cost(tokens, nano):
    assert cost_of(tokens, LUNA) == nano


def test_free_is_free_whatever_was_used():
    assert cost_of(None, FREE) == 0
    assert cost_of(usage(None, None), FREE) == 0


def test_saved():
    assert saved_of(usage(1000, 0, cached=900), LUNA) == 900 * 90
    assert saved_of(usage(1000, 0), LUNA) == 0
    assert saved_of(None, LUNA) == 0
    dearer = Rates(Decimal(1), Decimal(2), Decimal(1), Decimal(1), "override")
    assert saved_of(usage(1000, 0, cached=900), dearer) == 0


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        (0.00123, "0.00123"),
        (0, "0"),
        ("0.5", "0.5"),
        ("1e-7", "1E-7"),
        (1e-07, "1E-7"),
        (True, None),
        (-0.1, None),
        ("-0.1", None),
        (float("nan"), None),
        (float("inf"), None),
        ("free", None),
        ("", None),
        ("1_0", None),
        ("٣", None),
        (10**6, None),
        ("9" * 50, None),
        ([1], None),
        (None, None),
    ],
)
def test_what_the_provider_says_it_cost(said, cost):
    found = provider_cost({"cost": said})
    assert found == (None if cost is None else Decimal(cost))
    assert provider_cost(None) is None


def test_a_long_list_is_priced_at_once(prices):
    from genai_prices.data_snapshot import get_snapshot

    url = "https://openrouter.ai/api/v1"
    entry = get_snapshot().find_provider(None, None, url)
    names = [model.id for model in entry.models[:600]] + [f"nobody/{n}" for n in range(100)]
    fresh = Prices()
    ask(fresh, "gpt-6-luna")  # the import is another matter
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        assert sum(ask(fresh, name, url) is not None for name in names) > 400
        taken.append(time.perf_counter() - start)
    print(f"700 models: {taken[0] * 1000:.1f} ms first, {min(taken) * 1000:.1f} ms then")
    assert min(taken) < 0.05


def test_many_threads(prices):
    fresh = Prices()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ask(fresh, "gpt-6-luna"), range(200)))
    assert set(found) == {LUNA}


def test_the_table_is_imported_with_the_first_question():
    code = (
        "import sys; from jupyterlab_gpt.ledger import ledger, budget, report;"
        "from jupyterlab_gpt.ledger.prices import Prices; p = Prices();"
        "p.rates(provider='local', base_url='', model='x');"
        "assert not {'genai_prices', 'pydantic', 'zoneinfo'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
