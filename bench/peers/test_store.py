"""The store gives back what was run."""
import json
import os
import tempfile
import unittest

import store


def run(seed=0, budget=5, best=(3.0, 3.0, 2.385, 2.385, 1.0), **other):
    return dict({"library": "lib", "method": "m", "suite": "s", "problem": "p", "instance": 1, "seed": seed,
                 "budget": budget, "best": list(best), "status": "ok"}, **other)


class Folders(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.results, self.store = (os.path.join(self.folder.name, n) for n in ("results", "store"))
        os.makedirs(self.results)
        os.makedirs(self.store)

    def tearDown(self):
        self.folder.cleanup()

    def keep(self, name, *lines, torn=""):
        with open(os.path.join(self.results, name), "w") as f:
            f.write("".join(json.dumps(line) + "\n" for line in lines) + torn)

    def fold(self):
        for name, lines in store.fold(self.results, self.store).items():
            store.write(os.path.join(self.store, name + ".jsonl.xz"), lines)

    def stored(self):
        return [line for _, line in store.read(self.store)]

    def bytes(self):
        with open(os.path.join(self.store, "lib.jsonl.xz"), "rb") as f:
            return f.read()


class TheStore(Folders):
    def test_a_run_comes_back_whole(self):
        self.keep("lib.jsonl", run())
        self.fold()
        self.assertEqual(self.stored(), [run()])

    def test_evaluations_before_the_first_value_stay_empty(self):
        for best in ([None, None, 2.0, 2.0, 1.5], [None] * 5, []):
            self.assertEqual(store.unpack(store.pack(run(best=best))), run(best=best))

    def test_values_have_twelve_digits_and_times_four(self):
        packed = store.pack(run(best=[1 / 3] * 5, optimizer_seconds=2.38512345))
        self.assertEqual(packed["steps"], [[0, 0.333333333333]])
        self.assertEqual(packed["optimizer_seconds"], 2.385)

    def test_a_worse_true_value_is_kept(self):
        noisy = run(best=[3.0, 2.0, 2.5, 2.5, 2.0])
        self.assertEqual(store.unpack(store.pack(noisy)), noisy)

    def test_the_same_runs_in_another_order_give_the_same_bytes(self):
        self.keep("lib.jsonl", run(0), run(1))
        self.fold()
        first = self.bytes()
        self.keep("lib.jsonl", run(1), run(0))
        self.fold()
        self.assertEqual(self.bytes(), first)

    def test_what_is_new_is_added_to_what_was_there(self):
        self.keep("lib.jsonl", run(0))
        self.fold()
        self.keep("lib.jsonl", run(1))
        self.keep("speed-lib.jsonl", {"library": "lib", "method": "m", "space": "d10", "history": 10})
        self.fold()
        self.assertEqual(len(self.stored()), 3)

    def test_a_line_that_is_half_written_is_no_run(self):
        self.keep("lib.jsonl", run(0), torn='{"library": "li')
        self.fold()
        self.assertEqual(self.stored(), [run(0)])


class WhatWasRun(Folders):
    def has(self, told=False, **task):
        return store.is_done(store.had([self.store, self.results]), dict(run(), **task), told)

    def test_a_stored_run_was_run(self):
        self.keep("lib.jsonl", run())
        self.fold()
        os.remove(os.path.join(self.results, "lib.jsonl"))
        self.assertTrue(self.has())
        self.assertFalse(self.has(seed=1))

    def test_a_longer_run_holds_the_shorter_one(self):
        self.keep("lib.jsonl", run())
        self.assertTrue(self.has(budget=3))
        self.assertFalse(self.has(budget=6))

    def test_a_method_that_is_told_the_budget_is_run_with_each(self):
        self.keep("lib.jsonl", run())
        self.assertTrue(self.has(told=True))
        self.assertFalse(self.has(told=True, budget=3))


if __name__ == "__main__":
    unittest.main()
