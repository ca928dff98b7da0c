"""What the runners stored: runs, speeds, footprints and what could not be installed."""
import json
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import problems
import store

OURS = "afina"
RANDOM = {"random", "rand"}  # every library's random search; together they are the yardstick


class Problem:
    def __init__(self, text):
        self.key = (text["suite"], text["problem"], text["instance"])
        self.suite, self.name, self.instance = self.key
        self.d, self.optimum = text["d"], text["optimum"]
        self.kind = kind_of(text["space"]["parameters"], text.get("noise", 0))


def kind_of(parameters, noise):
    """One word for the space; a noisy objective is a kind of its own."""
    if noise:
        return "noisy"
    if any("conditions" in p for p in parameters):
        return "conditional"
    kinds = {p["kind"] for p in parameters}
    if kinds == {"real"}:
        return "continuous"
    return "integer" if kinds == {"integer"} else "categorical" if "real" not in kinds else "mixed"


def dimension_of(problem):
    for low, high in ((1, 3), (4, 6), (7, 12), (13, 40)):
        if low <= problem.d <= high:
            return "d %d to %d" % (low, high)
    return "d above 40"


class Results:
    def __init__(self, folders, spaces, peers=()):
        """folders: of results or stores, later ones counting more; peers: the (library, method) that have an adapter."""
        with open(spaces) as f:
            self.problems = {p.key: p for p in map(Problem, map(json.loads, f))}
        runs, lengths, self.speeds, self.footprints, self.failed_installs = {}, {}, {}, [], {}
        for _, r in (line for folder in folders for line in store.read(folder)):
            if "history" in r:
                self.speeds[r["library"], r["method"], r["space"], r["history"]] = r
            elif "best" in r:
                keep_longest(runs, r, self.problems)
                lengths.setdefault(seed_of(r), {})[r["budget"]] = r
            elif "library_bytes" in r:
                self.footprints.append(r)
            elif "group" in r:
                self.failed_installs[r["group"]] = r["failed"]
        self.runs = list(runs.values())
        self.shorter = {k: found for k, found in lengths.items() if len(found) > 1}
        self.group = {(p["problem"], int(p["instance"])): p["group"] for p in problems.compared()}
        have = {(r["library"], r["method"]) for r in self.runs}
        self.not_run = [m for m in peers if m not in have]
        self.machines = sorted({r["machine"] for r in self.runs})
        self.versions = {r["library"]: r["version"] for r in self.runs}


    def runs_to(self, budget):
        """Of a seed that was run at several budgets the shortest run that goes so far: methods that are told the budget
        make other runs for each."""
        for r in self.runs:
            found = self.shorter.get(seed_of(r), {})
            enough = [b for b in found if b >= budget and found[b]["status"] == "ok"]
            yield found[min(enough)] if enough else r


def seed_of(r):
    return r["library"], r["method"], r["suite"], r["problem"], r["instance"], r["seed"]


def keep_longest(runs, r, known):
    """A seed that was run at several budgets counts once, with the largest that went well."""
    def worth(run):
        return run["status"] == "ok", run["budget"]
    key = seed_of(r)
    if key[2:5] in known and (key not in runs or worth(runs[key]) <= worth(r)):
        runs[key] = r
