#!/bin/sh
# Print the path of a Chromium or Chrome for the browser tests; install one where that is
# allowed without asking, else say in one sentence what to do.
set -eu
. "$(dirname "$0")/common.sh"

find_browser() {
  for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    # On Ubuntu `chromium-browser` may be a mere hint at snap: only one that runs counts.
    if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

find_browser && exit
if [ "$(id -u)" = 0 ]; then
  as_root=
elif sudo -n true 2>/dev/null; then
  as_root='sudo -n'
else
  as_root=no
fi
if [ "$as_root" != no ] && command -v apt-get >/dev/null; then
  say "installing Chromium for the browser tests"
  {
    $as_root apt-get -o DPkg::Lock::Timeout=300 update -qq &&
      $as_root apt-get -o DPkg::Lock::Timeout=300 install -y -qq chromium
  } >&2 || true
  find_browser && exit
fi
die "the browser tests need Chromium: sudo apt-get install -y chromium (Ubuntu: sudo snap install chromium), or set CHROMIUM to the path of a Chrome"
