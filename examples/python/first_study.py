# %% The first study
#
# This script tunes a classifier on real data. It needs afina alone, and matplotlib for the picture at its end. Each
# part between two lines "# %%" is a cell, which Jupyter (by jupytext), VS Code, PyCharm and Spyder run by itself.

import csv
import math
from collections import Counter
from heapq import nsmallest
from pathlib import Path

import afina

# %% The data
#
# A row is a piece of a spoken vowel: who of 15 people says it (15 columns of 0 and 1), nine numbers of the sound, and
# which of eleven vowels it is. The rows are divided into three parts. The search sees two of them: every trial learns
# from the training rows and is judged on the validation rows. No trial sees the test rows, so they tell at the end what
# was gained.

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
with open(here / "../data/vowel.csv") as file:
    rows = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
training, validation, test = rows[:440], rows[440:660], rows[660:]

# %% The model
#
# The k nearest neighbours of a row vote on its vowel. What "near" means depends on how much each column counts. Any
# other model takes the same place: afina calls a function and gets a number back, and does not look inside.


def mistakes(known, asked, k, vote, power=1.0, speaker=1.0, detail=1.0):
    """How many of the rows `asked` get a wrong vowel by their neighbours among the rows `known`."""
    weights = [speaker] * 15 + [1.0] * 4 + [detail] * 5

    def place(row):
        return [weight * cell for weight, cell in zip(weights, row)]

    places = [(place(row), row[-1]) for row in known]
    wrong = 0
    for row in asked:
        position = place(row)
        votes = Counter()
        for distance, vowel in nsmallest(k, ((math.dist(position, other), vowel) for other, vowel in places)):
            votes[vowel] += 1.0 if vote == "equal" else (distance + 1e-9) ** -power
        wrong += votes.most_common(1)[0][0] != row[-1]
    return wrong


# %% The space
#
# The space says which hyperparameters there are and what values they may have. `power` is only there when neighbours
# vote by their distance. The defaults are what one would take without a search.

space = {
    "k": afina.Integer(1, 40, log=True, default=5),
    "vote": ["equal", "by distance"],
    "power": afina.Real(0.5, 5, default=1, when={"vote": "by distance"}),
    "speaker": afina.Real(0.01, 100, log=True, default=1),  # how much it counts who speaks
    "detail": afina.Real(0, 2, default=1),  # how much the last five numbers of the sound count
}

# %% The search
#
# The objective takes hyperparameters by name and returns what should be small. The first trial has the defaults. Two
# workers evaluate two trials at a time; with lag=2 the same seed gives the same trials on one worker as on two. (Threads
# of pure Python take turns on one processor. A model that computes in C, such as NumPy's, uses several.) With `log` the
# study is kept in a file, line by line.


def objective(**params):
    return mistakes(training, validation, **params) / len(validation)


settings = dict(workers=2, lag=2, seed=1, default_first=1, log="first_study.jsonl")
result = afina.minimize(objective, space, trials=15, **settings)
print(f"after {len(result.trials)} trials {result.value:.1%} are wrong on the validation rows")

# %% It goes on where it ended
#
# The same call with more trials reads the file and evaluates what is missing. It makes no difference whether a program
# ended in between: run this script again, and it evaluates nothing twice. Delete the file to begin anew.

result = afina.minimize(objective, space, trials=40, **settings)
best = result.best
print(f"after {len(result.trials)} trials {result.value:.1%} are wrong, with")
for name, value in best.items():
    print(f"    {name:8} {value if name in ('k', 'vote') else round(value, 2)}")

# %% What was gained
#
# The best of many trials had some luck on the validation rows, so the test rows decide. Both models now learn from all
# rows but those. Other pieces of the same recordings are among what they learn from; for people whom the model never
# heard it would be wrong far more often.

default = result.trials[0].params
before = mistakes(training + validation, test, **default)
after = mistakes(training + validation, test, **best)
print(f"of {len(test)} test rows the default has {before} wrong, the tuned model {after}")

# %% What mattered
#
# The method has learned how the error depends on the hyperparameters, and can be asked: the shares say how much of the
# variation is due to each.

for name, share in sorted(result.study.model().importances.items(), key=lambda item: -item[1]):
    print(f"{name:8} matters {share:.0%}")

# %% A picture
#
# On the left every trial and the best so far, on the right what mattered. A notebook shows the figure; here it is a file
# too.

from afina import plot  # noqa: E402
from matplotlib import pyplot  # noqa: E402

figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
plot.history(result, left).set_ylabel("share of wrong answers on the validation rows")
plot.importances(result, right)
figure.savefig("first_study.svg", metadata={"Date": None})
