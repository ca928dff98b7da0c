"""The library's own network through its shared library, which AFINA_LIBRARY names."""
import ctypes
import functools
import json
import os

import numpy

SIZE, HANDLE = ctypes.c_size_t, ctypes.c_void_p


@functools.lru_cache(None)
def library():
    lib = ctypes.CDLL(os.environ["AFINA_LIBRARY"])
    lib.afina_last_error.restype = ctypes.c_char_p
    lib.afina_space_from_json.argtypes = [ctypes.POINTER(HANDLE), ctypes.c_char_p, SIZE]
    lib.afina_point_from_json.argtypes = [ctypes.POINTER(HANDLE), HANDLE, ctypes.c_char_p, SIZE]
    lib.afina_dataset_from_arrays.argtypes = [ctypes.POINTER(HANDLE), HANDLE, SIZE, SIZE, HANDLE, ctypes.c_int32]
    lib.afina_mlp_new.argtypes = [ctypes.POINTER(HANDLE), HANDLE]
    lib.afina_mlp_set_integer.argtypes = [HANDLE, ctypes.c_char_p, ctypes.c_int64]
    lib.afina_network_train_epochs.argtypes = [ctypes.POINTER(HANDLE), HANDLE, HANDLE, ctypes.c_int32, ctypes.c_uint64]
    lib.afina_network_score.argtypes = [HANDLE, HANDLE, ctypes.c_char_p, ctypes.POINTER(ctypes.c_double)]
    for noun in ("space", "point", "dataset", "mlp", "network"):
        getattr(lib, "afina_%s_free" % noun).argtypes = [HANDLE]
    return lib


class Owned:
    """What was made, freed in the other order at the end of a with statement."""

    def __init__(self):
        self.made = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for noun, handle in reversed(self.made):
            getattr(library(), "afina_%s_free" % noun)(handle)

    def new(self, noun, function, *words):
        out = HANDLE()
        must(getattr(library(), function)(ctypes.byref(out), *words))
        self.made.append((noun, out))
        return out


class Diverged(Exception):
    """The training gave no numbers: the evaluation failed."""


def must(status):
    if status < 0:
        raise Diverged(library().afina_last_error().decode())


@functools.lru_cache(None)
def space_of(text):
    out = HANDLE()
    must(library().afina_space_from_json(ctypes.byref(out), text, len(text)))
    return out


def dataset(owned, x, y, classes):
    x, y = numpy.ascontiguousarray(x, dtype=float), numpy.ascontiguousarray(y, dtype=float)
    return owned.new("dataset", "afina_dataset_from_arrays", x.ctypes.data, x.shape[0], x.shape[1], y.ctypes.data,
                     0 if classes else 1)


def trained(space, p, rows, epochs, metric, seed, classes):
    """The metric on the rows that were kept back, after so many epochs on the others."""
    a, b, c, d = rows
    with Owned() as owned:
        text = json.dumps(p).encode()
        point = owned.new("point", "afina_point_from_json", space_of(json.dumps(space).encode()), text, len(text))
        mlp = owned.new("mlp", "afina_mlp_new", dataset(owned, a, b, classes))
        must(library().afina_mlp_set_integer(mlp, b"epochs", epochs))
        network = owned.new("network", "afina_network_train_epochs", mlp, point, epochs, seed)
        value = ctypes.c_double()
        must(library().afina_network_score(network, dataset(owned, c, d, classes), metric.encode(), ctypes.byref(value)))
        return value.value
