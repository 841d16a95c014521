#!/bin/sh
# The browser tests; those tagged `@all` only where GPT_FAULTS=all asks for everything.
# Arguments go to Playwright. GPT_UI_LANES=2 runs two at a time, for a machine with more cores.
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
if [ "${GPT_FAULTS:-}" != all ]; then
  export GPT_UI_SAMPLE=1
fi
jlpm playwright test
if [ "${GPT_UI_LANES:-1}" -gt 1 ]; then
  GPT_UI_LANES=1 jlpm playwright test speed.spec.ts
fi
