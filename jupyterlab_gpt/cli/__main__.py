"""``python -m jupyterlab_gpt.cli``."""

import sys

from . import main

sys.exit(main())
