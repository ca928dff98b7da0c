#!/bin/sh
# Runs the scenario with LuaJIT; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    luajit -v | cut -d' ' -f2
    exit
fi
. "$(dirname "$0")/../setup.sh"
# LuaJIT's ffi.cdef() takes the header as it is, once the preprocessor has read it.
cpp -P "$(pkg-config --variable=includedir afina)/afina.h" >"$OUT/afina.cdef"
exec luajit scenario.lua "$OUT/afina.cdef"
