"""A result as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Iterable, List

from ._trial import Trial

if TYPE_CHECKING:
    from ._result import Result

MOST_ROWS = 10


def shown(value: Any) -> str:
    """A value in a cell."""
    return escape(f"{value:.6g}" if isinstance(value, float) else str(value))


def row(cells: Iterable[str], tag: str = "td") -> str:
    """A row of a table."""
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def ranked(result: Result) -> List[Trial]:
    """The best trials, the best first."""
    study = result.study
    if study.objectives > 1:
        return result.front[:MOST_ROWS]
    sign = -1.0 if study.directions[0] == "maximise" else 1.0
    values = study.column("values")
    order = sorted((sign * value, number) for number, value in enumerate(values) if value == value)
    return [study[number] for _, number in order[:MOST_ROWS]]


def html(result: Result) -> str:
    """The best trials as a table, below a line that says how many there are."""
    study, names = result.study, list(result.study.space)
    trials = ranked(result)
    count = study.objectives
    heads = ["value"] if count == 1 else [f"value {index}" for index in range(count)]
    lines = [row([escape(head) for head in ["trial", "state", *heads, *names]], "th")]
    for trial in trials:
        values = trial.values or []
        cells = [str(trial.number), trial.state.name.lower(), *map(shown, values)]
        lines.append(row(cells + [shown(trial.params.get(name, "")) for name in names]))
    caption = f"{len(study)} trials by {escape(study.method)}; the best {len(trials)}"
    return f"<table><caption>{caption}</caption>{''.join(lines)}</table>"
