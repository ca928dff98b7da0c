"""The generator of gest-api."""

import sys
import unittest
from unittest import mock

import afina
from afina import TrialState

try:
    from gest_api.vocs import VOCS

    from afina.gest import Generator
except ImportError:
    VOCS = None


@unittest.skipIf(VOCS is None, "gest-api is not installed")
class Generators(unittest.TestCase):
    def test_it_finds_a_minimum_by_batches(self):
        vocs = VOCS(variables={"x": [0.0, 1.0]}, objectives={"f": "MINIMIZE"}, constants={"a": 0.3})
        generator = Generator(vocs, method="gp", seed=3)
        for _ in range(6):
            points = generator.suggest(4)
            self.assertEqual([sorted(point) for point in points], [["_id", "a", "x"]] * 4)
            generator.ingest([{**point, "f": (point["x"] - point["a"]) ** 2} for point in points])
        self.assertLess(generator.study.best_value, 1e-3)
        self.assertEqual(len(generator.study), 24)

    def test_variables_constraints_and_directions_are_those_of_the_vocs(self):
        vocs = VOCS(
            variables={
                "kind": {"b", "a"},
                "size": {8, 2, 4},
                "n": {"type": "ContinuousVariable", "domain": [1, 9], "dtype": "int"},
            },
            objectives={"f": "MAXIMIZE", "g": "MINIMIZE"},
            constraints={"u": ["LESS_THAN", 2.5], "v": ["GREATER_THAN", 1.5], "w": ["BOUNDS", 0.5, 3.5]},
        )
        generator = Generator(vocs, method="random")
        space = {"kind": afina.Categorical(["a", "b"]), "size": afina.Ordinal([2, 4, 8]), "n": afina.Integer(1, 9)}
        self.assertEqual({name: generator.study.space[name] for name in space}, space)
        self.assertEqual(generator.study.directions, ["maximise", "minimise"])
        (point,) = generator.suggest()
        generator.ingest([{**point, "f": 1, "g": 2, "u": 2.0, "v": 2.25, "w": 4.0}])
        self.assertEqual(generator.study[0].constraints, [-0.5, -0.75, -3.5, 0.5])

    def test_results_from_elsewhere_and_failures_are_taken(self):
        generator = Generator(VOCS(variables={"x": [0.0, 1.0]}, objectives={"f": "MINIMIZE"}), method="random")
        generator.ingest([{"x": 0.25, "f": 7.0}, {**generator.suggest(1)[0], "f": float("nan")}])
        states = sorted((trial.state.name, trial.value) for trial in generator.study)
        self.assertEqual(states, [("COMPLETE", 7.0), ("FAILED", None)])
        self.assertEqual(generator.study.best_params, {"x": 0.25})
        generator.finalize()

    def test_a_wrong_result_leaves_everything_as_it_was(self):
        generator = Generator(VOCS(variables={"x": [0.0, 1.0]}, objectives={"f": "MINIMIZE"}), method="random")
        good, other = ({**point, "f": 1.0} for point in generator.suggest(2))
        for wrong, text in (
            ({**other, "_id": 99}, "no suggested point waits for a result under the _id 99"),
            (good, "no suggested point waits for a result under the _id 0"),
            ({"x": 0.5}, "a result has no 'f'"),
            ({"x": 2.0, "f": 1.0}, "x"),
        ):
            with self.assertRaisesRegex(ValueError, text):
                generator.ingest([good, wrong])
            self.assertEqual([trial.state for trial in generator.study], [TrialState.RUNNING] * 2)

    def test_exactly_as_many_points_as_are_asked_for_or_an_error(self):
        generator = Generator(VOCS(variables={"x": {1, 2, 3}}, objectives={"f": "MINIMIZE"}), method="grid")
        with self.assertRaisesRegex(ValueError, "4 points were asked for, and there are 3"):
            generator.suggest(4)
        with self.assertRaisesRegex(ValueError, "num_points must be in .*, got -1"):
            generator.suggest(-1)

    def test_what_a_generator_cannot_do_is_an_error(self):
        for variables, objectives, text in (
            ({"x": [0.0, 1.0]}, {}, "needs an objective"),
            ({"x": [0.0, 1.0]}, {"f": "EXPLORE"}, "'f': afina minimises or maximises"),
            ({"x": "CONTEXTUAL"}, {"f": "MINIMIZE"}, "'x': afina has no contextual variables"),
        ):
            with self.assertRaisesRegex(ValueError, text):
                Generator(VOCS(variables=variables, objectives=objectives))


class Missing(unittest.TestCase):
    def test_without_gest_api_the_error_says_so(self):
        with mock.patch.dict(sys.modules, {"gest_api": None, "gest_api.generator": None, "afina.gest": None}):
            del sys.modules["afina.gest"]
            with self.assertRaisesRegex(ImportError, "afina.gest needs gest-api, which is not installed"):
                import afina.gest  # noqa: F401


if __name__ == "__main__":
    unittest.main()
