#!/usr/bin/env bash
# What `make abi-check` lets pass and what it does not, seen on a library of four
# functions: each break is made in a copy.
. tests/house/lib.bash

command -v abidw >/dev/null || { # of abigail-tools, which `make abi-check` installs
    echo "ok - abidw is not there: nothing to see"
    finish
}

good=$work/good
mkdir -p "$good/include"
cat >"$good/include/afina.h" <<'END'
#include <stdint.h>
enum afina_kind { AFINA_ONE = 1, AFINA_TWO = 2 };
enum { AFINA_FLAG = 1 };
int32_t afina_get(const double *values, const char *name);
int32_t afina_set(double *values, double value);
END
cat >"$good/include/afina_experimental.h" <<'END'
#include <stdint.h>
enum { AFINA_TRIED = 1 };
int32_t afina_try(int32_t x);
END
cat >"$good/get.c" <<'END'
#include "afina.h"
#include "afina_experimental.h"
int32_t afina_get(const double *values, const char *name) { return (int32_t)values[0] + name[0]; }
int32_t afina_try(int32_t x) { return x; }
END
cat >"$good/set.c" <<'END'
#include "afina.h"
int32_t afina_set(double *values, double value) { values[0] = value; return 0; }
END
cat >"$good/map" <<'END'
AFINA_0 { global: afina_get; afina_set; local: *; };
AFINA_EXPERIMENTAL { global: afina_try; };
END

build() { # FOLDER [FLAG FILE]...: FLAG is for that file alone
    local folder=$1 file
    for file in get set; do
        $CC -g -fPIC -I"$folder/include" -c -o "$folder/$file.o" "$folder/$file.c" $([ "${3:-}" != $file ] || echo "$2") || return 1
    done
    $CC -shared -Wl,--version-script="$folder/map" -o "$folder/lib.so" "$folder/get.o" "$folder/set.o"
}
abi() { CC=$CC sh scripts/abi.sh "$1" "$2/lib.so" "$2/include" "$work/record"; }

copies=0
copy() { # SED FILE...: a copy in which each file was edited
    local edit=$1
    shift
    folder=$work/copy$((copies += 1))
    cp -r "$good" "$folder"
    for file in "$@"; do sed -i -E "$edit" "$folder/$file"; done
}
refused() { # TEXT FOLDER: with this in the message
    ! abi check "$2" >"$work/abi.out" 2>&1 && grep -q "$1" "$work/abi.out" || { cat "$work/abi.out"; return 1; }
}
breaks() { # WHAT MESSAGE SED FILE...
    local what=$1 message=$2
    shift 2
    copy "$@"
    check "$what: the copy is built" build "$folder"
    check "$what is refused" refused "$message" "$folder"
}
passes() { # WHAT SED FILE...
    local what=$1
    shift
    copy "$@"
    check "$what: the copy is built" build "$folder"
    check "$what passes" abi check "$folder"
}

check "the library is built" build "$good"
check "it is recorded" abi record "$good"
check "it agrees with its record" abi check "$good"

breaks "a dropped const" 'const double' 's/const double \*values/double *values/' include/afina.h get.c
breaks "another type of a parameter" 'afina_set' 's/double value\)/float value)/' include/afina.h set.c
breaks "a function that is gone" 'afina_set' 's/afina_set/afina_put/' include/afina.h set.c map
breaks "a new function in an old node" 'afina_add in AFINA_0' \
    's/(int32_t )?afina_set(.*; \}|.*\);|;)$/&\n\1afina_add\2/; s/afina_set;/afina_set; afina_add;/' include/afina.h set.c map
breaks "a number that changed" 'AFINA_TWO 2' 's/AFINA_TWO = 2/AFINA_TWO = 3/' include/afina.h
breaks "a number that is used twice in an enum" 'duplicate case value' 's/AFINA_TWO = 2/AFINA_TWO = 2, AFINA_PAIR = 2/' include/afina.h
breaks "a number that is gone" 'AFINA_FLAG 1' '/AFINA_FLAG/d' include/afina.h

copy 's/x/x/'
check "one object without debug information: the copy is built" build "$folder" -g0 set
check "one object without debug information is refused" refused 'no debug information' "$folder"

passes "a new function in a new node" \
    's/(int32_t )?afina_set(.*; \}|.*\);)$/&\n\1afina_add\2/; s/^AFINA_EXP/AFINA_1 { global: afina_add; } AFINA_0;\n&/' \
    include/afina.h set.c map
passes "a new number" 's/AFINA_FLAG = 1/&, AFINA_OTHER = 2/' include/afina.h
passes "another signature of an experimental function" 's/afina_try\(int32_t x\)/afina_try(double x)/; s/return x;/return (int32_t)x;/' \
    include/afina_experimental.h get.c
passes "an experimental function that is gone" 's/afina_try/afina_later/; s/AFINA_TRIED/AFINA_LATER/' \
    include/afina_experimental.h get.c map
finish
