#!/bin/sh
# abi.sh check LIBRARY INCLUDE RECORD: compares a shared library and its headers with
# what was recorded (RECORD.abi, RECORD.constants). What an older host was built on must
# still be there; functions and numbers may be added. Fails on: a changed signature (also
# a lost const), a lost function or number, a new function in a node of the version script
# that was recorded, a number used twice within one enum, and an exported function
# without debug information, which the comparison would not see.
#
# abi.sh record LIBRARY INCLUDE RECORD: writes the two files.
#
# Functions of the node AFINA_EXPERIMENTAL and numbers of *_experimental.h are left out.
set -eu
mode=$1 library=$2 include=$3 record=$4
here=$(dirname "$0")
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() { # TEXT FILE: fails when the file has lines
    [ -s "$2" ] || return 0
    echo "abi-check: $1" >&2
    sed 's/^/    /' "$2" >&2
    failed=1
}

for kind in function variable; do
    printf '[suppress_%s]\n    symbol_version_regexp = ^AFINA_EXPERIMENTAL$\n    drop = yes\n' $kind
done >"$work/experimental"

dump() {
    abidw --exported-interfaces-only --headers-dir "$include" --drop-private-types --no-corpus-path \
        --no-comp-dir-path --no-show-locs "$library" | grep -v "version='AFINA_EXPERIMENTAL'"
}
recorded_symbols() { sed -n "s/.*<elf-symbol name='\([^']*\)' version='\([^']*\)'.*/\1 \2/p" "$1" | sort; }

dump >"$work/now.abi"
CC=${CC:-cc} sh "$here/list-constants.sh" "$include" >"$work/constants" 2>"$work/twice" || {
    failed=1
    complain 'a number is used twice, or the headers cannot be compiled:' "$work/twice"
}

nm -D --defined-only --with-symbol-versions "$library" | sed -n 's/^.* T \([^@]*\)@@*\(.*\)$/\1 \2/p' |
    grep -v ' AFINA_EXPERIMENTAL$' | sort >"$work/now"
sed -n "s/.*<function-decl .*elf-symbol-id='\([^'@]*\)@@*\([^']*\)'.*/\1 \2/p" "$work/now.abi" | sort -u >"$work/described"
comm -23 "$work/now" "$work/described" >"$work/blind"
complain 'no debug information on exported functions, the check would be blind:' "$work/blind"

cat "$include"/*.h | ${CC:-cc} -E -P -I"$include" -x c - | tr '\n' ' ' | grep -oE '\bafina_[a-z0-9_]+ *\(' | tr -d ' (' |
    sort -u >"$work/declared"
nm -D --defined-only "$library" | sed -n 's/^.* T \([^@]*\).*$/\1/p' | sort >"$work/exported"
comm -23 "$work/declared" "$work/exported" >"$work/hidden"
complain 'functions of the headers that no node of the version script exports:' "$work/hidden"

if [ "$mode" = record ]; then
    [ $failed = 0 ] || exit 1
    cp "$work/now.abi" "$record.abi"
    cp "$work/constants" "$record.constants"
    exit 0
fi

for file in "$record.abi" "$record.constants"; do
    [ -f "$file" ] || { echo "abi-check: $file is missing: make abi-record" >&2; exit 1; }
done
# Two dumps are compared, in which what is inside of handles is left out alike: given the headers' folder and the
# library, abidiff passes over a struct of the headers that grew.
abidiff --harmless --no-added-syms --suppressions "$work/experimental" "$record.abi" "$work/now.abi" >"$work/changes" 2>&1 || {
    failed=1
    complain 'signatures that changed, functions that are gone:' "$work/changes"
}

recorded_symbols "$record.abi" >"$work/recorded"
cut -d' ' -f2 "$work/recorded" | sort -u >"$work/nodes"
comm -13 "$work/recorded" "$work/now" | while read -r name node; do
    ! grep -qx "$node" "$work/nodes" || echo "$name in $node"
done >"$work/late"
complain 'new functions in a node that is recorded (before the first release: make abi-record):' "$work/late"

comm -13 "$work/constants" "$record.constants" >"$work/changed"
complain 'numbers that changed or are gone:' "$work/changed"
exit $failed
