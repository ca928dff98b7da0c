"""Runs of an objective: threads, exceptions and Ctrl-C."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Optional, Tuple, Type

from . import _abi, _callbacks
from ._errors import Infeasible, TrialPruned, check, fail, last_error
from ._suggest import tell_unused
from ._trial import Trial, describe, one_line
from ._values import reals

if TYPE_CHECKING:
    from ._call import Call
    from ._study import Study

# An answer of an objective after which the trial has failed and the run goes on.
FAILED_AND_ON = -999

# The longest time in seconds that a signal waits for its handler while workers run.
SIGNAL_DELAY = 0.1

Caught = Tuple[Type[BaseException], ...]


class Run:
    """One call of afina_optimize."""

    def __init__(self, study: Study, call: Call, catch: Caught) -> None:
        self.study = study
        self.call = call
        self.catch = catch
        self.raised: Optional[BaseException] = None
        self.interrupted = False
        self._in_objective = False
        self._lock = threading.RLock()
        self._running: Dict[int, bool] = {}  # thread -> whether it is being interrupted

    # ------------------------------------------------------------------ one trial

    def evaluate(self, pointer: int, values: Any) -> int:
        """What the library calls; no exception leaves it."""
        try:
            thread = threading.get_ident()
            try:
                self._enter(thread)
                if self.interrupted:  # read after entering: a handler that runs in between finds this thread
                    raise KeyboardInterrupt
                return self._evaluate(pointer, values)
            finally:
                self._leave(thread)
        except BaseException as exception:
            return self._end(exception)

    def _enter(self, thread: int) -> None:
        with self._lock:
            self._running[thread] = False
        if threading.current_thread() is threading.main_thread():
            self._in_objective = True

    def _leave(self, thread: int) -> None:
        if threading.current_thread() is threading.main_thread():
            self._in_objective = False
        with self._lock:
            if self._running.pop(thread, False):
                clear_async_exception(thread)  # one that is on its way must not arrive outside

    def _evaluate(self, pointer: int, values: Any) -> int:
        trial = self.study._running_trial(pointer)
        try:
            try:
                result = self.call(trial)
            finally:
                tell_unused(trial)
            self._store(trial, result, values)
        except TrialPruned:
            check(_abi.trial_tell_stopped(trial._pointer))
        finally:
            trial._leave()
            self.study._push()
        return _abi.OK

    def _store(self, trial: Trial, result: Any, values: Any) -> None:
        if result is None and trial._told_to_stop:
            return  # the library takes the last report
        if result is None:
            raise TypeError("the objective returned None instead of a value")
        told = reals(result, "what the objective returned")
        if len(told) != self.study.objectives:
            count = self.study.objectives
            raise ValueError(f"the objective returned {len(told)} values, and the study has {count} objectives")
        if any(value != value for value in told):
            _abi.set_last_error(b"the objective returned NaN")
        for index, value in enumerate(told):
            values[index] = value

    def _end(self, exception: BaseException) -> int:
        """The answer of an objective that raised."""
        if isinstance(exception, Infeasible):
            set_last_error(one_line(str(exception)) or "infeasible")
            return _abi.INFEASIBLE_POINT
        set_last_error(describe(exception))
        if isinstance(exception, KeyboardInterrupt):
            self.interrupted = True
            return _abi.CANCELLED
        if isinstance(exception, self.catch):
            return FAILED_AND_ON
        with self._lock:
            if self.raised is None:
                self.raised = exception
        return _abi.E_CALLBACK if isinstance(exception, Exception) else _abi.CANCELLED

    # ------------------------------------------------------------------ the run

    def start(self, trials: int, workers: int) -> int:
        """Runs, and answers with the news of afina_optimize; raises what an objective or a callback raised."""
        user = _callbacks.keep(self.evaluate)
        try:
            if threading.current_thread() is not threading.main_thread():
                status, text = self._optimize(user, trials)
            elif workers == 1:
                with self._interrupts(self._interrupt_here):
                    status, text = self._optimize(user, trials)
            else:
                with self._interrupts(self._interrupt_workers):
                    status, text = self._optimize_in_thread(user, trials)
        finally:
            _callbacks.drop(user)
        if self.raised is not None:
            raise self.raised
        if status < 0:
            fail(status, text)
        return status

    def _optimize(self, user: int, trials: int) -> Tuple[int, str]:
        optimizer = self.study._optimizer()
        status = _abi.optimize(optimizer.pointer, _callbacks.objective_function, user, trials)
        return status, last_error()

    def _optimize_in_thread(self, user: int, trials: int) -> Tuple[int, str]:
        """The main thread waits in Python, where a signal reaches it.

        It waits in short steps: a signal that another thread takes, or that comes just before a wait
        begins, does not end the wait, and its handler runs at the end of the step.
        """
        answers: List[Tuple[int, str]] = []
        done = threading.Event()

        def work() -> None:
            try:
                answers.append(self._optimize(user, trials))
            except BaseException as exception:
                self.raised = exception
            finally:
                done.set()

        threading.Thread(target=work, name="afina").start()
        while not done.wait(SIGNAL_DELAY):
            pass
        return answers[0] if answers else (_abi.OK, "")

    @contextlib.contextmanager
    def _interrupts(self, handler: Callable[[int, Any], None]) -> Iterator[None]:
        """Ctrl-C goes to this run, unless the program has a handler of its own."""
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            yield
            return
        signal.signal(signal.SIGINT, handler)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupt_here(self, number: int, frame: Any) -> None:
        """While the library computes the signal waits for the next trial; an exception would be lost in C."""
        self.interrupted = True
        if self._in_objective:
            raise KeyboardInterrupt

    def _interrupt_workers(self, number: int, frame: Any) -> None:
        """Raises KeyboardInterrupt in the threads that evaluate."""
        self.interrupted = True
        with self._lock:
            for thread, targeted in self._running.items():
                if not targeted:
                    self._running[thread] = True
                    set_async_exception(thread)


def set_async_exception(thread: int) -> None:
    """KeyboardInterrupt in another thread, at its next line of Python."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))


def clear_async_exception(thread: int) -> None:
    """Takes it back, if it has not arrived yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)


def set_last_error(text: str) -> None:
    """The reason that the library keeps of a trial without a result."""
    _abi.set_last_error(text.encode("utf-8", "replace")[:500].decode("utf-8", "ignore").encode())
