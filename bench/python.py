#!/usr/bin/env python3
"""What a trial costs from Python beyond the objective: processor time for ask, reading the parameters, and tell.

    PYTHONPATH=lib/python python3 bench/python.py [--repeats 7]

Three parameters. `random` is the mean of 2,000 trials, `gp` that of 20 trials from the hundredth on. Shown is the least
of the repeats, of the time of the processor, which other programs on the machine disturb least. Optuna and Rustuna are measured beside it where they
are installed for the same interpreter. The last lines are the time to import the package in a fresh interpreter (beyond
an empty one), and the size of the wheel where `make wheel` has made one.
"""

import argparse
import glob
import os
import resource
import subprocess
import sys
import time


def afina_study(method):
    import afina

    study = afina.Study({"x": (0.0, 1.0), "y": (1e-5, 1e-1, "log"), "n": (1, 8)}, method=method)

    def trial():
        trial = study.ask()
        params = trial.params
        study.tell(trial, (params["x"] - 0.3) ** 2 + params["n"])

    return trial


def suggesting(ask, tell):
    """Ask and tell in the words of Optuna."""

    def trial():
        trial = ask()
        x, _ = trial.suggest_float("x", 0.0, 1.0), trial.suggest_float("y", 1e-5, 1e-1, log=True)
        tell(trial, (x - 0.3) ** 2 + trial.suggest_int("n", 1, 8))

    return trial


def afina_suggesting(method):
    import afina

    study = afina.Study(method=method)
    return suggesting(study.ask, study.tell)


def optuna_study(method):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    kinds = {"random": optuna.samplers.RandomSampler, "gp": optuna.samplers.GPSampler}
    study = optuna.create_study(sampler=kinds[method](seed=0))
    return suggesting(study.ask, study.tell)


def rustuna_study(method):
    import rustuna

    kind = {"random": "RandomSampler", "gp": "GPSampler"}[method]
    study = rustuna.create_study(sampler=getattr(rustuna.samplers, kind)(seed=0))
    return suggesting(study.ask, lambda trial, value: study.tell(trial.number, value))


LIBRARIES = {
    "afina": afina_study,
    "afina, suggest_float()": afina_suggesting,
    "optuna": optuna_study,
    "rustuna": rustuna_study,
}


def mean_microseconds(trial, before, count):
    for _ in range(before):
        trial()
    begun = time.process_time()
    for _ in range(count):
        trial()
    return (time.process_time() - begun) / count * 1e6


def least(make, method, repeats):
    before, count = (100, 20) if method == "gp" else (100, 2000)
    return min(mean_microseconds(make(method), before, count) for _ in range(repeats))


def import_milliseconds(code, repeats):
    best = float("inf")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-S", "-c", code], check=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    for method in ("random", "gp"):
        for name, make in LIBRARIES.items():
            try:
                cost = least(make, method, repeats)
            except (ImportError, AttributeError) as error:
                print(f"{method:8s} {name:24s} not measured: {error}")
                continue
            print(f"{method:8s} {name:24s} {cost:12.1f} us a trial", flush=True)
    empty, full = (import_milliseconds(code, 3 * repeats) for code in ("pass", "import afina"))
    print(f"import afina {full - empty:.1f} ms beyond the {empty:.1f} ms of an empty interpreter")
    for wheel in glob.glob(os.path.join("build", "wheel", "*.whl")):
        print(f"{os.path.basename(wheel)} {os.path.getsize(wheel) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
