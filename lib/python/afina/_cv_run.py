"""A search whose scheduler decides which fold or how much of a resource the next trial of a configuration gets."""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any, Dict, List, Optional, Union

from sklearn.exceptions import FitFailedWarning  # type: ignore[import-untyped]

from ._cv_fits import Evaluate, Fit, Outcome, Splits, all_fits_failed, run_fits
from ._cv_plan import FoldPlan, ResourcePlan, check_options
from ._cv_table import Format, make_table
from ._errors import Error, NoTrial
from ._study import Study
from ._trial import Trial, one_line


class Scheduled:
    """One call of `fit` of a search with a scheduler."""

    def __init__(self, search: Any, splits: Splits) -> None:
        self.search = search
        self.splits = splits
        self.study: Optional[Study] = None
        self.collected: Dict[str, Any] = {}  # what scikit-learn takes for its results
        self.outcomes: List[Dict[str, Any]] = []
        self.failure: Optional[ValueError] = None

    def __reduce__(self) -> Any:
        """Processes that fit get the search as well, and need nothing of this."""
        return type(None), ()

    def collect(self, outcomes: List[Any]) -> Dict[str, Any]:
        """What scikit-learn gets for the outcomes of all fits up to now; it is filled in at the end."""
        self.outcomes = outcomes
        return self.collected

    def run(self, evaluate: Evaluate, size: int, seed: int, form: Format) -> None:
        """Runs the search, `size` trials at a time."""
        plan = self._plan(seed)
        study = self.study = self._study(plan, seed)
        while True:
            trials = ask(study, size) if len(study) else self._ask_first(study, size)
            if not trials:
                break
            self._evaluate(evaluate, plan, trials)
        if self.failure is not None and not self.outcomes:
            raise self.failure
        rows = list(plan.rows.values())
        self.collected.update(make_table(rows, len(self.splits.folds), self._error_score(), form))

    def _plan(self, seed: int) -> Union[FoldPlan, ResourcePlan]:
        if self.search.resource is None:
            return FoldPlan(self.search, self.splits)
        plan = ResourcePlan(self.search, self.splits, seed)
        self.search.min_resources_, self.search.max_resources_ = plan.least, plan.most
        return plan

    def _study(self, plan: Union[FoldPlan, ResourcePlan], seed: int) -> Study:
        search = self.search
        given = dict(search.options or {})
        check_options(given)
        study = Study(
            search.space, method=search.method, direction="maximise", seed=seed, options={**plan.options, **given}
        )
        if search.resource is not None and search.resource in study.space:
            raise ValueError(f"resource must not be a parameter of the space, got {search.resource!r}")
        return study

    def _ask_first(self, study: Study, size: int) -> List[Trial]:
        """The first trial shows whether the options go together."""
        try:
            return ask(study, size)
        except Error as error:
            raise ValueError(
                f"scheduler={self.search.scheduler!r} with resource={self.search.resource!r}: {error}"
            ) from error

    def _evaluate(self, evaluate: Evaluate, plan: Union[FoldPlan, ResourcePlan], trials: List[Trial]) -> None:
        fits = [plan.fits(trial) for trial in trials]
        outcomes = self._run_fits(evaluate, [fit for own in fits for fit in own])
        for trial, own in zip(trials, fits):
            got, outcomes = outcomes[: len(own)], outcomes[len(own) :]
            plan.keep(trial, got)
            tell(trial, sum(self._score(outcome) for outcome in got) / len(got), _reason(got))

    def _run_fits(self, evaluate: Evaluate, fits: List[Fit]) -> List[Outcome]:
        try:
            run_fits(evaluate, self.splits, fits)
        except ValueError as error:
            if not all_fits_failed(error):
                raise
            self.failure = error
            warnings.warn(str(error), FitFailedWarning, stacklevel=2)
            return [None] * len(fits)
        return list(self.outcomes[-len(fits) :])

    def _error_score(self) -> float:
        score = self.search.error_score
        return float(score) if isinstance(score, numbers.Real) else math.nan

    def _score(self, outcome: Outcome) -> float:
        """The score that the search follows."""
        if outcome is None:
            return self._error_score()
        scores, refit = outcome["test_scores"], self.search.refit
        if isinstance(scores, dict):
            scores = scores[refit] if isinstance(refit, str) else next(iter(scores.values()))
        return float(scores)


def _reason(outcomes: List[Outcome]) -> str:
    for outcome in outcomes:
        text = "a fit failed" if outcome is None else outcome.get("fit_error")
        if text:
            return one_line(text.strip().splitlines()[-1])
    return "the score is NaN"


def ask(study: Study, most: int) -> List[Trial]:
    """So many trials, or fewer where a running one must be told first or the study ends."""
    trials: List[Trial] = []
    try:
        while len(trials) < most:
            trials.append(study.ask())
    except NoTrial:
        pass
    return trials


def tell(trial: Trial, score: float, reason: str = "the score is NaN") -> None:
    """Ends a trial with its score; NaN is a failure."""
    if math.isnan(score):
        trial.tell_failed(reason)
    else:
        trial.tell(score)
