#!/usr/bin/env bash
# Calls go down only, seen from the #include lines and from the symbols of the objects:
#
#     api > study > {method, schedule, store} > {surrogate, experiment} > {space, numeric} > core
#
# Of the pair {space, numeric} space may use numeric, for the distribution
# functions of priors. The reference network stands beside the methods.
. tests/house/lib.bash

declare -A below=(
    [core]="core"
    [numeric]="numeric core"
    [space]="space numeric core" # a prior is encoded by its distribution function
    [surrogate]="surrogate space numeric core"
    [method]="method surrogate space numeric core"
    [schedule]="schedule surrogate experiment space numeric core"
    [experiment]="experiment space numeric core"
    [mlp]="mlp space numeric core"
    [store]="store core"
    [study]="study method schedule store surrogate experiment space numeric core"
    [report]="report study space numeric core"
    [api]="api study method schedule surrogate space numeric core mlp experiment report"
    [cli]="cli"
)

# Quoted includes name folder/file.h or the public header.
upward() {
    local file folder line target
    for file in src/*/*.[ch] src/*/*/*.[ch]; do
        folder=$(cut -d/ -f2 <<<"$file")
        while read -r line; do
            target=${line%%/*}
            [[ $line == afina*.h ]] && continue
            case " ${below[$folder]:-} " in
            *" $target "*) ;;
            *) echo "$file includes $line" ;;
            esac
        done < <(sed -nE 's/^ *# *include +"([^"]+)".*/\1/p' "$file")
    done
}

# An object uses symbols of its folder and of those below; the public header, which all
# may include, declares functions of the folder that is on top.
symbols_upward() {
    local folder
    for folder in "${!below[@]}"; do echo "below $folder ${below[$folder]}"; done >"$work/order"
    for object in $(find "$B/src" -name '*.o' ! -path "$B/src/cli/*"); do # whose source is still there
        source=${object#"$B"/}
        [ ! -f "${source%.o}.c" ] || echo "$object"
    done | xargs nm -A | awk -v top="$B/src/" '
        FNR == NR { for (i = 3; i <= NF; i++) below[$2, $i] = 1; next }
        { file = substr($1, length(top) + 1); sub(/\.o:.*/, "", file); folder = file; sub(/\/.*/, "", folder) }
        $(NF - 1) ~ /^[TDRBVW]$/ { home[$NF] = folder }
        $(NF - 1) == "U" { uses[file " " $NF] = folder }
        END {
            for (use in uses) {
                split(use, part, " ")
                if (part[2] in home && !((uses[use], home[part[2]]) in below))
                    print "src/" part[1] ".c calls " part[2] " of src/" home[part[2]]
            }
        }' "$work/order" - | sort
}

unknown_folders() {
    local folder
    for folder in src/*/; do
        folder=$(basename "$folder")
        [ -n "${below[$folder]:-}" ] || echo "src/$folder has no place in the order"
    done
}

check "every folder has a place in the order" empty unknown_folders
check "nothing includes what stands above it" empty upward
check "nothing calls what stands above it" empty symbols_upward
check "only src/numeric includes GSL, LAPACKE or CBLAS" empty sh -c \
    "grep -nE '^ *# *include +<(gsl/|lapacke|cblas|openblas)' -r src examples include | grep -v '^src/numeric/'"
check "examples include the public header only" empty sh -c "grep -nE '^ *# *include +\"' examples/*.[ch] examples/*/*.[ch] 2>/dev/null | grep -vE '\"(afina\\.hp*|demo\\.h)\"'"
check "a public header includes stddef.h, stdint.h and afina.h only" empty sh -c \
    "grep -nE '^ *# *include' include/*.h | grep -vE '<(stddef|stdint)\\.h>|"afina\\.h"'"
check "file names are unique" empty sh -c "ls src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch] tests/*/*/*.[ch] examples/*.[ch] examples/*/*.[ch] 2>/dev/null | sed 's|.*/||' | sort | uniq -d"
finish
