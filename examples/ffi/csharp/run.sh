#!/bin/sh
# Compiles the scenario and runs it with Mono; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    mono --version | sed -nE '1s/.* version ([0-9.]+).*/\1/p'
    exit
fi
. "$(dirname "$0")/../setup.sh"
mcs -warnaserror -out:"$OUT/scenario.exe" Afina.cs Scenario.cs
exec mono "$OUT/scenario.exe"
