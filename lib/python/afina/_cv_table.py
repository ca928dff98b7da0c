"""`cv_results_` of a search that did not run every split of every candidate."""

from __future__ import annotations

import math
import warnings
from typing import Any, Callable, Dict, List, Sequence, Tuple

import numpy as np  # type: ignore[import-not-found,unused-ignore]

from ._cv_fits import Outcome

Format = Callable[[List[Dict[str, Any]], int, List[Dict[str, Any]], Dict[str, List[Any]]], Dict[str, Any]]


class Row:
    """A candidate: its parameters, the outcomes of the splits that were run, and what else its row says.

    Rows that got `further` rank before others.
    """

    def __init__(self, params: Dict[str, Any], more: Dict[str, int]) -> None:
        self.params = params
        self.more = more
        self.outcomes: Dict[int, Outcome] = {}
        self.further = 0


def make_table(rows: Sequence[Row], n_splits: int, error_score: float, form: Format) -> Dict[str, Any]:
    """The columns that scikit-learn makes (`form`); means, deviations and ranks are over the splits that were run."""
    known = next(outcome for row in rows for outcome in row.outcomes.values() if outcome)
    missing, failed = _like(known, math.nan), _like(known, error_score)
    fits = [row.outcomes.get(split, missing) or failed for row in rows for split in range(n_splits)]
    more = {key: [row.more[key] for row in rows] for key in rows[0].more}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="One or more of the")  # the splits that were not run
        table = form([row.params for row in rows], n_splits, fits, more)
    ran = np.array([[split in row.outcomes for split in range(n_splits)] for row in rows])
    for key in ("fit_time", "score_time"):
        _average(table, key, np.array([fit[key] for fit in fits], dtype=float).reshape(ran.shape), ran)
    for key in [key[len("mean_") :] for key in table if key.startswith(("mean_test_", "mean_train_"))]:
        _average(table, key, np.array([table[f"split{split}_{key}"] for split in range(n_splits)]).T, ran)
    for key in [key for key in table if key.startswith("rank_")]:
        table[key] = _ranks([row.further for row in rows], table["mean_" + key[len("rank_") :]])
    return table


def _like(known: Dict[str, Any], score: float) -> Dict[str, Any]:
    """The outcome of a fit that did not take place, or that failed."""
    made = {key: _scores(value, score) if key.endswith("_scores") else None for key, value in known.items()}
    return {**made, "fit_time": math.nan, "score_time": math.nan}


def _scores(known: Any, score: float) -> Any:
    return {name: score for name in known} if isinstance(known, dict) else score


def _average(table: Dict[str, Any], key: str, values: Any, ran: Any) -> None:
    """A fit that failed without an `error_score` makes the mean NaN, as scikit-learn has it."""
    count = ran.sum(axis=1)
    mean = np.where(ran, values, 0.0).sum(axis=1) / count
    squares = np.where(ran, (values - mean[:, np.newaxis]) ** 2, 0.0).sum(axis=1) / count
    table[f"mean_{key}"], table[f"std_{key}"] = mean, np.sqrt(squares)


def _ranks(further: Sequence[int], means: Sequence[float]) -> Any:
    """1 for the best; equal ones share the best of their ranks, NaN is the last."""
    keys: List[Tuple[int, float]] = [(-1, 0.0) if math.isnan(m) else (f, float(m)) for f, m in zip(further, means)]
    first: Dict[Tuple[int, float], int] = {}
    for place, key in enumerate(sorted(keys, reverse=True), 1):
        first.setdefault(key, place)
    return np.array([first[key] for key in keys], dtype=np.int32)
