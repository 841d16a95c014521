"""Two users through two of our servers and one real LiteLLM proxy: its cost is what we book."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.durability.server import Server
from tests.fakes.behaviours import markdown_answer
from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import submit
from tests.hub.test_hub import ROOT, free_ports
from tests.providers.support import ask

HERE = Path(__file__).parent
VENV = Path(os.environ.get("GPT_GATEWAY", "")) / "venv"
# LiteLLM imports for 10 s on an idle machine.
PATIENCE = 240.0
UPSTREAM = "sk-upstream-0123456789"
# USD per token: no table has these.
INPUT, OUTPUT = Decimal("0.000002"), Decimal("0.000008")

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def gateway(fake: FakeProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The configuration that we ship, with the fake as its model and no database."""
    folder = tmp_path_factory.mktemp("gateway")
    config = yaml.safe_load((ROOT / "deploy/hub/litellm.yaml").read_text())
    config["model_list"] = [
        {
            "model_name": "fake-gpt",
            "litellm_params": {
                "model": "openai/fake-gpt",
                "api_base": fake.url,
                "api_key": UPSTREAM,
                "input_cost_per_token": float(INPUT),
                "output_cost_per_token": float(OUTPUT),
            },
        }
    ]
    del config["general_settings"]["database_url"]
    config["general_settings"]["custom_auth"] = "custom_auth.user_api_key_auth"
    (folder / "litellm.yaml").write_text(yaml.safe_dump(config))
    shutil.copy(HERE / "custom_auth.py", folder)
    (port,) = free_ports(1)
    environment = {
        "PATH": f"{VENV}/bin:{os.environ['PATH']}",
        "HOME": str(folder),
        "LITELLM_MASTER_KEY": "sk-master-0123456789abcdef",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    command = ["litellm", "--config", "litellm.yaml", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            executable=VENV / "bin/litellm",
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{url}/health/liveliness", timeout=5).close()
            break
        except OSError:
            assert process.poll() is None, (folder / "log").read_text()[-3000:]
            assert time.monotonic() < deadline, (folder / "log").read_text()[-3000:]
            time.sleep(0.5)
    yield f"{url}/v1"
    process.terminate()
    process.wait(60)


def server(home: Path, gateway: str, key: str, monkeypatch: pytest.MonkeyPatch) -> Server:
    home.mkdir()
    monkeypatch.setenv("JUPYTERLAB_GPT_API_KEY", key)
    return Server(home, gateway, traits={"model": "fake-gpt", "locked": True})


def booked(database: Path) -> list[dict[str, Any]]:
    conn = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    conn.row_factory = sqlite3.Row
    rows = [dict(row) for row in conn.execute("SELECT * FROM calls ORDER BY id")]
    conn.close()
    return rows


async def one_question(who: Server, text: str) -> tuple[dict[str, Any], str, float]:
    client, asked = await who.connect(), submit(text)
    begun = time.monotonic()
    await client.send(asked)
    end = await client.end(asked)
    return end, client.text(asked), time.monotonic() - begun


async def test_two_users_through_two_servers(
    gateway: str, fake: FakeProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {name: f"sk-canary-{name}-0123456789" for name in ("ada", "bob")}
    servers = {}
    try:
        for name, key in keys.items():
            servers[name] = server(tmp_path / name, gateway, key, monkeypatch)
            await servers[name].start()
        ends = dict(
            zip(
                keys,
                await asyncio.gather(*(one_question(servers[n], f"I am {n}") for n in keys)),
                strict=True,
            )
        )
        print("\nuser  tokens in/out  the gateway's cost  booked by us   source    seconds")
        for name, (end, text, took) in ends.items():
            assert end["type"] == "finished", end
            assert text == markdown_answer(f"I am {name}")
            (row,) = booked(servers[name].database)
            cost = row["input"] * INPUT + row["output"] * OUTPUT
            assert row["cost_source"] == "provider"
            assert Decimal(row["cost_nano"]) == cost * 10**9
            assert Decimal(end["cost"]["usd"]) == cost
            assert end["cost"]["estimated"] is False
            print(
                f"{name:5} {row['input']:6}/{row['output']:<7} ${cost:<17} "
                f"${Decimal(row['cost_nano']) / 10**9:<13} {row['cost_source']:9} {took:.2f}"
            )
            items = (await servers[name].get("conversations"))["items"]
            assert [one["title"] for one in items] == [f"I am {name}"]
        # The gateway's own key goes upstream, and no user's.
        sent = [entry["headers"]["authorization"] for entry in fake.asked()]
        assert sent == [f"Bearer {UPSTREAM}"] * 2
    finally:
        for one in servers.values():
            one.close()


async def test_a_key_that_the_gateway_does_not_know(
    gateway: str, fake: FakeProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.clear()
    stranger = server(tmp_path / "eve", gateway, "sk-canary-eve-0123456789", monkeypatch)
    try:
        await stranger.start()
        end, _, _ = await one_question(stranger, "Let me in")
        print(f"eve   {end['code']}: {end['message'][:90]}")
        assert (end["type"], end["code"]) == ("failed", "provider_auth")
        assert "canary" not in str(end)
        assert not fake.asked()
    finally:
        stranger.close()


async def test_what_the_gateway_adds(gateway: str, fake: FakeProvider) -> None:
    """Figures for the guide; held only to what a user would not wait for."""
    medians = {}
    for name, url in (("straight", fake.url), ("gateway", gateway)):
        took = []
        for _ in range(21):
            begun = time.perf_counter()
            seen = await ask(url, "fake-gpt", key="sk-canary-ada-0123456789")
            assert seen.error is None
            took.append(time.perf_counter() - begun)
        medians[name] = sorted(took)[10] * 1000
    print(
        f"an answer of 24 chunks: {medians['straight']:.0f} ms straight, "
        f"{medians['gateway']:.0f} ms through the gateway (medians of 21)"
    )
    assert medians["gateway"] - medians["straight"] < 3000
