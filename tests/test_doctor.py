"""`jupyter-gpt doctor` against real servers, certificates and files: it names what is wrong."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt import cli
from jupyterlab_gpt.store.database import Database
from tests.fakes.corporate import Authority
from tests.fakes.provider import FakeProvider

Doctor = Callable[..., tuple[int, str]]


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


@pytest.fixture
def doctor(
    tmp_path: Path,
    fake: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Doctor:
    """`doctor(trait=…)` → exit code and what it printed; only `tmp_path` is looked at."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr("jupyterlab_gpt.cli.configuration.jupyter_config_path", lambda: [folder])
    folder = str(tmp_path / "config")
    Path(folder).mkdir()

    def run(lines: str = "", **traits: Any) -> tuple[int, str]:
        given = {"base_url": fake.url, "model": "fake-gpt", **traits}
        text = "".join(f"c.GPTExtension.{name} = {value!r}\n" for name, value in given.items())
        (Path(folder) / "jupyter_server_config.py").write_text(text + lines)
        code = cli.main(["doctor"])
        return code, capsys.readouterr().out

    return run


def line(printed: str, about: str) -> str:
    """A finding with its advice, in one line."""
    lines = printed.splitlines()
    at = next(i for i, one in enumerate(lines) if one[5:].startswith(about))
    advice = lines[at + 1].strip() if "→" in lines[at + 1] else ""
    return f"{lines[at]} {advice}"


def test_all_is_well(
    doctor: Doctor, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JUPYTERLAB_GPT_API_KEY", "sk-canary-doctor-0123456789")
    code, said = doctor()
    assert code == 0, said
    assert "from the environment's JUPYTERLAB_GPT_API_KEY, ends in …6789" in line(said, "key")
    assert "sk-canary-doctor" not in said
    assert "models" in line(said, "endpoint")
    assert "fake-gpt" in line(said, "model")
    assert "not known" in line(said, "price")
    assert "made at first use" in line(said, "database")
    (asked,) = fake.journal()
    assert asked["path"] == "/v1/models"
    # It looks, and makes nothing.
    assert not list(tmp_path.rglob("gpt"))
    assert os.environ["JUPYTERLAB_GPT_API_KEY"]


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ("c.GPTExtension.disabled_features = ['telepathy']", "disabled_features"),
        ("c.GPTExtension.monthly_cap_usd = 'much'", "monthly_cap_usd"),
        ("c.GPTExtension.allowed_model = ['x']", "do you mean allowed_models?"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_wrong_configuration_is_named(doctor: Doctor, lines: str, named: str) -> None:
    code, said = doctor(lines)
    assert code == 1
    assert line(said, "configuration").startswith("BAD")
    assert named in line(said, "configuration")


def test_an_unreachable_gateway(doctor: Doctor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code, said = doctor(base_url=f"http://127.0.0.1:{port}/v1")
    assert code == 1
    assert f"127.0.0.1:{port}" in line(said, "endpoint")
    assert "Nothing listens there" in line(said, "endpoint")


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("http://169.254.169.254/v1", "link-local"),
        ("ftp://gateway/v1", "http:// or https://"),
    ],
)
def test_an_address_that_is_none(doctor: Doctor, url: str, advice: str) -> None:
    code, said = doctor(base_url=url)
    assert code == 1
    assert advice in line(said, "address")


def test_a_refused_key(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERLAB_GPT_API_KEY", "sk-refused-0123456789")
    code, said = doctor()
    assert code == 1
    bad = next(one for one in said.splitlines() if one.startswith("BAD"))
    assert "401" in bad
    assert "The key is refused" in said
    assert "sk-refused-" not in said


def test_no_key_for_openai_sends_nothing(doctor: Doctor) -> None:
    code, said = doctor(base_url="", model="")
    assert code == 1
    assert line(said, "key").startswith("BAD")
    assert "JUPYTERLAB_GPT_API_KEY" in line(said, "key")


def test_a_model_that_is_not_allowed_or_not_there(doctor: Doctor) -> None:
    code, said = doctor(allowed_models=["gpt-6-*"])
    assert code == 1
    assert "fake-gpt is not among GPTExtension.allowed_models" in line(said, "model")
    code, said = doctor(model="gpt-9")
    assert code == 1
    assert "does not list gpt-9" in line(said, "model")


def test_a_cap_without_a_price(doctor: Doctor) -> None:
    code, said = doctor(monthly_cap_usd=5)
    assert code == 1
    assert "nothing is sent" in line(said, "price")
    code, said = doctor(monthly_cap_usd=5, prices={"fake-*": {"input": 2, "output": 8}})
    assert code == 0, said
    assert "$2 in, $8 out" in line(said, "price")


def test_certificates(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    with FakeProvider(tls=authority.server_context()) as secure:
        url = secure.url.replace("http:", "https:")
        code, said = doctor(base_url=url)
        assert code == 1
        assert "Set SSL_CERT_FILE" in line(said, "endpoint")
        assert "unable to get local issuer" in line(said, "endpoint")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.bundle))
        code, said = doctor(base_url=url)
        assert code == 0, said
        assert f"REQUESTS_CA_BUNDLE={authority.bundle}" in line(said, "certificates")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
        code, said = doctor(base_url=url)
        assert code == 1
        assert "gone.pem: there is no such file" in line(said, "certificates")


def test_a_client_certificate(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    with FakeProvider(tls=authority.server_context(wants_client=True)) as strict:
        url = strict.url.replace("http:", "https:")
        code, said = doctor(base_url=url)
        assert code == 1
        assert "it wants a client certificate" in said
        code, said = doctor(base_url=url, **authority.files())
        assert code == 0, said


def test_a_proxy_that_is_not_there(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:canary@127.0.0.1:{port}")
    code, said = doctor(base_url="https://gateway.test/v1")
    assert code == 1
    assert f"127.0.0.1:{port} cannot be reached" in line(said, "proxy")
    assert "canary" not in said


async def _made(path: Path) -> None:
    db = Database(path)
    await db.read(lambda conn: conn.execute("SELECT 1").fetchone())
    await db.close()


async def test_database_and_folder(doctor: Doctor, tmp_path: Path) -> None:
    data = tmp_path / "data"
    await _made(data / "gpt.sqlite")
    import asyncio

    async def run(**traits: Any) -> tuple[int, str]:
        return await asyncio.to_thread(doctor, data_dir=str(data), **traits)

    code, said = await run()
    assert code == 0, said
    assert "journal mode wal, no damage" in line(said, "database")
    data.chmod(0o755)
    code, said = await run()
    assert code == 1
    assert f"chmod 700 {data}" in line(said, "folder")
    data.chmod(0o700)
    with sqlite3.connect(data / "gpt.sqlite") as conn:
        conn.execute("PRAGMA user_version = 999")
    conn.close()
    code, said = await run()
    assert code == 1
    assert "newer version" in line(said, "database")
    (data / "gpt.sqlite").write_bytes(b"no database at all" * 100)
    code, said = await run()
    assert code == 1
    assert line(said, "database").startswith("BAD")
