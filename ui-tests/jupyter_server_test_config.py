"""Server of the Galata tests: no authentication at all, as Galata needs it."""

import os
import sys
from pathlib import Path

from jupyterlab.galata import configure_jupyter_server

sys.path.insert(0, str(Path(__file__).parent))

from server_config import configure

c = get_config()  # noqa: F821
configure_jupyter_server(c)
configure(c, "galata")
# Kernels of other languages, for what cannot be asked of them; their names come after Python's,
# which is what a new notebook offers first.
os.environ["JUPYTER_PATH"] = str(Path(__file__).parent / "share")
# A kernel that dies stays dead at once, and not after five restarts.
c.KernelRestarter.restart_limit = 0
c.KernelRestarter.time_to_dead = 0.5
