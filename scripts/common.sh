# Sourced by the scripts beside it: where things are, and how to say that one is missing.
# shellcheck shell=sh
ROOT=$(cd "$(dirname "$0")/.." && pwd)
VENV=${GPT_VENV:-$ROOT/.venv}
STAMPS=$ROOT/.cache/stamps
PATH=$VENV/bin:$PATH
export PATH
# pip's remark about its own version is noise in the middle of ours.
PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_DISABLE_PIP_VERSION_CHECK

say() {
  printf '%s\n' "jupyterlab-gpt: $*" >&2
}

die() {
  say "$*"
  exit 1
}

# A line that changes when one of these files does.
fingerprint() {
  find "$@" -type f 2>/dev/null | LC_ALL=C sort | xargs cksum | cksum
}

# done_before NAME FINGERPRINT: whether the step NAME was done for exactly this.
done_before() {
  [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]
}

mark_done() {
  mkdir -p "$STAMPS"
  printf '%s\n' "$2" >"$STAMPS/$1"
}

# quietly NAME COMMAND…: keep what it prints in .cache/NAME.log, and show its end if it fails.
quietly() {
  log=$ROOT/.cache/$1.log
  shift
  mkdir -p "$ROOT/.cache"
  "$@" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    die "that failed; the whole of what it said is in $log"
  }
}
