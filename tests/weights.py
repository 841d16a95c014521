"""The small model's weights, fetched once and kept between runs of the tests.

Used by the tests marked `weights`, and as ``python -m tests.weights`` by the browser
tests, which prints the folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from jupyterlab_gpt.providers.fetch import Fetch
from jupyterlab_gpt.providers.weights import MODELS

SMALL_MODEL = "smollm2-135m"


def fetch_small_weights() -> Path:
    """The folder with the small model's weights; they are fetched if they are not there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "jupyterlab-gpt" / "models"
    weights = MODELS[SMALL_MODEL]
    target = folder / weights.file
    if not target.is_file() or target.stat().st_size != weights.size:
        Fetch(weights, target).run()
    return folder


@pytest.fixture(scope="session")
def weights_folder() -> Path:
    """Folder with the real weights of the small model."""
    return fetch_small_weights()


if __name__ == "__main__":
    sys.stdout.write(f"{fetch_small_weights()}\n")
