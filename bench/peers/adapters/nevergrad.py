"""Nevergrad: NGOpt and single optimizers over its own parametrisation, told the budget as its documentation asks."""
import nevergrad as ng
import numpy

LIBRARY = "nevergrad"
PACKAGE = "nevergrad"
METHODS = {"ngopt": "nevergrad", "de": "nevergrad", "pso": "nevergrad", "oneplusone": "nevergrad"}
SPACES = "any"
PAST = False
TOLD = ["ngopt", "de", "pso", "oneplusone"]  # a run with another budget is another run


OPTIMIZERS = {"ngopt": "NGOpt", "de": "DE", "pso": "PSO", "oneplusone": "OnePlusOne"}


def node(p):
    if not p.numeric:
        return ng.p.Choice(p.choices)
    if p.log:
        scalar = ng.p.Log(lower=p.low, upper=p.high)
    else:
        scalar = ng.p.Scalar(lower=p.low, upper=p.high)
    return scalar.set_integer_casting() if p.kind == "integer" else scalar


def minimize(space, method, seed, budget, objective, past):
    numpy.random.seed(seed)
    parameters = ng.p.Dict(**{p.name: node(p) for p in space.parameters})
    parameters.random_state = numpy.random.RandomState(seed)
    optimizer = ng.optimizers.registry[OPTIMIZERS[method]](parametrization=parameters, budget=budget)
    for _ in range(budget):
        candidate = optimizer.ask()
        point = {p.name: p.inside(candidate.value[p.name]) for p in space.parameters}
        optimizer.tell(candidate, objective.finite(point))
