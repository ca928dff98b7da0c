"""The tables of BENCHMARKS.md and of the pages in docs/benchmarks/, from stored results."""
import statistics

from pictures import name_of
from results import OURS
from scores import ALL, BUDGETS, COMPARED, OTHERS

SHOWN = (50, 100, 200)


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


def placed(s):
    """The rank and the wins, beside a score."""
    return "" if s is None or s.rank is None else " (%.1f; %.0f %%)" % (s.rank, 100 * s.won)


def span(counts):
    low, high = min(counts), max(counts)
    return str(low) if low == high else "%d to %d" % (low, high)


def suite_table(scores, group, least=0):
    """least: the share of the group's problems that a method must have run to have a row."""
    found, count = at_budgets(scores, group)
    found = {m: by for m, by in found.items() if max(s.problems for s in by.values()) >= least * count}
    budgets = [b for b in BUDGETS if any(b in by for by in found.values())]
    rows = []
    for m in order(found, count):
        by = found[m]
        rows.append([bold(m), "%d of %d" % (max(s.problems for s in by.values()), count),
                     span([s.seeds for s in by.values()])]
                    + [with_interval(by.get(b)) + placed(by.get(b)) for b in budgets])
    return table(["method", "problems", "runs"] + ["B = %d" % b for b in budgets], rows)


def groups_table(scores, groups, budget):
    """One column a group: the score at one budget, in brackets rank and wins, or the problems when not all."""
    cells, methods = {}, {}
    for g in groups:
        rows, count = scores[g, budget]
        for s in (s for s in rows if s.problems >= 0.5 * count):
            cells[s.method, g] = "%.2f" % s.score + (placed(s) if s.problems == count else " (of %d)" % s.problems)
            methods.setdefault(s.method, []).append(s.score)
    names = ["%s (%d)" % (g.split(": ")[1], scores[g, budget][1]) for g in groups]
    best = sorted(methods, key=lambda m: statistics.fmean(methods[m]))
    return table(["method"] + names, [[bold(m)] + [cells.get((m, g), "") for g in groups] for m in best])


def groups_of(results):
    """The groups of the compared problems, in the order of their file."""
    return [g for g in dict.fromkeys(results.group.values())]


def whole(scores, group, budget):
    """{method: Score} of those that ran on every problem of the group."""
    rows, count = scores.get(("%s: %s" % (COMPARED, group), budget), ([], 0))
    return {s.method: s for s in rows if s.problems == count}, count


def times(difference):
    """A difference of scores as a ratio of distances to the optimum."""
    return "%.2g" % 10**difference


def verdict_rows(results, scores, fights):
    """For each group and budget our gp and the strongest of the peers there."""
    for group in groups_of(results):
        for budget in SHOWN:
            rows, count = whole(scores, group, budget)
            peers = sorted((m for m in rows if m[0] != OURS), key=lambda m: rows[m].score)
            duel = next((d for d in fights if peers and (d.group, d.budget, d.method) == (group, budget, peers[0])), None)
            if duel:
                yield ["%s (%d)" % (group, count), str(budget), "%.2f" % duel.ours,
                       "%.2f, %s" % (duel.theirs, name_of(duel.method)),
                       "%s [%s, %s]" % (times(duel.theirs - duel.ours), times(-duel.high), times(-duel.low)),
                       "%d, %d" % (duel.better, duel.worse)]


def verdict_table(results, scores, fights):
    return table(["problems", "evaluations", "score of gp", "of the strongest peer", "times as far", "better, worse on"],
                 verdict_rows(results, scores, fights))


def methods_table(results, scores, most=None):
    """Every method that ran on a whole group, or the first `most`, by the first group that it ran on."""
    columns = [(g, b) for g in groups_of(results) for b in SHOWN[:2]]
    cells = {c: whole(scores, *c) for c in columns}
    methods = dict.fromkeys(m for rows, _ in cells.values() for m in rows)
    def place(m):
        return next((i, cells[c][0][m].score) for i, c in enumerate(columns) if m in cells[c][0])
    rows = [[bold(m)] + ["%.2f%s" % (cells[c][0][m].score, placed(cells[c][0][m])) if m in cells[c][0] else ""
                         for c in columns] for m in sorted(methods, key=place)]
    return table(["method"] + ["%s (%d), B = %d" % (g, cells[g, b][1], b) for g, b in columns], rows[:most])


def pictures_of(drawn, of, kind=""):
    return "".join("![%s](%s)\n\n" % (words, file) for file, group, words in drawn if group == of and file.startswith(kind))


def peers_section(results, scores, drawn):
    out = "With intervals, for every budget, and with what was not run on all problems of a group.\n\n"
    for group in groups_of(results):
        out += "## %s\n\n" % group.capitalize() + pictures_of(drawn, group)
        out += suite_table(scores, "%s: %s" % (COMPARED, group))
    return out


def duel_section(fights):
    out = ("Every other method against afina's gp on exactly the problems that both ran, so that "
           "what a method was not run on does not count. Difference: score of gp minus score of the other; below 0, gp is "
           "nearer to the optimum. The interval resamples problems and runs; where it holds 0, the difference may be "
           "chance. By group and for all budgets: [head-to-head.csv](head-to-head.csv).\n\n")
    for budget in SHOWN:
        out += duel_table(fights, ALL, budget)
    outside = "".join(duel_table(fights, OTHERS, budget) for budget in SHOWN)
    if outside:
        out += ("## Outside the compared set\n\nWhat is looked at often is learned by heart, by people too: the same against "
                "gp on other instances of the functions and other tasks of the collections, with few runs.\n\n" + outside)
    return out


def duel_table(fights, group, budget):
    rows = sorted((d for d in fights if (d.group, d.budget) == (group, budget)), key=lambda d: d.theirs - d.ours)
    return "B = %d:\n\n" % budget + table(
        ["method", "problems", "gp", "the other", "difference", "gp better, worse on"],
        [[name_of(d.method), str(d.problems), "%.2f" % d.ours, "%.2f" % d.theirs,
          "%.2f [%.2f, %.2f]" % (d.ours - d.theirs, d.low, d.high), "%d, %d" % (d.better, d.worse)]
         for d in rows]) if rows else ""


def alike_section(results, alike):
    """One row a pair: our method and the same one of a peer, on the compared problems that both ran."""
    found = {}
    for d in (d for d in alike if d.group == ALL):
        found.setdefault((d.mine, d.method), {})[d.budget] = d
    rows = [["**afina %s**" % mine, name_of(other), str(max(d.problems for d in by.values()))]
            + ["%.2f [%.2f, %.2f]" % (by[b].ours - by[b].theirs, by[b].low, by[b].high) if b in by else "" for b in BUDGETS]
            + [cost_ratio(results, mine, other)] for (mine, other), by in found.items()]
    return ("Each method and what other libraries have under the same name, or, for auto, take by default. Difference of "
            "scores and its interval: below 0, afina's is nearer to the optimum. Cost: how many times as long the other's "
            "suggestion takes, at the largest history in ten dimensions that both were timed at.\n\n"
            + table(["method", "the other", "problems"] + ["B = %d" % b for b in BUDGETS] + ["cost"], rows)) if rows else ""


def cost_ratio(results, mine, other):
    pairs = [(k[3], cost(r), cost(results.speeds[OURS, mine, "d10", k[3]])) for k, r in results.speeds.items()
             if k[:3] == other + ("d10",) and "ms_per_suggestion" in r and (OURS, mine, "d10", k[3]) in results.speeds]
    return "x %.2g (n = %s)" % (max(pairs)[1] / max(pairs)[2], "{:,}".format(max(pairs)[0])) if pairs else ""


def suite_section(scores, suite, drawn):
    out = "## %s\n\n" % suite.capitalize() + suite_table(scores, suite, 0.5) + pictures_of(drawn, suite, "convergence")
    dimension = sorted({g for g, _ in scores if g.startswith(suite + ": d ")}, key=lambda g: int(g.split()[2]))
    kind = sorted({g for g, _ in scores if g.startswith(suite + ": ")} - set(dimension))
    for title, groups in (("By dimension", dimension), ("By kind of space", kind)):
        if len(groups) > 1:
            out += "%s, at B = 50:\n\n" % title
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
    out = ("Median of up to eleven ask + tell at a history of so many trials, in "
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
        names = sorted(methods, key=lambda m: ((-latest[m][0], latest[m][1]) if m in latest else (0, 0)) + m)
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
        rows.append([bold(m), results.versions[m[0]], str(len(seeds)), span(seeds.values()),
                     ", ".join(map(str, sorted({r["budget"] for r in runs}))), str(len(failed)) if failed else ""])
    out = ("Slow peers have fewer runs, smaller budgets and fewer problems than the "
           "others; a number from one run is a rough one. afina has 200 evaluations on the compared problems and 100 on the "
           "rest.\n\n") + table(["method", "version", "problems", "runs each", "evaluations", "failed"], rows)
    out += "".join("- %s\n" % words for words in sorted(failures(results))) + "\n" if failures(results) else ""
    out += "Machine: " + "; ".join(results.machines) + ".\n\n"
    if results.not_run:
        out += "Adapters without a run so far: %s.\n\n" % ", ".join(map(name_of, results.not_run))
    absent = {name: reason for failed in results.failed_installs.values() for name, reason in failed.items()}
    if absent:
        out += "Not installed:\n\n" + "".join("- %s: %s\n" % pair for pair in sorted(absent.items()))
    return out


def failures(results):
    return {"%s on %s: %s" % (name_of((r["library"], r["method"])), r["problem"], r["status"])
            for r in results.runs if r["status"] != "ok"}
