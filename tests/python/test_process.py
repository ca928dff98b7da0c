"""Exceptions, Ctrl-C, threads, forks and the life of callbacks."""

import concurrent.futures
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import unittest
import weakref

import afina
from afina import Study, TrialState

LINE = {"x": (0.0, 1.0)}


def square(x):
    return (x - 0.25) ** 2


def search(seed):
    return afina.minimize(square, LINE, 6, seed=seed, method="tpe").value


def asks(study):
    return study.ask().params


class Importing(unittest.TestCase):
    def test_the_package_imports_nothing_slow_that_it_may_never_need(self):
        program = "import sys; before = set(sys.modules); import afina; print(*(set(sys.modules) - before))"
        package = os.path.dirname(os.path.dirname(os.path.abspath(afina.__file__)))
        command = [sys.executable, "-S", "-c", program]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": package}, capture_output=True, text=True, check=True
        )
        imported = set(done.stdout.split())
        self.assertIn("ctypes", imported)
        slow = "asyncio contextlib dataclasses datetime decimal inspect json logging numpy re random threading typing"
        self.assertEqual(imported & set(slow.split()), set())


class Exceptions(unittest.TestCase):
    def test_an_exception_ends_the_run_and_is_raised(self):
        study = Study(LINE)

        def objective(x):
            if len(study) == 3:
                raise ZeroDivisionError("by\nzero")
            return x

        with self.assertRaisesRegex(ZeroDivisionError, "by\nzero") as caught:
            study.optimize(objective, 10)
        self.assertIsInstance(caught.exception, ZeroDivisionError)
        self.assertEqual([t.state.name for t in study], ["COMPLETE", "COMPLETE", "FAILED"])
        self.assertEqual(study[2].reason, "ZeroDivisionError: by zero")

    def test_exceptions_that_are_caught_fail_their_trials(self):
        def objective(trial):
            if trial.number % 2:
                raise ValueError("odd")
            return trial["x"]

        for catch in (ValueError, (ValueError, OSError), True):
            result = afina.minimize(objective, LINE, 6, catch=catch)
            self.assertEqual([t.state.name for t in result.trials], ["COMPLETE", "FAILED"] * 3)
            self.assertEqual(result.trials[1].reason, "ValueError: odd")
        self.assertRaises(ValueError, afina.minimize, objective, LINE, 6, catch=OSError)
        self.assertRaises(TypeError, afina.minimize, objective, LINE, 6, catch=3)

    def test_every_trial_failed_is_a_reason(self):
        result = afina.minimize(lambda x: float("nan"), LINE, 3)
        self.assertEqual(result.reason, "every trial failed")
        self.assertEqual(result.trials[0].reason, "the objective returned NaN")
        self.assertIsNone(result.best)

    def test_pruned_and_infeasible_are_no_errors(self):
        def objective(x, trial):
            if trial.number == 1:
                trial.report(0.75)
                raise afina.TrialPruned
            if trial.number == 2:
                raise afina.Infeasible("too large")
            return x

        result = afina.minimize(objective, LINE, 4)
        self.assertEqual([t.state.name for t in result.trials], ["COMPLETE", "STOPPED", "INFEASIBLE", "COMPLETE"])
        self.assertEqual((result.trials[1].value, result.trials[2].reason), (0.75, "too large"))

    def test_a_wrong_result_is_an_exception(self):
        for wrong, kind in ((None, TypeError), ("1", TypeError), ([1, 2], ValueError), ({}, TypeError)):
            self.assertRaises(kind, afina.minimize, lambda x: wrong, LINE, 3)
            self.assertEqual(afina.minimize(lambda x: wrong, LINE, 3, catch=True).reason, "every trial failed")

    def test_exceptions_of_workers_are_raised(self):
        def objective(trial):
            if trial.number == 5:
                raise OSError("disk")
            return trial["x"]

        self.assertRaisesRegex(OSError, "disk", afina.minimize, objective, LINE, 20, workers=3)

    def test_system_exit_leaves_the_run(self):
        study = Study(LINE)
        self.assertRaises(SystemExit, study.optimize, lambda x: sys.exit(3), 5)
        self.assertEqual(study[0].state, TrialState.LOST)

    def test_an_exception_of_a_filter_ends_the_run(self):
        self.assertRaises(KeyError, afina.minimize, square, LINE, 3, filter=lambda p: p["y"])
        self.assertRaises(KeyError, afina.minimize, square, LINE, 3, workers=2, filter=lambda p: p["y"])


class Interrupts(unittest.TestCase):
    def test_ctrl_c_loses_the_trial_and_returns_what_was_found(self):
        def objective(trial):
            if trial.number == 3:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(60)
            return trial["x"]

        result = afina.minimize(objective, LINE, 10)
        self.assertTrue(result.interrupted)
        self.assertEqual([t.state.name for t in result.trials], ["COMPLETE"] * 3 + ["LOST"])
        self.assertEqual(result.trials[3].reason, "KeyboardInterrupt")
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_ctrl_c_reaches_all_workers(self):
        started, study = [], Study(LINE, method="random")
        main = threading.main_thread().ident

        def objective(trial):
            started.append(trial.number)
            if len(started) == 3:
                signal.pthread_kill(main, signal.SIGINT)
            while True:
                time.sleep(0.01)

        begun = time.monotonic()
        result = study.optimize(objective, 10, workers=3)
        self.assertLess(time.monotonic() - begun, 30)
        self.assertTrue(result.interrupted)
        self.assertEqual({t.state.name for t in study}, {"LOST"})
        self.assertEqual(study.running, [])

    def test_ctrl_c_that_a_worker_takes_does_not_wait_for_the_end_of_the_run(self):
        # The system gives a signal of the process to any thread that does not block it.
        def objective(trial):
            if trial.number == 0:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
                os.kill(os.getpid(), signal.SIGINT)
            while True:
                time.sleep(0.01)

        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            begun = time.monotonic()
            result = afina.minimize(objective, LINE, 10, method="random", workers=2)
            self.assertLess(time.monotonic() - begun, 30)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.assertTrue(result.interrupted)

    def test_ctrl_c_while_the_library_computes_waits_for_the_next_trial(self):
        study, main = Study({f"x{i}": (0.0, 1.0) for i in range(20)}, method="gp"), threading.main_thread().ident

        def objective(trial):
            if trial.number == 30:
                threading.Timer(0.005, signal.pthread_kill, (main, signal.SIGINT)).start()
            return trial["x1"]

        result = study.optimize(objective, 3000)
        states = [t.state.name for t in study]
        self.assertTrue(result.interrupted)
        self.assertEqual(set(states[:-1]), {"COMPLETE"})
        self.assertIn(states[-1], ("COMPLETE", "LOST"))
        self.assertLess(len(states), 200)

    def test_a_handler_of_the_program_stays(self):
        seen = []
        before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
        try:
            result = afina.minimize(lambda x: os.kill(os.getpid(), signal.SIGINT) or x, LINE, 3)
        finally:
            signal.signal(signal.SIGINT, before)
        self.assertEqual((seen, len(result.trials)), ([signal.SIGINT] * 3, 3))


class Threads(unittest.TestCase):
    def test_workers_run_at_the_same_time(self):
        barrier = threading.Barrier(4, timeout=60)

        def objective(x):
            barrier.wait()
            return x

        self.assertEqual(len(afina.minimize(objective, LINE, 8, workers=4, method="random").trials), 8)

    def test_other_threads_run_while_the_library_waits(self):
        study = Study(LINE, lag=1)
        first = study.ask()
        threading.Timer(0.05, first.tell, [1.0]).start()
        self.assertEqual(study.ask(60).number, 1)

    def test_threads_ask_and_tell_one_study(self):
        study = Study(LINE, method="random")

        def work(_):
            for _ in range(50):
                with study.ask() as trial:
                    trial.report(1)
                    trial.tell(trial["x"])

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        self.assertEqual(len(study), 200)
        self.assertEqual({t.state for t in study}, {TrialState.COMPLETE})

    def test_optimize_runs_in_a_thread(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            values = list(pool.map(search, [1, 1, 2, 2]))
        self.assertEqual(values[0], values[1])
        self.assertEqual(values[2], values[3])

    def test_a_trial_that_is_kept_is_read_after_the_run(self):
        kept = []
        afina.minimize(lambda x, trial: kept.append(trial) or x, LINE, 3)
        gc.collect()
        self.assertEqual([t.value for t in kept], [t["x"] for t in kept])
        self.assertFalse(kept[0].should_stop())
        self.assertRaises(afina.StateError, kept[0].report, 1)


class Processes(unittest.TestCase):
    def test_a_child_searches_with_studies_of_its_own(self):
        want = search(3)
        for start in ("fork", "spawn"):
            with multiprocessing.get_context(start).Pool(2) as pool:
                self.assertEqual(pool.map(search, [3, 3]), [want, want], start)

    def test_a_study_goes_to_a_spawned_process_as_a_copy(self):
        study = Study(LINE, method="random")
        study.tell(study.ask(), 1)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            self.assertEqual(pool.apply(asks, (study,)), study.ask().params)

    def test_a_forked_child_gets_errors_and_no_crash(self):
        study, child = Study(LINE), os.fork()
        if child == 0:
            code = 1
            try:
                study.optimize(square, 1)
            except afina.ForkedError:
                code = 0
            del study
            gc.collect()
            os._exit(code)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_nothing_is_printed_and_nothing_hangs_at_the_end(self):
        program = (
            "import afina\n"
            "s = afina.Study({'x': (0.0, 1.0)}, filter=lambda p: True)\n"
            "s.observe(lambda *a: None)\n"
            "t = s.ask(); r = afina.minimize(lambda x: x, s.space, 5, workers=3); s.loop = (s, t, r)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60
        )
        self.assertEqual((done.returncode, done.stdout), (0, b""))


class Lives(unittest.TestCase):
    def test_callbacks_live_as_long_as_their_handles(self):
        class Filter:
            def __call__(self, params):
                return True

        function = Filter()
        gone = weakref.ref(function)
        space = afina.Space(LINE, filter=function)
        study = Study(space, method="random")
        study.tell(study.ask(), 1)
        del function, space
        gc.collect()
        study.ask()
        self.assertIsNotNone(gone())
        del study
        gc.collect()
        self.assertIsNone(gone())

    def test_a_study_that_is_dropped_is_freed(self):
        study = Study(LINE)
        study.observe(lambda *arguments: None)
        study.optimize(square, 3)
        gone = weakref.ref(study)
        del study
        gc.collect()
        self.assertIsNone(gone())
        from afina import _callbacks

        self.assertLess(len(_callbacks._kept), 50)

    def test_a_trial_outlives_its_study(self):
        trial = Study(LINE).ask()
        gc.collect()
        self.assertIn("x", trial.params)
        trial.tell(1.0)


if __name__ == "__main__":
    unittest.main()
