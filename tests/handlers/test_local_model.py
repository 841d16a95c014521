"""Fetching the built-in model through its route: begin, stop, go on, refuse."""

from __future__ import annotations

import asyncio
import errno
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.providers import fetch
from jupyterlab_gpt.providers.fetch import Fetch
from jupyterlab_gpt.providers.local import LocalModel
from jupyterlab_gpt.providers.weights import MODELS
from tests.providers.weights_support import FakeHub, make_model


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    hub = FakeHub()
    model = make_model(tmp_path / "wheels", hub.url)
    hub.data = model.data
    monkeypatch.setitem(MODELS, "smollm2-135m", model.weights)
    monkeypatch.setattr(LocalModel, "_has_runtime", staticmethod(lambda: True))
    yield hub
    hub.close()


@pytest.fixture
def traits() -> dict[str, Any]:
    return {"local_model": "smollm2-135m"}


async def reach(api: Any, name: str) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while (state := (await api("local-model"))[1])["state"] != name:
            await asyncio.sleep(0.02)
    return state


async def test_begin_stop_and_go_on(hub: FakeHub, jp_serverapp: Any, api: Any) -> None:
    hub.fault = "slow"
    code, state = await api("local-model", "POST")
    assert (code, state["state"]) == (202, "fetching")
    # A second tab that asks joins the same fetch.
    code, state = await api("local-model", "POST")
    assert (code, state["state"]) == (202, "fetching")
    async with asyncio.timeout(30):
        while (await api("local-model"))[1]["bytes_done"] < 3000:
            await asyncio.sleep(0.02)
    assert len(hub.ranges) == 1
    code, state = await api("local-model", "DELETE")
    assert (code, state["state"]) == (200, "stopped")
    assert state["bytes_done"] > 0
    hub.fault = ""
    assert (await api("local-model", "POST"))[0] == 202
    await reach(api, "ready")
    assert (await api("local-model", "POST"))[1]["state"] == "ready"
    assert (await api("local-model", "DELETE"))[1]["state"] == "ready"
    _, listed = await api("models")
    (model,) = [one for one in listed["models"] if one["provider"] == "local"]
    assert model["available"] is True


async def test_without_the_runtime(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "xllamacpp" else real(name)
    )
    code, error = await api("local-model", "POST")
    assert (code, error["code"]) == (409, "local_runtime_missing")


class TestSwitchedOff:
    @pytest.fixture
    def traits(self) -> dict[str, Any]:
        return {"disabled_features": ["local"]}

    async def test_it_is_refused(self, api: Any) -> None:
        code, error = await api("local-model", "POST")
        assert (code, error["code"]) == (403, "feature_disabled")


def test_a_shared_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model(tmp_path / "wheels", "http://127.0.0.1:9")
    target = tmp_path / "shared" / model.weights.file
    target.parent.mkdir()
    target.write_bytes(model.data)

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(fetch, "locked", refuse)
    Fetch(model.weights, target).run()
    assert [path.name for path in target.parent.iterdir()] == [target.name]
