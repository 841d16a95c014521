"""The extension: its traits from the command line, its key from the environment, its end."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

import jupyterlab_gpt
from jupyterlab_gpt.app import GPTExtension


@pytest.fixture
def jp_server_config() -> Config:
    return Config({"ServerApp": {"jpserver_extensions": {"jupyterlab_gpt": True}}})


@pytest.fixture
def jp_argv(tmp_path: Path) -> list[str]:
    return [
        "--GPTExtension.base_url=http://127.0.0.1:8000/v1",
        "--GPTExtension.model=some-model",
        f"--GPTExtension.data_dir={tmp_path / 'own'}",
        "--GPTExtension.turns_per_minute=7",
        "--GPTExtension.locked=True",
        "--GPTExtension.idle_timeout=12.5",
    ]


@pytest.fixture
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERLAB_GPT_API_KEY", "sk-canary-administrator")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-user")


def of(app: Any) -> GPTExtension:
    extension = app.extension_manager.extension_points["jupyterlab_gpt"].app
    assert isinstance(extension, GPTExtension)
    return extension


def test_what_jupyter_looks_for() -> None:
    (paths,) = jupyterlab_gpt._jupyter_labextension_paths()
    assert paths == {"src": "labextension", "dest": "jupyterlab-gpt"}
    (point,) = jupyterlab_gpt._jupyter_server_extension_points()
    assert point == {"module": "jupyterlab_gpt.app", "app": GPTExtension}
    assert GPTExtension.name == "jupyterlab_gpt"
    assert jupyterlab_gpt.__version__


def test_traits_from_the_command_line(jp_serverapp: Any, tmp_path: Path) -> None:
    extension = of(jp_serverapp)
    assert extension.model == "some-model"
    assert extension.limits().idle_timeout == 12.5
    services = jp_serverapp.web_app.settings["jupyterlab_gpt_services"]
    assert services.db.path == tmp_path / "own" / "gpt.sqlite"
    assert services.policy["locked"] is True
    told = {"base_url", "model", "locked", "turns_per_minute"}
    assert set(services.policy["set_by_administrator"]) == told
    assert not (tmp_path / "own").exists()  # nothing is opened before it is needed


@pytest.mark.usefixtures("own_key")
def test_the_administrators_key_leaves_the_environment(jp_configurable_serverapp: Any) -> None:
    app = jp_configurable_serverapp()
    assert "JUPYTERLAB_GPT_API_KEY" not in os.environ
    assert os.environ["OPENAI_API_KEY"] == "sk-canary-user"
    services = app.web_app.settings["jupyterlab_gpt_services"]
    info = services.keys.info("local", "default", "127.0.0.1:8000")
    assert info == {"set": True, "last4": "ator", "source": "administrator"}
    assert services.keys.get("local", "default", "api.openai.com") == "sk-canary-user"
    assert "canary" not in repr(app.web_app.settings)


async def test_the_database_is_closed_with_the_server(jp_serverapp: Any, tmp_path: Path) -> None:
    services = jp_serverapp.web_app.settings["jupyterlab_gpt_services"]
    await services.db.open()
    await of(jp_serverapp).stop_extension()
    assert not services.db.is_open
    with sqlite3.connect(tmp_path / "own" / "gpt.sqlite") as db:
        assert db.execute("SELECT count(*) FROM servers").fetchone() == (0,)


def test_a_wrong_base_url_does_not_stop_the_server(jp_configurable_serverapp: Any) -> None:
    app = jp_configurable_serverapp(argv=["--GPTExtension.base_url=http://169.254.169.254/"])
    assert of(app)


def test_default_data_dir(jp_configurable_serverapp: Any, jp_data_dir: Path) -> None:
    app = jp_configurable_serverapp(argv=[])
    assert of(app).data_dir == str(jp_data_dir / "gpt")


def test_the_timeouts_that_people_meet() -> None:
    """What faults.md states; the tests of the faults themselves set shorter ones."""
    traits = GPTExtension.class_traits()
    stated = {"connect": 5, "headers": 60, "idle": 60, "total": 15 * 60}
    assert {name: traits[f"{name}_timeout"].default() for name in stated} == stated
