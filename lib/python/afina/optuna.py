"""The names under which users of Optuna know these things: `from afina import optuna` in place of `import optuna`.

Objective functions, create_study(), study.optimize(), pruning, ask and tell, and reading a study run unchanged. A
sampler stands for a method of the library and a pruner for a stopper, with its own rules and defaults; what has no equal
here is not there, and an argument without an equal is a TypeError.
"""

from __future__ import annotations

import logging as _logging
from types import SimpleNamespace
from typing import Any, Dict, Mapping, NoReturn, Optional, Sequence, Union

from ._errors import Error, NoTrial, TrialPruned
from ._parameters import Ordinal
from ._space import Space
from ._study import Study
from ._trial import Trial, TrialState
from ._values import whole

__all__ = ["Study", "Trial", "TrialPruned", "create_study", "exceptions", "logging", "pruners", "samplers", "trial"]


class Sampler:
    """A method of the library and its options."""

    space: Optional[Space] = None  # where objectives do not declare it

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


class GridSampler(Sampler):
    """Every combination of the values in `search_space`, each once and in a random order; then the study ends. An
    objective may ask for no other parameter."""

    def __init__(self, search_space: Mapping[str, Sequence[Any]], seed: Optional[int] = None) -> None:
        super().__init__("grid", seed, order="shuffled")
        if not isinstance(search_space, Mapping):
            raise TypeError(
                f"search_space is a dict of the values of each parameter, not {type(search_space).__name__}"
            )
        for name, values in search_space.items():
            if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
                raise TypeError(f"'{name}' of search_space is a list of values, not {type(values).__name__}")
        self.space = Space({name: Ordinal(list(values)) for name, values in search_space.items()})


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
    """Lets the best share of the trials at each rung go on. The lowest rung is at min_resource *
    reduction_factor**min_early_stopping_rate."""

    def __init__(
        self,
        min_resource: Union[str, int, None] = "auto",
        reduction_factor: int = 4,
        min_early_stopping_rate: int = 0,
        bootstrap_count: int = 0,
    ) -> None:
        rate = whole(min_early_stopping_rate, "min_early_stopping_rate", 0, 60)
        lowest = _resource(min_resource, "min_resource", 1)
        if rate > 0 and lowest is None:
            raise TypeError("min_early_stopping_rate needs a min_resource that is a number")
        step = None if lowest is None else lowest * whole(reduction_factor, "reduction_factor", 2) ** rate
        super().__init__("rungs", min_resource=step, eta=reduction_factor, bootstrap=bootstrap_count)


class HyperbandPruner(Pruner):
    """Successive halving from min_resource on: the first of Hyperband's brackets, with the stopper's option `safe`
    in the place of the others. So max_resource, which says how many there are, is only checked."""

    def __init__(
        self,
        min_resource: int = 1,
        max_resource: Union[str, int] = "auto",
        reduction_factor: int = 3,
        bootstrap_count: int = 0,
    ) -> None:
        lowest = whole(min_resource, "min_resource", 1)
        _resource(max_resource, "max_resource", lowest)
        super().__init__("rungs", min_resource=lowest, eta=reduction_factor, bootstrap=bootstrap_count)


class PatientPruner(Pruner):
    """Ends a trial that has not improved for more than so many reports, where another pruner would end it as well:
    a MedianPruner or a PercentilePruner. With None it stands alone."""

    def __init__(self, wrapped_pruner: Optional[Pruner], patience: int, min_delta: float = 0.0) -> None:
        if min_delta != 0:
            raise TypeError(f"PatientPruner takes no min_delta but 0 here, got {min_delta!r}")
        reports = whole(patience, "patience", 0, 10**9 - 1) + 1
        if wrapped_pruner is None:
            super().__init__("patience", patience=reports, startup=0)
        elif isinstance(wrapped_pruner, (MedianPruner, PercentilePruner)):
            super().__init__(wrapped_pruner.stopper, patience=reports)
            self.options.update(wrapped_pruner.options)
        else:
            name = type(wrapped_pruner).__name__
            raise TypeError(f"PatientPruner wraps a MedianPruner, a PercentilePruner or None here, not a {name}")


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


def _resource(value: Any, name: str, low: int) -> Optional[int]:
    """A number of steps; None for "auto"."""
    if isinstance(value, str) and value != "auto":
        raise TypeError(f"{name} is a whole number or 'auto', not {value!r}")
    return None if value is None or value == "auto" else whole(value, name, low)


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
    study = Study(
        sampler.space,
        method=sampler.method,
        direction=wanted,
        seed=sampler.seed,
        stopper=pruner.stopper,
        options=options,
    )
    if sampler.space is not None:
        study._declarations().is_fixed = True
    if study_name is not None:
        study.set_attribute("name", study_name)
    return study


def _set_verbosity(level: int) -> None:
    _logging.getLogger("afina").setLevel(level)


class _Names(SimpleNamespace):
    """Samplers or pruners; a name that is not there is an error that says which are."""

    def __init__(self, what: str, **names: Any) -> None:
        super().__init__(**names)
        self._what = what

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        known = ", ".join(sorted(known for known in vars(self) if not known.startswith("_")))
        raise AttributeError(f"afina.optuna has no {self._what}.{name}: there are {known}")


samplers = _Names(
    "samplers",
    BaseSampler=Sampler,
    BruteForceSampler=BruteForceSampler,
    CmaEsSampler=CmaEsSampler,
    GPSampler=GPSampler,
    GridSampler=GridSampler,
    QMCSampler=QMCSampler,
    RandomSampler=RandomSampler,
    TPESampler=TPESampler,
)
pruners = _Names(
    "pruners",
    BasePruner=Pruner,
    HyperbandPruner=HyperbandPruner,
    MedianPruner=MedianPruner,
    NopPruner=NopPruner,
    PatientPruner=PatientPruner,
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
