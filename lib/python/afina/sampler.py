"""The methods of this library in studies of Optuna.

    import optuna
    from afina.sampler import AfinaSampler

    study = optuna.create_study(sampler=AfinaSampler(seed=1))

Storage, pruners and everything else stay Optuna's; only the points come from here. `afina.optuna` is the other way: studies
of this library in Optuna's words. Needs Optuna 4 or later.
"""

from __future__ import annotations

import random
from typing import Any, Dict, Mapping, Optional, Sequence

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler, RandomSampler
from optuna.search_space import IntersectionSearchSpace
from optuna.study import Study as OptunaStudy
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from ._errors import Exhausted
from ._parameters import Categorical, Integer, Parameter, Real
from ._study import Study
from ._trial import TrialState

__all__ = ["AfinaSampler"]

_SEEDS = 2**31 - 1


class AfinaSampler(BaseSampler):
    """Suggests by a method of the library, from all trials of the study.

    The parameters that all finished trials have are suggested together by `method` with its `options`; before the first
    result, and where an objective asks for others, values are drawn at random. Trials that run, those of other processes
    too, count as pending. One objective.
    """

    def __init__(
        self, method: str = "auto", *, seed: Optional[int] = None, options: Optional[Mapping[str, Any]] = None
    ) -> None:
        self._method = method
        self._options = dict(options or {})
        self._space = IntersectionSearchSpace()
        self._set_seed(seed)
        Study({"x": (0.0, 1.0)}, method=method, **self._options).close()  # unknown names are an error now

    def _set_seed(self, seed: Optional[int]) -> None:
        self._seed = random.SystemRandom().randrange(_SEEDS) if seed is None else seed
        self._independent = RandomSampler(seed=self._seed % 2**32)

    def reseed_rng(self) -> None:
        """Another seed: Optuna calls it in each process that it starts."""
        self._set_seed(None)

    def infer_relative_search_space(self, study: OptunaStudy, trial: FrozenTrial) -> Dict[str, BaseDistribution]:
        """The parameters that all finished trials have, without those of a single value."""
        space = self._space.calculate(study)
        return {name: distribution for name, distribution in space.items() if not distribution.single()}

    def sample_relative(
        self, study: OptunaStudy, trial: FrozenTrial, search_space: Dict[str, BaseDistribution]
    ) -> Dict[str, Any]:
        """Their values for this trial."""
        if len(study.directions) > 1:
            raise ValueError(f"AfinaSampler takes one objective, the study has {len(study.directions)}")
        if not search_space:
            return {}
        others = [other for other in study.get_trials(deepcopy=False) if other.number != trial.number]
        try:
            params = self._ask(study, others, search_space, {})
        except Exhausted:  # every point of a finite space was asked: Optuna goes on
            params = self._ask(study, others, search_space, {"repeats": 1})
        return {name: _to_optuna(search_space[name], value) for name, value in params.items()}

    def _ask(
        self,
        study: OptunaStudy,
        others: Sequence[FrozenTrial],
        search_space: Mapping[str, BaseDistribution],
        more: Mapping[str, Any],
    ) -> Dict[str, Any]:
        direction = "maximise" if study.direction == StudyDirection.MAXIMIZE else "minimise"
        space = {name: _parameter(distribution) for name, distribution in search_space.items()}
        options = {**self._options, **more}
        with Study(space, method=self._method, seed=self._seed, direction=direction, **options) as ours:
            for other in others:
                _add(ours, other, search_space)
            return ours.ask().params

    def sample_independent(
        self, study: OptunaStudy, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """A draw, for a parameter that not all finished trials have."""
        if len(study.directions) > 1:
            raise ValueError(f"AfinaSampler takes one objective, the study has {len(study.directions)}")
        return self._independent.sample_independent(study, trial, param_name, param_distribution)

    def before_trial(self, study: OptunaStudy, trial: FrozenTrial) -> None:
        self._independent.before_trial(study, trial)

    def after_trial(
        self, study: OptunaStudy, trial: FrozenTrial, state: OptunaState, values: Optional[Sequence[float]]
    ) -> None:
        self._independent.after_trial(study, trial, state, values)


def _parameter(distribution: BaseDistribution) -> Parameter:
    if isinstance(distribution, CategoricalDistribution):
        return Categorical(list(range(len(distribution.choices))))
    if isinstance(distribution, IntDistribution):
        step = None if distribution.step == 1 else distribution.step
        return Integer(distribution.low, distribution.high, log=distribution.log, step=step)
    if isinstance(distribution, FloatDistribution):
        return Real(distribution.low, distribution.high, log=distribution.log, step=distribution.step)
    raise TypeError(f"AfinaSampler knows no distribution like {distribution!r}")


def _to_optuna(distribution: BaseDistribution, value: Any) -> Any:
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[value]
    return value


def _to_ours(distribution: BaseDistribution, value: Any) -> Any:
    return int(distribution.to_internal_repr(value)) if isinstance(distribution, CategoricalDistribution) else value


def _add(ours: Study, trial: FrozenTrial, search_space: Mapping[str, BaseDistribution]) -> None:
    """Tells of another trial; not of one that lacks a parameter or had it in another range."""
    params = {}
    for name, distribution in search_space.items():
        if name not in trial.params or not distribution._contains(distribution.to_internal_repr(trial.params[name])):
            return
        params[name] = _to_ours(distribution, trial.params[name])
    if trial.state == OptunaState.COMPLETE:
        ours.add(params, trial.value)
    elif trial.state == OptunaState.PRUNED:
        pruned = ours.start(params)
        for step, value in sorted(trial.intermediate_values.items()):
            pruned.report(value, step)
        pruned.tell_stopped()
    elif trial.state == OptunaState.FAIL:
        ours.add(params, None, TrialState.FAILED)
    elif trial.state == OptunaState.RUNNING:
        ours.start(params)
