"""Whose providers there are, with which key, and what policy says."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.errors import Conflict, Forbidden, GPTError, InvalidRequest, NotFound
from jupyterlab_gpt.providers.local import LocalModel
from jupyterlab_gpt.providers.openai import OpenAIProvider
from jupyterlab_gpt.providers.registry import ProviderRegistry, RegistryConfig
from jupyterlab_gpt.secrets import KeyStore
from jupyterlab_gpt.store.database import Database
from tests.fakes.provider import FakeProvider

from .support import CANARY, question, read

OTHER = "sk-other-key-0123456789"


@asynccontextmanager
async def registry(folder: Path, **config: Any) -> AsyncIterator[ProviderRegistry]:
    environment = config.pop("environment", None)
    db = Database(folder / "gpt.db")
    keys = KeyStore(
        folder,
        administrator=None,
        administrator_host=None,
        environment=environment,
        use_keyring=False,
    )
    local = LocalModel(model="smollm2-135m", folder=folder / "models")
    made = ProviderRegistry(
        db=db, keys=keys, config=RegistryConfig(**config), limits=Limits(), local=local
    )
    try:
        yield made
    finally:
        await made.close()
        await local.close()
        await db.close()


async def test_two_providers_from_the_first_day(tmp_path: Path) -> None:
    async with registry(tmp_path) as r:
        default, local = await r.infos("ann")
        assert default["id"] == "default"
        assert default["name"] == "OpenAI"
        assert default["base_url"] == "https://api.openai.com/v1"
        assert default["key"] == {"set": False, "last4": None, "source": None}
        assert (local["id"], local["local"]) == ("local", True)
        assert await r.default_model("ann", "default") == "gpt-6-luna"
        assert await r.default_model("ann", "local") == local["model"]


async def test_infos_fit_the_wire(tmp_path: Path, fake: FakeProvider) -> None:
    from jupyterlab_gpt.protocol import CheckResult, ModelList, ProviderInfo

    async with registry(tmp_path, base_url=fake.url) as r:
        await r.put("ann", "mine", {"base_url": fake.url, "headers": {"X-A": "b"}}, create=True)
        for info in await r.infos("ann"):
            assert ProviderInfo.model_validate(info).model_dump() == info
        models = await r.models("ann")
        assert ModelList.model_validate(models).model_dump() == models
        result = await r.check("ann", "mine")
        assert CheckResult.model_validate(result).model_dump() == result


async def test_a_users_setting_lies_over_the_trait(tmp_path: Path, fake: FakeProvider) -> None:
    async with registry(tmp_path, base_url="http://127.0.0.1:9/v1", model="traited") as r:
        assert await r.default_model("ann", "default") == "traited"
        info = await r.put("ann", "default", {"base_url": fake.url + "/"})
        assert info["base_url"] == fake.url
        assert await r.default_model("ann", "default") == "fake-gpt"
        assert await r.default_model("bob", "default") == "traited"
        seen = await read((await r.get("ann", "default")).stream(question("fake-echo")))
        assert seen.text() == "Hello"
        await r.remove("ann", "default")
        assert await r.default_model("ann", "default") == "traited"


async def test_a_key_is_used_for_its_host_only(tmp_path: Path, fake: FakeProvider) -> None:
    with FakeProvider() as other:
        async with registry(tmp_path, base_url=fake.url) as r:
            key = await r.set_key("ann", "default", f'  "Bearer {CANARY}"\n')
            assert (key["set"], key["last4"], key["source"]) == (True, CANARY[-4:], "file")
            assert (await r.check("ann", "default"))["ok"]
            assert (await r.check("ann", "default", base_url=other.url))["ok"]
            assert "authorization" not in other.journal()[0]["headers"]
            assert fake.journal()[0]["headers"]["authorization"] == f"Bearer {CANARY}"
            await r.put("ann", "default", {"base_url": other.url})
            await read((await r.get("ann", "default")).stream(question("fake-echo")))
            assert "authorization" not in other.journal()[-1]["headers"]
            assert (await r.infos("ann"))[0]["key"]["set"] is False
            await r.get("bob", "default")
            await r.check("bob", "default")
            assert "authorization" not in fake.journal()[-1]["headers"]


async def test_headers_do_not_follow_to_another_host(tmp_path: Path, fake: FakeProvider) -> None:
    with FakeProvider() as other:
        async with registry(tmp_path, base_url=fake.url) as r:
            info = await r.put("ann", "default", {"headers": {"X-Secret": "hidden-value"}})
            assert info["headers"] == ["X-Secret"]
            await r.check("ann", "default", base_url=other.url)
            await r.put("ann", "default", {"base_url": other.url})
            await r.check("ann", "default")
            assert "x-secret" not in str(other.journal())
            for bad in ({"Host": "x"}, {"X A": "x"}, {"X-A": "x\r\nY: z"}, {"X-A": "\u00e4"}):
                with pytest.raises(InvalidRequest):
                    await r.put("ann", "default", {"headers": bad})


async def test_check_tries_what_is_given_and_saves_nothing(
    tmp_path: Path, fake: FakeProvider
) -> None:
    async with registry(tmp_path, base_url=fake.url) as r:
        bad = await r.check("ann", "default", key="sk-refused-0123456789")
        assert bad["ok"] is False
        assert bad["error"]["code"] == "provider_auth"
        good = await r.check("ann", "default", key=OTHER)
        assert good["ok"]
        assert good["models"] > 10
        assert fake.journal()[-1]["headers"]["authorization"] == f"Bearer {OTHER}"
        assert (await r.infos("ann"))[0]["key"]["set"] is False
        with pytest.raises(InvalidRequest) as caught:
            await r.check("ann", "default", base_url="http://169.254.169.254/")
        assert caught.value.code == "bad_url"


async def test_check_tries_changes_of_headers(tmp_path: Path, fake: FakeProvider) -> None:
    with FakeProvider() as other:
        async with registry(tmp_path, base_url=fake.url) as r:
            await r.put("ann", "default", {"headers": {"X-Team": "physics", "X-Old": "o"}})
            changes = {"x-team": "maths", "X-New": "n", "X-Old": None}
            assert (await r.check("ann", "default", headers=changes))["ok"]
            sent = fake.journal()[-1]["headers"]
            assert (sent["x-team"], sent["x-new"]) == ("maths", "n")
            assert "x-old" not in sent
            # Nothing is saved, and what is saved does not go to another host with them.
            assert (await r.infos("ann"))[0]["headers"] == ["X-Old", "X-Team"]
            await r.check("ann", "default", base_url=other.url, headers={"X-New": "n"})
            sent = other.journal()[-1]["headers"]
            assert sent["x-new"] == "n"
            assert not {"x-team", "x-old"} & set(sent)
            with pytest.raises(InvalidRequest):
                await r.check("ann", "default", headers={"Host": "x"})
        async with registry(tmp_path / "locked", base_url=fake.url, locked=True) as r:
            with pytest.raises(Forbidden):
                await r.check("ann", "default", headers={"X-New": "n"})


async def test_create_change_remove(tmp_path: Path, fake: FakeProvider) -> None:
    async with registry(tmp_path) as r:
        made = await r.put("ann", None, {"name": "My Box", "base_url": fake.url}, create=True)
        assert made["id"] == "my-box"
        assert "my-box" not in [i["id"] for i in await r.infos("bob")]
        with pytest.raises(Conflict):
            await r.put("ann", "my-box", {"base_url": fake.url}, create=True)
        with pytest.raises(NotFound):
            await r.put("bob", "my-box", {"name": "x"})
        with pytest.raises(NotFound):
            await r.get("bob", "my-box")
        with pytest.raises(InvalidRequest):
            await r.put("ann", "local", {"name": "x"})
        await r.set_key("ann", "my-box", CANARY)
        await r.remove("ann", "my-box")
        await r.put("ann", "my-box", {"base_url": fake.url}, create=True)
        assert [i["key"]["set"] for i in await r.infos("ann")] == [False] * 3


async def test_locked(tmp_path: Path, fake: FakeProvider) -> None:
    async with registry(tmp_path) as r:
        await r.put("ann", "default", {"base_url": "http://127.0.0.1:9/v1"})
    async with registry(tmp_path, base_url=fake.url, locked=True) as r:
        info = (await r.infos("ann"))[0]
        assert (info["base_url"], info["locked"]) == (fake.url, True)
        for forbidden in (
            r.put("ann", "default", {"name": "x"}),
            r.remove("ann", "default"),
            r.set_key("ann", "default", CANARY),
            r.delete_key("ann", "default"),
            r.check("ann", "default", base_url="http://127.0.0.1:9/v1"),
        ):
            with pytest.raises(Forbidden) as caught:
                await forbidden
            assert caught.value.code == "locked"
        assert (await r.check("ann", "default"))["ok"]


async def test_allowed_urls_and_models(tmp_path: Path, fake: FakeProvider) -> None:
    config = {"allowed_base_urls": (fake.url,), "allowed_models": ("fake-e*", "smol*")}
    async with registry(tmp_path, **config) as r:
        with pytest.raises(Forbidden) as caught:
            await r.put("ann", "default", {"base_url": "http://127.0.0.1:9/v1"})
        assert caught.value.code == "base_url_not_allowed"
        await r.put("ann", "default", {"base_url": fake.url})
        names = {m["id"] for m in (await r.models("ann"))["models"]}
        assert "fake-echo" in names
        assert "fake-gpt" not in names
        assert (await r.default_model("ann", "default")).startswith("fake-e")
        seen = await read((await r.get("ann", "default")).stream(question("fake-gpt")))
        assert seen.error is not None
        assert seen.error.code == "model_not_allowed"
        assert not fake.asked()


async def test_one_slow_provider_holds_up_nobody(tmp_path: Path, fake: FakeProvider) -> None:
    async with registry(tmp_path, base_url=fake.url) as r:
        await r.put("ann", "slow", {"base_url": f"{fake.origin}/silent/v1"}, create=True)
        await r.put("ann", "gone", {"base_url": "http://127.0.0.1:9/v1"}, create=True)
        start = time.monotonic()
        found = await r.models("ann")
        assert time.monotonic() - start < 30
        assert found["errors"]["slow"]["code"] == "provider_silent"
        assert found["errors"]["gone"]["code"] == "cannot_reach"
        assert {"default", "local"} <= {m["provider"] for m in found["models"]}


async def test_models_are_asked_once_in_five_minutes(tmp_path: Path, fake: FakeProvider) -> None:
    async with registry(tmp_path, base_url=fake.url) as r:
        await r.models("ann")
        await r.models("ann")
        assert len(fake.journal()) == 1
        await r.models("ann", refresh=True)
        assert len(fake.journal()) == 2
        await r.set_key("ann", "default", CANARY)
        await r.models("ann")
        assert len(fake.journal()) == 3


async def test_a_changed_setting_lets_a_stream_end(tmp_path: Path, fake: FakeProvider) -> None:
    fake.script("fake-own", [f"{i} " for i in range(20)], delay_ms=20)
    async with registry(tmp_path, base_url=fake.url) as r:
        first = await r.get("ann", "default")
        assert await r.get("ann", "default") is first
        reading = asyncio.create_task(read(first.stream(question("fake-own"))))
        await asyncio.sleep(0.1)
        await r.set_key("ann", "default", CANARY)
        assert await r.get("ann", "default") is not first
        seen = await reading
        assert seen.stop() == "stop"
        assert seen.text().endswith("19 ")
        assert isinstance(first, OpenAIProvider)
        assert first._client is None


async def test_no_model_says_so(tmp_path: Path, fake: FakeProvider) -> None:
    async with registry(tmp_path, base_url=f"{fake.origin}/empty/v1") as r:
        with pytest.raises(GPTError) as none:
            await r.default_model("ann", "default")
        assert none.value.code == "no_model"
    async with registry(tmp_path, base_url="http://127.0.0.1:9/v1", model="") as r:
        with pytest.raises(GPTError) as caught:
            await r.default_model("ann", "default")
        assert caught.value.code == "cannot_reach"
        with pytest.raises(NotFound) as missing:
            await r.get("ann", "nobody")
        assert missing.value.code == "unknown_provider"


async def test_openai_without_a_key(tmp_path: Path) -> None:
    async with registry(tmp_path) as r:
        result = await r.check("ann", "default")
        assert result["error"]["code"] == "no_key"
        assert (await r.models("ann"))["errors"]["default"]["code"] == "no_key"


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, jupyterlab_gpt.providers.registry\n"
        "sys.exit(bool({'openai', 'pydantic', 'httpx2', 'tornado'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
