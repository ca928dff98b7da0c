#!/usr/bin/env bash
# Callbacks in Python by ctypes alone, which swallows exceptions: none becomes a result.
. tests/house/lib.bash
export OPENBLAS_NUM_THREADS=1

check "an exception that ctypes swallowed is never a result" python3 tests/guest/raw_callbacks.py "$(realpath "$LIB/libafina.so")"
finish
