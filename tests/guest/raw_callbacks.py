"""Functions of Python handed to the library as a beginner would do it, by ctypes and without the package: an exception
is printed by ctypes and swallowed, and what the library gets as the answer is whatever stood in memory. It records no
result that was not set."""

import ctypes
import sys
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_void_p

library = ctypes.CDLL(sys.argv[1])
library.afina_last_error.restype = c_char_p
library.afina_trial_free.argtypes = library.afina_optimizer_free.argtypes = library.afina_space_free.argtypes = [c_void_p]
OBJECTIVE = CFUNCTYPE(c_int32, c_void_p, POINTER(c_double), c_void_p)
FILTER = CFUNCTYPE(c_int32, c_void_p, c_void_p)
OBSERVER = CFUNCTYPE(c_int32, c_int32, c_void_p, c_int64, c_void_p)
OK, COMPLETE = 0, 1
TRIALS = 20


def optimizer():
    space, made = c_void_p(), c_void_p()
    assert library.afina_space_new(byref(space)) == OK
    add = library.afina_space_add_real
    add.argtypes = [c_void_p, c_char_p, c_double, c_double, c_int32]
    assert add(space, b"x", 0, 1, 0) == OK
    assert library.afina_optimizer_new(byref(made), space, b"random") == OK
    library.afina_space_free(space)
    return made


def optimize(made, objective):
    library.afina_optimize.argtypes = [c_void_p, OBJECTIVE, c_void_p, c_int64]
    return library.afina_optimize(made, objective, None, TRIALS)


def states(made):
    column, count = (c_int32 * TRIALS)(), ctypes.c_size_t()
    library.afina_column_states.argtypes = [c_void_p, c_int64, POINTER(c_int32), ctypes.c_size_t, c_void_p]
    assert library.afina_column_states(made, 0, column, TRIALS, byref(count)) == OK
    return list(column[: min(count.value, TRIALS)])


@OBJECTIVE
def fine(trial, values, user):
    values[0] = 1.5
    return OK


@OBJECTIVE
def raises(trial, values, user):
    raise ValueError("lost by ctypes")


@OBJECTIVE
def is_interrupted(trial, values, user):
    raise KeyboardInterrupt


@OBJECTIVE
def raises_after_half(trial, values, user):
    raise ValueError(values[0])  # what is there before it was set: NaN


@FILTER
def raising_filter(point, user):
    raise ValueError("lost by ctypes")


@OBSERVER
def raising_observer(event, trial, report, user):
    raise ValueError("lost by ctypes")


def swallow(unraisable):
    swallowed.append(unraisable.exc_type)


swallowed = []
sys.unraisablehook = swallow

# Whatever ctypes answers for the function (AFINA_CANCELLED would end the run), a value that was not set is none.
for objective in raises, is_interrupted, raises_after_half:
    made = optimizer()
    assert optimize(made, objective) != OK
    assert states(made) and COMPLETE not in states(made)
    assert optimize(made, fine) == OK
    library.afina_optimizer_free(made)

# An observer's answer that is not 0 ends the run. Nothing told is lost.
made = optimizer()
library.afina_optimizer_set_observer.argtypes = [c_void_p, OBSERVER, c_void_p, c_void_p]
assert library.afina_optimizer_set_observer(made, raising_observer, None, None) == OK
optimize(made, fine)
assert set(states(made)) == {COMPLETE}
library.afina_optimizer_free(made)

# So a filter allows, forbids, or ends the call with an error.
made = optimizer()
library.afina_optimizer_set_filter.argtypes = [c_void_p, FILTER, c_void_p, c_void_p]
assert library.afina_optimizer_set_filter(made, raising_filter, None, None) == OK
optimize(made, fine)
assert set(states(made)) <= {COMPLETE}
library.afina_optimizer_free(made)

assert len(swallowed) >= 5 and KeyboardInterrupt in swallowed
print("ok")
