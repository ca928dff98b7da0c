"""evaluate.py: answers what a configuration is worth, for the C runner and for every peer.

    evaluate.py --serve [--cache FILE]     JSON lines in, {"value": number or null} out, a line each:
                                           {"task": T, "point": {...}, "seed": S, "trial": K} as evaluation K of run S sees it,
                                           {"task": T, "point": {...}, "repeat": R} fresh repeat R
    evaluate.py --spaces                   the tasks as JSON lines, in the form of `runner --spaces`
    evaluate.py --cost [POINTS]            milliseconds of random points of each task: mean, largest; failures

The replicate of a noisy task is its split of the rows and the seed of its training; it is keyed by (task, run, evaluation),
and in the repeats by numbers that no search has. A deterministic task has one value. null: the evaluation failed."""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
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
    a.add_argument("--cost", type=int, nargs="?", const=100)
    a.add_argument("--cache")
    options = a.parse_args()
    if options.spaces:
        spaces()
    elif options.cost:
        cost(options.cost)
    elif options.serve:
        serve(options.cache)
    else:
        a.error("--serve, --spaces or --cost")


if __name__ == "__main__":
    main()
