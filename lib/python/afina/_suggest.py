"""Spaces that an objective declares while it runs: `trial.suggest_float` and the like.

What a trial asks for is declared to its study, which learns the space as it goes. What it has a value of but does not
ask for is told as unused at its end, so branches of the objective are learned as conditions are.
"""

from __future__ import annotations

import collections
import ctypes
from _thread import RLock

from . import _abi
from ._errors import check, error
from ._handle import Handle
from ._parameters import Categorical, Integer, Parameter, Real
from ._space import Space, read_point, reader
from ._values import encode, real, texts, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Deque, Dict, List, Mapping, Optional, Set, Tuple

    from ._space import Params, Reader
    from ._study import Study
    from ._trial import Trial


class Declared:
    """What the objectives of a study have declared."""

    def __init__(self, study: Study) -> None:
        self.names: Set[str] = set()  # declared by trials, and not part of the space of the study
        self._seen: Set[Tuple[str, Parameter]] = set()
        self.calls: Dict[Any, Tuple[Parameter, List[Reader]]] = {}  # by the arguments of suggest_...
        self._lock = RLock()
        self._waiting: Deque[Params] = collections.deque()
        self._next: Optional[Params] = None
        self._fixed = set(study._space)
        self.is_fixed = False  # objectives choose among the parameters of the space, and declare none

    def knows(self, name: str, parameter: Parameter) -> bool:
        """Whether the study was told of just this parameter."""
        return (name, parameter) in self._seen

    def add(self, study: Study, name: str, parameter: Parameter) -> None:
        """Reads the parameter from now on, with all choices that it ever had."""
        with self._lock:
            if name not in self._fixed:
                self.names.add(name)
            self._seen.add((name, parameter))
            found = {known[0]: known for known in study._readers}
            made = reader(name, parameter)
            if name in found and isinstance(parameter, Categorical):
                made = (made[0], made[1], made[2], {**found[name][3], **made[3]})
            found[name] = made
            study._readers = list(found.values())

    # ------------------------------------------------------------------ points of the user's own

    def enqueue(self, params: Mapping[str, Any]) -> None:
        """Keeps a point until it can be handed to the library: some of its parameters may not be known yet."""
        with self._lock:
            self._waiting.append(dict(params))

    def push(self, study: Study) -> None:
        """Hands over the next point, one at a time, so that it has all that was declared by then."""
        if not self._waiting:
            return
        with self._lock:
            space = study.space
            if self._next is not None or not self._waiting or not space:
                return
            params = self._waiting[0]
            point = space._point({name: value for name, value in params.items() if name in space})
            check(_abi.enqueue(study._optimizer().pointer, point.pointer))
            self._next = self._waiting.popleft()

    def take(self, trial: Trial) -> Optional[Params]:
        """The point that was handed over, for the trial that has it. The library cannot take points before there is a
        parameter: a trial without any takes the next one from here."""
        if self._next is None and not self._waiting:
            return None
        with self._lock:
            if trial._int32(_abi.trial_origin) == _abi.ORIGIN_ENQUEUED:
                params, self._next = self._next, None
                return params
            return self._waiting.popleft() if not trial.params and self._waiting else None


def suggest(trial: Trial, name: str, call: Any, make: Callable[[], Parameter]) -> Any:
    """The value of a parameter in a trial, which is declared first where that is needed. `call` is the same for the same
    parameter; None where that cannot be said."""
    asked = trial._asked
    if asked is None:
        asked = trial._asked = {}
    elif name in asked:
        return asked[name]
    declared = trial._study._declarations()
    if declared.is_fixed:
        asked[name] = _given(trial, name, make())
        return asked[name]
    known = declared.calls.get(call) if call is not None else None
    if known is not None:
        parameter, readers = known
        found = read_point(_abi.trial_point(trial._pointer), readers)
        value = found[name] if name in found else _declare(trial, declared, name, parameter)
    else:
        parameter = make()
        value = _declare(trial, declared, name, parameter)
        if call is not None:
            declared.calls[call] = parameter, [reader(name, parameter)]
    if not _inside(parameter, value) and not (trial._fixed and name in trial._fixed):
        raise error(
            _abi.E_RANGE,
            f"trial {trial.number} has {value!r} for '{name}', which is not in {parameter!r}: a range or the choices "
            "that change from trial to trial need a name of their own for each",
        )
    asked[name] = value
    trial._params = None
    return value


def _given(trial: Trial, name: str, parameter: Parameter) -> Any:
    """The value that the grid of the study has for a parameter."""
    params = trial.params
    if name not in params:
        raise error(_abi.E_NAME, f"the grid has no parameter '{name}': it has {', '.join(params)}")
    value = params[name]
    if isinstance(parameter, Integer):
        value = whole(value, f"'{name}' of the grid")
    elif isinstance(parameter, Real):
        value = real(value, f"'{name}' of the grid")
    if not _inside(parameter, value):
        raise error(_abi.E_RANGE, f"the grid has {params[name]!r} for '{name}', which is not in {parameter!r}")
    return value


def _declare(trial: Trial, declared: Declared, name: str, parameter: Parameter) -> Any:
    """Tells the study of a parameter that it, or this trial, does not have, and reads its value."""
    missing = _lacks(trial, encode(name, "the name of a parameter"))
    if missing and trial._fixed is not None and name in trial._fixed:
        _extend(trial, name, _constant(parameter, trial._fixed[name]))
    if missing or not declared.knows(name, parameter):
        _extend(trial, name, parameter)
        declared.add(trial._study, name, parameter)
    found = read_point(_abi.trial_point(trial._pointer), [reader(name, parameter)])
    if name not in found:
        raise error(_abi.E_STATE, f"the parameter '{name}' is not active in trial {trial.number}")
    return found[name]


def _inside(parameter: Parameter, value: Any) -> bool:
    if isinstance(parameter, Categorical):
        return any(value is choice or value == choice for choice in parameter.choices)
    assert isinstance(parameter, (Real, Integer))
    inside: bool = parameter.low <= value <= parameter.high
    return inside


def _lacks(trial: Trial, key: bytes) -> bool:
    active = ctypes.c_int32()
    status = _abi.point_is_active(_abi.trial_point(trial._pointer), key, active)
    return status == _abi.E_NAME


def _extend(trial: Trial, name: str, parameter: Parameter) -> None:
    space = Space({name: parameter})
    check(_abi.trial_extend(trial._open(), space._handle.pointer))
    trial._study._grown = True
    trial._study._flush()


def _constant(parameter: Parameter, value: Any) -> Parameter:
    """The parameter with one value, which the trial then has; it is widened to the whole afterwards."""
    if isinstance(parameter, Categorical):
        text = parameter.text(value).decode()
        return type(parameter)({text: parameter.value(text.encode())})
    if isinstance(parameter, Integer):
        return Integer(value, value, parameter.scale, step=parameter.step)
    assert isinstance(parameter, Real)
    return Real(value, value, parameter.scale, step=parameter.step)


def tell_unused(trial: Trial) -> None:
    """Says which declared parameters the trial did not ask for; before its end."""
    asked, declared = trial._asked, trial._study._declared
    if declared is None or asked is None or declared.names <= asked.keys():
        return
    active = read_point(_abi.trial_point(trial._pointer), _declared_readers(trial._study))
    names = [name.encode() for name in active if name not in asked]
    if names:
        status = _abi.trial_tell_unused(trial._pointer, *texts(names))
        if status != _abi.E_STATE:  # it has ended, or was told so
            check(status)


def _declared_readers(study: Study) -> List[Reader]:
    names = study._declared.names if study._declared is not None else set()
    return [known for known in study._readers if known[0] in names]


def used(trial: Trial, params: Params) -> Params:
    """The parameters without those that the trial does not use."""
    declared = trial._study._declared
    if declared is None or not declared.names:
        return params
    if trial._asked is not None:
        return {name: value for name, value in params.items() if name in trial._asked or name not in declared.names}
    unused = ctypes.c_int32()
    kept: Dict[str, Any] = {}
    for name, value in params.items():
        status = _abi.trial_is_unused(trial._pointer, name.encode(), unused)
        if status or not unused.value:
            kept[name] = value
    return kept


def declared_in_log(study: Study) -> Optional[Declared]:
    """What the trials of a log declared; None where its space did not grow."""
    pointer = ctypes.c_void_p()
    check(_abi.optimizer_get_declared_space(study._optimizer().pointer, pointer))
    begun = Space._of(Handle(pointer.value, _abi.space_free))
    grown = [name for name in study._space if name not in begun]
    if not grown and len(begun):
        return None
    made = Declared(study)
    made.names.update(grown)
    made._fixed = set(begun)
    return made
