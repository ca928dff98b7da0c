"""BENCHMARKS.md, which answers on one page, and the pages in docs/benchmarks/ that hold the tables."""
import tables

FRONT = "BENCHMARKS.md"
FOLDER = "docs/benchmarks/"
SHOWN = 12  # methods of the first page
PICTURES = "overview-", "-100.svg"

HEAD = """# Benchmarks

What afina finds and what its suggestions cost, beside other libraries: the same problems, the same budgets, every
method with its defaults. Written by `make bench-report`; the tables stand in [docs/benchmarks/](docs/benchmarks), and
every number in a row of [scores.csv](docs/benchmarks/scores.csv),
[head-to-head.csv](docs/benchmarks/head-to-head.csv) or [speed.csv](docs/benchmarks/speed.csv).

"""

ANSWER = """## Is it better, and by how much

afina's gp and the strongest peer of each group of problems: how many times as far from the optimum the peer ends
(geometric mean, in brackets the 95 % interval over problems and runs; above 1, gp is better; ten to the power of minus
the difference in head-to-head.csv), and on how many problems gp's median run is better or worse.

"""

FIRST = """The first %d methods; all of them: [peers.md](docs/benchmarks/peers.md).

"""

SCALE = """**Score: 0 is random search, -1 a tenth of its distance to the optimum, -2 a hundredth, -3 the most that counts;
lower is better.** In brackets the mean rank and the share of problems won, among the methods that ran on every problem
of the column. An empty cell: the method does not take such spaces, or was not run on all of these problems at this
budget. Ordered by the first column.

"""

TABLES = """## The tables

| page | what |
| --- | --- |
| [peers.md](docs/benchmarks/peers.md) | every method that was run on the compared problems |
| [head-to-head.md](docs/benchmarks/head-to-head.md) | every other method against gp, on the problems that both ran |
| [like-against-like.md](docs/benchmarks/like-against-like.md) | each method against what other libraries have under the same name |
| [real-ml.md](docs/benchmarks/real-ml.md) | real tuning tasks, with and without noise |
| [arms.md](docs/benchmarks/arms.md) | budgets and arms, by task |
| [cost.md](docs/benchmarks/cost.md) | the time and the memory of a suggestion |
| [suites.md](docs/benchmarks/suites.md) | all problems of the benchmark, by suite, dimension and kind of space |
| [runs.md](docs/benchmarks/runs.md) | what was run, on which machine, and what was cut |

"""

HOW = """## How to read it

```text
make bench          # afina alone, quality and cost; under ten minutes on two cores
make bench-peers    # the peers, in virtual environments of their own; PEERS=optuna,rustuna takes some
make bench-store    # keeps the peers' runs in bench/stored, from where they are read and not run again
make bench-report   # this file, its tables and its pictures
```

For a problem and a budget B, `r = (best(B) - optimum) / (median best(B) of random search - optimum)`. The score of a
group is the mean over its problems and runs of `log10(max(r, 1e-3))`. In square brackets a 95 % bootstrap interval over
the runs of each problem (none where there is one run; of no width where a method runs the same for every seed, as
nevergrad's NGOpt does in boxes, where at these budgets it is COBYLA); in round ones the mean rank, and the share of
problems won. Both compare median runs, among the methods that ran on every problem of the group at that budget. A method
that was not run on all of it has neither and stands at the foot of the table: its score is over the problems in its row,
and compares with no other row. A method that is told the budget is scored at B by the run that
was told B. Random search is that of every library together. With noise, what counts is the true
value of the point with the best observed value.

The problems on which all are compared were chosen before any result and are listed in
[bench/peers/problems.csv](bench/peers/problems.csv): the standard functions with the optimum moved by a random shift
(as published, some have it in the middle of the box, which flatters whoever tries the middle first), integers,
categories, a deep conditional tree, a valley over logarithmic scales, jumps, three measured tables and two fitted
surrogates of real tuning problems. Nothing is left out because it loses: every method that was run has its row.

The optimizer time in the pictures is CPU time. Each run has one core and one thread for linear algebra. Peers are driven
through their documented interface by [bench/peers/adapters/](bench/peers/adapters), 20 to 60 lines each; definitions of
problems in C and Python are proved equal at recorded points (`bench/vectors.csv`) by `bench/peers/check_vectors.py`, and
tables and surrogates are asked of the C runner by all.
"""

EVERY = """Every method that was run:

"""

SUITES = """All problems of the benchmark, not only the compared ones. A method has a row where it ran on at least half of a suite.

"""


def pictures(drawn):
    """The overviews that the first page shows."""
    return "".join("![%s](%s%s)\n\n" % (words, FOLDER, file) for file, _, words in drawn
                   if file.startswith(PICTURES[0]) and file.endswith(PICTURES[1]))


def page(title, text):
    return "# %s\n\n" % title + text.rstrip() + "\n"


def front(results, scores, fights, drawn, budgets):
    out = HEAD
    if fights:
        out += ANSWER + tables.verdict_table(results, scores, fights)
        out += FIRST % SHOWN + tables.methods_table(results, scores, SHOWN) + SCALE + pictures(drawn)
    return out + budgets + TABLES + HOW


def suites(scores, drawn):
    names = sorted({s for s, _ in scores if ":" not in s}, key=lambda s: (s != "shifted", s))
    return SUITES + "".join(tables.suite_section(scores, name, drawn) for name in names)


def documents(results, scores, fights, alike, drawn, budgets=""):
    """{path below the root: text}; budgets: the section of that name"""
    peers = EVERY + tables.methods_table(results, scores) + SCALE + tables.peers_section(results, scores, drawn)
    texts = {"peers": ("Beside the peers", peers), "head-to-head": ("Head to head with gp", tables.duel_section(fights)),
             "like-against-like": ("Like against like", tables.alike_section(results, alike)),
             "cost": ("The cost of a suggestion", tables.speed_section(results)),
             "runs": ("What was run, and what was cut", tables.run_section(results)),
             "suites": ("The suites", suites(scores, drawn))}
    out = {FOLDER + name + ".md": page(title, text) for name, (title, text) in texts.items()}
    out[FRONT] = front(results, scores, fights, drawn, budgets)
    return out
