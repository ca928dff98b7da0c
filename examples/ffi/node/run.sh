#!/bin/sh
# Installs koffi and runs the scenario with Node; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    node --version
    exit
fi
. "$(dirname "$0")/../setup.sh"
cp package.json package-lock.json afina.mjs scenario.mjs "$OUT"
cd "$OUT"
npm ci --ignore-scripts --prefer-offline --no-audit --no-fund >&2
exec node scenario.mjs
