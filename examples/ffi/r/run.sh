#!/bin/sh
# Builds the glue and runs the scenario with R; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    R --version | sed -nE '1s/^R version ([0-9.]+).*/\1/p'
    exit
fi
. "$(dirname "$0")/../setup.sh"
cp glue.c "$OUT"
PKG_CPPFLAGS=$(pkg-config --cflags afina)
PKG_LIBS=$(pkg-config --libs afina)
export PKG_CPPFLAGS PKG_LIBS
(cd "$OUT" && R CMD SHLIB --output=glue.so glue.c >&2)
exec Rscript --vanilla scenario.R "$OUT/glue.so"
