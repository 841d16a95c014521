"""The hub's environment is made by scripts/test-hub.sh; without it there is nothing to run."""

import os

collect_ignore_glob = [] if os.environ.get("GPT_HUB") else ["test_*.py"]
