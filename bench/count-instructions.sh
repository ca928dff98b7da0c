#!/bin/sh
# Counts the instructions of suggestions under callgrind, JOBS methods at a time.
#
#     count-instructions.sh record FILE     writes FILE
#     count-instructions.sh check FILE      fails when a count is a fifth above it, or a method has none
#     count-instructions.sh count METHOD    prints "METHOD COUNT"
#
# A count that grows on purpose is recorded anew in the commit that makes it grow.
set -eu
mode=$1 file=$2
export OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell
command -v valgrind >/dev/null || { echo 'count-instructions: valgrind is missing' >&2; exit 1; }

if [ "$mode" = count ]; then
    count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="bench_timed_*" \
        "$RUNNER" --data none --instructions "$2" 2>&1 >/dev/null </dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p')
    echo "$2 $count"
    exit 0
fi

methods=$("$RUNNER" --data none --list-methods 2>/dev/null)
counts=$(echo "$methods" | xargs -P "${JOBS:-2}" -n 1 sh "$0" count)

of() { # method counts: the number of a method, or nothing
    echo "$2" | sed -n "s/^$1 //p"
}

if [ "$mode" = record ]; then
    echo '# method instructions: three suggestions after 100 trials in ten dimensions' >"$file"
    for method in $methods; do
        echo "$method $(of "$method" "$counts")" | tee -a "$file"
    done
    exit 0
fi

failed=0
recorded=$(grep -v '^#' "$file")
for method in $methods; do
    now=$(of "$method" "$counts") then=$(of "$method" "$recorded")
    if [ -z "$then" ]; then
        echo "$method: no count is recorded" >&2
        failed=1
    elif [ -z "$now" ] || [ "$now" -gt $((then + then / 5)) ]; then
        echo "$method: ${now:-no} instructions, $then recorded: more than a fifth above" >&2
        failed=1
    else
        echo "$method: $now instructions, $then recorded"
    fi
done
for method in $(echo "$recorded" | cut -d' ' -f1); do
    [ -n "$(of "$method" "$counts")" ] || { echo "$method is recorded, and there is no such method" >&2; failed=1; }
done
exit $failed
