"""Rustuna, Optuna's core in Rust: the same define-by-run interface."""
import rustuna
from rustuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

LIBRARY = "rustuna"
PACKAGE = "rustuna"
METHODS = {"tpe": "core", "cmaes": "core"}
SPACES = "any"
PAST = True

SAMPLERS = {"tpe": rustuna.samplers.TPESampler, "cmaes": rustuna.samplers.CmaEsSampler}


def distribution(p):
    if p.kind == "real":
        return FloatDistribution(p.low, p.high, log=p.log, step=p.step)
    if p.kind == "integer":
        return IntDistribution(p.low, p.high, log=p.log, step=p.step)
    return CategoricalDistribution(p.choices)


def taker(trial):
    def take(p):
        if p.kind == "real":
            return trial.suggest_float(p.name, p.low, p.high, p.step, p.log)
        if p.kind == "integer":
            return trial.suggest_int(p.name, p.low, p.high, p.step, p.log)
        return trial.suggest_categorical(p.name, p.choices)
    return take


def minimize(space, method, seed, budget, objective, past):
    study = rustuna.create_study(sampler=SAMPLERS[method](seed=seed))
    every = {p.name: distribution(p) for p in space.parameters}
    for p, v in past:
        p = space.active(p)
        study.add_trial(rustuna.create_trial(params=p, distributions={n: every[n] for n in p}, value=v))
    while True:
        trial = study.ask()
        value = objective(space.walk(taker(trial)))
        if value != value:
            study.tell(trial.number, state=rustuna.trial.TrialState.FAIL)
        else:
            study.tell(trial.number, value)
