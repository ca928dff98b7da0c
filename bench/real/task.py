"""A task: a name, a space as afina's JSON has it, and what a configuration is worth. The lists TASKS of fixed.py and of
trained.py are filled by the decorator."""
import functools


class Task:
    def __init__(self, name, half, parameters, value):
        self.name, self.half, self.value = name, half, value
        self.space = {"format": 1, "parameters": parameters}


def task(into, half, *parameters):
    """Adds the function below it to the list `into`, under the function's name."""
    def take(f):
        into.append(Task(f.__name__, half, [dict(p) for p in parameters], f))
        return f
    return take


def number(kind, name, low, high, log):
    p = {"name": name, "kind": kind, "low": low, "high": high}
    return dict(p, scale="log") if log else p


real = functools.partial(number, "real", log=False)
log_real = functools.partial(number, "real", log=True)
whole = functools.partial(number, "integer", log=False)
log_whole = functools.partial(number, "integer", log=True)


def choice(name, *texts):
    return {"name": name, "kind": "categorical", "choices": list(texts)}


def ordered(name, *numbers):
    return {"name": name, "kind": "ordinal", "choices": [str(n) for n in numbers]}


def when(parent, values, parameter):
    """The parameter, active where the parent has one of the values."""
    condition = {"parent": parent, "in": list(values)}
    return dict(parameter, conditions=parameter.get("conditions", []) + [condition])


def above(parent, least, parameter):
    """The parameter, active where the parent is at least that."""
    condition = {"parent": parent, "comparison": ">=", "number": least}
    return dict(parameter, conditions=parameter.get("conditions", []) + [condition])
