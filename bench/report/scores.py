"""Scores. For a problem and a budget B

    r = (best(B) - optimum) / (median best of random search at B - optimum),

and the score of a suite is the mean over problems of the mean over runs of log10(max(r, 1e-3)): 0 is random search,
-1 a tenth of its distance to the optimum, -3 the floor. The interval is a bootstrap over the runs of each problem.
Ranks and wins compare the median run of each method; what is under the floor is equal."""
import math
import random
import statistics

from results import OURS, RANDOM, dimension_of

BUDGETS = (25, 50, 100, 200)
FLOOR = 1e-3
RESAMPLES = 1000
COMPARED = "beside peers"
ALL = "all"
OTHERS = "others"

# The same method, made by others: {ours: its (library, method)}.
ALIKE = {
    "tpe": [("optuna", "tpe"), ("rustuna", "tpe"), ("hyperopt", "tpe")],
    "cmaes": [("pycma", "cmaes"), ("cmaes", "cmaes"), ("optuna", "cmaes"), ("rustuna", "cmaes"), ("pagmo2", "cmaes")],
    "de": [("pagmo2", "sade"), ("pagmo2", "de1220"), ("nevergrad", "de")],
    "ga": [("optuna", "nsgaii"), ("pagmo2", "sga")],
    "es": [("nevergrad", "oneplusone")],
    "pso": [("pagmo2", "pso"), ("nevergrad", "pso")],
    "aco": [("pagmo2", "gaco")],
    "annealing": [("pagmo2", "simulated_annealing")],
    "anneal-prior": [("hyperopt", "anneal")],
    "nelder-mead": [("nlopt", "neldermead"), ("nlopt", "sbplx")],
    "auto": [("nevergrad", "ngopt"), ("optuna", "tpe"), ("ax", "default"), ("hyperopt", "tpe"), ("smac3", "hpo"),
             ("hebo", "hebo")],
}


class Score:
    def __init__(self, suite, budget, method, problems, seeds):
        self.suite, self.budget, self.method = suite, budget, method
        self.problems, self.seeds = problems, seeds
        self.score = self.low = self.high = self.rank = self.won = None


def value_at(run, budget):
    if len(run["best"]) < budget or run["best"][budget - 1] is None:
        return None
    return run["best"][budget - 1]


def gather(results, budget):
    """{problem key: {(library, method): [best(B), one a run]}}"""
    table = {}
    for run in results.runs_to(budget):
        value = value_at(run, budget)
        if value is not None:
            key = (run["suite"], run["problem"], run["instance"])
            table.setdefault(key, {}).setdefault((run["library"], run["method"]), []).append(value)
    return table


def ratios(results, budget):
    """{problem key: {method: [r, one a run]}} where random search was run and is not at the optimum already."""
    out = {}
    for key, methods in gather(results, budget).items():
        optimum = results.problems[key].optimum
        yard = [v for (_, method), values in methods.items() if method in RANDOM for v in values]
        base = statistics.median(yard) - optimum if yard else 0
        if base > 0:
            out[key] = {m: [max((v - optimum) / base, FLOOR) for v in values] for m, values in methods.items()}
    return out


def interval(logs, rng):
    """logs: one list of values a problem. None where there is nothing to resample."""
    if all(len(values) < 2 for values in logs):
        return None, None
    means = sorted(statistics.fmean(statistics.fmean(rng.choices(values, k=len(values))) for values in logs)
                   for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES)]


def ranks(medians):
    """medians {method: r}; ties share the mean of their places. Rank 1 is the best."""
    order = sorted(medians, key=medians.get)
    out, i = {}, 0
    while i < len(order):
        j = i
        while j < len(order) and medians[order[j]] == medians[order[i]]:
            j += 1
        for m in order[i:j]:
            out[m] = (i + 1 + j) / 2
        i = j
    return out


def score_suite(suite, budget, table):
    """table {problem key: {method: [r]}} of the suite's problems."""
    methods = sorted({m for row in table.values() for m in row})
    complete = {m for m in methods if all(m in row for row in table.values())}
    rng, out = random.Random(2385), []
    places = [ranks({m: statistics.median(row[m]) for m in complete}) for row in table.values()]
    for m in methods:
        rows = [row[m] for row in table.values() if m in row]
        s = Score(suite, budget, m, len(rows), min(map(len, rows)))
        logs = [[math.log10(r) for r in values] for values in rows]
        s.score = statistics.fmean(statistics.fmean(values) for values in logs)
        s.low, s.high = interval(logs, rng)
        if m in complete:
            s.rank = statistics.fmean(p[m] for p in places)
            s.won = statistics.fmean(share_of_win(p, m) for p in places)
        out.append(s)
    return out, len(table)


def share_of_win(places, method):
    best = min(places.values())
    winners = [m for m, rank in places.items() if rank == best]
    return 1 / len(winners) if method in winners else 0


def group_names(problem, compared):
    """The suite, its kinds of space and dimensions; and the group of the set on which all libraries are compared."""
    names = [problem.suite, problem.suite + ": " + problem.kind, problem.suite + ": " + dimension_of(problem)]
    if (problem.name, problem.instance) in compared:
        names.append("%s: %s" % (COMPARED, compared[problem.name, problem.instance]))
    return names


def score_all(results):
    """{(group, budget): ([Score], number of problems)}"""
    out = {}
    for budget in BUDGETS:
        groups = {}
        for key, row in ratios(results, budget).items():
            for name in group_names(results.problems[key], results.group):
                groups.setdefault(name, {})[key] = row
        for name, table in groups.items():
            out[name, budget] = score_suite(name, budget, table)
    return out


class Duel:
    """One method against another on the problems that both ran; below 0, the second is nearer to the optimum."""

    def __init__(self, mine, group, budget, method, pairs):
        self.mine, self.group, self.budget, self.method, self.problems = mine, group, budget, method, len(pairs)
        logs = [([math.log10(r) for r in a], [math.log10(r) for r in b]) for a, b in pairs]
        self.theirs = statistics.fmean(statistics.fmean(a) for a, _ in logs)
        self.ours = statistics.fmean(statistics.fmean(b) for _, b in logs)
        self.low, self.high = difference_interval(logs, random.Random(2385))
        medians = [(statistics.median(a), statistics.median(b)) for a, b in pairs]
        self.better = sum(b < a for a, b in medians)
        self.worse = sum(a < b for a, b in medians)


def difference_interval(logs, rng):
    """Over problems and over runs: how sure the difference is for problems of this sort."""
    def one():
        drawn = rng.choices(logs, k=len(logs))
        return statistics.fmean(statistics.fmean(rng.choices(b, k=len(b))) - statistics.fmean(rng.choices(a, k=len(a)))
                                for a, b in drawn)
    means = sorted(one() for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES)]


def duels(results, method, others=None):
    """Every peer's method, or those of `others`, against ours `method`, by group and budget and over all groups: a
    like-for-like view where peers ran fewer problems. And on the problems outside the compared set, which nobody looked at so often."""
    out = []
    for budget in BUDGETS:
        pairs = {}
        for key, row in ratios(results, budget).items():
            group = results.group.get(key[1:])
            for other in (o for o in row if o[0] != OURS and (OURS, method) in row and (not others or o in others)):
                for g in (group, ALL) if group else (OTHERS,):
                    pairs.setdefault((g, other), []).append((row[other], row[OURS, method]))
        out += [Duel(method, group, budget, other, found) for (group, other), found in sorted(pairs.items())]
    return out
