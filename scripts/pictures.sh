#!/bin/sh
# Take the pictures of the documentation anew, into docs/images: the browser tests that take one.
set -eu
export GPT_DOC_PICTURES=1
exec "$(dirname "$0")/test-ui.sh" --grep @picture "$@"
