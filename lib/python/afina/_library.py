"""Finds and loads libafina, and gives its functions their types.

It is looked for beside this package (a wheel brings it along), then in the tree that this package is part of
(lib/libafina.so.0), and then where the system keeps its libraries.
"""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False  # only checkers of types import typing, here and elsewhere: it takes as long as the library
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple

SONAME = "libafina.so.0"
ABI_VERSION = 0

Int32 = ctypes.c_int32
Int64 = ctypes.c_int64
UInt64 = ctypes.c_uint64
Size = ctypes.c_size_t
Double = ctypes.c_double
Text = ctypes.c_char_p
Handle = ctypes.c_void_p
# A c_double is passed as it is where Doubles are wanted: byref() would take longer than many a call.
Int32s = ctypes.POINTER(Int32)
Int64s = ctypes.POINTER(Int64)
UInt64s = ctypes.POINTER(UInt64)
Sizes = ctypes.POINTER(Size)
Doubles = ctypes.POINTER(Double)
Texts = ctypes.POINTER(Text)
Handles = ctypes.POINTER(Handle)


def places() -> Tuple[str, ...]:
    """Where the library may be, the first place first."""
    here = os.path.dirname(os.path.abspath(__file__))
    lib = os.path.dirname(os.path.dirname(here))
    found = [os.path.join(here, "_libs", SONAME)]
    if os.path.exists(os.path.join(lib, "afina.map")):
        found.append(os.path.join(lib, SONAME))
    return tuple(place for place in found if os.path.exists(place)) + (SONAME,)


def load() -> ctypes.CDLL:
    """The library of the first place that has one; ImportError names what is wrong."""
    place = places()[0]
    try:
        library = ctypes.CDLL(place)
    except OSError as error:
        raise ImportError(f"afina needs the library {SONAME}, which cannot be loaded: {error}") from None
    try:
        version: int = library.afina_abi_version()
    except AttributeError:
        raise ImportError(f"{place} is not the library of afina: it has no afina_abi_version()") from None
    if version != ABI_VERSION:
        raise ImportError(f"{place} has ABI version {version}, and this package needs {ABI_VERSION}")
    return library


LIBRARY = load()


def _bind(name: str, result: Any, types: Tuple[Any, ...]) -> Any:
    try:
        function = getattr(LIBRARY, name)
    except AttributeError:
        raise ImportError(f"the library of afina is older than this package: it has no {name}()") from None
    function.argtypes = types
    function.restype = result
    return function


def number(name: str, *types: Any) -> Callable[..., int]:
    """A function that answers with a status or another int32_t."""
    function: Callable[..., int] = _bind(name, Int32, types)
    return function


def long_number(name: str, *types: Any) -> Callable[..., int]:
    """A function that answers with an int64_t."""
    function: Callable[..., int] = _bind(name, Int64, types)
    return function


def size(name: str, *types: Any) -> Callable[..., int]:
    """A function that answers with a size_t."""
    function: Callable[..., int] = _bind(name, Size, types)
    return function


def text(name: str, *types: Any) -> Callable[..., Optional[bytes]]:
    """A function that answers with text, copied, or None."""
    function: Callable[..., Optional[bytes]] = _bind(name, Text, types)
    return function


def pointer(name: str, *types: Any) -> Callable[..., Optional[int]]:
    """A function that answers with a borrowed handle, or None."""
    function: Callable[..., Optional[int]] = _bind(name, Handle, types)
    return function


def nothing(name: str, *types: Any) -> Callable[..., None]:
    """A function without an answer."""
    function: Callable[..., None] = _bind(name, None, types)
    return function


def callback(result: Any, *types: Any) -> Callable[[Callable[..., Any]], Any]:
    """The type of a function of the host; calling it with a Python function makes one for C."""
    return ctypes.CFUNCTYPE(result, *types)
