"""Studies in stores: opened, listed, deleted."""

from __future__ import annotations

import ctypes

from . import _abi
from ._errors import check, error
from ._study import Study
from ._values import encode, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from ._space import Space

_MODES = {"create": _abi.OPEN_CREATE, "existing": _abi.OPEN_EXISTING, "read only": _abi.OPEN_READ_ONLY}


def open_handle(url: str, name: str, space: Optional[Space], method: Optional[str], mode: str) -> Any:
    """The address of an optimizer, which is the caller's."""
    if mode not in _MODES:
        raise error(_abi.E_RANGE, f'mode is "create", "existing" or "read only", not {mode!r}')
    pointer = ctypes.c_void_p()
    text = None if method is None else encode(method, "the name of a method")
    handle = None if space is None else space._handle.pointer
    address = encode(url, "the address of a store")
    check(_abi.optimizer_open(address, encode(name, "the name of a study"), handle, text, _MODES[mode], pointer))
    return pointer.value


def open(url: str, name: str, space: Any = None, **keywords: Any) -> Study:
    """`Study.open`: the study of that name in a store, "sqlite:PATH" or "memory:"."""
    return Study.open(url, name, space, **keywords)


def studies(url: str) -> Dict[str, int]:
    """The names of the studies in a store, each with the number of lines that its log has."""
    import json

    found = json.loads(read_bytes(_abi.store_list, encode(url, "the address of a store")))
    return {study["name"]: study["lines"] for study in found}


def delete_study(url: str, name: str) -> None:
    """Deletes a study of a store for good, whoever has it open."""
    check(_abi.store_delete(encode(url, "the address of a store"), encode(name, "the name of a study")))
