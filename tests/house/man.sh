#!/usr/bin/env bash
# The manual: afina(3) and one page for every public function, written from the comments of the
# headers, without a complaint of either formatter.
. tests/house/lib.bash
export LC_ALL=C

check "make man" make -s man
man=$BUILD/man
for name in $(sed -n 's/^ *\([a-z][a-z0-9_]*\);$/\1/p' lib/afina.map) afina; do
    [ -f "$man/$name.3" ] || echo "$name"
done >"$work/missing"
check "every public function has its page" empty cat "$work/missing"

(cd "$man" && grep -l '^\.so ' -- *.3) >"$work/links"
(cd "$man" && grep -L '^\.so ' -- *.3) >"$work/pages"
dangling() { (cd "$man" && sed -n 's|^\.so man3/||p' -- *.3 | sort -u | while read -r page; do grep -qxF "$page" "$work/pages" || echo "$page"; done); }
check "pages that stand for another lead to one" empty dangling
check "mandoc has nothing to say" empty sh -c "cd '$man' && xargs mandoc -Tlint -W all <'$work/pages'"
check "groff has nothing to say" empty sh -c "cd '$man' && xargs -n 20 groff -ww -man -Tutf8 -z <'$work/pages' 2>&1"
check "every page has its sections" empty sh -c "cd '$man' && xargs grep -LE '^.SH DESCRIPTION' <'$work/pages' && xargs grep -LE '^.SH (RETURN VALUE|FUNCTIONS)' <'$work/pages' &&
    xargs grep -LE '^.SH (SEE ALSO|CONSTANTS)' <'$work/pages'"
references() { (cd "$man" && sed -nE 's/^\.BR (\S+) \(3\).*/\1/p' -- *.3 | sort -u | while read -r name; do [ -f "$name.3" ] || echo "$name"; done); }
check "what they refer to has a page" empty references

# As a reader meets them.
shown() { mandoc -Tutf8 "$man/$1.3" | sed 's/.\x08//g' | tr -s ' \n' '  ' >"$work/shown.$1"; }
shown afina_ask
shown afina_space_add_real
has() { grep -qF -- "$2" "$work/shown.$1"; }
check "afina_ask(3) shows its prototype" has afina_ask 'int32_t afina_ask(afina_optimizer *optimizer, afina_trial **out);'
check "and what it is for" grep -qE 'NAME afina_ask [^ ]+ the next trial to evaluate' "$work/shown.afina_ask"
check "what it answers" has afina_ask 'AFINA_EXHAUSTED every point of the space was asked'
check "its errors" has afina_ask 'ERRORS AFINA_E_NO_POINT the filter refused every point that was tried'
check "since when it is there" has afina_ask 'HISTORY Since afina 0.1.0.'
check "and what to read next" has afina_ask 'afina_ask_wait(3)'
check "a page of several functions shows all of them" has afina_space_add_real 'afina_space_add_ordinal(afina_space *space'
check "an error comes with what the comment says of it" has afina_space_add_real \
    'AFINA_E_NAME a name that is unknown, or used already: the name, or a choice, is there already.'
check "a date that a packager gives is that of the pages" sh -c "
    rm -rf '$work/dated' && SOURCE_DATE_EPOCH=86400 make -s man BUILD='$work/dated' && grep -q '\"1970-01-02\"' '$work/dated/man/afina_ask.3'"
finish
