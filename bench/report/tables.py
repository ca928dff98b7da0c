"""BENCHMARKS.md: what was measured, every table from stored results, and what is missing."""
import statistics

from pictures import name_of
from results import OURS
from scores import BUDGETS

HEAD = """# Benchmarks

What afina finds and what its suggestions cost, beside other libraries, on the same problems with the same budgets.
This file is written by `make bench-report` from stored results; every number in it stands in
[docs/benchmarks/scores.csv](docs/benchmarks/scores.csv) or [docs/benchmarks/speed.csv](docs/benchmarks/speed.csv).

    make bench          # afina alone, quality and cost; under ten minutes on two cores
    make bench-peers    # the peers, in virtual environments of their own; PEERS=optuna,rustuna takes some
    make bench-report   # this file and its pictures

"""

HOW = """## How to read it

For a problem and a budget B, `r = (best(B) - optimum) / (median best(B) of random search - optimum)`. The score of a
suite is the mean over its problems and runs of `log10(max(r, 1e-3))`: **0 is random search, -1 a tenth of its
distance to the optimum, -3 the most that counts; lower is better.** In brackets a 95 % bootstrap interval over the
runs of each problem (none where there is one run). Random search is that of every library together. With noise, what
counts is the true value of the point with the best observed value.

The mean rank and the share of problems won compare median runs, among the methods that ran on every problem of the
group. A method that does not take such a space, or was not run on all of it, has neither and stands at the foot of the
table: its score is over the problems in its row, and compares with no other row. Nothing is left out because it loses:
every method that was run has its row beside the peers. In the tables of whole suites, further down, stand those that ran at least half of the suite.

Every method has its defaults. The optimizer time in the pictures is CPU time for the peers and time on the clock for
afina. Each run has one core and one thread for linear algebra. Peers are driven through their
documented interface by [bench/peers/adapters/](bench/peers/adapters), 20 to 60 lines each; definitions of problems in
C and Python are proved equal at recorded points (`bench/vectors.csv`) by `bench/peers/check_vectors.py`.
The suite *shifted* holds the standard functions with the optimum moved by a random shift: as published, some have it
in the middle of the box, which flatters whoever tries the middle first. *standard* holds them as published.

"""


def cost(r):
    """CPU time where it was taken: neighbours on the machine count less in it."""
    return r.get("cpu_ms_per_suggestion", r["ms_per_suggestion"])


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(header, rows):
    return row(header) + row(["---"] * len(header)) + "".join(map(row, rows)) + "\n"


def bold(method):
    return "**%s**" % name_of(method) if method[0] == OURS else name_of(method)


def at_budgets(scores, group):
    """{method: {budget: Score}} and the number of problems."""
    found, count = {}, 0
    for budget in BUDGETS:
        rows, problems = scores.get((group, budget), ([], 0))
        count = max(count, problems)
        for s in rows:
            found.setdefault(s.method, {})[budget] = s
    return found, count


def order(found, count):
    """Those that ran on all problems by their score at the largest budget that all of them have; then the others, whose
    scores are of other problems."""
    whole = {m for m, by in found.items() if max(s.problems for s in by.values()) == count}
    common = [b for b in BUDGETS if all(b in found[m] for m in whole)]
    best = {m: found[m][common[-1]].score if common and common[-1] in found[m] else min(s.score for s in found[m].values())
            for m in found}
    return sorted(found, key=lambda m: (m not in whole, best[m]))


def with_interval(s):
    if s is None:
        return ""
    return "%.2f" % s.score + ("" if s.low is None else " [%.2f, %.2f]" % (s.low, s.high))


def suite_table(scores, group, least=0):
    """least: the share of the group's problems that a method must have run to have a row."""
    found, count = at_budgets(scores, group)
    found = {m: by for m, by in found.items() if max(s.problems for s in by.values()) >= least * count}
    budgets = [b for b in BUDGETS if any(b in by for by in found.values())]
    header = ["method", "problems", "runs"] + ["B = %d" % b for b in budgets] + ["mean rank at %s" % placing(budgets),
                                                                                "won at %s" % placing(budgets)]
    rows = []
    for m in order(found, count):
        by = found[m]
        any_ = by[max(by)]
        placed = by.get(placing(budgets))
        rows.append([bold(m), "%d of %d" % (max(s.problems for s in by.values()), count), str(any_.seeds)]
                    + [with_interval(by.get(b)) for b in budgets]
                    + ["" if placed is None or placed.rank is None else "%.1f" % placed.rank,
                       "" if placed is None or placed.won is None else "%.0f %%" % (100 * placed.won)])
    return table(header, rows)


def placing(budgets):
    return 50 if 50 in budgets else budgets[-1]


def groups_table(scores, groups, budget):
    """One column a group: the score at one budget, in brackets the problems when not all."""
    cells, methods = {}, {}
    for g in groups:
        rows, count = scores[g, budget]
        for s in (s for s in rows if s.problems >= 0.5 * count):
            cells[s.method, g] = "%.2f" % s.score + ("" if s.problems == count else " (%d)" % s.problems)
            methods.setdefault(s.method, []).append(s.score)
    names = ["%s (%d)" % (g.split(": ")[1], scores[g, budget][1]) for g in groups]
    best = sorted(methods, key=lambda m: statistics.fmean(methods[m]))
    return table(["method"] + names, [[bold(m)] + [cells.get((m, g), "") for g in groups] for m in best])


def peers_section(scores, drawn):
    out = ("## Beside the peers\n\nThe problems that peers were run on, and all methods on these alone. Peers that take only "
           "boxes of real numbers have no row where there are other parameters.\n\n")
    for group in sorted({g for g, _ in scores if g.startswith("beside peers")}):
        out += "### %s\n\n" % group.split(": ")[1].capitalize()
        for file, of, words in drawn:
            if of == group:
                out += "![%s](docs/benchmarks/%s)\n\n" % (words, file)
        out += suite_table(scores, group)
    return out


def duel_section(fights):
    out = ("## Head to head with gp\n\nEvery other method against afina's gp on exactly the problems that both ran, so that "
           "what a method was not run on does not count. Difference: score of gp minus score of the other; below 0, gp is "
           "nearer to the optimum. The interval resamples problems and runs; where it holds 0, the difference may be "
           "chance. All budgets: [docs/benchmarks/head-to-head.csv](docs/benchmarks/head-to-head.csv).\n\n")
    for budget in (50, 100):
        rows = sorted((d for d in fights if d.budget == budget), key=lambda d: d.theirs - d.ours)
        if rows:
            out += "B = %d:\n\n" % budget + table(
                ["method", "problems", "gp", "the other", "difference", "gp better, worse on"],
                [[name_of(d.method), str(d.problems), "%.2f" % d.ours, "%.2f" % d.theirs,
                  "%.2f [%.2f, %.2f]" % (d.ours - d.theirs, d.low, d.high), "%d, %d" % (d.better, d.worse)] for d in rows])
    return out


def suite_section(scores, suite, drawn):
    out = "## Suite: %s\n\n" % suite + suite_table(scores, suite, 0.5)
    for file, of, words in drawn:
        if of == suite and file.startswith("convergence"):
            out += "![%s](docs/benchmarks/%s)\n\n" % (words, file)
    dimension = sorted({g for g, _ in scores if g.startswith(suite + ": d ")}, key=lambda g: int(g.split()[2]))
    kind = sorted({g for g, _ in scores if g.startswith(suite + ": ")} - set(dimension))
    for title, groups in (("By dimension", dimension), ("By kind of space", kind)):
        if len(groups) > 1:
            out += "%s, at B = 50 (in brackets, problems):\n\n" % title
            out += groups_table(scores, [g for g in groups if (g, 50) in scores], 50)
    return out


def speed_cell(results, method, space, history):
    r = results.speeds.get(method + (space, history))
    if r is None:
        return ""
    if "ms_per_suggestion" not in r:
        return "too long" if "more than" in r["status"] else "failed"
    ours = results.speeds.get((OURS, "gp", space, history))
    ratio = " (x %.2g)" % (cost(r) / cost(ours)) if ours and method != (OURS, "gp") else ""
    return "%.3g" % cost(r) + ratio


def speed_section(results):
    out = ("## The cost of a suggestion\n\nMedian of up to eleven ask + tell at a history of so many trials, in "
           "milliseconds of CPU time on one core, and in brackets the multiple of afina's gp in the same place. The history is "
           "random points told at once where the library can take them, and the method's own trials where it cannot. "
           "Methods that hand out a generation at once (CMA-ES, differential evolution) pay once a generation, which "
           "the median does not show; and at n = 10 many still draw their first design. d10: ten continuous parameters; mixed20: twenty mixed and conditional ones. "
           "An empty cell was not run, or takes too long.\n\n")
    for space in ("d10", "mixed20"):
        methods = {k[:2] for k in results.speeds if k[2] == space}
        if not methods:
            continue
        histories = sorted({k[3] for k in results.speeds if k[2] == space})
        latest = {m: max((k[3], cost(r)) for k, r in results.speeds.items()
                         if k[:3] == m + (space,) and "ms_per_suggestion" in r)
                  for m in methods if any(k[:3] == m + (space,) and "ms_per_suggestion" in r
                                          for k, r in results.speeds.items())}
        names = sorted(methods, key=lambda m: (-latest[m][0], latest[m][1]) if m in latest else (0, 0))
        memory = [next((("%.0f" % r["bytes_per_trial"]) for h in reversed(histories)
                        if (r := results.speeds.get(m + (space, h))) and r.get("bytes_per_trial")), "") for m in names]
        out += "%s:\n\n" % space + table(["method"] + ["n = {:,}".format(h) for h in histories] + ["bytes a trial"], [
            [bold(m)] + [speed_cell(results, m, space, h) for h in histories] + [b] for m, b in zip(names, memory)])
    for f in results.footprints:
        out += "afina %s: %.2g ms from process start to the first suggestion of gp, libafina.so %d bytes.\n\n" % (
            f["version"], f["start_ms"], f["library_bytes"])
    return out


def run_section(results):
    by = {}
    for r in results.runs:
        by.setdefault((r["library"], r["method"]), []).append(r)
    rows = []
    for m in sorted(by):
        runs = by[m]
        failed = [r for r in runs if r["status"] != "ok"]
        seeds = {}
        for r in runs:
            key = r["suite"], r["problem"], r["instance"]
            seeds[key] = seeds.get(key, 0) + 1
        low, high = min(seeds.values()), max(seeds.values())
        rows.append([bold(m), results.versions[m[0]], str(len(seeds)), str(low) if low == high else "%d to %d" % (low, high),
                     ", ".join(map(str, sorted({r["budget"] for r in runs}))), str(len(failed)) if failed else ""])
    out = ("## What was run, and what was cut\n\nSlow peers have fewer runs, smaller budgets and fewer problems than the "
           "others; a number from one run is a rough one. Where peers were run at 200 evaluations and afina at 100, the "
           "cells at 200 are empty.\n\n") + table(["method", "version", "problems", "runs each", "evaluations", "failed"], rows)
    out += "".join("- %s\n" % words for words in sorted(failures(results))) + "\n" if failures(results) else ""
    out += "Machine: " + "; ".join(results.machines) + ".\n\n"
    if results.not_run:
        out += "Adapters without a run so far: %s.\n\n" % ", ".join(map(name_of, results.not_run))
    if results.failed_installs:
        out += "Not installed:\n\n" + "".join("- %s: %s\n" % pair for pair in sorted(results.failed_installs.items()))
    return out


def failures(results):
    return {"%s on %s: %s" % (name_of((r["library"], r["method"])), r["problem"], r["status"])
            for r in results.runs if r["status"] != "ok"}


def document(results, scores, fights, drawn):
    suites = sorted({s for s, _ in scores if ":" not in s}, key=lambda s: (s != "shifted", s))
    out = HEAD + HOW
    if fights:
        out += peers_section(scores, drawn) + duel_section(fights)
    for suite in suites:
        out += suite_section(scores, suite, drawn)
    return (out + speed_section(results) + run_section(results)).rstrip() + "\n"
