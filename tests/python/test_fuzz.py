"""No call crashes, whatever is passed."""

import os
import subprocess
import sys
import unittest


class Fuzz(unittest.TestCase):
    def test_every_function_stands_every_kind_of_value(self):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fuzz_calls.py")
        command = [sys.executable, "-X", "faulthandler", program]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=200)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])
        self.assertGreater(int(done.stdout.split()[-1]), 10000)


if __name__ == "__main__":
    unittest.main()
