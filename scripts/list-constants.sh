#!/bin/sh
# list-constants.sh: every AFINA_* number of afina.h and afina_mlp.h with its value,
# sorted. A debug record does not hold them, yet bindings copy them.
set -eu
names=$(printf '#include "afina_mlp.h"\n' | ${CC:-cc} -E -P -Iinclude -x c - | grep -oE '\bAFINA_[A-Z0-9_]+ *=' | tr -d ' =' | sort -u)
program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
{
    printf '#include <stdio.h>\n#include "afina_mlp.h"\nint main(void)\n{\n'
    for name in $names; do
        printf '    printf("%%s %%lld\\n", "%s", (long long)%s);\n' "$name" "$name"
    done
    printf '    return 0;\n}\n'
} >"$program/list.c"
${CC:-cc} -Iinclude -o "$program/list" "$program/list.c"
"$program/list"
