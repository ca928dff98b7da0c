#!/usr/bin/env python3
"""The log's speed beside Python's json module, on the same lines in the same run.

    python3 bench/log.py [lib/libafina.so.0] [trials]

A study of `trials` (100,000) trials of ten parameters, asked of "random" and told, is written
in pieces of 1 MiB, read again, and its lines are parsed by json.loads(). Processor seconds, the
best of five; the last two lines are the ratios.
"""
import ctypes
import json
import sys
import time

PATH = sys.argv[1] if len(sys.argv) > 1 else "lib/libafina.so.0"
TRIALS = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
ROOM = 1 << 20
lib = ctypes.CDLL(PATH)
lib.afina_last_error.restype = ctypes.c_char_p
lib.afina_trial_free.argtypes = lib.afina_optimizer_free.argtypes = [ctypes.c_void_p]
lib.afina_trial_free.restype = lib.afina_optimizer_free.restype = None


def call(name, *arguments):
    status = getattr(lib, name)(*arguments)
    if status != 0:
        sys.exit(f"{name}: {status}: {lib.afina_last_error().decode()}")


def make_study():
    space, optimizer = ctypes.c_void_p(), ctypes.c_void_p()
    call("afina_space_new", ctypes.byref(space))
    for i in range(10):
        low, high = ctypes.c_double(1e-5), ctypes.c_double(1.0)
        call("afina_space_add_real", space, b"parameter_%d" % i, low, high, i % 2)
    call("afina_optimizer_new", ctypes.byref(optimizer), space, b"random")
    trial = ctypes.c_void_p()
    value = ctypes.c_double()
    for i in range(TRIALS):
        call("afina_ask", optimizer, ctypes.byref(trial))
        value.value = (i * 0.6180339887498949) % 1.0
        call("afina_tell", optimizer, ctypes.c_int64(i), ctypes.byref(value), ctypes.c_size_t(1))
        lib.afina_trial_free(trial)
    return optimizer


def write(optimizer):
    room = ctypes.create_string_buffer(ROOM)
    length, position, pieces = ctypes.c_size_t(), ctypes.c_int64(0), []
    while True:
        call("afina_log_read", optimizer, position, room, ctypes.c_size_t(ROOM), ctypes.byref(length),
             ctypes.byref(position))
        if length.value == 0:
            return pieces
        pieces.append(ctypes.string_at(room, length.value))


def read(text):
    optimizer = ctypes.c_void_p()
    call("afina_optimizer_from_log", ctypes.byref(optimizer), text, ctypes.c_size_t(len(text)))
    return optimizer


def parse(lines):
    for line in lines:
        json.loads(line)


def best(function, *arguments, after=None):
    least = float("inf")
    for _ in range(5):
        start = time.process_time()
        result = function(*arguments)
        least = min(least, time.process_time() - start)
        if after:
            after(result)
    return least


def main():
    optimizer = make_study()
    text = b"".join(write(optimizer))
    lines = text.splitlines()
    written, parsed = best(write, optimizer), best(parse, lines)
    was_read = best(read, text, after=lib.afina_optimizer_free)
    print(f"{TRIALS} trials, {len(lines)} lines, {len(text) / 1e6:.1f} MB")
    print(f"seconds: written {written:.3f}, read {was_read:.3f}, parsed by Python {parsed:.3f}")
    print(f"written / parsed: {written / parsed:.2f}")
    print(f"read / parsed: {was_read / parsed:.2f}")


main()
