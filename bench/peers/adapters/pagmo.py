"""pagmo2 through pygmo: CMA-ES, self-adaptive differential evolution and DE 1220 on a population of ten in the unit
box, evolved until the budget is used."""
import pygmo

LIBRARY = "pagmo2"
PACKAGE = "pygmo"
METHODS = {"cmaes": "core", "sade": "core", "de1220": "core"}
SPACES = "box"
PAST = False


class Box:
    def __init__(self, space, objective):
        self.space, self.objective = space, objective

    def fitness(self, u):
        return [self.objective.finite(self.space.from_unit(u))]

    def get_bounds(self):
        d = len(self.space.parameters)
        return [0.0] * d, [1.0] * d

    def __deepcopy__(self, memo):  # pagmo copies problems; the count of evaluations is one
        return self


def minimize(space, method, seed, budget, objective, past):
    make = {"cmaes": lambda: pygmo.cmaes(gen=budget, force_bounds=True, seed=seed),
            "sade": lambda: pygmo.sade(gen=budget, seed=seed),
            "de1220": lambda: pygmo.de1220(gen=budget, seed=seed)}
    population = pygmo.population(pygmo.problem(Box(space, objective)), size=10, seed=seed)
    while True:
        population = pygmo.algorithm(make[method]()).evolve(population)
