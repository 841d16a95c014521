"""Server of the tests of reload, login and second browser: token, as users have it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from server_config import configure

c = get_config()  # noqa: F821
home = configure(c, "auth")
(home / "work").mkdir()
c.ServerApp.root_dir = str(home / "work")
c.IdentityProvider.token = "test-token"
c.ServerApp.allow_unauthenticated_access = False
c.LabApp.expose_app_in_browser = True
