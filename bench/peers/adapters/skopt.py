"""scikit-optimize: Optimizer with the settings of gp_minimize (GP, gp_hedge, ten points at random first)."""
import skopt
from skopt.space import Categorical, Integer, Real

LIBRARY = "scikit-optimize"
PACKAGE = "scikit-optimize"
METHODS = {"gp": "core"}
SPACES = "any"
PAST = True
SLOW = ["gp"]


def dimension(p):
    if not p.numeric:
        return Categorical(p.choices)
    kind = Integer if p.kind == "integer" else Real
    return kind(p.low, p.high, prior="log-uniform" if p.log else "uniform")


def minimize(space, method, seed, budget, objective, past):
    dimensions = skopt.utils.normalize_dimensions([dimension(p) for p in space.parameters])
    optimizer = skopt.Optimizer(dimensions, "GP", n_initial_points=10, acq_func="gp_hedge", random_state=seed)
    if past:
        optimizer.tell([[p[n] for n in space.names] for p, _ in past], [v for _, v in past])
    while True:
        x = optimizer.ask()
        values = {p.name: v if not p.numeric else int(v) if p.kind == "integer" else float(v)
                  for p, v in zip(space.parameters, x)}
        optimizer.tell(x, objective.finite(values))
