#!/bin/sh
# What a suggestion of gp is made of, counted in instructions under callgrind.
#
#     RUNNER=... profile.sh       a row for each space and number of results
#
# RUNNER and its library are built without inlining, so that functions keep their names. Shares,
# in hundredths, are of all instructions of asking and telling; what a function calls counts for it.
set -eu
export OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell
command -v valgrind >/dev/null || { echo 'profile: valgrind is missing' >&2; exit 1; }
counts=$(mktemp)
trap 'rm -f "$counts"' EXIT

shares() {
    callgrind_annotate --inclusive=yes --threshold=100 "$counts" 2>/dev/null | awk -v head="$1" -v asked="$2" '
        { gsub(",", "", $1) }
        /PROGRAM TOTALS/ { total = $1 }
        / \[.*libafina/ { # "PERCENT) FILE:FUNCTION [LIBRARY]"; a copy for constant arguments has a tail
            name = $0; sub(/ \[.*/, "", name); sub(/.*:/, "", name); sub(/\..*/, "", name); sum[name] += $1 }
        END {
            fit = sum["gp_model_fit"]; build = sum["gp_model_build"]
            draw = sum["add_spread"] + sum["add_local"] + sum["add_exchanges"]
            weigh = sum["climb_from_best"] - sum["refine"]
            climb = sum["climb"]; exchange = sum["exchange"] + 0; polish = sum["suggest_polish"] + 0
            rest = total - fit - build - draw - weigh - climb - exchange - polish
            printf "%s %.1f |", head, total / asked / 1e6
            n = split(fit " " build " " draw " " weigh " " climb " " exchange " " polish " " rest, part, " ")
            for (i = 1; i <= n; i++) printf " %.1f |", 100 * part[i] / total
            printf "\n" }'
}

echo '| space | results | million instructions | fit | build | pool drawn | pool weighed | climb | exchange | polish | rest |'
echo '|---|---|---|---|---|---|---|---|---|---|---|'
for space in d10 mixed20; do
    for history in 100 1000; do
        asked=$(valgrind --tool=callgrind --callgrind-out-file="$counts" --toggle-collect=bench_profiled_ask \
            --toggle-collect=bench_profiled_tell "$RUNNER" --data none --profile gp --problems $space \
            --history $history 2>/dev/null)
        shares "| $space | $history |" "${asked%% *}"
    done
done
