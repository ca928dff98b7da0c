"""A search in one call."""

from __future__ import annotations


from ._result import Result
from ._space import Space
from ._study import Study

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, Optional, Sequence, Union

    from ._call import Objective
    from ._space import Filter
    from ._study import Callback, Catch


def minimize(
    objective: Objective,
    space: Union[Space, Mapping[str, Any]],
    trials: Optional[int] = 100,
    *,
    method: str = "auto",
    seed: Optional[int] = 0,
    workers: int = 1,
    seconds: Optional[float] = None,
    direction: Union[str, Sequence[str], None] = "minimise",
    catch: Catch = (),
    callbacks: Sequence[Callback] = (),
    filter: Optional[Filter] = None,
    log: Optional[str] = None,
    progress: bool = False,
    **options: Any,
) -> Result:
    """Minimises a function of the parameters of a space, in `trials` evaluations.

    The objective takes the parameters by name, or as one dict; an argument `trial` gets the `Trial`, with which it can
    report, ask whether to stop, and tell constraints. It gives a number, or several with as many directions
    (direction=["minimise", "maximise"]). Other keywords are options of the library.

        result = afina.minimize(lambda x, y: (x - 1) ** 2 + y**2, {"x": (-5.0, 5.0), "y": (-5.0, 5.0)}, trials=50)
        print(result.best, result.value)

    With `log` a file keeps the study: a second call goes on, until it has `trials` trials in all. With `progress` a bar
    shows how far it is (tqdm must be installed).
    """
    study = Study(space, method=method, direction=direction, seed=seed, filter=filter, log=log, **options)
    left = None if trials is None else max(0, trials - len(study)) if log is not None else trials
    try:
        result: Result = study.optimize(
            objective, left, seconds=seconds, workers=workers, catch=catch, callbacks=callbacks, progress=progress
        )
    finally:
        study._release_log()
    return result


def maximize(
    objective: Objective, space: Union[Space, Mapping[str, Any]], trials: Optional[int] = 100, **rest: Any
) -> Result:
    """The same as `minimize`, for the largest value."""
    return minimize(objective, space, trials, **{"direction": "maximise", **rest})


minimise = minimize
maximise = maximize
