#!/bin/sh
# check-ffi.sh STAGE [LANGUAGE...]: builds and runs the programs of examples/ffi with the afina that is installed in
# STAGE, by the commands in the table of docs/languages.md, and prints what each found. All must print what the C
# program prints. A language is named by its folder; without one all are run.
set -eu

stage=$1
shift
export PKG_CONFIG_PATH="$stage/lib/pkgconfig" OUT="${OUT:-$stage/..}"
unset MAKEFLAGS MFLAGS MAKELEVEL # some programs are built by a make of their own
export OPENBLAS_NUM_THREADS=1 # a small problem gains nothing from threads
log=$OUT/log
rm -rf "$log"
mkdir -p "$log"

# The rows that have a command: "folder<TAB>language<TAB>command".
sed -nE 's/^\| ([^|]+) \| \[([a-z]+)\]\([^)]*\) \|.*\| `([^`]+)` \|$/\2\t\1\t\3/p' docs/languages.md >"$log/rows"
for folder in c "$@"; do
    grep -q "^$folder	" "$log/rows" || { echo "docs/languages.md has no command for $folder" >&2; exit 1; }
done
[ $# -gt 0 ] || set -- $(cut -f1 "$log/rows")
[ "$1" = c ] || set -- c "$@" # what the others are compared with

show() { printf '%-11s %-11s %6s %8s %-9s %-17s %-7s %s\n' "$@"; }

# The lines of a program, checked against those of C: prints what is wrong. The third and the fourth line are there
# where the language runs the study through an objective function as well.
verdict() { # folder
    head -n 2 "$log/$1.out" >"$log/$1.two"
    head -n 2 "$log/c.out" | cmp -s - "$log/$1.two" || { echo "no"; return; }
    tail -n +3 "$log/$1.out" >"$log/$1.rest"
    [ ! -s "$log/$1.rest" ] || tail -n +3 "$log/c.out" | cmp -s - "$log/$1.rest" || echo "no: through the objective"
}

run() { # folder language command
    version=$($3 --version 2>"$log/$1.err") && $3 >"$log/$1.out" 2>"$log/$1.err" || {
        show "$2" "$version" - - - - - "no: it failed"
        cat "$log/$1.err"
        return 1
    }
    wrong=$(verdict "$1")
    called=$(grep -q '^called: ' "$log/$1.out" && echo yes || echo -)
    result='^asked: ([0-9]+) trials, ([0-9]+) stopped, best ([0-9.]+) in trial [0-9]+, bits ([0-9a-f]{16})$'
    result=$(sed -nE "s/$result/\1 \2 \3 \4/p" "$log/$1.out")
    # shellcheck disable=SC2086
    show "$2" "$version" ${result:-- - - -} "$called" "${wrong:-yes}"
    [ -n "$result" ] && [ -z "$wrong" ] || {
        cat "$log/$1.out" "$log/$1.err"
        return 1
    }
}

failed=0
show language version trials stopped best bits called "same as C"
for folder in "$@"; do
    row=$(grep "^$folder	" "$log/rows")
    run "$folder" "$(printf '%s' "$row" | cut -f2)" "$(printf '%s' "$row" | cut -f3)" || failed=$((failed + 1))
done
echo "$(($# - failed)) passed, $failed failed"
[ "$failed" = 0 ]
