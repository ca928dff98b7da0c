"""Optuna: define-by-run through study.ask and study.tell, every sampler with its defaults."""
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

LIBRARY = "optuna"
PACKAGE = "optuna"
METHODS = {"tpe": "core", "cmaes": "core", "nsgaii": "core", "random": "core", "gp": "torch"}
SPACES = "any"
PAST = True
SLOW = ["gp"]

SAMPLERS = {"tpe": optuna.samplers.TPESampler, "cmaes": optuna.samplers.CmaEsSampler,
            "random": optuna.samplers.RandomSampler, "nsgaii": optuna.samplers.NSGAIISampler,
            "gp": optuna.samplers.GPSampler}


def distribution(p):
    if p.kind == "real":
        return FloatDistribution(p.low, p.high, log=p.log, step=p.step)
    if p.kind == "integer":
        return IntDistribution(p.low, p.high, log=p.log, step=p.step)
    return CategoricalDistribution(p.choices)


def taker(trial):
    def take(p):
        if p.kind == "real":
            return trial.suggest_float(p.name, p.low, p.high, log=p.log, step=p.step)
        if p.kind == "integer":
            return trial.suggest_int(p.name, p.low, p.high, log=p.log, step=p.step)
        return trial.suggest_categorical(p.name, p.choices)
    return take


def minimize(space, method, seed, budget, objective, past):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=SAMPLERS[method](seed=seed))
    every = {p.name: distribution(p) for p in space.parameters}
    for p, v in past:
        p = space.active(p)
        study.add_trial(optuna.trial.create_trial(params=p, distributions={n: every[n] for n in p}, value=v))
    while True:
        trial = study.ask()
        value = objective(space.walk(taker(trial)))
        if value != value:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(trial, value)
