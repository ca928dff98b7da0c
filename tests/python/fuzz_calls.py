"""Calls everything public with every kind of value in every place; prints how many calls there were.

Run by test_fuzz.py in a process of its own: what is looked for is a crash, and exceptions that say nothing to a user.
"""

import ctypes
import inspect
import math
import os
import sys
import tempfile

import afina
from afina import optuna

VAGUE = (ctypes.ArgumentError, AssertionError, SystemError, NameError, UnboundLocalError, RecursionError)


class Odd:
    """Answers every question with an exception."""

    def __getattr__(self, name):
        raise AttributeError(name)

    def __iter__(self):
        raise RuntimeError("no iteration")

    def __float__(self):
        raise ValueError("no float")

    def __index__(self):
        raise ValueError("no index")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


class Text(str):
    pass


def raises(*arguments, **keywords):
    raise ZeroDivisionError


def values():
    loop = []
    loop.append(loop)
    other = afina.Study({"y": (0.0, 1.0)}, method="random")
    return [
        None,
        True,
        False,
        0,
        1,
        -1,
        3,
        2**31,
        2**63,
        -(2**63) - 1,
        2**70,
        10**400,
        0.0,
        -0.0,
        0.5,
        1e300,
        5e-324,
        math.nan,
        math.inf,
        -math.inf,
        1j,
        "",
        "x",
        "x\0y",
        "\ud800",
        "é" * 2000,
        "log",
        Text("x"),
        b"",
        b"x\0",
        bytearray(b"x"),
        memoryview(b"x"),
        (),
        [],
        [1.0],
        [[1]],
        [None],
        ["a", "b"],
        ("a",),
        {},
        {"x": 0.5},
        {"x": "a"},
        {"": 1},
        {1: 2},
        {"z": 3},
        {"x": None},
        {"x": math.nan},
        set(),
        {1, 2},
        frozenset("a"),
        range(3),
        range(0),
        object(),
        object,
        type,
        Odd(),
        raises,
        ValueError,
        ValueError("x"),
        loop,
        ctypes.c_double(1),
        ctypes.c_void_p(1),
        afina.TrialState.COMPLETE,
        afina.Real(0, 1),
        afina.Space({"x": (0.0, 1.0)}),
        other,
        other.ask(),
        afina.TrialState,
        iter([1]),
        (i for i in "ab"),
        os,
    ]


def objects():
    """Fresh things whose methods are called."""
    space = afina.Space({"x": (0.0, 1.0), "c": ["a", None]})
    study = afina.Study(space, method="random")
    study.tell(study.ask(), 1.0)
    free = afina.Study(method="random")
    trial = free.ask()
    trial.suggest_float("x", 0, 1)
    closed = afina.Study(space)
    closed.close()
    return [space, study, study.ask(), study[0], free, trial, closed, study.result(), study.model()]


# What waits for hours, or ends the process, is not a call of a fuzz test.
LEFT_OUT = {"load"}


def public(thing):
    for name in dir(thing):
        if name.startswith("_") and name not in ("__getitem__", "__exit__"):
            continue
        if name not in LEFT_OUT:
            yield name


def arguments(function):
    try:
        return [p for p in inspect.signature(function).parameters.values() if p.kind != p.VAR_KEYWORD]
    except (TypeError, ValueError):
        return []


USUAL = {
    "objective": raises,
    "space": {"x": (0.0, 1.0)},
    "trials": 2,
    "name": "n",
    "low": 0,
    "high": 1,
    "choices": ["a", "b"],
    "params": {"x": 0.5},
    "value": 1.0,
    "values": 1.0,
    "trial": 0,
    "text": "t",
    "key": "k",
    "reason": "r",
    "observer": raises,
    "what": "values",
    "index": 0,
    "mean": 0,
    "sd": 1,
    "errors": 0.1,
    "step": None,
    "lower": 1,
    "percentile": 50,
}


class Count:
    calls = 0


def call(function, *positional, **keywords):
    Count.calls += 1
    try:
        function(*positional, **keywords)
    except VAGUE as error:
        print(f"{function} {positional!r:.200} {keywords!r:.200}: {type(error).__name__}: {error}")
        sys.exit(1)
    except Exception:
        pass


def fuzz(function):
    named = [p for p in arguments(function) if p.name != "self"]
    usual = {
        p.name: USUAL[p.name] for p in named if p.name in USUAL and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    }
    call(function)
    for value in values():
        call(function, value)
        call(function, *[value] * max(1, len(named)))
        call(function, unknown=value)
        for parameter in named:
            if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                call(function, **{**usual, parameter.name: value})


def main():
    os.chdir(tempfile.mkdtemp())
    kinds = [getattr(afina, name) for name in afina.__all__]
    kinds += [getattr(optuna, name) for name in optuna.__all__]
    for group in (optuna.samplers, optuna.pruners):
        kinds += list(vars(group).values())
    for kind in kinds:
        if callable(kind):
            fuzz(kind)
        if isinstance(kind, type) and not issubclass(kind, BaseException):
            for name in public(kind):
                if inspect.ismethod(getattr(kind, name, None)):
                    fuzz(getattr(kind, name))
    for index, thing in enumerate(objects()):
        for name in public(thing):
            if callable(getattr(type(thing), name, None)):
                fuzz(getattr(objects()[index], name))
            else:
                call(getattr, thing, name)
    print(Count.calls)


if __name__ == "__main__":
    main()
