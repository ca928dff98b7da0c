"""The script that newcomers read first runs as it stands, and its picture is the one of the documents."""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import unittest

import afina

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPT = os.path.join(TOP, "examples", "python", "first_study.py")
PICTURE = "docs/first-study.svg"
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None


def read(name):
    """The text of a file of the tree, or of another one by its whole path."""
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def texts(picture):
    """What a picture says: matplotlib writes each text as a comment before its outlines."""
    return re.findall(r"<!-- (.*?) -->", read(picture))


class FirstStudy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.first = cls.run_script()

    @classmethod
    def run_script(cls):
        package = os.path.dirname(os.path.dirname(os.path.abspath(afina.__file__)))
        environment = {**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": package}
        return subprocess.run([sys.executable, SCRIPT], cwd=cls.folder, env=environment, capture_output=True, text=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def number(self, pattern):
        return float(re.search(pattern, self.first.stdout).group(1))

    def test_it_ends_well_or_says_that_matplotlib_is_missing(self):
        if HAS_MATPLOTLIB:
            self.assertEqual((self.first.returncode, self.first.stderr), (0, ""))
        else:
            self.assertRegex(self.first.stderr, "ModuleNotFoundError: No module named 'matplotlib'\n$")

    def test_the_tuned_model_is_better_on_rows_that_no_trial_saw(self):
        before = self.number(r"of 330 test rows the default has (\d+) wrong")
        after = self.number(r"the tuned model (\d+)\n")
        self.assertLess(after, before / 2)

    def test_it_prints_what_the_documents_show(self):
        self.assertIn(f"```text\n{self.first.stdout}```", read("docs/python.md"))
        self.assertIn("the default has 58 wrong and the tuned model 11", read("README.md"))
        self.assertIn("of 330 test rows the default has 58 wrong, the tuned model 11\n", self.first.stdout)

    def test_more_trials_are_not_worse(self):
        first = self.number(r"after 15 trials ([\d.]+)% are wrong")
        self.assertLessEqual(self.number(r"after 40 trials ([\d.]+)% are wrong"), first)

    def test_the_number_of_neighbours_matters_most(self):
        shares = dict(re.findall(r"^(\w+) +matters (\d+)%$", self.first.stdout, re.M))
        self.assertEqual(set(shares), {"k", "vote", "power", "speaker", "detail"})
        self.assertEqual(max(shares, key=lambda name: int(shares[name])), "k")
        self.assertAlmostEqual(sum(map(int, shares.values())), 100, delta=3)

    def test_its_log_is_that_of_one_worker_without_an_interruption(self):
        study = afina.Study.load(self.path("first_study.jsonl"))
        values = {tuple(trial.params.items()): trial.value for trial in study}
        again = afina.minimize(
            lambda params: values[tuple(params.items())],
            study.space,
            40,
            lag=2,
            seed=1,
            default_first=1,
        )
        self.assertEqual([trial.params for trial in again.trials], [trial.params for trial in study])

    def test_a_second_run_evaluates_nothing_and_says_the_same(self):
        before = read(self.path("first_study.jsonl"))
        second = self.run_script()
        self.assertEqual(second.stdout.split("\n", 1)[1], self.first.stdout.split("\n", 1)[1])
        self.assertEqual(read(self.path("first_study.jsonl")), before)

    @unittest.skipUnless(HAS_MATPLOTLIB, "matplotlib is not installed")
    def test_its_picture_is_the_one_of_the_documents(self):
        drawn = self.path("first_study.svg")
        self.assertLess(os.path.getsize(drawn), 150_000)
        said = texts(drawn)
        for text in ("trial", "share of wrong answers on the validation rows", "best", "k", "speaker"):
            self.assertIn(text, said)
        shares = [text for text in said if re.fullmatch(r"0\.\d\d", text)]
        self.assertEqual(len(shares), 5)
        recorded = [text for text in texts(PICTURE) if re.fullmatch(r"0\.\d\d", text)]
        self.assertEqual(shares, recorded, f"copy what the script draws to {PICTURE}")


if __name__ == "__main__":
    unittest.main()
