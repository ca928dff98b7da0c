"""Trials as a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List

from ._trial import NO_TIME, TrialState

if TYPE_CHECKING:
    from ._study import Study


def columns(study: Study) -> Dict[str, List[Any]]:
    """number, state, value (or value_0, ...), the parameters (params_...), started and ended (milliseconds)."""
    count = len(study)
    table: Dict[str, List[Any]] = {"number": list(range(count))}
    table["state"] = [TrialState(state).name for state in study.column("states")[:count]]
    for index in range(study.objectives):
        name = "value" if study.objectives == 1 else f"value_{index}"
        table[name] = list(study.column("values", index))[:count]
    params = [trial.params for trial in study[:count]]
    for name in study.space:
        table[f"params_{name}"] = [values.get(name) for values in params]
    for name in ("started", "ended"):
        table[name] = [None if time == NO_TIME else time for time in study.column(name)][:count]
    return table


def frame(study: Study) -> Any:
    """The same as a DataFrame, with times as datetimes."""
    import pandas  # type: ignore[import-untyped,unused-ignore]

    table = pandas.DataFrame(columns(study))
    for name in ("started", "ended"):
        table[name] = pandas.to_datetime(table[name], unit="ms", utc=True)
    return table
