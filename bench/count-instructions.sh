#!/bin/sh
# Counts the instructions of suggestions under callgrind, method by method.
#
#     count-instructions.sh record FILE     writes FILE
#     count-instructions.sh check FILE      fails when a count is a fifth above it, or a method has none
#
# A count that grows on purpose is recorded anew in the commit that makes it grow.
set -eu
mode=$1 file=$2
export OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell
command -v valgrind >/dev/null || { echo 'count-instructions: valgrind is missing' >&2; exit 1; }

count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="bench_timed_*" \
        "$RUNNER" --data none --instructions "$1" 2>&1 >/dev/null </dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

if [ "$mode" = record ]; then
    echo '# method instructions: three suggestions after 100 trials in ten dimensions' >"$file"
    for method in $("$RUNNER" --data none --list-methods 2>/dev/null); do
        echo "$method $(count "$method")" | tee -a "$file"
    done
    exit 0
fi

failed=0
while read -r method recorded; do
    case $method in '#'*) continue ;; esac
    now=$(count "$method")
    if [ -z "$now" ] || [ "$now" -gt $((recorded + recorded / 5)) ]; then
        echo "$method: ${now:-no} instructions, $recorded recorded: more than a fifth above" >&2
        failed=1
    else
        echo "$method: $now instructions, $recorded recorded"
    fi
done <"$file"
for method in $("$RUNNER" --data none --list-methods 2>/dev/null); do
    grep -q "^$method " "$file" || { echo "$method: no count is recorded" >&2; failed=1; }
done
exit $failed
