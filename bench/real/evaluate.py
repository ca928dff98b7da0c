"""evaluate.py: answers what a configuration is worth, for the C runner and for every peer.

    evaluate.py --serve [--cache FILE]     JSON lines in, {"value": number or null} out, a line each:
                                           {"task": T, "point": {...}, "seed": S, "trial": K} as evaluation K of run S sees it,
                                           {"task": T, "point": {...}, "repeat": R} fresh repeat R
    evaluate.py --spaces                   the tasks as JSON lines, in the form of `runner --spaces`
    evaluate.py --vectors                  values at fixed points, as recorded in vectors.csv
    evaluate.py --check FILE               that they are those of the file: the packages and data are the same
    evaluate.py --cost [POINTS]            milliseconds of random points of each task: mean, largest; failures

The replicate of a noisy task is its split of the rows and the seed of its training; it is keyed by (task, run, evaluation),
and in the repeats by numbers that no search has. A deterministic task has one value. null: the evaluation failed."""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import csv
import functools
import json
import math
import random
import sys
import time
import warnings
import zlib

import numpy
import sklearn
from sklearn.base import BaseEstimator

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(HERE, "..", "peers"))
import cache
import fixed
import network
import space
import trained

TASKS = {t.name: t for t in fixed.TASKS + trained.TASKS}
NOISY = "noisy"
ROWS = 3


def replicate(task, word):
    return zlib.crc32(("%s %s" % (task, word)).encode()) & 0x7FFFFFFF


def compute(task, point, word):
    """A finite number, or NaN."""
    try:
        with numpy.errstate(all="ignore"):
            value = task.value(point, replicate(task.name, word)) if task.half == NOISY else task.value(point)
    except (ValueError, FloatingPointError, numpy.linalg.LinAlgError, network.Diverged):
        return math.nan
    return value if math.isfinite(value) else math.nan


class Evaluator:
    def __init__(self, path=None):
        self.cache = cache.Cache(path)
        self.spaces = {name: space.Space(t.space) for name, t in TASKS.items()}
        warnings.simplefilter("ignore")
        # The names of a class's settings do not change; to read them anew for every tree costs as much as to grow it.
        names = BaseEstimator._get_param_names.__func__
        BaseEstimator._get_param_names = classmethod(functools.lru_cache(None)(names))
        sklearn.set_config(assume_finite=True, skip_parameter_validation=True, enable_cython_pairwise_dist=False)

    def value(self, name, point, word):
        """word: which replicate; a deterministic task has one."""
        task = TASKS[name]
        point = self.spaces[name].active(point)
        key = cache.key_of(name, point, word if task.half == NOISY else "-")
        value = self.cache.get(key)
        if value is None:
            value = compute(task, point, word)
            self.cache.put(key, value)
        return value

    def answer(self, question):
        word = "repeat %d" % question["repeat"] if "repeat" in question else "%d %d" % (question["seed"], question["trial"])
        return self.value(question["task"], question["point"], word)


def serve(path):
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    evaluator = Evaluator(path)
    for line in sys.stdin:
        value = evaluator.answer(json.loads(line))
        out.write(json.dumps({"value": None if math.isnan(value) else value}) + "\n")
        out.flush()
    evaluator.cache.save()


def spaces():
    for t in TASKS.values():
        print(json.dumps({"problem": t.name, "suite": "real-ml", "instance": 0, "d": len(t.space["parameters"]), "optimum": 0.0,
                          "noise": float(t.half == NOISY), "half": t.half, "shift": [], "space": t.space}))


def vectors():
    """(task, row, point, value): of a noisy task the repeat of the row's number."""
    evaluator, rng = Evaluator(), random.Random(2385)
    for name in TASKS:
        for i in range(ROWS):
            point = evaluator.spaces[name].active(evaluator.spaces[name].random(rng))
            yield name, i, point, evaluator.value(name, point, "repeat %d" % i)


def write_vectors():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["task", "row", "point", "value"])
    for name, i, point, value in vectors():
        out.writerow([name, i, json.dumps(point), "%.9g" % value])


def is_same(value, recorded):
    return math.isnan(value) and math.isnan(recorded) or abs(value - recorded) <= 1e-6 * max(1e-3, abs(recorded))


def check(path):
    """Recorded values, and that a noisy task has another value at another evaluation of the same point."""
    with open(path, newline="") as f:
        rows = list(csv.DictReader(f))
    evaluator, same, varied = Evaluator(), 0, set()
    for row in rows:
        point, recorded = json.loads(row["point"]), float(row["value"])
        value = evaluator.value(row["task"], point, "repeat %s" % row["row"])
        same += is_same(value, recorded)
        if not is_same(value, recorded):
            print("%s, row %s: %.9g, recorded %.9g" % (row["task"], row["row"], value, recorded))
        if TASKS[row["task"]].half == NOISY and evaluator.value(row["task"], point, "0 1") != value:
            varied.add(row["task"])
    noisy = [t for t in TASKS.values() if t.half == NOISY]
    print("%d of %d recorded values agree; %d of %d noisy tasks vary" % (same, len(rows), len(varied), len(noisy)))
    return 0 if same == len(rows) == ROWS * len(TASKS) and len(varied) == len(noisy) else 1


def cost(points):
    evaluator, rng = Evaluator(), random.Random(2385)
    for name, t in TASKS.items():
        took, failed, values = [], 0, []
        evaluator.value(name, evaluator.spaces[name].random(rng), "0")
        for i in range(points):
            point = evaluator.spaces[name].random(rng)
            start = time.process_time()
            value = evaluator.value(name, point, "%d" % i)
            took.append(1e3 * (time.process_time() - start))
            failed += math.isnan(value)
            values += [] if math.isnan(value) else [value]
        print("%-24s %-13s mean %6.1f ms, largest %6.1f ms; failed %d; values %.4g %.4g %.4g (least, median, largest)" % (
            name, t.half, sum(took) / points, max(took), failed, min(values), numpy.median(values), max(values)), flush=True)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--serve", action="store_true")
    a.add_argument("--spaces", action="store_true")
    a.add_argument("--vectors", action="store_true")
    a.add_argument("--check")
    a.add_argument("--cost", type=int, nargs="?", const=100)
    a.add_argument("--cache")
    options = a.parse_args()
    if options.spaces:
        spaces()
    elif options.vectors:
        write_vectors()
    elif options.check:
        sys.exit(check(options.check))
    elif options.cost:
        cost(options.cost)
    elif options.serve:
        serve(options.cache)
    else:
        a.error("--serve, --spaces, --vectors, --check or --cost")


if __name__ == "__main__":
    main()
