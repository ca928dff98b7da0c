#!/usr/bin/env bash
# afina_constant_name() and afina_constant_value() give every number of the headers.
. tests/house/lib.bash

cat >"$work/list.c" <<'END'
#include <afina.h>
#include <stdio.h>

int main(void)
{
    for (size_t i = 0; i < afina_constant_count(); i++) {
        int32_t value;
        if (afina_constant_value(afina_constant_name(i), &value))
            return 1;
        printf("%s %d\n", afina_constant_name(i), (int)value);
    }
    return 0;
}
END

check "a program lists the constants" $CC -Iinclude -o "$work/list" "$work/list.c" "$LIB/libafina.so"
check "scripts/list-constants.sh lists those of the headers" sh scripts/list-constants.sh include
sh scripts/list-constants.sh include >"$work/headers"
LD_LIBRARY_PATH=$LIB "$work/list" >"$work/listed"
check "they are those of the headers, sorted by name" same "$work/headers" "$work/listed"
finish
