#!/bin/sh
# Builds the scenario with cargo and runs it; --version says with which compiler.
set -eu
if [ "${1:-}" = --version ]; then
    rustc --version | cut -d' ' -f2
    exit
fi
. "$(dirname "$0")/../setup.sh"
cargo build --quiet --locked --offline --target-dir "$OUT"
exec "$OUT/debug/scenario"
