"""real_worker.py ADAPTER METHOD SPACES EVALUATOR: worker.py for the tasks of real-ml. The adapters are the same; the objective
is the evaluator, and the result has the configurations that were the best observed after 16, 25, 50 and 100 evaluations."""
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import worker  # before the rest: it sets the number of threads

import importlib
import json
import math
import shlex
import subprocess
import time
import warnings

import space
import standings


class Task:
    """What worker.Objective calls. The "true value" of an evaluation is its number: judge.py finds what it is worth."""

    def __init__(self, text, evaluator):
        self.name, self.space, self.points, self.seen = text["problem"], space.Space(text["space"]), [], []
        self.evaluator = evaluator

    def evaluate(self, point, seed, trial):
        point = self.space.active(point)
        value = self.evaluator.ask({"task": self.name, "point": point, "seed": seed, "trial": trial})
        self.points.append(point)
        self.seen.append(value)
        return len(self.points) - 1, value


class Evaluator:
    def __init__(self, command):
        self.command, self.process = shlex.split(command), None

    def ask(self, question):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        value = json.loads(self.process.stdout.readline())["value"]
        return math.nan if value is None else value


def observed(task, best, budget):
    """The configuration that was the best observed at each budget; a peer that ended early has what it has."""
    kept = {}
    for b in (b for b in standings.BUDGETS if b <= budget):
        at = best[min(b, len(best)) - 1]
        kept[str(b)] = None if at is None else task.points[at]
    return kept


def run(adapter, method, job, text, evaluator):
    task = Task(text, evaluator)
    objective = worker.Objective(task, job["budget"], job["seed"])
    wrong = worker.minimize(adapter, method, objective, job["seed"], [])
    total = time.perf_counter() - objective.started
    return {"budget": job["budget"], "observed": observed(task, objective.best, job["budget"]) if objective.best else {},
            "seen": [None if math.isnan(v) else v for v in task.seen], "optimizer_cpu_seconds": sum(objective.cpu_gaps),
            "seconds": total, "status": "failed: " + wrong if wrong else "ok"}


def main():
    name, method, spaces, command = sys.argv[1:5]
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    adapter, evaluator = importlib.import_module("adapters." + name), Evaluator(command)
    with open(spaces) as f:
        table = {t["problem"]: t for t in map(json.loads, f)}
    out.write(json.dumps({"version": worker.version(adapter)}) + "\n")
    out.flush()
    for line in sys.stdin:
        job = json.loads(line)
        out.write(json.dumps(run(adapter, method, job, table[job["problem"]], evaluator)) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
