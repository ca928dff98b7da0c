#!/usr/bin/env bash
# The header, the version script and both libraries name the same functions, and
# nothing else is visible to a host.
. tests/house/lib.bash
export LC_ALL=C

cat include/*.h | $CC -E -P -Iinclude -x c - | tr '\n' ' ' | grep -oE '\bafina_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u >"$work/header"
sed -n 's/^ *\([a-z][a-z0-9_]*\);$/\1/p' lib/afina.map | sort >"$work/map"
nm -D --defined-only "$LIB/libafina.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/shared"
nm -g --defined-only "$LIB/libafina.a" | awk 'NF == 3 { print $3 }' | sort >"$work/static"

check "the header declares functions" test -s "$work/header"
check "lib/afina.map lists what the header declares" same "$work/header" "$work/map"
check "libafina.so exports what the header declares" same "$work/header" "$work/shared"
check "libafina.a shows what the header declares" same "$work/header" "$work/static"
check "every function says since when it is there" empty awk -v RS= \
    '/(^|\n)AFINA_API/ && !/Since [0-9]/ { print }' include/*.h
check "every name starts with afina_" empty grep -v '^afina_' "$work/shared"
check "only functions are exported, no data" empty sh -c \
    "nm -D --defined-only '$LIB/libafina.so' | awk '\$2 != \"T\" && \$2 != \"A\"'"
check "the soname is libafina.so.0" sh -c "readelf -d '$LIB/libafina.so' | grep -F 'SONAME' | grep -F '[libafina.so.0]'"
check "libafina.so leads to the versioned file" test "$(readlink -f "$LIB/libafina.so")" -ef "$LIB/libafina.so.$VERSION"
finish
