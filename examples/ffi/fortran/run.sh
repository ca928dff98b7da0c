#!/bin/sh
# Builds the scenario with gfortran and runs it; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    gfortran -dumpfullversion
    exit
fi
. "$(dirname "$0")/../setup.sh"
# gfortran 12 takes what it makes of allocatable variables for uninitialized.
# shellcheck disable=SC2046
gfortran -std=f2008 -O2 -ffp-contract=off -Wall -Wextra -Wno-uninitialized -J "$OUT" -o "$OUT/scenario" \
    afina.f90 scenario.f90 $(pkg-config --libs afina)
exec "$OUT/scenario"
