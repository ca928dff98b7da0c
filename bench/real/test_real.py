"""The scores of real tuning tasks, the cache's keys, the store and the report, on runs small enough to check by hand."""
import json
import math
import os
import tempfile
import unittest

import cache
import real_report
import real_store
import real_worker
import scores
import standings

scores.RESAMPLES = 50

BUDGETS = [str(b) for b in standings.BUDGETS]
REFERENCE = [dict({"task": "easy", "half": "noisy", "ceiling": 9.0, "best": 1.0, "found_by": "random points"},
                  **{"random_" + b: 3.0 for b in BUDGETS}),
             dict({"task": "hard", "half": "deterministic", "ceiling": 9.0, "best": 0.5, "found_by": "random points"},
                  **{"random_" + b: 0.5 for b in BUDGETS})]


def judged(task, value, seed=0, method="gp", expected=None, budget=100):
    run = {"library": "afina", "version": "1", "method": method, "problem": task, "seed": seed, "budget": budget,
           "observed": {b: value for b in BUDGETS}}
    return run if expected is None else dict(run, expected={b: expected for b in BUDGETS})


class Folder(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.root = self.temporary.name
        self.reference = os.path.join(self.root, "reference.csv")
        standings.write_reference(self.reference, REFERENCE)

    def put(self, name, runs):
        folder = os.path.join(self.root, name, "judged")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "gp.jsonl"), "w") as f:
            f.write("".join(json.dumps(r) + "\n" for r in runs))
        return os.path.join(self.root, name)


class Scores(Folder):
    def test_a_ratio_is_held_between_floor_and_ceiling(self):
        self.assertEqual(standings.ratio(2.0, 1.0, 3.0), 0.5)
        self.assertEqual(standings.ratio(1.0, 1.0, 3.0), standings.FLOOR)
        self.assertEqual(standings.ratio(900.0, 1.0, 3.0), standings.CEILING)
        self.assertEqual(standings.ratio(None, 1.0, 3.0), standings.CEILING)

    def test_where_random_search_is_at_the_best_only_as_good_is_equal(self):
        self.assertEqual(standings.ratio(0.5, 0.5, 0.5), 1.0)
        self.assertEqual(standings.ratio(0.6, 0.5, 0.5), standings.CEILING)

    def test_the_score_is_the_mean_over_tasks_of_the_mean_over_runs(self):
        value, error, share = standings.score({"a": {0: 0.1, 1: 0.001}, "b": {0: 1.0, 1: 1.0}})
        self.assertAlmostEqual(value, -1.0)
        self.assertAlmostEqual(error, math.sqrt(2.0 / 2) / 2)  # of -1 and -3: variance 2, over 2 runs
        self.assertAlmostEqual(share, (0.0505 + 1.0) / 2)

    def test_a_difference_pairs_tasks_and_seeds_that_both_ran(self):
        a, b = {"a": {0: 1.0, 1: 0.1}, "b": {0: 1.0}}, {"a": {0: 0.1, 1: 0.1, 2: 1.0}}
        value, _, pairs = standings.difference(a, b)
        self.assertAlmostEqual(value, -0.5)
        self.assertEqual(pairs, 2)

    def test_the_shortest_run_that_goes_so_far_counts(self):
        reference = standings.read_reference(self.reference)
        runs = [judged("easy", 2.0, budget=100), judged("easy", 3.0, budget=50)]
        del runs[1]["observed"]["100"]
        self.assertEqual(standings.ratios(reference, runs, {"easy": 1.0}, 50, "observed"), {"easy": {0: 1.0}})
        self.assertEqual(standings.ratios(reference, runs, {"easy": 1.0}, 100, "observed"), {"easy": {0: 0.5}})

    def test_nothing_is_beyond_the_best_known(self):
        reference = standings.read_reference(self.reference)
        best = standings.best_known(reference, [judged("easy", 2.0, expected=0.25)])
        self.assertEqual(best, {"easy": 0.25, "hard": 0.5})

    def test_a_method_of_a_later_folder_replaces_that_of_an_earlier_one(self):
        first = self.put("first", [judged("easy", 2.0, seed=0), judged("easy", 2.0, seed=1), judged("easy", 7.0, method="tpe")])
        second = self.put("second", [judged("easy", 1.5, seed=0)])
        found = {(r["method"], r["seed"]): r["observed"]["25"] for r in standings.latest([first, second])}
        self.assertEqual(found, {("gp", 0): 1.5, ("tpe", 0): 7.0})


class Keys(unittest.TestCase):
    def test_the_order_of_names_and_the_last_digits_do_not_matter(self):
        a = cache.key_of("t", {"x": 0.1, "y": 3}, "0 1")
        self.assertEqual(a, cache.key_of("t", {"y": 3, "x": 0.1 + 1e-16}, "0 1"))
        self.assertNotEqual(a, cache.key_of("t", {"y": 3, "x": 0.1 + 1e-9}, "0 1"))
        self.assertNotEqual(a, cache.key_of("t", {"x": 0.1, "y": 3}, "repeat 1"))

    def test_a_value_and_a_failure_are_found_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "values")
            kept = cache.Cache(path)
            kept.put("a", 2.385)
            kept.put("b", math.nan)
            kept.save()
            again = cache.Cache(path)
            self.assertEqual(again.get("a"), 2.385)
            self.assertTrue(math.isnan(again.get("b")))
            self.assertIsNone(again.get("c"))


class Asked:
    """Stands for the evaluator."""

    def __init__(self, values):
        self.values = list(values)

    def ask(self, question):
        return self.values.pop(0)


class Adapter:
    """A peer that asks for 0, 1, 2, ... and ends by itself."""

    def __init__(self, count):
        self.count = count

    def minimize(self, space, method, seed, budget, objective, past):
        for x in range(self.count):
            objective({"x": x})


class Peers(unittest.TestCase):
    TEXT = {"problem": "easy", "space": {"parameters": [{"name": "x", "kind": "integer", "low": 0, "high": 99}]}}

    def run_of(self, values, budget):
        job = {"budget": budget, "seed": 3}
        return real_worker.run(Adapter(len(values)), "m", job, self.TEXT, Asked(values))

    def test_the_best_observed_is_kept_at_each_budget(self):
        values = [9.0] * 15 + [4.0] + [8.0] * 8 + [1.0] + [5.0] * 25
        self.assertEqual(self.run_of(values, 50)["observed"], {"16": {"x": 15}, "25": {"x": 24}, "50": {"x": 24}})

    def test_a_peer_that_ended_early_has_what_it_has_and_failures_are_no_answer(self):
        self.assertEqual(self.run_of([math.nan, 2.0, 3.0], 25)["observed"], {"16": {"x": 1}, "25": {"x": 1}})
        found = self.run_of([math.nan] * 16, 16)
        self.assertEqual((found["observed"], found["seen"][0]), ({"16": None}, None))

    def test_no_more_is_evaluated_than_the_budget(self):
        self.assertEqual(len(self.run_of([1.0] * 30, 25)["seen"]), 25)


class Store(Folder):
    def test_the_same_runs_give_the_same_bytes_and_are_read_as_they_were(self):
        line = judged("easy", 2.0, expected=1.5)
        results, folder = self.put("results", [line]), os.path.join(self.root, "store")
        run = dict(line, suite="real-ml", instance=0, status="ok", machine="m", optimizer_cpu_seconds=0.12345, seen=[2.0],
                   observed={"25": {"x": 1.0}}, expected={"25": {"x": 2.0}})
        with open(os.path.join(results, "gp.jsonl"), "w") as f:
            f.write(json.dumps(run) + "\n")
        texts = []
        for _ in range(2):
            real_store.keep(results, folder)
            with open(os.path.join(folder, "afina-gp.jsonl.xz"), "rb") as f:
                texts.append(f.read())
        self.assertEqual(texts[0], texts[1])
        stored = standings.read([folder])
        self.assertEqual([r["observed"]["25"] for r in stored], [2.0])
        self.assertEqual(stored[0]["points"]["expected"], {"25": {"x": 2.0}})


class Report(Folder):
    def setUp(self):
        super().setUp()
        os.makedirs(os.path.join(self.root, "docs", "benchmarks"))
        self.front = os.path.join(self.root, "BENCHMARKS.md")
        with open(self.front, "w") as f:
            f.write("# Benchmarks\n\n## The tables\n\nend\n")
        runs = [judged(t, v, seed, m, e) for t, v, m, e in (("easy", 1.2, "gp", 1.1), ("easy", 3.0, "random", 3.0),
                                                          ("hard", 0.5, "gp", 0.5), ("hard", 0.6, "random", 0.6)) for seed in (0, 1)]
        self.folder = self.put("runs", runs)
        real_report.write(self.root, self.reference, [self.folder])

    def row(self, **wanted):
        found = [r for r in real_report.read_rows(self.root) if all(r[k] == v for k, v in wanted.items())]
        self.assertEqual(len(found), 1)
        return found[0]

    def test_rows_have_scores_and_ranks(self):
        r = self.row(half="noisy", task="all", method="gp", answer="observed", budget="50")
        self.assertEqual((r["score"], r["seeds"], r["mean_rank"], r["won"]), ("-1.000", "2", "1.00", "1.000"))
        r = self.row(half="noisy", task="all", method="random", answer="observed", budget="50")
        self.assertEqual((r["mean_rank"], r["against_gp"]), ("2.00", "-1.000"))

    def test_a_method_that_left_tasks_out_has_no_row(self):
        self.put("more", [judged("hard", 0.5, method="tpe")])
        real_report.write(self.root, self.reference, [self.folder, os.path.join(self.root, "more")])
        self.assertEqual({r["half"] for r in real_report.read_rows(self.root) if r["method"] == "tpe"}, {"deterministic"})

    def test_what_is_shown_agrees_with_the_rows_and_a_changed_digit_is_found(self):
        self.assertEqual(real_report.check(self.root), [])
        text = real_report.read_text(self.front)
        self.assertIn("| -1.00 |", text)
        with open(self.front, "w") as f:
            f.write(text.replace("| -1.00 |", "| -1.10 |"))
        self.assertEqual(real_report.check(self.root), [self.front])

    def test_the_section_is_replaced_and_not_doubled(self):
        real_report.write(self.root, self.reference, [self.folder])
        self.assertEqual(real_report.read_text(self.front).count(real_report.HEADING), 1)


if __name__ == "__main__":
    unittest.main()
