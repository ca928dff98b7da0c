"""The benchmark's problems in Python: spaces, shifts and optima from the text that `bench/runner --spaces` writes,
the functions in the files beside this one; check_vectors.py proves them equal to the C ones."""
import csv
import json
import math
import os
import random
import re
import subprocess

import standard
import stream
import suites
from space import Space


class Problem:
    def __init__(self, text, runner=""):
        self.name, self.suite, self.instance = text["problem"], text["suite"], text["instance"]
        self.d, self.optimum = text["d"], text["optimum"]
        self.space = Space(text["space"])
        self.shift = text.get("shift") or []
        self.noise = text.get("noise", 0.0)
        self.function = find(self, runner)

    def value(self, point):
        """The value without noise; NaN where the objective fails. Parameters that are inactive are ignored."""
        try:
            return self.function(self.space.active(point))
        except OverflowError:
            return math.inf

    def evaluate(self, point, seed, trial):
        """The value without noise, and what the optimizer sees at evaluation `trial` of run `seed`."""
        if isinstance(self.function, Runner):
            return self.function.evaluate(self.space.active(point), seed, trial)
        true = self.value(point)
        if not self.noise:
            return true, true
        return true, true + self.noise * stream.normal(stream.text_hash(self.name) ^ seed, trial, 0)


class Runner:
    """A problem without a definition here (real tables, surrogates, training): the C runner answers for it."""

    def __init__(self, problem, runner):
        self.command = [runner, "--evaluate", problem.name, str(problem.instance)]
        self.process = None

    def ask(self, text):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer or answer[0] == "error":
            raise ValueError(" ".join(answer) or "the runner died")
        return [float(a) for a in answer]

    def __call__(self, point):
        return self.ask(json.dumps(point))[0]

    def evaluate(self, point, seed, trial):
        seen, true = self.ask("%d %d %s" % (seed, trial, json.dumps(point)))
        return true, seen


def find(problem, runner):
    base = re.sub("_noise_.*|_shifted|-shift$", "", problem.name)
    if base in standard.BOX:
        return boxed(problem, standard.BOX[base])
    if base in standard.MIXED:
        f = standard.MIXED[base]
        return (lambda p: f(p, problem.shift)) if problem.shift else f
    if base in suites.FUNCTIONS:
        return listed(problem, suites.FUNCTIONS[base])
    if runner:
        return Runner(problem, runner)
    raise KeyError("no Python definition of problem %s" % problem.name)


def boxed(problem, f):
    names, shift = problem.space.names, problem.shift or [0.0] * problem.d
    return lambda p: f([float(p[n]) - s for n, s in zip(names, shift)])


def listed(problem, f):
    """For functions over one number a parameter: a choice as its index, NaN where inactive."""
    def number(p, values):
        if p.name not in values:
            return math.nan
        return float(values[p.name] if p.numeric else p.choices.index(values[p.name]))
    return lambda values: f([number(p, values) for p in problem.space.parameters], problem.shift)


def read(path, runner=""):
    """All problems of the text that have a definition here, or all when there is a runner to ask; and the names of
    the others."""
    known, unknown = [], []
    with open(path) as lines:
        for line in lines:
            text = json.loads(line)
            try:
                known.append(Problem(text, runner))
            except KeyError:
                unknown.append(text["problem"])
    return known, unknown


def compared():
    """The set on which all libraries are compared: {group, problem, instance} a row."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "problems.csv"), newline="") as f:
        return list(csv.DictReader(f))


def history(problem, n, seed):
    """n random points, every parameter with a value, and what they are worth: for methods that can be given a past."""
    rng = random.Random(seed)
    points = [problem.space.random(rng) for _ in range(n)]
    return [(p, problem.value(p)) for p in points]
