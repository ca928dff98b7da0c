"""A search space read from afina's JSON (docs/space-json.md), and what every adapter needs of it.

A point is a dict {name: value}: numbers for real and integer parameters, the text
of the choice for the others. Peers that know no conditions give every parameter a
value; active() drops those that the conditions switch off.
"""
import math
import operator

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
           ">": operator.gt, ">=": operator.ge}


class Parameter:
    def __init__(self, text):
        if "prior" in text:
            raise ValueError("%s: the benchmark has uniform priors" % text["name"])
        self.name, self.kind = text["name"], text["kind"]
        self.choices = text.get("choices", [])
        self.low, self.high = text.get("low"), text.get("high")
        self.log = text.get("scale") == "log"  # no peer has the reverse one: it becomes linear there
        self.step = text.get("step", 1 if self.kind == "integer" else None)
        self.conditions = text.get("conditions", [])

    @property
    def numeric(self):
        return self.kind in ("real", "integer")

    def ends(self):
        """The interval that the unit interval maps to; an integer owns half a step on either side."""
        half = self.step / 2 if self.step else 0
        low, high = self.low - half, self.high + half
        if self.log:
            return math.log(low if low > 0 else self.low / 2), math.log(high)
        return low, high

    def from_unit(self, u):
        u = min(max(u, 0.0), 1.0)
        if not self.numeric:
            return self.choices[min(int(u * len(self.choices)), len(self.choices) - 1)]
        low, high = self.ends()
        x = low + u * (high - low)
        if self.log:
            x = math.exp(x)
        if self.step:
            x = self.low + self.step * round((x - self.low) / self.step)
        x = min(max(x, self.low), self.high)
        return int(x) if self.kind == "integer" else x

    def inside(self, value):
        """Without what rounding through a logarithm added beyond the bounds."""
        return min(max(value, self.low), self.high) if self.numeric else value

    def to_unit(self, value):
        if not self.numeric:
            return (self.choices.index(value) + 0.5) / len(self.choices)
        low, high = self.ends()
        return ((math.log(value) if self.log else value) - low) / (high - low)

    def any(self, rng):
        return self.from_unit(rng.random())


class Space:
    def __init__(self, text):
        self.parameters = [Parameter(p) for p in text["parameters"]]
        self.by_name = {p.name: p for p in self.parameters}
        self.names = [p.name for p in self.parameters]
        self.conditional = any(p.conditions for p in self.parameters)
        self.continuous = all(p.kind == "real" and not p.step for p in self.parameters) and not self.conditional
        self.numeric = all(p.numeric for p in self.parameters) and not self.conditional

    def holds(self, condition, values):
        """values: every parameter that is known to be active so far."""
        parent = condition["parent"]
        if parent not in values:
            return False
        value = values[parent]
        if "in" in condition:
            return value in condition["in"]
        return COMPARE[condition["comparison"]](float(value), condition["number"])

    def active(self, values):
        """Only those that are active, in the order of the space."""
        on = self.walk(lambda p: values[p.name])
        return {n: on[n] for n in self.names if n in on}

    def walk(self, take):
        """For define-by-run peers: take(parameter) is called for parents first, then for the children that are on."""
        values, waiting = {}, list(self.parameters)
        while waiting:
            names = {p.name for p in waiting}
            ready = [p for p in waiting if not any(c["parent"] in names for c in p.conditions)]
            if not ready:
                raise ValueError("conditions form a circle")
            for p in ready:
                if all(self.holds(c, values) for c in p.conditions):
                    values[p.name] = take(p)
            waiting = [p for p in waiting if p not in ready]
        return values

    def from_unit(self, u):
        return {p.name: p.from_unit(float(v)) for p, v in zip(self.parameters, u)}

    def to_unit(self, values):
        return [p.to_unit(values[p.name]) if p.name in values else 0.5 for p in self.parameters]

    def random(self, rng):
        return {p.name: p.any(rng) for p in self.parameters}
