"""A search in one call."""

import logging
import math
import unittest

import afina

BOWL = {"x": (-5.0, 5.0), "y": (-5.0, 5.0)}


def bowl(x, y):
    return (x - 1) ** 2 + y**2 + 2.385


class Minimize(unittest.TestCase):
    def test_finds_the_minimum(self):
        result = afina.minimize(bowl, BOWL, trials=30)
        self.assertAlmostEqual(result.value, 2.385, places=2)
        self.assertAlmostEqual(result.best["x"], 1, places=1)
        self.assertEqual(len(result.trials), 30)
        self.assertEqual(result.reason, "all trials were evaluated")
        self.assertIn("30 trials", repr(result))

    def test_maximises(self):
        self.assertGreater(afina.maximize(bowl, BOWL, 30).value, 50)
        self.assertEqual(afina.maximise(bowl, BOWL, 1).study.direction, "maximise")

    def test_the_same_seed_gives_the_same_trials(self):
        a, b, c = (afina.minimize(bowl, BOWL, 10, seed=seed) for seed in (3, 3, 4))
        self.assertEqual([t.params for t in a.trials], [t.params for t in b.trials])
        self.assertNotEqual([t.params for t in a.trials], [t.params for t in c.trials])

    def test_workers_with_lag_give_the_same_bits(self):
        one, four = (afina.minimize(bowl, BOWL, 20, workers=workers, lag=4, method="tpe") for workers in (1, 4))
        self.assertEqual([t.params for t in one.trials], [t.params for t in four.trials])

    def test_objectives_take_what_they_name(self):
        space = {"x": (0.0, 1.0), "kind": ["a", "b"], "n": afina.Integer(1, 3, when={"kind": "b"})}

        class Callable:
            def __call__(self, x, kind, n=None):
                return x

        def by_keywords(**params):
            return params["x"]

        def with_trial(x, kind, n, trial):
            assert (n is None) == (kind == "a") and trial.params["x"] == x
            return x

        def only_x(x):
            return x

        def by_dict(params):
            assert type(params) is dict
            return params["x"]

        def dict_and_trial(params, trial):
            return trial["x"]

        def by_trial(trial):
            assert isinstance(trial, afina.Trial)
            return trial["x"]

        def annotated(t: afina.Trial):
            return t["x"]

        for objective in (Callable(), by_keywords, with_trial, only_x, by_dict, dict_and_trial, by_trial, annotated):
            result = afina.minimize(objective, space, 5, method="random")
            self.assertEqual(result.value, min(t.params["x"] for t in result.trials), objective)
        with self.assertRaisesRegex(TypeError, "takes no argument"):
            afina.minimize(lambda: 1, space, 5)
        with self.assertRaisesRegex(TypeError, "a function, not int"):
            afina.minimize(3, space, 5)

    def test_several_objectives_have_a_front(self):
        result = afina.minimize(
            lambda x: (x, 1 - x), {"x": (0.0, 1.0)}, 10, direction=["minimise", "maximise"], method="random"
        )
        self.assertIsNone(result.best)
        self.assertTrue(math.isnan(result.value))
        best = min(result.trials, key=lambda trial: trial.params["x"])
        self.assertEqual(result.front, [best])

    def test_options_are_keywords(self):
        result = afina.minimize(bowl, BOWL, 8, method="gp", gp__kernel="matern32", target=1e9)
        self.assertEqual(len(result.trials), 1)
        self.assertIn("target", result.reason)
        with self.assertRaisesRegex(afina.NameUnknownError, "wrokers.*workers"):
            afina.minimize(bowl, BOWL, 8, wrokers=3)
        with self.assertRaisesRegex(afina.KindError, "lag"):
            afina.minimize(bowl, BOWL, 8, lag="3")
        with self.assertRaisesRegex(afina.NameUnknownError, "'tpee'|\"tpee\""):
            afina.minimize(bowl, BOWL, 8, method="tpee")

    def test_budgets_schedulers_and_stoppers_work(self):
        def objective(x, trial):
            for step in range(int(trial.start) + 1, int(trial.budget) + 1):
                trial.report((x - 0.3) ** 2 + 1 / step, step)
                if trial.should_stop():
                    return None
            raise AssertionError("the budget ends the trial")

        result = afina.minimize(
            objective, {"x": (0.0, 1.0)}, 40, scheduler="asha", budget_min=1, budget_max=9, method="random"
        )
        self.assertEqual(result.best_trial.budget, 9)
        self.assertGreater(sum(t.state == afina.TrialState.PAUSED for t in result.trials), 20)
        stopped = afina.minimize(
            lambda x, trial: [trial.report(x, s) for s in (1, 2)] and (None if trial.should_stop() else x),
            {"x": (0.0, 1.0)},
            20,
            stopper="median",
            method="random",
        )
        self.assertIn(afina.TrialState.STOPPED, {t.state for t in stopped.trials})

    def test_replicates_are_repeated(self):
        result = afina.minimize(
            lambda x, trial: x + trial.replicate, {"x": (0.0, 1.0)}, 12, replicates=3, method="random"
        )
        self.assertGreater(max(t.replicate for t in result.trials), 0)

    def test_constraints_are_told(self):
        def objective(x, trial):
            trial.set_constraints([0.5 - x])
            return x

        result = afina.minimize(objective, {"x": (0.0, 1.0)}, 30)
        self.assertGreaterEqual(result.best["x"], 0.5)
        self.assertLess(result.value, 0.6)
        self.assertEqual(result.trials[0].constraints, [0.5 - result.trials[0].params["x"]])

    def test_a_filter_keeps_points_away(self):
        result = afina.minimize(bowl, BOWL, 15, filter=lambda p: p["x"] < p["y"])
        self.assertTrue(all(t["x"] < t["y"] for t in result.trials))

    def test_callbacks_get_every_trial_and_may_stop(self):
        seen = []

        def callback(study, trial):
            seen.append((trial.number, trial.value))
            if len(seen) == 4:
                study.stop()

        result = afina.minimize(bowl, BOWL, 50, callbacks=[callback])
        self.assertEqual([number for number, _ in seen], [0, 1, 2, 3])
        self.assertEqual(result.reason, "stopped")
        self.assertEqual(seen[0][1], result.trials[0].value)
        self.assertRaises(ZeroDivisionError, afina.minimize, bowl, BOWL, 5, callbacks=[lambda s, t: 1 / 0])

    def test_messages_are_logged(self):
        with self.assertLogs("afina", logging.INFO) as logs:
            afina.minimize(bowl, BOWL, 3)
        self.assertEqual(len(logs.records), 3)

    def test_a_result_is_shown(self):
        html = afina.minimize(lambda **p: 0.5, {"<x>": ["a & b"]}, 3, repeats=1)._repr_html_()
        self.assertIn("&lt;x&gt;", html)
        self.assertIn("a &amp; b", html)
        self.assertNotIn("<x>", html)


if __name__ == "__main__":
    unittest.main()
