"""pycma: ask and tell in the unit box, start drawn at random, sigma0 0.3 of the box (its manual: about a quarter to a
third of the width). When it ends by itself it starts again."""
import random

import cma

LIBRARY = "pycma"
PACKAGE = "cma"
METHODS = {"cmaes": "core"}
SPACES = "box"
PAST = False


def minimize(space, method, seed, budget, objective, past):
    rng = random.Random(seed)
    d = len(space.parameters)
    while True:
        es = cma.CMAEvolutionStrategy([rng.random() for _ in range(d)], 0.3,
                                      {"bounds": [0, 1], "seed": rng.randrange(1, 1 << 30), "verbose": -9})
        while not es.stop():
            points = es.ask()
            es.tell(points, [objective.finite(space.from_unit(u)) for u in points])
