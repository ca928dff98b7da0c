#!/bin/sh
# Builds the scenario and runs it; --version says with what.
set -eu
if [ "${1:-}" = --version ]; then
    ${CC:-cc} -dumpfullversion
    exit
fi
. "$(dirname "$0")/../setup.sh"
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -O2 -ffp-contract=off -Wall -Wextra -o "$OUT/scenario" scenario.c $(pkg-config --cflags --libs afina)
exec "$OUT/scenario"
