#!/usr/bin/env bash
# The documentation as pages, under .cache/docs/html; a warning is an error.
# Sphinx has an environment of its own under .cache/docs (130 MB).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh
environment "$PWD/.cache/docs/venv" sphinx==9.0.4 myst-parser==5.2.0 pydata-sphinx-theme==0.24.0
exec .cache/docs/venv/bin/sphinx-build --fail-on-warning --keep-going --quiet \
  -c docs -d .cache/docs/trees . .cache/docs/html "$@"
