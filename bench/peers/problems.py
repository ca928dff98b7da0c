"""The benchmark's problems in Python: spaces, shifts and optima from the text that `bench/runner --spaces`
writes, the functions here and in the files beside (check_vectors.py proves them equal to the C ones)."""
import json
import math
import random

import standard
from space import Space

# Functions of other suites join these: name -> f(problem, point) with the active values of a point.
FAMILIES = {}


class Problem:
    def __init__(self, text):
        self.name, self.suite, self.instance = text["problem"], text["suite"], text["instance"]
        self.d, self.optimum = text["d"], text["optimum"]
        self.space = Space(text["space"])
        self.text = text
        self.shift = text.get("shift") or []
        self.noise = text.get("noise", 0.0)
        self.function = find(self)

    def value(self, point):
        """The true value of a point; NaN where the objective fails."""
        try:
            return self.function(self.space.active(point))
        except OverflowError:
            return math.inf

    def observed(self, point, rng):
        value = self.value(point)
        return value + self.noise * rng.gauss(0, 1) if self.noise else value


def find(problem):
    base = problem.name.removesuffix("_shifted").removesuffix("-shift")
    if base in standard.BOX:
        return boxed(problem, standard.BOX[base])
    if base in standard.MIXED:
        return mixed(problem, standard.MIXED[base])
    if base in FAMILIES:
        return FAMILIES[base](problem)
    raise KeyError("no Python definition of problem %s" % problem.name)


def boxed(problem, f):
    names, shift = problem.space.names, problem.shift
    if not shift:
        return lambda p: f([float(p[n]) for n in names])
    return lambda p: f([float(p[n]) - s for n, s in zip(names, shift)])


def mixed(problem, f):
    return (lambda p: f(p, problem.shift)) if problem.shift else f


def read(path):
    """All problems of the text that have a definition here, and the names of those that have none."""
    known, unknown = [], []
    with open(path) as lines:
        for line in lines:
            text = json.loads(line)
            try:
                known.append(Problem(text))
            except KeyError:
                unknown.append(text["problem"])
    return known, unknown


# ---- what suggestions are timed on: ten continuous parameters, and twenty mixed ones


def real(name, low, high, scale="linear"):
    return {"name": name, "kind": "real", "low": low, "high": high, "scale": scale}


def integer(name, low, high, scale="linear"):
    return {"name": name, "kind": "integer", "low": low, "high": high, "scale": scale}


D10 = {"format": 1, "parameters": [real("x%d" % i, -5.0, 5.0) for i in range(10)]}
MIXED20 = {"format": 1, "parameters":
           [real("l%d" % i, 1e-5, 1.0, "log") for i in range(5)] + [real("f%d" % i, 0.0, 1.0) for i in range(4)]
           + [integer("i%d" % i, 1, 64) for i in range(4)] + [integer("j%d" % i, 8, 1024, "log") for i in range(2)]
           + [{"name": "c%d" % i, "kind": "categorical", "choices": ["a", "b", "c", "d"]} for i in range(5)]}


def sphere(p):
    return sum(v * v for v in p.values())


def bowl(p):
    s = sum((math.log10(p["l%d" % i]) + 3)**2 for i in range(5)) + sum((p["f%d" % i] - 0.3)**2 for i in range(4))
    s += sum((p["i%d" % i] / 64 - 0.5)**2 for i in range(4)) + sum((math.log2(p["j%d" % i]) - 6)**2 for i in range(2))
    return s + sum({"a": 0.0, "b": 0.5, "c": 1.0, "d": 2.0}[p["c%d" % i]] for i in range(5))


def speed(name):
    text = {"d10": D10, "mixed20": MIXED20}[name]
    FAMILIES.setdefault("d10", lambda problem: sphere)
    FAMILIES.setdefault("mixed20", lambda problem: bowl)
    return Problem({"problem": name, "suite": "speed", "instance": 0, "d": len(text["parameters"]), "optimum": 0.0,
                    "space": text})


def history(problem, n, seed):
    """n random points with their values, for methods that can be given a past."""
    rng = random.Random(seed)
    points = [problem.space.random(rng) for _ in range(n)]
    return [(p, problem.value(p)) for p in points]
