"""Hyperparameter search for scikit-learn: `AfinaSearchCV` for `RandomizedSearchCV` and `HalvingRandomSearchCV`.

    from afina.sklearn import AfinaSearchCV

    search = AfinaSearchCV(SVC(), {"C": (1e-3, 1e3, "log"), "gamma": (1e-4, 1.0, "log")}, n_iter=40, n_jobs=4)
    search.fit(x, y).best_params_

Needs scikit-learn 1.4 or later.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping, Optional, Union

from joblib import effective_n_jobs  # type: ignore[import-untyped]
from sklearn.base import is_classifier  # type: ignore[import-untyped]
from sklearn.model_selection import check_cv  # type: ignore[import-untyped]
from sklearn.model_selection._search import BaseSearchCV  # type: ignore[import-untyped]
from sklearn.utils import check_random_state  # type: ignore[import-untyped]

from ._cv_fits import Evaluate, Splits, all_fits_failed
from ._cv_plan import whole_number
from ._cv_run import Scheduled, ask, tell
from ._study import Study
from ._trial import TrialState

__all__ = ["AfinaSearchCV"]


class AfinaSearchCV(BaseSearchCV):  # type: ignore[misc]
    """Searches the hyperparameters of an estimator by cross-validation.

    `space` is a dict as `afina.minimize` takes it, its names those of `estimator.set_params`. `n_iter` configurations
    are tried: `method` suggests them, `n_jobs` of them (or `batch`) before their scores are known. `options` are
    further ones of the study, such as `{"gp.acquisition": "lcb"}`. With several metrics the search follows the one
    that `refit` names, or the first. All other arguments and what `fit` sets are those of `RandomizedSearchCV`;
    `study_` is the study, whose values are mean test scores. Configurations whose fits all fail are failed trials of
    `study_` and, where scikit-learn refuses to tabulate them, not in `cv_results_`.

    **Folds.** With `scheduler="race"` (or another scheduler for replicates) configurations are evaluated fold by fold,
    and poor ones are dropped after few. In all there are as many fits as `n_iter` configurations take on all folds, so
    more configurations are tried. A trial of `study_` is a fold. `cv_results_` has a row for each configuration;
    splits that were not run are NaN, means and deviations are over those that were run, `n_splits` says how many.
    Ranks, and with them `best_index_`, put configurations with more splits before those that were dropped earlier.

    **Resources.** With `resource` ("n_samples", or a parameter of the estimator that takes whole numbers)
    configurations are evaluated with little of it, on all folds, and the better ones again with `factor` times as
    much, from `min_resources` or above up to `max_resources`. `scheduler` decides: "adaptive" (None), "halving",
    "hyperband" or "asha". In all as much of the resource is used as `n_iter` configurations take with `max_resources`,
    each evaluation from nothing. "n_samples" takes part of the training rows of each fold, classes in their shares,
    and all test rows. `min_resources` "smallest" is 2 * splits (* classes) samples or 1 of a parameter;
    `max_resources` "auto" is the number of samples. A trial of `study_` and a row of `cv_results_` is an evaluation:
    `n_resources` says with how much of the resource, `iter` how often its configuration was evaluated before. Ranks,
    and with them `best_index_`, put those with more of the resource first. There is no `aggressive_elimination`: a
    scheduler begins as many configurations as leave some for `max_resources`.

    With either, a fit that fails without a number as `error_score` puts its configuration out and last. A search with
    the same `random_state` and `batch` has the same results for every `n_jobs`, as far as the estimator does. `batch`
    counts trials.
    """

    cv: Any
    _scheduled: Optional[Scheduled] = None  # while it runs

    def __init__(
        self,
        estimator: Any,
        space: Any,
        *,
        n_iter: int = 50,
        method: str = "auto",
        scheduler: Optional[str] = None,
        resource: Optional[str] = None,
        min_resources: Union[int, str] = "smallest",
        max_resources: Union[int, str] = "auto",
        factor: float = 3,
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
        self.scheduler = scheduler
        self.resource = resource
        self.min_resources = min_resources
        self.max_resources = max_resources
        self.factor = factor
        self.options = options
        self.batch = batch
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None, **params: Any) -> AfinaSearchCV:
        """Runs the search, and fits the best configuration to all data unless `refit` is False."""
        if self.resource is None:
            self._refuse_resources()
        if self.resource is None and self.scheduler is None:
            super().fit(X, y, **params)
            return self
        cv = self.cv
        splits = Splits(check_cv(cv, y, classifier=is_classifier(self.estimator)))
        self._scheduled = Scheduled(self, splits)
        self.cv = splits
        try:
            super().fit(X, y, **params)
        finally:
            self.cv = cv
            if self._scheduled.study is not None:
                self.study_ = self._scheduled.study
            del self._scheduled
        self.n_splits_ = len(splits.folds)
        return self

    def _refuse_resources(self) -> None:
        for name, default in (("min_resources", "smallest"), ("max_resources", "auto"), ("factor", 3)):
            if getattr(self, name) != default:
                raise ValueError(f"{name}={getattr(self, name)!r} needs a resource, and resource is None")

    def _format_results(self, candidate_params: Any, n_splits: int, out: Any, more_results: Any = None) -> Any:
        if self._scheduled is not None:
            return self._scheduled.collect(out)
        return super()._format_results(candidate_params, n_splits, out, more_results)

    def _run_search(self, evaluate_candidates: Evaluate) -> None:
        size = effective_n_jobs(self.n_jobs) if self.batch is None else whole_number(self.batch, "batch")
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        if self._scheduled is not None:
            self._scheduled.run(evaluate_candidates, size, seed, super()._format_results)
            return
        study = Study(self.space, method=self.method, direction="maximise", seed=seed, **dict(self.options or {}))
        try:
            self._run_study(study, evaluate_candidates, size)
        finally:
            self.study_ = study  # not before: processes that fit get this object

    def _run_study(self, study: Study, evaluate_candidates: Evaluate, size: int) -> None:
        left = whole_number(self.n_iter, "n_iter")
        failure: Optional[ValueError] = None
        while left > 0:
            trials = ask(study, min(size, left))
            if not trials:
                break
            left -= len(trials)
            try:
                results = evaluate_candidates([trial.params for trial in trials])
            except ValueError as error:
                if not all_fits_failed(error):
                    raise
                failure = error
                for trial in trials:
                    trial.tell_failed("all fits failed")
                continue
            scores = results[f"mean_test_{self._metric(results)}"][-len(trials) :]
            for trial, score in zip(trials, scores):
                tell(trial, float(score))
        if failure is not None and not any(trial.state is TrialState.COMPLETE for trial in study):
            raise failure

    def _metric(self, results: Dict[str, Any]) -> str:
        if isinstance(self.refit, str):
            return self.refit
        names = [key[len("mean_test_") :] for key in results if key.startswith("mean_test_")]
        return "score" if "score" in names else names[0]
