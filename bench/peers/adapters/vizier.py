"""Google's Vizier: the default designer of its service, GP-UCB-PE, asked for one suggestion at a time. Conditional
parameters are always given a value: the designer refuses conditions. Ordered choices are a discrete parameter."""
import os

os.environ.setdefault("JAX_ENABLE_X64", "1")  # without it a suggestion may lack parameters

import jax
from vizier import algorithms
from vizier import pyvizier
from vizier.algorithms import designers

LIBRARY = "vizier"
PACKAGE = "google-vizier"
METHODS = {"gp-ucb-pe": "vizier"}
SPACES = "any"
PAST = True
SLOW = ["gp-ucb-pe"]


def add(root, p):
    scale = pyvizier.ScaleType.LOG if p.log else pyvizier.ScaleType.LINEAR
    if p.kind == "real":
        root.add_float_param(p.name, p.low, p.high, scale_type=scale)
    elif p.kind == "integer":
        root.add_int_param(p.name, p.low, p.high, scale_type=scale)
    elif p.kind == "ordinal":
        root.add_discrete_param(p.name, list(range(len(p.choices))))
    else:
        root.add_categorical_param(p.name, p.choices)


def clean(p, value):
    if p.kind == "ordinal":
        return p.choices[int(value)]
    return float(value) if p.kind == "real" else int(value) if p.kind == "integer" else value


def raw(p, value):
    return p.choices.index(value) if p.kind == "ordinal" else value


def minimize(space, method, seed, budget, objective, past):
    problem = pyvizier.ProblemStatement()
    for p in space.parameters:
        add(problem.search_space.root, p)
    goal = pyvizier.ObjectiveMetricGoal.MINIMIZE
    problem.metric_information.append(pyvizier.MetricInformation(name="loss", goal=goal))
    designer = designers.VizierGPUCBPEBandit(problem, rng=jax.random.PRNGKey(seed))
    count = 0

    def tell(trial, value):
        trial.complete(pyvizier.Measurement({"loss": value}),
                       infeasibility_reason="failed" if value != value else None)
        designer.update(algorithms.CompletedTrials([trial]), algorithms.ActiveTrials())

    for count, (values, value) in enumerate(past, 1):
        parameters = {p.name: raw(p, values[p.name]) for p in space.parameters}
        tell(pyvizier.Trial(id=count, parameters=parameters), value)
    while True:
        for suggestion in designer.suggest(1):
            count += 1
            values = suggestion.parameters.as_dict()
            tell(suggestion.to_trial(count), objective({p.name: clean(p, values[p.name]) for p in space.parameters}))
