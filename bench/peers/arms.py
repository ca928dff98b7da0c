"""The peers of the benchmark of budgets, on the pools of bench/arms, with the accounts of all: a step costs one, the
budget is 20 (lora: 8) full trainings, what a peer cannot continue it pays again, and the training that the budget ends
ends there. Run with the Python of the peer's environment; a run that the results or the store hold is not run again.

    arms.py --serve bench/arms-runner --out DIR [--store DIR] --peer NAME [--runs 300] [--tasks A,B*] [--seconds S]
    arms.py --groups          "NAME ENVIRONMENT RUNS" of every peer
"""
import argparse
import fnmatch
import importlib
import json
import math
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(1, os.path.join(HERE, "..", "report"))
import arms_store
from run import environment, machine
from space import Space

LARGE = 1e9  # for peers that take no infinity


class Over(Exception):
    """The budget is spent."""


class Arm:
    def __init__(self, number, percentile):
        self.number, self.percentile = number, percentile
        self.step, self.value, self.curve = 0, math.inf, []


class Server:
    """bench/arms/serve.c on one pool."""

    def __init__(self, program, task):
        self.process = subprocess.Popen([program, "--serve", task], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.space = Space(json.loads(self.ask("space")))

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer or answer.startswith("error"):
            raise RuntimeError("the pool answers: " + (answer or "nothing"))
        return answer.strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Course:
    """What a study has trained, and what it has left."""

    def __init__(self, server, run):
        self.server, self.run, self.space = server, run, server.space
        _, steps, budget, expected = server.ask("reset %d" % run).split()
        self.steps, self.budget, self.expected = int(steps), int(budget), float(expected)
        self.left = self.steps * self.budget
        self.arms = []

    def arm(self, values):
        inside = {n: self.space.by_name[n].inside(v) for n, v in self.space.active(values).items()}
        words = self.server.ask("point " + json.dumps(inside)).split()
        self.arms.append(Arm(int(words[1]), float(words[2])))
        return self.arms[-1]

    def step(self, arm):
        """One step further; the value there."""
        if self.left < 1:
            raise Over
        self.left -= 1
        arm.step += 1
        if len(arm.curve) < arm.step:  # as many as are known, in advance
            last = min(2 * arm.step, self.steps)
            arm.curve += map(float, self.server.ask("curve %d %d %d" % (arm.number, arm.step, last)).split())
        arm.value = arm.curve[arm.step - 1]
        return arm.value

    def train(self, arm, end):
        while arm.step < end:
            self.step(arm)
        return arm.value

    def again(self, arm):
        """The same configuration from the beginning."""
        other = Arm(arm.number, arm.percentile)
        other.curve = arm.curve
        self.arms.append(other)
        return other

    def percentile(self):
        """Of the best of those at the highest step; of a tie the first."""
        trained = [a for a in self.arms if a.step]
        best = min(trained, key=lambda a: (-a.step, a.value), default=None)
        return best.percentile if best else 1.0


def plain(values):
    """Python's own numbers for NumPy's."""
    return {n: v.item() if hasattr(v, "item") else v for n, v in values.items()}


# ------------------------------------------------------------------------ the peers

def optuna_study(course, pruner):
    import optuna
    adapter = importlib.import_module("adapters.optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=course.run), pruner=pruner,
                                study_name="run %d" % course.run)
    while True:
        trial = study.ask()
        arm = course.arm(course.space.walk(adapter.taker(trial)))
        while arm.step < course.steps:
            trial.report(course.step(arm), arm.step)
            if trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                break
        else:
            study.tell(trial, arm.value)


def optuna_hyperband(course):
    import optuna
    optuna_study(course, optuna.pruners.HyperbandPruner(min_resource=1, max_resource=course.steps))


def optuna_median(course):
    import optuna
    optuna_study(course, optuna.pruners.MedianPruner())


def optuna_halving(course):
    import optuna
    optuna_study(course, optuna.pruners.SuccessiveHalvingPruner())


def smac_study(course, continues):
    import tempfile
    from smac import MultiFidelityFacade, Scenario
    from smac.runhistory.dataclasses import TrialValue
    adapter = importlib.import_module("adapters.smac")
    known = {}
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(adapter.config_space(course.space, course.run), n_trials=100000, min_budget=1,
                            max_budget=course.steps, seed=course.run, deterministic=True, output_directory=folder)
        smac = MultiFidelityFacade(scenario, lambda config, seed, budget: 0.0, overwrite=True, logging_level=False)
        while True:
            info = smac.ask()
            if info.config not in known:
                values = {p.name: info.config[p.name] for p in course.space.parameters if p.name in info.config}
                known[info.config] = course.arm(plain(values))
            elif not continues:
                known[info.config] = course.again(known[info.config])
            value = course.train(known[info.config], max(1, int(info.budget + 1e-9)))
            smac.tell(info, TrialValue(cost=min(value, LARGE)))


def smac_restarting(course):
    smac_study(course, False)


def smac_continuing(course):
    smac_study(course, True)


def syne_space(space):
    from syne_tune import config_space as cs

    def domain(p):
        if p.kind == "ordinal":
            return cs.ordinal(p.choices, kind="equal")
        if p.kind == "categorical":
            return cs.choice(p.choices)
        if p.kind == "integer":
            return (cs.lograndint if p.log else cs.randint)(p.low, p.high)
        return (cs.loguniform if p.log else cs.uniform)(p.low, p.high)
    return {p.name: domain(p) for p in space.parameters}


def syne_study(course, make):
    """Its asynchronous halving of version 0.16 ends trials and does not pause them."""
    import logging
    from syne_tune.backend.trial_status import Trial
    from syne_tune.optimizer.scheduler import SchedulerDecision
    import datetime
    import numpy
    logging.disable(logging.CRITICAL)
    numpy.random.seed(course.run)
    scheduler = make(syne_space(course.space), metric="loss", time_attr="step", max_t=course.steps, random_seed=course.run)
    number = 0
    while True:
        suggestion = scheduler.suggest()
        if suggestion is None:
            return
        trial = Trial(number, suggestion.config, datetime.datetime(2026, 1, 1))
        number += 1
        scheduler.on_trial_add(trial)
        arm = course.arm(plain(suggestion.config))
        while True:
            result = {"loss": min(course.step(arm), LARGE), "step": arm.step}
            if arm.step >= course.steps:
                scheduler.on_trial_complete(trial, result)
                break
            if scheduler.on_trial_result(trial, result) != SchedulerDecision.CONTINUE:
                scheduler.on_trial_remove(trial)
                break


def syne_asha(course):
    from syne_tune.optimizer.baselines import ASHA
    syne_study(course, ASHA)


# name: (library, package, environment, runs, scheduler, method, function)
PEERS = {
    "optuna-hyperband": ("optuna", "optuna", "core", 300, "hyperband", "tpe", optuna_hyperband),
    "optuna-median": ("optuna", "optuna", "core", 300, "median", "tpe", optuna_median),
    "optuna-halving": ("optuna", "optuna", "core", 300, "halving", "tpe", optuna_halving),
    "syne-asha": ("syne tune", "syne-tune", "syne", 300, "asha", "random", syne_asha),
    "smac-restarting": ("smac3", "smac", "smac", 30, "multi-fidelity", "random forest", smac_restarting),
    "smac-continuing": ("smac3", "smac", "smac", 30, "multi-fidelity, continued", "random forest", smac_continuing),
}


def carry_out(function, course):
    """The status."""
    try:
        function(course)
    except Over:
        return "ok"
    except Exception as error:  # a peer that fails is a result
        return "failed: %s: %s" % (type(error).__name__, str(error).splitlines()[0][:200] if str(error) else "")
    return "ok"


def one_run(options, server, task, run):
    library, package, _, _, scheduler, method, function = PEERS[options.peer]
    start = time.process_time()
    course = Course(server, run)
    status = carry_out(function, course)
    return {"library": library, "version": options.version, "scheduler": scheduler, "method": method, "task": task,
            "run": run, "budget": course.budget, "p": course.percentile(), "expected": course.expected,
            "spent": course.budget - course.left / course.steps, "trials": len(course.arms),
            "seconds": round(time.process_time() - start, 3), "machine": options.machine, "status": status}


def tasks_of(options):
    found = subprocess.run([options.serve, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return [t for t in found if not options.tasks or any(fnmatch.fnmatch(t, w) for w in options.tasks.split(","))]


def run_all(options):
    from importlib.metadata import version
    library, package, _, runs, scheduler, method, _ = PEERS[options.peer]
    options.version, options.machine = version(package), machine()
    tasks = tasks_of(options)
    have = arms_store.had([options.store, options.out])
    todo = [(r, t) for r in range(options.runs or runs) for t in tasks
            if (library, scheduler, method, t, r) not in have]
    servers, end = {}, time.time() + options.seconds
    with open(os.path.join(options.out, options.peer + ".jsonl"), "a") as out:
        for i, (run, task) in enumerate(todo):
            if time.time() > end:
                break
            if task not in servers:
                servers[task] = Server(options.serve, task)
            line = one_run(options, servers[task], task, run)
            out.write(json.dumps(line) + "\n")
            out.flush()
            if i % 50 == 0 or line["status"] != "ok":
                print("%s: %d of %d, run %d, %s: %s" % (options.peer, i, len(todo), run, task, line["status"]), flush=True)
    for server in servers.values():
        server.close()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--serve")
    a.add_argument("--out")
    a.add_argument("--store", default="")
    a.add_argument("--peer", choices=PEERS)
    a.add_argument("--runs", type=int, default=0, help="0: as many as the list says")
    a.add_argument("--tasks", default="")
    a.add_argument("--seconds", type=float, default=math.inf)
    a.add_argument("--groups", action="store_true")
    options = a.parse_args()
    if options.groups:
        for name, p in PEERS.items():
            print(name, p[2], p[3])
        return
    os.makedirs(options.out, exist_ok=True)
    run_all(options)


if __name__ == "__main__":
    main()
