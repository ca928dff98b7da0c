"""A study that a file keeps."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest

import afina
from afina import Study

SPACE = {"x": (0.0, 1.0), "n": [1, 2, None]}


class LogFile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "study.jsonl")

    def test_a_search_goes_on_where_it_ended(self):
        whole = afina.minimize(lambda x, n: x, SPACE, 12, method="tpe")
        first = afina.minimize(lambda x, n: x, SPACE, 5, method="tpe", log=self.path)
        first.study.close()
        second = afina.minimize(lambda x, n: x, SPACE, 12, method="tpe", log=self.path)
        self.assertEqual([t.params for t in second.trials], [t.params for t in whole.trials])
        second.study.close()
        self.assertEqual(len(Study.load(self.path, SPACE)), 12)

    def test_every_call_is_in_the_file_at_once(self):
        study = Study(SPACE, log=self.path)
        trial = study.ask()
        self.assertEqual(len(Study.load(self.path)), 1)
        trial.report(0.5)
        self.assertEqual(Study.load(self.path)[0].reports, [(1.0, [0.5])])
        trial.tell(2.385)
        self.assertEqual(Study.load(self.path).best_value, 2.385)
        trial.set_attribute("a", "b")
        self.assertEqual(Study.load(self.path)[0].attributes, {"a": "b"})
        study.enqueue({"x": 0.5})
        self.assertEqual(Study.load(self.path).ask()["x"], 0.5)

    def test_a_killed_process_loses_nothing_that_was_told(self):
        program = (
            "import afina, os, signal, sys\n"
            "def f(x, n, trial):\n"
            "    if trial.number == 7: os.kill(os.getpid(), signal.SIGKILL)\n"
            "    return x\n"
            "afina.minimize(f, {'x': (0.0, 1.0), 'n': [1, 2, None]}, 20, log=sys.argv[1])\n"
        )
        done = subprocess.run([sys.executable, "-c", program, self.path])
        self.assertEqual(done.returncode, -signal.SIGKILL)
        study = Study(SPACE, log=self.path)
        self.assertEqual([t.state.name for t in study], ["COMPLETE"] * 7 + ["RUNNING"])

    def test_the_beginning_of_a_line_is_cut_off(self):
        Study(SPACE, log=self.path).ask()
        with open(self.path, "ab") as file:
            file.write(b'{"event":"to')
        with Study(SPACE, log=self.path) as study:
            study.tell(0, 1.0)
        self.assertEqual(Study.load(self.path).best_value, 1.0)

    def test_the_file_belongs_to_one_study_at_a_time(self):
        with Study(SPACE, log=self.path):
            self.assertRaisesRegex(afina.StateError, "open in another", Study, SPACE, log=self.path)
        Study(SPACE, log=self.path)

    def test_minimize_lets_go_of_the_file_at_its_end(self):
        first = afina.minimize(lambda x, n: x, SPACE, 5, method="random", log=self.path)
        second = afina.minimize(lambda x, n: x, SPACE, 8, method="random", log=self.path)
        self.assertEqual((len(first.trials), len(second.trials)), (5, 8))
        with self.assertRaises(ZeroDivisionError) as raised:
            afina.minimize(lambda x, n: 1 / 0, SPACE, 9, method="random", log=self.path)
        Study(SPACE, log=self.path, method="random").close()
        self.assertIsNotNone(raised.exception)

    def test_a_study_of_minimize_takes_the_file_again_unless_another_went_on(self):
        first = afina.minimize(lambda x, n: x, SPACE, 5, method="random", log=self.path)
        first.study.optimize(lambda x, n: x, 2)
        self.assertEqual(len(Study.load(self.path)), 7)
        with self.assertRaisesRegex(afina.StateError, "open in another"):
            Study(SPACE, log=self.path, method="random")
        first.study.close()
        second = afina.minimize(lambda x, n: x, SPACE, 8, method="random", log=self.path)
        third = afina.minimize(lambda x, n: x, SPACE, 9, method="random", log=self.path)
        with self.assertRaisesRegex(afina.StateError, "study.jsonl has grown by another study since"):
            second.study.optimize(lambda x, n: x, 2)
        self.assertEqual(len(second.trials), 8)
        self.assertRaisesRegex(afina.StateError, "has grown by another", second.study.set_attribute, "a", "b")
        third.study.set_attribute("a", "b")
        loaded = Study.load(self.path)
        self.assertEqual((len(loaded), loaded.attributes), (9, {"a": "b"}))

    def test_other_settings_are_refused(self):
        Study(SPACE, log=self.path, seed=1).ask()
        self.assertRaisesRegex(afina.StateError, "seed: 1 in the file, 2 here", Study, SPACE, log=self.path, seed=2)
        self.assertRaisesRegex(afina.StateError, "space", Study, {"x": (0.0, 2.0)}, log=self.path, seed=1)
        Study(SPACE, log=self.path, seed=1, workers=3)

    def test_a_forked_child_writes_nothing(self):
        study = Study(SPACE, log=self.path)
        trial = study.ask()
        before = os.path.getsize(self.path)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                study.ask()
            except afina.ForkedError:
                code = 0
            try:
                trial.tell(1.0)
                code = 2
            except afina.ForkedError:
                pass
            study.close()
            os._exit(code)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(os.path.getsize(self.path), before)
        trial.tell(1.0)
        self.assertEqual(Study.load(self.path).best_value, 1.0)


if __name__ == "__main__":
    unittest.main()
