"""real_store.py RESULTS STORE: judged runs become part of the repository, a file a library and method; the same runs give the
same bytes. A line has the key of a run, which configurations it would keep ("points") and what they are worth, by answer and
number of evaluations."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(HERE, "..", "peers"))
import standings
import store

DIGITS = 9


def shortened(x):
    if isinstance(x, dict):
        return {k: shortened(v) for k, v in x.items()}
    return store.rounded(x, DIGITS)


def packed(run, judged):
    points = {a: run[a] for a in standings.ANSWERS if a in run}
    line = dict(judged, suite=run["suite"], instance=run["instance"], status=run["status"], machine=run["machine"],
                cpu_seconds=store.rounded(run["optimizer_cpu_seconds"], 3), points=points)
    return shortened(line)


def runs_of(folder):
    """{key: run as the runner wrote it}"""
    return {standings.key_of(r): r for _, r in store.read(folder) if "seen" in r}


def keep(results, folder):
    """{file: its lines}"""
    os.makedirs(folder, exist_ok=True)
    runs, files = runs_of(results), {}
    for judged in standings.read([folder]) + standings.read([results]):
        key = standings.key_of(judged)
        if key in runs or "points" in judged:
            line = packed(runs[key], judged) if key in runs else judged
            files.setdefault("%s-%s" % (judged["library"], judged["method"]), {})[key] = line
    for name, lines in files.items():
        store.write(os.path.join(folder, name + ".jsonl.xz"), lines)
    return files


def main():
    files = keep(*sys.argv[1:3])
    print("store: %d methods, %d runs" % (len(files), sum(map(len, files.values()))))


if __name__ == "__main__":
    main()
