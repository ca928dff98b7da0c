#!/bin/sh
# list-constants.sh INCLUDE: every AFINA_* number of the headers in that folder with its
# value, sorted; headers named *_experimental.h are left out. A debug record does not hold
# them, yet bindings copy them. Fails when an enum uses one number twice: the compiler
# refuses two equal cases of a switch.
set -eu
include=${1:-include}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for header in "$include"/*.h; do
    case $header in
    *_experimental.h) ;;
    *) printf '#include "%s"\n' "$(basename "$header")" ;;
    esac
done >"$work/headers.h"

# One line an enum: the names of its numbers.
${CC:-cc} -E -P -I"$include" -x c "$work/headers.h" | tr '\n' ' ' | grep -oE '\benum\b[^{};]*\{[^}]*\}' | sed -E 's/^[^{]*\{//; s/\}$//' |
    while read -r body; do
        echo "$body" | tr ',' '\n' | sed -nE 's/^ *(AFINA_[A-Z0-9_]+).*/\1/p' | tr '\n' ' '
        echo
    done >"$work/enums"
{
    printf '#include <stdio.h>\n#include "headers.h"\nint main(void)\n{\n'
    while read -r names; do
        [ -n "$names" ] || continue
        printf '    switch (getchar()) {\n'
        for name in $names; do
            printf '    case %s: break;\n' "$name"
        done
        printf '    }\n'
        for name in $names; do
            printf '    printf("%%s %%lld\\n", "%s", (long long)%s);\n' "$name" "$name"
        done
    done <"$work/enums"
    printf '    return 0;\n}\n'
} >"$work/list.c"
${CC:-cc} -I"$include" -o "$work/list" "$work/list.c"
"$work/list" </dev/null | LC_ALL=C sort -u
