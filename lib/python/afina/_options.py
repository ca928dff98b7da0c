"""Options of a study by keyword, and what options there are."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping

from . import _abi
from ._errors import check
from ._values import doubles, encode, read_doubles, read_text, real, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, Optional, Tuple


def key_of(keyword: str) -> str:
    """gp__kernel as a keyword stands for "gp.kernel"."""
    return keyword.replace("__", ".", 1)


def set_option(optimizer: Any, key: str, value: Any) -> None:
    """Sets an option by the type of the value."""
    name = encode(key, "the key of an option")
    if isinstance(value, str):
        check(_abi.optimizer_set_string(optimizer, name, encode(value, f"the option '{key}'")))
    elif isinstance(value, float):
        check(_abi.optimizer_set_real(optimizer, name, value))
    elif isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray, Mapping)):
        values = [real(element, f"the option '{key}'") for element in value]
        check(_abi.optimizer_set_reals(optimizer, name, doubles(values), len(values)))
    elif hasattr(value, "__index__"):
        check(_abi.optimizer_set_integer(optimizer, name, whole(value, f"the option '{key}'")))
    elif hasattr(value, "__float__"):
        check(_abi.optimizer_set_real(optimizer, name, real(value, f"the option '{key}'")))
    else:
        raise TypeError(f"the option '{key}' is a number, text or a list of numbers, not {type(value).__name__}")


def set_options(optimizer: Any, options: Mapping[str, Any]) -> None:
    """Sets options; None leaves the default."""
    for keyword, value in options.items():
        if value is not None:
            set_option(optimizer, key_of(keyword), value)


def get_option(optimizer: Any, key: str) -> Any:
    """The value of an option."""
    name = encode(key, "the key of an option")
    whole_number, number = ctypes.c_int64(), ctypes.c_double()
    if _abi.optimizer_get_integer(optimizer, name, whole_number) == 0:
        return whole_number.value
    if _abi.optimizer_get_real(optimizer, name, number) == 0:
        return number.value
    if _abi.optimizer_get_string(optimizer, name, None, 0, ctypes.byref(ctypes.c_size_t())) == 0:
        return read_text(_abi.optimizer_get_string, optimizer, name)
    return read_doubles(_abi.optimizer_get_reals, optimizer, name)


def listed(count: Any, name: Any, summary: Any) -> Dict[str, str]:
    """Names of the library with their summaries."""
    names = [name(index) or b"" for index in range(count())]
    return {key.decode(): (summary(key) or b"").decode() for key in names}


def methods() -> Dict[str, str]:
    """The search methods, each with a line on what it does."""
    return listed(_abi.method_count, _abi.method_name, _abi.method_summary)


def schedulers() -> Dict[str, str]:
    """The schedulers, which decide on budgets, promotions and repetitions."""
    return listed(_abi.scheduler_count, _abi.scheduler_name, _abi.scheduler_summary)


def stoppers() -> Dict[str, str]:
    """The stoppers, which say when a running trial should end."""
    return listed(_abi.stopper_count, _abi.stopper_name, _abi.stopper_summary)


class Option:
    """What is known of an option: its type ("integer", "real", "string" or "reals"), default, range or choices."""

    __slots__ = ("name", "type", "default", "low", "high", "choices", "summary")

    def __init__(self, owner: Optional[bytes], name: bytes) -> None:
        kind, low, high = ctypes.c_int32(), ctypes.c_double(), ctypes.c_double()
        check(_abi.option_type(owner, name, kind))
        check(_abi.option_range(owner, name, low, high))
        choices = (_abi.option_choices(owner, name) or b"").decode()
        self.name = name.decode()
        self.type = ("integer", "real", "string", "reals")[kind.value]
        self.low, self.high = low.value, high.value
        self.choices = tuple(choices.split(",")) if choices else ()
        self.summary = (_abi.option_summary(owner, name) or b"").decode()
        self.default = self._default(owner, name)

    def _default(self, owner: Optional[bytes], name: bytes) -> Any:
        if self.type == "string":
            return (_abi.option_default_string(owner, name) or b"").decode()
        if self.type == "reals":
            return []
        value = ctypes.c_double()
        check(_abi.option_default_number(owner, name, value))
        return int(value.value) if self.type == "integer" else value.value

    def __repr__(self) -> str:
        return f"<option {self.name}: {self.type}, default {self.default!r}. {self.summary}>"


def _names(owner: Optional[bytes]) -> Iterator[bytes]:
    for index in range(_abi.option_count(owner)):
        yield _abi.option_name(owner, index) or b""


def options(of: Optional[str] = None) -> Tuple[Option, ...]:
    """The options of a method, a scheduler or a stopper, or those of every study."""
    owner = None if of is None else encode(of, "the name of a method")
    if owner is not None and _abi.option_name(owner, 0) is None and of not in _known():
        known = ", ".join(sorted(_known()))
        raise ValueError(f"there is no method, scheduler or stopper '{of}': there are {known}")
    return tuple(Option(owner, name) for name in _names(owner))


def _known() -> Dict[str, str]:
    return {**methods(), **schedulers(), **stoppers()}
