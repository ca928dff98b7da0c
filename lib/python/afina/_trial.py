"""Trials: one evaluation of a point each."""

from __future__ import annotations

import ctypes
import enum
from _thread import LockType, allocate_lock
from ctypes import c_double

from . import _abi
from ._abi import trial_free, trial_point, trial_tell
from ._errors import Infeasible, TrialPruned, check, error
from ._parameters import Categorical, Integer, Real
from ._space import read_point
from ._suggest import suggest, tell_unused, used
from ._values import doubles, encode, read_doubles, read_text, real, reals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any, Callable, Dict, Iterator, KeysView, List, Optional, Tuple, Type

    from ._parameters import Choices
    from ._study import Study


class TrialState(enum.IntEnum):
    """What became of a trial."""

    RUNNING = _abi.STATE_RUNNING
    COMPLETE = _abi.STATE_COMPLETE
    STOPPED = _abi.STATE_STOPPED
    PRUNED = _abi.STATE_STOPPED
    PAUSED = _abi.STATE_PAUSED
    FAILED = _abi.STATE_FAILED
    FAIL = _abi.STATE_FAILED
    INFEASIBLE = _abi.STATE_INFEASIBLE
    LOST = _abi.STATE_LOST

    def is_finished(self) -> bool:
        """Whether the trial has ended, and not as lost."""
        return self not in (TrialState.RUNNING, TrialState.LOST)


class Origin(enum.IntEnum):
    """Where the point of a trial came from."""

    SUGGESTED = _abi.ORIGIN_SUGGESTED
    ENQUEUED = _abi.ORIGIN_ENQUEUED
    ADDED = _abi.ORIGIN_ADDED
    PROMOTED = _abi.ORIGIN_PROMOTED
    REPEATED = _abi.ORIGIN_REPEATED


NO_TIME = -(2**63)


class Trial:
    """One evaluation of a point: what to evaluate, what was reported, what came of it.

    Its active parameters are read as those of a dict: `trial["rate"]`, `Model(**trial)`.
    """

    __slots__ = ("_study", "_pointer", "_params", "_borrowed", "_lock", "_told_to_stop", "_asked", "_fixed")

    _study: Study
    _pointer: Optional[int]
    _params: Optional[Dict[str, Any]]
    _borrowed: Optional[int]
    _lock: Optional[LockType]
    _told_to_stop: bool
    _asked: Optional[Dict[str, Any]]  # by suggest_...
    _fixed: Optional[Dict[str, Any]]  # of a point that was enqueued

    def __init__(self) -> None:
        raise TypeError("a trial comes from ask(), start() or add() of a study")

    @classmethod
    def _of(cls, study: Study, pointer: Optional[int]) -> Trial:
        """A trial of a handle, which it frees."""
        trial = cls.__new__(cls)
        trial._study = study
        trial._pointer = pointer
        trial._params = trial._borrowed = trial._lock = trial._asked = trial._fixed = None
        trial._told_to_stop = False
        return trial

    def __del__(self, free: Callable[[Optional[int]], None] = trial_free) -> None:
        try:
            free(self._pointer)
        except AttributeError:  # it was never made
            pass

    def _open(self) -> Optional[int]:
        """The handle, to tell something: a closed study takes nothing in, for its log would not have it."""
        if self._study._closed is not None:
            raise error(_abi.E_STATE, "the study of the trial is closed")
        return self._pointer

    def _lend(self, pointer: int) -> None:
        """While an objective runs, the handle of the run knows its limits of time."""
        self._borrowed, self._lock = pointer, allocate_lock()

    def _leave(self) -> None:
        if self._lock is not None:
            with self._lock:
                self._borrowed = None

    def __reduce__(self) -> Any:
        raise TypeError("a trial cannot be pickled: hand on its number, its params or to_dict()")

    # ------------------------------------------------------------------ what it is

    @property
    def number(self) -> int:
        """0, 1, 2, ... in the order in which trials came to be."""
        return _abi.trial_number(self._pointer)

    @property
    def study(self) -> Study:
        """The study that it belongs to."""
        return self._study

    @property
    def params(self) -> Dict[str, Any]:
        """The values of the active parameters."""
        if self._params is None:
            self._params = read_point(trial_point(self._pointer), self._study._readers)
            if self._study._declared is not None:
                self._params = used(self, self._params)
        return self._params.copy()

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def __contains__(self, name: object) -> bool:
        return name in self.params

    def __iter__(self) -> Iterator[str]:
        return iter(self.params)

    def keys(self) -> KeysView[str]:
        """The names of the active parameters."""
        return self.params.keys()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trial):
            return NotImplemented
        return self._study is other._study and self.number == other.number

    def __hash__(self) -> int:
        return hash((id(self._study), self.number))

    def __repr__(self) -> str:
        values = self.values
        shown = values[0] if values and len(values) == 1 else values
        return f"<Trial {self.number} {self.state.name} value={shown!r} params={self.params!r}>"

    def _int32(self, function: Callable[..., int]) -> int:
        value = ctypes.c_int32()
        check(function(self._pointer, value))
        return value.value

    def _int64(self, function: Callable[..., int]) -> int:
        value = ctypes.c_int64()
        check(function(self._pointer, value))
        return value.value

    def _uint64(self, function: Callable[..., int]) -> int:
        value = ctypes.c_uint64()
        check(function(self._pointer, value))
        return value.value

    def _double(self, function: Callable[..., int]) -> float:
        value = ctypes.c_double()
        check(function(self._pointer, value))
        return value.value

    @property
    def state(self) -> TrialState:
        """What became of it so far."""
        return TrialState(self._int32(_abi.trial_state))

    @property
    def origin(self) -> Origin:
        """Where its point came from."""
        return Origin(self._int32(_abi.trial_origin))

    @property
    def budget(self) -> float:
        """How far the evaluation is to go, in the unit of the steps that it reports; infinite: as far as it takes."""
        return self._double(_abi.trial_budget)

    @property
    def start(self) -> float:
        """Where it begins: at what its parent had reached, or at 0."""
        return self._double(_abi.trial_start)

    @property
    def arm(self) -> int:
        """The number of the first trial of its configuration."""
        return self._int64(_abi.trial_arm)

    @property
    def replicate(self) -> int:
        """Which replicate it evaluates, from 0."""
        return self._int64(_abi.trial_replicate)

    @property
    def parent(self) -> Optional[int]:
        """The number of the trial whose work it continues, or which it repeats."""
        parent = self._int64(_abi.trial_parent)
        return None if parent < 0 else parent

    @property
    def seed(self) -> int:
        """For the randomness of the objective: of (seed of the study, arm, replicate)."""
        return self._uint64(_abi.trial_seed)

    @property
    def data_seed(self) -> int:
        """For the division of the data: of (seed of the study, replicate), the same for all arms."""
        return self._uint64(_abi.trial_data_seed)

    # ------------------------------------------------------------------ what came of it

    @property
    def values(self) -> Optional[List[float]]:
        """One value for each objective; None when there are none."""
        if self.state not in _WITH_VALUES:
            return None
        return read_doubles(_abi.trial_values, self._pointer) or None

    @property
    def value(self) -> Optional[float]:
        """The value of a trial with one objective; None when it has none."""
        if self.values is None:
            return None
        return self._double(_abi.trial_value)

    @property
    def reports(self) -> List[Tuple[float, List[float]]]:
        """(step, values) of each report, in order."""
        count, step = ctypes.c_size_t(), ctypes.c_double()
        check(_abi.trial_report_count(self._pointer, count))
        found = []
        for index in range(count.value):
            room = (ctypes.c_double * self._study.objectives)()
            filled = ctypes.c_size_t()
            check(_abi.trial_report(self._pointer, index, step, room, len(room), filled))
            found.append((step.value, list(room)))
        return found

    @property
    def constraints(self) -> List[float]:
        """The constraint values that it was told; feasible where all are <= 0."""
        return read_doubles(_abi.trial_constraints, self._pointer)

    @property
    def feasible(self) -> bool:
        """Whether no constraint is violated, and the point could be evaluated."""
        return self.state != TrialState.INFEASIBLE and all(value <= 0 for value in self.constraints)

    @property
    def errors(self) -> List[float]:
        """The standard errors of its values, where they were told."""
        return read_doubles(_abi.trial_errors, self._pointer)

    @property
    def reason(self) -> str:
        """Why it failed, is infeasible or lost."""
        return read_text(_abi.trial_reason, self._pointer)

    @property
    def started(self) -> Optional[datetime]:
        """When it was asked for."""
        return self._times()[0]

    @property
    def ended(self) -> Optional[datetime]:
        """When it ended."""
        return self._times()[1]

    def _times(self) -> Tuple[Optional[datetime], Optional[datetime]]:
        from datetime import datetime, timezone

        started, ended = ctypes.c_int64(), ctypes.c_int64()
        check(_abi.trial_times(self._pointer, started, ended))

        def moment(milliseconds: int) -> Optional[datetime]:
            return None if milliseconds == NO_TIME else datetime.fromtimestamp(milliseconds / 1000, timezone.utc)

        return moment(started.value), moment(ended.value)

    @property
    def checkpoint(self) -> str:
        """The last checkpoint of this trial, or of the parent whose work it continues; "" when there is none."""
        own = read_text(_abi.trial_checkpoint, self._pointer)
        parent = self.parent
        if own or parent is None or self.start == 0:
            return own
        return self._study[parent].checkpoint

    @property
    def attributes(self) -> Dict[str, str]:
        """The texts under the keys of `set_attribute`."""
        count = ctypes.c_size_t()
        check(_abi.trial_attribute_count(self._pointer, count))
        keys = [read_text(_abi.trial_attribute_key, self._pointer, index) for index in range(count.value)]
        return {key: read_text(_abi.trial_attribute, self._pointer, key.encode()) for key in keys}

    def to_dict(self) -> Dict[str, Any]:
        """What is known of it as plain values."""
        return {
            "number": self.number,
            "state": self.state.name,
            "params": self.params,
            "values": self.values,
            "reports": self.reports,
            "constraints": self.constraints,
            "budget": self.budget,
            "arm": self.arm,
            "replicate": self.replicate,
            "parent": self.parent,
            "reason": self.reason,
            "attributes": self.attributes,
        }

    @property
    def intermediate_values(self) -> Dict[float, float]:
        """The first value of each report by its step."""
        return {int(step) if step == step // 1 else step: values[0] for step, values in self.reports}

    @property
    def last_step(self) -> Optional[float]:
        """The step of the last report."""
        return max(self.intermediate_values, default=None)

    @property
    def datetime_start(self) -> Optional[datetime]:
        """When it was asked for."""
        return self.started

    @property
    def datetime_complete(self) -> Optional[datetime]:
        """When it ended."""
        return self.ended

    @property
    def duration(self) -> Any:
        """How long it took."""
        started, ended = self._times()
        return None if started is None or ended is None else ended - started

    @property
    def user_attrs(self) -> Dict[str, Any]:
        """The values of `set_user_attr`."""
        return {key: from_text(text) for key, text in self.attributes.items()}

    # ------------------------------------------------------------------ parameters that it declares

    def suggest_float(
        self, name: str, low: float, high: float, *, step: Optional[float] = None, log: bool = False
    ) -> float:
        """A real number in [low, high], of a parameter that the study learns of by this call."""
        call = _call(float, name, low, high, step, log)
        value: float = suggest(self, name, call, lambda: Real(low, high, log=log, step=step))
        return value

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """A whole number in [low, high]."""
        call = _call(int, name, low, high, step, log)
        whole_step = None if type(step) is int and step == 1 else step
        value: int = suggest(self, name, call, lambda: Integer(low, high, log=log, step=whole_step))
        return value

    def suggest_categorical(self, name: str, choices: Choices) -> Any:
        """One of the choices."""
        call = _call(Categorical, name, *choices) if isinstance(choices, (list, tuple)) else None
        return suggest(self, name, call, lambda: Categorical(choices))

    # ------------------------------------------------------------------ while it runs

    def report(self, value: Any, step: Optional[float] = None) -> None:
        """An intermediate result: a value, or one for each objective. Steps ascend; without one it is the next whole
        number, from 1."""
        values = reals(value, "a reported value")
        where = self._next_step() if step is None else real(step, "step")
        check(_abi.trial_tell_report(self._open(), where, doubles(values), len(values)))
        self._study._flush()

    def _next_step(self) -> float:
        reports = self.reports
        return reports[-1][0] // 1 + 1 if reports else self.start // 1 + 1

    def should_stop(self) -> bool:
        """Whether it should end now: return from the objective without a value, and the last report is its value."""
        stop = ctypes.c_int32()
        if self._lock is None:
            check(_abi.trial_should_stop(self._pointer, stop))
        else:
            with self._lock:
                check(_abi.trial_should_stop(self._borrowed or self._pointer, stop))
        self._told_to_stop = stop.value != 0
        return self._told_to_stop

    def should_prune(self) -> bool:
        """The same as `should_stop`."""
        return self.should_stop()

    def set_user_attr(self, key: str, value: Any) -> None:
        """Keeps a value that JSON can hold under a key."""
        self.set_attribute(key, to_text(value))

    def set_constraints(self, values: Any) -> None:
        """Tells its constraint values, once and before its result: feasible where all are <= 0."""
        told = reals(values, "a constraint")
        check(_abi.trial_tell_constraints(self._open(), doubles(told), len(told)))

    def set_errors(self, errors: Any) -> None:
        """Tells the standard error of each value, once and before the result."""
        told = reals(errors, "a standard error")
        check(_abi.trial_tell_errors(self._open(), doubles(told), len(told)))

    def set_checkpoint(self, text: str) -> None:
        """Says where its work can be taken up again: any text."""
        check(_abi.trial_tell_checkpoint(self._open(), encode(text, "a checkpoint")))
        self._study._flush()

    def restart(self) -> None:
        """Says that the work of its parent could not be continued."""
        check(_abi.trial_tell_restarted(self._open()))

    def set_attribute(self, key: str, text: str) -> None:
        """Keeps a text under a key, in any state of the trial."""
        check(_abi.trial_tell_attribute(self._open(), encode(key, "a key"), encode(text, "a text")))
        self._study._flush()

    # ------------------------------------------------------------------ its end

    def tell(self, values: Any) -> None:
        """Ends it with a value, or one for each objective."""
        if self._asked is not None:
            tell_unused(self)
        if type(values) is float:
            status = trial_tell(self._open(), c_double(values), 1)
        else:
            told = reals(values, "the value of a trial")
            status = trial_tell(self._open(), doubles(told), len(told))
        if status:
            check(status)

    def tell_failed(self, reason: Optional[str] = None) -> None:
        """Ends it without a value: it crashed."""
        tell_unused(self)
        check(_abi.trial_tell_failed(self._open(), _reason(reason)))

    def tell_infeasible(self, reason: Optional[str] = None) -> None:
        """Ends it without a value: its point cannot be evaluated."""
        tell_unused(self)
        check(_abi.trial_tell_infeasible(self._open(), _reason(reason)))

    def tell_stopped(self) -> None:
        """Ends it with its last report as its value."""
        tell_unused(self)
        check(_abi.trial_tell_stopped(self._open()))

    def tell_lost(self, reason: Optional[str] = None) -> None:
        """Ends it as interrupted: the method learns nothing from it."""
        check(_abi.trial_tell_lost(self._open(), _reason(reason)))

    def __enter__(self) -> Trial:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Any) -> bool:
        if self.state != TrialState.RUNNING:
            return False
        if error is None:
            self.tell_failed("the block of the trial ended without a result")
        elif isinstance(error, TrialPruned):
            self.tell_stopped()
        elif isinstance(error, Infeasible):
            self.tell_infeasible(one_line(str(error)) or None)
        elif isinstance(error, Exception):
            self.tell_failed(describe(error))
        else:
            self.tell_lost(describe(error))
        return isinstance(error, (TrialPruned, Infeasible))


_PLAIN = frozenset((float, int, bool, str, type(None), type))


def _call(*arguments: Any) -> Any:
    """What stands for a call of suggest_...: its arguments with their types (1, 1.0 and True are equal); None where they
    are not all plain."""
    kinds = tuple(map(type, arguments))
    return (kinds, arguments) if _PLAIN.issuperset(kinds) else None


_WITH_VALUES = (TrialState.COMPLETE, TrialState.STOPPED, TrialState.PAUSED)


def to_text(value: Any) -> str:
    """A value as JSON."""
    import json

    return json.dumps(value)


def from_text(text: str) -> Any:
    """And back; another text is itself."""
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text


def one_line(text: str) -> str:
    """Text without line breaks and NULs, which the library does not take."""
    clean = " ".join(text.split()).replace("\0", " ")
    return clean.encode("utf-8", "replace").decode("utf-8")


def describe(error: BaseException) -> str:
    """An exception in one line."""
    try:
        text = one_line(str(error))
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _reason(reason: Optional[str]) -> Optional[bytes]:
    return None if reason is None else encode(one_line(reason), "a reason")
