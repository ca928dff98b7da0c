"""Spaces and parameters."""

import math
import pickle
import unittest

import afina
from afina import Categorical, Integer, Ordinal, Real, Space


class Spaces(unittest.TestCase):
    def test_short_forms_are_parameters(self):
        space = Space(
            {
                "rate": (1e-5, 0.1, "log"),
                "x": (0.0, 1),
                "layers": (1, 8),
                "units": range(16, 65, 16),
                "act": ["relu", None],
            }
        )
        self.assertEqual(space["rate"], Real(1e-5, 0.1, "log"))
        self.assertEqual(space["x"], Real(0, 1))
        self.assertEqual(space["layers"], Integer(1, 8))
        self.assertEqual(space["units"], Integer(16, 64, step=16))
        self.assertEqual(space["act"], Categorical(["relu", None]))

    def test_a_space_is_written_and_read(self):
        space = Space(
            {
                "kind": Categorical(["svm", "forest"], weights=[1, 3], default="svm"),
                "size": Ordinal(["1", "2", "4"]),
                "c": Real.lognormal(0, 1, high=50, when={"kind": "svm"}),
                "x": Real.normal(1, 2, default=0.5),
                "depth": Integer(1, 9, "log", default=3, when={"kind": ["forest"], "size": [(">=", 2), ("<", 4)]}),
                "step": Real(0, 1, step=0.25),
            }
        )
        again = Space.from_json(space.to_json())
        self.assertEqual(again.to_json(), space.to_json())
        self.assertEqual(list(again), list(space))
        self.assertEqual(
            again["depth"],
            Integer(1, 9, "log", default=3, when={"kind": ["forest"], "size": [(">=", 2.0), ("<", 4.0)]}),
        )
        self.assertEqual(pickle.loads(pickle.dumps(space)).to_json(), space.to_json())
        self.assertEqual(Space(dict(again)).to_json(), space.to_json())

    def test_choices_are_any_values(self):
        space = Space({"c": [None, True, 1.5, "a", (3, 4), math.sin, dict], "d": {"small": [1], "large": [1, 2]}})
        seen = {repr(space.sample(0, index)["c"]) for index in range(200)}
        self.assertEqual(seen, {repr(c) for c in (None, True, 1.5, "a", (3, 4), math.sin, dict)})
        self.assertIn(space.sample(0, 0)["d"], ([1], [1, 2]))
        point = space._point({"c": (3, 4), "d": [1, 2]})
        self.assertIsNotNone(point.pointer)

    def test_choices_that_cannot_be_told_apart_are_refused(self):
        with self.assertRaisesRegex(afina.NameUnknownError, "two choices have the text 'True'"):
            Categorical([True, "True"])
        with self.assertRaisesRegex(afina.ArgumentError, "no lasting text"):
            Categorical([object()])
        with self.assertRaisesRegex(TypeError, "several values"):
            Categorical("relu")

    def test_inactive_parameters_are_left_out(self):
        space = Space({"kind": ["svm", "forest"], "depth": Integer(1, 9, when={"kind": "forest"})})
        for index in range(50):
            point = space.sample(1, index)
            self.assertEqual("depth" in point, point["kind"] == "forest")

    def test_a_filter_sees_the_parameters(self):
        space = Space({"a": (0.0, 1.0), "b": (0.0, 1.0)}, filter=lambda p: p["a"] < p["b"])
        for index in range(50):
            point = space.sample(0, index)
            self.assertLess(point["a"], point["b"])
        with self.assertRaises(ZeroDivisionError):
            Space({"a": (0.0, 1.0)}, filter=lambda p: 1 / 0).sample()

    def test_finite_spaces_are_counted(self):
        self.assertEqual(Space({"a": (1, 4), "b": ["x", "y"]}).point_count, 8)
        self.assertIsNone(Space({"a": (0.0, 1.0)}).point_count)

    def test_errors_have_the_text_of_the_library(self):
        with self.assertRaisesRegex(afina.RangeError, "low"):
            Space({"x": Real(2, 1)})
        with self.assertRaisesRegex(afina.RangeError, "scale must be one of linear, log, reverse-log, got 'lg'"):
            Real(1, 2, "lg")
        with self.assertRaisesRegex(TypeError, "parameter 'x': 3 is no parameter"):
            Space({"x": 3})
        with self.assertRaisesRegex(afina.NameUnknownError, "kin"):
            Space({"kind": ["a"], "x": Real(0, 1, when={"kin": "a"})})
        with self.assertRaisesRegex(afina.ArgumentError, "NUL"):
            Space({"x\0": (0, 1)})
        with self.assertRaisesRegex(TypeError, "the name of a parameter is text, not int"):
            Space({1: (0, 1)})
        with self.assertRaisesRegex(afina.RangeError, "in \\[-9223372036854775808, 9223372036854775807\\]"):
            Integer(0, 2**63)
        with self.assertRaisesRegex(AttributeError, "cannot be changed"):
            Real(0, 1).low = 3


if __name__ == "__main__":
    unittest.main()
