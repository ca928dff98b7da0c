#!/bin/sh
# What running several trials at once costs gp: quality at equal evaluations, and time.
#
#     RUNNER=... OUT=FOLDER SPACES=FILE batches.sh
#
# Quality: batches of 1 to 64 trials, each asked for before one is told, on problems of every
# sort; the scores of bench/report/scores.py. Time: processor milliseconds a trial, asked one by
# one and in a batch of 16.
set -eu
problems=branin_shifted:1,hartmann6_shifted:1,rosenbrock5_shifted:1,ackley5_shifted:1,levy8_shifted:1,styblinski6_shifted:1
problems=$problems,mixed-b_shifted:1,tree:1,category20:1,plateau4:1,valley:1,integer8:1
seeds=${BENCH_SEEDS:-5} jobs=${JOBS:-1}
mkdir -p "$OUT"
"$RUNNER" --data none --methods random --problems "$problems" --seeds 20 --budget 128 --jobs "$jobs" --out "$OUT/random" 2>"$OUT/log"
for batch in 1 2 4 8 16 32 64; do
    "$RUNNER" --data none --methods gp --problems "$problems" --seeds "$seeds" --budget 128 --jobs "$jobs" --batch $batch \
        --out "$OUT/batch-$batch" 2>>"$OUT/log"
done
python3 bench/report/compare.py --budgets 64,128 "$SPACES" "$OUT/random" "$OUT"/batch-1 "$OUT"/batch-2 "$OUT"/batch-4 \
    "$OUT"/batch-8 "$OUT"/batch-16 "$OUT"/batch-32 "$OUT"/batch-64
for batch in 1 16; do
    mkdir -p "$OUT/speed-$batch"
    "$RUNNER" --data none --speed --methods gp --batch $batch --out "$OUT/speed-$batch" 2>>"$OUT/log"
    sed -n 's/.*"space":"\([^"]*\)","history":\([0-9]*\),.*"cpu_ms_per_suggestion":\([^,]*\),.*/batches of '$batch', \1, \2 results: \3 ms/p' \
        "$OUT/speed-$batch/speed.jsonl"
done
