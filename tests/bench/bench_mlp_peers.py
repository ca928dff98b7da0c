"""Seconds of one epoch of a 64-64-64-10 relu network on the digits, batches of 32,
adam, one thread: scikit-learn's MLPClassifier and a plain PyTorch loop, the median
of 20 each. With the path of the program of bench_mlp.c as an argument that is run
too, and the ratio is printed. Needs scikit-learn and torch:

    OPENBLAS_NUM_THREADS=1 python tests/bench/bench_mlp_peers.py [bench_mlp]
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import statistics
import subprocess
import sys
import time

import numpy as np

EPOCHS, WARM_UP, BATCH = 20, 3, 32
DATA = os.path.join(os.path.dirname(__file__), "..", "..", "examples", "data", "digits.csv")


def load():
    table = np.loadtxt(DATA, delimiter=",", skiprows=1)
    x, y = table[:, :-1], table[:, -1].astype(int)
    sd = x.std(axis=0)
    return ((x - x.mean(axis=0)) / np.where(sd > 0, sd, 1)).astype(np.float32), y


def median_time(epoch):
    seconds = []
    for i in range(EPOCHS + WARM_UP):
        start = time.perf_counter()
        epoch()
        if i >= WARM_UP:
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def scikit_learn(x, y):
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier((64, 64), activation="relu", solver="adam", batch_size=BATCH, random_state=1)
    return median_time(lambda: model.partial_fit(x, y, classes=range(10)))


def scikit_learn_fit(x, y):
    """fit() of many epochs divided by their number: without the checks of each partial_fit."""
    import warnings

    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    model = MLPClassifier((64, 64), activation="relu", solver="adam", batch_size=BATCH, random_state=1,
                          max_iter=EPOCHS, n_iter_no_change=EPOCHS, tol=0)
    start = time.perf_counter()
    model.fit(x, y)
    return (time.perf_counter() - start) / model.n_iter_


def pytorch(x, y):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def epoch():
        order = torch.randperm(len(x))
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            optimizer.zero_grad(set_to_none=True)
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()

    return median_time(epoch)


def main():
    x, y = load()
    peers = {}
    for name, run in (("scikit-learn partial_fit", scikit_learn), ("scikit-learn fit", scikit_learn_fit),
                      ("pytorch", pytorch)):
        try:
            peers[name] = run(x, y)
            print(f"{name} {peers[name]:.6f} s an epoch")
        except ImportError as error:
            print(f"{name}: not installed ({error})")
    if len(sys.argv) > 1:
        line = subprocess.run([sys.argv[1], DATA], capture_output=True, text=True, check=True).stdout
        print(line, end="")
        name = min(peers, key=peers.get)
        print(f"{peers[name] / float(line.split()[1]):.1f} times as fast as {name}")


main()
