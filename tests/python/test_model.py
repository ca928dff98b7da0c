"""Questions to the model."""

import unittest

import afina


class Questions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        space = {"x": (0.0, 1.0), "y": (0.0, 1.0), "c": ["a", None]}
        cls.result = afina.minimize(lambda x, y, c: 2.385 + 4 * (x - 0.25) ** 2 + 0.01 * y, space, 25, method="gp")
        cls.model = cls.result.study.model()

    def test_it_predicts_what_was_told(self):
        near, far = (self.model.predict({"x": x, "y": 0.1, "c": "a"})[0] for x in (0.25, 0.75))
        self.assertAlmostEqual(near, 2.385, delta=0.1)
        self.assertGreater(far, near + 0.5)
        for x in (0.25, 0.5):
            mean, sd = self.model.predict({"x": x, "y": 0.5, "c": "a"})
            self.assertAlmostEqual(mean, self.model.quantile({"x": x, "y": 0.5, "c": "a"}, 0.5), delta=0.1)
            self.assertGreater(sd, 0)
            self.assertLess(self.model.quantile({"x": x}, 0.1), self.model.quantile({"x": x}, 0.9))

    def test_it_says_what_matters(self):
        shares = self.model.importances
        self.assertEqual(list(shares), ["x", "y", "c"])
        self.assertAlmostEqual(sum(shares.values()), 1)
        self.assertGreater(shares["x"], 0.8)
        self.assertLess(self.model.length_scale("x"), self.model.length_scale("c"))

    def test_it_knows_the_best_and_what_more_trials_can_bring(self):
        self.assertAlmostEqual(self.model.best.params["x"], 0.25, delta=0.1)
        bound, noise = self.model.regret
        self.assertGreaterEqual(bound, 0)
        self.assertGreaterEqual(noise, 0)
        self.assertGreaterEqual(self.model.noise({"x": 0.25}), 0)

    def test_what_cannot_be_answered_is_an_error(self):
        self.assertRaises(afina.RangeError, self.result.study.model(3).predict, {"x": 0.5})
        self.assertRaises(afina.NameUnknownError, self.model.length_scale, "z")
        self.assertRaises(
            afina.UnsupportedError, lambda: afina.Study({"x": (0, 1)}, method="random").model().importances
        )
        self.assertRaises(afina.StateError, lambda: afina.Study({"x": (0, 1)}, method="gp").model().importances)
        self.assertRaises(afina.RangeError, self.result.study.model, -1)


if __name__ == "__main__":
    unittest.main()
