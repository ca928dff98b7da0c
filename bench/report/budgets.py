"""Budgets and arms: docs/benchmarks/{arms,best_arm}.csv from the runs, and from these two files alone the page
docs/benchmarks/arms.md, its picture and the section of BENCHMARKS.md.

    budgets.py ROOT FOLDER...     reads results and stores, writes all of it
    budgets.py --show FOLDER...   the table of the runs of those folders, to look at
    budgets.py --check ROOT       what is shown is what the two files say
"""
import csv
import json
import math
import os
import statistics
import sys

import arms_store
import svg

ARMS, BEST, PAGE, PICTURE = "arms.csv", "best_arm.csv", "arms.md", "arms.svg"
ARMS_COLUMNS = ["task", "budget", "library", "scheduler", "method", "runs", "figure", "low", "high"]
BEST_COLUMNS = ["setting", "budget", "rule", "error", "samples", "runs"]
HEADING = "## Budgets and arms\n"
Z95 = 1.959964

GROUPS = {"taskset": 7, "nmtlc": 1, "lora": 1, "lcbench": 12}  # tasks of each
GOALS = {"taskset": 7, "lora": 1.7, "lcbench": 5.5, "worst": 2}
REFERENCES_SHOWN = 1
LEAST_SHOWN, LEAST_JUDGED = 5, 30  # runs of a row of the first page; of what may have reached the goals
SETTINGS = [("one-good", "one good arm, .5 above the others"), ("linear", "means in equal steps from 0 to -2"),
            ("power", "gaps (i/K)^.6"),
            ("equal-2", "two equal arms, where any decision is an error"), ("equal-8", "eight"), ("equal-64", "64"),
            ("pair-64", "two equal arms and 62 that are worse by 10")]


def group_of(task):
    return next(g for g in GROUPS if task.startswith("yahpo_lcbench" if g == "lcbench" else g))


# ------------------------------------------------------------------------- rows

def logarithms(runs):
    """Of one contender on one task: (mean, standard error) of ln p(random) - ln p."""
    gains = [r["expected"] - math.log(r["p"]) for r in runs]
    error = statistics.stdev(gains) / math.sqrt(len(gains)) if len(gains) > 1 else 0.0
    return statistics.fmean(gains), error


def row(task, budget, key, count, mean, error):
    cells = [math.exp(mean), math.exp(mean - Z95 * error), math.exp(mean + Z95 * error)]
    return [task, budget, *key, count] + ["%.4g" % c for c in cells]


def task_rows(key, by_task):
    """A row a task, then a row for each group that is whole, and for all tasks."""
    found = {task: (len(runs), *logarithms(runs)) for task, runs in by_task.items()}
    for task in sorted(found):
        yield row(task, by_task[task][0]["budget"], key, *found[task])
    for name, size in list(GROUPS.items()) + [("all", sum(GROUPS.values()))]:
        inside = [found[t] for t in found if name in ("all", group_of(t))]
        if size > 1 and len(inside) == size:
            mean = statistics.fmean(m for _, m, _ in inside)
            error = math.sqrt(sum(e * e for _, _, e in inside)) / size
            yield row(name, "" if name == "all" else 20, key, min(n for n, _, _ in inside), mean, error)


def arms_rows(folders):
    contenders = {}
    for _, r in arms_store.read(folders):
        key = r["library"], r["scheduler"], r["method"]
        contenders.setdefault(key, {}).setdefault(r["task"], {})[r["run"]] = r
    for key in sorted(contenders):
        yield from task_rows(key, {t: list(runs.values()) for t, runs in contenders[key].items()})


def best_rows(folders):
    """Budget 0: until the rule is confident."""
    found = {}
    for folder in folders:
        path = os.path.join(folder, "best-arm.jsonl")
        for r in arms_store.read_lines(path) if os.path.exists(path) else ():
            key = r["setting"], r["samples"], r["rule"]
            if key not in found or found[key]["budget"] <= r["budget"]:
                found[key] = r
    order = [s for s, _ in SETTINGS]
    for key in sorted(found, key=lambda k: (order.index(k[0]), k[1], k[2])):
        r = found[key]
        yield list(key) + ["%.4f" % (r["errors"] / r["budget"]), "%.0f" % r["used"], r["budget"]]


def write_csv(path, header, rows):
    with open(path, "w", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_csv(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


# ------------------------------------------------------------------------ tables

def name_of(r):
    return "%s %s" % (r["library"], r["scheduler"]) + ("" if r["method"] == "pool" else ", " + r["method"])


class Contender:
    def __init__(self, rows):
        self.name, self.library = name_of(rows[0]), rows[0]["library"]
        self.by = {r["task"]: r for r in rows}
        self.runs = sorted({int(r["runs"]) for r in rows})

    def figure(self, name):
        """Of a group, of a task, or of the worst task of lcbench."""
        tasks = [t for t in self.by if t not in GROUPS and t != "all" and group_of(t) == (name if name != "worst" else "lcbench")]
        if name == "worst":
            return min((float(self.by[t]["figure"]) for t in tasks), default=None) if "lcbench" in self.by else None
        r = self.row(name, tasks)
        return float(r["figure"]) if r else None

    def row(self, name, tasks):
        return self.by.get(name) or (self.by[tasks[0]] if GROUPS.get(name) == 1 and tasks else None)

    def reaches(self):
        return self.runs[0] >= LEAST_JUDGED and all((self.figure(n) or 0) >= g for n, g in GOALS.items())


def contenders_of(rows):
    """The best over all tasks first, then those that have not run on all."""
    by = {}
    for r in rows:
        by.setdefault((r["library"], r["scheduler"], r["method"]), []).append(r)
    found = [Contender(r) for r in by.values()]
    return sorted(found, key=lambda c: (c.figure("all") is None, -(c.figure("all") or c.figure("lcbench") or 0), c.name))


def table(header, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header)] + rows]
    return "\n".join(lines) + "\n\n"


COLUMNS = [("taskset", "taskset (7)"), ("nmtlc", "nmtlc"), ("lora", "lora"), ("lcbench", "lcbench (12)"),
           ("worst", "its worst task"), ("all", "all (21)")]


def cell(contender, name):
    f = contender.figure(name)
    if f is None:
        return ""
    tasks = [t for t in contender.by if t not in GROUPS and t != "all" and group_of(t) == name]
    r = None if name == "worst" else contender.row(name, tasks)
    return "%.2f" % f + (" [%.2f, %.2f]" % (float(r["low"]), float(r["high"])) if r and r["low"] != r["high"] else "")


def figures_table(contenders):
    rows = []
    for c in contenders:
        name = "**%s**" % c.name if c.library == "afina" else c.name
        runs = str(c.runs[0]) if len(c.runs) == 1 else "%d to %d" % (c.runs[0], c.runs[-1])
        rows.append([name, runs] + [cell(c, n) for n, _ in COLUMNS])
    return table(["scheduler, method", "runs"] + [title for _, title in COLUMNS], rows)


def arms_tables(rows):
    """Errors at a number of samples, and the samples until confidence."""
    fixed = [r for r in rows if r["budget"] != "0"]
    columns = list(dict.fromkeys((r["setting"], int(r["budget"])) for r in fixed))
    cells = {(r["rule"], r["setting"], int(r["budget"])): r for r in rows}
    rules = list(dict.fromkeys(r["rule"] for r in fixed))

    def shown(rule):
        found = [cells.get((rule, *c)) for c in columns]
        return ["**%s**" % rule if rule.startswith("afina") else rule] + ["%.3f" % float(r["error"]) if r else "" for r in found]
    out = table(["rule"] + ["%s, %s" % (s, format(b, ",")) for s, b in columns], [shown(r) for r in rules])
    stopped = [r for r in rows if r["budget"] == "0"]
    return out, table(["setting", "rule", "samples", "errors", "runs"],
                      [[r["setting"], "**%s**" % r["rule"] if r["rule"].startswith("afina") else r["rule"],
                        format(int(r["samples"]), ","), "%.3f" % float(r["error"]), r["runs"]] for r in stopped])


# ----------------------------------------------------------------------- picture

def picture(contenders):
    """A row a contender, a column a group: dots with intervals on a logarithmic axis."""
    shown = [c for c in contenders if is_shown(c)]
    left, top, width, height, names = 250, 60, 200, 18, [n for n, _ in COLUMNS[:4]] + ["worst"]
    parts = [svg.text(12, 24, "How many times more random full trainings reach the same", 14, extra='font-weight="bold"')]
    low, high = math.log10(0.1), math.log10(30)
    for k, name in enumerate(names):
        frame = svg.Frame(left + k * (width + 14), top, width, height * len(shown) + 8, (low, high), (0, 1))
        parts += [frame.box(), svg.text(frame.x, top - 8, dict(COLUMNS)[name], 11)]
        for value in (0.1, 1, 10):
            x = frame.at(math.log10(value), 0)[0]
            parts += [svg.line(x, top, x, top + frame.height, "#888" if value == 1 else "#eee"),
                      svg.text(x, top + frame.height + 13, "%g" % value, 9, "middle", "#666")]
        if name in GOALS:
            x = frame.at(math.log10(GOALS[name]), 0)[0]
            parts.append(svg.line(x, top, x, top + frame.height, svg.COLORS[3], 1.2))
        for i, c in enumerate(shown):
            parts += dot(frame, c, name, top + height * (i + 0.5) + 4)
    for i, c in enumerate(shown):
        parts.append(svg.text(left - 8, top + height * (i + 0.5) + 8, c.name, 10, "end", color_of(c)))
    parts.append(svg.text(left, top + height * len(shown) + 42, "1: random full trainings; the yellow lines are the goals; "
                          "95 % intervals over the runs", 10, color="#666"))
    return svg.document(left + len(names) * (width + 14), top + height * len(shown) + 56, parts)


def color_of(contender):
    return svg.COLORS[0] if contender.library == "afina" else svg.COLORS[2] if contender.library == "reference" else "#444"


def dot(frame, contender, name, y):
    def at(value):
        return frame.at(min(max(math.log10(value), frame.xs[0]), frame.xs[1]), 0)[0]
    f = contender.figure(name)
    if f is None:
        return []
    tasks = [t for t in contender.by if t not in GROUPS and t != "all" and group_of(t) == name]
    r = None if name == "worst" else contender.row(name, tasks)
    line = [svg.line(at(float(r["low"])), y, at(float(r["high"])), y, color_of(contender), 1.5)] if r else []
    return line + ['<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>' % (at(f), y, color_of(contender))]


# -------------------------------------------------------------------------- text

FIGURE = """A study may spend the steps of 20 full trainings (lora: 8) on a pool of learning curves; it chooses the best value at
the highest step that any configuration has reached. **The figure says how many times more random full trainings reach
the same** (above 1 is better): exp of the mean over the runs of ln p(random) - ln p, p the percentile in the pool of the
final value of the configuration that was chosen, p(random) that of the best of as many random full trainings (computed
exactly). In square brackets the 95 % interval over the runs, for these tasks; few runs have a wide one, and none at all
where there is one run. A promotion pays only the difference."""

ACCOUNTS = """The pools are those of seven tasks of TaskSet (50 steps, 1,000 configurations), one of machine translation from
scratch (77, 646) and one of fine-tuning, whose curves cross (74, 162), and twelve of LCBench as a fitted surrogate (52
epochs, 3,000 uniform configurations). A suggestion for a measured pool becomes the nearest configuration that the study has
not had; for a surrogate it is trained as it is, and ranks in the pool. No figure is better than that of the pool's best
configuration.

"Reference" are published rules, written for the pool itself in `bench/arms/policies.c` (which says what each does), with
configurations in an order drawn for the run. "afina ... pool" has the same order; with another method the configurations
are its suggestions.

Optuna and Syne Tune end trainings and do not pause them; a training that they end pays what it ran. SMAC asks for a
configuration at a larger budget and has no checkpoints of its own: it pays all of it again ("continued" is what it would
be if its user kept the checkpoints). Defaults throughout: the smallest budget is one step, eta is 3 where a peer does not
say otherwise. Peers that are slow have fewer runs.

"""

ARMS_TEXT = """The best of 64 arms, from samples with normal noise of standard deviation 1: the share of runs that name another arm,
after a number of samples.

"""

SURE = """Rules for the best of 64 arms, by simulation: [arms.md](docs/benchmarks/arms.md).

"""

CONFIDENCE = """Until a rule is confident to .95:

"""


FEW = """Rows with fewer than %d runs and the weaker published policies stand in arms.md alone. The worst of twelve tasks is
the least of twelve estimates: of few runs it comes out too low.

"""


def is_shown(contender):
    return contender.figure("all") is not None and contender.runs[0] >= LEAST_SHOWN


def section(root):
    """Of BENCHMARKS.md; nothing where there are no rows."""
    rows, best = rows_of(root)
    if not rows:
        return ""
    contenders = contenders_of(rows)
    out = HEADING + "\n" + FIGURE + "\nAll of it, and how it is counted: [arms.md](docs/benchmarks/%s).\n\n" % PAGE
    best_references = [c for c in contenders if is_shown(c) and c.library == "reference"][:REFERENCES_SHOWN]
    out += figures_table([c for c in contenders if is_shown(c) and (c.library != "reference" or c in best_references)])
    out += FEW % LEAST_SHOWN
    out += "Goals: taskset 7, lora 1.7, lcbench 5.5 and no task of it below 2, by one default, in at least %d runs. " % LEAST_JUDGED
    reached = [c.name for c in contenders if c.reaches()]
    out += ("Reached by: %s.\n\n" % ", ".join(reached)) if reached else "None reaches all of them.\n\n"
    out += "![Budgets](docs/benchmarks/%s)\n\n" % PICTURE
    return out + (SURE if best else "")


def task_table(rows):
    contenders = contenders_of(rows)
    tasks = [t for t in dict.fromkeys(r["task"] for r in rows) if t not in GROUPS and t != "all"]
    out = ""
    for group in GROUPS:
        inside = sorted(t for t in tasks if group_of(t) == group)
        cells = [[c.name] + ["%.2f" % float(c.by[t]["figure"]) if t in c.by else "" for t in inside] for c in contenders]
        out += "### %s\n\n" % group + table(["scheduler, method"] + [short(t) for t in inside], cells)
    return out


def short(task):
    return task.replace("yahpo_lcbench_", "").replace("taskset_", "")


def page(root):
    rows, best = rows_of(root)
    fixed, stopped = arms_tables(best)
    out = "# Budgets and arms\n\n" + FIGURE + "\n\n" + ACCOUNTS + figures_table(contenders_of(rows))
    out += "![Budgets](%s)\n\n## By task\n\n" % PICTURE + task_table(rows)
    out += "## The best of several arms\n\n" + ARMS_TEXT + fixed + CONFIDENCE + stopped
    named = {r["setting"] for r in best}
    out += "The settings: " + "; ".join("%s, %s" % s for s in SETTINGS if s[0] in named) + ". `bench/arms/bandit.c` says what each rule does.\n"
    return out


def rows_of(root):
    docs = os.path.join(root, "docs", "benchmarks")
    return read_csv(os.path.join(docs, ARMS)), read_csv(os.path.join(docs, BEST))


def with_section(text, new):
    """BENCHMARKS.md with its section in place of the old one, or before the list of tables."""
    at = text.find(HEADING)
    if at >= 0:
        end = text.find("\n## ", at)
        return text[:at] + new + (text[end + 1:] if end >= 0 else "")
    at = text.index("## The tables")
    return text[:at] + new + text[at:]


def documents(root):
    """{path: text} of what is shown, BENCHMARKS.md left out."""
    docs = os.path.join(root, "docs", "benchmarks")
    rows, _ = rows_of(root)
    if not rows:
        return {}
    return {os.path.join(docs, PAGE): page(root), os.path.join(docs, PICTURE): picture(contenders_of(rows))}


def write_text(path, text):
    with open(path, "w") as f:
        f.write(text)


def read_text(path):
    if not os.path.exists(path):
        return ""
    with open(path) as f:
        return f.read()


def write(root, folders):
    docs = os.path.join(root, "docs", "benchmarks")
    write_csv(os.path.join(docs, ARMS), ARMS_COLUMNS, arms_rows(folders))
    write_csv(os.path.join(docs, BEST), BEST_COLUMNS, best_rows(folders))
    front = os.path.join(root, "BENCHMARKS.md")
    for path, text in documents(root).items():
        write_text(path, text)
    write_text(front, with_section(read_text(front), section(root)))


def check(root):
    """What is shown and is not what the rows say."""
    wrong = [path for path, text in documents(root).items() if read_text(path) != text]
    front = os.path.join(root, "BENCHMARKS.md")
    return wrong + ([front] if section(root) not in read_text(front) else [])


def show(folders):
    rows = [dict(zip(ARMS_COLUMNS, map(str, r))) for r in arms_rows(folders)]
    print(figures_table(contenders_of(rows)))


def main():
    if sys.argv[1] == "--show":
        show(sys.argv[2:])
    elif sys.argv[1] == "--check":
        wrong = check(sys.argv[2])
        for path in wrong:
            print("not as in arms.csv and best_arm.csv: " + path)
        print("budgets and arms: %d rows" % sum(map(len, rows_of(sys.argv[2]))))
        sys.exit(bool(wrong))
    else:
        write(sys.argv[1], sys.argv[2:])


if __name__ == "__main__":
    main()
