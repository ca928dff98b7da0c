"""What the tasks minimise, and on which rows: fixed folds, or a split that is drawn anew for each evaluation."""
import functools

import numpy
from scipy import stats
from sklearn.model_selection import KFold, StratifiedKFold


def error(model, x, y):
    return float(numpy.mean(model.predict(x) != y))


def squared(model, x, y):
    return float(numpy.mean((model.predict(x) - y) ** 2))


def absolute(model, x, y):
    return float(numpy.mean(numpy.abs(model.predict(x) - y)))


def log_loss(model, x, y):
    """Mean cross-entropy; a probability of 0 counts as 1e-6."""
    p = numpy.clip(model.predict_proba(x), 1e-6, 1)
    p = p / p.sum(axis=1, keepdims=True)
    return float(-numpy.log(p[numpy.arange(len(y)), numpy.searchsorted(model.classes_, y)]).mean())


def auc(model, x, y):
    """1 - the area under the curve, of two classes."""
    s = model.decision_function(x) if hasattr(model, "decision_function") else model.predict_proba(x)[:, 1]
    rank, one = stats.rankdata(s), y == y.max()
    ones, zeros = one.sum(), (~one).sum()
    return 1 - float((rank[one].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def is_classes(y):
    return numpy.issubdtype(y.dtype, numpy.integer) and len(numpy.unique(y)) < 20


def parts(y, share, rng):
    """Row numbers that train and that judge, each class in proportion."""
    groups = [numpy.flatnonzero(y == c) for c in numpy.unique(y)] if is_classes(y) else [numpy.arange(len(y))]
    train, test = [], []
    for rows in groups:
        rows = rng.permutation(rows)
        count = max(1, int(round(share * len(rows))))
        test.append(rows[:count])
        train.append(rows[count:])
    return numpy.concatenate(train), numpy.concatenate(test)


@functools.lru_cache(None)
def fixed_folds(classes, count):
    """classes: the bytes of the class numbers, or a number of rows."""
    y = numpy.frombuffer(classes, dtype=numpy.int64) if isinstance(classes, bytes) else numpy.zeros(classes)
    cut = StratifiedKFold if isinstance(classes, bytes) else KFold
    return list(cut(count, shuffle=True, random_state=0).split(y, y))


def folds(make, loss, x, y, count):
    """The mean over fixed folds."""
    key = y.astype(numpy.int64).tobytes() if is_classes(y) else len(y)
    return float(numpy.mean([loss(make().fit(x[train], y[train]), x[test], y[test])
                             for train, test in fixed_folds(key, count)]))


def split(x, y, seed, share=0.3):
    """Rows that train and rows that judge, by the seed of the replicate."""
    train, test = parts(y, share, numpy.random.RandomState(seed))
    return x[train], y[train], x[test], y[test]


def once(make, loss, x, y, seed, share=0.3):
    """One training on a drawn split."""
    a, b, c, d = split(x, y, seed, share)
    return loss(make().fit(a, b), c, d)
