"""report.py SPACES ROOT FOLDER...: writes ROOT/BENCHMARKS.md and ROOT/docs/benchmarks/, its pages of tables,
{scores,speed,head-to-head}.csv and pictures, from stored results alone. Needs nothing but Python."""
import csv
import glob
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))
import budgets
import pages
import pictures
import real_report
import tables
from results import Results
from run import adapters
from scores import ALIKE, duels, score_all

SCORE_COLUMNS = ["suite", "budget", "library", "version", "method", "problems", "seeds", "score", "low", "high",
                 "mean_rank", "won"]
SPEED_COLUMNS = ["space", "history", "library", "version", "method", "ms_per_suggestion", "bytes_per_trial"]

DUEL_COLUMNS = ["afina", "group", "budget", "library", "version", "method", "problems", "score_of_afina",
                "score_of_the_other", "difference", "low", "high", "afina_better_on", "afina_worse_on"]


def short(x, digits=3):
    return "" if x is None else "%.*f" % (digits, x)


def write_csv(path, header, rows):
    with open(path, "w", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def score_rows(results, scores):
    for (suite, budget), (rows, _) in sorted(scores.items()):
        for s in sorted(rows, key=lambda s: s.score):
            library, method = s.method
            yield [suite, budget, library, results.versions[library], method, s.problems, s.seeds, short(s.score),
                   short(s.low), short(s.high), short(s.rank, 2), short(s.won)]


def speed_rows(results):
    for r in sorted(results.speeds.values(), key=lambda r: (r["space"], r["history"], r["library"], r["method"])):
        if "ms_per_suggestion" in r:
            memory = r.get("bytes_per_trial")
            yield [r["space"], r["history"], r["library"], r["version"], r["method"], "%.4g" % tables.cost(r),
                   "" if memory is None else "%.0f" % memory]


def duel_rows(versions, found):
    for d in found:
        yield [d.mine, d.group, d.budget, d.method[0], versions[d.method[0]], d.method[1], d.problems, short(d.ours),
               short(d.theirs), short(d.ours - d.theirs), short(d.low), short(d.high), d.better, d.worse]


def main():
    spaces, root, folders = sys.argv[1], sys.argv[2], sys.argv[3:]
    peers = [(a["LIBRARY"], method) for a in adapters([]).values() for method in a["METHODS"]]
    results = Results(folders, spaces, peers)
    if not results.runs:
        sys.exit("report: no runs in %s; make bench or make bench-peers comes first" % ", ".join(folders))
    scores = score_all(results)
    docs = os.path.join(root, "docs", "benchmarks")
    os.makedirs(docs, exist_ok=True)
    write_csv(os.path.join(docs, "scores.csv"), SCORE_COLUMNS, score_rows(results, scores))
    write_csv(os.path.join(docs, "speed.csv"), SPEED_COLUMNS, speed_rows(results))
    fights = duels(results, "gp")
    alike = [d for method, others in ALIKE.items() for d in duels(results, method, others)]
    write_csv(os.path.join(docs, "head-to-head.csv"), DUEL_COLUMNS, duel_rows(results.versions, fights + alike))
    for old in glob.glob(os.path.join(docs, "*.svg")):
        if os.path.basename(old) != budgets.PICTURE:
            os.remove(old)
    drawn = pictures.write_all(results, scores, docs)
    for path, text in pages.documents(results, scores, fights, alike, drawn,
                                      real_report.section(root) + budgets.section(root)).items():
        with open(os.path.join(root, path), "w") as f:
            f.write(text)
    print("report: %d runs, %d costs; BENCHMARKS.md, docs/benchmarks/" % (len(results.runs), len(results.speeds)))


if __name__ == "__main__":
    main()
