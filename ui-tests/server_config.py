"""What the two servers of the browser tests share: quiet, on loopback, a home of their own."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def configure(c: Any, name: str) -> Path:
    """Set up a server that asks the network nothing and leaves the user's home alone.

    Parameters
    ----------
    c
        The configuration object of the file that calls.
    name
        Of the server's folder.

    Returns
    -------
    Path
        The server's own folder, new at each start.
    """
    home = Path(tempfile.mkdtemp(prefix=f"jupyterlab-gpt-{name}-"))
    settings = home / "app-settings"
    settings.mkdir()
    (settings / "overrides.json").write_text(
        json.dumps({"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}})
    )
    c.ServerApp.ip = "127.0.0.1"
    c.ServerApp.port_retries = 0
    c.ServerApp.open_browser = False
    # Continuous integration runs as root in a container: else Jupyter refuses to start.
    c.ServerApp.allow_root = True
    c.LabApp.news_url = None
    c.LabApp.extension_manager = "readonly"
    c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    c.LabApp.app_settings_dir = str(settings)
    c.LabApp.user_settings_dir = str(home / "user-settings")
    c.LabApp.workspaces_dir = str(home / "workspaces")
    c.GPTExtension.data_dir = str(home / "gpt")
    provider = os.environ.get("GPT_PROVIDER_URL", "http://127.0.0.1:18890")
    c.GPTExtension.base_url = f"{provider}/v1"
    c.GPTExtension.model = "fake-gpt"
    c.GPTExtension.turns_per_minute = 0
    # What a look for local servers asks: the provider itself, one that a test starts in its lane's
    # ports (ui-tests/tests/localserver.ts), and a port where nobody listens.
    beside = urlsplit(provider)._replace(path="/v1")
    beside = beside._replace(netloc=f"127.0.0.1:{(beside.port or 0) + 6}")
    c.GPTExtension.local_servers = [f"{provider}/v1", beside.geturl(), "http://127.0.0.1:9/v1"]
    # The long answers of the fake are longer than what a user would wait, and pay, for.
    c.GPTExtension.reply_tokens_reasoning = 200_000
    # The built-in model of the tests goes on until it is stopped.
    c.GPTExtension.reply_tokens = 200
    c.GPTExtension.local_model_dir = os.environ.get("GPT_UI_MODELS", str(home / "models"))
    c.GPTExtension.local_model = "smollm2-135m"
    return home
