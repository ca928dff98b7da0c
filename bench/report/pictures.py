"""The pictures: quality against the cost of a suggestion, and convergence by problem."""
import math
import os
import statistics

import svg
from results import OURS, RANDOM
from scores import COMPARED

MOST_PANELS = 24
SHOWN = 6  # methods with a color of their own, besides ours


def seconds(run):
    return run.get("optimizer_cpu_seconds", run["optimizer_seconds"])


def milliseconds(results, group):
    """{method: median over runs of the milliseconds a suggestion took}"""
    costs = {}
    for r in results.runs:
        if results.group.get((r["problem"], r["instance"])) == group and r["best"]:
            n = r.get("evaluations") or len(r["best"])
            costs.setdefault((r["library"], r["method"]), []).append(1e3 * seconds(r) / n)
    return {m: statistics.median(values) for m, values in costs.items()}


def name_of(method):
    return "%s %s" % method if method[0] != method[1] else method[0]


def overview(results, scores, group, budget):
    """Only what ran on all problems of the group can stand in one picture."""
    rows, problems = scores["%s: %s" % (COMPARED, group), budget]
    costs = milliseconds(results, group)
    dots = [(math.log10(max(costs[s.method], 1e-4)), s.score,
             name_of(s.method), svg.COLORS[0] if s.method[0] == OURS else "#444") for s in rows if s.problems == problems]
    return svg.scatter("Quality against cost: %d problems (%s), %d evaluations" % (problems, group, budget),
                       "optimizer time for one suggestion, milliseconds (median run, logarithmic)",
                       "score: mean log10 of the distance to the optimum, random search = 0", dots)


def chosen(scores, suite):
    """The best of ours and of the others, at the largest budget that most have run, among those that take the most of
    the suite's problems."""
    rows = []
    for budget in (100, 50, 25):
        found = scores.get((suite, budget), ([], 0))[0]
        if len(found) > len(rows):
            rows = found
    rows = sorted(rows, key=lambda s: (-s.problems, s.score))
    ours = [s.method for s in rows if s.method[0] == OURS][:SHOWN]
    others = [s.method for s in rows if s.method[0] != OURS and s.method[1] not in RANDOM][:SHOWN]
    return ours, others


def median_curve(runs, optimum):
    """Median distance to the optimum after 1, 2, ... evaluations, as far as all runs go; None before a first value."""
    curve = []
    for values in zip(*(r["best"] for r in runs)):
        curve.append(None if None in values else statistics.median(values) - optimum)
    return curve


def convergence(results, scores, suite, instance):
    problems = [p for p in results.problems.values() if p.suite == suite and p.instance == instance]
    if len(problems) > MOST_PANELS:
        problems = [p for p in problems if p.d == 5]
    by = {}
    for r in results.runs:
        by.setdefault((r["suite"], r["problem"], r["instance"]), {}).setdefault((r["library"], r["method"]), []).append(r)
    ours, others = chosen(scores, suite)
    colors = dict(zip(others, svg.COLORS[1:]))
    shades = [svg.COLORS[0], "#5fb49c", "#1c3f33", "#8fd14f", "#2a9d8f", "#7a8450"]
    colors.update({m: shades[i % len(shades)] for i, m in enumerate(ours)})
    panels = [panel(p, by[p.key], colors) for p in problems if p.key in by]
    entries = [(name_of(m), c) for m, c in colors.items()]
    title = "Distance of the best value to the optimum, median run, by evaluations: suite \"%s\"" % suite
    return svg.small_multiples(title, panels, entries) if panels else None


def corners(curve, least):
    """Only where the value changes, with the point before."""
    points = [(i + 1, math.log10(max(v, least))) for i, v in enumerate(curve) if v is not None]
    return [p for i, p in enumerate(points)
            if i in (0, len(points) - 1) or p[1] != points[i - 1][1] or p[1] != points[i + 1][1]]


def panel(problem, methods, colors):
    curves = {m: median_curve(methods[m], problem.optimum) for m in colors if m in methods}
    known = [v for c in curves.values() for v in c if v is not None]
    top = max(known + [1e-9])
    least = max(min([v for v in known if v > 0] + [top]), top * 1e-7)
    length = max(map(len, curves.values()), default=1)
    drawn = [(corners(c, least), colors[m], 1.8 if m[0] == OURS else 1.2) for m, c in curves.items() if any(c)]
    ys = math.log10(least) - 0.1, math.log10(top) + 0.1
    ticks = [t for t in (1, 25, 50, 100, 150, 200) if t <= length]
    return "%s, d = %d" % (problem.name, problem.d), drawn, (1, max(length, 2)), ys, ticks


def write_all(results, scores, folder):
    """Returns what was drawn: [(file, group or suite, words)]."""
    drawn = []
    for group in dict.fromkeys(results.group.values()):
        for budget in (b for b in (50, 100) if ("%s: %s" % (COMPARED, group), b) in scores):
            drawn.append(("overview-%s-%d.svg" % (group.replace(" ", "-"), budget),
                          overview(results, scores, group, budget), group,
                          "Quality against cost, %d evaluations" % budget))
    for suite in sorted({s for s, _ in scores if ":" not in s}):
        picture = convergence(results, scores, suite, 0 if suite == "standard" else 1)
        if picture:
            drawn.append(("convergence-%s.svg" % suite, picture, suite, "Convergence, %s" % suite))
    for name, picture, _, _ in drawn:
        with open(os.path.join(folder, name), "w") as f:
            f.write(picture)
    return [(name, group, words) for name, _, group, words in drawn]
