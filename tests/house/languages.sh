#!/usr/bin/env bash
# docs/languages.md and examples/ffi name the same languages, and `make check-ffi` finds what differs. The programs
# themselves are run there.
. tests/house/lib.bash

page=docs/languages.md
ls -d examples/ffi/*/ | xargs -n 1 basename | sort >"$work/folders"
sed -nE 's/^\| [^|]+ \| \[([a-z]+)\]\(\.\.\/examples\/ffi\/\1\) .*/\1/p' $page | sort >"$work/rows"
check "every folder of examples/ffi has a row in $page" same "$work/folders" "$work/rows"
sed -nE 's/^\| .*\| `sh examples\/ffi\/([a-z]+)\/run\.sh` \|$/\1/p' $page | sort >"$work/commands"
ls examples/ffi/*/run.sh | cut -d/ -f3 | sort >"$work/scripts"
check "every row whose folder has a run.sh shows its command" same "$work/scripts" "$work/commands"
for script in examples/ffi/setup.sh examples/ffi/*/run.sh; do
    check "$script parses" sh -n "$script"
done
check "no file of examples/ffi names an address" empty grep -rnE 'https?://|registry\+' examples/ffi

# A second C program beside the first, in a tree of its own.
make -s install PREFIX="$work/stage" >/dev/null || exit 1
mkdir -p "$work/tree/docs" "$work/tree/examples/ffi"
cp -r examples/ffi/c examples/ffi/setup.sh "$work/tree/examples/ffi"
cp -r examples/ffi/c "$work/tree/examples/ffi/other"
{ grep '^| C |' $page; grep '^| C |' $page | sed 's/| C |/| Other |/; s/\[c\]/[other]/; s|ffi/c|ffi/other|g'; } \
    >"$work/tree/docs/languages.md"
other() { # sed-program: changes the other program and compares it with the first
    sed "$1" examples/ffi/c/scenario.c >"$work/tree/examples/ffi/other/scenario.c"
    (cd "$work/tree" && sh "$OLDPWD/scripts/check-ffi.sh" "$work/stage")
}
finds() { # text sed-program: the comparison fails, and says so
    ! other "$2" >"$work/said" && cat "$work/said" && grep -q "$1" "$work/said"
}
check "the same program prints the same" other ''
check "another seed is found" finds '^Other .* no$' 's/"seed", 11/"seed", 12/'
check "a difference in the last bit is found" finds '^Other .* no$' 's/loss + 0\.5 \/ step/(&) * 1.0000000000000002/'
check "an error without its text is found" finds '^Other .* no$' 's/printf("error: %s/printf("error %s/'
check "another result of the objective is found" finds '^Other .* no: through the objective$' \
    's/objective, NULL, 30/objective, NULL, 29/'
check "an error of the objective that is lost is found" finds '^Other .* no: through the objective$' \
    's/return AFINA_E_CALLBACK/return AFINA_E_STATE/'
check "a program that fails is found" finds '^Other .* no: it failed$' 's/return 0;/return 3;/'
finish
