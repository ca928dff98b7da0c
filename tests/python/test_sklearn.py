"""AfinaSearchCV: what scikit-learn demands of an estimator, and what a search finds."""

import math
import sys
import unittest
import warnings

try:
    import numpy as np
    from sklearn.datasets import load_iris
    from sklearn.exceptions import FitFailedWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.utils import estimator_checks
except ImportError:
    raise unittest.SkipTest("scikit-learn is not installed")

import afina
from afina.sklearn import AfinaSearchCV

SPACE = {"C": (1e-3, 1e3, "log")}


def search(**arguments):
    return AfinaSearchCV(SVC(), {"C": (1e-2, 1e3, "log"), "gamma": (1e-4, 10.0, "log")}, random_state=1, **arguments)


def checks_of(estimator):
    if hasattr(estimator_checks, "estimator_checks_generator"):
        return estimator_checks.estimator_checks_generator(estimator)
    return estimator_checks.check_estimator(estimator, generate_only=True)


def failures(estimator):
    """The names of the checks of an estimator, and of those that it fails."""
    names, failed = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for checked, check in checks_of(estimator):
            names.append(getattr(check, "func", check).__name__)
            try:
                check(checked)
            except unittest.SkipTest:
                pass
            except Exception:
                failed.append(names[-1])
    return names, failed


class Checks(unittest.TestCase):
    def test_it_fails_no_check_that_a_random_search_passes(self):
        theirs = RandomizedSearchCV(LogisticRegression(), {"C": [0.1, 1.0, 10.0]}, n_iter=2, random_state=0)
        for more in ({}, {"scheduler": "race"}):
            ours = AfinaSearchCV(LogisticRegression(), SPACE, n_iter=2, method="random", random_state=0, **more)
            names, failed = failures(ours)
            self.assertGreater(len(names), 40)
            if failed:
                failed = set(failed) - set(failures(theirs)[1])
            self.assertEqual(list(failed), [], more)


class Search(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.x, cls.y = load_iris(return_X_y=True)

    def test_it_has_the_results_of_a_grid_search(self):
        ours = search(n_iter=6, return_train_score=True, cv=4).fit(self.x, self.y)
        theirs = GridSearchCV(SVC(), {"C": [1.0], "gamma": [0.1]}, return_train_score=True, cv=4).fit(self.x, self.y)
        self.assertEqual(set(ours.cv_results_), set(theirs.cv_results_))
        for column in ours.cv_results_.values():
            self.assertEqual(len(column), 6)
        self.assertEqual(ours.n_splits_, 4)
        self.assertEqual(ours.best_params_, ours.cv_results_["params"][ours.best_index_])
        self.assertEqual(ours.best_score_, max(ours.cv_results_["mean_test_score"]))
        self.assertEqual(ours.best_estimator_.get_params()["C"], ours.best_params_["C"])
        self.assertEqual(list(ours.predict(self.x[:2])), list(ours.best_estimator_.predict(self.x[:2])))

    def test_the_study_has_what_the_search_saw(self):
        ours = search(n_iter=5).fit(self.x, self.y)
        self.assertEqual([trial.value for trial in ours.study_], list(ours.cv_results_["mean_test_score"]))
        self.assertEqual([trial.params for trial in ours.study_], list(ours.cv_results_["params"]))

    def test_the_same_state_the_same_search_and_batches_count(self):
        first, second = (search(n_iter=8, batch=3).fit(self.x, self.y) for _ in range(2))
        self.assertEqual(first.cv_results_["params"], second.cv_results_["params"])
        self.assertEqual(len(first.study_), 8)

    def test_it_beats_the_worst_of_its_points(self):
        ours = search(n_iter=20).fit(self.x, self.y)
        self.assertGreater(ours.best_score_, 0.95)

    def test_several_metrics_follow_the_one_that_refit_names(self):
        ours = search(n_iter=4, scoring=["accuracy", "f1_macro"], refit="f1_macro").fit(self.x, self.y)
        self.assertEqual([trial.value for trial in ours.study_], list(ours.cv_results_["mean_test_f1_macro"]))
        ours = search(n_iter=4, scoring=["accuracy", "f1_macro"], refit=False).fit(self.x, self.y)
        self.assertEqual([trial.value for trial in ours.study_], list(ours.cv_results_["mean_test_accuracy"]))

    def test_conditions_choices_and_pipelines(self):
        pipeline = make_pipeline(StandardScaler(), SVC())
        space = {
            "svc__kernel": afina.Categorical(["linear", "rbf"]),
            "svc__gamma": afina.Real(1e-4, 10.0, "log", when={"svc__kernel": ["rbf"]}),
            "standardscaler__with_mean": [True, False],
        }
        ours = AfinaSearchCV(pipeline, space, n_iter=12, random_state=3, method="random").fit(self.x, self.y)
        kernels = ours.cv_results_["param_svc__kernel"]
        gammas = ours.cv_results_["param_svc__gamma"]
        for kernel, masked in zip(kernels, np.ma.getmaskarray(gammas)):
            self.assertEqual(kernel == "linear", bool(masked))

    def test_a_finite_space_ends_the_search(self):
        ours = AfinaSearchCV(SVC(), {"C": [1.0, 10.0], "kernel": ["rbf", "linear"]}, n_iter=50).fit(self.x, self.y)
        self.assertEqual(len(ours.cv_results_["params"]), 4)

    def test_fits_that_fail_are_failed_trials(self):
        space = {"kernel": ["rbf", "none such"]}
        ours = AfinaSearchCV(SVC(), space, n_iter=2).fit(self.x, self.y)
        self.assertEqual([p["kernel"] for p in ours.cv_results_["params"]], ["rbf"])
        with self.assertWarns(FitFailedWarning):
            ours = AfinaSearchCV(SVC(), space, n_iter=2, batch=2).fit(self.x, self.y)
        self.assertEqual(len(ours.cv_results_["params"]), 2)
        states = sorted(trial.state.name for trial in ours.study_)
        self.assertEqual(states, ["COMPLETE", "FAILED"])
        self.assertTrue(math.isfinite(ours.best_score_))

    def test_no_fit_succeeds(self):
        with self.assertRaisesRegex(ValueError, "fits failed"):
            AfinaSearchCV(SVC(), {"kernel": ["none", "such"]}, n_iter=5).fit(self.x, self.y)
        with self.assertRaisesRegex(ValueError, "kernel"):
            AfinaSearchCV(SVC(), {"kernel": ["none", "such"]}, error_score="raise").fit(self.x, self.y)

    def test_bad_input(self):
        for arguments, text in (
            ({"n_iter": 0}, "n_iter must be an integer of at least 1, got 0"),
            ({"n_iter": 2.5}, "n_iter must be an integer of at least 1, got 2.5"),
            ({"batch": -1}, "batch must be an integer of at least 1, got -1"),
        ):
            with self.assertRaisesRegex(ValueError, text):
                search(**arguments).fit(self.x, self.y)
        with self.assertRaisesRegex(afina.Error, "gpp"):
            search(method="gpp").fit(self.x, self.y)
        with self.assertRaisesRegex(afina.Error, "no_such"):
            search(options={"no_such": 1}).fit(self.x, self.y)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
