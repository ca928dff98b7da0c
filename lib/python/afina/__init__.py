"""afina tunes the hyperparameters of any model.

    import afina

    result = afina.minimize(lambda rate, layers: loss(rate, layers), {"rate": (1e-5, 1e-1, "log"), "layers": (1, 8)})
    result.best, result.value

`minimize` searches in one call, `Study` asks and tells. docs/python.md shows both.
"""

from ._abi import version as _version
from ._errors import (
    ArgumentError,
    BusyError,
    CallbackError,
    Cancelled,
    Done,
    Error,
    Exhausted,
    FileError,
    ForkedError,
    FormatError,
    Infeasible,
    KindError,
    NameUnknownError,
    NoPointError,
    NotFoundError,
    NoTrial,
    OutOfMemoryError,
    RangeError,
    ReplayError,
    SpaceError,
    StateError,
    TrialPruned,
    UnsupportedError,
    VersionError,
    Wait,
)
from ._minimize import maximise, maximize, minimise, minimize
from ._options import methods, options, schedulers, stoppers
from ._parameters import Categorical, Integer, Ordinal, Parameter, Real
from ._result import Result
from ._space import Space
from ._store import delete_study, open, studies
from ._study import Study
from ._trial import Origin, Trial, TrialState

__version__ = (_version() or b"").decode()

__all__ = [
    "ArgumentError",
    "BusyError",
    "CallbackError",
    "Cancelled",
    "Categorical",
    "delete_study",
    "Done",
    "Error",
    "Exhausted",
    "FileError",
    "ForkedError",
    "FormatError",
    "Infeasible",
    "Integer",
    "KindError",
    "maximise",
    "maximize",
    "methods",
    "minimise",
    "minimize",
    "NameUnknownError",
    "NoPointError",
    "NotFoundError",
    "NoTrial",
    "options",
    "Ordinal",
    "Origin",
    "OutOfMemoryError",
    "Parameter",
    "RangeError",
    "Real",
    "ReplayError",
    "Result",
    "schedulers",
    "Space",
    "SpaceError",
    "StateError",
    "stoppers",
    "studies",
    "Study",
    "Trial",
    "TrialPruned",
    "TrialState",
    "UnsupportedError",
    "VersionError",
    "Wait",
]
