#!/usr/bin/env bash
# scripts/header.py reads the public headers whole: what it finds is what the
# version script and the recorded constants say, and it passes nothing over.
. tests/house/lib.bash
export LC_ALL=C

python3 scripts/header.py include/*.h >"$work/found"
awk '$1 == "function" { print $2 }' "$work/found" | sort >"$work/functions"
sed -n 's/^ *\([a-z][a-z0-9_]*\);$/\1/p' lib/afina.map | sort >"$work/map"
check "it finds the functions of lib/afina.map" same "$work/map" "$work/functions"
awk '$1 == "constant" { print $2 " " $3 }' "$work/found" | sort >"$work/constants"
sort lib/afina.constants >"$work/recorded"
check "it finds the constants of lib/afina.constants, with their values" same "$work/recorded" "$work/constants"
check "every function has its version" empty awk '$1 == "function" && $4 == "-"' "$work/found"
# A comment is read by itself, on a page of the manual or in a binding: it begins with what the
# function is for, up to a full stop, a colon or a semicolon, and points to others by their names.
check "every comment begins with a summary of at most 78 characters" empty python3 -c '
import sys
sys.path.insert(0, "scripts")
import header
for path in sys.argv[1:]:
    for group in header.read(path).groups:
        text = header.summary(group)
        if any(d.kind != "handle" for d in group.declarations) and not 8 <= len(text) <= 78:
            print(path, group.declarations[0].name, len(text), text)' include/*.h
check "no comment speaks of what stands above or of the same" empty \
    grep -nE "as above|functions (above|below)|^/\* (The same|Likewise)" include/*.h

# What it does not understand is an error.
refuses() { # text
    { cat include/afina_experimental.h; echo "$1"; } >"$work/other.h"
    ! python3 scripts/header.py "$work/other.h" >/dev/null 2>&1
}
check "it takes the header as it is" python3 scripts/header.py include/afina_experimental.h
check "it refuses a function without a comment" refuses $'\nAFINA_API int32_t afina_x(int32_t a);'
check "it refuses a variable" refuses $'\n/* A variable. */\nextern int afina_x;'
check "it refuses a parameter without a name" refuses $'\n/* A function. */\nAFINA_API int32_t afina_x(int32_t);'
finish
