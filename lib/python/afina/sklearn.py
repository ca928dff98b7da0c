"""Hyperparameter search for scikit-learn: `AfinaSearchCV` in place of `RandomizedSearchCV`.

    from afina.sklearn import AfinaSearchCV

    search = AfinaSearchCV(SVC(), {"C": (1e-3, 1e3, "log"), "gamma": (1e-4, 1.0, "log")}, n_iter=40, n_jobs=4)
    search.fit(x, y).best_params_

Needs scikit-learn 1.4 or later.
"""

from __future__ import annotations

import math
import numbers
from typing import Any, Callable, Dict, List, Mapping, Optional

from joblib import effective_n_jobs  # type: ignore[import-untyped]
from sklearn.model_selection._search import BaseSearchCV  # type: ignore[import-untyped]
from sklearn.utils import check_random_state  # type: ignore[import-untyped]

from ._errors import Done, Exhausted
from ._study import Study
from ._trial import Trial, TrialState

__all__ = ["AfinaSearchCV"]


class AfinaSearchCV(BaseSearchCV):  # type: ignore[misc]
    """Searches the hyperparameters of an estimator by cross-validation.

    `space` is a dict as `afina.minimize` takes it, its names those of `estimator.set_params`. `n_iter` configurations are
    tried: `method` suggests them, `n_jobs` of them (or `batch`) before their scores are known. `options` are further ones
    of the study, such as `{"gp.acquisition": "lcb"}`. With several metrics the search follows the one that `refit` names,
    or the first. Configurations whose fits all fail are failed trials of `study_` and, where scikit-learn refuses
    to tabulate them, not in `cv_results_`. All other arguments and what `fit` sets are those of `RandomizedSearchCV`; `study_` is the study, whose
    values are mean test scores.
    """

    def __init__(
        self,
        estimator: Any,
        space: Any,
        *,
        n_iter: int = 50,
        method: str = "auto",
        options: Optional[Mapping[str, Any]] = None,
        batch: Optional[int] = None,
        scoring: Any = None,
        n_jobs: Optional[int] = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: Any = "2*n_jobs",
        random_state: Any = None,
        error_score: Any = math.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.space = space
        self.n_iter = n_iter
        self.method = method
        self.options = options
        self.batch = batch
        self.random_state = random_state

    def _run_search(self, evaluate_candidates: Callable[[List[Dict[str, Any]]], Dict[str, Any]]) -> None:
        size = _positive(self.batch, "batch") if self.batch is not None else effective_n_jobs(self.n_jobs)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self.study_ = Study(self.space, method=self.method, direction="maximise", seed=seed, **dict(self.options or {}))
        left = _positive(self.n_iter, "n_iter")
        failure: Optional[ValueError] = None
        while left > 0:
            trials = _ask(self.study_, min(size, left))
            if not trials:
                break
            left -= len(trials)
            try:
                results = evaluate_candidates([trial.params for trial in trials])
            except ValueError as error:
                if not _all_fits_failed(error):
                    raise
                failure = error
                for trial in trials:
                    trial.tell_failed("all fits failed")
                continue
            scores = results[f"mean_test_{self._metric(results)}"][-len(trials) :]
            for trial, score in zip(trials, scores):
                _tell(trial, float(score))
        if failure is not None and not any(trial.state is TrialState.COMPLETE for trial in self.study_):
            raise failure

    def _metric(self, results: Dict[str, Any]) -> str:
        if isinstance(self.refit, str):
            return self.refit
        names = [key[len("mean_test_") :] for key in results if key.startswith("mean_test_")]
        return "score" if "score" in names else names[0]


def _positive(value: Any, name: str) -> int:
    if not isinstance(value, numbers.Integral) or value < 1:
        raise ValueError(f"{name} must be an integer of at least 1, got {value!r}")
    return int(value)


def _all_fits_failed(error: ValueError) -> bool:
    """scikit-learn raises it where no fit of the candidates that it was given ended with a score."""
    return "fits failed" in str(error)


def _ask(study: Study, most: int) -> List[Trial]:
    trials: List[Trial] = []
    try:
        while len(trials) < most:
            trials.append(study.ask())
    except (Done, Exhausted):  # a finite space has no more points
        pass
    return trials


def _tell(trial: Trial, score: float) -> None:
    if math.isnan(score):
        trial.tell_failed("the score is NaN")
    else:
        trial.tell(score)
