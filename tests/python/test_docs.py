"""The Python code of the documents runs."""

import contextlib
import importlib.util
import io
import os
import re
import tempfile
import unittest

try:
    import matplotlib
except ImportError:
    matplotlib = None
else:
    matplotlib.use("Agg")

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def blocks(name):
    """(line, code) of each block of Python of a document."""
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        text = file.read()
    for match in re.finditer(r"^```python\n(.*?)^```", text, re.M | re.S):
        yield text.count("\n", 0, match.start()) + 2, match.group(1)


def missing(code):
    """Whether a block needs a package that is not installed."""
    if "afina import plot" in code:
        return matplotlib is None
    return "gest_api" in code and importlib.util.find_spec("gest_api") is None


class Documents(unittest.TestCase):
    def run_blocks(self, name):
        """All blocks of a document are one program."""
        names = {"__name__": "__main__"}
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for line, code in blocks(name):
                    if missing(code):
                        continue  # tests/house/wheel.sh has what it needs
                    with self.subTest(f"{name}:{line}"), contextlib.redirect_stdout(io.StringIO()):
                        exec(compile("\n" * (line - 1) + code, name, "exec"), names)
            finally:
                os.chdir(before)
        return names

    def test_the_page_on_python_runs(self):
        self.assertTrue(self.run_blocks("docs/python.md")["result"].trials)

    def test_the_page_on_other_tools_runs(self):
        for tool in ("sklearn", "optuna"):
            if importlib.util.find_spec(tool) is None:
                self.skipTest(f"{tool} is not installed")
        self.assertIn("study", self.run_blocks("docs/scikit-learn-and-optuna.md"))

    def test_the_readme_runs(self):
        self.assertIn("result", self.run_blocks("README.md"))


if __name__ == "__main__":
    unittest.main()
