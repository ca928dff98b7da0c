"""A generator by the convention of gest-api, for programs that run evaluations (Xopt, optimas, libEnsemble).

    from afina.gest import Generator
    from gest_api.vocs import VOCS

    generator = Generator(VOCS(variables={"x": [0.0, 1.0]}, objectives={"f": "MINIMIZE"}))
    points = generator.suggest(4)
    generator.ingest([{**point, "f": evaluate(point)} for point in points])
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Set, Tuple

try:
    import gest_api.generator as _gest  # type: ignore[import-untyped,import-not-found,unused-ignore]
    from gest_api import vocs as _kinds  # type: ignore[import-untyped,import-not-found,unused-ignore]
except ModuleNotFoundError as missing:
    if missing.name is None or missing.name.split(".")[0] != "gest_api":
        raise
    raise ImportError("afina.gest needs gest-api, which is not installed: pip install gest-api") from None

from ._errors import NoTrial
from ._parameters import Categorical, Integer, Ordinal, Parameter, Real
from ._study import Study
from ._trial import Trial, TrialState
from ._values import real, whole

__all__ = ["Generator"]

ID = "_id"
Evaluated = Tuple[Optional[int], Dict[str, Any], List[float], List[float]]
DIRECTIONS = {"MinimizeObjective": "minimise", "MaximizeObjective": "maximise"}


class Generator(_gest.Generator):  # type: ignore[misc,unused-ignore]
    """Suggests points and takes their results. Variables are reals between bounds (of dtype int: whole numbers), or
    sets of values: numbers in order, other values without. Keywords are those of `Study`: method, seed, log, options.

    Points have an "_id", the number of their trial; results without one were obtained elsewhere. A NaN among the values
    of an objective says that the evaluation failed. `study` is the study behind it.
    """

    returns_id = True

    def __init__(self, vocs: Any, **keywords: Any) -> None:
        super().__init__(vocs)
        self.vocs = vocs
        self._needed = [*vocs.variables, *vocs.objectives, *vocs.constraints]
        directions = [DIRECTIONS[type(objective).__name__] for objective in vocs.objectives.values()]
        space = {name: _parameter(variable) for name, variable in vocs.variables.items()}
        self.study = Study(space, direction=directions, **keywords)

    def _validate_vocs(self, vocs: Any) -> None:
        if not vocs.objectives:
            raise ValueError("a generator of afina needs an objective")
        for name, objective in vocs.objectives.items():
            if type(objective).__name__ not in DIRECTIONS:
                raise ValueError(f"objective '{name}': afina minimises or maximises, it does not explore")
        for name, variable in vocs.variables.items():
            if isinstance(variable, _kinds.ContextualVariable):
                raise ValueError(f"variable '{name}': afina has no contextual variables")

    def suggest(self, num_points: Optional[int] = None) -> List[Dict[str, Any]]:
        """So many points to evaluate, or one. ValueError where there are not so many."""
        wanted = 1 if num_points is None else whole(num_points, "num_points", 0)
        trials: List[Trial] = []
        try:
            while len(trials) < wanted:
                trials.append(self.study.ask())
        except NoTrial as reason:
            for trial in trials:
                trial.tell_lost("too few points were left for the suggestion")
            raise ValueError(f"{wanted} points were asked for, and there are {len(trials)}: {reason}") from None
        constants = {name: constant.value for name, constant in self.vocs.constants.items()}
        return [{**constants, **trial.params, ID: trial.number} for trial in trials]

    def ingest(self, results: List[Dict[str, Any]]) -> None:
        """Takes the results of points; none of them where one is wrong."""
        seen: Set[int] = set()
        for number, params, values, limits in [self._read(result, seen) for result in results]:
            trial = self.study.start(params) if number is None else self.study[number]
            if limits:
                trial.set_constraints(limits)
            if any(value != value for value in values):
                trial.tell_failed("a value is NaN")
            else:
                trial.tell(values)

    def finalize(self) -> None:
        """Lets go of the file of the log."""
        self.study.close()

    def _read(self, result: Mapping[str, Any], seen: Set[int]) -> Evaluated:
        """Its trial's number, or none, its parameters, its values and its constraints, checked before any is told."""
        missing = [name for name in self._needed if name not in result]
        if missing:
            raise ValueError(f"a result has no '{missing[0]}': {dict(result)!r}")
        number = None if result.get(ID) is None else self._running(result[ID], seen)
        params = {name: result[name] for name in self.study.space}
        self.study.space._point(params)
        values = [real(result[name], f"'{name}'") for name in self.vocs.objectives]
        limits: List[float] = []
        for name, constraint in self.vocs.constraints.items():
            limits += _violations(constraint, real(result[name], f"'{name}'"))
        return number, params, values, limits

    def _running(self, told: Any, seen: Set[int]) -> int:
        number = whole(told, ID)
        if not 0 <= number < len(self.study) or self.study[number].state != TrialState.RUNNING or number in seen:
            raise ValueError(f"no suggested point waits for a result under the {ID} {number}")
        seen.add(number)
        return number


def _violations(constraint: Any, value: float) -> List[float]:
    """As afina has them: feasible where all are at most 0."""
    if isinstance(constraint, _kinds.LessThanConstraint):
        return [value - constraint.value]
    if isinstance(constraint, _kinds.GreaterThanConstraint):
        return [constraint.value - value]
    low, high = constraint.range
    return [low - value, value - high]


def _parameter(variable: Any) -> Parameter:
    """A variable as a parameter."""
    default = variable.default_value
    if isinstance(variable, _kinds.DiscreteVariable):
        values = list(variable.values)
        if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
            return Ordinal(sorted(values), default=default)
        return Categorical(sorted(values, key=repr), default=default)  # a set has another order in each process
    low, high = variable.domain
    if variable.dtype in (int, "int"):
        return Integer(int(low), int(high), default=None if default is None else int(default))
    return Real(low, high, default=default)
