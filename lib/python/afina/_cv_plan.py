"""What a trial of a search is: a fold of a configuration, or all folds with a part of a resource."""

from __future__ import annotations

import numbers
from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np  # type: ignore[import-not-found,unused-ignore]
from sklearn.base import is_classifier  # type: ignore[import-untyped]
from sklearn.utils.multiclass import type_of_target  # type: ignore[import-untyped]
from sklearn.utils.validation import _num_samples  # type: ignore[import-untyped]

from ._cv_fits import Fit, Split, Splits
from ._cv_table import Row
from ._options import options, schedulers
from ._trial import Trial

SAMPLES = "n_samples"
DECIDED = ("scheduler", "replicates", "budget_min", "budget_max")  # options that the plans set


def whole_number(value: Any, name: str, words: str = "") -> int:
    """A whole number of at least 1; `words` says what else it may be."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} must be an integer of at least 1{words}, got {value!r}")
    return int(value)


def check_options(given: Mapping[str, Any]) -> None:
    """An option that another argument decides is refused."""
    for key in DECIDED:
        if key in given:
            raise ValueError(f"options must not have {key!r}: the arguments scheduler, resource and cv decide it")


class FoldPlan:
    """A trial is one fold of a configuration, and a row of the table a configuration."""

    def __init__(self, search: Any, splits: Splits) -> None:
        self.splits = splits
        self.rows: Dict[int, Row] = {}
        n_splits = len(splits.folds)
        if n_splits < 2:
            raise ValueError(f"cv must have at least 2 splits with scheduler={search.scheduler!r}, got {n_splits}")
        self.options = {
            "scheduler": search.scheduler,
            "replicates": n_splits,
            "budget_total": whole_number(search.n_iter, "n_iter") * n_splits,
        }

    def fits(self, trial: Trial) -> List[Fit]:
        """The fits of a trial."""
        return [(trial.params, self.splits.folds[trial.replicate])]

    def row(self, trial: Trial) -> Row:
        """The row of a trial."""
        return self.rows.setdefault(trial.arm, Row(trial.params, {"n_splits": 0}))

    def keep(self, trial: Trial, outcomes: List[Any]) -> None:
        """Puts the outcomes of a trial into its row."""
        row = self.row(trial)
        row.outcomes[trial.replicate] = outcomes[0]
        row.further = row.more["n_splits"] = len(row.outcomes)


class ResourcePlan:
    """A trial is all folds of a configuration with so much of the resource, and a row of the table as well."""

    def __init__(self, search: Any, splits: Splits, seed: int) -> None:
        self.splits = splits
        self.resource = _resource(search)
        self.rows: Dict[int, Row] = {}
        self.trials_of: Dict[int, int] = {}  # arm -> trials up to now
        self.least, self.most = _range(search, splits)
        scheduler = "adaptive" if search.scheduler is None else search.scheduler
        self.options = {
            "scheduler": scheduler,
            f"{scheduler}.eta": _eta(search.factor, scheduler),
            "budget_min": self.least,
            "budget_max": self.most,
            "budget_total": whole_number(search.n_iter, "n_iter") * self.most,
        }
        if self.resource == SAMPLES:
            self.n_samples = _num_samples(splits.x)
            self.orders = _orders(search, splits, seed)

    def fits(self, trial: Trial) -> List[Fit]:
        """The fits of a trial. None goes on from another: each begins from nothing."""
        if trial.start > 0:
            trial.restart()
        amount = int(trial.budget)
        if self.resource != SAMPLES:
            return [({**trial.params, self.resource: amount}, split) for split in self.splits.folds]
        return [(trial.params, self._part(fold, amount)) for fold in range(len(self.splits.folds))]

    def _part(self, fold: int, amount: int) -> Split:
        train, test = self.splits.folds[fold]
        if amount == self.n_samples:
            return train, test
        order = self.orders[fold]
        return np.sort(order[: max(1, amount * len(order) // self.n_samples)]), test

    def keep(self, trial: Trial, outcomes: List[Any]) -> None:
        """Makes the row of a trial."""
        amount = int(trial.budget)
        before = self.trials_of.get(trial.arm, 0)
        self.trials_of[trial.arm] = before + 1
        params = trial.params if self.resource == SAMPLES else {**trial.params, self.resource: amount}
        row = self.rows[trial.number] = Row(params, {"iter": before, "n_resources": amount})
        row.outcomes = dict(enumerate(outcomes))
        row.further = amount


def _resource(search: Any) -> str:
    known = [SAMPLES, *sorted(search.estimator.get_params())]
    if search.resource not in known:
        raise ValueError(f"resource must be one of {', '.join(known)}, got {search.resource!r}")
    return str(search.resource)


def _most(search: Any, splits: Splits) -> int:
    given, samples = search.max_resources, search.resource == SAMPLES
    if given == "auto" and samples:
        return int(_num_samples(splits.x))
    most = whole_number(given, "max_resources", ' or "auto"' if samples else f" with resource={search.resource!r}")
    if samples and most > _num_samples(splits.x):
        raise ValueError(f"max_resources must be at most {_num_samples(splits.x)}, the number of samples, got {most}")
    return most


def _range(search: Any, splits: Splits) -> Tuple[int, int]:
    most = _most(search, splits)
    if search.min_resources == "smallest":
        return min(_smallest(search, splits), most), most
    least = whole_number(search.min_resources, "min_resources", ' or "smallest"')
    if least > most:
        raise ValueError(f"min_resources must be at most max_resources, which is {most}, got {least}")
    return least, most


def _smallest(search: Any, splits: Splits) -> int:
    """As in HalvingRandomSearchCV: of samples twice the number of folds, for each class."""
    if search.resource != SAMPLES:
        return 1
    classes = _classes(search, splits)
    return 2 * len(splits.folds) * (1 if classes is None else int(classes.max()) + 1)


def _classes(search: Any, splits: Splits) -> Any:
    """The class of each sample, from 0; None where there are none."""
    if splits.y is None or not is_classifier(search.estimator):
        return None
    if type_of_target(splits.y) not in ("binary", "multiclass"):
        return None
    return np.unique(np.asarray(splits.y).ravel(), return_inverse=True)[1]


def _eta(factor: Any, scheduler: str) -> float:
    named = schedulers()
    if scheduler not in named:
        raise ValueError(f"scheduler must be one of {', '.join(named)}, got {scheduler!r}")
    eta = _option(scheduler, "eta")
    if eta is None:
        able = ", ".join(name for name in named if _option(name, "eta") is not None)
        raise ValueError(f"scheduler must be one of {able} with a resource, got {scheduler!r}")
    if not isinstance(factor, numbers.Real) or not eta.low <= factor <= eta.high:
        raise ValueError(
            f"factor must be a number in [{eta.low:g}, {eta.high:g}] with scheduler={scheduler!r}, got {factor!r}"
        )
    return float(factor)


def _option(scheduler: str, name: str) -> Optional[Any]:
    return next((option for option in options(scheduler) if option.name == name), None)


def _orders(search: Any, splits: Splits, seed: int) -> List[Any]:
    """The training rows of each fold in the order in which they are used: more of them are those and others."""
    classes = _classes(search, splits)
    orders = []
    for fold, (train, _) in enumerate(splits.folds):
        rows = np.asarray(train)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        rows = rows[np.random.RandomState([seed, fold]).permutation(len(rows))]
        orders.append(rows if classes is None else _mixed(rows, classes[rows]))
    return orders


def _mixed(rows: Any, classes: Any) -> Any:
    """Rows in an order of which every beginning has the classes in about their shares, and each of them soon."""
    place = np.empty(len(rows))
    for which in np.unique(classes):
        own = np.flatnonzero(classes == which)
        place[own] = np.arange(len(own)) / len(own)
    return rows[np.argsort(place, kind="stable")]
