"""pagmo2 through pygmo: its single-objective metaheuristics in the unit box, on a population of ten (gaco: 63, its
least), evolved until the budget is used."""
import pygmo

LIBRARY = "pagmo2"
PACKAGE = "pygmo"
METHODS = {"cmaes": "core", "sade": "core", "de1220": "core", "pso": "core", "gaco": "core", "sga": "core",
           "simulated_annealing": "core"}
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
            "de1220": lambda: pygmo.de1220(gen=budget, seed=seed),
            "pso": lambda: pygmo.pso(gen=budget, seed=seed),
            "gaco": lambda: pygmo.gaco(gen=budget, seed=seed),
            "sga": lambda: pygmo.sga(gen=budget, seed=seed),
            "simulated_annealing": lambda: pygmo.simulated_annealing(seed=seed)}
    population = pygmo.population(pygmo.problem(Box(space, objective)), size=63 if method == "gaco" else 10, seed=seed)
    while True:
        population = pygmo.algorithm(make[method]()).evolve(population)
