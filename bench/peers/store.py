"""store.py RESULTS STORE: folds the peers' results into the store that is committed, a file a peer; hours of runs, and
nobody has to make them again. The same runs give the same bytes.

STORE/NAME.jsonl.xz holds the lines of RESULTS/NAME.jsonl and RESULTS/speed-NAME.jsonl, sorted by key, with one change:
"best" is kept where it improves, as "steps" [[evaluation, value], ...], counted from 0, in twelve digits."""
import glob
import json
import lzma
import os
import sys

RUN = ("library", "method", "suite", "problem", "instance", "seed")
SPEED = ("library", "method", "space", "history")
DIGITS = 12


def kind_of(line):
    """What a line is about, and of which two of the same the later one counts."""
    if "history" in line:
        return ("speed",) + tuple(line[k] for k in SPEED)
    if "group" in line:
        return "install", line["group"]
    return ("run",) + tuple(line[k] for k in RUN) + (line["budget"],)


def rounded(x, digits=DIGITS):
    return float("%.*g" % (digits, x)) if isinstance(x, float) else x


def pack(line):
    out = {k: rounded(v, 4) for k, v in line.items() if k != "best"}
    if "best" in line:
        best = [rounded(v) for v in line["best"]]
        out["steps"] = [[i, v] for i, v in enumerate(best) if v is not None and (i == 0 or v != best[i - 1])]
        out["length"] = len(best)
    return out


def unpack(line):
    if "steps" not in line:
        return line
    out = {k: v for k, v in line.items() if k not in ("steps", "length")}
    ends = [i for i, _ in line["steps"][1:]] + [line["length"]]
    out["best"] = [None] * (line["steps"][0][0] if line["steps"] else line["length"])
    for (start, value), end in zip(line["steps"], ends):
        out["best"] += [value] * (end - start)
    return out


def packed(path):
    with lzma.open(path, "rt") as f:
        return [json.loads(line) for line in f]


def raw(path):
    """The last line may be half written: a run that was stopped."""
    with open(path) as f:
        return [json.loads(line) for line in f if line.endswith("\n")]


def read(folder):
    """[(peer's file, line)] of a folder of results or a store."""
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl")) + glob.glob(os.path.join(folder, "*.jsonl.xz"))):
        lines = map(unpack, packed(path)) if path.endswith(".xz") else raw(path)
        name = os.path.basename(path).split(".")[0]
        yield from ((name.removeprefix("speed-"), line) for line in lines)


def had(folders):
    """{key: the budgets it was run with}"""
    out = {}
    for folder in folders:
        for _, line in read(folder):
            key = kind_of(line)
            key, budget = (key[:-1], key[-1]) if key[0] == "run" else (key, 0)
            out.setdefault(key, set()).add(budget)
    return out


def is_done(have, task, told=False):
    """A longer run holds a shorter one, but where the method is told the budget."""
    budgets = have.get(key_of(task), ())
    budget = task.get("budget", 0)
    return budget in budgets if told else any(b >= budget for b in budgets)


def key_of(task):
    return ("speed",) + tuple(task[k] for k in SPEED) if "history" in task else ("run",) + tuple(task[k] for k in RUN)


def fold(results, folder):
    """{peer: {key: packed line}}; what is new takes the place of what was there."""
    out = {}
    for source in (folder, results):
        for name, line in read(source):
            out.setdefault(name, {})[kind_of(line)] = pack(line)
    return out


def write(path, lines):
    text = "".join(json.dumps(lines[k], sort_keys=True, separators=(",", ":")) + "\n" for k in sorted(lines))
    with open(path + ".part", "wb") as f:
        f.write(lzma.compress(text.encode(), preset=9))
    os.replace(path + ".part", path)


def main():
    results, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    for name, lines in fold(results, folder).items():
        write(os.path.join(folder, name + ".jsonl.xz"), lines)
    files = glob.glob(os.path.join(folder, "*.jsonl.xz"))
    print("store: %d peers, %d kB" % (len(files), sum(map(os.path.getsize, files)) / 1000))


if __name__ == "__main__":
    main()
