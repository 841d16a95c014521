#!/usr/bin/env bash
# Measure JupyterLab GPT, on loopback, as users get it: our wheel in an environment of its own under
# .cache/bench, and JupyterLab without it beside that. See benchmarks/README.md.
#   scripts/bench.sh [PART…]     stream, server, start; all without arguments
# BENCH_REPEATS=5 runs of each, of which the median counts; BENCH_QUICK=1 proves in a few minutes
# that everything works, and writes its figures under .cache/bench; BENCH_PEERS=0 leaves the other
# assistants out.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh
cache="$PWD/.cache/bench"
CHROMIUM=${CHROMIUM:-$(scripts/browser.sh)}
export CHROMIUM BENCH_PORT=${BENCH_PORT:-20800}
export BENCH_LAB="$cache/lab/bin" BENCH_PLAIN="$cache/plain/bin"
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(stream server start)

if [ "${BENCH_QUICK:-}" ]; then
  export BENCH_REPEATS=${BENCH_REPEATS:-1} BENCH_RESULTS="$cache/results"
else
  export BENCH_REPEATS=${BENCH_REPEATS:-5} BENCH_RESULTS="$PWD/benchmarks/results"
fi
mkdir -p "$BENCH_RESULTS"

# Built anew only when something changed: a build just before would heat the machine.
made="$(git rev-parse HEAD) $(git status --porcelain src style schema jupyterlab_gpt | cksum)"
if [ "$(cat "$cache/made-of" 2>/dev/null)" != "$made" ]; then
  jlpm build:prod
  build_wheel "$cache"
  environment "$cache/plain" "jupyterlab==4.6.6"
  environment "$cache/lab" "jupyterlab==4.6.6"
  put_wheel "$cache/lab"
  printf '%s' "$made" >"$cache/made-of"
fi

# The other assistants, of the versions that docs/comparison.md tells of.
if [ "${BENCH_PEERS:-}" != 0 ]; then
  export BENCH_PEERS="$cache/peers"
  environment "$BENCH_PEERS/jupyterlite-ai" "jupyterlab==4.6.6" "jupyterlite-ai==0.20.1"
  environment "$BENCH_PEERS/notebook-intelligence" "jupyterlab==4.6.6" "notebook-intelligence==6.2.0"
else
  unset BENCH_PEERS
fi

for part in "${parts[@]}"; do
  case $part in
    stream) node benchmarks/stream/live.mjs ;;
    server) python -m benchmarks.server ;;
    start)
      python -m benchmarks.start
      node benchmarks/start/page.mjs
      ;;
    *)
      echo "bench: no part is called $part; there are stream, server, start" >&2
      exit 2
      ;;
  esac
done

python -m benchmarks.report
if [ -z "${BENCH_QUICK:-}" ]; then
  npx prettier --write --log-level warn docs/performance.md
fi
