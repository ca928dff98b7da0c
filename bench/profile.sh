#!/bin/sh
# What a suggestion of gp is made of: samples of the processor's time by perf.
#
#     RUNNER=... profile.sh       a row for each space and number of results
#
# A sample is of the first of these parts that its stack passes through. Stacks are read from debug
# information, so that functions that were inlined have their names: it is the library as shipped.
set -eu
export OPENBLAS_NUM_THREADS=1
command -v perf >/dev/null || { echo 'profile: perf is missing' >&2; exit 1; }
samples=$(mktemp)
trap 'rm -f "$samples" "$samples.out"' EXIT

shares() {
    perf script -i "$samples" -F ip,sym 2>/dev/null | awk -v head="$1" -v asked="$2" '
        BEGIN {
            n = split("fit build drawn weighed climb exchange refinement rest", order, " ")
            of["gp_model_fit"] = "fit"; of["gp_model_build"] = "build"
            of["add_spread"] = of["add_local"] = of["add_exchanges"] = "drawn"
            of["climb"] = "climb"; of["exchange"] = "exchange"; of["climb_from_best"] = "weighed"
            of["propose_trust_region"] = "refinement"
        }
        NF == 0 { if (counts) { total++; sum[part ? part : "rest"]++ } part = ""; counts = 0; next }
        $2 in of && !part { part = of[$2] } # innermost first
        $2 == "bench_profiled_ask" || $2 == "bench_profiled_tell" { counts = 1 }
        END {
            printf "%s %.1f |", head, 0.2 * total / asked
            for (i = 1; i <= n; i++) printf " %.0f |", 100 * sum[order[i]] / total
            printf "\n" }'
}

echo '| space | results | ms | fit | build | pool drawn | pool weighed | climb | exchange | refinement | rest |'
echo '|---|---|---|---|---|---|---|---|---|---|---|'
for row in 'd10 100 20' 'd10 1000 3' 'mixed20 100 10' 'mixed20 1000 2'; do
    set -- $row
    perf record -q -e cpu-clock:u -F 5000 --call-graph dwarf,16384 -o "$samples" sh -c \
        "for i in \$(seq $3); do '$RUNNER' --data none --profile gp --problems $1 --history $2; done" \
        >"$samples.out" 2>/dev/null
    shares "| $1 | $2 |" "$(awk '{ n += $1 } END { print n }' "$samples.out")"
done
