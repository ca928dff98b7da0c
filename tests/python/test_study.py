"""Ask and tell, trials, and studies as sequences."""

import math
import pickle
import unittest

import afina
from afina import Study, TrialState

SPACE = {"x": (0.0, 1.0), "kind": ["a", None]}


def told(count, **options):
    study = Study(SPACE, method="random", **options)
    for number in range(count):
        study.tell(study.ask(), 2.385 + number)
    return study


class AskAndTell(unittest.TestCase):
    def test_what_is_told_is_read(self):
        study = told(5, direction="maximize")
        self.assertEqual((study.best_value, study.best_trial.number), (6.385, 4))
        self.assertEqual(study.best_params, study[4].params)
        self.assertEqual([trial.value for trial in study], [2.385, 3.385, 4.385, 5.385, 6.385])
        self.assertEqual(study.direction, "maximise")
        self.assertIn(study[0].params["kind"], ("a", None))

    def test_a_study_is_a_sequence(self):
        study = told(10)
        self.assertEqual(len(study), 10)
        self.assertEqual([t.number for t in study[2:5]], [2, 3, 4])
        self.assertEqual([t.number for t in study[::-3]], [9, 6, 3, 0])
        self.assertEqual(study[-1].number, 9)
        self.assertIn(study[3], study)
        self.assertRaisesRegex(IndexError, "there is no trial 10: the study has 10", lambda: study[10])
        self.assertTrue(Study(SPACE))
        self.assertEqual(study.trials, list(study))

    def test_a_trial_is_a_mapping_of_its_parameters(self):
        trial = Study(SPACE).ask()
        self.assertEqual(dict(**trial), trial.params)
        self.assertEqual(trial["x"], trial.params["x"])
        self.assertRaises(KeyError, lambda: trial["y"])

    def test_a_trial_is_told_in_all_ways(self):
        study = Study(SPACE, method="random")
        for state in (TrialState.FAILED, TrialState.INFEASIBLE, TrialState.LOST, TrialState.STOPPED):
            trial = study.ask()
            trial.report(3.5)
            self.assertEqual(study.tell(trial, state=state, reason="why").state, state)
        self.assertEqual([t.reason for t in study], ["why", "why", "why", ""])
        self.assertEqual(study[3].value, 3.5)
        self.assertEqual(study.tell(2, 7.25).value, 7.25)  # late
        self.assertRaises(afina.StateError, study.tell, 2, 7.25)
        self.assertEqual(study.tell(2, 1.0, skip_if_finished=True).value, 7.25)
        self.assertRaises(afina.NotFoundError, study.tell, 9, 7.25)
        self.assertRaises(TypeError, study.tell, study.ask())
        self.assertRaises(afina.ArgumentError, study.tell, Study(SPACE).ask(), 1.0)
        self.assertIsNone(study[0].value)
        self.assertEqual(study.running, [4])
        self.assertRaises(TypeError, study[4].tell, "1.5")
        self.assertEqual(study.tell(4, math.nan).state, TrialState.FAILED)

    def test_a_block_ends_its_trial(self):
        study = Study(SPACE)
        with study.ask() as trial:
            trial.tell(1)
        with study.ask() as trial:
            pass
        with study.ask() as trial:
            trial.report(0.5)
            raise afina.TrialPruned
        with study.ask() as trial:
            raise afina.Infeasible("too\nlarge")
        with self.assertRaises(ValueError), study.ask() as trial:
            raise ValueError("x\0y")
        with self.assertRaises(KeyboardInterrupt), study.ask() as trial:
            raise KeyboardInterrupt
        states = ["COMPLETE", "FAILED", "STOPPED", "INFEASIBLE", "FAILED", "LOST"]
        self.assertEqual([t.state.name for t in study], states)
        self.assertEqual([t.reason for t in study[3:]], ["too large", "ValueError: x y", "KeyboardInterrupt"])

    def test_reports_count_by_themselves(self):
        trial = Study(SPACE).ask()
        trial.report(3)
        trial.report(2)
        trial.report(1, step=7.5)
        trial.report(0)
        self.assertEqual(trial.reports, [(1.0, [3.0]), (2.0, [2.0]), (7.5, [1.0]), (8.0, [0.0])])
        self.assertRaisesRegex(afina.RangeError, "step", trial.report, 0, 8)

    def test_a_study_without_more_points_says_so(self):
        study = Study({"n": (1, 3)})
        self.assertEqual(sorted(study.ask()["n"] for _ in range(3)), [1, 2, 3])
        self.assertRaisesRegex(afina.Exhausted, "every point", study.ask)
        self.assertRaises(afina.NoTrial, study.ask)
        waiting = Study({"n": (0.0, 1.0)}, lag=1)
        waiting.ask()
        self.assertRaises(afina.Wait, waiting.ask)
        self.assertRaises(afina.Wait, waiting.ask, 0.01)
        ended = Study({"n": (0.0, 1.0)}, budget_min=1, budget_max=1, budget_total=1, scheduler="none")
        ended.tell(ended.ask(), 1)
        self.assertRaises(afina.Done, ended.ask)

    def test_points_of_ones_own(self):
        study = Study(SPACE)
        study.enqueue({"x": 0.125, "kind": None})
        self.assertEqual(study.ask().params, {"x": 0.125, "kind": None})
        self.assertEqual(study.start({"x": 0.5}).params["x"], 0.5)
        added = study.add({"x": 1, "kind": "a"}, 2.385)
        self.assertEqual((added.value, added.origin), (2.385, afina.Origin.ADDED))
        self.assertEqual(study.add({"x": 0}, state=TrialState.FAILED).state, TrialState.FAILED)
        self.assertRaisesRegex(afina.NameUnknownError, "y", study.enqueue, {"y": 1})
        self.assertRaisesRegex(afina.RangeError, "'b' is none of the choices", study.enqueue, {"kind": "b"})
        self.assertRaisesRegex(afina.RangeError, "x", study.enqueue, {"x": 2})
        self.assertRaisesRegex(TypeError, "a dict", study.enqueue, [1])

    def test_attributes_errors_and_checkpoints_are_kept(self):
        study = Study(SPACE, method="gp")
        trial = study.ask()
        trial.set_attribute("note", "naïve ☃")
        trial.set_errors(0.25)
        trial.set_checkpoint("/tmp/model")
        trial.tell(1.5)
        study.set_attribute("who", "me")
        self.assertEqual(
            (trial.attributes, trial.errors, trial.checkpoint), ({"note": "naïve ☃"}, [0.25], "/tmp/model")
        )
        self.assertEqual(study.attributes, {"who": "me"})
        self.assertEqual(trial.to_dict()["values"], [1.5])
        self.assertLessEqual(trial.started, trial.ended)
        self.assertIsInstance(trial.seed, int)

    def test_columns_are_arrays(self):
        study = told(4)
        self.assertEqual(list(study.column("values")), [2.385, 3.385, 4.385, 5.385])
        self.assertEqual(list(study.column("x")), [t["x"] for t in study])
        self.assertEqual(list(study.column("states")), [1, 1, 1, 1])
        self.assertEqual(memoryview(study.column("values")).nbytes, 32)
        self.assertRaises(afina.NameUnknownError, study.column, "y")

    def test_options_are_read_and_set(self):
        study = Study(SPACE, method="gp", seed=7, options={"gp.kernel": "matern32"}, workers=3)
        self.assertEqual((study.option("seed"), study.option("workers"), study.option("gp.kernel")), (7, 3, "matern32"))
        study.set_option("workers", 2)
        self.assertEqual((study.option("workers"), study.method), (2, "gp"))
        self.assertRaises(afina.NameUnknownError, study.option, "sed")
        self.assertRaises(TypeError, study.set_option, "workers", {})
        self.assertNotEqual(Study(SPACE, seed=None).option("seed"), Study(SPACE, seed=None).option("seed"))
        self.assertIn("gp", afina.methods())
        self.assertIn("asha", afina.schedulers())
        self.assertIn("median", afina.stoppers())
        kernel = next(option for option in afina.options("gp") if option.name == "kernel")
        self.assertIn(kernel.default, kernel.choices)
        self.assertRaisesRegex(ValueError, "no method, scheduler or stopper 'gq'", afina.options, "gq")

    def test_observers_hear_of_everything_in_order(self):
        seen = []
        study = Study(SPACE)
        study.observe(lambda s, event, trial: seen.append((event, trial.number)))
        trial = study.ask()
        trial.report(1)
        trial.tell(1)
        self.assertEqual(seen, [("asked", 0), ("reported", 0), ("told", 0), ("best", 0)])
        study.observe(lambda s, event, trial: 1 / 0)
        study.ask()
        self.assertRaises(ZeroDivisionError, study.ask)

    def test_a_closed_study_says_so_and_its_trials_are_read(self):
        with told(2) as study:
            trial = study[1]
        for call in (
            study.ask,
            lambda: len(study),
            lambda: study.best_trial,
            study.to_log,
            lambda: study.column("values"),
        ):
            self.assertRaisesRegex(afina.StateError, "closed", call)
        self.assertEqual(trial.value, 3.385)
        self.assertRaises(afina.StateError, trial.report, 1)
        study.close()
        self.assertEqual(repr(study), "<Study, closed>")


class Logs(unittest.TestCase):
    def test_a_log_goes_on_as_if_it_had_never_stopped(self):
        whole, half = told(20, seed=5), told(10, seed=5)
        again = Study.from_log(half.to_log(), SPACE)
        for number in range(10, 20):
            again.tell(again.ask(), 2.385 + number)
        self.assertEqual([t.params for t in again], [t.params for t in whole])
        again.replay()

    def test_a_study_is_pickled_by_its_log(self):
        study = told(5)
        copy = pickle.loads(pickle.dumps(study))
        self.assertEqual([t.params for t in copy], [t.params for t in study])
        self.assertRaisesRegex(TypeError, "cannot be pickled", pickle.dumps, study[0])
        result = pickle.loads(pickle.dumps(study.result()))
        self.assertEqual(result.value, 2.385)

    def test_a_log_of_another_space_is_refused(self):
        with self.assertRaisesRegex(afina.StateError, "another space"):
            Study.from_log(told(1).to_log(), {"x": (0.0, 2.0)})
        with self.assertRaises(afina.FormatError):
            Study.from_log("nonsense")
        with self.assertRaises(TypeError):
            Study.from_log(3)

    def test_values_of_choices_without_a_space_are_text(self):
        log = told(10).to_log()
        self.assertEqual({t["kind"] for t in Study.from_log(log)}, {"a", "None"})
        self.assertEqual({t["kind"] for t in Study.from_log(log, SPACE)}, {"a", None})


if __name__ == "__main__":
    unittest.main()
