#!/usr/bin/env bash
# What is said about schedulers and stoppers elsewhere is what the registry says: each has a
# page whose table holds its options with their defaults, and a place in README.md and in
# docs/experiments.md; and nothing has a page that is none of them.
. tests/house/lib.bash
export LC_ALL=C

cat >"$work/list.c" <<'END_C'
#include <afina.h>
#include <math.h>
#include <stdio.h>

/* As a table of a page writes it. */
static int print_default(const char *owner, const char *option)
{
    int32_t type;
    double value;
    if (afina_option_type(owner, option, &type))
        return 1;
    if (type == AFINA_OPTION_STRING)
        return printf("`%s`", afina_option_default_string(owner, option)) < 0;
    if (afina_option_default_number(owner, option, &value))
        return 1;
    return isnan(value) ? printf("NaN") < 0 : printf("%.10g", value) < 0;
}

/* "name" and its kind; then, for each option, the beginning of its row. */
static int print_one(const char *kind, const char *name)
{
    printf("%s %s\n", kind, name);
    for (size_t k = 0; k < afina_option_count(name); k++) {
        printf("%s option | `%s` | ", name, afina_option_name(name, k));
        if (print_default(name, afina_option_name(name, k)))
            return 1;
        printf(" |\n");
    }
    return 0;
}

int main(void)
{
    int failed = 0;
    for (size_t i = 0; i < afina_scheduler_count(); i++)
        failed |= print_one("scheduler", afina_scheduler_name(i));
    for (size_t i = 0; i < afina_stopper_count(); i++)
        failed |= print_one("stopper", afina_stopper_name(i));
    return failed;
}
END_C
check "a program links" $CC -Iinclude -o "$work/list" "$work/list.c" -L"$LIB" -lafina -Wl,-rpath,"$(realpath "$LIB")"
check "it lists" bash -c "'$work/list' >'$work/listed'"

# The beginnings of the rows of a page's table of options; none for a page without one.
rows() { # page
    awk '/^\*\*Options\.\*\*/ { inside = 1; next }
         inside && /^[^|]/ { inside = 0 }
         inside && /^\| `/ { split($0, cell, "|"); print "|" cell[2] "|" cell[3] "|" }' "$1"
}
options() { sed -n "s/^$1 option //p" "$work/listed"; }

for kind in scheduler stopper; do
    folder=docs/${kind}s
    sed -n "s/^$kind //p" "$work/listed" | sort >"$work/names"
    check "there are ${kind}s" test -s "$work/names"
    basename -s .md "$folder"/*.md | sort >"$work/pages"
    check "every $kind has a page, and every page a $kind" same "$work/names" "$work/pages"
    check "docs/README.md leads to the pages of ${kind}s" grep -qF "(${kind}s)" docs/README.md
    while read -r name; do
        check "$name: the page bears its name" test "$(head -n 1 "$folder/$name.md")" = "# $name"
        check "$name: the page tells its options and their defaults" same <(options "$name") <(rows "$folder/$name.md")
        check "$name: README.md names it" grep -qF "\`$name\`" README.md
        check "$name: docs/experiments.md leads to its page" grep -qF "(${kind}s/$name.md)" docs/experiments.md
    done <"$work/names"
done

# What an example prints comes from the same registry.
check "examples/methods lists them" bash -c "
    diff <(sed -nE 's/^(scheduler|stopper) //p' '$work/listed') \
         <('$B/examples/methods' schedulers | cut -f1; '$B/examples/methods' stoppers | cut -f1)"
check "examples/methods tells the options of a scheduler" grep -qE '^  eta	real	.*	3	' <("$B/examples/methods" asha)

# Pictures of schedulers are shown on their pages.
for picture in docs/schedulers/pictures/*.svg; do
    name=$(basename -s .svg "$picture")
    check "$name: its picture is on its page" grep -qF "(pictures/$name.svg)" "docs/schedulers/$name.md"
done
finish
