"""Server of the Galata tests: no authentication at all, as Galata needs it."""

import sys
from pathlib import Path

from jupyterlab.galata import configure_jupyter_server

sys.path.insert(0, str(Path(__file__).parent))

from server_config import configure

c = get_config()  # noqa: F821
configure_jupyter_server(c)
configure(c, "galata")
