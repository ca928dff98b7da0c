"""The suites that are no boxes: mixed, awkward, curves, and the two spaces on which suggestions are timed.
f(x, t): x holds one number a parameter in the order of the space (a choice as its index, NaN where inactive), t what
was drawn for the instance. The formulas stand in words in bench/problems/{mixed,awkward,curves,speed_spaces}.c."""
import math


def integer8(x, t):
    e = [a - b for a, b in zip(x, t)]
    return (sum((i + 1) * v * v / 100 for i, v in enumerate(e))
            + sum((e[i] - e[i + 1])**2 / 50 for i in range(len(e) - 1)))


def category20(x, t):
    levels = [(int(c) + int(s)) % 5 for c, s in zip(x, t)]
    cost = (0, 0.3, 0.5, 0.8, 1)
    return (sum((1 + i / 10) * cost[level] for i, level in enumerate(levels))
            + 0.5 * sum((a == 0) != (b == 0) for a, b in zip(levels, levels[1:])))


(MODEL, PENALTY, TREES, SHARE, LAYERS, UNITS, _, _, RULE, MOMENTUM, NESTEROV, BETA, COURSE, WARMUP, RATE) = range(15)


def tree(x, t):
    if x[MODEL] == 0:
        return 0.6 + (math.log10(x[PENALTY]) - t[PENALTY])**2 / 10
    if x[MODEL] == 1:
        return 0.3 + (math.log2(x[TREES]) - t[TREES])**2 / 50 + (x[SHARE] - t[SHARE])**2
    s = 0.15 * (3 - x[LAYERS]) + (math.log10(x[RATE]) - t[RATE])**2 / 4
    s += sum(0.05 * (math.log2(x[UNITS + i]) - t[UNITS + i])**2 for i in range(int(x[LAYERS])))
    if x[RULE] == 0:
        return s + 0.1 + (x[MOMENTUM] - t[MOMENTUM])**2 + (0 if x[NESTEROV] else 0.05)
    s += (math.log10(x[BETA]) - t[BETA])**2 / 2
    return s + (0.05 if x[COURSE] == 0 else (x[WARMUP] - t[WARMUP])**2)


def valley(x, t):
    e = [math.log10(a) - b for a, b in zip(x, t)]
    return 25 * (e[0] + e[1])**2 + 25 * (e[2] + 2 * e[3])**2 + (e[0]**2 + e[2]**2) / 10


def distance(x, t):
    return sum((a - b)**2 for a, b in zip(x, t))


def plateau4(x, t):
    return min(1.0, distance(x, t) / (0.35 * 0.35))


def steps5(x, t):
    return ((0.5 if x[0] > t[0] + 0.02 else 0) + sum(math.floor(8 * abs(a - b)) / 8 for a, b in zip(x, t))
            + distance(x, t) / 100)


def failing4(x, t):
    return math.nan if 0.02 < x[0] - t[0] < 0.27 else distance(x, t) * (1 + x[1])


def curves(x, t):
    rate = math.log10(x[0])
    a = (0.02 + (rate - t[0])**2 / 30 + (math.log2(x[1]) - t[1])**2 / 200 + (math.log10(x[2]) - t[2])**2 / 100
         + (x[3] - t[3])**2 / 2)
    return a + (1 - a) * 81**-(0.15 + 1.6 * (rate + 5) / 5)


def d10(x, t):
    return sum(v * v for v in x)


def mixed20(x, t):
    def term(i, v):
        if i < 5:
            return (math.log10(v) + 3)**2
        if i < 9:
            return (v - 0.3)**2
        if i < 13:
            return (v / 64 - 0.5)**2
        return (math.log2(v) - 6)**2 if i < 15 else (0, 0.5, 1, 2)[int(v)]
    return sum(term(i, v) for i, v in enumerate(x) if not math.isnan(v))


FUNCTIONS = {"integer8": integer8, "category20": category20, "tree": tree, "valley": valley, "plateau4": plateau4,
             "steps5": steps5, "failing4": failing4, "curves_crossing": curves, "curves_aligned": curves, "d10": d10,
             "mixed20": mixed20}
