"""The log of a study in a file of whole lines, written as it grows."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from typing import Any, Dict, Optional

from . import _abi
from ._errors import check, error
from ._handle import Handle

CHUNK = 1 << 16


def open_file(path: str) -> int:
    """The file, made where it is missing and locked against other processes."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # no locks on this system
        pass
    except OSError:
        os.close(file)
        raise error(_abi.E_STATE, f"the log {path} is open in another study or process") from None
    return file


def read_lines(file: int) -> bytes:
    """The whole lines of the file; the beginning of one that was not finished is cut off."""
    parts = []
    os.lseek(file, 0, os.SEEK_SET)
    while True:
        part = os.read(file, CHUNK)
        if not part:
            break
        parts.append(part)
    text = b"".join(parts)
    whole = text[: text.rfind(b"\n") + 1]
    if len(whole) < len(text):
        os.ftruncate(file, len(whole))
    return whole


def read_log(text: bytes) -> Handle:
    """The study of a log."""
    pointer = ctypes.c_void_p()
    check(_abi.optimizer_from_log(pointer, text, len(text)))
    return Handle(pointer.value, _abi.optimizer_free)


def read_from(optimizer: Any, position: int, room: int = CHUNK) -> "tuple[bytes, int]":
    """Lines from a position on, and the position behind them."""
    length, after = ctypes.c_size_t(), ctypes.c_int64()
    while True:
        buffer = ctypes.create_string_buffer(room)
        status = _abi.log_read(optimizer, position, buffer, room, length, after)
        if status == _abi.E_RANGE and length.value >= room:
            room = length.value + 1
            continue
        check(status)
        return buffer.raw[: length.value], after.value


def check_header(path: str, optimizer: Any, text: bytes) -> None:
    """The study that the program describes must be the one that the file began with."""
    mine = _settings(read_from(optimizer, 0)[0])
    theirs = _settings(text)
    keys = sorted(key for key in {*mine, *theirs} if mine.get(key) != theirs.get(key))
    if keys:
        shown = "; ".join(f"{key}: {_short(theirs.get(key))} in the file, {_short(mine.get(key))} here" for key in keys)
        raise error(_abi.E_STATE, f"the log {path} belongs to a study with other settings: {shown}")


def _settings(text: bytes) -> Dict[str, Any]:
    """What the first line says, with the options one by one."""
    header: Dict[str, Any] = json.loads(text.split(b"\n", 1)[0])
    options = header.pop("options", {})
    return {**header, **options}


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 300 else text[:297] + "..."


class LogFile:
    """Appends what is new in the log of a study to its file."""

    def __init__(self, path: str, file: int, position: int) -> None:
        self.path = path
        self._file: Optional[int] = file
        self._size: Optional[int] = None  # of the file when it was released
        self._position = position
        self._lock = threading.Lock()
        self._process = os.getpid()

    def flush(self, optimizer: Any) -> None:
        """Writes the lines that came since; in a forked child nothing."""
        if self._process != os.getpid():
            return
        with self._lock:
            while self._file is not None or self._size is not None:
                lines, position = read_from(optimizer, self._position)
                if not lines:
                    return
                self._take()
                self._write(lines)
                self._position = position

    def _write(self, lines: bytes) -> None:
        assert self._file is not None
        end = os.lseek(self._file, 0, os.SEEK_END)
        try:
            left = memoryview(lines)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:
            os.ftruncate(self._file, end)
            raise

    def release(self) -> None:
        """Lets another study have the file until this one goes on."""
        with self._lock:
            if self._file is not None and self._process == os.getpid():
                self._size = os.lseek(self._file, 0, os.SEEK_END)
                os.close(self._file)
                self._file = None

    def take(self) -> None:
        """Has the file again, for a study that goes on."""
        if self._process == os.getpid():
            with self._lock:
                self._take()

    def _take(self) -> None:
        if self._size is None:
            return
        file = open_file(self.path)
        if os.lseek(file, 0, os.SEEK_END) != self._size:
            os.close(file)
            raise error(_abi.E_STATE, f"the log {self.path} has grown by another study since: load that to go on")
        self._file, self._size = file, None

    def close(self) -> None:
        """Lets go of the file for good."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
            self._file = self._size = None

    def __del__(self) -> None:
        self.close()
