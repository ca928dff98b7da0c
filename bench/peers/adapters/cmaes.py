"""cmaes: ask and tell in the unit box, from its middle with sigma 1/6 as in its own examples; restarted when it stops."""
import numpy
from cmaes import CMA

LIBRARY = "cmaes"
PACKAGE = "cmaes"
METHODS = {"cmaes": "core"}
SPACES = "box"
PAST = False


def minimize(space, method, seed, budget, objective, past):
    d = len(space.parameters)
    rng = numpy.random.default_rng(seed)
    mean = numpy.full(d, 0.5)
    while True:
        es = CMA(mean=mean, sigma=1 / 6, bounds=numpy.array([[0.0, 1.0]] * d), seed=int(rng.integers(1 << 30)))
        while not es.should_stop():
            points = [es.ask() for _ in range(es.population_size)]
            es.tell([(u, objective.finite(space.from_unit(u))) for u in points])
        mean = rng.random(d)
