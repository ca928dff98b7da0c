"""judge.py: what the configurations are worth that the methods say to keep.

    judge.py [--cache FILE] points REFERENCE           ceiling and best of 300 random points of each task
    judge.py [--cache FILE] runs REFERENCE FOLDER...   FOLDER/judged/NAME.jsonl for each FOLDER/NAME.jsonl of runs
    judge.py settle REFERENCE FOLDER...                best known values and the medians of random search, from judged runs

A configuration of a deterministic task has one value. That of a noisy one is the mean of REPEATS trainings with splits and
seeds that no search has seen; a training that failed, or was worse than the ceiling, counts as the ceiling: three times as
far above the median of random points as the best of them is below. So one diverged training does not decide a mean."""
import argparse
import glob
import json
import math
import os
import random
import statistics

import evaluate
import standings

POINTS = 300
FIRST_REPEATS = 1
REPEATS = 10
AGAIN = 15


class Judge:
    def __init__(self, cache, ceilings=()):
        self.evaluator, self.ceilings, self.known = evaluate.Evaluator(cache), dict(ceilings), {}

    def repeat(self, task, point, r):
        value = self.evaluator.value(task, point, "repeat %d" % r)
        return math.inf if math.isnan(value) else value

    def worth(self, task, point, repeats=REPEATS):
        """None for no configuration."""
        if point is None:
            return None
        key = task, json.dumps(point, sort_keys=True), repeats
        if key not in self.known:
            count = repeats if evaluate.TASKS[task].half == evaluate.NOISY else 1
            self.known[key] = statistics.fmean(min(self.repeat(task, point, r), self.ceilings[task]) for r in range(count))
        return self.known[key]

    def points(self, name):
        """The row of the reference, from random points."""
        rng, space = random.Random(2385), self.evaluator.spaces[name]
        drawn = [space.active(space.random(rng)) for _ in range(POINTS)]
        noisy = evaluate.TASKS[name].half == evaluate.NOISY
        first = [[self.repeat(name, p, r) for r in range(FIRST_REPEATS if noisy else 1)] for p in drawn]
        values = sorted(v for row in first for v in row)
        middle = statistics.median(values)
        self.ceilings[name] = middle + 3 * (middle - values[0])
        order = sorted(range(POINTS), key=lambda i: sum(min(v, self.ceilings[name]) for v in first[i]))
        best = min(self.worth(name, drawn[i]) for i in order[:AGAIN])
        return {"task": name, "half": evaluate.TASKS[name].half, "ceiling": self.ceilings[name], "best": best,
                "found_by": "random points"}

    def run(self, line):
        out = {k: line[k] for k in standings.KEY + ("version",)}
        for answer in standings.ANSWERS:
            if answer in line:
                out[answer] = {b: self.worth(line["problem"], p) for b, p in line[answer].items()}
        return out


def make_points(options):
    judge, rows = Judge(options.cache), []
    for name in evaluate.TASKS:
        rows.append(judge.points(name))
        print("%-24s best %.6g, ceiling %.6g" % (name, rows[-1]["best"], rows[-1]["ceiling"]), flush=True)
    judge.evaluator.cache.save()
    standings.write_reference(options.reference, rows)


def judge_runs(options):
    reference = standings.read_reference(options.reference)
    judge = Judge(options.cache, {t: row["ceiling"] for t, row in reference.items()})
    for folder in options.folders:
        os.makedirs(os.path.join(folder, "judged"), exist_ok=True)
        for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
            judge_file(judge, path, os.path.join(folder, "judged", os.path.basename(path)))
    judge.evaluator.cache.save()


def lines_of(path):
    """The last line may be half written: a run that was stopped."""
    with open(path) as f:
        return [json.loads(line) for line in f if line.endswith("\n")]


def judge_file(judge, path, out):
    """A run that failed has no answer; one that was judged before is not judged again."""
    runs = [r for r in lines_of(path) if "observed" in r and r["status"] == "ok"]
    done = {standings.key_of(r) for r in lines_of(out)} if os.path.exists(out) else set()
    with open(out, "a") as f:
        for r in runs:
            if standings.key_of(r) not in done:
                f.write(json.dumps(judge.run(r)) + "\n")


def settle(options):
    """The best known value of a task over all runs, and the yardstick."""
    reference = standings.read_reference(options.reference)
    runs = standings.read(options.folders)
    for task, row in reference.items():
        for r in (r for r in runs if r["problem"] == task):
            least = min((v for a in standings.ANSWERS for v in r.get(a, {}).values() if v is not None), default=math.inf)
            if least < row["best"] - 1e-8 * abs(row["best"]):  # the file has nine digits
                row["best"], row["found_by"] = least, "%s %s" % (r["library"], r["method"])
        for budget in standings.BUDGETS:
            values = [r["observed"][str(budget)] for r in runs if r["problem"] == task and r["method"] == "random"
                      and r["observed"].get(str(budget)) is not None]
            if values:
                row["random_%d" % budget] = statistics.median(values)
    standings.write_reference(options.reference, reference.values())


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--cache")
    a.add_argument("what", choices=("points", "runs", "settle"))
    a.add_argument("reference")
    a.add_argument("folders", nargs="*")
    options = a.parse_args()
    {"points": make_points, "runs": judge_runs, "settle": settle}[options.what](options)


if __name__ == "__main__":
    main()
