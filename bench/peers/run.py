"""Drives the peers on the benchmark's problems: one worker process a method, one core, results as JSON lines.
What is in the file already is not run again, so a run can be interrupted and resumed.

    run.py --spaces F --out DIR --venvs DIR [--runner F] [--peers optuna,pycma] [--methods tpe] [--suites standard]
           [--instances 1] [--seeds 10] [--budget 100] [--problems P,Q] [--seconds 300] [--core 1] [--speed]
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

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = ("library", "method", "suite", "problem", "instance", "seed", "budget")
SPEED_KEY = ("library", "method", "space", "history")


def adapters(wanted):
    """Every adapter's plain constants, read without importing it: its peer may not be installed here."""
    found = {}
    for path in sorted(glob.glob(os.path.join(HERE, "adapters", "[a-z]*.py"))):
        name = os.path.basename(path)[:-3]
        with open(path) as f:
            nodes = ast.parse(f.read()).body
        found[name] = {n.targets[0].id: ast.literal_eval(n.value) for n in nodes
                       if isinstance(n, ast.Assign) and n.targets[0].id.isupper() and is_plain(n.value)}
    missing = [w for w in wanted if w not in found]
    if missing:
        sys.exit("no such peer: %s (there are %s)" % (", ".join(missing), ", ".join(found)))
    return {n: a for n, a in found.items() if not wanted or n in wanted}


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


class Worker:
    def __init__(self, python, name, method, options):
        self.process = subprocess.Popen(
            ["taskset", "-c", options.core, python, os.path.join(HERE, "worker.py"), name, method, options.spaces,
             options.runner],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
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


def done(path, key):
    if not os.path.exists(path):
        return set()
    with open(path) as f:
        return {tuple(r.get(k) for k in key) for r in map(json.loads, f)}


def fits(adapter, space):
    return {"any": True, "numeric": space.numeric, "box": space.continuous}[adapter["SPACES"]]


def quality_tasks(options, name, method, adapter):
    for p in options.table:
        if fits(adapter, p.space):
            count = 1 if method in adapter.get("FIXED", ()) else options.seeds
            for seed in range(options.first_seed, options.first_seed + count):
                yield {"library": adapter["LIBRARY"], "method": method, "suite": p.suite, "problem": p.name,
                       "instance": p.instance, "seed": seed, "budget": options.budget}


def speed_tasks(options, name, method, adapter):
    for p in options.table:
        if p.suite == "speed" and fits(adapter, p.space):
            for n in options.histories:
                yield {"library": adapter["LIBRARY"], "method": method, "space": p.name, "history": n}


def run_method(options, name, method, adapter):
    python = os.path.join(options.venvs, adapter["METHODS"][method], "bin", "python")
    path = os.path.join(options.out, ("speed-" if options.speed else "") + name + ".jsonl")
    key = SPEED_KEY if options.speed else KEY
    have = done(path, key)
    tasks = [t for t in (speed_tasks if options.speed else quality_tasks)(options, name, method, adapter)
             if tuple(t[k] for k in key) not in have]
    if not tasks:
        return
    if not os.path.exists(python):
        print("%s %s: skipped, no environment %s" % (name, method, adapter["METHODS"][method]))
        return
    worker, started, too_long = None, time.time(), set()
    for i, task in enumerate(tasks):
        if task.get("space") in too_long:
            continue
        if worker is None:
            worker = Worker(python, name, method, options)
            if worker.version is None:
                print("%s %s: skipped, it does not start (%s -c 'import adapters.%s')" % (name, method, python, name))
                worker.close()
                return
        result = worker.do(task, options.seconds)
        line = dict(task, version=worker.version, machine=options.machine, **result)
        with open(path, "a") as f:
            f.write(json.dumps(line) + "\n")
        print("\r%s %s: %d of %d, %.0f s %s" % (name, method, i + 1, len(tasks), time.time() - started,
              line.get("space") or line["problem"] + ("" if line["status"] == "ok" else " " + line["status"])),
              end="\n" if line["status"] != "ok" or i + 1 == len(tasks) else "   ", flush=True)
        if worker.process.poll() is not None:
            worker = None
        if options.speed and (result["status"] != "ok" or result["cpu_ms_per_suggestion"] > 20000):
            too_long.add(task["space"])
    if worker:
        worker.close()


def split(text):
    return [t for t in text.split(",") if t]


def wanted(p, options):
    return (p.suite in (split(options.suites) or [p.suite]) and p.suite != "speed"
            and p.name in (split(options.problems) or [p.name])
            and p.instance in ([int(i) for i in split(options.instances)] or [p.instance]))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--spaces", required=True)
    a.add_argument("--runner", default="", help="the C runner, for problems without a Python definition")
    a.add_argument("--out", required=True)
    a.add_argument("--venvs", required=True)
    for name in ("peers", "methods", "suites", "problems"):
        a.add_argument("--" + name, default="", help="comma-separated; all when left out")
    a.add_argument("--instances", default="")
    a.add_argument("--seeds", type=int, default=10)
    a.add_argument("--first-seed", type=int, default=0)
    a.add_argument("--budget", type=int, default=100)
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
    options.table = [p for p in known if options.speed or wanted(p, options)]
    for name, adapter in chosen.items():
        for method in adapter["METHODS"]:
            if not options.methods or method in split(options.methods):
                run_method(options, name, method, adapter)


if __name__ == "__main__":
    main()
