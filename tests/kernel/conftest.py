"""One server and one kernel for the tests of a file: each takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.provider import FakeProvider
from tests.kernel.support import Kernel, Server


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(fake: FakeProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"), fake.url)
    yield server
    server.close()


@pytest.fixture(scope="module")
def shared_kernel(server: Server) -> Iterator[Kernel]:
    kernel = Kernel(server, "notes.ipynb")
    loaded = kernel.run("%load_ext jupyterlab_gpt")
    assert (loaded.status, loaded.outputs, loaded.streams) == ("ok", {}, "")
    yield kernel
    kernel.close()


@pytest.fixture
def kernel(shared_kernel: Kernel, fake: FakeProvider) -> Kernel:
    """The kernel at rest, with nothing asked yet that a test would count."""
    fake.clear()
    return shared_kernel


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
