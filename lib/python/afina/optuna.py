"""The names under which users of Optuna know these things: `from afina import optuna` in place of `import optuna`.

Objective functions, create_study(), study.optimize(), pruning, ask and tell, and reading a study run unchanged. A
sampler stands for a method of the library and a pruner for a stopper, with its own rules and defaults; what has no equal
here is not there, and an argument without an equal is a TypeError.
"""

from __future__ import annotations

import logging as _logging
from types import SimpleNamespace
from typing import Any, Dict, Optional, Sequence, Union

from ._errors import Error, NoTrial, TrialPruned
from ._study import Study
from ._trial import Trial, TrialState

__all__ = ["Study", "Trial", "TrialPruned", "create_study", "exceptions", "logging", "pruners", "samplers", "trial"]


class Sampler:
    """A method of the library and its options."""

    def __init__(self, method: str, seed: Optional[int], **options: Any) -> None:
        self.method = method
        self.seed = seed
        self.options = {f"{method}.{key}": value for key, value in options.items() if value is not None}


class RandomSampler(Sampler):
    """Points drawn from the priors."""

    def __init__(self, seed: Optional[int] = None) -> None:
        super().__init__("random", seed)


class TPESampler(Sampler):
    """Parzen densities of good and bad results."""

    def __init__(
        self,
        *,
        n_startup_trials: int = 10,
        n_ei_candidates: int = 24,
        multivariate: bool = True,
        seed: Optional[int] = None,
    ) -> None:
        univariate = None if multivariate else "yes"
        super().__init__("tpe", seed, startup=n_startup_trials, candidates=n_ei_candidates, univariate=univariate)


class GPSampler(Sampler):
    """A Gaussian process."""

    def __init__(self, *, seed: Optional[int] = None, n_startup_trials: Optional[int] = None) -> None:
        super().__init__("gp", seed, startup=n_startup_trials)


class CmaEsSampler(Sampler):
    """Adapting the covariance of a population."""

    def __init__(
        self, *, n_startup_trials: int = 10, popsize: Optional[int] = None, seed: Optional[int] = None
    ) -> None:
        super().__init__("cmaes", seed, startup=n_startup_trials, population=popsize)


class QMCSampler(Sampler):
    """A sequence of low discrepancy."""

    def __init__(self, *, qmc_type: str = "sobol", seed: Optional[int] = None) -> None:
        if qmc_type not in ("sobol", "halton"):
            raise ValueError(f"qmc_type must be 'sobol' or 'halton', got {qmc_type!r}")
        super().__init__(qmc_type, seed)


class BruteForceSampler(Sampler):
    """Every point of a finite space."""

    def __init__(self, seed: Optional[int] = None) -> None:
        super().__init__("grid", seed)


class Pruner:
    """A stopper of the library and its options."""

    def __init__(self, stopper: str, **options: Any) -> None:
        self.stopper = stopper
        self.options = {f"{stopper}.{key}": value for key, value in options.items() if value is not None}


class NopPruner(Pruner):
    """Ends no trial."""

    def __init__(self) -> None:
        super().__init__("never")


class MedianPruner(Pruner):
    """Ends a trial that is worse than the median of others at the same step."""

    def __init__(
        self, n_startup_trials: int = 5, n_warmup_steps: int = 0, interval_steps: int = 1, *, n_min_trials: int = 1
    ) -> None:
        super().__init__(
            "median",
            startup=n_startup_trials,
            warmup=n_warmup_steps,
            interval=interval_steps,
            min_trials=n_min_trials,
        )


class PercentilePruner(Pruner):
    """Ends a trial that is not within the best so many percent at its step."""

    def __init__(
        self,
        percentile: float,
        n_startup_trials: int = 5,
        n_warmup_steps: int = 0,
        interval_steps: int = 1,
        *,
        n_min_trials: int = 1,
    ) -> None:
        super().__init__(
            "percentile",
            percentile=percentile,
            startup=n_startup_trials,
            warmup=n_warmup_steps,
            interval=interval_steps,
            min_trials=n_min_trials,
        )


class SuccessiveHalvingPruner(Pruner):
    """Lets the best share of the trials at each rung go on."""

    def __init__(
        self, min_resource: Optional[int] = None, reduction_factor: int = 4, *, bootstrap_count: int = 0
    ) -> None:
        super().__init__("rungs", min_resource=min_resource, eta=reduction_factor, bootstrap=bootstrap_count)


class ThresholdPruner(Pruner):
    """Ends a trial with a report outside of bounds."""

    def __init__(
        self,
        lower: Optional[float] = None,
        upper: Optional[float] = None,
        n_warmup_steps: int = 0,
        interval_steps: int = 1,
    ) -> None:
        if lower is None and upper is None:
            raise TypeError("ThresholdPruner needs lower or upper")
        super().__init__("threshold", lower=lower, upper=upper, warmup=n_warmup_steps, interval=interval_steps)


class WilcoxonPruner(Pruner):
    """A signed-rank test against the best trial."""

    def __init__(self, *, p_threshold: float = 0.1, n_startup_steps: int = 2) -> None:
        super().__init__("wilcoxon", p_threshold=p_threshold, startup_steps=n_startup_steps)


def create_study(
    *,
    sampler: Optional[Sampler] = None,
    pruner: Optional[Pruner] = None,
    direction: Optional[str] = None,
    directions: Optional[Sequence[str]] = None,
    study_name: Optional[str] = None,
) -> Study:
    """A study whose objectives declare its space. Without a sampler one objective is searched by the method "auto", and
    several by random points: no method learns from several yet. Without a pruner the stopper is "median"."""
    if direction is not None and directions is not None:
        raise ValueError("a study has either direction or directions")
    wanted: Union[str, Sequence[str], None] = directions if directions is not None else direction
    several = directions is not None and len(directions) > 1
    sampler = Sampler("random" if several else "auto", None) if sampler is None else sampler
    pruner = pruner if pruner is not None else NopPruner() if several else MedianPruner()
    for given, kind in ((sampler, Sampler), (pruner, Pruner)):
        if not isinstance(given, kind):
            raise TypeError(f"{given!r} is none of afina.optuna.{kind.__name__.lower()}s")
    options: Dict[str, Any] = {**sampler.options, **pruner.options}
    study = Study(method=sampler.method, direction=wanted, seed=sampler.seed, stopper=pruner.stopper, options=options)
    if study_name is not None:
        study.set_attribute("name", study_name)
    return study


def _set_verbosity(level: int) -> None:
    _logging.getLogger("afina").setLevel(level)


samplers = SimpleNamespace(
    BaseSampler=Sampler,
    BruteForceSampler=BruteForceSampler,
    CmaEsSampler=CmaEsSampler,
    GPSampler=GPSampler,
    QMCSampler=QMCSampler,
    RandomSampler=RandomSampler,
    TPESampler=TPESampler,
)
pruners = SimpleNamespace(
    BasePruner=Pruner,
    MedianPruner=MedianPruner,
    NopPruner=NopPruner,
    PercentilePruner=PercentilePruner,
    SuccessiveHalvingPruner=SuccessiveHalvingPruner,
    ThresholdPruner=ThresholdPruner,
    WilcoxonPruner=WilcoxonPruner,
)
trial = SimpleNamespace(Trial=Trial, FrozenTrial=Trial, TrialState=TrialState)
study = SimpleNamespace(Study=Study, create_study=create_study)
exceptions = SimpleNamespace(TrialPruned=TrialPruned, OptunaError=Error, NoTrial=NoTrial)
logging = SimpleNamespace(
    DEBUG=_logging.DEBUG,
    INFO=_logging.INFO,
    WARNING=_logging.WARNING,
    ERROR=_logging.ERROR,
    set_verbosity=_set_verbosity,
    get_logger=_logging.getLogger,
)
