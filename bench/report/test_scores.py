"""The arithmetic of the scores, on runs small enough to check by hand."""
import math
import os
import types
import unittest

import pages
import results
import scores
import tables
from results import keep_longest


class Problem:
    def __init__(self, optimum, kind="continuous", d=2):
        self.suite, self.name, self.instance = "suite", "p", 0
        self.kind, self.d, self.optimum = kind, d, optimum
        self.key = ("suite", "p", 0)


class Results:
    """Random search ends at 3 in each of three runs; the optimum is 1, so the yard is 2."""

    def __init__(self, **methods):
        self.problems = {("suite", "p", 0): Problem(1.0)}
        self.group = {}
        self.runs = [self.run("lib", "random", 3.0)] * 3
        for name, ends in methods.items():
            self.runs += [self.run("lib", name, end) for end in ends]

    def runs_to(self, budget):
        return self.runs

    @staticmethod
    def run(library, method, end):
        return {"library": library, "method": method, "suite": "suite", "problem": "p", "instance": 0,
                "best": [9.0] * 24 + [end]}

    def score(self, method):
        rows, _ = scores.score_all(self)["suite", 25]
        return next(s for s in rows if s.method == ("lib", method))


class TheScore(unittest.TestCase):
    def test_a_tenth_of_the_distance_of_random_search_is_minus_one(self):
        self.assertAlmostEqual(Results(good=[1.2]).score("good").score, -1)

    def test_random_search_is_zero(self):
        self.assertAlmostEqual(Results().score("random").score, 0)

    def test_the_optimum_itself_is_the_floor(self):
        self.assertAlmostEqual(Results(exact=[1.0]).score("exact").score, -3)

    def test_runs_are_averaged_as_logarithms(self):
        self.assertAlmostEqual(Results(two=[1.2, 3.0]).score("two").score, -0.5)

    def test_one_run_has_no_interval_and_equal_runs_an_empty_one(self):
        self.assertIsNone(Results(one=[1.2]).score("one").low)
        two = Results(two=[1.2, 1.2]).score("two")
        self.assertAlmostEqual(two.low, -1)
        self.assertAlmostEqual(two.high, -1)

    def test_a_loser_keeps_its_row_above_zero(self):
        self.assertAlmostEqual(Results(bad=[21.0]).score("bad").score, 1)

    def test_a_run_that_is_too_short_does_not_count(self):
        self.assertNotIn(("suite", 50), scores.score_all(Results(short=[1.2])))

    def test_a_problem_that_random_search_solves_is_left_out(self):
        results = Results(good=[1.2])
        results.problems["suite", "p", 0].optimum = 3.0
        self.assertEqual(scores.score_all(results), {})


class TheRank(unittest.TestCase):
    def test_ties_share_the_mean_of_their_places(self):
        self.assertEqual(scores.ranks({"a": 0.5, "b": 0.1, "c": 0.5, "d": 2.0}), {"b": 1, "a": 2.5, "c": 2.5, "d": 4})

    def test_a_shared_win_is_divided(self):
        results = Results(exact=[1.0], nearly=[1.0 + 1e-9])
        self.assertEqual(results.score("exact").won, 0.5)
        self.assertEqual(results.score("nearly").won, 0.5)
        self.assertEqual(results.score("random").won, 0)


class TheDuel(unittest.TestCase):
    def test_the_difference_is_ours_minus_theirs_on_common_problems(self):
        duel = scores.Duel("gp", "all", 25, ("lib", "x"), [([0.1], [0.01]), ([1.0], [0.1]), ([0.1], [0.1])])
        self.assertAlmostEqual(duel.ours - duel.theirs, -2 / 3)
        self.assertEqual((duel.better, duel.worse), (2, 0))
        self.assertTrue(-1.0 - 1e-9 <= duel.low <= duel.high <= 1e-9)
        self.assertFalse(math.isnan(duel.low))

    def test_like_meets_like_alone(self):
        results = Results(other=[2.0])
        results.runs += [dict(results.run("lib", "de", 1.2), library="afina")]
        found = scores.duels(results, "de", [("lib", "other")])
        self.assertEqual([(d.mine, d.method) for d in found], [("de", ("lib", "other"))])

    def test_each_group_has_its_duel_and_all_have_one(self):
        results = Results()
        results.group = {("p", 0): "continuous"}
        results.runs += [dict(results.run("lib", "gp", 1.2), library="afina")]
        found = {(d.group, d.method): d for d in scores.duels(results, "gp")}
        self.assertEqual(set(found), {("continuous", ("lib", "random")), ("all", ("lib", "random"))})
        self.assertAlmostEqual(found["all", ("lib", "random")].ours, -1)

    def test_what_is_outside_the_compared_set_counts_apart(self):
        results = Results()
        results.runs += [dict(results.run("lib", "gp", 1.2), library="afina")]
        self.assertEqual({d.group for d in scores.duels(results, "gp")}, {"others"})

    def test_ten_times_as_far_is_a_difference_of_one(self):
        self.assertEqual(tables.times(1.0), "10")


class ThePages(unittest.TestCase):
    def documents(self, methods):
        found = Results()
        found.group, found.speeds, found.footprints, found.machines, found.not_run = {("p", 0): "continuous"}, {}, [], [], []
        found.failed_installs, found.versions = {}, {"lib": "1"}
        rows = [types.SimpleNamespace(method=("lib", "m%d" % i), score=-1 + 0.01 * i, low=None, high=None, problems=1, seeds=1,
                                      rank=i + 1, won=0) for i in range(methods)]
        found.runs = [dict(r, budget=50, status="ok") for r in found.runs]
        found.speeds["afina", "gp", "d10", 10] = {"ms_per_suggestion": 1.0}
        at = {("%s: continuous" % scores.COMPARED, b): (rows, 1) for b in tables.SHOWN}
        fight = types.SimpleNamespace(mine="gp", group="continuous", budget=50, method=("lib", "m0"), ours=-2, theirs=-1,
                                      low=-1.5, high=-0.5, better=1, worse=0, problems=1)
        return pages.documents(found, at, [fight], [], [])

    def test_the_first_page_stays_short_however_many_methods_there_are(self):
        made = self.documents(200)
        self.assertLessEqual(made["BENCHMARKS.md"].count("\n"), 150)
        self.assertEqual(made["BENCHMARKS.md"].count("| lib m"), pages.SHOWN)

    def test_every_method_has_its_row_on_the_page_of_the_peers(self):
        self.assertIn("| lib m199 |", self.documents(200)["docs/benchmarks/peers.md"])

    def test_every_page_that_is_named_is_written(self):
        made = self.documents(1)
        for name in ("peers", "head-to-head", "like-against-like", "cost", "runs", "suites"):
            self.assertIn("(docs/benchmarks/%s.md)" % name, made["BENCHMARKS.md"])
            self.assertTrue(made["docs/benchmarks/%s.md" % name].startswith("# "))


class TheRunThatCounts(unittest.TestCase):
    def kept(self, *runs):
        found = {}
        for budget, status in runs:
            run = dict(Results.run("lib", "m", 1.0), seed=0, budget=budget, status=status)
            keep_longest(found, run, {("suite", "p", 0)})
        return [(r["budget"], r["status"]) for r in found.values()]

    def test_of_a_seed_the_longest_counts_once(self):
        self.assertEqual(self.kept((100, "ok"), (50, "ok")), [(100, "ok")])

    def test_a_run_that_failed_does_not_hide_a_shorter_one(self):
        self.assertEqual(self.kept((50, "ok"), (100, "failed: more than 60 seconds")), [(50, "ok")])

    def test_at_a_budget_the_run_that_was_told_it_counts(self):
        found = results.Results.__new__(results.Results)
        short, long = (dict(Results.run("lib", "m", end), seed=0, budget=b, status="ok") for b, end in ((25, 1), (50, 2)))
        found.runs, found.shorter = [long], {results.seed_of(long): {25: short, 50: long}}
        self.assertEqual([r["budget"] for b in (25, 26, 100) for r in found.runs_to(b)], [25, 50, 50])


class MethodsTest(unittest.TestCase):
    def test_kin_is_of_methods_that_there_are(self):
        with open(os.path.join(os.path.dirname(__file__), "..", "instructions.txt")) as f:
            methods = {line.split()[0] for line in f if not line.startswith("#")}
        self.assertLessEqual(set(scores.ALIKE), methods)


if __name__ == "__main__":
    unittest.main()
