"""The Pareto front of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Tuple

from ._trial import Trial, TrialState

if TYPE_CHECKING:
    from ._study import Study


def front(study: Study) -> List[Trial]:
    """Complete, feasible trials at the full budget that no other one dominates, in the order of their numbers."""
    signs = [-1.0 if direction == "maximise" else 1.0 for direction in study.directions]
    rows: List[Tuple[Tuple[float, ...], int]] = []
    states = study.column("states")
    columns = [study.column("values", index) for index in range(len(signs))]
    for number, state in enumerate(states):
        if state == TrialState.COMPLETE and study[number].feasible:
            rows.append((tuple(sign * column[number] for sign, column in zip(signs, columns)), number))
    kept: List[Tuple[Tuple[float, ...], int]] = []
    for losses, number in sorted(rows):  # who dominates it comes before it
        if not any(dominates(other, losses) for other, _ in kept):
            kept.append((losses, number))
    return [study[number] for _, number in sorted(kept, key=lambda row: row[1])]


def dominates(a: Tuple[float, ...], b: Tuple[float, ...]) -> bool:
    """Whether a is nowhere worse than b and somewhere better."""
    return a != b and all(x <= y for x, y in zip(a, b))
