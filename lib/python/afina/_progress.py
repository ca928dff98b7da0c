"""A bar that shows how far a run is, by tqdm."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Optional

from ._errors import NotFoundError

if TYPE_CHECKING:
    from ._study import Study
    from ._trial import Trial


class Progress:
    """An observer that counts the trials that end and shows the best value."""

    def __init__(self, trials: Optional[int]) -> None:
        try:
            from tqdm.auto import tqdm  # type: ignore[import-untyped,import-not-found,unused-ignore]
        except ModuleNotFoundError:
            raise ImportError("progress=True needs tqdm, which is not installed: pip install tqdm") from None
        self._lock = threading.Lock()  # trials end in several threads
        self._bar: Any = tqdm(total=trials, unit="trial")

    def __call__(self, study: Study, event: str, trial: Trial) -> None:
        if event != "told":
            return
        best = _best(study)
        with self._lock:
            if best is not None:
                self._bar.set_postfix(best=f"{best:.6g}", refresh=False)
            self._bar.update()

    def close(self) -> None:
        """Leaves the bar as it is."""
        with self._lock:
            self._bar.close()


def _best(study: Study) -> Optional[float]:
    if study.objectives > 1:
        return None
    try:
        return study.best_value
    except NotFoundError:
        return None
