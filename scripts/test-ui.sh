#!/bin/sh
# The browser tests: in two lanes, since they wait more than they work, then those that measure,
# with the machine for themselves. Arguments go to Playwright, in one lane.
set -eu
. "$(dirname "$0")/common.sh"
CHROMIUM=$("$ROOT/scripts/browser.sh")
cd "$ROOT"
GPT_UI_MODELS=$(python -m tests.weights)
export CHROMIUM GPT_UI_MODELS
cd ui-tests
jlpm install --immutable
if [ $# -gt 0 ]; then
  exec jlpm playwright test "$@"
fi
GPT_UI_LANES=2 jlpm playwright test
jlpm playwright test speed.spec.ts
