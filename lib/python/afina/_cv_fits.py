"""Single fits in the loop of a search of scikit-learn: each candidate with a split of its own."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from sklearn.utils.metadata_routing import get_routing_for_object  # type: ignore[import-untyped]

Split = Tuple[Any, Any]  # rows to train on, rows to test on
Fit = Tuple[Dict[str, Any], Split]  # parameters, and the rows of the fit
Evaluate = Callable[[List[Dict[str, Any]]], Any]
Outcome = Optional[Dict[str, Any]]  # what scikit-learn knows of a fit; None: it failed, and so did all beside it


class Splits:
    """The splitter of a search, in its place: it says that there is one split, and has the folds of the real one.

    scikit-learn evaluates every candidate on every split. The one split that it gets here is unpacked once for each
    candidate, in their order, and is another one each time.
    """

    def __init__(self, splitter: Any) -> None:
        self.splitter = splitter
        self.folds: List[Split] = []
        self.x: Any = None
        self.y: Any = None
        self.next: Iterator[Split] = iter(())
        self.unpacked = 0

    def get_n_splits(self, X: Any = None, y: Any = None, **params: Any) -> int:
        """1. scikit-learn asks before the search, with the data: the folds are made then, once for all candidates."""
        self.x, self.y = X, y
        self.folds = list(self.splitter.split(X, y, **params))
        return 1

    def split(self, X: Any = None, y: Any = None, **params: Any) -> List[Splits]:
        """Itself."""
        return [self]

    def __iter__(self) -> Iterator[Any]:
        self.unpacked += 1
        return iter(next(self.next))

    def get_metadata_routing(self) -> Any:
        """That of the real splitter."""
        return get_routing_for_object(self.splitter)

    def __reduce__(self) -> Any:
        """Processes that fit get the search as well, and not the data once more."""
        return _same, (self.splitter,)


def _same(splitter: Any) -> Any:
    return splitter


def run_fits(evaluate: Evaluate, splits: Splits, fits: Sequence[Fit]) -> None:
    """Evaluates fits by the function that scikit-learn gives a search. Raises ValueError where all of them failed."""
    splits.next = iter([split for _, split in fits])
    splits.unpacked = 0
    evaluate([params for params, _ in fits])
    if splits.unpacked != len(fits):
        raise RuntimeError(
            f"scikit-learn unpacked {splits.unpacked} splits for {len(fits)} fits: "
            "this version of it takes neither scheduler nor resource"
        )


def all_fits_failed(error: ValueError) -> bool:
    """scikit-learn raises it where no fit of the candidates that it was given ended with a score."""
    return "fits failed" in str(error)
