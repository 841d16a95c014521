"""What an administrator sets: told to users, and held by the server whatever a client does."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.extension.application import ExtensionApp
from traitlets import TraitError
from traitlets.config import Config

from jupyterlab_gpt.app import GPTExtension
from jupyterlab_gpt.config import FEATURES, GPTTraits
from jupyterlab_gpt.store.values import utc_text

from .conftest import ask, submit


def test_every_trait_says_what_it_does() -> None:
    own = {
        name: trait
        for name, trait in GPTExtension.class_traits(config=True).items()
        if name not in ExtensionApp.class_traits()
    }
    assert set(GPTTraits.class_trait_names(config=True)) <= {*own, "data_dir"}
    assert len(own) > 25
    for name, trait in own.items():
        assert len(trait.help) > 20, f"GPTExtension.{name} has no help"
        assert trait.help.endswith("."), name


def test_the_guide_names_traits_that_exist() -> None:
    guide = (Path(__file__).parents[2] / "docs/administrators.md").read_text()
    lines = [line for line in guide.splitlines() if line.startswith("c.GPTExtension.")]
    assert len(lines) > 5
    config = Config()
    exec("\n".join(lines), {"c": config})
    traits = GPTTraits(config=Config({"GPTTraits": config.GPTExtension}))
    for name, value in config.GPTExtension.items():
        assert getattr(traits, name) == value
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", guide))
    others = {"include_cost_in_streaming_usage", "custom_auth", "jupyter_server_config"}
    assert named - others <= set(GPTTraits.class_trait_names(config=True))


def test_unknown_features_are_refused() -> None:
    with pytest.raises(TraitError, match="disabled_features"):
        GPTTraits(disabled_features=["telepathy"])
    assert GPTTraits(disabled_features=list(FEATURES)).disabled_features


class TestNothingSet:
    async def test_what_users_are_told(self, api: Any) -> None:
        policy = (await api("status"))[1]["policy"]
        assert policy["set_by_administrator"] == ["base_url", "model"]
        assert policy["disabled_features"] == []
        assert policy["turns_per_minute"] == 30


class TestSet:
    @pytest.fixture
    def traits(self) -> dict[str, Any]:
        return {
            "system_prompt": "Be kind.",
            "monthly_cap_usd": 5,
            "retention_days": 90,
            "allowed_models": ["fake-*"],
            "disabled_features": ["variables"],
            "headers": {"X-Secret": "canary-header"},
        }

    async def test_what_users_are_told(self, api: Any) -> None:
        status = (await api("status"))[1]
        assert "canary-header" not in str(status)
        policy = status["policy"]
        assert policy["system_prompt"] == "Be kind."
        assert policy["retention_days"] == 90
        assert policy["set_by_administrator"] == [
            *("base_url", "model", "system_prompt", "allowed_models", "monthly_cap_usd"),
            *("disabled_features", "retention_days"),
        ]

    async def test_headers_are_sent_and_never_shown(
        self, api: Any, connect: Any, fake: Any
    ) -> None:
        infos = (await api("providers"))[1]
        assert "X-Secret" not in str(infos)
        await api("providers/default/check", "POST", {})
        assert fake.journal()[-1]["headers"]["x-secret"] == "canary-header"


class TestPrices:
    @pytest.fixture
    def traits(self) -> dict[str, Any]:
        prices = {"fake-*": {"input": 2, "output": "8", "cached_input": 0.5}}
        return {"prices": prices, "monthly_cap_usd": 50}

    async def test_they_open_the_cap_and_win(self, api: Any, connect: Any) -> None:
        free = {"pattern": "*", "input": "0", "output": "0"}
        assert (await api("prices", "PUT", {"overrides": [free]}))[0] == 200
        client, asked = await connect(), submit()
        await client.send(asked)
        end = await client.end(asked)
        assert end["type"] == "finished", end
        usage = end["usage"]
        rest = usage["input"] - (usage["cached_input"] or 0)
        nano = rest * 2000 + (usage["cached_input"] or 0) * 500 + usage["output"] * 8000
        assert Decimal(end["cost"]["usd"]) * 10**9 == nano
        model = next(m for m in (await api("models"))[1]["models"] if m["id"] == "fake-gpt")
        assert Decimal(model["input_price"]) == 2

    @pytest.mark.parametrize(
        "rates", [{"input": 1}, {"input": 1, "output": -1}, {"input": 1, "output": "x"}, {"a": 1}]
    )
    def test_wrong_ones_are_refused(self, rates: dict[str, Any]) -> None:
        with pytest.raises(TraitError, match="prices"):
            GPTTraits(prices={"gpt-*": rates})


PARTS = {
    "variables": {"type": "variable", "name": "df", "var_type": "int", "summary": "7"},
    "files": {"type": "file", "path": "a.txt", "text": "A file"},
}
IMAGE = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


class TestSwitchedOff:
    @pytest.fixture
    def traits(self) -> dict[str, Any]:
        return {"disabled_features": list(FEATURES)}

    async def part(self, api: Any, feature: str) -> dict[str, Any]:
        if feature != "images":
            return PARTS[feature]
        blob = (await api("blobs", "POST", IMAGE))[1]
        return {"type": "image", "mime": "image/png", "blob": blob["sha256"]}

    async def test_such_a_part_never_leaves(self, api: Any, connect: Any, fake: Any) -> None:
        client = await connect()
        for feature in ("variables", "files", "images"):
            for kind in ("submit", "estimate", "preview"):
                asked = {**submit(), "type": kind}
                if kind != "submit":
                    del asked["answer_id"]
                asked["parts"].append(await self.part(api, feature))
                await client.send(asked)
                refused = await client.end(asked)
                assert (refused["type"], refused["code"]) == ("failed", "feature_disabled")
                assert refused["detail"] == {"feature": feature}
        assert not fake.asked()
        assert (await api("conversations"))[1]["items"] == []


async def test_what_was_asked_before_the_policy_does_not_go_out_again(
    api: Any, connect: Any, fake: Any, extension: Any
) -> None:
    first = await ask(connect, parts=[{"type": "text", "text": "Why?"}, PARTS["variables"]])
    object.__setattr__(
        extension._services.sessions._services, "disabled_features", frozenset({"variables"})
    )
    fake.clear()
    client = await connect()
    same = {name: first[name] for name in ("conversation_id", "message_id")}
    again = submit(**same, parts=[])
    more = submit(conversation_id=first["conversation_id"], parent_id=first["answer_id"])
    for asked in (again, more):
        await client.send(asked)
        assert (await client.end(asked))["code"] == "feature_disabled"
    assert not fake.asked()
    # Left out in the preview, it does not stand in the way.
    without = submit(**{**more, "exclude": [f"{first['message_id']}/1"]})
    without["request_id"] = submit()["request_id"]
    await client.send(without)
    assert (await client.end(without))["type"] == "finished"
    assert "df" not in str(fake.asked()[0]["body"])


class TestRetention:
    @pytest.fixture
    def traits(self) -> dict[str, Any]:
        return {"retention_days": 30}

    async def test_old_conversations_go_and_their_costs_stay(
        self, api: Any, connect: Any, extension: Any
    ) -> None:
        old = await ask(connect, parts=[{"type": "text", "text": "An old secret"}])
        pinned = await ask(connect)
        young = await ask(connect)
        await api(f"conversations/{pinned['conversation_id']}", "PATCH", {"pinned": True})
        services = extension._services
        for asked, days in ((old, 31), (pinned, 31), (young, 29)):
            when = utc_text(datetime.now(UTC) - timedelta(days=days))
            await services.db.write(
                lambda conn, asked=asked, when=when: conn.execute(
                    "UPDATE conversations SET updated = ? WHERE id = ?",
                    (when, asked["conversation_id"]),
                )
            )
        calls = (await api("usage"))[1]["totals"]["calls"]
        services._tidying.cancel()
        services._tidying = asyncio.create_task(services._tidy_daily())
        async with asyncio.timeout(20):
            while len((await api("conversations"))[1]["items"]) > 1:
                await asyncio.sleep(0.05)
        (left,) = (await api("conversations"))[1]["items"]
        assert left["id"] == young["conversation_id"]
        assert (await api("usage"))[1]["totals"]["calls"] == calls
        async with asyncio.timeout(20):
            while b"An old secret" in _bytes_of(services.db.path):
                await asyncio.sleep(0.05)


def _bytes_of(path: Any) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob("gpt.sqlite*"))
