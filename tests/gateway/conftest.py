"""scripts/test-gateway.sh makes the gateway's environment; without it nothing runs."""

import os

collect_ignore_glob = [] if os.environ.get("GPT_GATEWAY") else ["test_*.py"]
