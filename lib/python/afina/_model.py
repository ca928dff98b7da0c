"""Questions to the model of a study."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Dict, Mapping, Tuple

from . import _abi
from ._errors import check
from ._trial import Trial
from ._values import encode, read_doubles, real, whole

if TYPE_CHECKING:
    from ._study import Study


class Model:
    """What the method of a study has learned of an objective, or of a constraint: `output` counts the objectives first.

    A method without a model, and one that knows too little yet, answer with `UnsupportedError` and `StateError`.
    """

    __slots__ = ("_study", "_output")

    def __init__(self, study: Study, output: int = 0) -> None:
        self._study = study
        self._output = whole(output, "output", 0, 2**31)

    def _doubles(self, function: Any, *arguments: Any) -> Tuple[float, float]:
        first, second = ctypes.c_double(), ctypes.c_double()
        pointer = self._study._optimizer().pointer
        check(function(pointer, self._output, *arguments, first, second))
        return first.value, second.value

    def _double(self, function: Any, *arguments: Any) -> float:
        value = ctypes.c_double()
        check(function(self._study._optimizer().pointer, self._output, *arguments, value))
        return value.value

    def predict(self, params: Mapping[str, Any]) -> Tuple[float, float]:
        """Mean and standard deviation of the objective itself, noise left out, at a point."""
        point = self._study.space._point(params)
        return self._doubles(_abi.model_predict, point.pointer)

    def quantile(self, params: Mapping[str, Any], p: float) -> float:
        """The value that the objective is below with probability p."""
        point = self._study.space._point(params)
        return self._double(_abi.model_quantile, point.pointer, real(p, "p"))

    def noise(self, params: Mapping[str, Any]) -> float:
        """The standard deviation of results that are repeated at a point."""
        point = self._study.space._point(params)
        return self._double(_abi.model_noise, point.pointer)

    @property
    def importances(self) -> Dict[str, float]:
        """The share that each parameter has in what the model expects; their sum is 1."""
        shares = read_doubles(_abi.model_importances, self._study._optimizer().pointer, self._output)
        return dict(zip(self._study.space, shares))

    def length_scale(self, name: str) -> float:
        """How far one must go in a parameter, in units of its range, for the objective to become another."""
        return self._double(_abi.model_length_scale, encode(name, "the name of a parameter"))

    @property
    def best(self) -> Trial:
        """The trial whose objective the model expects to be best: the one to keep where results are noisy."""
        pointer = ctypes.c_void_p()
        check(_abi.model_best(self._study._optimizer().pointer, self._output, pointer))
        return Trial._of(self._study, pointer.value)

    @property
    def regret(self) -> Tuple[float, float]:
        """An upper bound of how far the best trial is from the optimum, and the noise of that trial's result."""
        return self._doubles(_abi.model_regret)

    def __repr__(self) -> str:
        return f"<the model of output {self._output} of {self._study!r}>"
