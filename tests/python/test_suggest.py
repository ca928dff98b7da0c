"""Spaces that an objective declares: the written-out style of Optuna."""

import math
import os
import pickle
import tempfile
import unittest

import afina
from afina import Study, TrialState
from afina import optuna

try:
    import sklearn
except ImportError:
    sklearn = None


def classifier(trial):
    """Stands for a choice of models with hyperparameters of their own."""
    name = trial.suggest_categorical("classifier", ["svc", "forest"])
    if name == "svc":
        return abs(math.log10(trial.suggest_float("svc_c", 1e-10, 1e10, log=True)) - 2)
    return 1 + abs(trial.suggest_int("rf_max_depth", 2, 32, log=True) - 8)


class Suggestions(unittest.TestCase):
    def test_a_study_learns_the_space_as_it_goes(self):
        study = Study(seed=3)
        study.optimize(classifier, 40)
        self.assertEqual(sorted(study.space), ["classifier", "rf_max_depth", "svc_c"])
        self.assertLess(study.best_value, 0.5)
        for trial in study:
            other = {"svc": "svc_c", "forest": "rf_max_depth"}[trial.params["classifier"]]
            self.assertEqual(set(trial.params), {"classifier", other})
        study.replay()

    def test_values_are_in_their_ranges_and_of_their_types(self):
        choices = [None, True, 3, 0.5, "text"]

        def objective(trial):
            f = trial.suggest_float("f", -1.5, 2.5)
            g = trial.suggest_float("g", 0, 1, step=0.25)
            n = trial.suggest_int("n", 10, 30, step=5)
            m = trial.suggest_int("m", 1, 1000, log=True)
            c = trial.suggest_categorical("c", choices)
            self.assertEqual((type(f), type(g), type(n), type(m)), (float, float, int, int))
            self.assertTrue(-1.5 <= f <= 2.5 and g in (0, 0.25, 0.5, 0.75, 1) and n in range(10, 31, 5))
            self.assertTrue(any(c is choice for choice in choices))
            self.assertEqual(trial.suggest_float("f", -1.5, 2.5), f)
            self.assertEqual(trial.params, {"f": f, "g": g, "n": n, "m": m, "c": c})
            return f

        for method in ("random", "tpe", "gp"):
            study = Study(method=method)
            study.optimize(objective, 15)
            self.assertEqual(len(study), 15)

    def test_a_wider_range_and_more_choices_widen_the_space(self):
        study = Study(method="random")
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1) + len(trial.suggest_categorical("c", ["a"])), 5)
        study.optimize(
            lambda trial: trial.suggest_float("x", 0, 4) + len(trial.suggest_categorical("c", ["a", "b"])), 40
        )
        self.assertEqual((study.space["x"].high, study.space["c"].choices), (4.0, ("a", "b")))
        self.assertGreater(max(t.params["x"] for t in study), 1)
        self.assertEqual({t.params["c"] for t in study}, {"a", "b"})

    def test_what_contradicts_an_earlier_declaration_is_an_error(self):
        study = Study()
        study.optimize(lambda trial: trial.suggest_float("x", 0.5, 1), 2)
        self.assertRaises(afina.RangeError, study.optimize, lambda t: t.suggest_float("x", 0.5, 1, log=True), 1)
        self.assertRaises(afina.KindError, study.optimize, lambda t: t.suggest_int("x", 0, 1), 1)
        with self.assertRaisesRegex(afina.RangeError, "has .* for 'x', which is not in"):
            study.optimize(lambda t: t.suggest_float("x", 0.5, 0.5001), 20)
        self.assertRaises(ValueError, study.optimize, lambda t: t.suggest_float("y", 1, 0), 1)
        self.assertRaises(TypeError, study.optimize, lambda t: t.suggest_categorical("z", "abc"), 1)

    def test_enqueued_points_are_taken_before_their_parameters_are_known(self):
        study = Study(method="random")
        study.enqueue_trial({"classifier": "forest", "rf_max_depth": 8})
        study.enqueue_trial({"classifier": "svc", "svc_c": 100.0})
        study.enqueue_trial({"classifier": "svc"})
        study.optimize(classifier, 4)
        self.assertEqual(study[0].params, {"classifier": "forest", "rf_max_depth": 8})
        self.assertEqual(study[1].params, {"classifier": "svc", "svc_c": 100.0})
        self.assertEqual(study[2].params["classifier"], "svc")
        self.assertEqual([study[0].value, study[1].value], [1.0, 0.0])

    def test_ask_and_tell_declare_as_well(self):
        study = Study(direction="maximize")
        for _ in range(10):
            trial = study.ask()
            x = trial.suggest_float("x", -10, 10)
            y = trial.suggest_float("y", -10, 10) if x > 0 else 0
            study.tell(trial, -((x - 2) ** 2) - y**2)
        self.assertEqual([("y" in t.params) for t in study], [t.params["x"] > 0 for t in study])

    def test_workers_with_lag_give_the_same_bits(self):
        one, three = Study(method="tpe", lag=3), Study(method="tpe", lag=3)
        one.optimize(classifier, 25)
        three.optimize(classifier, 25, n_jobs=3)
        self.assertEqual([t.params for t in one], [t.params for t in three])

    def test_a_log_of_a_grown_study_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "log")
            with Study(log=path, seed=1) as study:
                study.optimize(classifier, 10)
                study.optimize(lambda trial: trial.suggest_categorical("c", [None, 1]) or 0, 3)
                want = [t.params for t in study][:10]
            with Study(log=path, seed=1) as study:
                self.assertEqual([t.params for t in study][:10], want)
                study.optimize(classifier, 10)
                self.assertEqual(len(study), 23)
                study.replay()

    def test_a_grown_study_is_pickled_with_the_values_of_its_choices(self):
        study = Study(method="random")
        study.optimize(lambda trial: trial.suggest_categorical("c", [None, 1]) or 0, 10)
        copy = pickle.loads(pickle.dumps(study))
        self.assertEqual([t.params for t in copy], [t.params for t in study])

    def test_a_declared_space_may_be_asked_for_by_name(self):
        study = Study({"x": (0.0, 1.0)}, method="random")
        result = study.optimize(lambda trial: trial.suggest_float("x", 0, 1) + trial.suggest_int("n", 1, 3), 10)
        self.assertEqual(sorted(result.best), ["n", "x"])

    def test_a_study_is_extended_by_hand(self):
        study = Study({"x": (0.0, 1.0)}, method="random")
        study.tell(study.ask(), 1)
        study.extend({"c": ["a", None], "x": (0.0, 2.0)})
        self.assertIn(study.ask().params["c"], ("a", None))
        self.assertEqual(study.space["x"].high, 2.0)
        self.assertRaises(afina.RangeError, study.extend, {"x": (0.5, 2.0, "log")})


class OptunaStyle(unittest.TestCase):
    """Ten objectives as its users write them; only the import differs."""

    def test_1_quadratic(self):
        def objective(trial):
            x = trial.suggest_float("x", -100, 100)
            y = trial.suggest_categorical("y", [-1, 0, 1])
            return x**2 + y

        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=10))
        study.optimize(objective, n_trials=60, timeout=60)
        self.assertLess(study.best_value, 100)
        self.assertEqual(study.best_trial.value, study.best_value)
        self.assertEqual(set(study.best_params), {"x", "y"})

    def test_2_conditional_models(self):
        def objective(trial):
            kind = trial.suggest_categorical("regressor", ["ridge", "tree", "knn"])
            if kind == "ridge":
                return abs(math.log(trial.suggest_float("alpha", 1e-6, 1e2, log=True)))
            if kind == "tree":
                depth = trial.suggest_int("depth", 1, 20)
                return 2 + abs(depth - 5) + trial.suggest_int("leaf", 1, 10)
            return 3 + trial.suggest_int("k", 1, 50)

        study = optuna.create_study(direction="minimize", sampler=optuna.samplers.TPESampler(seed=2))
        study.optimize(objective, n_trials=40)
        self.assertLess(study.best_value, 3)

    def test_3_a_loop_of_layers(self):
        def objective(trial):
            layers = trial.suggest_int("n_layers", 1, 3)
            units = [trial.suggest_int(f"n_units_l{i}", 4, 128, log=True) for i in range(layers)]
            drop = [trial.suggest_float(f"dropout_l{i}", 0.2, 0.5) for i in range(layers)]
            return sum(abs(u - 16) for u in units) + sum(drop) + 5 * layers

        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
        study.optimize(objective, n_trials=30)
        for trial in study.trials:
            self.assertEqual(len(trial.params), 1 + 2 * trial.params["n_layers"])

    def test_4_pruning_with_reports(self):
        def objective(trial):
            rate = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
            error = 1.0
            for step in range(30):
                error *= 1 - min(rate, 0.05) * 2
                trial.report(error, step)
                if trial.should_prune():
                    raise optuna.TrialPruned()
            return error

        sampler = optuna.samplers.RandomSampler(seed=4)
        pruner = optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=5)
        study = optuna.create_study(sampler=sampler, pruner=pruner)
        study.optimize(objective, n_trials=40)
        pruned = study.get_trials(deepcopy=False, states=[optuna.trial.TrialState.PRUNED])
        complete = study.get_trials(deepcopy=False, states=[optuna.trial.TrialState.COMPLETE])
        self.assertGreater(len(pruned), 3)
        self.assertGreater(len(complete), 3)
        self.assertEqual(len(pruned) + len(complete), 40)
        self.assertGreaterEqual(min(trial.last_step for trial in pruned), 5)
        self.assertEqual(pruned[0].value, pruned[0].intermediate_values[pruned[0].last_step])

    def test_5_several_objectives(self):
        def objective(trial):
            x = trial.suggest_float("x", 0, 5)
            y = trial.suggest_float("y", 0, 3)
            return 4 * x**2 + 4 * y**2, (x - 5) ** 2 + (y - 5) ** 2

        study = optuna.create_study(directions=["minimize", "minimize"], sampler=optuna.samplers.RandomSampler(seed=5))
        study.optimize(objective, n_trials=40)
        front = study.best_trials
        self.assertGreater(len(front), 2)
        losses = sorted(trial.values for trial in front)
        self.assertEqual([v for _, v in losses], sorted((v for _, v in losses), reverse=True))

    def test_6_constraints_and_user_attributes(self):
        def objective(trial):
            x, y = trial.suggest_float("x", -15, 30), trial.suggest_float("y", -15, 30)
            c = (x - 5) ** 2 + y**2 - 25
            trial.set_user_attr("constraint", [c])
            trial.set_constraints([c])
            return 4 * x**2 + 4 * y**2

        study = optuna.create_study(sampler=optuna.samplers.GPSampler(seed=6))
        study.optimize(objective, n_trials=60)
        self.assertLessEqual(study.best_trial.user_attrs["constraint"][0], 0)
        study.set_user_attr("data", {"rows": 3})
        self.assertEqual(study.user_attrs["data"], {"rows": 3})

    def test_7_ask_and_tell(self):
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=7))
        for _ in range(15):
            trial = study.ask()
            c = trial.suggest_float("C", 1e-7, 10.0, log=True)
            solver = trial.suggest_categorical("solver", ("lbfgs", "saga"))
            if solver == "saga" and c > 1:
                study.tell(trial, state=TrialState.PRUNED)
            else:
                study.tell(trial, -abs(math.log10(c)))
        self.assertEqual(len(study.trials), 15)

    def test_8_a_callback_ends_the_study(self):
        class StopWhenGood:
            def __call__(self, study, trial):
                if trial.state == optuna.trial.TrialState.COMPLETE and study.best_value < 1:
                    study.stop()

        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=3))
        study.optimize(lambda t: t.suggest_float("x", 0, 10) ** 2, n_trials=1000, callbacks=[StopWhenGood()])
        self.assertLess(len(study.trials), 1000)
        self.assertLess(study.best_value, 1)

    def test_9_enqueued_defaults_and_failures_that_are_caught(self):
        def objective(trial):
            x = trial.suggest_int("x", 0, 10)
            if x == 7:
                raise RuntimeError("seven")
            return x

        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=9))
        study.enqueue_trial({"x": 5})
        study.enqueue_trial({"x": 7})
        study.optimize(objective, n_trials=10, catch=(RuntimeError,))
        self.assertEqual([study.trials[0].value, study.trials[1].state], [5, optuna.trial.TrialState.FAIL])
        self.assertEqual(study.trials[1].reason, "RuntimeError: seven")

    @unittest.skipIf(sklearn is None, "scikit-learn is not installed")
    def test_10_scikit_learn_with_partial_fit(self):
        import sklearn.datasets
        import sklearn.ensemble
        import sklearn.linear_model
        import sklearn.model_selection
        import sklearn.svm

        x, y = sklearn.datasets.load_iris(return_X_y=True)
        train_x, valid_x, train_y, valid_y = sklearn.model_selection.train_test_split(x, y, random_state=0)

        def choice(trial):
            name = trial.suggest_categorical("classifier", ["SVC", "RandomForest"])
            if name == "SVC":
                c = trial.suggest_float("svc_c", 1e-10, 1e10, log=True)
                model = sklearn.svm.SVC(C=c, gamma="auto")
            else:
                depth = trial.suggest_int("rf_max_depth", 2, 32, log=True)
                model = sklearn.ensemble.RandomForestClassifier(max_depth=depth, n_estimators=10, random_state=0)
            return sklearn.model_selection.cross_val_score(model, x, y, cv=3).mean()

        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=10))
        study.optimize(choice, n_trials=15)
        self.assertGreater(study.best_value, 0.9)

        def steps(trial):
            alpha = trial.suggest_float("alpha", 1e-5, 1e-1, log=True)
            model = sklearn.linear_model.SGDClassifier(alpha=alpha, random_state=0)
            for step in range(20):
                model.partial_fit(train_x, train_y, classes=[0, 1, 2])
                trial.report(1.0 - model.score(valid_x, valid_y), step)
                if trial.should_prune():
                    raise optuna.TrialPruned()
            return 1.0 - model.score(valid_x, valid_y)

        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=10))
        study.optimize(steps, n_trials=20)
        self.assertLess(study.best_value, 0.5)

    def test_11_a_grid(self):
        def objective(trial):
            x = trial.suggest_float("x", -100, 100)
            y = trial.suggest_int("y", -100, 100)
            kind = trial.suggest_categorical("kind", ["a", None])
            self.assertEqual((type(x), type(y)), (float, int))
            return x**2 + y**2 + (kind is None)

        space = {"x": [-50, 0, 50], "y": [-99, 0, 99], "kind": ["a", None]}
        for workers in (1, 3):
            study = optuna.create_study(sampler=optuna.samplers.GridSampler(space, seed=1))
            study.optimize(objective, n_trials=100, n_jobs=workers)
            asked = [tuple(trial.params[name] for name in space) for trial in study.trials]
            self.assertEqual(set(asked), {(x, y, k) for x in space["x"] for y in space["y"] for k in space["kind"]})
            self.assertEqual(len(asked), 18)
            self.assertNotEqual(asked, sorted(asked, key=str))
            self.assertEqual(study.best_params, {"x": 0, "y": 0, "kind": "a"})
        self.assertRaises(optuna.exceptions.NoTrial, study.ask)

    def test_12_a_grid_by_ask_and_tell_and_with_pruning(self):
        sampler = optuna.samplers.GridSampler({"rate": [0.001, 0.01, 0.1], "never asked": [1]})
        study = optuna.create_study(direction="maximize", sampler=sampler, pruner=optuna.pruners.NopPruner())
        for _ in range(3):
            trial = study.ask()
            study.tell(trial, trial.suggest_float("rate", 1e-4, 1, log=True))
        self.assertEqual([study.best_value, sorted(trial.value for trial in study)], [0.1, [0.001, 0.01, 0.1]])

    def test_a_grid_that_does_not_fit_the_objective_is_an_error(self):
        def trial(values):
            return optuna.create_study(sampler=optuna.samplers.GridSampler(values)).ask()

        with self.assertRaisesRegex(ValueError, "the grid has no parameter 'z': it has x, y"):
            trial({"x": [1], "y": [2]}).suggest_float("z", 0, 1)
        with self.assertRaisesRegex(ValueError, r"the grid has 7 for 'x', which is not in Real\(0.0, 1.0\)"):
            trial({"x": [7]}).suggest_float("x", 0, 1)
        with self.assertRaisesRegex(ValueError, r"the grid has 'c' for 'x', which is not in Categorical"):
            trial({"x": ["c"]}).suggest_categorical("x", ["a", "b"])
        with self.assertRaisesRegex(TypeError, "'x' of the grid is a whole number, not float"):
            trial({"x": [0.5]}).suggest_int("x", 0, 1)
        with self.assertRaisesRegex(TypeError, "search_space is a dict of the values of each parameter, not list"):
            optuna.samplers.GridSampler([1])
        self.assertRaisesRegex(TypeError, "'x' .*not str", optuna.samplers.GridSampler, {"x": "abc"})

    def test_every_pruner_ends_bad_trials_and_spares_the_best(self):
        def objective(trial):
            rate = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
            error = 1.0
            for step in range(1, 28):
                error = max(error * (1 - min(rate, 0.05) * 4), 0.05)
                trial.report(3.0 if rate < 3e-4 else error, step)
                if trial.should_prune():
                    raise optuna.TrialPruned()
            return error

        pruners = [
            optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=5),
            optuna.pruners.PercentilePruner(25.0, n_startup_trials=3),
            optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=4, min_early_stopping_rate=0),
            optuna.pruners.SuccessiveHalvingPruner(min_resource="auto"),
            optuna.pruners.HyperbandPruner(min_resource=1, max_resource=27, reduction_factor=3),
            optuna.pruners.HyperbandPruner(),
            optuna.pruners.ThresholdPruner(upper=2.5),
            optuna.pruners.PatientPruner(None, patience=3),
            optuna.pruners.PatientPruner(optuna.pruners.MedianPruner(), patience=1),
            optuna.pruners.WilcoxonPruner(p_threshold=0.1),
        ]
        for pruner in pruners:
            with self.subTest(type(pruner).__name__):
                sampler = optuna.samplers.RandomSampler(seed=4)
                study = optuna.create_study(sampler=sampler, pruner=pruner)
                study.optimize(objective, n_trials=40)
                ended = study.get_trials(states=[optuna.trial.TrialState.PRUNED])
                self.assertGreater(len(ended), 0)
                self.assertLess(len(ended), 40)
                self.assertLess(study.best_value, 0.2)

    def test_successive_halving_has_its_rungs_where_optuna_has_them(self):
        def ends(pruner):
            study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=4), pruner=pruner)

            def objective(trial):
                for step in range(1, 30):
                    trial.report(trial.suggest_float("x", 0, 1), step)
                    if trial.should_prune():
                        raise optuna.TrialPruned()
                return trial.params["x"]

            study.optimize(objective, n_trials=40)
            return {trial.last_step for trial in study.get_trials(states=[optuna.trial.TrialState.PRUNED])}

        halving = optuna.pruners.SuccessiveHalvingPruner
        self.assertEqual(min(ends(halving(2, 3))), 2)
        self.assertLessEqual(ends(halving(2, 3)), {2, 6, 18})
        self.assertLessEqual(ends(halving(2, 3, 1)), {6, 18})
        self.assertLessEqual(ends(optuna.pruners.HyperbandPruner(4)), {4, 12})

    def test_patience_ends_a_trial_at_the_report_at_which_optuna_does(self):
        study = optuna.create_study(pruner=optuna.pruners.PatientPruner(None, 2))
        trial = study.ask()
        trial.suggest_float("x", 0, 1)
        told = []
        for step, value in enumerate([3.0, 2.0, 2.5, 2.25, 2.75]):
            trial.report(value, step)
            told.append(trial.should_prune())
        self.assertEqual(told, [False, False, False, False, True])

    def test_a_pruner_that_patience_wraps_ends_only_trials_that_do_not_improve(self):
        pruner = optuna.pruners.PatientPruner(optuna.pruners.MedianPruner(n_startup_trials=1), 2)
        study = optuna.create_study(pruner=pruner)

        def steps_of(values):
            trial = study.ask()
            for step, value in enumerate(values):
                trial.report(value, step)
                if trial.should_prune():
                    study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                    return step + 1
            study.tell(trial, values[-1])
            return None

        self.assertIsNone(steps_of([1.0] * 6))
        self.assertIsNone(steps_of([9.0, 8.0, 7.0, 6.0, 5.0, 4.0]))  # above the median, and better all the time
        self.assertIsNone(steps_of([0.5, 0.6, 0.6, 0.6, 0.6, 0.6]))  # no better, and not above the median
        self.assertEqual(steps_of([9.0, 8.0, 8.5, 8.5, 8.5, 8.5]), 5)

    def test_names_without_an_equal_are_errors(self):
        self.assertRaises(TypeError, optuna.samplers.TPESampler, group=True)
        with self.assertRaisesRegex(
            AttributeError, "afina.optuna has no samplers.NSGAIISampler: there are BaseSampler, "
        ):
            optuna.samplers.NSGAIISampler
        with self.assertRaisesRegex(AttributeError, "afina.optuna has no pruners.OtherPruner: there are BasePruner, "):
            optuna.pruners.OtherPruner
        with self.assertRaisesRegex(TypeError, "PatientPruner wraps a MedianPruner, .* not a NopPruner"):
            optuna.pruners.PatientPruner(optuna.pruners.NopPruner(), patience=1)
        self.assertRaisesRegex(TypeError, "min_delta", optuna.pruners.PatientPruner, None, 1, 0.5)
        self.assertRaisesRegex(ValueError, "patience must be", optuna.pruners.PatientPruner, None, -1)
        self.assertRaisesRegex(TypeError, "max_resource", optuna.pruners.HyperbandPruner, max_resource="most")
        self.assertRaisesRegex(ValueError, "max_resource must be .*4.*got 3", optuna.pruners.HyperbandPruner, 4, 3)
        self.assertRaisesRegex(TypeError, "min_resource", optuna.pruners.SuccessiveHalvingPruner, "some")
        self.assertRaises(TypeError, optuna.create_study, sampler=3)
        self.assertRaises(ValueError, optuna.create_study, direction="minimize", directions=["minimize"])
        self.assertRaises(TypeError, Study({"x": (0, 1)}).optimize, lambda x: x, 3, n_trials=3)


if __name__ == "__main__":
    unittest.main()
