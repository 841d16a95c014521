#!/bin/sh
# Write requirements/dev.txt anew: one set of versions for Python 3.11 to 3.14 on every system.
# Needs `uv` (pip install uv). The file names no host, so that any index can serve it.
set -eu
cd "$(dirname "$0")/.."
{
  echo '# Written by scripts/lock.sh; do not edit.'
  uv pip compile --quiet --universal --python-version 3.11 \
    --extra local --extra test --extra dev \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    pyproject.toml requirements/build.in
} > requirements/dev.txt.new
mv requirements/dev.txt.new requirements/dev.txt
