"""HEBO: its own design space, one suggestion a time."""
import numpy
import pandas
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

LIBRARY = "hebo"
PACKAGE = "HEBO"
METHODS = {"hebo": "hebo"}
SPACES = "any"
PAST = True
SLOW = ["hebo"]


def parameter(p):
    if not p.numeric:
        return {"name": p.name, "type": "cat", "categories": p.choices}
    kind = {("real", False): "num", ("real", True): "pow", ("integer", False): "int", ("integer", True): "pow_int"}
    return {"name": p.name, "type": kind[p.kind, p.log], "lb": p.low, "ub": p.high}


def clean(p, value):
    return value if not p.numeric else int(value) if p.kind == "integer" else float(value)


def minimize(space, method, seed, budget, objective, past):
    numpy.random.seed(seed)
    torch.manual_seed(seed)
    optimizer = HEBO(DesignSpace().parse([parameter(p) for p in space.parameters]), scramble_seed=seed)
    if past:
        optimizer.observe(pandas.DataFrame([p for p, _ in past]), numpy.array([[v] for _, v in past]))
    while True:
        asked = optimizer.suggest(n_suggestions=1)
        row = asked.iloc[0]
        value = objective.finite({p.name: clean(p, row[p.name]) for p in space.parameters})
        optimizer.observe(asked, numpy.array([[value]]))
