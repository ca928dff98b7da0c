"""What is generated from the headers, and the library that is loaded."""

import os
import subprocess
import sys
import unittest

import afina
from afina import _abi, _errors, _library

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Abi(unittest.TestCase):
    def test_the_functions_and_numbers_are_those_of_the_headers(self):
        script = os.path.join(TOP, "scripts", "python-abi.py")
        written = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, check=True, text=True).stdout
        with open(os.path.join(TOP, "lib", "python", "afina", "_abi.py"), encoding="utf-8") as file:
            self.assertEqual(file.read(), written, "run python3 scripts/python-abi.py >lib/python/afina/_abi.py")

    def test_the_library_says_the_same_numbers(self):
        value = _library.Int32()
        for index in range(_abi.constant_count()):
            name = _abi.constant_name(index)
            self.assertEqual(_abi.constant_value(name, value), 0)
            self.assertEqual(getattr(_abi, name.decode()[len("AFINA_") :]), value.value, name)

    def test_the_version_is_that_of_the_library(self):
        self.assertEqual(afina.__version__, _abi.version().decode())

    def test_every_error_of_the_library_has_its_exception(self):
        numbers = [value for name, value in vars(_abi).items() if name.startswith("E_")]
        self.assertEqual(sorted(numbers), sorted(_errors.ERRORS))
        for status, kind in _errors.ERRORS.items():
            self.assertTrue(issubclass(kind, afina.Error))
            with self.assertRaises(kind) as caught:
                _errors.fail(status, "why")
            self.assertEqual((caught.exception.status, str(caught.exception)), (status, "why"))

    def test_a_wrong_type_of_an_argument_is_refused_before_the_call(self):
        with self.assertRaises(Exception) as caught:
            _abi.method_name("gp")
        self.assertIn("ArgumentError", type(caught.exception).__name__)


if __name__ == "__main__":
    unittest.main()
