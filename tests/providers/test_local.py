"""The built-in model without its weights: states, refusals, a process that fails."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_gpt.errors import LocalModelError
from jupyterlab_gpt.protocol import LocalModelState
from jupyterlab_gpt.providers import local
from jupyterlab_gpt.providers.fetch import part_path
from jupyterlab_gpt.providers.local import LocalModel
from jupyterlab_gpt.providers.weights import MODELS

from .weights_support import FakeHub, SmallModel, make_model


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    yield hub
    hub.close()


@pytest.fixture
def model(tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> SmallModel:
    """A model that only the hub has."""
    model = make_model(tmp_path / "wheels", hub.url)
    hub.data = model.data
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing"))
    monkeypatch.setitem(MODELS, "test-model", model.weights)
    return model


@pytest.fixture
def builtin(model: SmallModel, tmp_path: Path) -> LocalModel:
    return LocalModel(model="test-model", folder=tmp_path / "models")


async def leave_fetching(builtin: LocalModel) -> dict[str, object]:
    async with asyncio.timeout(30):
        while builtin.state()["state"] == "fetching":
            await asyncio.sleep(0.01)
    return builtin.state()


async def test_states_of_a_fetch(builtin: LocalModel, model: SmallModel, hub: FakeHub) -> None:
    state = builtin.state()
    LocalModelState.model_validate(state)
    assert state["state"] == "missing"
    assert state["bytes_total"] == model.weights.size
    assert state["source"] == "127.0.0.1, or the Python index"
    with pytest.raises(LocalModelError) as caught:
        await builtin.endpoint()
    assert caught.value.code == "local_model_missing"

    hub.fault = "slow"
    builtin.start_fetch()
    builtin.start_fetch()  # a second click changes nothing
    async with asyncio.timeout(20):
        while builtin.state()["bytes_done"] < 3000:
            await asyncio.sleep(0.01)
    state = builtin.state()
    LocalModelState.model_validate(state)
    assert (state["state"], state["source"]) == ("fetching", "127.0.0.1")
    assert len(hub.ranges) == 1

    before = time.monotonic()
    await builtin.stop_fetch()
    assert time.monotonic() - before < 10
    state = builtin.state()
    assert state["state"] == "stopped"
    assert 0 < state["bytes_done"] < model.weights.size

    hub.fault = ""
    builtin.start_fetch()
    state = await leave_fetching(builtin)
    LocalModelState.model_validate(state)
    assert (state["state"], state["bytes_done"]) == ("ready", model.weights.size)
    assert builtin.path.read_bytes() == model.data
    builtin.start_fetch()  # nothing left to do
    assert builtin.state()["state"] == "ready"
    await builtin.close()


async def test_failed_fetch_says_what_to_do(builtin: LocalModel, hub: FakeHub) -> None:
    hub.fault = "404"
    builtin.start_fetch()
    state = await leave_fetching(builtin)
    info = LocalModelState.model_validate(state)
    assert info.state == "failed"
    assert info.error is not None
    assert info.error.code == "fetch_failed"
    assert "jupyter-gpt fetch-model --model test-model --dir " in info.error.message
    hub.fault = ""
    builtin.start_fetch()
    assert (await leave_fetching(builtin))["state"] == "ready"
    await builtin.close()


async def test_close_stops_the_fetch(builtin: LocalModel, hub: FakeHub) -> None:
    hub.fault = "slow"
    builtin.start_fetch()
    async with asyncio.timeout(20):
        while builtin.state()["bytes_done"] < 1000:
            await asyncio.sleep(0.01)
    await builtin.close()
    assert builtin.state()["state"] == "stopped"
    assert part_path(builtin.path).exists()
    builtin.start_fetch()  # a closed server begins nothing
    assert builtin.state()["state"] == "stopped"
    with pytest.raises(LocalModelError):
        await builtin.endpoint()


async def test_runtime_that_is_not_installed(
    builtin: LocalModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    state = LocalModelState.model_validate(builtin.state())
    assert state.state == "unavailable"
    assert state.error is not None
    assert 'pip install "jupyterlab-gpt[local]"' in state.error.message
    with pytest.raises(LocalModelError) as caught:
        builtin.start_fetch()
    assert caught.value.code == "local_runtime_missing"
    with pytest.raises(LocalModelError) as caught:
        await builtin.endpoint()
    assert caught.value.code == "local_runtime_missing"


async def test_file_that_is_no_model(builtin: LocalModel, model: SmallModel) -> None:
    pytest.importorskip("xllamacpp")
    builtin.folder.mkdir()
    builtin.path.write_bytes(model.data)
    with pytest.raises(LocalModelError) as caught:
        await builtin.endpoint()
    assert caught.value.code == "local_model_failed"
    assert caught.value.message.startswith("The built-in model did not start (")
    assert "it gave no reason" not in caught.value.message
    assert builtin.pid is None
    await builtin.close()


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, jupyterlab_gpt.providers.local, jupyterlab_gpt.cli\n"
        "heavy = {'openai', 'pydantic', 'xllamacpp', 'tornado', 'jupyter_server', 'httpx'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_state_is_quick(builtin: LocalModel) -> None:
    started = time.perf_counter()
    for _ in range(100):
        builtin.state()
    # A look at two files: well under 1 ms each.
    assert time.perf_counter() - started < 1
    assert local._size(builtin.path) is None
