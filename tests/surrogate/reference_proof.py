"""Prints tests/surrogate/reference_proof.h: what src/surrogate must compute, from the
definitions, with mpmath matrices and 60 digits; derivatives are differences of
those. Not run by the tests:

    python3 tests/surrogate/reference_proof.py >tests/surrogate/reference_proof.h
"""
from mpmath import mp, mpf, matrix, sqrt, exp, log, pi, nstr, lu_solve, det, diff

from reference import matern52, matern32, rbf, h

mp.dps = 60

# Numbers that a double holds exactly, made by the same formulas in test_gp_proof.c.
N = 25
X = [(mpf(37 * i % 64) / 64, mpf((11 * i + 5) % 32) / 32, i % 3) for i in range(N)]
Y = [mpf(29 * i % 41 - 20) / 16 for i in range(N)]
AT = [(mpf(29) / 64, mpf(35) / 64, 1), (mpf(5) / 64, mpf(61) / 64, 2), (X[4][0] + mpf(1) / 1024, X[4][1], X[4][2])]
LEFT_OUT = (0, 7, 24)
SHAPE = mpf("2.5")
THETAS = [("-1.25", "-0.375", "0.5", "-4.5"), ("0.75", "1.5", "1", "-9.25"), ("-3", "-2.25", "-0.75", "0.25")]
PRIOR_LENGTH = (sqrt(mpf(2)) + log(mpf(3)) / 2, sqrt(mpf(3)))
PRIOR_NOISE = (mpf(-4), mpf(2))


class Process:
    def __init__(self, kernel, theta, points=X, values=Y, mean=None, scale=None):
        self.kernel, self.points = kernel, points
        self.weight, self.noise = [exp(-2 * mpf(t)) for t in theta[:3]], exp(mpf(theta[3]))
        n = len(points)
        self.K = matrix(n, n)
        for a in range(n):
            for b in range(n):
                self.K[a, b] = self.k(points[a], points[b]) + (self.noise if a == b else 0)
        one, y = matrix([1] * n), matrix(values)
        self.mean = (one.T * lu_solve(self.K, y))[0] / (one.T * lu_solve(self.K, one))[0] if mean is None else mean
        self.rest = y - self.mean * one
        self.alpha = lu_solve(self.K, self.rest)
        self.square = (self.rest.T * self.alpha)[0]
        self.scale = (2 * SHAPE + self.square) / (n + 2 * SHAPE + 2) if scale is None else scale

    def k(self, a, b):
        delta = (a[0] - b[0], a[1] - b[1], mpf(a[2] != b[2]))
        return self.kernel(sum(w * d * d for w, d in zip(self.weight, delta)))

    def predict(self, x):
        k = matrix([self.k(x, p) for p in self.points])
        return self.mean + (k.T * self.alpha)[0], self.scale * (1 - (k.T * lu_solve(self.K, k))[0])

    def log_likelihood(self):
        n = len(self.points)
        return -self.square / (2 * self.scale) - log(det(self.K)) / 2 - mpf(n) / 2 * log(2 * pi * self.scale)

    def leave_out(self, i):
        """The others alone, with mean and scale as of all."""
        rest = [j for j in range(N) if j != i]
        others = Process.__new__(Process)
        others.__dict__.update(self.__dict__)
        others.points = [X[j] for j in rest]
        others.K = matrix(N - 1, N - 1)
        for a, ja in enumerate(rest):
            for b, jb in enumerate(rest):
                others.K[a, b] = self.K[ja, jb]
        others.alpha = lu_solve(others.K, matrix([self.rest[j] for j in rest]))
        mean, variance = others.predict(X[i])
        return mean, variance + self.scale * self.noise


def loss(kernel, theta):
    """-log(likelihood x priors), constants that do not depend on theta left out."""
    p = Process(kernel, theta)
    value = -p.log_likelihood() - mpf(N) / 2 * log(2 * pi)
    value += (SHAPE + 1) * log(p.scale) + SHAPE / p.scale - (N + 2 * SHAPE + 2) / 2
    for j, t in enumerate(theta):
        mean, sd = PRIOR_LENGTH if j < 3 else PRIOR_NOISE
        value += t + ((t - mean) / sd) ** 2 / 2
    return value


def slope(f, x, j):
    step = mpf(10) ** -22  # 60 digits leave 35 of a central difference
    up, down = list(x), list(x)
    up[j] += step
    down[j] -= step
    return (f(up) - f(down)) / (2 * step)


def number(v):
    if abs(v) < mpf(10) ** -320:
        return "0.0"
    return nstr(v, 19, min_fixed=-3, max_fixed=5)


def row(values):
    return "{" + ", ".join(number(v) for v in values) + "}"


def print_process(name, kernel, theta):
    theta = [mpf(t) for t in theta]
    p = Process(kernel, theta)
    both = [p.predict(x) for x in AT]
    print(f"    {{{name}, {row(theta)},")
    print("     " + row(m for m, v in both) + ",")
    print("     " + row(v for m, v in both) + ",")
    for part in (0, 1):
        print("     {" + ", ".join(row(slope(lambda q: p.predict(q)[part], x, j) for j in (0, 1)) for x in AT) + "},")
    print(f"     {number(p.log_likelihood())}, {number(loss(kernel, theta))},")
    print("     " + row(slope(lambda t: loss(kernel, t), theta, j) for j in range(4)) + ",")
    print("     {" + ", ".join(row(p.leave_out(i)) for i in LEFT_OUT) + "}},")


def cdf(z):
    return mp.ncdf(z)


def acquisition(kind, best, mean, variance, kappa, inflation):
    sd = sqrt(variance * (1 + inflation) + LEAST)
    z = (best - mean) / sd
    if kind == 0:
        return log(sd) + log(h(z))
    if kind == 1:
        return sd * h(z)
    if kind == 2:
        return log(cdf(z))
    return kappa * sd - mean


LEAST = mpf(1e-12)


def print_acquisition(kind, z, variance):
    """A mean that lies z deviations (nearly) above the best."""
    best, kappa, inflation = mpf("0.25"), mpf("1.75"), mpf("0.5")
    mean = mpf(float(best - mpf(z) * sqrt(variance * (1 + inflation))))
    variance = mpf(variance)
    value = acquisition(kind, best, mean, variance, kappa, inflation)
    by_mean = slope(lambda q: acquisition(kind, best, q[0], variance, kappa, inflation), [mean], 0)
    by_variance = slope(lambda q: acquisition(kind, best, mean, q[0], kappa, inflation), [variance], 0)
    print(f"    {{{kind}, {float(mean)!r}, {float(variance)!r}, {row([value, by_mean, by_variance])}}},")


if __name__ == "__main__":
    print("/* Written by reference_proof.py: 19 digits of values computed with 60. */")
    print("#ifndef AFINA_TESTS_REFERENCE_PROOF_H\n#define AFINA_TESTS_REFERENCE_PROOF_H\n")
    print("static const struct proof_process proof_processes[] = {")
    for name, kernel in (("KERNEL_MATERN52", matern52), ("KERNEL_MATERN32", matern32), ("KERNEL_RBF", rbf)):
        for theta in THETAS:
            print_process(name, kernel, theta)
    print("};\n")
    print("static const struct proof_acquisition proof_acquisitions[] = {")
    for kind in range(4):
        for z in (-40, -25, -8, -5, -2.5, -1, -0.125, 0, 0.75, 3, 8, 40):
            for variance in (0.25, 1e-8):
                if kind == 1 and z < -25:
                    continue  # EI itself is 0 there
                with mp.workdps(420 if z > 3 else mp.dps):  # 1 - 1e-350 is not 1
                    print_acquisition(kind, z, variance)
    print("};\n\n#endif")
