"""SMAC3: the hyperparameter optimisation facade by ask and tell, conditions as ConfigSpace knows them."""
import tempfile

from ConfigSpace import (AndConjunction, Categorical, ConfigurationSpace, Float, GreaterThanCondition, InCondition,
                         Integer, LessThanCondition)
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory.dataclasses import TrialValue
from smac.runhistory.enumerations import StatusType

LIBRARY = "smac3"
PACKAGE = "smac"
METHODS = {"hpo": "smac"}
SPACES = "any"
PAST = False
SLOW = ["hpo"]


def hyperparameter(p):
    if not p.numeric:
        return Categorical(p.name, p.choices, ordered=p.kind == "ordinal")
    return (Integer if p.kind == "integer" else Float)(p.name, (p.low, p.high), log=p.log)


def condition(space, c, child, parent, p):
    """An integer or a choice by the values that switch the child on; a real by comparison."""
    if p.numeric and p.kind == "real":
        return (GreaterThanCondition if ">" in c["comparison"] else LessThanCondition)(child, parent, c["number"])
    values = p.choices or list(range(p.low, p.high + 1))
    return InCondition(child, parent, [v for v in values if space.holds(c, {p.name: v})])


def config_space(space, seed):
    cs = ConfigurationSpace(seed=seed)
    nodes = {p.name: hyperparameter(p) for p in space.parameters}
    cs.add(*nodes.values())
    for p in space.parameters:
        on = [condition(space, c, nodes[p.name], nodes[c["parent"]], space.by_name[c["parent"]]) for c in p.conditions]
        if on:
            cs.add(on[0] if len(on) == 1 else AndConjunction(*on))
    return cs


def minimize(space, method, seed, budget, objective, past):
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(config_space(space, seed), n_trials=budget, seed=seed, deterministic=True,
                            output_directory=folder)
        smac = HyperparameterOptimizationFacade(scenario, lambda config, seed: 0.0, overwrite=True, logging_level=False)
        for _ in range(budget):
            info = smac.ask()
            point = {p.name: info.config[p.name] for p in space.parameters if p.name in info.config}
            point = {n: v.item() if hasattr(v, "item") else v for n, v in point.items()}
            value = objective(point)
            bad = value != value
            smac.tell(info, TrialValue(cost=1e9 if bad else value,
                                       status=StatusType.CRASHED if bad else StatusType.SUCCESS))
