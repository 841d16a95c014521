"""Local servers, looked for on request: who answers, who does not, and that nobody is asked before.

The real routes ask real servers on loopback; `local_servers` points at them.
"""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
from traitlets import TraitError

from jupyterlab_gpt.config import GPTTraits
from jupyterlab_gpt.protocol import LocalServers
from jupyterlab_gpt.providers import discovery
from tests.fakes.provider import FakeProvider


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}/v1"


async def found(api: Any, body: Any = None) -> list[dict[str, Any]]:
    code, answer = await api("discover", "POST", {} if body is None else body)
    assert code == 200
    LocalServers.model_validate(answer)
    servers: list[dict[str, Any]] = answer["servers"]
    return servers


def looks(fake: FakeProvider) -> list[str]:
    return [entry["path"] for entry in fake.journal()]


class TestMany:
    """A street on which few doors lead to a model."""

    @pytest.fixture
    def traits(self, fake: FakeProvider, nobody: str) -> dict[str, Any]:
        doors = ("silent", "page", "moved", "endless", "empty", "unknown")
        others = [f"{fake.origin}/{door}/v1" for door in doors]
        own = f"http://localhost:{fake.port}/v1/"
        # The provider `default` is elsewhere: its list is not what is looked at here.
        return {"local_servers": [nobody, *others, own], "base_url": nobody}

    async def test_those_that_list_models_are_found(
        self, api: Any, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # What an environment says of proxies and keys is not for loopback, nor for strangers.
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-of-the-environment")
        began = time.monotonic()
        servers = await found(api)
        took = time.monotonic() - began
        assert [(s["name"], s["base_url"]) for s in servers] == [
            (f"127.0.0.1:{fake.port}", f"{fake.origin}/empty/v1"),
            (f"localhost:{fake.port}", f"http://localhost:{fake.port}/v1"),
        ]
        assert servers[0]["models"] == []
        assert "fake-gpt" in servers[1]["models"]
        assert "whisper-1" not in servers[1]["models"]
        # All at once: the silent one costs its time, and only once.
        assert discovery._TIMEOUT <= took < discovery._TIMEOUT * 2
        assert "canary" not in str(fake.journal())
        assert all(entry["method"] == "GET" for entry in fake.journal())
        # Each was asked once, and the one that sends elsewhere was not followed.
        assert sorted(looks(fake)) == sorted(
            [f"/{d}/v1/models" for d in ("silent", "page", "moved", "endless", "empty", "unknown")]
            + ["/v1/models"]
        )

    async def test_nobody_is_asked_before(self, api: Any, fake: FakeProvider) -> None:
        for path in ("status", "providers", "models", "models"):
            assert (await api(path))[0] == 200
        assert looks(fake) == []

    async def test_a_request_names_no_address(self, api: Any, fake: FakeProvider) -> None:
        before = len((await api("providers"))[1])
        servers = await found(api, {"local_servers": [f"{fake.origin}/elsewhere/v1"]})
        assert "/elsewhere/v1/models" not in looks(fake)
        assert len(servers) == 2
        assert len((await api("providers"))[1]) == before


class TestOne:
    @pytest.fixture
    def traits(self, fake: FakeProvider) -> dict[str, Any]:
        return {"local_servers": [fake.url], "allowed_models": ["fake-gpt"]}

    async def test_models_that_policy_forbids_are_not_counted(self, api: Any) -> None:
        assert (await found(api))[0]["models"] == ["fake-gpt"]

    async def test_users_are_told_where_a_look_goes(self, api: Any, fake: FakeProvider) -> None:
        policy = (await api("status"))[1]["policy"]
        assert policy["local_servers"] == [fake.url]
        assert "local_servers" in policy["set_by_administrator"]

    async def test_what_is_found_can_be_added(self, api: Any) -> None:
        server = (await found(api))[0]
        new = {"name": server["name"], "base_url": server["base_url"]}
        assert (await api("providers", "POST", new))[0] == 201


async def test_a_look_goes_to_the_makers_ports_unless_told_otherwise(api: Any) -> None:
    policy = (await api("status"))[1]["policy"]
    assert policy["local_servers"] == [
        f"http://127.0.0.1:{port}/v1" for port in (11434, 1234, 8080, 8000)
    ]
    assert "local_servers" not in policy["set_by_administrator"]


OFF = {
    "empty": ({"local_servers": []}, "feature_disabled"),
    "locked": ({"locked": True}, "locked"),
    "not allowed": ({"allowed_base_urls": ["https://gateway.example/v1"]}, "feature_disabled"),
}


class TestOff:
    @pytest.fixture(params=OFF)
    def off(self, request: Any) -> tuple[dict[str, Any], str]:
        return OFF[request.param]

    @pytest.fixture
    def traits(self, off: tuple[dict[str, Any], str], fake: FakeProvider) -> dict[str, Any]:
        return {"local_servers": [f"{fake.origin}/door/v1"], **off[0]}

    async def test_nobody_is_asked(
        self, api: Any, off: tuple[dict[str, Any], str], fake: FakeProvider
    ) -> None:
        assert (await api("status"))[1]["policy"]["local_servers"] == []
        code, error = await api("discover", "POST", {})
        assert (code, error["code"]) == (403, off[1])
        assert looks(fake) == []


@pytest.mark.parametrize(
    "address",
    [
        *("http://10.0.0.1:11434/v1", "http://169.254.169.254/v1", "http://example.org/v1"),
        *("http://localhost.example.org/v1", "http://127.0.0.1@example.org/v1", "//127.0.0.1/v1"),
        *("ftp://127.0.0.1/v1", "http://127.0.0.1:x/v1", "http://0.0.0.0:8000/v1", ""),
    ],
)
def test_only_loopback_is_taken(address: str) -> None:
    with pytest.raises(TraitError, match="local_servers"):
        GPTTraits(local_servers=[address])


def test_loopback_is_taken() -> None:
    for address in ("http://localhost:1/v1", "http://[::1]:2/v1", "https://127.9.9.9/v1"):
        assert GPTTraits(local_servers=[address]).local_servers == [address]
    with pytest.raises(TraitError, match="local_servers"):
        GPTTraits(local_servers=["http://localhost:1/v1"] * 17)
