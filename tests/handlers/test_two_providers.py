"""Two providers that offer a model of the same name are two models."""

from __future__ import annotations

from typing import Any

from tests.fakes.provider import FakeProvider

from .test_rest import ask


async def test_the_same_model_is_keyed_answered_and_priced_apart(
    api: Any, connect: Any, fake: FakeProvider
) -> None:
    with FakeProvider() as other:
        made = await api("providers", "POST", {"name": "Other", "base_url": other.url})
        assert made[0] == 201, made
        name = made[1]["id"]
        keys = {"default": "sk-of-the-default", name: "sk-of-the-other"}
        for provider, key in keys.items():
            code, _ = await api(f"providers/{provider}/key", "PUT", {"key": key})
            assert code == 200
        prices = [
            {"base_url": url, "pattern": "*", "input": price, "output": price}
            for url, price in ((fake.url, "1000"), (other.url, "3000"))
        ]
        assert (await api("prices", "PUT", {"overrides": prices}))[0] == 200
        fakes = {"default": fake, name: other}
        for provider, of in fakes.items():
            of.script("same", [f"I am {provider}."])
        for provider in fakes:
            asked = await ask(connect, provider=provider, model="same")
            found = (await api(f"conversations/{asked['conversation_id']}"))[1]
            answer = found["messages"][-1]
            assert answer["parts"] == [{"type": "text", "text": f"I am {provider}."}]
            assert (answer["provider"], answer["model"]) == (provider, "same")

        for provider, of in fakes.items():
            (request,) = of.asked()
            assert request["headers"]["authorization"] == f"Bearer {keys[provider]}"
        rows = (await api("usage"))[1]["models"]
        costs = {row["provider"]: float(row["cost"]["usd"]) for row in rows}
        assert {row["model"] for row in rows} == {"same"}
        # The same tokens at three times the price.
        assert costs[name] == 3 * costs["default"] > 0

        listed = (await api("models"))[1]["models"]
        assert {m["provider"] for m in listed if m["id"] == "same"} == set(fakes)
