#!/usr/bin/env bash
# Browser tests on the oldest JupyterLab that we support, and on Notebook 7.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh

environment lab "jupyterlab==4.4.0"
environment notebook "notebook>=7.6,<8"

export GPT_COMPAT_LAB="$cache/lab/bin" GPT_COMPAT_NOTEBOOK="$cache/notebook/bin"
cd ui-tests
jlpm playwright test --config compat.config.js "$@"
