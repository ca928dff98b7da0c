#!/usr/bin/env bash
# What the longer examples print: the race of the best arm as docs/experiments.md shows it, and that
# budgets are kept and checkpoints deleted.
. tests/house/lib.bash
export LC_ALL=C OPENBLAS_NUM_THREADS=1

# The ```text block of a page that begins with this line.
block() { # page line
    awk -v line="$2" '
        /^```/ { inside = !inside; first = inside && $0 == "```text"; shown = 0; next }
        first { shown = $0 == line; first = 0 }
        shown' "$1"
}

check "best_arm runs, in less than five seconds" bash -c "timeout 5 '$B/examples/best_arm' >'$work/race'"
check "it prints what docs/experiments.md shows" same <(block docs/experiments.md halving) "$work/race"
check "it says who was eliminated" grep -qE '^ +1 +64 +4 +[0-9]+ [0-9]+ ' "$work/race"
check "it ends with a verdict" grep -qE 'with a probability of 95 %$' "$work/race"
check "too few trials are decided by nobody" bash -c "'$B/examples/best_arm' --cap 300 | grep -q 'undecided: at most '"

# Epochs of a scheduler, by the first line of its two.
epochs() { sed -nE "s/^  $1 .*: +([0-9]+) epochs, .*/\\1/p" "$work/budgets"; }
check "budgets runs" bash -c "'$B/examples/budgets' --configurations 16 --epochs 12 --checkpoints '$work/c-' \
    --csv '$work/csv' >'$work/budgets'"
check "it leaves no checkpoint" empty find "$work" -name 'c-*'
check "it has a row for each scheduler" test "$(wc -l <"$work/csv")" = 4
for scheduler in adaptive asha; do
    check "$scheduler keeps its total of 48 epochs" test "$(epochs $scheduler)" -le 48
    check "$scheduler goes on from checkpoints" test "$(awk -F, -v s=$scheduler '$2 == s { print $7 }' "$work/csv")" -gt 0
done
check "full training has most of its 192 epochs" test "$(epochs 'full training')" -gt 144

check "folds runs" bash -c "'$B/examples/folds' --trainings 40 --epochs 5 --csv '$work/csv' >'$work/folds'"
check "it spends its trainings" test "$(cut -d, -f7 "$work/csv" | tail -n 3 | sort -u)" = 40
check "all folds of each are four configurations" test "$(awk -F, '$2 == "repeat" { print $5 }' "$work/csv")" = 4
check "racing tries more" test "$(awk -F, '$3 == 0.25 { print $5 }' "$work/csv")" -gt 4

check "shared_folder runs eight processes on one study" bash -c "timeout 100 '$B/examples/shared_folder' >'$work/shared'"
check "they evaluated each trial once" test "$(awk '/evaluated/ { n += $4 } END { print n }' "$work/shared")" = 200
check "no trial is left, and the search went well" grep -qE '^200 trials, 0 running, best 0\.' "$work/shared"

# The same with processes that nobody joins, one of which is killed; later another one goes on.
mkdir "$work/folder"
for i in 1 2 3 4; do "$B/examples/shared_folder" "$work/folder" 2000 >/dev/null & done
killed=$!
while [ "$(ls "$work/folder" | wc -l)" -lt 100 ]; do sleep 0.01; done
{ kill -9 $killed && wait $killed; } 2>/dev/null
check "the others go on when one is killed" wait -n
wait
check "what it left behind is whole" "$B/examples/shared_folder" "$work/folder" 2050
cat $(ls "$work/folder"/0* | sort) >"$work/log"
check "all trials have their number, without a gap" same <(seq 0 2049) <(sed -nE 's/.*"event":"asked","trial":([0-9]+).*/\1/p' "$work/log")
check "at most one trial has no end" test "$(grep -c '"event":"told"' "$work/log")" -ge 2049
finish
