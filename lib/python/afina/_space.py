"""Search spaces."""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_double, c_int64
from collections.abc import Mapping

from . import _abi, _callbacks
from ._abi import point_get_integer, point_get_real, point_get_string
from ._errors import check
from ._handle import Handle
from ._parameters import COMPARISONS, Categorical, Integer, Parameter, Real, conditions, parameter_of, read_parameter
from ._values import doubles, encode, encode_any, read_text, texts, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

    Params = Dict[str, Any]
    Filter = Callable[[Params], Any]
    # Name, its UTF-8, REAL, INTEGER or CHOICE, and the value of each choice's text.
    Reader = Tuple[str, bytes, int, Dict[bytes, Any]]


REAL, INTEGER, CHOICE = 0, 1, 2


def reader(name: str, parameter: Parameter) -> Reader:
    """How values of a parameter are read."""
    if isinstance(parameter, Categorical):
        return name, name.encode(), CHOICE, parameter._values
    return name, name.encode(), INTEGER if isinstance(parameter, Integer) else REAL, {}


def read_point(point: Optional[int], readers: List[Reader]) -> Params:
    """The active parameters of a point of the library."""
    params: Params = {}
    real = c_double()
    for name, key, kind, choices in readers:
        if kind == REAL:
            if not point_get_real(point, key, real):
                params[name] = real.value
        elif kind == INTEGER:
            if not point_get_integer(point, key, whole_number := c_int64()):
                params[name] = whole_number.value
        else:
            if not point_get_string(point, key, text := c_char_p()):
                value = text.value or b""
                params[name] = choices[value] if value in choices else value.decode()
    return params


class Space(Mapping[str, Parameter]):
    """A search space: parameters by name.

        Space({
            "rate": Real(1e-5, 1e-1, "log"),
            "kind": ["svm", "forest"],
            "depth": Integer(1, 9, when={"kind": "forest"}),
        })

    `filter` gets the parameters of a point and says whether it may be used.
    """

    __slots__ = ("_handle", "_parameters", "_readers", "_filter", "__weakref__")

    def __init__(self, parameters: Optional[Mapping[str, Any]] = None, *, filter: Optional[Filter] = None) -> None:
        pointer = ctypes.c_void_p()
        check(_abi.space_new(pointer))
        self._handle = Handle(pointer.value, _abi.space_free)
        self._parameters: Dict[str, Parameter] = {}
        self._readers: List[Reader] = []
        self._filter = filter
        if parameters is not None and not isinstance(parameters, Mapping):
            raise TypeError(f"a space is a dict of parameters by name, not {type(parameters).__name__}")
        for name, short in (parameters or {}).items():
            self._add(name, short)
        for name, parameter in self._parameters.items():
            self._add_conditions(name, parameter)
        if filter is not None:
            self._set_filter(filter)

    def _add(self, name: str, short: Any) -> None:
        key = encode(name, "the name of a parameter")
        try:
            parameter = parameter_of(short)
        except TypeError as error:
            raise TypeError(f"parameter '{name}': {error}") from None
        parameter.add(self._handle.pointer, key)
        self._parameters[name] = parameter
        self._readers.append(reader(name, parameter))

    def _add_conditions(self, name: str, parameter: Parameter) -> None:
        pointer, child = self._handle.pointer, name.encode()
        for parent, comparison, rule in conditions(parameter.when):
            key = encode(parent, "the parent of a condition")
            if comparison is not None:
                check(_abi.space_add_condition(pointer, child, key, comparison, rule))
                continue
            described = self._parameters.get(parent)
            names = [described.text(value) if described else b"?" for value in rule]
            check(_abi.space_add_condition_in(pointer, child, key, *texts(names)))

    def _set_filter(self, function: Filter) -> None:
        if not callable(function):
            raise TypeError(f"filter is a function, not {type(function).__name__}")
        target = filter_target(function, self._readers)
        check(_callbacks.install(_abi.space_set_filter, self._handle.pointer, _callbacks.filter_function, target))

    @classmethod
    def _of(cls, handle: Handle, like: Optional[Mapping[str, Parameter]] = None) -> Space:
        """A space of the library. Its choices are those of `like` where that has the parameter."""
        made = cls.__new__(cls)
        made._handle = handle
        made._filter = None
        made._parameters = {}
        for index in range(_abi.space_parameter_count(handle.pointer)):
            key = _abi.space_parameter_name(handle.pointer, index) or b""
            known = (like or {}).get(key.decode())
            made._parameters[key.decode()] = known if known else read_parameter(handle.pointer, key)
        for name, parameter in made._parameters.items():
            if not (like or {}).get(name):
                parameter._set(when=_read_conditions(handle.pointer, name.encode(), made._parameters))
        made._readers = [reader(name, parameter) for name, parameter in made._parameters.items()]
        return made

    def _take_choices(self, readers: List[Reader]) -> None:
        """Choices stand for the values that they stood for before."""
        known = {found[0]: found for found in readers}
        for name, parameter in self._parameters.items():
            values = known[name][3] if name in known else {}
            if isinstance(parameter, Categorical) and values:
                parameter._take_values(values)
        self._readers = [reader(name, parameter) for name, parameter in self._parameters.items()]

    @classmethod
    def from_json(cls, text: str) -> Space:
        """The space of a JSON text (docs/space-json.md)."""
        pointer = ctypes.c_void_p()
        data = encode_any(text, "the text of a space")
        check(_abi.space_from_json(pointer, data, len(data)))
        return cls._of(Handle(pointer.value, _abi.space_free))

    def to_json(self) -> str:
        """The space as JSON text, without its filter."""
        return read_text(_abi.space_to_json, self._handle.pointer)

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __repr__(self) -> str:
        return f"Space({self._parameters!r})"

    def __reduce__(self) -> Any:
        return _space, (self._parameters, self._filter)

    @property
    def point_count(self) -> Optional[int]:
        """How many different points there are; None for infinitely many, or more than can be counted."""
        count = ctypes.c_uint64()
        check(_abi.space_point_count(self._handle.pointer, count))
        return None if count.value == 2**64 - 1 else count.value

    def sample(self, seed: int = 0, index: int = 0) -> Params:
        """A point drawn from the priors; the same (seed, index) gives the same point."""
        pointer = ctypes.c_void_p()
        seed, index = whole(seed, "seed", 0, 2**64 - 1), whole(index, "index", 0, 2**64 - 1)
        check(_abi.space_sample(self._handle.pointer, seed, index, pointer))
        point = Handle(pointer.value, _abi.point_free)
        return read_point(point.pointer, self._readers)

    def default(self) -> Params:
        """Every active parameter at its default."""
        point = self._point({})
        return read_point(point.pointer, self._readers)

    def _point(self, params: Mapping[str, Any]) -> Handle:
        """A point of the library with these values, and defaults for the others."""
        if not isinstance(params, Mapping):
            raise TypeError(f"parameters are a dict of values by name, not {type(params).__name__}")
        pointer = ctypes.c_void_p()
        check(_abi.point_new(pointer, self._handle.pointer))
        point = Handle(pointer.value, _abi.point_free)
        for name, value in params.items():
            key = encode(name, "the name of a parameter")
            parameter = self._parameters.get(name)
            if parameter is None:
                check(_abi.point_set_integer(point.pointer, key, 0))  # says which names there are
            elif value is not None or isinstance(parameter, Categorical):
                parameter.set_point(point.pointer, key, value)
        return point


def _space(parameters: Dict[str, Parameter], filter: Optional[Filter]) -> Space:
    return Space(parameters, filter=filter)


def filter_target(function: Filter, readers: List[Reader]) -> Callable[[int], int]:
    """What the library calls for a filter."""

    def target(point: int) -> int:
        return 1 if function(read_point(point, readers)) else 0

    return target


def _read_conditions(space: Any, child: bytes, parameters: Dict[str, Parameter]) -> Dict[str, Any]:
    count = ctypes.c_size_t()
    check(_abi.space_get_condition_count(space, child, count))
    found: Dict[str, Any] = {}
    for index in range(count.value):
        parent, comparison, number = ctypes.c_char_p(), ctypes.c_int32(), ctypes.c_double()
        check(_abi.space_get_condition(space, child, index, parent, comparison, number))
        name = (parent.value or b"").decode()
        if comparison.value != _abi.COMPARE_IN:
            sign = next(text for text, code in COMPARISONS.items() if code == comparison.value)
            found.setdefault(name, []).append((sign, number.value))
            continue
        values = ctypes.c_size_t()
        check(_abi.space_get_condition_value_count(space, child, index, values))
        names = [read_text(_abi.space_get_condition_value, space, child, index, i) for i in range(values.value)]
        whole_numbers = isinstance(parameters[name], Integer)
        found.setdefault(name, []).extend(int(text) if whole_numbers else text for text in names)
    return found
