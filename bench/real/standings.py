"""Scores of judged runs. For a task and a budget B

    r = (value of what is kept after B evaluations - best known value) / (median of that for random search - best known value),

held between 0.001 and 10; a method without an answer has 10. The score of a half of the suite is the mean over its tasks of
the mean over runs of log10 r; the share is the mean of r. Standard errors are over the runs, for these tasks."""
import csv
import glob
import json
import lzma
import math
import os
import statistics

KEY = ("library", "method", "problem", "seed", "budget")
BUDGETS = (16, 25, 50, 100)
ANSWERS = ("observed", "expected")
HALVES = ("noisy", "deterministic")
FLOOR, CEILING = 1e-3, 10.0
COLUMNS = ["task", "half", "ceiling", "best", "found_by"] + ["random_%d" % b for b in BUDGETS]


def read_reference(path):
    with open(path, newline="") as f:
        return {row["task"]: {k: v if k in ("task", "half", "found_by") else float(v) if v else None for k, v in row.items()}
                for row in csv.DictReader(f)}


def write_reference(path, rows):
    with open(path, "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(COLUMNS)
        for row in rows:
            out.writerow(["%.9g" % v if isinstance(v, float) else v for v in (row.get(c) for c in COLUMNS)])


def key_of(r):
    return tuple(r[k] for k in KEY)


def read(folders):
    """Judged runs: of a folder of results those in FOLDER/judged, of a store its own files. Of the same run the later counts."""
    found = {}
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "judged", "*.jsonl")) + glob.glob(os.path.join(folder, "*.jsonl.xz"))):
            with lzma.open(path, "rt") if path.endswith(".xz") else open(path) as f:
                for r in map(json.loads, f):
                    found[key_of(r)] = r
    return list(found.values())


def latest(folders):
    """The same, but a method that a later folder has counts from there alone: runs of two builds do not mix."""
    out = {}
    for folder in folders:
        runs = read([folder])
        methods = {}
        for r in runs:
            methods.setdefault((r["library"], r["method"]), []).append(r)
        out.update(methods)
    return [r for runs in out.values() for r in runs]


def ratio(value, best, yard):
    if value is None:
        return CEILING
    if yard <= best:  # random search is there already: as good as it, or not
        return 1.0 if value <= yard else CEILING
    return min(max((value - best) / (yard - best), FLOOR), CEILING)


def best_known(reference, runs):
    """Of the reference and of these runs: what is scored is never beyond it."""
    best = {t: row["best"] for t, row in reference.items()}
    for r in runs:
        for answer in ANSWERS:
            for value in r.get(answer, {}).values():
                if value is not None:
                    best[r["problem"]] = min(best[r["problem"]], value)
    return best


def ratios(reference, runs, best, budget, answer):
    """{task: {seed: r}} of one method's runs. Of a seed that was run at several budgets the shortest run that goes so far
    counts: methods that are told the budget make other runs for each."""
    out = {}
    for r in sorted(runs, key=lambda r: -r["budget"]):
        found = r.get(answer, {})
        if str(budget) in found:
            row = reference[r["problem"]]
            out.setdefault(r["problem"], {})[r["seed"]] = ratio(found[str(budget)], best[r["problem"]],
                                                                row["random_%d" % budget])
    return out


def mean_and_error(lists):
    """Mean over tasks of the mean over runs, and its standard error over the runs; None where a task has one run."""
    means = [statistics.fmean(values) for values in lists]
    if any(len(values) < 2 for values in lists):
        return statistics.fmean(means), None
    return statistics.fmean(means), math.sqrt(sum(statistics.variance(v) / len(v) for v in lists)) / len(lists)


def score(table):
    """Score, its standard error and the share, of {task: {seed: r}}."""
    logs = [[math.log10(r) for r in row.values()] for row in table.values()]
    return mean_and_error(logs) + (statistics.fmean(statistics.fmean(row.values()) for row in table.values()),)


def difference(a, b):
    """Score of b minus that of a over the tasks and seeds that both ran, its standard error, and how many pairs."""
    pairs = {t: [math.log10(b[t][s]) - math.log10(a[t][s]) for s in a[t] if s in b[t]] for t in a if t in b}
    pairs = [p for p in pairs.values() if p]
    if not pairs:
        return None, None, 0
    return mean_and_error(pairs) + (sum(map(len, pairs)),)
