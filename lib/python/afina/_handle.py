"""Handles of the library, freed when nothing in Python refers to them any more."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional


class Handle:
    """One handle. A call keeps this object while it uses `pointer`, so it is never freed under a call."""

    __slots__ = ("pointer", "_free")

    def __init__(self, pointer: Optional[int], free: Callable[..., None]) -> None:
        self.pointer = pointer
        self._free = free

    def __del__(self) -> None:
        self._free(self.pointer)

    def __reduce__(self) -> Any:
        raise TypeError("a handle of the library cannot be pickled")
