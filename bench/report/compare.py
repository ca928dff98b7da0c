"""compare.py [--budgets A,B] [--groups] SPACES YARD FOLDER...: scores (scores.py) of the runs of each folder, beside
random search in YARD. For ablations: nothing is stored.

A row for each folder and method: the score over all problems that every folder has, at each budget; with --groups also
for each suite. Behind it the problems on which it lost to the first row by more than 0.1."""
import argparse
import math
import os
import statistics

from results import Results
from scores import ratios


def columns(args, budget):
    """{(folder, method): {problem: mean of log10 r}}"""
    out = {}
    for folder in args.folders:
        for key, row in ratios(Results([args.yard, folder], args.spaces), budget).items():
            for (_, method), values in row.items():
                if method != "random":
                    label = "%s %s" % (os.path.basename(folder.rstrip("/")), method)
                    out.setdefault(label, {})[key] = statistics.fmean(map(math.log10, values))
    return out


def groups_of(problems, wanted):
    names = {"all": problems}
    for key in problems if wanted else ():
        names.setdefault(key[0], set()).add(key)
    return names


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--budgets", default="25,50,100")
    parser.add_argument("--groups", action="store_true")
    parser.add_argument("spaces")
    parser.add_argument("yard")
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    for budget in map(int, args.budgets.split(",")):
        table = columns(args, budget)
        common = set.intersection(*map(set, table.values()))
        first = next(iter(table.values()))
        for group, problems in groups_of(common, args.groups).items():
            print("B = %d, %s: %d problems" % (budget, group, len(problems)))
            for label, scores in table.items():
                lost = sorted((first[p] - scores[p], p[1] + ":" + str(p[2])) for p in problems)
                worse = ["%s %+.2f" % (name, -gap) for gap, name in lost if gap < -0.1]
                print("  %-32s %.2f  %s" % (label, statistics.fmean(scores[p] for p in problems), ", ".join(worse[:6])))


if __name__ == "__main__":
    main()
