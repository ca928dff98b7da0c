"""How an objective is called: with the trial, with a dict of its parameters, or with them as keywords."""

from __future__ import annotations


from ._trial import Trial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional

    Objective = Callable[..., Any]
    Call = Callable[[Trial], Any]


def adapt(objective: Objective, names: Iterable[str]) -> Call:
    """The objective as a function of a trial.

    A first argument that is no parameter of the space gets a dict of the parameters, or the trial itself where it is
    called `trial`, is annotated as one, or the study has no space of its own. Otherwise the parameters are passed
    by name. An argument `trial` gets the trial in either case. A parameter that is not active is left out where its
    argument has a default, and else None.
    """
    if not callable(objective):
        raise TypeError(f"the objective is a function, not {type(objective).__name__}")
    known = set(names)
    arguments = _arguments(objective)
    if arguments is None:
        return objective if not known else lambda trial: objective(trial.params)
    plain = [argument for argument in arguments if argument.kind in (0, 1)]
    keywords = any(argument.kind == 4 for argument in arguments)
    named = [argument for argument in arguments if argument.kind in (1, 3)]
    first = plain[0] if plain else None
    with_trial = any(argument.name == "trial" and argument is not first for argument in named)
    if first is not None and first.name not in known:
        if not known or _wants_trial(first):
            rest = [argument.name for argument in named if argument is not first and argument.name in known]
            return _by_trial(objective, rest)
        return _by_dict(objective, with_trial)
    if first is None and not keywords and not named:
        star = any(argument.kind == 2 for argument in arguments)
        if star:
            return lambda trial: objective(trial.params)
        raise TypeError("the objective takes no argument, so it would not see the parameters")
    return _by_name(objective, named, keywords, with_trial)


def _arguments(objective: Objective) -> Optional[List[Any]]:
    import inspect

    try:
        return list(inspect.signature(objective).parameters.values())
    except (TypeError, ValueError):
        return None


def _wants_trial(argument: Any) -> bool:
    annotation = argument.annotation
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return argument.name == "trial" or name.rsplit(".", 1)[-1] == "Trial"


def _by_trial(objective: Objective, names: List[str]) -> Call:
    if not names:
        return objective
    return lambda trial: objective(trial, **{name: value for name, value in trial.params.items() if name in names})


def _by_dict(objective: Objective, with_trial: bool) -> Call:
    if with_trial:
        return lambda trial: objective(trial.params, trial=trial)
    return lambda trial: objective(trial.params)


def _by_name(objective: Objective, named: List[Any], keywords: bool, with_trial: bool) -> Call:
    takes = {argument.name for argument in named}
    needs = [argument.name for argument in named if argument.default is argument.empty and argument.name != "trial"]

    def call(trial: Trial) -> Any:
        params = trial.params
        passed = params if keywords else {name: value for name, value in params.items() if name in takes}
        for name in needs:
            passed.setdefault(name, None)
        if with_trial or "trial" in takes:
            passed["trial"] = trial
        return objective(**passed)

    return call
