"""AfinaSearchCV with folds raced and with budgets: tables, ranks, what is spent, and the same search for any n_jobs."""

import math
import pickle
import sys
import unittest
import warnings

try:
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.datasets import load_iris, make_classification
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.exceptions import FitFailedWarning
    from sklearn.linear_model import Ridge
    from sklearn.metrics import accuracy_score
    from sklearn.model_selection import GridSearchCV, GroupKFold, ShuffleSplit, cross_validate
    from sklearn.svm import SVC
except ImportError:
    raise unittest.SkipTest("scikit-learn is not installed")

import afina
from afina.sklearn import AfinaSearchCV

SPACE = {"C": (1e-3, 1e3, "log"), "gamma": (1e-5, 10.0, "log")}
X, Y = make_classification(240, 6, n_informative=4, flip_y=0.1, random_state=3)


def search(**arguments):
    arguments = {"n_iter": 8, "method": "random", "cv": 5, "batch": 3, "random_state": 1, **arguments}
    return AfinaSearchCV(SVC(), SPACE, **arguments)


def splits(results, name="test_score"):
    """The scores of a metric: rows are candidates, columns splits."""
    count = sum(key.startswith("split") and key.endswith(name) for key in results)
    return np.array([results[f"split{split}_{name}"] for split in range(count)]).T


class Classes(ClassifierMixin, BaseEstimator):
    """Remembers how many rows of each class it was fitted to; the score is the number of rows."""

    seen = []

    def __init__(self, a=0):
        self.a = a

    def fit(self, x, y):
        self.classes_, counts = np.unique(y, return_counts=True)
        self.rows_ = len(y)
        Classes.seen.append((sorted(map(tuple, x)), list(counts)))
        return self

    def predict(self, x):
        return np.full(len(x), self.classes_[0])

    def score(self, x, y):
        return self.rows_ + self.a + len(y) / 1000


class Fails(Classes):
    """Fits fail where `a` is above a half and the fold is the third one."""

    def fit(self, x, y):
        if self.a > 0.5 and not (x[:, 0] == 2).any():
            raise RuntimeError("no row of the third fold")
        return super().fit(x, y)

    def score(self, x, y):
        return -self.a


class Folds(unittest.TestCase):
    def test_poor_configurations_are_dropped_and_more_are_tried_for_the_same_fits(self):
        ours = search(scheduler="race").fit(X, Y)
        ran = ~np.isnan(splits(ours.cv_results_))
        self.assertGreater(len(ran), 8)
        self.assertLessEqual(ran.sum(), 8 * 5)
        self.assertGreater(ran.sum(), 7 * 5)
        self.assertEqual(list(ran.sum(axis=1)), list(ours.cv_results_["n_splits"]))
        self.assertEqual(len(ours.study_), ran.sum())
        self.assertTrue(ran[ours.best_index_].all())

    def test_a_split_is_what_cross_validation_gives_there(self):
        ours = search(scheduler="race", return_train_score=True).fit(X, Y)
        for params, row, trained in zip(
            ours.cv_results_["params"], splits(ours.cv_results_), splits(ours.cv_results_, "train_score")
        ):
            scores = cross_validate(SVC(**params), X, Y, cv=5, return_train_score=True)
            ran = ~np.isnan(row)
            np.testing.assert_array_equal(row[ran], scores["test_score"][ran])
            np.testing.assert_array_equal(trained[ran], scores["train_score"][ran])
            self.assertTrue(np.isnan(trained[~ran]).all())

    def test_the_table_has_what_a_plain_search_has_over_the_splits_that_were_run(self):
        ours = search(scheduler="race", return_train_score=True).fit(X, Y)
        plain = search(return_train_score=True, n_iter=2).fit(X, Y)
        self.assertEqual(set(ours.cv_results_), set(plain.cv_results_) | {"n_splits"})
        self.assertEqual(ours.n_splits_, 5)
        for name in ("test_score", "train_score"):
            scores = splits(ours.cv_results_, name)
            np.testing.assert_allclose(ours.cv_results_[f"mean_{name}"], np.nanmean(scores, axis=1))
            np.testing.assert_allclose(ours.cv_results_[f"std_{name}"], np.nanstd(scores, axis=1), atol=1e-12)
        for name in ("fit_time", "score_time"):
            self.assertTrue((ours.cv_results_[f"mean_{name}"] > 0).all())
            self.assertTrue((ours.cv_results_[f"std_{name}"] >= 0).all())
        self.assertEqual(list(ours.cv_results_["param_C"]), [p["C"] for p in ours.cv_results_["params"]])

    def test_ranks_put_more_splits_first_and_then_the_mean(self):
        ours = search(scheduler="race").fit(X, Y)
        results = ours.cv_results_
        keys = list(zip(results["n_splits"], results["mean_test_score"]))
        for key, rank in zip(keys, results["rank_test_score"]):
            self.assertEqual(rank, 1 + sum(other > key for other in keys))
        self.assertEqual(results["rank_test_score"].dtype, np.int32)
        self.assertEqual(results["rank_test_score"][ours.best_index_], 1)
        self.assertEqual(ours.best_params_, ours.study_.best_params)
        self.assertEqual(ours.best_score_, results["mean_test_score"][ours.best_index_])
        self.assertEqual(ours.best_estimator_.get_params()["C"], ours.best_params_["C"])
        self.assertEqual(ours.predict(X[:3]).shape, (3,))

    def test_the_same_search_for_any_n_jobs_with_a_batch(self):
        for more in ({"scheduler": "race"}, {"resource": "n_samples", "min_resources": 40}):
            one, two = (search(batch=4, n_jobs=jobs, **more).fit(X, Y) for jobs in (1, 2))
            self.assertEqual(one.cv_results_["params"], two.cv_results_["params"])
            np.testing.assert_array_equal(splits(one.cv_results_), splits(two.cv_results_))
            self.assertEqual(one.best_index_, two.best_index_)

    def test_repeat_runs_all_folds(self):
        ours = search(scheduler="repeat", n_iter=4).fit(X, Y)
        self.assertEqual(list(ours.cv_results_["n_splits"]), [5] * 4)

    def test_folds_that_differ_with_every_call_are_made_once(self):
        ours = search(scheduler="repeat", n_iter=3, cv=ShuffleSplit(3), method="grid", options={"repeats": 0})
        ours.space = {"C": [1.0, 1.0 + 1e-12, 1.0 + 2e-12]}
        scores = splits(ours.fit(X, Y).cv_results_)
        self.assertGreater(len(set(scores[0])), 1)
        np.testing.assert_array_equal(scores, np.tile(scores[0], (3, 1)))

    def test_groups_of_a_splitter_and_weights_of_fits_reach_them(self):
        groups = np.arange(len(Y)) % 7
        weights = np.linspace(0.1, 2, len(Y))
        ours = search(scheduler="race", cv=GroupKFold(4), n_iter=3)
        ours.fit(X, Y, groups=groups, sample_weight=weights)
        self.assertEqual(ours.n_splits_, 4)
        grid = {key: [value] for key, value in ours.best_params_.items()}
        theirs = GridSearchCV(SVC(), grid, cv=GroupKFold(4)).fit(X, Y, groups=groups, sample_weight=weights)
        self.assertEqual(splits(ours.cv_results_)[ours.best_index_].tolist(), splits(theirs.cv_results_)[0].tolist())
        self.assertNotEqual(ours.best_score_, GridSearchCV(SVC(), grid, cv=4).fit(X, Y).best_score_)

    def test_several_metrics_and_a_function_as_refit(self):
        ours = search(scheduler="race", scoring=["accuracy", "f1"], refit="f1").fit(X, Y)
        values = splits(ours.cv_results_, "test_f1")
        for trial in ours.study_:
            row = [trial.params for trial in ours.study_ if trial.number == trial.arm].index(trial.params)
            self.assertEqual(trial.value, values[row][trial.replicate])
        self.assertEqual(ours.cv_results_["rank_test_f1"][ours.best_index_], 1)
        self.assertIn("mean_test_accuracy", ours.cv_results_)
        last = search(scheduler="race", refit=lambda results: len(results["params"]) - 1).fit(X, Y)
        self.assertEqual(last.best_index_, len(last.cv_results_["params"]) - 1)

        def score(model, x, y):
            return {"a": accuracy_score(y, model.predict(x)), "b": 1.0}

        called = search(scheduler="race", scoring=score, refit="a").fit(X, Y)
        np.testing.assert_array_equal(
            splits(called.cv_results_, "test_a"), splits(search(scheduler="race").fit(X, Y).cv_results_)
        )

    def test_a_fit_that_fails_puts_its_configuration_out(self):
        x = np.repeat(np.arange(5.0), 6)[:, np.newaxis]
        y = np.tile([0, 1], 15)
        folds = [(np.flatnonzero(x[:, 0] != k), np.flatnonzero(x[:, 0] == k)) for k in range(5)]
        space = {"a": [0.2, 0.3, 0.7, 0.9]}
        for batch in (1, 4):
            ours = AfinaSearchCV(Fails(), space, n_iter=4, scheduler="repeat", cv=folds, batch=batch, random_state=0)
            with self.assertWarns(FitFailedWarning):
                ours.fit(x, y)
            results = ours.cv_results_
            for params, mean, rank, count in zip(
                *(results[k] for k in ("params", "mean_test_score", "rank_test_score", "n_splits"))
            ):
                if params["a"] > 0.5:
                    self.assertTrue(math.isnan(mean))
                    self.assertEqual(rank, 3)
                    self.assertLessEqual(count, 4 if batch == 1 else 5)
                else:
                    self.assertEqual((mean, count), (-params["a"], 5))
            self.assertEqual(ours.best_params_, {"a": 0.2})
            failed = [trial for trial in ours.study_ if trial.state.name == "FAILED"]
            self.assertEqual({trial.replicate for trial in failed}, {2})
        with_score = AfinaSearchCV(
            Fails(), space, n_iter=4, scheduler="repeat", cv=folds, batch=1, random_state=0, error_score=-5
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with_score.fit(x, y)
        self.assertEqual(list(with_score.cv_results_["split2_test_score"]).count(-5), 2)
        self.assertEqual(list(with_score.cv_results_["n_splits"]), [5] * 4)

    def test_no_fit_succeeds(self):
        for more in ({"scheduler": "race"}, {"resource": "n_samples"}):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with self.assertRaisesRegex(ValueError, "fits failed"):
                    AfinaSearchCV(SVC(), {"kernel": ["none", "such"]}, n_iter=5, **more).fit(X, Y)
                with self.assertRaisesRegex(ValueError, "kernel"):
                    AfinaSearchCV(SVC(), {"kernel": ["none", "such"]}, error_score="raise", **more).fit(X, Y)

    def test_a_fitted_search_is_as_it_was_and_pickled(self):
        ours = search(scheduler="race", cv=3)
        before = {key: value for key, value in vars(ours).items()}
        ours.fit(X, Y)
        for key, value in before.items():
            self.assertIs(vars(ours)[key], value)
        again = pickle.loads(pickle.dumps(ours))
        self.assertEqual(again.best_params_, ours.best_params_)
        self.assertEqual(len(again.study_), len(ours.study_))


class Resources(unittest.TestCase):
    def test_rows_are_evaluations_with_more_of_the_resource_each_time(self):
        for scheduler in (None, "halving", "hyperband", "asha"):
            ours = search(resource="n_samples", min_resources=20, scheduler=scheduler, n_iter=10).fit(X, Y)
            results = ours.cv_results_
            amounts = results["n_resources"]
            self.assertTrue(set(amounts) <= {27, 80, 240}, amounts)
            self.assertEqual(amounts[ours.best_index_], 240)
            self.assertEqual(results["rank_test_score"][ours.best_index_], 1)
            self.assertFalse(np.isnan(splits(results)).any())
            self.assertLessEqual(amounts.sum(), 10 * 240 + 240)
            self.assertGreater(len({p["C"] for p in results["params"]}), 10)
            seen = {}
            for params, amount, before in zip(results["params"], amounts, results["iter"]):
                earlier = seen.setdefault(params["C"], [])
                self.assertEqual(before, len(earlier))
                self.assertTrue(not earlier or amount > earlier[-1])
                earlier.append(amount)
            full = results["mean_test_score"][amounts == 240]
            self.assertEqual(ours.best_score_, full.max())
            self.assertEqual(list(ours.study_.column("values")), list(results["mean_test_score"]))

    def test_samples_are_part_of_the_training_rows_with_all_classes(self):
        Classes.seen = []
        x = np.arange(300.0)[:, np.newaxis]
        y = np.repeat([0, 1, 2], [150, 120, 30])
        ours = AfinaSearchCV(
            Classes(), {"a": (0.0, 0.01)}, resource="n_samples", scheduler="halving", n_iter=4, cv=3, random_state=0
        ).fit(x, y)
        self.assertEqual((ours.min_resources_, ours.max_resources_), (18, 300))
        seen = Classes.seen[:-1]
        for fold in range(3):
            sizes = {len(rows): set(rows) for rows, _ in seen[fold::3]}
            self.assertEqual(sorted(sizes), [22, 66, 200])
            self.assertTrue(sizes[22] < sizes[66] < sizes[200])
        for rows, counts in seen:
            np.testing.assert_allclose(np.array(counts) / len(rows), [0.5, 0.4, 0.1], atol=0.06)
        parts = splits(ours.cv_results_)
        np.testing.assert_allclose(
            parts - np.floor(parts + 1e-9) - 0.1, [[p["a"]] * 3 for p in ours.cv_results_["params"]], atol=1e-9
        )

    def test_a_parameter_is_the_resource(self):
        x, y = load_iris(return_X_y=True)
        ours = AfinaSearchCV(
            RandomForestClassifier(random_state=0),
            {"max_depth": (1, 5)},
            resource="n_estimators",
            max_resources=27,
            min_resources=3,
            scheduler="asha",
            n_iter=3,
            cv=3,
            random_state=0,
        ).fit(x, y)
        results = ours.cv_results_
        self.assertEqual(list(results["param_n_estimators"]), list(results["n_resources"]))
        self.assertEqual(sorted(set(results["n_resources"])), [3, 9, 27])
        self.assertEqual(ours.best_params_["n_estimators"], 27)
        self.assertEqual(len(ours.best_estimator_.estimators_), 27)
        self.assertNotIn("n_estimators", ours.study_.best_params)

    def test_the_factor_is_between_amounts(self):
        ours = search(resource="n_samples", min_resources=10, factor=5, scheduler="halving", n_iter=3).fit(X, Y)
        self.assertEqual(sorted(set(ours.cv_results_["n_resources"])), [10, 48, 240])

    def test_a_regressor_and_a_part_of_the_samples_at_most(self):
        y = X @ np.arange(6) + 1
        ours = AfinaSearchCV(
            Ridge(), {"alpha": (1e-3, 1e3, "log")}, resource="n_samples", max_resources=120, n_iter=4, random_state=0
        ).fit(X, y)
        self.assertEqual(ours.min_resources_, 10)
        self.assertEqual(ours.cv_results_["n_resources"].max(), 120)
        self.assertGreater(ours.best_score_, 0.99)


class BadInput(unittest.TestCase):
    def test_it_is_named_with_its_value_and_range(self):
        for arguments, text in (
            ({"n_iter": 0, "scheduler": "race"}, "n_iter must be an integer of at least 1, got 0"),
            ({"scheduler": "no such"}, "no such"),
            ({"scheduler": "asha"}, "scheduler='asha' with resource=None: .*budget_min"),
            ({"scheduler": "none"}, "scheduler='none' with resource=None: .*replicates"),
            (
                {"scheduler": "race", "cv": ShuffleSplit(1)},
                "cv must have at least 2 splits with scheduler='race', got 1",
            ),
            ({"scheduler": "race", "options": {"replicates": 2}}, "options must not have 'replicates'"),
            ({"resource": "n_sample"}, "resource must be one of n_samples, C, .*, got 'n_sample'"),
            ({"resource": "C", "max_resources": 9}, "resource must not be a parameter of the space, got 'C'"),
            (
                {"resource": "max_iter"},
                "max_resources must be an integer of at least 1 with resource='max_iter', got 'auto'",
            ),
            ({"resource": "n_samples", "max_resources": 241}, "max_resources must be at most 240, .*, got 241"),
            (
                {"resource": "n_samples", "max_resources": 0},
                'max_resources must be an integer of at least 1 or "auto", got 0',
            ),
            (
                {"resource": "n_samples", "min_resources": 241},
                "min_resources must be at most max_resources, which is 240, got 241",
            ),
            ({"resource": "n_samples", "min_resources": "exhaust"}, "at least 1 or \"smallest\", got 'exhaust'"),
            (
                {"resource": "n_samples", "factor": 1},
                r"factor must be a number in \[1.2, 10\] with scheduler='adaptive', got 1",
            ),
            ({"resource": "n_samples", "factor": "3"}, "factor must be a number in .*, got '3'"),
            (
                {"resource": "n_samples", "scheduler": "pbt"},
                "scheduler must be one of halving, .*adaptive with a resource, got 'pbt'",
            ),
            ({"resource": "n_samples", "scheduler": "such"}, "scheduler must be one of none, .*, got 'such'"),
            ({"min_resources": 10}, "min_resources=10 needs a resource, and resource is None"),
            ({"factor": 2, "scheduler": "race"}, "factor=2 needs a resource"),
        ):
            with self.subTest(text), self.assertRaisesRegex((ValueError, afina.Error), text):
                search(**arguments).fit(X, Y)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
