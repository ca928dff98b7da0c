"""worker.py ADAPTER METHOD SPACES RUNNER: runs one peer in this process. Tasks come as JSON lines on standard input, results go
out as JSON lines; whatever a peer prints goes to standard error. Started by run.py in the peer's environment."""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[name] = "1"

import gc
import importlib
import importlib.metadata
import json
import math
import resource
import statistics
import sys
import time
import warnings

import problems


CALLS = 11


class Spent(BaseException):
    """The budget is used up. Not an Exception, so that no peer takes it for a failed objective."""


class Objective:
    """What an adapter calls with a point. Counts, keeps the best true value and both clocks."""

    def __init__(self, problem, budget, seed):
        self.problem, self.budget, self.seed = problem, budget, seed
        self.best, self.seen, self.true, self.worst = [], math.inf, None, None
        self.gaps, self.cpu_gaps, self.seconds = [], [], 0.0
        self.start()

    def start(self):
        self.started = self.last = time.perf_counter()
        self.cpu_last = time.process_time()

    def __call__(self, point):
        """The observed value; NaN when the objective fails."""
        now, cpu = time.perf_counter(), time.process_time()
        if len(self.best) >= self.budget:
            raise Spent
        self.gaps.append(now - self.last)
        self.cpu_gaps.append(cpu - self.cpu_last)
        true, seen = self.problem.evaluate(point, self.seed, len(self.best))
        if seen < self.seen:  # what counts is the true value of the best observed
            self.seen, self.true = seen, true
        self.best.append(self.true)
        if math.isfinite(seen):
            self.worst = seen if self.worst is None else max(self.worst, seen)
        self.last, self.cpu_last = time.perf_counter(), time.process_time()
        self.seconds += self.last - now
        return seen

    def finite(self, point):
        """For peers that know no failure: the worst value so far stands for one."""
        value = self(point)
        return value if math.isfinite(value) else self.worst if self.worst is not None else 1e6


def version(adapter):
    try:
        return importlib.metadata.version(adapter.PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return "?"


def minimize(adapter, method, objective, seed, past):
    """Runs the peer until the budget is spent or it ends by itself. Returns what went wrong, or None."""
    try:
        objective.start()
        adapter.minimize(objective.problem.space, method, seed, objective.budget, objective, past)
    except Spent:
        pass
    except Exception as error:
        if len(objective.best) == objective.budget:  # a C library may have turned Spent into an error of its own
            return None
        return "%s: %s" % (type(error).__name__, " ".join(str(error).split())[:300])
    return None if objective.best else "no point was asked for"


def quality(adapter, method, task, table):
    problem = table[task["problem"], task["instance"]]
    objective = Objective(problem, task["budget"], task["seed"])
    wrong = minimize(adapter, method, objective, task["seed"], [])
    total = time.perf_counter() - objective.started
    best = objective.best
    ended = len(best)
    if best and not wrong:  # a peer that stops early has what it has
        best = best + [best[-1]] * (task["budget"] - ended)
    return {"budget": task["budget"], "best": best, "evaluations": ended,
            "optimizer_seconds": total - objective.seconds, "optimizer_cpu_seconds": sum(objective.cpu_gaps),
            "objective_seconds": objective.seconds,
            "status": "failed: " + wrong if wrong else "ok"}


def rss():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * resource.getpagesize()


def speed(adapter, method, task, table):
    """The time between two evaluations at a history of n trials: median of eleven calls, in CPU time of the process so
    that neighbours on the machine count less. The history is told at once where the peer can take one, and is made by
    the peer itself where it cannot."""
    problem, n = table[task["space"], 0], task["history"]
    told = adapter.PAST and n > 10
    past = problems.history(problem, n, 1) if told else []
    objective = Objective(problem, CALLS + 1 if told else n + CALLS, 1)
    gc.collect()
    before = rss()
    wrong = minimize(adapter, method, objective, 1, past)
    grown = rss() - before
    cpu, wall = (g[1:] if told else g[n:] for g in (objective.cpu_gaps, objective.gaps))
    if wrong or len(cpu) < CALLS:
        return {"status": "failed: " + (wrong or "ended before the history was reached")}
    return {"ms_per_suggestion": 1e3 * statistics.median(wall), "cpu_ms_per_suggestion": 1e3 * statistics.median(cpu),
            "cpu_ms_mean": 1e3 * statistics.fmean(cpu), "calls": CALLS, "told": told,
            "bytes_per_trial": grown / (n + CALLS) if n >= 1000 else None, "status": "ok"}


def main():
    name, method, spaces, runner = sys.argv[1:5]
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    adapter = importlib.import_module("adapters." + name)
    table = {(p.name, p.instance): p for p in problems.read(spaces, runner)[0]}
    out.write(json.dumps({"version": version(adapter)}) + "\n")
    out.flush()
    for line in sys.stdin:
        task = json.loads(line)
        result = (speed if "history" in task else quality)(adapter, method, task, table)
        out.write(json.dumps(result) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
