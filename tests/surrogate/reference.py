"""Prints the reference values of tests/surrogate/test_gaussian_process.c,
test_gp_fit.c and test_acquisition.c, computed from the definitions with mpmath
matrices and 40 digits. Not run by the tests."""
from mpmath import mp, mpf, matrix, sqrt, exp, log, pi, erfc, nstr, lu_solve, det, quad, inf, diff

mp.dps = 40

# Six points of two numeric parameters and one categorical one.
X = [(0.1, 0.2, 0), (0.5, 0.9, 1), (0.385, 0.4, 0), (0.8, 0.15, 2), (0.95, 0.7, 1), (0.25, 0.65, 2)]
Y = [0.5, -1.25, 0.75, 2.385, -0.5, 0.125]
LENGTH = [0.3, 0.7, 1.5]
NOISE = mpf("0.01")
SHARE = mpf("0.3")
RADIUS_SQUARED = mpf("8.4")
AT = (0.45, 0.55, 1)


def distances(a, b):
    """Of each coordinate, in length scales."""
    delta = [mpf(a[0]) - mpf(b[0]), mpf(a[1]) - mpf(b[1]), mpf(a[2] != b[2])]
    return [abs(x) / mpf(l) for x, l in zip(delta, LENGTH)]


def between(kernel, a, b, share):
    """The joint kernel, and a share of the mean over coordinates of Wendland's function, weighed by what each can vary."""
    r = distances(a, b)
    inverse_radius = sqrt(len(r) / RADIUS_SQUARED)
    vary = [1 - wendland(inverse_radius / mpf(l)) for l in LENGTH]
    terms = [wendland(x * inverse_radius) for x in r]
    return (1 - share) * kernel(sum(x * x for x in r)) + share * sum(v * p for v, p in zip(vary, terms)) / sum(vary)


def matern52(s):
    t = sqrt(5 * s)
    return (1 + t + t * t / 3) * exp(-t)


def matern32(s):
    t = sqrt(3 * s)
    return (1 + t) * exp(-t)


def rbf(s):
    return exp(-s / 2)


def wendland(r):
    return (1 - r) ** 5 * (8 * r * r + 5 * r + 1) if r < 1 else mpf(0)


def model(kernel, points, values, noise, share=0):
    n = len(points)
    K = matrix(n, n)
    for i in range(n):
        for j in range(n):
            K[i, j] = between(kernel, points[i], points[j], share) + (noise if i == j else 0)
    one, y = matrix([1] * n), matrix([mpf(v) for v in values])
    k1, ky = lu_solve(K, one), lu_solve(K, y)
    m = (one.T * ky)[0] / (one.T * k1)[0]
    return K, m, y - m * one


def predict(kernel, x, share=0):
    K, m, r = model(kernel, X, Y, NOISE, share)
    k = matrix([between(kernel, x, p, share) for p in X])
    return m + (k.T * lu_solve(K, r))[0], 1 - (k.T * lu_solve(K, k))[0]


def covariance(a, b):
    """With the mean integrated out under a flat prior."""
    K, m, r = model(matern52, X, Y, NOISE)
    one, k = matrix([1] * len(X)), [matrix([between(matern52, x, p, 0) for p in X]) for x in (a, b)]
    q = [1 - (one.T * lu_solve(K, c))[0] for c in k]
    return between(matern52, a, b, 0) - (k[0].T * lu_solve(K, k[1]))[0] + q[0] * q[1] / (one.T * lu_solve(K, one))[0]


def leave_one_out(i):
    """By its meaning: the others' model, mean and scale as of all."""
    K, m, r = model(matern52, X, Y, NOISE)
    rest = [j for j in range(len(X)) if j != i]
    A, k, q = matrix(5, 5), matrix(5, 1), matrix(5, 1)
    for a, ja in enumerate(rest):
        k[a], q[a] = between(matern52, X[ja], X[i], 0), r[ja]
        for b, jb in enumerate(rest):
            A[a, b] = K[ja, jb]
    return m + (k.T * lu_solve(A, q))[0], 1 + NOISE - (k.T * lu_solve(A, k))[0]


def log_likelihood(kernel, scale, share=0):
    K, m, r = model(kernel, X, Y, NOISE, share)
    n = len(X)
    return -(r.T * lu_solve(K, r))[0] / (2 * scale) - log(det(K)) / 2 - mpf(n) / 2 * log(2 * pi * scale)


def slope(kernel, j):
    """Of the log likelihood with s = 1 by log l_j, log g or the logit of the share."""
    global NOISE
    lengths, noise = list(LENGTH), NOISE

    def moved(t):
        global NOISE
        LENGTH[:] = [mpf(l) * exp(t) if i == j else l for i, l in enumerate(lengths)]
        NOISE = noise * exp(t) if j == len(lengths) else noise
        odds = SHARE / (1 - SHARE) * (exp(t) if j > len(lengths) else 1)
        return log_likelihood(kernel, 1, odds / (1 + odds))

    value = diff(moved, 0)
    LENGTH[:], NOISE = lengths, noise
    return value


def phi(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def h(z):
    z = mpf(z)
    if z > -30:
        return phi(z) + z * erfc(-z / sqrt(2)) / 2
    # The integral of t phi(t - z) over t > 0, scaled.
    a = -z
    return phi(z) * quad(lambda t: t * exp(-t * t / 2 - a * t), [0, 1 / a, 4 / a, 12 / a, 150 / a])


if __name__ == "__main__":
    for name, kernel in (("matern52", matern52), ("matern32", matern32), ("rbf", rbf)):
        mean, variance = predict(kernel, AT)
        print(name, "k(1.7) =", nstr(kernel(mpf("1.7")), 19), "k'(1.7) =", nstr(diff(kernel, mpf("1.7")), 19),
              "mean", nstr(mean, 17), "variance", nstr(variance, 17))
    for i in range(len(X)):
        print("loo", [nstr(v, 17) for v in leave_one_out(i)])
    for a, b in ((AT, (0.6, 0.5, 2)), (AT, AT), ((0.6, 0.5, 2), (0.6, 0.5, 2))):
        print("covariance", nstr(covariance(a, b), 17))
    print("log likelihood", nstr(log_likelihood(matern52, 1), 17))
    for name, kernel in (("matern52", matern52), ("matern32", matern32), ("rbf", rbf)):
        mean, variance = predict(kernel, AT, SHARE)
        print(name, "additive: mean", nstr(mean, 17), "variance", nstr(variance, 17), "log likelihood",
              nstr(log_likelihood(kernel, 1, SHARE), 17))
        print("slopes", [nstr(slope(kernel, j), 17) for j in range(len(LENGTH) + 2)])
    for z in (-1e5, -1000, -40, -10, -1.5, -1, -0.9, 0, 0.5, 2.385, 40):
        v = log(h(z)) if z > -900 else -mpf(z) ** 2 / 2 - log(sqrt(2 * pi)) + log(h(z) / phi(mpf(z)))
        print(f"    {{{z!r}, {nstr(v, 19)}}},")
