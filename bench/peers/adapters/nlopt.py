"""NLopt: the derivative-free global algorithms and three local ones, in the unit box; a local one that stops early
starts again at a random point."""
import random

import nlopt

LIBRARY = "nlopt"
PACKAGE = "nlopt"
METHODS = {"directl": "core", "crs2": "core", "mlsl": "core", "bobyqa": "core", "sbplx": "core",
           "neldermead": "core"}
SPACES = "box"
PAST = False
FIXED = ["directl"]  # the same trials for every seed


def make(method, d):
    name = {"directl": nlopt.GN_DIRECT_L, "crs2": nlopt.GN_CRS2_LM, "mlsl": nlopt.G_MLSL_LDS,
            "bobyqa": nlopt.LN_BOBYQA, "sbplx": nlopt.LN_SBPLX, "neldermead": nlopt.LN_NELDERMEAD}[method]
    opt = nlopt.opt(name, d)
    if method == "mlsl":
        local = nlopt.opt(nlopt.LN_BOBYQA, d)
        local.set_xtol_rel(1e-4)
        opt.set_local_optimizer(local)
    elif method in ("bobyqa", "sbplx", "neldermead"):
        opt.set_xtol_rel(1e-4)
    return opt


def minimize(space, method, seed, budget, objective, past):
    rng, d = random.Random(seed), len(space.parameters)
    nlopt.srand(seed)
    while True:
        opt = make(method, d)
        opt.set_lower_bounds([0.0] * d)
        opt.set_upper_bounds([1.0] * d)
        opt.set_min_objective(lambda u, gradient: objective.finite(space.from_unit(u)))
        opt.set_maxeval(budget + 1)
        try:
            opt.optimize([rng.random() for _ in range(d)])
        except nlopt.RoundoffLimited:  # as far as it can get from there
            pass
