"""Python values as the C API takes them, checked: what does not fit is an exception, never cut off."""

from __future__ import annotations

import ctypes
import operator
from collections.abc import Iterable

from . import _abi
from ._errors import check, error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Sequence, Tuple

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


def encode(text: Any, what: str) -> bytes:
    """Text as UTF-8 without a NUL."""
    if not isinstance(text, str):
        raise TypeError(f"{what} is text, not {type(text).__name__}")
    if "\0" in text:
        raise error(_abi.E_ARGUMENT, f"{what} holds a NUL character")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise error(_abi.E_ARGUMENT, f"{what} is no valid Unicode text") from None


def encode_any(text: Any, what: str) -> bytes:
    """The same of text that says how long it is, bytes included."""
    if isinstance(text, (bytes, bytearray, memoryview)):
        return bytes(text)
    if not isinstance(text, str):
        raise TypeError(f"{what} is text or bytes, not {type(text).__name__}")
    return text.encode("utf-8", "surrogateescape")


def whole(value: Any, what: str, low: int = INT64_MIN, high: int = INT64_MAX) -> int:
    """A whole number, also one of numpy's."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{what} is a whole number, not {type(value).__name__}") from None
    if not low <= number <= high:
        raise error(_abi.E_RANGE, f"{what} must be in [{low}, {high}], got {number}")
    return number


def real(value: Any, what: str) -> float:
    """A number; text is none."""
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"{what} is a number, not {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        raise error(_abi.E_RANGE, f"{what} is too large for a double: {value}") from None
    except (TypeError, ValueError):
        raise TypeError(f"{what} is a number, not {type(value).__name__}") from None


def reals(values: Any, what: str) -> List[float]:
    """One number, or several."""
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes, bytearray, dict)):
        return [real(values, what)]
    try:
        elements = list(values)
    except TypeError:  # an array of no dimension
        return [real(values, what)]
    return [real(value, what) for value in elements]


def doubles(values: Sequence[float]) -> Any:
    """An array of C for so many numbers."""
    return (ctypes.c_double * len(values))(*values)


def texts(values: Iterable[bytes]) -> Tuple[Any, int]:
    """An array of C for texts, and how many there are."""
    kept = list(values)
    return (ctypes.c_char_p * len(kept))(*kept), len(kept)


def read_text(function: Callable[..., int], *arguments: Any) -> str:
    """The text that a function of the library writes."""
    return read_bytes(function, *arguments).decode("utf-8")


def read_bytes(function: Callable[..., int], *arguments: Any) -> bytes:
    """The same as bytes; it may grow while it is read."""
    length = ctypes.c_size_t()
    buffer = ctypes.create_string_buffer(256)
    while True:
        check(function(*arguments, buffer, len(buffer), length))
        if length.value < len(buffer):
            return buffer.raw[: length.value]
        buffer = ctypes.create_string_buffer(length.value + length.value // 8 + 1)


def read_array(function: Callable[..., int], c_type: Any, *arguments: Any) -> Any:
    """The array that a function of the library fills, exactly as long as what it holds."""
    count = ctypes.c_size_t()
    check(function(*arguments, None, 0, count))
    while True:
        room = count.value
        array = (c_type * room)()
        check(function(*arguments, array, room, count))
        if count.value <= room:
            return array if count.value == room else (c_type * count.value)(*array[: count.value])


def read_doubles(function: Callable[..., int], *arguments: Any) -> List[float]:
    """The numbers that a function of the library fills in."""
    return list(read_array(function, ctypes.c_double, *arguments))
