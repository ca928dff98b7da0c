"""What a search found."""

from __future__ import annotations

import math

from ._errors import NotFoundError, UnsupportedError
from ._trial import Trial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

    from ._space import Params
    from ._study import Study


class Result:
    """What a search found: `best` parameters, their `value`, all `trials`, the `study`, and why it ended (`reason`)."""

    __slots__ = ("study", "reason")

    def __init__(self, study: Study, reason: str) -> None:
        self.study = study
        self.reason = reason

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it."""
        return self.reason == "interrupted"

    @property
    def best_trial(self) -> Optional[Trial]:
        """The best trial; None where there is none, or the study has several objectives."""
        try:
            return self.study.best_trial
        except (NotFoundError, UnsupportedError):
            return None

    @property
    def best(self) -> Optional[Params]:
        """The parameters of the best trial."""
        trial = self.best_trial
        return None if trial is None else trial.params

    @property
    def value(self) -> float:
        """The value of the best trial; NaN where there is none."""
        trial = self.best_trial
        value = None if trial is None else trial.value
        return math.nan if value is None else value

    @property
    def front(self) -> List[Trial]:
        """The Pareto front of a study with several objectives."""
        return self.study.best_trials

    @property
    def trials(self) -> List[Trial]:
        """All trials."""
        return self.study.trials

    def to_frame(self) -> Any:
        """All trials as a pandas DataFrame."""
        return self.study.to_frame()

    def __reduce__(self) -> Any:
        return Result, (self.study, self.reason)

    def __repr__(self) -> str:
        count = len(self.study)
        if self.study.objectives > 1:
            return f"<Result: {len(self.front)} trials on the Pareto front of {count}>"
        if self.best_trial is None:
            return f"<Result: no trial of {count} is complete>"
        return f"<Result: value {self.value!r} at {self.best!r}, {count} trials>"

    def _repr_html_(self) -> str:
        from ._html import html

        return html(self)
