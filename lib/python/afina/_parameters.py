"""The parameters of a space as Python objects: descriptions that never change."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping

from . import _abi
from ._errors import check, error
from ._values import doubles, encode, real, texts, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple, Union

    When = Mapping[str, Any]
    Choices = Union[Iterable[Any], Mapping[str, Any]]

SCALES = {"linear": _abi.SCALE_LINEAR, "log": _abi.SCALE_LOG, "reverse-log": _abi.SCALE_REVERSE_LOG}
COMPARISONS = {
    "==": _abi.COMPARE_EQUAL,
    "!=": _abi.COMPARE_NOT_EQUAL,
    "<": _abi.COMPARE_LESS,
    "<=": _abi.COMPARE_LESS_EQUAL,
    ">": _abi.COMPARE_GREATER,
    ">=": _abi.COMPARE_GREATER_EQUAL,
}


def scale_number(scale: Any) -> int:
    """The library's number of a scale."""
    if not isinstance(scale, str) or scale not in SCALES:
        raise error(_abi.E_RANGE, f"scale must be one of {', '.join(SCALES)}, got {scale!r}")
    return SCALES[scale]


class Parameter:
    """What all parameters share. `when` says under which values of other parameters this one is active:
    {"kind": "svm"}, {"kind": ["svm", "forest"]}, {"layers": (">=", 2)} or {"layers": [(">=", 2), ("<", 5)]}."""

    __slots__ = ("default", "when")

    default: Any
    when: Dict[str, Any]

    def __init__(self, default: Any = None, when: Optional[When] = None) -> None:
        object.__setattr__(self, "default", default)
        object.__setattr__(self, "when", dict(when or {}))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; make another one")

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _fields(self) -> Dict[str, Any]:
        names = [name for kind in reversed(type(self).__mro__) for name in getattr(kind, "__slots__", ())]
        return {name: getattr(self, name) for name in names if not name.startswith("_")}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __reduce__(self) -> Any:
        return _rebuild, (type(self), self._fields())

    def _without_default(self) -> Parameter:
        made: Parameter = _rebuild(type(self), {**self._fields(), "default": None})
        return made

    def add(self, space: Any, name: bytes) -> None:
        """Adds the parameter to a space of the library."""
        raise NotImplementedError

    def set_point(self, point: Any, name: bytes, value: Any) -> None:
        """Sets its value in a point of the library."""
        raise NotImplementedError

    def text(self, value: Any) -> bytes:
        """A value as the text that conditions name it by."""
        raise NotImplementedError


def _rebuild(kind: Any, fields: Dict[str, Any]) -> Any:
    made = kind.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


class Real(Parameter):
    """A real number in [low, high], evenly spaced on its scale: "linear", "log" or "reverse-log".

    `step` restricts it to low, low + step, ...; `normal` and `lognormal` make one with another prior.
    """

    __slots__ = ("low", "high", "scale", "step", "prior", "mean", "sd")

    low: float
    high: float
    scale: str
    step: Optional[float]
    prior: str
    mean: float
    sd: float

    def __init__(
        self,
        low: float,
        high: float,
        scale: str = "linear",
        *,
        log: bool = False,
        step: Optional[float] = None,
        default: Optional[float] = None,
        when: Optional[When] = None,
    ) -> None:
        super().__init__(None if default is None else real(default, "default"), when)
        scale = "log" if log else scale
        scale_number(scale)
        self._set(low=real(low, "low"), high=real(high, "high"), scale=scale)
        self._set(step=None if step is None else real(step, "step"), prior="uniform", mean=0.0, sd=0.0)

    @classmethod
    def normal(
        cls,
        mean: float,
        sd: float,
        low: float = -math.inf,
        high: float = math.inf,
        *,
        default: Optional[float] = None,
        when: Optional[When] = None,
    ) -> Real:
        """With a normal prior, cut at the bounds."""
        made = cls(low, high, default=default, when=when)
        made._set(prior="normal", mean=real(mean, "mean"), sd=real(sd, "sd"))
        return made

    @classmethod
    def lognormal(
        cls,
        mean: float,
        sd: float,
        low: float = 0.0,
        high: float = math.inf,
        *,
        default: Optional[float] = None,
        when: Optional[When] = None,
    ) -> Real:
        """With a prior whose natural logarithm is normal, cut at the bounds."""
        made = cls(low, high, default=default, when=when)
        made._set(prior="lognormal", mean=real(mean, "mean"), sd=real(sd, "sd"))
        return made

    def __repr__(self) -> str:
        head = f"{self.low!r}, {self.high!r}"
        if self.prior != "uniform":
            return f"Real.{self.prior}({self.mean!r}, {self.sd!r}, {head}{_rest(self)})"
        scale = "" if self.scale == "linear" else f", {self.scale!r}"
        step = "" if self.step is None else f", step={self.step!r}"
        return f"Real({head}{scale}{step}{_rest(self)})"

    def add(self, space: Any, name: bytes) -> None:
        if self.prior == "normal":
            check(_abi.space_add_normal(space, name, self.mean, self.sd, self.low, self.high))
        elif self.prior == "lognormal":
            check(_abi.space_add_lognormal(space, name, self.mean, self.sd, self.low, self.high))
        else:
            check(_abi.space_add_real(space, name, self.low, self.high, SCALES[self.scale]))
        if self.step is not None:
            check(_abi.space_set_step(space, name, self.step))
        if self.default is not None:
            check(_abi.space_set_default_real(space, name, self.default))

    def set_point(self, point: Any, name: bytes, value: Any) -> None:
        check(_abi.point_set_real(point, name, real(value, name.decode())))

    def text(self, value: Any) -> bytes:
        return repr(real(value, "a value of a condition")).encode()


class Integer(Parameter):
    """A whole number in [low, high], both included, on a scale as those of `Real`."""

    __slots__ = ("low", "high", "scale", "step")

    low: int
    high: int
    scale: str
    step: Optional[int]

    def __init__(
        self,
        low: int,
        high: int,
        scale: str = "linear",
        *,
        log: bool = False,
        step: Optional[int] = None,
        default: Optional[int] = None,
        when: Optional[When] = None,
    ) -> None:
        super().__init__(None if default is None else whole(default, "default"), when)
        scale = "log" if log else scale
        scale_number(scale)
        self._set(low=whole(low, "low"), high=whole(high, "high"), scale=scale)
        self._set(step=None if step is None else whole(step, "step"))

    def __repr__(self) -> str:
        scale = "" if self.scale == "linear" else f", {self.scale!r}"
        step = "" if self.step is None else f", step={self.step!r}"
        return f"Integer({self.low!r}, {self.high!r}{scale}{step}{_rest(self)})"

    def add(self, space: Any, name: bytes) -> None:
        check(_abi.space_add_integer(space, name, self.low, self.high, SCALES[self.scale]))
        if self.step is not None:
            check(_abi.space_set_step(space, name, float(self.step)))
        if self.default is not None:
            check(_abi.space_set_default_integer(space, name, self.default))

    def set_point(self, point: Any, name: bytes, value: Any) -> None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        check(_abi.point_set_integer(point, name, whole(value, name.decode())))

    def text(self, value: Any) -> bytes:
        return str(whole(value, "a value of a condition")).encode()


class Categorical(Parameter):
    """One of several values without order. They are text to the library: values that are no text go by theirs (True is
    "True"), functions and classes by their names, and {"text": value} says the text of each. `weights` are the
    probabilities of the choices, up to a factor."""

    __slots__ = ("choices", "weights", "_texts", "_values")

    choices: Tuple[Any, ...]
    weights: Optional[Tuple[float, ...]]
    _texts: Tuple[bytes, ...]
    _values: Dict[bytes, Any]
    _adder = staticmethod(_abi.space_add_categorical)

    def __init__(
        self,
        choices: Choices,
        *,
        weights: Optional[Iterable[float]] = None,
        default: Any = None,
        when: Optional[When] = None,
    ) -> None:
        super().__init__(default, when)
        if isinstance(choices, (str, bytes)):
            raise TypeError("choices are several values, not one text")
        names: Iterable[bytes]
        if isinstance(choices, Mapping):
            values = tuple(choices.values())
            names = [encode(text, "the text of a choice") for text in choices]
        else:
            values = tuple(_plain(choice) for choice in choices)
            names = [choice_text(value) for value in values]
        self._set(choices=values, _texts=tuple(names), _values={})
        self._set(weights=None if weights is None else tuple(real(w, "a weight") for w in weights))
        for text, value in zip(self._texts, values):
            if text in self._values:
                raise error(_abi.E_NAME, f"two choices have the text '{text.decode()}'")
            self._values[text] = value

    def _without_default(self) -> Parameter:
        made = type(self)({text.decode(): value for text, value in self._values.items()}, weights=self.weights)
        return made

    def __reduce__(self) -> Any:
        choices = {text.decode(): value for text, value in self._values.items()}
        return _categorical, (type(self), choices, self.weights, self.default, self.when)

    def __repr__(self) -> str:
        weights = "" if self.weights is None else f", weights={list(self.weights)!r}"
        return f"{type(self).__name__}({list(self.choices)!r}{weights}{_rest(self)})"

    def add(self, space: Any, name: bytes) -> None:
        array, count = texts(self._texts)
        check(self._adder(space, name, array, count))
        if self.weights is not None:
            check(_abi.space_set_weights(space, name, doubles(self.weights), len(self.weights)))
        if self.default is not None:
            check(_abi.space_set_default_string(space, name, self.text(self.default)))

    def set_point(self, point: Any, name: bytes, value: Any) -> None:
        check(_abi.point_set_string(point, name, self.text(value)))

    def text(self, value: Any) -> bytes:
        value = _plain(value)
        for text, choice in self._values.items():
            if choice is value or (type(choice) is type(value) and _equal(choice, value)):
                return text
        for text, choice in self._values.items():
            if _equal(choice, value):
                return text
        raise error(_abi.E_RANGE, f"{value!r} is none of the choices {list(self.choices)!r}")

    def _take_values(self, values: Dict[bytes, Any]) -> None:
        """The values of texts, where they are known; of a space that was read from the library."""
        default = None if self.default is None else self.text(self.default)
        known = {text: values.get(text, value) for text, value in self._values.items()}
        self._set(_values=known, choices=tuple(known.values()))
        if default is not None:
            self._set(default=known[default])

    def value(self, text: bytes) -> Any:
        """The choice of a text of the library."""
        return self._values.get(text, text.decode("utf-8", "replace"))


class Ordinal(Categorical):
    """One of several values in order, from the first to the last."""

    __slots__ = ()

    _adder = staticmethod(_abi.space_add_ordinal)


def _categorical(kind: Any, choices: Any, weights: Any, default: Any, when: Any) -> Any:
    return kind(choices, weights=weights, default=default, when=when)


def _rest(parameter: Parameter) -> str:
    default = "" if parameter.default is None else f", default={parameter.default!r}"
    return default + (f", when={parameter.when!r}" if parameter.when else "")


def _plain(value: Any) -> Any:
    """A scalar of numpy as the Python value that it is."""
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return value.item()
    return value


def _equal(a: Any, b: Any) -> bool:
    try:
        return bool(a == b)
    except Exception:  # what arrays and data frames do
        return False


def choice_text(value: Any) -> bytes:
    """The text of a choice, the same in every process."""
    if isinstance(value, str):
        return encode(value, "a choice")
    name = getattr(value, "__name__", None)
    text = name if isinstance(name, str) and callable(value) else repr(value)
    if " at 0x" in text:
        raise error(
            _abi.E_ARGUMENT,
            f"the choice {text} has no lasting text: give the choices as {{'a name': value, ...}}",
        )
    return encode(text, "a choice")


def parameter_of(short: Any) -> Parameter:
    """A parameter, or what is short for one: (1e-5, 0.1, "log") a real, (1, 8) an integer, range(0, 30, 10) an
    integer with a step, a list of choices."""
    if isinstance(short, Parameter):
        return short
    if isinstance(short, range):
        if len(short) == 0 or short.step < 0:
            raise error(_abi.E_RANGE, f"{short!r} holds no value, or descends")
        return Integer(short[0], short[-1], step=None if len(short) == 1 else short.step)
    if isinstance(short, tuple) and 2 <= len(short) <= 3 and not isinstance(short[0], str):
        scale = short[2] if len(short) == 3 else "linear"
        if all(isinstance(bound, int) and not isinstance(bound, bool) for bound in short[:2]):
            return Integer(short[0], short[1], scale)
        return Real(short[0], short[1], scale)
    if isinstance(short, (list, Mapping)):
        return Categorical(short)
    raise TypeError(
        f"{short!r} is no parameter: use afina.Real, Integer, Categorical or Ordinal, (low, high), (low, high, 'log'), "
        "range(...), or a list of choices"
    )


def _is_comparison(rule: Any) -> bool:
    return isinstance(rule, tuple) and len(rule) == 2 and isinstance(rule[0], str) and rule[0] in COMPARISONS


def conditions(when: When) -> Iterator[Tuple[str, Optional[int], Any]]:
    """(parent, comparison, number) of each condition, or (parent, None, values)."""
    for parent, rule in when.items():
        if _is_comparison(rule):
            yield parent, COMPARISONS[rule[0]], real(rule[1], f"the number of the condition on '{parent}'")
        elif isinstance(rule, list) and rule and all(_is_comparison(one) for one in rule):
            yield from ((parent, COMPARISONS[sign], real(bound, "the number of a condition")) for sign, bound in rule)
        elif isinstance(rule, (list, set, frozenset, tuple)):
            values: List[Any] = list(rule)
            yield parent, None, values
        else:
            yield parent, None, [rule]


def read_parameter(space: Any, name: bytes) -> Parameter:
    """The description of a parameter of a space of the library, without its conditions."""
    found = _read(space, name)
    plain = found._without_default()
    scratch = ctypes.c_void_p()
    check(_abi.space_new(scratch))
    try:
        plain.add(scratch, name)
        return plain if _read(scratch, name) == found else found
    finally:
        _abi.space_free(scratch)


def _read(space: Any, name: bytes) -> Parameter:
    """The same with its default, also where that is what it would be without one."""
    kind = ctypes.c_int32()
    check(_abi.space_get_kind(space, name, kind))
    if kind.value == _abi.KIND_REAL:
        return _read_real(space, name)
    if kind.value == _abi.KIND_INTEGER:
        return _read_integer(space, name)
    count = _abi.space_get_choice_count(space, name)
    choices = [(_abi.space_get_choice(space, name, i) or b"").decode() for i in range(count)]
    made = Ordinal if kind.value == _abi.KIND_ORDINAL else Categorical
    weights = (ctypes.c_double * count)()
    check(_abi.space_get_weights(space, name, weights, count, ctypes.byref(ctypes.c_size_t())))
    default = ctypes.c_char_p()
    check(_abi.space_get_default_string(space, name, default))
    uniform = max(weights) - min(weights) < 1e-12
    return made(choices, weights=None if uniform else list(weights), default=(default.value or b"").decode())


def _read_scale(space: Any, name: bytes) -> str:
    scale = ctypes.c_int32()
    check(_abi.space_get_scale(space, name, scale))
    return next(text for text, number in SCALES.items() if number == scale.value)


def _read_real(space: Any, name: bytes) -> Real:
    low, high, step, mean, sd, default = (ctypes.c_double() for _ in range(6))
    prior = ctypes.c_int32()
    check(_abi.space_get_real_bounds(space, name, low, high))
    check(_abi.space_get_step(space, name, step))
    check(_abi.space_get_prior(space, name, prior, mean, sd))
    check(_abi.space_get_default_real(space, name, default))
    if prior.value == _abi.PRIOR_NORMAL:
        return Real.normal(mean.value, sd.value, low.value, high.value, default=default.value)
    if prior.value == _abi.PRIOR_LOGNORMAL:
        return Real.lognormal(mean.value, sd.value, low.value, high.value, default=default.value)
    scale = _read_scale(space, name)
    return Real(low.value, high.value, scale, step=step.value or None, default=default.value)


def _read_integer(space: Any, name: bytes) -> Integer:
    low, high, default = (ctypes.c_int64() for _ in range(3))
    step = ctypes.c_double()
    check(_abi.space_get_integer_bounds(space, name, low, high))
    check(_abi.space_get_step(space, name, step))
    check(_abi.space_get_default_integer(space, name, default))
    scale = _read_scale(space, name)
    whole_step = int(step.value) if step.value > 1 else None
    return Integer(low.value, high.value, scale, step=whole_step, default=default.value)
