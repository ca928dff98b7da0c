"""check_rows.py ROOT: every score in BENCHMARKS.md and in the pages of docs/benchmarks/ stands in a row of scores.csv or
head-to-head.csv there."""
import csv
import glob
import os
import re
import sys

from pictures import name_of
from scores import ALL, COMPARED, OTHERS

NUMBER = re.compile(r"-?\d+\.\d+")


def rows_of(root, name):
    with open(os.path.join(root, "docs", "benchmarks", name), newline="") as f:
        return list(csv.DictReader(f))


def read_scores(root):
    """{(group, budget, method): score}"""
    return {(r["suite"], int(r["budget"]), name_of((r["library"], r["method"]))): float(r["score"])
            for r in rows_of(root, "scores.csv")}


def read_duels(root):
    """{(ours, group, budget, method): (score of ours, of the other)}"""
    return {(r["afina"], r["group"], int(r["budget"]), name_of((r["library"], r["method"]))):
            (float(r["score_of_afina"]), float(r["score_of_the_other"])) for r in rows_of(root, "head-to-head.csv")}


def tables(path):
    """(chapter, section, paragraph before, header, row) for each row of each table; a page is one chapter."""
    chapter = section = before = header = ""
    with open(path) as f:
        for line in map(str.rstrip, f):
            if line.startswith("# "):
                chapter = line[2:]
            elif line.startswith("## "):
                section = line[3:].lower()
            elif not line.startswith("|"):
                header, before = "", line or before
            elif not header:
                header = cells(line)
            elif not line.startswith("| ---"):
                yield chapter, section, before, header, cells(line)


def cells(line):
    return [c.strip().strip("*") for c in line.strip("|").split("|")]


def budget_in(text):
    found = re.search(r"B = (\d+)", text)
    return int(found.group(1)) if found else None


def scores_in(chapter, section, header, row):
    """[(key, the number shown)] of a table with a column for each budget."""
    for title, cell in zip(header[1:], row[1:]):
        of_page = {"Beside the peers": section and "%s: %s" % (COMPARED, section), "The suites": section}.get(chapter)
        group = of_page or "%s: %s" % (COMPARED, title.split(" (")[0])
        if budget_in(title) and cell:
            yield (group, budget_in(title), row[0]), float(NUMBER.match(cell).group())


def near(shown, exact):
    return abs(shown - exact) < 0.0056  # two digits of three


def all_tables(root):
    for path in [os.path.join(root, "BENCHMARKS.md")] + sorted(glob.glob(os.path.join(root, "docs", "benchmarks", "*.md"))):
        yield from tables(path)


def check(root):
    scores, duels, seen, wrong = read_scores(root), read_duels(root), 0, []
    for chapter, section, before, header, row in all_tables(root):
        if "Real tuning tasks".lower() in (chapter.lower(), section):  # real_report.py --check holds that
            continue
        if header[0] == "problems":
            key = "gp", row[0].rsplit(" (", 1)[0], int(row[1]), row[3].split(", ")[1]
            pairs = [(float(NUMBER.match(row[i]).group()), duels[key][k]) for k, i in enumerate((2, 3))]
        elif chapter.startswith("Head to head"):
            key = "gp", OTHERS if section else ALL, budget_in(before), row[0]
            pairs = [(float(row[i]), duels[key][k]) for k, i in enumerate((2, 3))]
        elif chapter == "Like against like":
            keys = [(i, (row[0].split()[1], ALL, budget_in(title), row[1])) for i, title in enumerate(header)]
            pairs = [(float(NUMBER.match(row[i]).group()), duels[k][0] - duels[k][1]) for i, k in keys if k[2] and row[i]]
        else:
            pairs = [(shown, scores[key]) for key, shown in scores_in(chapter, section, header, row)]
        seen += len(pairs)
        wrong += ["%s %s: %s" % (chapter, section, " | ".join(row)) for shown, exact in pairs if not near(shown, exact)]
    return seen, wrong


def main():
    seen, wrong = check(sys.argv[1])
    for line in wrong:
        print("not as in the rows: " + line)
    print("%d scores of BENCHMARKS.md and docs/benchmarks/ stand in a row" % (seen - len(wrong)))
    sys.exit(bool(wrong) or seen == 0)


if __name__ == "__main__":
    main()
