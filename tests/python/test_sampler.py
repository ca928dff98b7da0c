"""AfinaSampler: the methods of the library in studies of Optuna."""

import sys
import unittest

try:
    import optuna
except ImportError:
    raise unittest.SkipTest("Optuna is not installed")

import afina
from afina.sampler import AfinaSampler

optuna.logging.set_verbosity(optuna.logging.WARNING)


def bowl(trial):
    x, y = trial.suggest_float("x", -5, 5), trial.suggest_float("y", 1e-3, 1e3, log=True)
    return (x - 1.385) ** 2 + abs(trial.suggest_int("n", 0, 9) - 3) + (y > 10) + {"a": 0, "b": 1}[
        trial.suggest_categorical("c", ["a", "b"])
    ]


def study(method="gp", seed=1, **arguments):
    return optuna.create_study(sampler=AfinaSampler(method, seed=seed), **arguments)


class Sampler(unittest.TestCase):
    def test_it_finds_what_random_search_does_not(self):
        ours, theirs = [], []
        for seed in range(5):
            ours.append(study(seed=seed))
            ours[-1].optimize(bowl, 30)
            theirs.append(optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed)))
            theirs[-1].optimize(bowl, 30)
        median = lambda studies: sorted(one.best_value for one in studies)[2]
        self.assertLess(median(ours), median(theirs) / 3)

    def test_it_maximises(self):
        ours = study(direction="maximize")
        ours.optimize(lambda trial: -((trial.suggest_float("x", 0, 1) - 0.385) ** 2), 25)
        self.assertGreater(ours.best_value, -1e-3)

    def test_the_same_seed_the_same_points(self):
        points = []
        for _ in range(2):
            ours = study(seed=7)
            ours.optimize(bowl, 12)
            points.append([trial.params for trial in ours.trials])
        self.assertEqual(*points)

    def test_every_point_of_a_finite_space_once_and_then_again(self):
        ours = study("random")
        ours.optimize(lambda trial: trial.suggest_int("k", 1, 4), 12)
        later = [trial.params["k"] for trial in ours.trials[1:4]]
        self.assertEqual(sorted(later + [ours.trials[0].params["k"]]), [1, 2, 3, 4])

    def test_failed_pruned_and_running_trials_are_told(self):
        def objective(trial):
            x = trial.suggest_float("x", 0, 1)
            if trial.number % 4 == 1:
                raise ArithmeticError
            trial.report(x, 1)
            if trial.number % 4 == 2:
                raise optuna.TrialPruned
            return x

        ours = study()
        ours.optimize(objective, 20, catch=ArithmeticError)
        asked = [ours.ask({"x": optuna.distributions.FloatDistribution(0, 1)}) for _ in range(4)]
        self.assertEqual(len({trial.params["x"] for trial in asked}), 4)

    def test_threads(self):
        ours = study("tpe")
        ours.optimize(bowl, 24, n_jobs=4)
        self.assertEqual(len(ours.trials), 24)

    def test_bad_input(self):
        with self.assertRaisesRegex(afina.Error, "gpp"):
            AfinaSampler("gpp")
        with self.assertRaisesRegex(afina.Error, "no_such"):
            AfinaSampler(options={"no_such": 1})
        two = optuna.create_study(directions=["minimize", "minimize"], sampler=AfinaSampler())
        with self.assertRaisesRegex(ValueError, "AfinaSampler takes one objective, the study has 2"):
            two.optimize(lambda trial: (trial.suggest_float("x", 0, 1), 0.0), 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
