"""The arithmetic of the figures, and that what is shown follows the rows, on runs small enough to check by hand."""
import json
import lzma
import math
import os
import re
import tempfile
import unittest

import arms_store
import budgets

TASKS = (["taskset_%d" % k for k in range(7)] + ["nmtlc_so-en", "lora_fr-en"]
         + ["yahpo_lcbench_%d" % k for k in range(12)])


def run(task, number, gain, scheduler="asha", library="afina"):
    """A run that is `gain` times better than random search."""
    return {"library": library, "version": "1", "scheduler": scheduler, "method": "tpe", "task": task, "run": number,
            "budget": 20, "p": 0.05 / gain, "expected": math.log(0.05), "seconds": 1.0, "status": "ok"}


class TheRows(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = self.folder.name
        os.makedirs(os.path.join(self.root, "docs", "benchmarks"))
        with open(os.path.join(self.root, "BENCHMARKS.md"), "w") as f:
            f.write("# Benchmarks\n\n## The tables\n\nend\n")

    def results(self, runs, best=()):
        with open(os.path.join(self.root, "a.jsonl"), "w") as f:
            f.write("".join(json.dumps(r) + "\n" for r in runs))
        with open(os.path.join(self.root, "best-arm.jsonl"), "w") as f:
            f.write("".join(json.dumps(r) + "\n" for r in best))
        return [dict(zip(budgets.ARMS_COLUMNS, r)) for r in budgets.arms_rows([self.root])]

    def test_figures_are_geometric_means_over_runs(self):
        rows = self.results([run("lora_fr-en", 0, 2), run("lora_fr-en", 1, 8)])
        self.assertEqual([r["figure"] for r in rows], ["4"])
        self.assertLess(float(rows[0]["low"]), 4)
        self.assertGreater(float(rows[0]["high"]), 4)

    def test_a_group_is_shown_when_all_its_tasks_were_run(self):
        rows = self.results([run(t, 0, 4 if k else 1) for k, t in enumerate(TASKS[:7])])
        group = [r for r in rows if r["task"] == "taskset"]
        self.assertAlmostEqual(float(group[0]["figure"]), 4**(6 / 7), places=3)
        self.assertEqual([r for r in self.results([run(t, 0, 4) for t in TASKS[:6]]) if r["task"] == "taskset"], [])

    def test_a_run_that_was_made_twice_counts_once(self):
        self.assertEqual(self.results([run("lora_fr-en", 0, 2), run("lora_fr-en", 0, 8)])[0]["runs"], 1)

    def test_the_worst_task_of_lcbench_is_one_task(self):
        rows = self.results([run(t, 0, 0.5 if t == "yahpo_lcbench_3" else 4) for t in TASKS])
        contender = budgets.contenders_of([{k: str(v) for k, v in r.items()} for r in rows])[0]
        self.assertAlmostEqual(contender.figure("worst"), 0.5)
        self.assertFalse(contender.reaches())

    def test_goals_want_many_runs(self):
        for count, reached in ((budgets.LEAST_JUDGED - 1, False), (budgets.LEAST_JUDGED, True)):
            rows = self.results([run(t, k, 8) for t in TASKS for k in range(count)])
            self.assertIs(budgets.contenders_of([{k: str(v) for k, v in r.items()} for r in rows])[0].reaches(), reached)

    def test_what_is_shown_follows_the_rows_and_nothing_else(self):
        best = [{"setting": "linear", "samples": 4096, "rule": "eb-tci", "budget": 400, "errors": 100, "used": 4096.0}]
        self.results([run(t, k, 4 + k) for t in TASKS for k in range(budgets.LEAST_SHOWN)], best)
        budgets.write(self.root, [self.root])
        self.assertEqual(budgets.check(self.root), [])
        budgets.write(self.root, [self.root])
        with open(os.path.join(self.root, "BENCHMARKS.md")) as f:
            text = f.read()
        self.assertEqual(text.count(budgets.HEADING), 1)
        self.assertTrue(text.endswith("## The tables\n\nend\n"))
        changed = re.sub(r"\| \d+\.\d\d \[", "| 0.01 [", text, count=1)
        self.assertNotEqual(changed, text)
        with open(os.path.join(self.root, "BENCHMARKS.md"), "w") as f:
            f.write(changed)
        self.assertEqual(budgets.check(self.root), [os.path.join(self.root, "BENCHMARKS.md")])

    def test_rules_stand_on_their_page(self):
        best = [{"setting": "linear", "samples": 4096, "rule": "eb-tci", "budget": 400, "errors": 100, "used": 4096.0}]
        self.results([run(t, k, 4 + k) for t in TASKS for k in range(budgets.LEAST_SHOWN)], best)
        budgets.write(self.root, [self.root])
        page = os.path.join(self.root, "docs", "benchmarks", budgets.PAGE)
        with open(page) as f:
            text = f.read()
        self.assertIn("| eb-tci | 0.250 |", text)
        with open(page, "w") as f:
            f.write(text.replace("| eb-tci | 0.250 |", "| eb-tci | 0.150 |"))
        self.assertEqual(budgets.check(self.root), [page])


class TheStore(unittest.TestCase):
    def test_what_is_stored_comes_back(self):
        runs = [run("lora_fr-en", 1, 3), run("lora_fr-en", 0, 2), dict(run("nmtlc_so-en", 0, 2), status="failed: x")]
        lines = list(arms_store.pack(runs))
        back = [r for line in lines for r in arms_store.runs_of(line)]
        self.assertEqual(sorted(map(arms_store.key_of, back)), sorted(map(arms_store.key_of, runs)))
        self.assertEqual(sorted(r["status"] for r in back), ["failed: x", "ok", "ok"])
        for r in back:
            self.assertAlmostEqual(r["p"], next(q["p"] for q in runs if arms_store.key_of(q) == arms_store.key_of(r)), places=6)

    def test_stored_runs_are_had(self):
        with tempfile.TemporaryDirectory() as folder:
            with lzma.open(os.path.join(folder, "a.jsonl.xz"), "wt") as f:
                f.writelines(json.dumps(line) + "\n" for line in arms_store.pack([run("lora_fr-en", 4, 3)]))
            self.assertEqual(arms_store.had([folder, ""]), {("afina", "asha", "tpe", "lora_fr-en", 4)})


if __name__ == "__main__":
    unittest.main()
