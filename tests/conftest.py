"""What all tests share: Jupyter Server's own fixtures, and nothing of the user's machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# A fixed sample, the same on each run; no deadline, which a busy machine would miss.
settings.register_profile("sample", max_examples=40, deadline=None, derandomize=True, database=None)
settings.load_profile("sample")

pytest_plugins = ["pytest_jupyter.jupyter_server"]

# What would change a test by being set on the machine that runs it.
_FOREIGN = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "JUPYTERLAB_GPT_API_KEY")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _FOREIGN:
        monkeypatch.delenv(name, raising=False)
    # A desktop's keyring is the user's: no test reads it or writes to it.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture(scope="session")
def nursery() -> Iterator[Any]:
    """Servers as processes of their own that start in a moment; one for all folders of tests."""
    from tests.durability.server import Nursery

    one = Nursery()
    yield one
    one.close()
