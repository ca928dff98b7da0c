"""Prints the Chebyshev coefficients of src/numeric/special.c, the rational functions of
src/numeric/normal_quantile.c and the reference values of tests/numeric/test_special.c. Needs mpmath; not run by the tests."""
from mpmath import mp, mpf, cos, pi, exp, erfc, sqrt, quad, fsum, nstr, log, log1p, lu_solve, matrix

mp.dps = 60


def erfcx(x):
    x = mpf(x)
    if x < 40:
        return exp(x * x) * erfc(x)
    if x > 1e30:
        return 1 / (x * sqrt(pi))
    return 2 / sqrt(pi) * quad(lambda t: exp(-t * t - 2 * x * t), [0, 1 / x, 4 / x, 30 / x, 90 / x])


def loss(a):
    """(phi(a) - a Q(a)) / phi(a), for a >= 0."""
    a = mpf(a)
    if a < 60:
        return 1 - a * sqrt(pi / 2) * exp(a * a / 2) * erfc(a / sqrt(2))
    return quad(lambda t: t * exp(-t * t / 2 - a * t), [0, 1 / a, 4 / a, 12 / a, 150 / a])


def mass(p, q):
    """Phi(q) - Phi(p), from the tail where it is small."""
    p, q = mpf(p), mpf(q)
    if q <= 0:
        p, q = -q, -p
    return (erfc(p / sqrt(2)) - erfc(q / sqrt(2))) / 2


def chebyshev(f, n=90):
    nodes = [cos(pi * (k + mpf(1) / 2) / n) for k in range(n)]
    values = [f(t) for t in nodes]
    c = [2 / mpf(n) * fsum(values[k] * cos(j * pi * (k + mpf(1) / 2) / n) for k in range(n)) for j in range(n)]
    c[0] /= 2
    return c


def table(name, c):
    print(f"static const double {name}[] = {{")
    for i in range(0, len(c), 3):
        print("    " + " ".join(nstr(x, 20) + "," for x in c[i:i + 3]))
    print("};")


def quantile(p):
    """The x <= 0 with Phi(x) = p <= 1/2, by Newton's method on log Phi."""
    x = -sqrt(-2 * log(p)) if p < 0.1 else (p - mpf(1) / 2) * 5 / 2
    for _ in range(200):
        below = erfc(-x / sqrt(2)) / 2
        step = log(below / p) * below * sqrt(2 * pi) * exp(x * x / 2)
        x -= step
        if abs(step) < mpf(10) ** -50:
            break
    return x


def centre(r):
    q = sqrt(mpf("0.180625") - r)
    return -quantile(mpf(1) / 2 - q) / q


def tail(s):
    return -quantile(exp(-s * s))


def rational(f, low, high, degree):
    """The rational function in x - low that has the values of f at Chebyshev points of [low, high]."""
    low, high, n = mpf(low), mpf(high), 2 * degree + 1
    a, b = matrix(n, n), matrix(n, 1)
    for i in range(n):
        x = (low + high) / 2 + (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / n)
        b[i] = f(x)
        for j in range(degree + 1):
            a[i, j] = (x - low) ** j
            if j > 0:
                a[i, degree + j] = -b[i] * (x - low) ** j
    c = list(lu_solve(a, b))
    return c[:degree + 1], [mpf(1)] + c[degree + 1:]


def rational_table(name, f, low, high, degree):
    over, under = rational(f, low, high, degree)
    table(name + "_over", over[::-1])
    table(name + "_under", under[::-1])


if __name__ == "__main__":
    rational_table("centre", centre, 0, "0.180625", 8)
    rational_table("near", tail, "1.6", 5, 8)
    rational_table("far", tail, 5, "27.3", 10)
    x_of = lambda t, k: k * (1 + t) / (1 - t)
    table("erfcx_series", chebyshev(lambda t: (1 + 2 * x_of(t, mpf(15) / 4)) * erfcx(x_of(t, mpf(15) / 4)))[:27])
    table("loss_series", chebyshev(lambda t: (1 + x_of(t, 5)) ** 2 * loss(x_of(t, 5)))[:29])
    print("/* erfcx */")
    for x in (-26, -5.5, -1, -0.25, 0, 1e-8, 0.1, 0.46875, 1, 2.385, 4, 7.7, 26.5, 100, 1e6, 1e150):
        print(f"    {{{x!r}, {nstr(erfcx(x), 19)}}},")
    print("/* loss ratio */")
    for a in (0, 1e-3, 0.5, 1, 2.385, 10, 40, 49.9, 50.1, 1e3, 1e8):
        print(f"    {{{a!r}, {nstr(loss(a), 19)}}},")
    print("/* log cdf */")
    for x in (-1e5, -40, -38.5, -10, -2.385, -1, -0.5, 0, 0.5, 3, 8.5, 20):
        v = log1p(-erfc(abs(mpf(x)) / sqrt(2)) / 2) if x > 0 else log(erfc(-mpf(x) / sqrt(2)) / 2) if x > -100 else log(erfcx(-mpf(x) / sqrt(2)) / 2) - mpf(x) ** 2 / 2
        print(f"    {{{x!r}, {nstr(v, 19)}}},")
    print("/* interval a b mass */")
    for a, b in ((-1, 1), (-2.385, 0.5), (8, 9), (30, 31), (-37, -36.5), (5, 5 + 2.0**-30), (-0.25, -0.25 + 2.0**-40),
                 (1, 1.9), (0.5, 40), (-12, -0.125)):
        print(f"    {{{float(a)!r}, {float(b)!r}, {nstr(mass(a, b), 19)}}},")
    print("/* truncated quantile u a b x */")
    for u, a, b in ((0.385, -1, 2), (1e-12, -3, 3), (0.75, 8, 9), (0.25, 50, 60), (0.9, -70, -45.5), (0.5, 5, 5.001),
                    (0.385, -2, 30), (1 - 2.0**-40, -30, 30), (2.0**-60, -9, 1)):
        u, a, b = mpf(u), mpf(a), mpf(b)
        whole = mass(a, b)
        low, high = a, b
        for _ in range(200):
            mid = (low + high) / 2
            if mass(a, mid) < u * whole:
                low = mid
            else:
                high = mid
        print(f"    {{{float(u)!r}, {float(a)!r}, {float(b)!r}, {nstr(mid, 19)}}},")
