"""Pictures of studies, and the bar of a run."""

import contextlib
import io
import sys
import unittest
import warnings
from unittest import mock

import afina
from afina import Study, TrialState, plot

try:
    import matplotlib
except ImportError:
    matplotlib = None
else:
    matplotlib.use("Agg")

try:
    import tqdm
except ImportError:
    tqdm = None

SPACE = {
    "rate": (1e-4, 1.0, "log"),
    "kind": ["svm", None, 3],
    "depth": afina.Integer(1, 9, when={"kind": 3}),
    "late": afina.Real(0.1, 1.0, "reverse-log"),
    "wide": afina.Real.normal(0, 1),
}


def loss(params):
    """Fails for one choice in a part of the space."""
    if params["kind"] is None and params["rate"] < 1e-3:
        raise ArithmeticError
    return params["rate"] + abs(params.get("depth", 5) - 4) + params["late"] + abs(params["wide"])


def searched(**options):
    study = Study(SPACE, method="random", **options)
    study.optimize(loss, 40, catch=True)
    return study


def texts(ax):
    return [label.get_text() for label in ax]


def labelled(ax):
    """The points drawn under each label."""
    return {made.get_label(): made.get_offsets().data.tolist() for made in ax.collections}


@unittest.skipIf(matplotlib is None, "matplotlib is not installed")
class Plots(unittest.TestCase):
    def setUp(self):
        self.warnings = warnings.catch_warnings()
        self.warnings.__enter__()
        warnings.simplefilter("error")

    def tearDown(self):
        import matplotlib.pyplot

        for number in matplotlib.pyplot.get_fignums():
            matplotlib.pyplot.figure(number).canvas.draw()  # what is wrong is only told then
        matplotlib.pyplot.close("all")
        self.warnings.__exit__(None, None, None)

    def test_history_shows_what_is_complete_and_the_best_so_far(self):
        study = searched()
        ax = plot.history(study)
        complete = [[trial.number, trial.value] for trial in study if trial.state == TrialState.COMPLETE]
        self.assertLess(len(complete), 40)
        self.assertEqual(labelled(ax), {"complete": complete})
        line = ax.lines[0].get_ydata()
        self.assertEqual(line[-1], study.best_value)
        self.assertEqual(sorted(line, reverse=True), list(line))

    def test_the_best_so_far_rises_where_more_is_better_and_obeys_constraints(self):
        def objective(x, trial):
            trial.set_constraints([x - 0.5])
            return x

        result = afina.maximize(objective, {"x": (0.0, 1.0)}, 30, method="random")
        ax = plot.history(result)
        line = list(ax.lines[0].get_ydata())
        self.assertEqual(line, sorted(line))
        self.assertEqual(line[-1], result.value)
        self.assertTrue(all(value > 0.5 for _, value in labelled(ax)["infeasible"]))

    def test_a_part_of_the_budget_is_not_the_best(self):
        def objective(x, trial):
            return x + trial.budget / 9  # less budget looks better

        result = afina.minimize(
            objective, {"x": (0.0, 1.0)}, 40, method="random", scheduler="asha", budget_min=1, budget_max=9
        )
        ax = plot.history(result)
        self.assertEqual(ax.lines[0].get_ydata()[-1], result.value)
        self.assertLess(min(value for _, value in labelled(ax)["at a part of the budget"]), result.value)

    def test_slices_have_the_scales_and_the_choices_of_the_space(self):
        study = searched()
        axes = dict(zip(study.space, plot.slices(study)))
        self.assertEqual(list(axes), list(SPACE))
        self.assertEqual([axes[name].get_xscale() for name in ("rate", "wide", "late")], ["log", "linear", "function"])
        self.assertEqual(texts(axes["kind"].get_xticklabels()), ["svm", "None", "3"])
        deep = [trial for trial in study if trial.state == TrialState.COMPLETE and "depth" in trial.params]
        (points,) = labelled(axes["depth"]).values()
        self.assertEqual(points, [[trial.params["depth"], trial.value] for trial in deep])

    def test_slices_are_drawn_where_they_are_wanted(self):
        import matplotlib.pyplot

        _, ax = matplotlib.pyplot.subplots()
        study = searched()
        self.assertEqual(plot.slices(study, ["rate"], ax), [ax])
        with self.assertRaisesRegex(afina.ArgumentError, "slices of 2 parameters need 2 Axes, got 1"):
            plot.slices(study, ["rate", "late"], ax)

    def test_parallel_has_a_line_for_each_complete_trial(self):
        study = searched()
        ax = plot.parallel(study, ["rate", "kind", "depth"])
        complete = [trial for trial in study if trial.state == TrialState.COMPLETE]
        lines = [line.get_ydata() for line in ax.lines[: len(complete)]]
        best = study.best_trial.params
        place = 1.0 if best["kind"] == 3 else 0.5 if best["kind"] is None else 0.0
        self.assertEqual(lines[-1][1], place)  # the best one is on top
        for line in lines:
            self.assertTrue(0 <= line[0] <= 1)
            self.assertEqual(line[2] != line[2], line[1] != 1.0)  # depth is there for the last choice alone
        self.assertEqual(texts(ax.get_xticklabels()), ["rate", "kind", "depth"])
        plot.parallel(study)

    def test_importances_are_those_of_the_model(self):
        result = afina.minimize(lambda x, y: x**2 + 0.01 * y, {"x": (-1.0, 1.0), "y": (-1.0, 1.0)}, 15, method="gp")
        ax = plot.importances(result)
        self.assertEqual(texts(ax.get_yticklabels()), ["y", "x"])
        shares = [bar.get_width() for bar in ax.patches]
        self.assertAlmostEqual(sum(shares), 1)
        self.assertGreater(shares[1], shares[0])
        with self.assertRaises(afina.UnsupportedError):
            plot.importances(searched())

    def test_contour_shows_the_trials_over_two_parameters(self):
        study = searched()
        ax = plot.contour(study, "rate", "late")
        complete = [trial for trial in study if trial.state == TrialState.COMPLETE]
        points = ax.collections[-1].get_offsets().data.tolist()
        self.assertEqual(points, [[trial.params["rate"], trial.params["late"]] for trial in complete])
        self.assertEqual((ax.get_xscale(), ax.get_yscale()), ("log", "function"))
        self.assertGreater(len(ax.collections), 1)
        self.assertEqual(texts(plot.contour(study, "wide", "kind").get_yticklabels()), ["svm", "None", "3"])
        plot.contour(study, "depth", "kind")  # where depth is active, kind is one

    def test_rungs_show_where_trials_were_stopped(self):
        def objective(x, trial):
            for step in range(1, 9):
                trial.report(x + 1 / step, step)
                if trial.should_stop():
                    return None
            return x

        study = Study({"x": (0.0, 1.0)}, method="random", stopper="median")
        study.optimize(objective, 40)
        ax = plot.rungs(study)
        stopped = [trial for trial in study if trial.state == TrialState.STOPPED]
        self.assertTrue(stopped)
        ends = [[*trial.reports[-1][:1], trial.reports[-1][1][0]] for trial in stopped]
        self.assertEqual(labelled(ax)["stopped"], ends)
        self.assertEqual((ax.get_xscale(), ax.get_xlabel(), len(ax.lines)), ("linear", "step", 40))

    def test_rungs_go_on_from_the_trial_before(self):
        result = afina.minimize(
            lambda x, trial: x + 1 / trial.budget,
            {"x": (0.0, 1.0)},
            40,
            method="random",
            scheduler="asha",
            budget_min=1,
            budget_max=9,
        )
        ax = plot.rungs(result)
        self.assertEqual((ax.get_xscale(), ax.get_xlabel()), ("log", "budget"))
        promoted = [trial for trial in result.trials if trial.start > 0]
        self.assertTrue(promoted)
        self.assertEqual(sum(len(line.get_xdata()) == 2 for line in ax.lines), len(promoted))

    def test_pareto_shows_the_front(self):
        result = afina.minimize(
            lambda x, y: [x + y, x - y],
            {"x": (0.0, 1.0), "y": (0.0, 1.0)},
            40,
            direction=["minimise", "maximise"],
            method="random",
        )
        ax = plot.pareto(result)
        self.assertEqual(len(labelled(ax)["complete"]), 40)
        line = list(zip(*ax.lines[0].get_data()))
        self.assertEqual(line, sorted(tuple(trial.values) for trial in result.front))
        for function in (plot.history, plot.slices, plot.parallel):
            with self.assertRaisesRegex(afina.UnsupportedError, "2 objectives: choose one, objective=0 to 1"):
                function(result)
        self.assertEqual(plot.history(result, objective=1).get_ylabel(), "value 1")
        with self.assertRaisesRegex(afina.RangeError, r"objective must be in \[0, 1\], got 2"):
            plot.history(result, objective=2)

    def test_what_cannot_be_shown_is_an_error(self):
        empty = Study(SPACE)
        for function in (plot.history, plot.slices, plot.parallel, plot.importances):
            with self.assertRaisesRegex(afina.StateError, "none of the 0 trials of the study has a value"):
                function(empty)
        with self.assertRaisesRegex(afina.StateError, "no trial of the study has reported a value or has a budget"):
            plot.rungs(searched())
        with self.assertRaisesRegex(afina.UnsupportedError, "needs a study with 2 objectives, and this one has 1"):
            plot.pareto(empty)
        with self.assertRaisesRegex(afina.NameUnknownError, "no parameter 'z'; there are: rate, kind"):
            plot.contour(searched(), "rate", "z")
        with self.assertRaisesRegex(afina.ArgumentError, "two parameters, got 'rate' twice"):
            plot.contour(searched(), "rate", "rate")
        with self.assertRaisesRegex(TypeError, "of a Study or a Result, not of list"):
            plot.history([])
        with self.assertRaisesRegex(TypeError, "several names, not one text"):
            plot.slices(searched(), "rate")


class Missing(unittest.TestCase):
    def test_without_matplotlib_the_error_says_so(self):
        with mock.patch.dict(sys.modules, {"matplotlib": None, "matplotlib.pyplot": None}):
            with self.assertRaisesRegex(ImportError, "afina.plot needs matplotlib, which is not installed"):
                plot.history(searched())

    def test_without_tqdm_the_error_says_so_before_the_first_trial(self):
        study = Study(SPACE)
        with mock.patch.dict(sys.modules, {"tqdm": None, "tqdm.auto": None}):
            with self.assertRaisesRegex(ImportError, "progress=True needs tqdm, which is not installed"):
                study.optimize(loss, 3, progress=True)
        self.assertEqual(len(study), 0)


@unittest.skipIf(tqdm is None, "tqdm is not installed")
class Bars(unittest.TestCase):
    def shown(self, *arguments, **keywords):
        with contextlib.redirect_stderr(io.StringIO()) as stream:
            afina.minimize(*arguments, progress=True, **keywords)
        return stream.getvalue()

    def test_a_bar_counts_the_trials_and_tells_the_best_value(self):
        text = self.shown(lambda x: 0.25, {"x": (0.0, 1.0)}, 7, workers=3, method="random")
        self.assertIn("7/7", text)
        self.assertIn("best=0.25", text)

    def test_a_bar_of_several_objectives_and_one_of_failures_have_no_best_value(self):
        space = {"x": (0.0, 1.0)}
        text = self.shown(lambda x: (x, -x), space, 5, method="random", direction=["minimise", "minimise"])
        self.assertIn("5/5", text)
        self.assertNotIn("best", text)
        text = self.shown(lambda x: 1 / 0, space, 5, catch=True)
        self.assertIn("5/5", text)


if __name__ == "__main__":
    unittest.main()
