"""dlib: global_function_search, the engine of find_min_global (an upper bound by Lipschitz constants and a trust
region), in natural units; integers declared as such."""
import math

import dlib

LIBRARY = "dlib"
PACKAGE = "dlib-bin"
METHODS = {"lipo": "core"}
SPACES = "numeric"
PAST = False


def minimize(space, method, seed, budget, objective, past):
    ends = [(math.log(p.low), math.log(p.high)) if p.log else (p.low, p.high) for p in space.parameters]
    whole = [p.kind == "integer" and not p.log for p in space.parameters]
    spec = dlib.function_spec([low for low, _ in ends], [high for _, high in ends], whole)
    search = dlib.global_function_search(spec)
    search.set_seed(seed)
    while True:
        request = search.get_next_x()
        values = {}
        for p, x in zip(space.parameters, request.x):
            x = min(max(math.exp(x) if p.log else x, p.low), p.high)
            values[p.name] = round(x) if p.kind == "integer" else x
        request.set(-objective.finite(values))
