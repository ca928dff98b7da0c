"""Studies in an SQLite file, which processes share."""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import afina

SPACE = {"x": (0.0, 1.0), "n": [1, 2, None]}
WORKER = """
import afina, sys
study = afina.open(sys.argv[1], "one", {"x": (0.0, 1.0), "n": [1, 2, None]}, method="tpe", seed=3, trials_total=40)
study.optimize(lambda x, n: x)
"""


class Stores(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "study.db")
        self.url = "sqlite:" + self.path

    def test_a_study_goes_on_where_it_was(self):
        whole = afina.minimize(lambda x, n: x, SPACE, 12, method="tpe")
        for trials in (5, 7):
            study = afina.open(self.url, "one", SPACE, method="tpe", seed=0)
            study.optimize(lambda x, n: x, trials)
            study.close()
        again = afina.open(self.url, "one", SPACE, mode="read only")
        self.assertEqual([t.params for t in again], [t.params for t in whole.trials])
        self.assertIsInstance(again, afina.Study)
        with self.assertRaisesRegex(afina.StateError, "opened to be read"):
            again.ask()
        with self.assertRaisesRegex(afina.StateError, "it is 0, got 1"):
            afina.open(self.url, "one", SPACE, seed=1)

    def test_four_processes_share_a_total(self):
        workers = [subprocess.Popen([sys.executable, "-c", WORKER, self.url]) for _ in range(4)]
        self.assertEqual([w.wait() for w in workers], [0, 0, 0, 0])
        study = afina.open(self.url, "one", mode="existing")
        self.assertEqual([t.number for t in study], list(range(40)))
        self.assertEqual({t.state.name for t in study}, {"COMPLETE"})

    def test_a_killed_process_loses_nothing_that_was_told(self):
        program = (
            "import afina, os, signal, sys\n"
            "def f(x, n, trial):\n"
            "    if trial.number == 7: os.kill(os.getpid(), signal.SIGKILL)\n"
            "    return x\n"
            "afina.open(sys.argv[1], 'one', {'x': (0.0, 1.0), 'n': [1, 2, None]}).optimize(f, 20)\n"
        )
        done = subprocess.run([sys.executable, "-c", program, self.url])
        self.assertEqual(done.returncode, -signal.SIGKILL)
        study = afina.open(self.url, "one", SPACE)
        self.assertEqual([t.state.name for t in study], ["COMPLETE"] * 7 + ["RUNNING"])

    def test_one_sees_what_another_does(self):
        one, other = (afina.open(self.url, "one", SPACE, method="random") for _ in range(2))
        one.ask().tell(0.5)
        self.assertEqual(other.refresh(), 3)
        self.assertEqual(other.best_value, 0.5)
        self.assertEqual(other.refresh(0.01), 0)
        other.extend({"y": (0.0, 1.0)})
        self.assertEqual(one.refresh(1), 1)
        self.assertEqual(list(one.space), ["x", "n", "y"])

    def test_studies_are_listed_and_deleted(self):
        self.assertRaises(afina.FileError, afina.studies, self.url)
        study = afina.open(self.url, "ä", SPACE)
        study.ask()
        self.assertEqual(afina.studies(self.url), {"ä": 2})
        afina.delete_study(self.url, "ä")
        self.assertRaises(afina.NotFoundError, afina.delete_study, self.url, "ä")
        self.assertRaises(afina.NotFoundError, study.ask)
        self.assertEqual(afina.studies(self.url), {})

    def test_other_programs_read_the_lines(self):
        study = afina.open(self.url, "one", SPACE)
        study.ask().tell(0.5)
        study.close()
        base = sqlite3.connect(self.path)
        rows = base.execute("SELECT line->>'event' FROM lines ORDER BY position").fetchall()
        base.close()
        self.assertEqual(rows, [("study",), ("asked",), ("told",)])

    def test_what_is_no_store_is_an_error(self):
        for url, kind in (("study.db", afina.ArgumentError), ("sqlite:/no/such/folder/study.db", afina.FileError)):
            self.assertRaises(kind, afina.open, url, "one", SPACE)
        with open(self.path, "wb") as file:
            file.write(b"x" * 5000)
        self.assertRaisesRegex(afina.FormatError, "not a database", afina.open, self.url, "one", SPACE)
        self.assertRaises(afina.RangeError, afina.open, self.url, "one", SPACE, mode="w")
        self.assertRaises(afina.ArgumentError, afina.open, "memory:", "one")
