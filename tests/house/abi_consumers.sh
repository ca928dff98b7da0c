#!/usr/bin/env bash
# Programs of earlier releases run with this library. tests/abi/RELEASE has what they were built on (scripts/abi-freeze.sh):
# the headers, and the exported functions, of which a library is made that has nothing but the names. Programs are linked
# with that one and run with this one. The other way round, a program built today that uses no later function is one that
# the old library can load.
. tests/house/lib.bash
library=$(dirname "$(realpath "$LIB/libafina.so")")
flags="-std=c11 -Wall -Wextra -Wpedantic -Werror"

# stub FOLDER SYMBOLS: a library with these names in their nodes.
stub() {
    mkdir -p "$1"
    awk '{ print "void " $1 "(void);\nvoid " $1 "(void) {}" }' "$2" >"$1/stub.c"
    awk '{ names[$2] = names[$2] "        " $1 ";\n" }
         END { for (node in names) printf "%s {\n    global:\n%s    local:\n        *;\n};\n", node, names[node] }' "$2" >"$1/map"
    $CC -shared -fPIC -Wl,-soname,libafina.so.0 -Wl,--version-script="$1/map" -o "$1/libafina.so" "$1/stub.c" &&
        ln -sf libafina.so "$1/libafina.so.0"
}
# Every frozen function by its address, with the type that the frozen header gives it.
all_names() { # RELEASE
    printf '#include "afina.h"\n#include "afina_mlp.h"\n#include <stdio.h>\ntypedef void (*any)(void);\nint main(void)\n{\n'
    printf '    any volatile all[] = {\n'
    awk '{ print "        (any)" $1 "," }' "$1/symbols"
    printf '    };\n    size_t n = 0;\n    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)\n        n += all[i] != 0;\n'
    printf '    printf("%%zu\\n", n);\n    return 0;\n}\n'
}
loads() { # PROGRAM FOLDER: all its symbols are found there, in their versions
    LD_BIND_NOW=1 LD_LIBRARY_PATH=$2 ldd -r "$1" >"$work/ldd" 2>&1 && ! grep -E 'undefined symbol|not defined|version .* not found' "$work/ldd"
}

for release in tests/abi/*/; do
    release=${release%/}
    old=$work/$(basename "$release")
    check "$release: a library of its names is made" stub "$old" "$release/symbols"
    for source in "$release"/consumer_*.c; do
        program=$old/$(basename "${source%.c}")
        check "$source is linked with it" $CC $flags -I"$release" -o "$program" "$source" -L"$old" -lafina -lm
        check "$source runs with this library" env LD_BIND_NOW=1 LD_LIBRARY_PATH="$library" "$program"
        check "$source, built today, loads with the old library" sh -c \
            "$CC $flags -Iinclude -o '$program.now' '$source' -L'$library' -lafina -lm"
        check "$source, built today, finds all it needs there" loads "$program.now" "$old"
    done
    all_names "$release" >"$old/all.c"
    check "$release: a program with every function is linked" $CC -std=c11 -I"$release" -o "$old/all" "$old/all.c" -L"$old" -lafina
    check "$release: this library has them all" test "$(LD_BIND_NOW=1 LD_LIBRARY_PATH=$library "$old/all")" = "$(wc -l <"$release/symbols")"
done

# That it can fail: a name that this library does not have.
cat tests/abi/0.1.0/symbols - <<<"afina_gone AFINA_0" >"$work/symbols"
stub "$work/other" "$work/symbols"
printf 'void afina_gone(void);\nint main(void) { afina_gone(); return 0; }\n' >"$work/gone.c"
check "a program with a function that is gone is linked" $CC -o "$work/gone" "$work/gone.c" -L"$work/other" -lafina
check "it does not run with this library" sh -c "! LD_BIND_NOW=1 LD_LIBRARY_PATH='$library' '$work/gone'"
misses() { ! loads "$work/gone" "$library"; }
check "and its missing name is seen" misses
finish
