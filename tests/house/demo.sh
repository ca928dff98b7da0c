#!/usr/bin/env bash
# The demo, in short: its last lines, the files it writes, its progress in a pipe,
# and what Ctrl-C leaves.
. tests/house/lib.bash

demo=$B/examples/demo/demo
export OPENBLAS_NUM_THREADS=1

# The two last lines are numbers between 0 and 1 for programs to read.
last_lines() {
    tail -n 2 "$1" | head -n 1 | grep -qxE 'default test accuracy: [01]\.[0-9]{4}' &&
        tail -n 1 "$1" | grep -qxE 'test accuracy: [01]\.[0-9]{4}'
}
files() { # folder rows
    [ "$(head -n 1 "$1/demo-study.jsonl" | head -c 1)" = '{' ] && [ "$(wc -l <"$1/demo-trials.csv")" -ge "$2" ] &&
        head -n 1 "$1/demo-trials.csv" | grep -q '^method,trial,state,validation_error,epochs,layers,' &&
        head -n 1 "$1/demo-picture.svg" | grep -q '^<svg ' && tail -n 1 "$1/demo-picture.svg" | grep -qx '</svg>'
}
in_order() { # file: the trials of the tuning are counted upwards, to 12 of 12
    sed -nE 's/^tuning: ([0-9]+) of 12 trials .*/\1/p' "$1" >"$work/counts"
    sort -nu "$work/counts" | diff - "$work/counts" && [ "$(tail -n 1 "$work/counts")" = 12 ]
}

mkdir "$work/whole" "$work/stopped"
check "the demo runs" bash -c "'$demo' --trials 12 --output '$work/whole' >'$work/out' 2>'$work/err'"
check "its last lines are the two accuracies" last_lines "$work/out"
for words in 'default  *[0-9.]+ % \+- ' 'found by random search  *[0-9.]+ % \+- ' 'tuned  *[0-9.]+ % \+- ' \
    'points, 95 % interval ' 'What mattered, by the model: [a-z0-9_]+ [0-9]+ %'; do
    check "it says: $words" grep -qE "$words" "$work/out"
done
check "it names the files" grep -q "Written: $work/whole/demo-study.jsonl" "$work/out"
check "the files are whole" files "$work/whole" 25
check "progress in a pipe is in order" in_order "$work/err"
check "one worker or two find the same" bash -c "'$demo' --trials 12 --workers 1 --output '$work/stopped' 2>/dev/null |
    tail -n 2 | diff - <(tail -n 2 '$work/out')"

: >"$work/err" # of the run before: its lines would bring the signal too early
"$demo" --trials 100000 --output "$work/stopped" >"$work/out" 2>"$work/progress" &
child=$!
until grep -qs '^tuning: ' "$work/progress" || ! kill -0 $child 2>/dev/null; do sleep 0.1; done
kill -INT $child
wait $child
check "Ctrl-C: the exit status is that of an interrupt" test $? = 130
check "Ctrl-C: it says how far it got" grep -qE '^tuning: stopped after [0-9]+ of 100000 trials$' "$work/out"
check "Ctrl-C: it says what it left out" grep -qx 'random search: not begun' "$work/out"
check "Ctrl-C: the best so far is measured" last_lines "$work/out"
check "Ctrl-C: the files are whole" files "$work/stopped" 2
check "a folder that does not exist is an error" bash -c "! '$demo' --trials 1 --output '$work/none' 2>'$work/err'"
check "and is named" grep -q "$work/none/demo-study.jsonl: No such file" "$work/err"
finish
