#!/usr/bin/env bash
# Versions agree wherever they are written; scripts parse; the licence is whole.
. tests/house/lib.bash

cat >"$work/version.c" <<'END'
#include <afina.h>
#include <stdio.h>

int main(void)
{
    printf("%s %d %d\n", afina_version(), (int)afina_version_number(), (int)afina_abi_version());
    return 0;
}
END
IFS=. read -r major minor patch <<<"$VERSION"
echo "$VERSION $((10000 * major + 100 * minor + patch)) ${SOVERSION:-0}" >"$work/want"
check "a program links" $CC -Iinclude -o "$work/version" "$work/version.c" -L"$LIB" -lafina -Wl,-rpath,"$(realpath "$LIB")"
"$work/version" >"$work/got"
check "the library, the Makefile and the soname agree on the version" same "$work/want" "$work/got"
check "CHANGELOG.md has its Unreleased part" grep -qx '## Unreleased' CHANGELOG.md
check "LICENSE is the GPL, version 3" sh -c "grep -q 'Version 3, 29 June 2007' LICENSE && test \$(wc -l <LICENSE) -gt 600"
check "the public header names its licence" grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' include/afina.h
for script in scripts/*.sh tests/run tests/house/*.sh .ci/run; do
    check "$script parses" bash -n "$script"
done
check "src/core/powers_of_ten.c is what its script writes" sh -c \
    "! command -v python3 >/dev/null || python3 scripts/powers-of-ten.py | cmp - src/core/powers_of_ten.c"
# A benchmark that was cut off once left an empty table among the documents.
check "no document is empty" empty find docs examples include -type f -empty
check "every test program runs its tests" empty sh -c "grep -LE 'cmocka_run_group_tests|run_laws\(' tests/*/test_*.c"
check "every test function of a file is listed in it" empty awk '
    FNR == 1 { for (t in made) if (!(t in listed)) print file ": " t; delete made; delete listed; file = FILENAME }
    match($0, /^(static )?void (test_[a-z0-9_]+)\(void \*\*/) { t = $0; sub(/^.*void test_/, "test_", t); sub(/\(.*/, "", t); made[t] = 1 }
    { line = $0; while (match(line, /(cmocka_unit_test[a-z_]*|LAW|TEST|WATCHED)\([a-z0-9_]+/)) { t = substr(line, RSTART, RLENGTH); sub(/^.*\(/, "", t); listed[t] = 1; line = substr(line, RSTART + RLENGTH) } }
    END { for (t in made) if (!(t in listed)) print file ": " t }' tests/*/test_*.c
finish
