#!/usr/bin/env bash
# What is said about methods elsewhere is what the registry says: each has a page that
# tells its traits and options, a picture, a place in README.md and a count of
# instructions, and nothing has one that is no method.
. tests/house/lib.bash
export LC_ALL=C

cat >"$work/list.c" <<'END_C'
#include <afina.h>
#include <stdio.h>

/* Of every method: its name, the word "traits" and its traits; its name and an option. */
int main(void)
{
    for (size_t i = 0; i < afina_method_count(); i++) {
        const char *method = afina_method_name(i);
        printf("%s traits", method);
        for (size_t t = 0; t < afina_trait_count(); t++) {
            int32_t has = 0;
            if (afina_method_trait(method, afina_trait_name(t), &has))
                return 1;
            printf("%s%s", has ? " " : "", has ? afina_trait_name(t) : "");
        }
        printf("\n");
        for (size_t k = 0; k < afina_option_count(method); k++)
            printf("%s option %s\n", method, afina_option_name(method, k));
    }
    return 0;
}
END_C
check "a program links" $CC -Iinclude -o "$work/list" "$work/list.c" -L"$LIB" -lafina -Wl,-rpath,"$(realpath "$LIB")"
"$work/list" >"$work/listed"
check "there are methods" test -s "$work/listed"
grep ' traits' "$work/listed" | cut -d' ' -f1 | sort >"$work/methods"
grep -vE ' traits.* host_only' "$work/listed" | grep ' traits' | cut -d' ' -f1 | sort >"$work/suggesting"

# The line in which a page tells the traits.
line_of() { # traits...
    local traits=" $* " learns="nothing that is told" objectives="one objective"
    has() { [[ $traits == *" $1 "* ]]; }
    if has learns; then
        learns="results and failures, a violated constraint among them"
        has constraints && learns="results, failures and constraints"
        has errors && learns+="; standard errors"
        has reports && learns+="; reports"
        has budgets && learns+="; budgets"
    fi
    has several_objectives && objectives="any number of objectives"
    local line="**Learns from** $learns. **Takes** $objectives."
    has model && line+=" **Has** a model to ask."
    if has host_only; then
        line+=" **Suggests** nothing of its own."
    elif has ends; then
        line+=" **Ends** by itself."
    fi
    echo "$line"
}

names() { sed -E 's|.*/||; s|\.[a-z]+$||' | sort; }

for page in docs/methods/*.md; do echo "$page"; done | names >"$work/pages"
for picture in docs/methods/pictures/*.svg; do echo "$picture"; done | names >"$work/pictures"
check "every method has a page, and every page a method" same "$work/methods" "$work/pages"
check "every method has a picture, and every picture a method" same "$work/methods" "$work/pictures"
grep -v '^#' bench/instructions.txt | cut -d' ' -f1 | sort >"$work/instructions"
check "the instructions of every method that suggests are recorded" same "$work/suggesting" "$work/instructions"
while read -r method _ traits; do
    check "$method: the page tells its traits" grep -qxF "$(line_of $traits)" "docs/methods/$method.md"
    check "$method: the page shows its picture" grep -qF "(pictures/$method.svg)" "docs/methods/$method.md"
    check "$method: README.md names it" grep -qF "\`$method\`" README.md
done < <(grep ' traits' "$work/listed")
while read -r method _ option; do
    check "$method: the page tells of its option $option" grep -qF "\`$option\`" "docs/methods/$method.md"
done < <(grep ' option ' "$work/listed")
finish
