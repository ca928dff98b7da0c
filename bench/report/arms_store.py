"""arms_store.py RESULTS STORE: folds the peers' runs on the pools into STORE, a file a peer, which is committed. The same
runs give the same bytes.

STORE/NAME.jsonl.xz has a line for each library, scheduler, method, task and version: "runs" and "p" are lists as long as
each other."""
import glob
import json
import lzma
import os
import sys

ONE = ("library", "version", "scheduler", "method", "task", "budget", "expected")


def read_lines(path):
    if path.endswith(".xz"):
        with lzma.open(path, "rt") as f:
            return [json.loads(line) for line in f]
    with open(path) as f:
        return [json.loads(line) for line in f if line.endswith("\n")]


def files_of(folder):
    return sorted(glob.glob(os.path.join(folder, "*.jsonl")) + glob.glob(os.path.join(folder, "*.jsonl.xz")))


def runs_of(line):
    """The runs of a line, which is one run in results and many in the store."""
    if "runs" not in line:
        yield line
        return
    for k, run in enumerate(line["runs"]):
        out = {n: line[n] for n in ONE}
        out.update(run=run, p=line["p"][k], seconds=line["seconds"], status=line["failed"].get(str(run), "ok"))
        yield out


def read(folders):
    """[(file, run)]"""
    for folder in folders:
        for path in files_of(folder) if folder else ():
            for line in read_lines(path):
                if "p" in line:
                    for run in runs_of(line):
                        yield os.path.basename(path).split(".")[0], run


def key_of(run):
    return tuple(run[k] for k in ("library", "scheduler", "method", "task", "run"))


def had(folders):
    return {key_of(run) for _, run in read(folders)}


def pack(runs):
    """The lines of the store for the runs of one file; a later run takes the place of an earlier one."""
    groups = {}
    for r in runs:
        groups.setdefault(tuple(r[n] for n in ONE), {})[r["run"]] = r
    for key in sorted(groups, key=str):
        found = [groups[key][k] for k in sorted(groups[key])]
        yield dict(zip(ONE, key), runs=[r["run"] for r in found], p=[float("%.6g" % r["p"]) for r in found],
                   seconds=float("%.3g" % (sum(r["seconds"] for r in found) / len(found))),
                   failed={str(r["run"]): r["status"] for r in found if r["status"] != "ok"})


def main():
    results, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    files = {}
    for name, run in read([folder, results]):
        files.setdefault(name, []).append(run)
    for name, runs in files.items():
        text = "".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in pack(runs))
        path = os.path.join(folder, name + ".jsonl.xz")
        with open(path + ".part", "wb") as f:
            f.write(lzma.compress(text.encode(), preset=9))
        os.replace(path + ".part", path)
    print("store of arms: %d peers, %d runs" % (len(files), sum(map(len, files.values()))))


if __name__ == "__main__":
    main()
