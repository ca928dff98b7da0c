"""show.py [--budgets A,B] [--answers observed,expected] [--tasks] REFERENCE FOLDER...: scores of judged runs.

A row for each folder, method and answer; behind it the difference to the first row over the tasks and seeds that both ran,
with its standard error. --tasks: the score of each task, too."""
import argparse
import fnmatch
import os

import standings


def rows_of(options, reference):
    """[(label, its runs, answer)]"""
    out = []
    for folder in options.folders:
        runs = standings.read([folder])
        for method in sorted({(r["library"], r["method"]) for r in runs}):
            mine = [r for r in runs if (r["library"], r["method"]) == method]
            name = "%s %s" % (os.path.basename(folder.rstrip("/")), " ".join(method))
            out += [("%s %s" % (name, answer), mine, answer) for answer in options.answers.split(",")
                    if any(answer in r for r in mine)]
    return out


def with_error(value, error):
    return "%6.2f" % value + (" ± %.2f" % error if error is not None else "       ")


def show(title, rows, tables):
    first = None
    print(title)
    for (label, _, _), table in zip(rows, tables):
        if not table:
            continue
        value, error, share = standings.score(table)
        text = "  %-44s %s  share %.2f  %2d tasks, %s runs" % (label, with_error(value, error), share, len(table),
                                                              sum(map(len, table.values())))
        if first is None:
            first = table
        else:
            gap, error, pairs = standings.difference(first, table)
            text += "" if gap is None else "   to the first: %s (%d pairs)" % (with_error(gap, error).replace("  ", " "), pairs)
        print(text)


def is_wanted(task, words):
    return any(fnmatch.fnmatch(task, word) for word in words.split(","))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--budgets", default="16,25,50,100")
    a.add_argument("--answers", default="observed,expected")
    a.add_argument("--only", default="*", help="tasks by name: A,B*")
    a.add_argument("--tasks", action="store_true")
    a.add_argument("reference")
    a.add_argument("folders", nargs="+")
    options = a.parse_args()
    reference = standings.read_reference(options.reference)
    rows = rows_of(options, reference)
    best = standings.best_known(reference, [r for _, runs, _ in rows for r in runs])
    for budget in map(int, options.budgets.split(",")):
        tables = [standings.ratios(reference, runs, best, budget, answer) for _, runs, answer in rows]
        tables = [{t: row for t, row in table.items() if is_wanted(t, options.only)} for table in tables]
        for half in standings.HALVES:
            part = [{t: row for t, row in table.items() if reference[t]["half"] == half} for table in tables]
            if any(part):
                show("B = %d, %s" % (budget, half), rows, part)
        if options.tasks:
            for task in reference:
                show("B = %d, %s" % (budget, task), rows, [{t: v for t, v in table.items() if t == task} for table in tables])


if __name__ == "__main__":
    main()
