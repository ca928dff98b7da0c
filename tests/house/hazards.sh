#!/usr/bin/env bash
# docs/hazards.md: each hazard of H1 to H29 has a test, and each test that the page names is there.
. tests/house/lib.bash

page=docs/hazards.md

# Rows of the table: "H7 file: name" for each test that a row names.
awk -F'|' '/^\| H[0-9]+ \|/ {
    id = $2; gsub(/ /, "", id); rest = $NF == "" ? $(NF - 1) : $NF
    while (match(rest, /`[^`]+`/)) {
        print id " " substr(rest, RSTART + 1, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
    }
}' $page >"$work/named"

check "the page names tests" test -s "$work/named"
seq 1 29 | sed 's/^/H/' | sort >"$work/want"
cut -d' ' -f1 "$work/named" | sort -u >"$work/got"
check "each hazard has a test, and there are no others" same "$work/want" "$work/got"

# missing: names that no test program lists and no house test checks.
missing() {
    local id file name
    while read -r id file name; do
        file=${file%:}
        case $file in
        *.c) grep -qE "(cmocka_unit_test[a-z_]*|LAW|TEST|WATCHED)\($name[,)]" "$file" ;;
        *.py) grep -q "^ *def $name(" "$file" ;;
        *.sh) grep -qF "check \"$name\"" "$file" ;;
        *) false ;;
        esac || echo "$id names $file: $name, which is not there"
    done <"$work/named"
} 2>&1
check "each test that the page names is there" empty missing
finish
