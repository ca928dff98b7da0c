#!/usr/bin/env bash
# The headers are read without a flag by the parsers that bindings are made with: pycparser and cffi, LuaJIT's
# ffi.cdef and bindgen. A reader that is not installed is passed over, except in CI.
. tests/house/lib.bash

# missing NAME COMMAND...: 1 when the reader is there, so that it is tried.
missing() {
    local name=$1
    shift
    "$@" >/dev/null 2>&1 && return 1
    [ -z "${CI:-}" ] || check "$name is installed" false
    return 0
}

cat >"$work/read_c.py" <<'END'
import sys, pycparser
tree = pycparser.parse_file(sys.argv[1], use_cpp=True)
assert any(d.name == "afina_ask" for d in tree.ext)
END
cat >"$work/read_cdef.py" <<'END'
import subprocess, sys, cffi
ffi = cffi.FFI()
ffi.cdef(subprocess.run(["cpp", "-P", sys.argv[1]], stdout=subprocess.PIPE, check=True, text=True).stdout)
library = ffi.dlopen(sys.argv[2])
assert ffi.string(library.afina_status_name(library.AFINA_E_RANGE)) == b"AFINA_E_RANGE"
END
cat >"$work/read.lua" <<'END'
local ffi = require("ffi")
local text = io.popen("cpp -P " .. arg[1]):read("*a")
ffi.cdef(text)
local library = ffi.load(arg[2])
assert(ffi.string(library.afina_status_name(ffi.C.AFINA_E_RANGE)) == "AFINA_E_RANGE")
END

library=$PWD/$LIB/libafina.so
case $LIB in /*) library=$LIB/libafina.so ;; esac
for header in include/*.h; do
    missing pycparser python3 -c 'import pycparser' ||
        check "pycparser reads $header" python3 "$work/read_c.py" "$header"
    missing cffi python3 -c 'import cffi' ||
        check "cffi reads $header and calls the library" python3 "$work/read_cdef.py" "$header" "$library"
    missing luajit command -v luajit ||
        check "LuaJIT reads $header and calls the library" luajit "$work/read.lua" "$header" "$library"
    missing bindgen command -v bindgen ||
        check "bindgen reads $header" sh -c "bindgen $header | grep -q 'pub fn afina_ask'"
done
finish
