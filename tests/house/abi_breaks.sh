#!/usr/bin/env bash
# `make abi-check` on this library: each deliberate break, made in a copy of the headers and sources, is refused with a
# message that names it, and additions pass. tests/house/abi.sh looks at the smaller cases on a library of four functions.
. tests/house/lib.bash

command -v abidw >/dev/null || { # of abigail-tools, which `make abi-check` installs
    echo "ok - abidw is not there: nothing to see"
    finish
}
# Those of the sources that are there; the folder may hold older ones.
objects=$(find src -name '*.c' ! -path 'src/cli/*' | sed "s|^|$B/|; s|c\$|o|")

# copy: a fresh one in $folder.
copies=0
copy() {
    folder=$work/copy$((copies += 1))
    mkdir "$folder"
    cp -r include src "$folder"
    cp lib/afina.map lib/afina.abi lib/afina.constants "$folder"
}
edit() { # FILE SED: changes the file, or fails
    cp "$folder/$1" "$work/before"
    sed -i -E "$2" "$folder/$1"
    ! cmp -s "$work/before" "$folder/$1"
}
# build SOURCE...: the library of the copy; these sources are compiled anew.
build() {
    local source changed=() kept=$objects
    for source in "$@"; do
        $CC -std=c11 -g -O1 -fPIC -fvisibility=hidden -fexceptions -w -I"$folder/include" -I"$folder/src" \
            -include core/export.h -c -o "$folder/$(basename "$source").o" "$folder/$source" || return 1
        changed+=("$folder/$(basename "$source").o")
        kept=$(grep -v "/${source%.c}.o$" <<<"$kept")
    done
    $CC -shared -Wl,-soname,libafina.so.0 -Wl,--version-script="$folder/afina.map" -o "$folder/lib.so" $kept "${changed[@]}" \
        -llapacke -lblas -lgsl -lsqlite3 -lz -lm -lpthread
}
abi() { sh scripts/abi.sh "$1" "$folder/lib.so" "$folder/include" "$folder/afina"; }
matches() { ! abi check >"$work/message" 2>&1 && grep -qE "$1" "$work/message" || { cat "$work/message"; return 1; }; }
refused() { # BREAK PATTERN: `make abi-check` fails with this in its message, of which that line is shown
    check "$1 is refused" matches "$2"
    grep -m1 -E "$2" "$work/message" | sed 's/^ */    /'
}

copy
check "the library as it is: built" build
check "the library as it is passes" abi check

# 1
copy
edit include/afina.h '/afina_abi_version/d' && edit afina.map '/afina_abi_version;/d' && edit src/api/library.c 's/afina_abi_version/afina_gone/'
check "a removed function: built" build src/api/library.c
refused "a removed function" "'function int32_t afina_abi_version\(\)'|afina_abi_version"
# 2
copy
edit include/afina.h 's/afina_status_name\(int32_t status\)/afina_status_name(int64_t status)/' &&
    edit src/api/library.c 's/afina_status_name\(int32_t status\)/afina_status_name(int64_t status)/'
check "a changed argument: built" build src/api/library.c
refused "a changed argument" 'parameter 1 of type .typedef int32_t. changed'
# 3
copy
edit include/afina.h 's/AFINA_STATE_LOST = 6/AFINA_STATE_LOST = 7/'
check "a renumbered constant: built" build
refused "a renumbered constant" 'AFINA_STATE_LOST 6'
# 4: there is no public struct, so one is recorded first.
copy
edit include/afina.h 's/^AFINA_API int32_t afina_abi_version\(void\);/&\nstruct afina_range { double low, high; };\nAFINA_API double afina_width(const struct afina_range *range);/' &&
    edit src/api/library.c '$a double afina_width(const struct afina_range *range) { return range->high - range->low; }' &&
    edit afina.map 's/afina_version;/&\n        afina_width;/'
check "a public struct: built" build src/api/library.c
check "a public struct: recorded" abi record
edit include/afina.h 's/double low, high;/double low, high, step;/'
check "a grown struct: built" build src/api/library.c
refused "a grown struct" 'type size changed from 128 to 192'
# 5
copy
edit include/afina.h 's/\*afina_compare_setup\)\(afina_optimizer \*optimizer, size_t method, int64_t seed/*afina_compare_setup)(afina_optimizer *optimizer, size_t method, int32_t seed/'
check "a changed type of a callback: built" build src/api/api_compare_methods.c
refused "a changed type of a callback" 'parameter 3 of type .typedef int64_t. changed'
# 6
copy
edit afina.map '/ afina_ask;/d'
check "a function dropped from the map: built" build
refused "a function dropped from the map" 'afina_ask$'
# 7
copy
build && strip --strip-debug "$folder/lib.so"
refused "a stripped library" 'no debug information'
# 8
addition='s/^AFINA_API int32_t afina_abi_version\(void\);/&\n\/* The answer. Since 0.2.0. *\/\nAFINA_API int32_t afina_answer(void);/'
copy
edit include/afina.h "$addition" && edit src/api/library.c '$a int32_t afina_answer(void) { return 42; }'
check "a new function without a node: built" build src/api/library.c
refused "a new function without a node" '^ +afina_answer$'
edit afina.map 's/ afina_ask;/& afina_answer;/'
check "a new function in the node of an earlier release: built" build src/api/library.c
refused "a new function in the node of an earlier release" 'afina_answer in AFINA_0'

# Additions.
edit afina.map 's/ afina_answer;//' && edit afina.map 's/^AFINA_EXPERIMENTAL/AFINA_0_2 { global: afina_answer; } AFINA_0;\n&/'
check "a new function in a node of its own: built" build src/api/library.c
check "a new function in a node of its own passes" abi check
copy
edit include/afina.h 's/AFINA_STATE_LOST = 6/&, AFINA_STATE_NEW = 7/' && edit src/api/api_dry_run.c 's/size_t count, capacity, problems;/&\n    double more;/'
check "a new number, and more inside of a handle: built" build src/api/api_dry_run.c
check "a new number, and more inside of a handle pass" abi check
finish
