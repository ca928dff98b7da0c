"""The library's errors as Python exceptions, with its text."""

from __future__ import annotations

import itertools

from . import _abi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, NoReturn, Optional, Type


class Error(Exception):
    """What the library answers when it cannot do what it was asked; `status` is its number."""

    status: int = 0


class ArgumentError(Error, ValueError):
    """An argument is missing, or a text is empty or no UTF-8."""


class RangeError(Error, ValueError):
    """A number is outside of its range."""


class NameUnknownError(Error, ValueError):
    """A name is unknown, or used already."""


class KindError(Error, TypeError):
    """A value has the wrong type for its name."""


class StateError(Error, RuntimeError):
    """This is not possible in the state the object is in."""


class OutOfMemoryError(Error, MemoryError):
    """An allocation failed."""


class SpaceError(Error, ValueError):
    """The space contradicts itself."""


class NoPointError(Error, RuntimeError):
    """The filter refused every point that was tried."""


class FormatError(Error, ValueError):
    """A text is not what it should be."""


class FileError(Error, OSError):
    """A file cannot be read."""


class UnsupportedError(Error, NotImplementedError):
    """The method cannot do this."""


class NotFoundError(Error, LookupError):
    """There is no such trial."""


class ForkedError(Error, RuntimeError):
    """The study belongs to the parent process."""


class ReplayError(Error, RuntimeError):
    """A suggestion did not come out as logged."""


class BusyError(Error, RuntimeError):
    """A filter asked the study that calls it."""


class CallbackError(Error, RuntimeError):
    """A callback answered with an error."""


class VersionError(Error, RuntimeError):
    """A note in the log was written by another version."""


class NoTrial(Exception):
    """`Study.ask` has no trial to give."""


class Done(NoTrial):
    """The study has come to its end: its budget is spent, or its scheduler is done."""


class Exhausted(NoTrial):
    """Every point of the space was asked, or the method has no more."""


class Wait(NoTrial):
    """A running trial must be told first."""


class Cancelled(NoTrial):
    """`Study.cancel` was called, or a callback answered so."""


class TrialPruned(Exception):
    """Raised by an objective: the trial is stopped, and its last report is its value."""


class Infeasible(Exception):
    """Raised by an objective: the point cannot be evaluated."""


ERRORS: Dict[int, Type[Error]] = {
    _abi.E_ARGUMENT: ArgumentError,
    _abi.E_RANGE: RangeError,
    _abi.E_NAME: NameUnknownError,
    _abi.E_TYPE: KindError,
    _abi.E_STATE: StateError,
    _abi.E_MEMORY: OutOfMemoryError,
    _abi.E_SPACE: SpaceError,
    _abi.E_NO_POINT: NoPointError,
    _abi.E_FORMAT: FormatError,
    _abi.E_FILE: FileError,
    _abi.E_UNSUPPORTED: UnsupportedError,
    _abi.E_NOT_FOUND: NotFoundError,
    _abi.E_FORKED: ForkedError,
    _abi.E_REPLAY: ReplayError,
    _abi.E_BUSY: BusyError,
    _abi.E_CALLBACK: CallbackError,
    _abi.E_VERSION: VersionError,
}

NEWS: Dict[int, Type[NoTrial]] = {
    _abi.DONE: Done,
    _abi.EXHAUSTED: Exhausted,
    _abi.WAIT: Wait,
    _abi.CANCELLED: Cancelled,
}

# An exception of a callback travels through the library as a number of its own below this one.
_FIRST_RAISED = -1000
_MOST_RAISED = 1000
_raised: Dict[int, BaseException] = {}
_numbers = itertools.count()


def keep_exception(exception: BaseException) -> int:
    """The status with which a callback answers, for `check` to raise this exception."""
    status = _FIRST_RAISED - next(_numbers) % 2**30
    _raised[status] = exception
    if len(_raised) > _MOST_RAISED:
        _raised.pop(next(iter(_raised)), None)
    return status


def last_error() -> str:
    """The text of the last failure on this thread."""
    return (_abi.last_error() or b"").decode("utf-8", "replace")


def fail(status: int, text: Optional[str] = None) -> NoReturn:
    """Raises what a negative status stands for, with the text of the last failure on this thread or another one."""
    exception = _raised.pop(status, None)
    if exception is not None:
        raise exception
    error = ERRORS.get(status, Error)(last_error() if text is None else text)
    error.status = status
    raise error


def check(status: int) -> int:
    """Raises for a negative status; news goes back to the caller."""
    if status < 0:
        fail(status)
    return status


def error(status: int, text: str) -> Error:
    """An error of the library's kind that Python found itself."""
    made = ERRORS[status](text)
    made.status = status
    return made
