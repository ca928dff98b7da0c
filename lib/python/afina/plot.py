"""Pictures of a study, drawn by matplotlib.

    from afina import plot

    plot.history(study)

Each function takes a `Study` or a `Result` and gives the Axes that it drew on: `ax`, or those of a new figure. Trials
that failed, are infeasible points or lost are left out.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from . import _abi
from ._errors import error
from ._front import front
from ._parameters import Categorical, Integer, Parameter, Real
from ._result import Result
from ._study import Study
from ._trial import Trial, TrialState
from ._values import whole

__all__ = ["contour", "history", "importances", "parallel", "pareto", "rungs", "slices"]

Shown = Union[Study, Result]
Numbers = Sequence[float]

COLORS = "viridis"  # dark is small
GREY = "0.6"
UNFINISHED = (TrialState.STOPPED, TrialState.PAUSED)


def history(study: Shown, ax: Any = None, *, objective: Optional[int] = None) -> Any:
    """The value of each trial by its number, and the best one so far as a line. Trials that were stopped before the
    full budget are hollow, those that violate a constraint are crosses; neither counts for the line."""
    shown, index = _study(study), _objective(study, objective)
    trials = _with_values(shown, (TrialState.COMPLETE, *UNFINISHED), index)
    ax = _axes(ax)
    groups: Dict[str, Tuple[List[int], List[float]]] = {}
    for trial, values in trials:
        group = groups.setdefault(_kind(trial), ([], []))
        group[0].append(trial.number)
        group[1].append(values[index])
    for kind, (numbers, told) in groups.items():
        ax.scatter(numbers, told, label=kind, zorder=2, **_MARKERS[kind])
    if "complete" in groups:
        numbers, told = groups["complete"]
        ax.step([*numbers, trials[-1][0].number], _best_so_far(told, shown, index), where="post", label="best")
    ax.set_xlabel("trial")
    ax.set_ylabel(_value_name(shown, index))
    ax.legend()
    return ax


def slices(
    study: Shown, params: Optional[Iterable[str]] = None, ax: Any = None, *, objective: Optional[int] = None
) -> List[Any]:
    """The value by each parameter alone: a list of Axes, one for each of `params` (all). `ax` is as many Axes. The
    color is the number of the trial, so that one sees where the search went."""
    shown, index = _study(study), _objective(study, objective)
    names = _names(shown, params)
    trials = _with_values(shown, (TrialState.COMPLETE,), index)
    axes = _several_axes(ax, len(names))
    for axis, name in zip(axes, names):
        parameter = shown.space[name]
        active = [(trial, values) for trial, values in trials if name in trial.params]
        places = [_place(parameter, trial.params[name]) for trial, _ in active]
        numbers = [trial.number for trial, _ in active]
        axis.scatter(places, [values[index] for _, values in active], c=numbers, cmap="Blues", edgecolors=GREY)
        _scale_axis(axis.xaxis, parameter)
        axis.set_xlabel(name)
    axes[0].set_ylabel(_value_name(shown, index))
    return axes


def parallel(
    study: Shown, params: Optional[Iterable[str]] = None, ax: Any = None, *, objective: Optional[int] = None
) -> Any:
    """A line for each trial across one vertical axis for each of `params` (all), colored by its value, the best ones on
    top. A line is interrupted where its parameter is not active."""
    shown, index = _study(study), _objective(study, objective)
    names = _names(shown, params)
    trials = _with_values(shown, (TrialState.COMPLETE,), index)
    ax = _axes(ax)
    points = [trial.params for trial, _ in trials]
    ranges = {name: _range(shown.space[name], name, points) for name in names}
    colors = _colors([values[index] for _, values in trials])
    rows = sorted(zip(points, (values[index] for _, values in trials)), key=lambda row: row[1])
    for params, value in rows if shown.directions[index] == "maximise" else reversed(rows):
        heights = [_height(shown.space[name], name, params, ranges[name]) for name in names]
        marker = "o" if len(names) == 1 or any(map(math.isnan, heights)) else None
        ax.plot(range(len(names)), heights, color=colors.to_rgba(value), marker=marker, markersize=3)
    for position, name in enumerate(names):
        ax.axvline(position, color=GREY, linewidth=0.8, zorder=0)
        for text, height in _labels(shown.space[name], ranges[name]):
            ax.annotate(text, (position, height), (3, 0), textcoords="offset points", fontsize="small", va="center")
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks([])
    ax.figure.colorbar(colors, ax=ax, label=_value_name(shown, index))
    return ax


def importances(study: Shown, ax: Any = None, *, objective: Optional[int] = None) -> Any:
    """The share of each parameter in what the model of the study expects, the largest on top. The method must have a
    model."""
    shown, index = _study(study), _objective(study, objective)
    _with_values(shown, (TrialState.COMPLETE,), index)
    rows = sorted((share, name) for name, share in shown.model(index).importances.items())
    ax = _axes(ax)
    bars = ax.barh([name for _, name in rows], [share for share, _ in rows])
    ax.bar_label(bars, [f"{share:.2f}" for share, _ in rows], padding=3)
    ax.set_xlabel("share of the effect")
    ax.set_xlim(0, 1.1)
    return ax


def contour(study: Shown, a: str, b: str, ax: Any = None, *, objective: Optional[int] = None) -> Any:
    """The values over two parameters, `a` to the right and `b` upwards, interpolated between the trials, which are
    points. What other parameters do is not seen; between fewer than three trials, or those on one line, is nothing."""
    shown, index = _study(study), _objective(study, objective)
    names = _names(shown, [a, b])
    if a == b:
        raise error(_abi.E_ARGUMENT, f"contour needs two parameters, got '{a}' twice")
    found = _with_values(shown, (TrialState.COMPLETE,), index)
    trials = [(trial.params, values[index]) for trial, values in found if a in trial.params and b in trial.params]
    if not trials:
        raise error(_abi.E_STATE, f"in no complete trial are both '{a}' and '{b}' active")
    places = [[_place(shown.space[name], params[name]) for params, _ in trials] for name in names]
    values = [value for _, value in trials]
    ax = _axes(ax)
    for axis, name in zip((ax.xaxis, ax.yaxis), names):
        _scale_axis(axis, shown.space[name])
    colors = _colors(values)
    triangles = _triangles(shown, names, [params for params, _ in trials], places)
    if triangles is not None and min(values) < max(values):
        ax.tricontourf(triangles, values, 20, cmap=COLORS, norm=colors.norm)
    ax.scatter(*places, c=values, cmap=COLORS, norm=colors.norm, edgecolors="black", zorder=2)
    ax.set_xlabel(a)
    ax.set_ylabel(b)
    ax.figure.colorbar(colors, ax=ax, label=_value_name(shown, index))
    return ax


def rungs(study: Shown, ax: Any = None, *, objective: Optional[int] = None) -> Any:
    """What trials reported by step, or their values by budget: a line for each, which begins at the end of the trial
    that it goes on from. A cross is where a trial was stopped, a hollow point where it pauses, a full one where it is
    complete. Steps are on a logarithmic scale where the study has budgets."""
    shown, index = _study(study), _objective(study, objective)
    ends = {TrialState.STOPPED: "stopped", TrialState.PAUSED: "paused", TrialState.COMPLETE: "complete"}
    lines = {trial.number: (trial, _curve(trial, index)) for trial in shown if trial.state in ends}
    lines = {number: (trial, curve) for number, (trial, curve) in lines.items() if curve}
    if not lines:
        raise error(_abi.E_STATE, "no trial of the study has reported a value or has a budget")
    ax = _axes(ax)
    points: Dict[str, List[Tuple[float, float]]] = {}
    for trial, curve in lines.values():
        before = lines.get(-1 if trial.parent is None or trial.start == 0 else trial.parent)
        joined = (before[1][-1:] if before else []) + curve
        ax.plot([step for step, _ in joined], [value for _, value in joined], color=GREY, linewidth=0.8)
        points.setdefault(ends[trial.state], []).append(curve[-1])
    for kind, places in points.items():
        ax.scatter([step for step, _ in places], [value for _, value in places], label=kind, zorder=2, **_MARKERS[kind])
    budgets = any(math.isfinite(trial.budget) for trial, _ in lines.values())
    if budgets and all(step > 0 for _, curve in lines.values() for step, _ in curve):
        ax.set_xscale("log")
    ax.set_xlabel("budget" if budgets else "step")
    ax.set_ylabel(_value_name(shown, index))
    ax.legend()
    return ax


def pareto(study: Shown, ax: Any = None) -> Any:
    """The two values of each complete trial, and the Pareto front as a line. Trials that violate a constraint are
    crosses."""
    shown = _study(study)
    if shown.objectives != 2:
        raise error(_abi.E_UNSUPPORTED, f"pareto needs a study with 2 objectives, and this one has {shown.objectives}")
    trials = _with_values(shown, (TrialState.COMPLETE,), None)
    best = [trial.values or [] for trial in front(shown)]
    ax = _axes(ax)
    for kind in ("complete", "infeasible"):
        told = [values for trial, values in trials if _kind(trial) == kind]
        if told:
            ax.scatter([x for x, _ in told], [y for _, y in told], label=kind, zorder=2, **_MARKERS[kind])
    corners = sorted((x, y) for x, y in best)
    where = "post" if shown.directions[0] == "minimise" else "pre"
    ax.step([x for x, _ in corners], [y for _, y in corners], where=where, marker="o", color="C1", label="front")
    ax.set_xlabel(_value_name(shown, 0))
    ax.set_ylabel(_value_name(shown, 1))
    ax.legend()
    return ax


# ---------------------------------------------------------------------- the study

_MARKERS: Dict[str, Dict[str, Any]] = {
    "complete": {"color": "C0", "s": 20},
    "stopped": {"color": "C3", "marker": "x", "s": 20},
    "paused": {"facecolors": "white", "edgecolors": GREY, "s": 20},
    "at a part of the budget": {"facecolors": "white", "edgecolors": GREY, "s": 20},
    "infeasible": {"color": GREY, "marker": "x", "s": 20},
}


def _study(shown: Any) -> Study:
    if isinstance(shown, Result):
        return shown.study
    if not isinstance(shown, Study):
        raise TypeError(f"a plot is of a Study or a Result, not of {type(shown).__name__}")
    return shown


def _objective(shown: Shown, objective: Optional[int]) -> int:
    count = _study(shown).objectives
    if objective is None and count > 1:
        raise error(_abi.E_UNSUPPORTED, f"the study has {count} objectives: choose one, objective=0 to {count - 1}")
    return 0 if objective is None else whole(objective, "objective", 0, count - 1)


def _names(study: Study, params: Optional[Iterable[str]]) -> List[str]:
    if isinstance(params, str):
        raise TypeError("params are several names, not one text")
    names = list(study.space if params is None else params)
    for name in names:
        if name not in study.space:
            raise error(_abi.E_NAME, f"there is no parameter '{name}'; there are: {', '.join(study.space)}")
    if not names:
        raise error(_abi.E_ARGUMENT, "there is no parameter to show")
    return names


def _with_values(
    study: Study, states: Tuple[TrialState, ...], objective: Optional[int]
) -> List[Tuple[Trial, List[float]]]:
    """The trials of these states whose values are finite, those of all objectives or of one."""
    found = []
    for trial in study:
        values = trial.values if trial.state in states else None
        if values and all(map(math.isfinite, values if objective is None else [values[objective]])):
            found.append((trial, values))
    if not found:
        raise error(_abi.E_STATE, f"there is nothing to show: none of the {len(study)} trials of the study has a value")
    return found


def _kind(trial: Trial) -> str:
    if not trial.feasible:
        return "infeasible"
    return "complete" if trial.state == TrialState.COMPLETE else "at a part of the budget"


def _best_so_far(values: Numbers, study: Study, objective: int) -> List[float]:
    better = max if study.directions[objective] == "maximise" else min
    best = list(values)
    for place in range(1, len(best)):
        best[place] = better(best[place - 1], best[place])
    return [*best, best[-1]]


def _value_name(study: Study, objective: int) -> str:
    return "value" if study.objectives == 1 else f"value {objective}"


def _curve(trial: Trial, objective: int) -> List[Tuple[float, float]]:
    """(step, value) of its reports, or of its value at its budget."""
    curve = [(step, values[objective]) for step, values in trial.reports]
    values = trial.values
    if not curve and values and math.isfinite(trial.budget):
        curve = [(trial.budget, values[objective])]
    return [(step, value) for step, value in curve if math.isfinite(value)]


# ---------------------------------------------------------------------- parameters on an axis


def _bounds(parameter: Parameter) -> Tuple[float, float]:
    if isinstance(parameter, Categorical):
        return 0.0, len(parameter.choices) - 1.0
    assert isinstance(parameter, (Real, Integer))
    return parameter.low, parameter.high


def _scale(parameter: Parameter) -> str:
    if isinstance(parameter, Real) and parameter.prior == "lognormal":
        return "log"
    return parameter.scale if isinstance(parameter, (Real, Integer)) else "linear"


def _place(parameter: Parameter, value: Any) -> float:
    """Where a value stands on an axis: a number at itself, a choice at its position."""
    if isinstance(parameter, Categorical):
        return float(parameter._texts.index(parameter.text(value)))
    return float(value)


def _evenly(parameter: Parameter, place: float) -> float:
    """The same in the unit in which the parameter is evenly spaced."""
    scale = _scale(parameter)
    if scale == "log":
        return math.log(place)
    if scale == "reverse-log":
        low, high = _bounds(parameter)
        return -math.log(low + high - place)
    return place


def _scale_axis(axis: Any, parameter: Parameter) -> None:
    """The ticks of choices, and the scale of a number."""
    ax, letter = axis.axes, axis.axis_name
    if isinstance(parameter, Categorical):
        axis.set_ticks(range(len(parameter.choices)), [text.decode() for text in parameter._texts])
        getattr(ax, f"set_{letter}lim")(-0.5, len(parameter.choices) - 0.5)
    elif _scale(parameter) == "log":
        getattr(ax, f"set_{letter}scale")("log")
    elif _scale(parameter) == "reverse-log":
        getattr(ax, f"set_{letter}lim")(*_bounds(parameter))
        getattr(ax, f"set_{letter}scale")("function", functions=_mirrored_logarithm(*_bounds(parameter)))


def _mirrored_logarithm(low: float, high: float) -> Tuple[Any, Any]:
    """The scale "reverse-log" and its inverse, for arrays."""
    import numpy

    def forward(places: Any) -> Any:
        return -numpy.log(numpy.maximum(low + high - numpy.asarray(places), low * 0.5))

    def inverse(units: Any) -> Any:
        return low + high - numpy.exp(-numpy.asarray(units))

    return forward, inverse


def _range(parameter: Parameter, name: str, points: Iterable[Mapping[str, Any]]) -> Tuple[float, float]:
    """The bounds of a vertical axis; those of the trials where the parameter has none, or a logarithm would."""
    low, high = _bounds(parameter)
    if math.isfinite(low) and math.isfinite(high) and not (low <= 0 and _scale(parameter) == "log"):
        return low, high
    places = [_place(parameter, params[name]) for params in points if name in params]
    return (min(places), max(places)) if places else (1.0, 1.0)


def _height(parameter: Parameter, name: str, params: Mapping[str, Any], bounds: Tuple[float, float]) -> float:
    """A value between 0 and 1; NaN where the parameter is not active."""
    if name not in params:
        return math.nan
    low, high = (_evenly(parameter, bound) for bound in bounds)
    return 0.5 if low == high else (_evenly(parameter, _place(parameter, params[name])) - low) / (high - low)


def _labels(parameter: Parameter, bounds: Tuple[float, float]) -> List[Tuple[str, float]]:
    if isinstance(parameter, Categorical):
        texts, last = parameter._texts, max(1, len(parameter._texts) - 1)
        return [(text.decode(), index / last if len(texts) > 1 else 0.5) for index, text in enumerate(texts)]
    return [(f"{bounds[0]:.4g}", 0.0), (f"{bounds[1]:.4g}", 1.0)]


def _triangles(study: Study, names: List[str], points: List[Mapping[str, Any]], places: List[List[float]]) -> Any:
    """Triangles between the trials, made where both parameters are evenly spaced; None where there are none."""
    import matplotlib.tri  # type: ignore[import-not-found,unused-ignore]

    units = []
    for name in names:
        parameter = study.space[name]
        bounds = _range(parameter, name, points)
        units.append([_height(parameter, name, params, bounds) for params in points])
    try:
        made = matplotlib.tri.Triangulation(*units)
    except (ValueError, RuntimeError):  # fewer than three, or all on one line
        return None
    return matplotlib.tri.Triangulation(places[0], places[1], made.triangles)


# ---------------------------------------------------------------------- matplotlib


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot  # type: ignore[import-not-found,unused-ignore]
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] != "matplotlib":
            raise
        raise ImportError("afina.plot needs matplotlib, which is not installed: pip install matplotlib") from None
    return matplotlib.pyplot


def _axes(ax: Any) -> Any:
    return _pyplot().subplots()[1] if ax is None else ax


def _several_axes(ax: Any, count: int) -> List[Any]:
    if ax is None:
        figure, axes = _pyplot().subplots(1, count, sharey=True, squeeze=False, figsize=(max(4.0, 2.5 * count), 4.0))
        figure.set_layout_engine("tight")
        return list(axes[0])
    given = [ax] if hasattr(ax, "scatter") else list(getattr(ax, "flat", ax))
    if len(given) != count:
        raise error(_abi.E_ARGUMENT, f"slices of {count} parameters need {count} Axes, got {len(given)}")
    return given


def _colors(values: Numbers) -> Any:
    """Colors of values, which a color bar shows."""
    _pyplot()
    from matplotlib.cm import ScalarMappable  # type: ignore[import-not-found,unused-ignore]
    from matplotlib.colors import Normalize  # type: ignore[import-not-found,unused-ignore]

    made = ScalarMappable(Normalize(min(values), max(values)), COLORS)
    made.set_array(list(values))
    return made
