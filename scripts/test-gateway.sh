#!/usr/bin/env bash
# Two users through two of our servers and one real LiteLLM proxy, in front of the fake provider.
# The proxy has an environment of its own under .cache/gateway (740 MB, minutes to install).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh
environment "$PWD/.cache/gateway/venv" "litellm[proxy]==1.108.7"
export GPT_GATEWAY="$PWD/.cache/gateway"
exec pytest -s -q tests/gateway "$@"
