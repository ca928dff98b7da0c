"""Python functions as callbacks of the library.

C is given one function of each kind, which lives as long as the process, and as `user` a number under which the Python
object is kept here. The library's release function takes it out again, so a callback lives exactly as long as the
objects that refer to it. An exception never leaves a callback: it becomes a status that `check` raises again.
"""

from __future__ import annotations

import ctypes
import itertools

from . import _abi
from ._errors import keep_exception

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict

_kept: Dict[int, Callable[..., int]] = {}
_numbers = itertools.count(1)


def keep(function: Callable[..., int]) -> int:
    """The `user` for a function that gets the other arguments of its callback."""
    number = next(_numbers)
    _kept[number] = function
    return number


def drop(number: int) -> None:
    """Lets go of a function that the library does not use any more."""
    _kept.pop(number, None)


def _release(user: int, kept: Dict[int, Callable[..., int]] = _kept) -> None:
    kept.pop(user, None)  # by an argument, since handles are freed when names of modules are gone, at the end


def _filter(point: int, user: int) -> int:
    try:
        return _kept[user](point)
    except BaseException as exception:
        return keep_exception(exception)


def _observer(event: int, trial: int, report: int, user: int) -> int:
    try:
        return _kept[user](event, trial, report)
    except BaseException as exception:
        return keep_exception(exception)


def _message(level: int, text: bytes, user: int) -> int:
    try:
        return _kept[user](level, text)
    except BaseException as exception:
        return keep_exception(exception)


def _objective(trial: int, values: Any, user: int) -> int:
    # The function answers for its own exceptions.
    return _kept[user](trial, values)


def _immortal(function: Any) -> Any:
    """C may call it while the interpreter ends, so it is never freed."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(function))
    return function


release = _immortal(_abi.release_callback(_release))
filter_function = _immortal(_abi.filter_callback(_filter))
observer_function = _immortal(_abi.observer_callback(_observer))
message_function = _immortal(_abi.message_callback(_message))
objective_function = _immortal(_abi.objective_callback(_objective))


def install(setter: Callable[..., int], handle: Any, function: Any, target: Callable[..., int]) -> int:
    """Sets a callback with its release; the status of the setter."""
    user = keep(target)
    status = setter(handle, function, user, release)
    if status:
        drop(user)
    return status
