"""Studies: a space, a method, and the log of everything that was asked and told."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import c_void_p
from collections.abc import Mapping, Sequence

from . import _abi, _callbacks
from ._abi import ask
from ._call import adapt
from ._errors import NEWS, Error, check, error
from ._handle import Handle
from ._options import get_option, set_option, set_options
from ._space import Space, filter_target
from ._suggest import Declared, declared_in_log
from ._trial import Trial, TrialState, from_text, to_text
from ._values import encode, encode_any, read_array, read_bytes, read_text, real, reals, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple, Type, Union, overload

    from ._call import Objective
    from ._log import LogFile
    from ._model import Model
    from ._progress import Progress
    from ._space import Filter, Params, Reader

    Observer = Callable[["Study", str, Trial], Any]
    Callback = Callable[["Study", Trial], Any]
    Catch = Union[bool, Type[BaseException], Iterable[Type[BaseException]]]


EVENTS = {
    _abi.EVENT_ASKED: "asked",
    _abi.EVENT_REPORTED: "reported",
    _abi.EVENT_TOLD: "told",
    _abi.EVENT_BEST: "best",
}
NEVER = 2**63 - 1


def make_space(space: Any, filter: Optional[Filter] = None) -> Space:
    """A space of what a user gave for one."""
    if isinstance(space, Space) and filter is None:
        return space
    return Space(space, filter=filter)


class Study(Sequence[Trial]):
    """A search: ask for trials and tell their results, or hand over an objective to `optimize`.

    Options of the library are keywords (`scheduler="asha"`, `budget_min=1`; "gp.kernel" is `gp__kernel`), or entries of
    `options`. With `log` everything is kept in a file, and a study goes on where that file ends.
    """

    def __init__(
        self,
        space: Union[Space, Mapping[str, Any], None] = None,
        *,
        method: str = "auto",
        direction: Union[str, Sequence[str], None] = None,
        seed: Optional[int] = 0,
        filter: Optional[Filter] = None,
        log: Union[str, "os.PathLike[str]", None] = None,
        options: Optional[Mapping[str, Any]] = None,
        **keywords: Any,
    ) -> None:
        self._space = make_space(space, filter)
        if not self._space and "repeats" not in keywords:  # objectives declare it; before that all points are alike
            keywords["repeats"] = 1
        pointer = ctypes.c_void_p()
        name = encode(method, "the name of a method")
        check(_abi.optimizer_new(pointer, self._space._handle.pointer, name))
        handle = Handle(pointer.value, _abi.optimizer_free)
        seed = int.from_bytes(os.urandom(7), "little") if seed is None else whole(seed, "seed")
        set_option(handle.pointer, "seed", seed)
        if direction is not None:
            _set_direction(handle.pointer, direction)
        settings = {**(options or {}), **keywords}
        set_options(handle.pointer, settings)
        self._begin(handle, self._space)
        if log is not None:
            self._open(os.fspath(log), settings)

    def _begin(self, handle: Handle, space: Space) -> None:
        self._handle = handle
        self._closed: Optional[Handle] = None
        self._space = space
        self._readers: List[Reader] = space._readers
        self._declared: Optional[Declared] = None if space else Declared(self)
        self._grown = False
        self._observers: List[Observer] = []
        self._observed = False
        self._messages = False
        self._runs = 0
        self._log: Optional[LogFile] = None
        self._objectives: Optional[int] = None
        logging = sys.modules.get("logging")
        if logging and logging.getLogger("afina").isEnabledFor(20):
            self._hear_messages()

    @classmethod
    def _of(cls, handle: Handle, space: Union[Space, Mapping[str, Any], None], filter: Optional[Filter]) -> Study:
        pointer = ctypes.c_void_p()
        check(_abi.optimizer_get_space(handle.pointer, pointer))
        like = space if isinstance(space, Space) or space is None else Space(space)
        found = Space._of(Handle(pointer.value, _abi.space_free), like)
        if like is not None and like.to_json() != found.to_json():
            raise error(_abi.E_STATE, f"the log belongs to another space: {found!r}")
        made = cls.__new__(cls)
        made._begin(handle, found)
        made._declared = declared_in_log(made)
        function = filter if filter is not None else like._filter if like is not None else None
        if function is not None:
            made._set_filter(function)
        return made

    def _set_filter(self, function: Filter) -> None:
        target = filter_target(function, self._readers)
        status = _callbacks.install(_abi.optimizer_set_filter, self._handle.pointer, _callbacks.filter_function, target)
        check(status)

    @classmethod
    def from_log(
        cls,
        text: Union[str, bytes],
        space: Union[Space, Mapping[str, Any], None] = None,
        *,
        filter: Optional[Filter] = None,
    ) -> Study:
        """The study of a log, which goes on as if it had never stopped. `space` says what values choices stand for that
        are no text, and has the filter."""
        from ._log import read_log

        return cls._of(read_log(encode_any(text, "the log")), space, filter)

    @classmethod
    def load(
        cls,
        path: Union[str, "os.PathLike[str]"],
        space: Union[Space, Mapping[str, Any], None] = None,
        *,
        filter: Optional[Filter] = None,
    ) -> Study:
        """The study of a file that `log` wrote, as a copy in memory."""
        with open(path, "rb") as file:
            text = file.read()
        return cls.from_log(text[: text.rfind(b"\n") + 1], space, filter=filter)

    @classmethod
    def open(
        cls,
        url: str,
        name: str,
        space: Union[Space, Mapping[str, Any], None] = None,
        *,
        method: Optional[str] = None,
        direction: Union[str, Sequence[str], None] = None,
        seed: Optional[int] = None,
        filter: Optional[Filter] = None,
        mode: str = "create",
        options: Optional[Mapping[str, Any]] = None,
        **keywords: Any,
    ) -> Study:
        """The study of that name in a store, "sqlite:PATH" or "memory:", which other processes may have open as well.

        A new one needs the space, {} for one that objectives declare. `mode` is "create", "existing" or "read only".
        Options of a study that is there must be those that it has."""
        from ._store import open_handle

        like = make_space(space, filter) if space is not None else None
        settings = {**(options or {}), **keywords}
        handle = Handle(open_handle(url, name, like, method, mode), _abi.optimizer_free)
        if like is not None and not like and mode == "create":
            settings.setdefault("repeats", 1)
        if seed is not None:
            settings["seed"] = whole(seed, "seed")
        if direction is not None:
            _set_direction(handle.pointer, direction)
        set_options(handle.pointer, settings)
        pointer = ctypes.c_void_p()
        check(_abi.optimizer_get_space(handle.pointer, pointer))
        made = cls.__new__(cls)
        made._begin(handle, Space._of(Handle(pointer.value, _abi.space_free), like))
        made._declared = declared_in_log(made)
        if like is None and filter is not None:
            made._set_filter(filter)
        return made

    def refresh(self, seconds: float = 0.0) -> int:
        """Takes in what other processes wrote to the store, and waits for it at most so long: how many lines there were.
        Asking and telling does so by itself."""
        lines = ctypes.c_int64()
        check(_abi.optimizer_refresh(self._optimizer().pointer, real(seconds, "seconds"), lines))
        if lines.value:
            self._grown = True  # perhaps
        return lines.value

    def _open(self, path: str, settings: Mapping[str, Any]) -> None:
        from ._log import LogFile, check_header, open_file, read_lines, read_log

        file = open_file(path)
        try:
            text = read_lines(file)
            if text:
                check_header(path, self._handle.pointer, text)
                handle = read_log(text)
                later = {key: settings[key] for key in _AFTERWARDS if key in settings}
                set_options(handle.pointer, later)
                function = self._space._filter
                self._handle = handle
                self._grown = True
                self._readers = self.space._readers
                self._declared = declared_in_log(self)
                if function is not None:
                    self._set_filter(function)
        except BaseException:
            os.close(file)
            raise
        self._log = LogFile(path, file, text.count(b"\n"))
        self._observe()
        self._flush()

    def to_log(self) -> str:
        """The log as text, one JSON object a line."""
        return read_bytes(_abi.optimizer_to_log, self._optimizer().pointer).decode("utf-8")

    def __reduce__(self) -> Any:
        return _from_log, (type(self), self.to_log(), self.space)

    # ------------------------------------------------------------------ its end

    def close(self) -> None:
        """Lets go of the study and of the file of its log. Trials can still be read."""
        if self._log is not None:
            try:
                self._flush()
            finally:
                self._log.close()
        if self._closed is None:
            # Freed with this object: another thread may be in a call.
            self._closed, self._handle = self._handle, _CLOSED

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _optimizer(self) -> Handle:
        if self._handle is _CLOSED:
            raise error(_abi.E_STATE, "the study is closed")
        return self._handle

    def _flush(self) -> None:
        if self._log is not None and self._handle is not _CLOSED:
            self._log.flush(self._handle.pointer)

    def _release_log(self) -> None:
        if self._log is not None:
            self._log.release()

    # ------------------------------------------------------------------ what it is

    @property
    def space(self) -> Space:
        """The search space, as it is now."""
        if self._grown:
            pointer = ctypes.c_void_p()
            self._grown = False
            check(_abi.optimizer_get_space(self._optimizer().pointer, pointer))
            self._space = Space._of(Handle(pointer.value, _abi.space_free))
            self._space._take_choices(self._readers)
        return self._space

    def _declarations(self) -> Declared:
        if self._declared is None:
            self._declared = Declared(self)
        return self._declared

    def extend(self, space: Union[Space, Mapping[str, Any]]) -> None:
        """Adds parameters to the space and widens those that it has; trials from before count as if they had had the
        defaults of what is new."""
        more = make_space(space)
        check(_abi.optimizer_extend(self._optimizer().pointer, more._handle.pointer))
        self._grown = True
        known = {name for name, *_ in self._readers}
        self._readers = self._readers + [reader for reader in more._readers if reader[0] not in known]
        self._readers = self.space._readers
        self._flush()

    @property
    def method(self) -> str:
        """The name of the method."""
        name = ctypes.c_char_p()
        check(_abi.optimizer_get_method(self._optimizer().pointer, name))
        return (name.value or b"").decode()

    @property
    def objectives(self) -> int:
        """How many values a trial is told."""
        if self._objectives is None:
            count = int(get_option(self._optimizer().pointer, "objectives"))
            if len(self) == 0:
                return count
            self._objectives = count
        return self._objectives

    @property
    def directions(self) -> List[str]:
        """ "minimise" or "maximise" for each objective."""
        parts = str(get_option(self._optimizer().pointer, "direction")).split(",")
        parts = [part.strip().replace("mize", "mise") for part in parts]
        return parts * self.objectives if len(parts) == 1 else parts

    @property
    def direction(self) -> str:
        """The direction of a study with one objective."""
        directions = self.directions
        if len(directions) != 1:
            raise error(_abi.E_UNSUPPORTED, f"the study has {len(directions)} objectives: use directions")
        return directions[0]

    def option(self, key: str) -> Any:
        """An option as it stands."""
        return get_option(self._optimizer().pointer, key)

    def set_option(self, key: str, value: Any) -> None:
        """Sets an option; most are fixed with the first trial."""
        set_option(self._optimizer().pointer, key, value)

    # ------------------------------------------------------------------ ask and tell

    def ask(self, seconds: float = 0.0) -> Trial:
        """The next trial to evaluate. Raises `Done`, `Exhausted` or, after waiting for `seconds`, `Wait` where there is
        none."""
        pointer = c_void_p()
        handle = self._handle
        if self._declared is not None:
            self._push()
        if seconds == 0.0:
            status = ask(handle.pointer, pointer)
        else:
            status = _abi.ask_wait(self._optimizer().pointer, real(seconds, "seconds"), pointer)
        if status:
            self._optimizer()
            check(status)
            raise NEWS.get(status, Error)(_NEWS_TEXT.get(status, f"status {status}"))
        trial = Trial._of(self, pointer.value)
        return trial if self._declared is None else self._begin_trial(trial)

    def start(self, params: Mapping[str, Any]) -> Trial:
        """A running trial of your own point."""
        pointer = ctypes.c_void_p()
        point = self.space._point(params)
        check(_abi.start(self._optimizer().pointer, point.pointer, pointer))
        return Trial._of(self, pointer.value)

    def tell(
        self,
        trial: Union[Trial, int],
        values: Any = None,
        state: Optional[TrialState] = None,
        *,
        reason: Optional[str] = None,
        skip_if_finished: bool = False,
    ) -> Trial:
        """Ends a trial with its values, or as FAILED, STOPPED, INFEASIBLE or LOST. Gives the trial back."""
        told = trial if isinstance(trial, Trial) else self[_existing(self, trial)]
        if told._study is not self:
            raise error(_abi.E_ARGUMENT, "the trial belongs to another study")
        if skip_if_finished and told.state.is_finished():
            return told
        if state is None:
            if values is None:
                raise TypeError("tell needs the values of the trial, or its state")
            told.tell(values)
        else:
            _tell_state(told, values, state, reason)
        return told

    def enqueue(self, params: Mapping[str, Any]) -> None:
        """A point that is asked before the method's own."""
        if self._declared is not None:
            if not isinstance(params, Mapping):
                raise TypeError(f"parameters are a dict of values by name, not {type(params).__name__}")
            self._declared.enqueue(params)
            self._push()
            return
        point = self.space._point(params)
        check(_abi.enqueue(self._optimizer().pointer, point.pointer))
        self._flush()

    def _push(self) -> None:
        if self._declared is not None:
            self._declared.push(self)
            self._flush()

    def _begin_trial(self, trial: Trial) -> Trial:
        """A trial of a point that was enqueued knows the values of parameters that are not declared yet."""
        if self._declared is not None:
            trial._fixed = self._declared.take(trial)
        return trial

    def add(self, params: Mapping[str, Any], values: Any = None, state: TrialState = TrialState.COMPLETE) -> Trial:
        """A result obtained elsewhere, which the method learns from."""
        point = self.space._point(params)
        told = [] if values is None else reals(values, "the value of a trial")
        number = ctypes.c_int64()
        array = (ctypes.c_double * len(told))(*told)
        code = whole(state, "state", -(2**31), 2**31 - 1)
        check(_abi.add_trial(self._optimizer().pointer, point.pointer, code, array, len(told), number))
        return self[number.value]

    # ------------------------------------------------------------------ an objective

    def optimize(
        self,
        objective: Objective,
        trials: Optional[int] = None,
        *,
        seconds: Optional[float] = None,
        workers: Optional[int] = None,
        catch: Catch = (),
        callbacks: Optional[Iterable[Callback]] = None,
        n_trials: Optional[int] = None,
        timeout: Optional[float] = None,
        n_jobs: Optional[int] = None,
        progress: bool = False,
    ) -> Any:
        """Evaluates `trials` more trials, or as many as there are in `seconds`, on so many `workers` (threads).

        An exception of the objective makes its trial FAILED; of the types in `catch` (True: any) the run goes on, else
        it ends and the exception is raised. Ctrl-C makes the running trials LOST and ends the run. Gives a `Result`.
        n_trials, timeout and n_jobs (-1: one for each processor) are other names of trials, seconds and workers. With
        `progress` a bar shows how many trials have ended, and the best value (by tqdm, also in notebooks).
        """
        trials = _either(trials, n_trials, "trials and n_trials")
        seconds = _either(seconds, timeout, "seconds and timeout")
        workers = _either(workers, os.cpu_count() if n_jobs == -1 else n_jobs, "workers and n_jobs")
        from ._run import Run

        call = adapt(objective, [] if self._declared is not None else self._space)
        run = Run(self, call, _caught(catch))
        told = _trial_observer(callbacks or ())
        count = NEVER if trials is None else whole(trials, "trials", 0)
        pointer = self._optimizer().pointer
        bar = _progress(trials) if progress else None
        if self._log is not None:
            self._log.take()
        if workers is not None:
            set_option(pointer, "workers", whole(workers, "workers"))
        before = get_option(pointer, "seconds")
        if seconds is not None:
            set_option(pointer, "seconds", real(seconds, "seconds"))
        self._hear_messages()
        if told is not None:
            self.observe(told)
        if bar is not None:
            self.observe(bar)
        self._runs += 1
        try:
            status = run.start(count, int(get_option(pointer, "workers")))
        finally:
            self._runs -= 1
            if told is not None:
                self._observers.remove(told)
            if bar is not None:
                self._observers.remove(bar)
                bar.close()
            if seconds is not None and self._handle is not _CLOSED:
                set_option(pointer, "seconds", before)
            self._flush()
        from ._result import Result

        return Result(self, "interrupted" if run.interrupted else _REASONS.get(status, str(status)))

    def stop(self) -> None:
        """Ends the `optimize` that runs, after the trials that are running."""
        if self._runs == 0:
            raise error(_abi.E_STATE, "stop is for objectives and callbacks: no optimize runs")
        check(_abi.cancel(self._optimizer().pointer))

    def cancel(self) -> None:
        """Ends the `optimize` that runs or the `ask` that waits, or the next one."""
        check(_abi.cancel(self._optimizer().pointer))

    def _running_trial(self, pointer: int) -> Trial:
        """A trial of its own for an objective, which may keep it."""
        own = ctypes.c_void_p()
        number = _abi.trial_number(pointer)
        check(_abi.trial_get(self._handle.pointer, number, own))
        trial = Trial._of(self, own.value)
        trial._lend(pointer)
        return trial if self._declared is None else self._begin_trial(trial)

    # ------------------------------------------------------------------ observers and messages

    def observe(self, observer: Observer) -> None:
        """Calls observer(study, event, trial) for "asked", "reported", "told" and "best" from now on. An exception ends
        the run, or is raised by the next ask."""
        if not callable(observer):
            raise TypeError(f"an observer is a function, not {type(observer).__name__}")
        self._observers.append(observer)
        self._observe()

    def _observe(self) -> None:
        if self._observed:
            return
        pointer, target = self._optimizer().pointer, _observer_target(self)
        check(_callbacks.install(_abi.optimizer_set_observer, pointer, _callbacks.observer_function, target))
        self._observed = True

    def _hear_messages(self) -> None:
        if self._messages:
            return
        import logging

        logger = logging.getLogger("afina")

        def target(level: int, text: bytes) -> int:
            logger.log(logging.WARNING if level == _abi.MESSAGE_WARNING else logging.INFO, "%s", text.decode())
            return _abi.OK

        pointer = self._optimizer().pointer
        check(_callbacks.install(_abi.optimizer_set_message, pointer, _callbacks.message_function, target))
        self._messages = True

    # ------------------------------------------------------------------ trials

    def __len__(self) -> int:
        count = ctypes.c_int64()
        check(_abi.trial_count(self._optimizer().pointer, count))
        return count.value

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Trial: ...

        @overload
        def __getitem__(self, index: slice) -> List[Trial]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Trial, List[Trial]]:
        if isinstance(index, slice):
            return [self._trial(number) for number in range(*index.indices(len(self)))]
        number = whole(index, "the number of a trial")
        count = len(self)
        if not -count <= number < count:
            raise IndexError(f"there is no trial {number}: the study has {count}")
        return self._trial(number + count if number < 0 else number)

    def __iter__(self) -> Iterator[Trial]:
        number = 0
        while number < len(self):
            yield self._trial(number)
            number += 1

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        if self._handle is _CLOSED:
            return "<Study, closed>"
        return f"<Study method={self.method!r} trials={len(self)} space={list(self.space)!r}>"

    def _trial(self, number: int) -> Trial:
        pointer = ctypes.c_void_p()
        check(_abi.trial_get(self._optimizer().pointer, number, pointer))
        return Trial._of(self, pointer.value)

    @property
    def trials(self) -> List[Trial]:
        """All trials."""
        return self[:]

    @property
    def running(self) -> List[int]:
        """The numbers of the trials that run."""
        return list(read_array(_abi.running_trials, ctypes.c_int64, self._optimizer().pointer))

    @property
    def best_trial(self) -> Trial:
        """The best complete and feasible trial at the full budget."""
        pointer = ctypes.c_void_p()
        check(_abi.best(self._optimizer().pointer, pointer))
        return Trial._of(self, pointer.value)

    @property
    def best_params(self) -> Params:
        """The parameters of the best trial."""
        return self.best_trial.params

    @property
    def best_value(self) -> float:
        """The value of the best trial."""
        value = self.best_trial.value
        assert value is not None
        return value

    @property
    def best_trials(self) -> List[Trial]:
        """The Pareto front: complete and feasible trials than which none is better in every objective."""
        from ._front import front

        return front(self)

    def result(self) -> Any:
        """What was found so far, as a `Result`."""
        from ._result import Result

        return Result(self, "")

    def model(self, output: int = 0) -> Model:
        """Questions to what the method has learned of an objective, or of a constraint behind the objectives."""
        from ._model import Model

        return Model(self, output)

    def column(self, what: str, objective: int = 0) -> Any:
        """One property of all trials as an array of C (memoryview and numpy.asarray read it without a copy): "states",
        "origins", "values" of an objective, "started", "ended", or the numbers of the parameter of that name."""
        pointer = self._optimizer().pointer
        if what == "values" and what not in self.space:
            index = whole(objective, "objective", 0, 2**31)
            return read_array(_abi.column_values, ctypes.c_double, pointer, index, 0)
        if what in _COLUMNS and what not in self.space:
            return read_array(_COLUMNS[what][0], _COLUMNS[what][1], pointer, 0)
        name = encode(what, "the name of a column")
        return read_array(_abi.column_reals, ctypes.c_double, pointer, name, 0)

    def to_frame(self) -> Any:
        """All trials as a pandas DataFrame."""
        from ._frame import frame

        return frame(self)

    # ------------------------------------------------------------------ attributes

    def set_attribute(self, key: str, text: str) -> None:
        """Keeps a text under a key."""
        pointer = self._optimizer().pointer
        check(_abi.optimizer_set_attribute(pointer, encode(key, "a key"), encode(text, "a text")))
        self._flush()

    @property
    def attributes(self) -> Dict[str, str]:
        """The texts under the keys of `set_attribute`."""
        pointer, count = self._optimizer().pointer, ctypes.c_size_t()
        check(_abi.optimizer_attribute_count(pointer, count))
        keys = [read_text(_abi.optimizer_attribute_key, pointer, index) for index in range(count.value)]
        return {key: read_text(_abi.optimizer_get_attribute, pointer, key.encode()) for key in keys}

    # ------------------------------------------------------------------ other names

    def enqueue_trial(self, params: Mapping[str, Any]) -> None:
        """The same as `enqueue`."""
        self.enqueue(params)

    def trials_dataframe(self) -> Any:
        """The same as `to_frame`."""
        return self.to_frame()

    def get_trials(self, deepcopy: bool = True, states: Optional[Iterable[TrialState]] = None) -> List[Trial]:
        """All trials, or those in these states; each a handle of its own, `deepcopy` or not."""
        wanted = None if states is None else set(states)
        return [trial for trial in self.trials if wanted is None or trial.state in wanted]

    def set_user_attr(self, key: str, value: Any) -> None:
        """Keeps a value that JSON can hold under a key."""
        self.set_attribute(key, to_text(value))

    @property
    def user_attrs(self) -> Dict[str, Any]:
        """The values of `set_user_attr`."""
        return {key: from_text(text) for key, text in self.attributes.items()}

    def replay(self) -> None:
        """Derives every suggestion anew from the log; `ReplayError` where one differs."""
        number = ctypes.c_int64()
        check(_abi.optimizer_replay(self._optimizer().pointer, number))


_CLOSED = Handle(None, _abi.optimizer_free)
_AFTERWARDS = ("seconds", "trial_seconds", "target", "workers", "times", "worker")
_COLUMNS: Dict[str, Tuple[Any, Any]] = {
    "states": (_abi.column_states, ctypes.c_int32),
    "origins": (_abi.column_origins, ctypes.c_int32),
    "started": (_abi.column_started, ctypes.c_int64),
    "ended": (_abi.column_ended, ctypes.c_int64),
}
_NEWS_TEXT = {
    _abi.DONE: "the study has come to its end",
    _abi.EXHAUSTED: "every point of the space was asked, or the method has no more",
    _abi.WAIT: "a running trial must be told first",
    _abi.CANCELLED: "the wait was cancelled",
}
_REASONS = {
    _abi.OK: "all trials were evaluated",
    _abi.DONE: "a limit, the target or the end of the scheduler was reached",
    _abi.EXHAUSTED: "no point is left that was not asked",
    _abi.WAIT: "the next trial needs the result of one that runs elsewhere",
    _abi.CANCELLED: "stopped",
    _abi.ALL_FAILED: "every trial failed",
}


def _set_direction(optimizer: Any, direction: Union[str, Sequence[str]]) -> None:
    parts = [direction] if isinstance(direction, str) else list(direction)
    text = ",".join(parts)
    if len(parts) > 1:
        set_option(optimizer, "objectives", len(parts))
    set_option(optimizer, "direction", text)


def _either(one: Any, other: Any, names: str) -> Any:
    if one is not None and other is not None:
        raise TypeError(f"{names} are two names of one thing: give one of them")
    return other if one is None else one


def _from_log(kind: Any, text: str, space: Space) -> Study:
    made: Study = kind.from_log(text, space)
    return made


def _existing(study: Study, trial: Any) -> int:
    number = whole(trial, "the number of a trial")
    if not 0 <= number < len(study):
        raise error(_abi.E_NOT_FOUND, f"there is no trial {number}: the study has {len(study)}")
    return number


def _tell_state(trial: Trial, values: Any, state: TrialState, reason: Optional[str]) -> None:
    if state == TrialState.COMPLETE:
        trial.tell(values)
        return
    if values is not None:
        raise error(_abi.E_ARGUMENT, "only a COMPLETE trial is told values; report them before it is stopped")
    if state == TrialState.FAILED:
        trial.tell_failed(reason)
    elif state == TrialState.INFEASIBLE:
        trial.tell_infeasible(reason)
    elif state == TrialState.LOST:
        trial.tell_lost(reason)
    elif state == TrialState.STOPPED:
        trial.tell_stopped()
    else:
        raise error(_abi.E_ARGUMENT, f"a trial cannot be told to be {state!r}")


def _caught(catch: Catch) -> Tuple[Type[BaseException], ...]:
    if isinstance(catch, bool):
        return (Exception,) if catch else ()
    kinds = (catch,) if isinstance(catch, type) else tuple(catch)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise TypeError(f"catch holds types of exceptions, not {kind!r}")
    return kinds


def _progress(trials: Optional[int]) -> Progress:
    from ._progress import Progress

    return Progress(trials)


def _trial_observer(callbacks: Iterable[Callback]) -> Optional[Observer]:
    functions = list(callbacks)
    if not functions:
        return None
    for function in functions:
        if not callable(function):
            raise TypeError(f"a callback is a function, not {type(function).__name__}")

    def observer(study: Study, event: str, trial: Trial) -> None:
        if event == "told":
            for function in functions:
                function(study, trial)

    return observer


def _observer_target(study: Study) -> Callable[[int, int, int], int]:
    """What the library calls for every event. It does not keep the study alive."""
    import weakref

    reference = weakref.ref(study)

    def target(event: int, pointer: int, report: int) -> int:
        alive = reference()
        if alive is None or alive._handle is _CLOSED:
            return _abi.OK
        alive._flush()
        if alive._observers:
            trial = alive._trial(_abi.trial_number(pointer))
            for observer in list(alive._observers):
                observer(alive, EVENTS[event], trial)
        return _abi.OK

    return target
