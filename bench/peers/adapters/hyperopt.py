"""Hyperopt: fmin over a dict of hp.* nodes. Conditional parameters are always given a value (a tree of hp.choice
cannot say what several parents or comparisons say); inactive ones do not reach the objective."""
import numpy
from hyperopt import STATUS_FAIL, STATUS_OK, anneal, fmin, hp, rand, tpe

LIBRARY = "hyperopt"
PACKAGE = "hyperopt"
METHODS = {"tpe": "core", "anneal": "core", "rand": "core"}
SPACES = "any"
PAST = False

SUGGEST = {"tpe": tpe.suggest, "anneal": anneal.suggest, "rand": rand.suggest}


def node(p):
    if not p.numeric:
        return hp.choice(p.name, p.choices)
    if p.step:
        low, high = p.ends()
        return hp.qloguniform(p.name, low, high, p.step) if p.log else hp.quniform(p.name, p.low, p.high, p.step)
    return hp.loguniform(p.name, *p.ends()) if p.log else hp.uniform(p.name, p.low, p.high)


def clean(p, value):
    if not p.numeric:
        return value
    value = min(max(float(value), p.low), p.high)
    return int(round(value)) if p.kind == "integer" else value


def minimize(space, method, seed, budget, objective, past):
    def loss(values):
        value = objective({p.name: clean(p, values[p.name]) for p in space.parameters})
        return {"status": STATUS_FAIL} if value != value else {"status": STATUS_OK, "loss": value}

    fmin(loss, {p.name: node(p) for p in space.parameters}, algo=SUGGEST[method], max_evals=budget,
         rstate=numpy.random.default_rng(seed), show_progressbar=False, verbose=False)
