"""Drives the peers on the benchmark's problems: one worker process a method, one run at a time, results as JSON lines.
Seeds are the outer loop, so what is cut off by time is cut off for all methods alike. What is stored already is not run
again, so a run can be interrupted and resumed.

    run.py --spaces F --out DIR --venvs DIR [--runner F] [--peers optuna,pycma:cmaes] [--suites standard]
           [--instances 1] [--seeds 10] [--budget 100] [--problems P,Q] [--seconds 300] [--core 1] [--speed]

Without --suites, --instances and --problems it takes the set of problems.csv, on which all are compared.
"""
import argparse
import ast
import glob
import json
import os
import platform
import select
import signal
import subprocess
import sys
import time

import problems
import store

HERE = os.path.dirname(os.path.abspath(__file__))


def adapters(wanted):
    """Every adapter's plain constants, read without importing it: its peer may not be installed here. A peer is wanted
    with all its methods, or with one as NAME:METHOD."""
    found = {}
    for path in sorted(glob.glob(os.path.join(HERE, "adapters", "[a-z]*.py"))):
        name = os.path.basename(path)[:-3]
        with open(path) as f:
            nodes = ast.parse(f.read()).body
        found[name] = {n.targets[0].id: ast.literal_eval(n.value) for n in nodes
                       if isinstance(n, ast.Assign) and n.targets[0].id.isupper() and is_plain(n.value)}
    every = [n for n in found] + ["%s:%s" % (n, m) for n, a in found.items() for m in a["METHODS"]]
    missing = [w for w in wanted if w not in every]
    if missing:
        sys.exit("no such peer: %s (there are %s)" % (", ".join(missing), ", ".join(found)))
    for name, adapter in found.items():
        adapter["METHODS"] = {m: group for m, group in adapter["METHODS"].items()
                              if not wanted or name in wanted or "%s:%s" % (name, m) in wanted}
    return {n: a for n, a in found.items() if a["METHODS"]}


def is_plain(node):
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def machine():
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":")[1].strip()
                break
    return "%s, %d cores, Linux %s, Python %s" % (model, os.cpu_count(), platform.release().split("-")[0],
                                                 platform.python_version())


def environment(options):
    """Speed is measured with the kernels that a peer's own linear algebra chooses, not with those forced on the others."""
    return {k: v for k, v in os.environ.items() if not (options.speed and k.startswith("OPENBLAS_"))}


class Worker:
    def __init__(self, python, name, method, options):
        self.process = subprocess.Popen(
            ["taskset", "-c", options.core, python, options.worker, name, method, options.spaces, options.runner],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment(options), text=True)
        first = self.read(240)
        self.version = first["version"] if first else None

    def read(self, seconds):
        """A result, None when the process ended, or False when the time is over."""
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else ""
        return json.loads(line) if line else None if ready else False

    def do(self, task, seconds):
        """The result. When the process died or took too long, that is the result, and the worker is gone."""
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        result = self.read(seconds)
        if result:
            return result
        code = self.process.wait(30) if result is None else None
        self.close()
        if code in (-signal.SIGTERM, -signal.SIGINT):  # somebody stopped it: to be run again
            sys.exit("the worker was stopped by signal %d; nothing is recorded of that run" % -code)
        return {"status": "failed: " + ("more than %d seconds" % seconds if code is None else
                                        "the process ended with %d" % code), "best": []}

    def close(self):
        self.process.kill()
        self.process.wait()


def fits(adapter, space):
    return {"any": True, "numeric": space.numeric, "box": space.continuous}[adapter["SPACES"]]


def limits(options, adapter, method):
    """The first seed that is not run, and the evaluations a run has."""
    end, budget = options.first_seed + options.seeds, options.budget
    if method in adapter.get("FIXED", ()):
        end = 1
    if method in adapter.get("SLOW", ()):
        end, budget = min(end, options.slow_seeds or end), min(budget, options.slow_budget or budget)
    return end, budget


def quality_tasks(options, chosen):
    """(adapter's name, method, task), by seed, then method, then problem."""
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        for name, adapter in chosen.items():
            for method in adapter["METHODS"]:
                end, budget = limits(options, adapter, method)
                for p in options.table:
                    if seed < end and fits(adapter, p.space):
                        yield name, method, {"library": adapter["LIBRARY"], "method": method, "suite": p.suite,
                                             "problem": p.name, "instance": p.instance, "seed": seed,
                                             "budget": budget}


def speed_tasks(options, chosen):
    for name, adapter in chosen.items():
        for method in adapter["METHODS"]:
            for p in options.table:
                if p.suite == "speed" and fits(adapter, p.space):
                    for n in options.histories:
                        yield name, method, {"library": adapter["LIBRARY"], "method": method, "space": p.name,
                                             "history": n}


class Crew:
    """The workers that are alive, and the methods that have none."""

    def __init__(self, options, chosen):
        self.options, self.chosen = options, chosen
        self.workers, self.absent = {}, set()

    def worker(self, name, method):
        if (name, method) in self.absent:
            return None
        if (name, method) not in self.workers:
            self.start(name, method)
        return self.workers.get((name, method))

    def start(self, name, method):
        group = self.chosen[name]["METHODS"][method]
        python = os.path.join(self.options.venvs, group, "bin", "python")
        worker = Worker(python, name, method, self.options) if os.path.exists(python) else None
        if worker and worker.version is not None:
            self.workers[name, method] = worker
            return
        self.absent.add((name, method))
        if worker:
            worker.close()
        print("%s %s: skipped, %s" % (name, method, "it does not start (%s -c 'import adapters.%s')" % (python, name)
                                      if worker else "no environment " + group))

    def bury(self, name, method):
        """A worker that has ended is replaced when it is next needed."""
        if self.workers[name, method].process.poll() is not None:
            del self.workers[name, method]

    def close(self):
        for worker in self.workers.values():
            worker.close()


def keep(options, name, line):
    with open(os.path.join(options.out, ("speed-" if options.speed else "") + name + ".jsonl"), "a") as f:
        f.write(json.dumps(line) + "\n")


def run_all(options, chosen, have):
    tasks = [t for t in (speed_tasks if options.speed else quality_tasks)(options, chosen)
             if not store.is_done(have, t[2], t[1] in chosen[t[0]].get("TOLD", ()))]
    crew, started, too_long = Crew(options, chosen), time.time(), set()
    for i, (name, method, task) in enumerate(tasks):
        worker = None if (name, method, task.get("space")) in too_long else crew.worker(name, method)
        if worker is None:
            continue
        result = worker.do(task, options.seconds)
        keep(options, name, dict(task, version=worker.version, machine=options.machine, **result))
        tell(i + 1, len(tasks), time.time() - started, name, method, task, result)
        crew.bury(name, method)
        if options.speed and (result["status"] != "ok" or result["cpu_ms_per_suggestion"] > 20000):
            too_long.add((name, method, task["space"]))
    crew.close()


def tell(i, count, seconds, name, method, task, result):
    """One line that is written over, but for failures, which stay."""
    where = "history %d" % task["history"] if "history" in task else "seed %d" % task["seed"]
    bad = result["status"] != "ok"
    print("\r%d of %d, %.0f s: %s %s, %s, %s%s" % (i, count, seconds, name, method, where,
          task.get("space") or task["problem"], ": " + result["status"] if bad else ""),
          end="\n" if bad or i == count else " " * 20, flush=True)


def split(text):
    return [t for t in text.split(",") if t]


def wanted(p, options):
    if p.suite == "speed" or options.speed:
        return p.suite == "speed" and options.speed
    if not (options.suites or options.problems or options.instances):
        return (p.name, p.instance) in options.set
    return (p.suite in (split(options.suites) or [p.suite]) and p.name in (split(options.problems) or [p.name])
            and p.instance in ([int(i) for i in split(options.instances)] or [p.instance]))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--spaces", required=True)
    a.add_argument("--runner", default="", help="the C runner, for problems without a Python definition")
    a.add_argument("--worker", default=os.path.join(HERE, "worker.py"), help="the program that runs a peer")
    a.add_argument("--out", required=True)
    a.add_argument("--venvs", required=True)
    a.add_argument("--store", default=os.path.join(HERE, "..", "stored"), help="what was run before")
    for name in ("peers", "suites", "problems"):
        a.add_argument("--" + name, default="", help="comma-separated; all when left out")
    a.add_argument("--instances", default="")
    a.add_argument("--seeds", type=int, default=10)
    a.add_argument("--first-seed", type=int, default=0)
    a.add_argument("--budget", type=int, default=100)
    a.add_argument("--slow-seeds", type=int, default=0, help="for methods that take minutes a run; 0: as the others")
    a.add_argument("--slow-budget", type=int, default=0)
    a.add_argument("--seconds", type=int, default=300, help="one run may take this long")
    a.add_argument("--core", default=str((os.cpu_count() or 1) - 1))
    a.add_argument("--speed", action="store_true")
    a.add_argument("--groups", action="store_true", help="only say which environments the peers need")
    a.add_argument("--histories", default="10,100,1000")
    options = a.parse_args()
    chosen = adapters(split(options.peers))
    if options.groups:
        print(" ".join(sorted({group for adapter in chosen.values() for group in adapter["METHODS"].values()})))
        return
    os.makedirs(options.out, exist_ok=True)
    options.machine = machine()
    options.histories = [int(n) for n in split(options.histories)]
    known, unknown = problems.read(options.spaces, options.runner)
    if unknown and not options.speed:
        print("left out, no definition here and no --runner: %d problems" % len(set(unknown)))
    options.set = {(p["problem"], int(p["instance"])) for p in problems.compared()}
    options.table = [p for p in known if wanted(p, options)]
    run_all(options, chosen, store.had([options.store, options.out]))


if __name__ == "__main__":
    main()
