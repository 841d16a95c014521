"""What `make lab` sets: a working folder of its own, and no questions to the network."""

import json
import os
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821 (Jupyter defines it)
home = Path(os.environ["GPT_LAB_DIR"])
settings = home / "app-settings"
settings.mkdir(exist_ok=True)
# Else a question about news covers the corner at the first start.
(settings / "overrides.json").write_text(
    json.dumps({"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}})
)
c.ServerApp.root_dir = str(home / "work")
c.LabApp.app_settings_dir = str(settings)
c.LabApp.news_url = None
c.LabApp.extension_manager = "readonly"
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
