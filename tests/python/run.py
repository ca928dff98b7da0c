"""Runs the tests of this folder and prints a line for each, as tests/run counts them: run.py [WORD...]."""

import faulthandler
import os
import sys
import unittest


class Lines(unittest.TextTestResult):
    """ "ok - name" or "not ok - name", and below it what failed."""

    def name(self, test):
        return f"{test.__class__.__module__}: {test._testMethodName[5:].replace('_', ' ')}"

    def addSuccess(self, test):
        super().addSuccess(test)
        print(f"ok - {self.name(test)}", flush=True)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"skipped - {self.name(test)}: {reason}", flush=True)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        print(f"not ok - {self.name(test)}\n{self.failures[-1][1]}", flush=True)

    def addError(self, test, error):
        super().addError(test, error)
        print(f"not ok - {self.name(test)}\n{self.errors[-1][1]}", flush=True)

    def addSubTest(self, test, part, error):
        super().addSubTest(test, part, error)
        if error is not None:
            text = (self.failures if issubclass(error[0], test.failureException) else self.errors)[-1][1]
            print(f"not ok - {self.name(test)} {part._subDescription()}\n{text}", flush=True)


def cases(found):
    """The tests of a suite, however deep they are in it: a module that is skipped stands less deep."""
    if isinstance(found, unittest.TestSuite):
        for part in found:
            yield from cases(part)
    else:
        yield found


def main():
    faulthandler.dump_traceback_later(300, exit=True)  # a test that hangs fails
    folder = os.path.dirname(os.path.abspath(__file__))
    found = unittest.defaultTestLoader.discover(folder, pattern="test_*.py")
    chosen = unittest.TestSuite(test for test in cases(found) if all(word in test.id() for word in sys.argv[1:]))
    runner = unittest.TextTestRunner(stream=open(os.devnull, "w"), resultclass=Lines, verbosity=0)
    sys.exit(not runner.run(chosen).wasSuccessful())


if __name__ == "__main__":
    main()
