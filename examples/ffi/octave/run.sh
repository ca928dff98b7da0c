#!/bin/sh
# Builds the functions for Octave and runs the scenario; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    octave-cli --version | sed -nE '1s/.* version ([0-9.]+).*/\1/p'
    exit
fi
. "$(dirname "$0")/../setup.sh"
# shellcheck disable=SC2046
mkoctfile -Wall -o "$OUT/afina.oct" afina.cc $(pkg-config --cflags --libs afina)
exec octave-cli --norc --quiet --path "$OUT" scenario.m
