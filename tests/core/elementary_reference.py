"""Prints the tables of src/core/elementary_exp.c and src/core/elementary_log.c and the reference values of
tests/core/test_elementary.c. Needs mpmath; not run by the tests."""
import struct

from mpmath import mp, mpf, exp, expm1, floor, ldexp, log, log1p, log as ln, nstr, pi, power, sin, cos, tan, hypot

mp.dps = 80


def bits(x):
    return struct.unpack("<q", struct.pack("<d", x))[0]


def nearest(x):
    """The double nearest to x, and the rest: mpmath rounds to nearest."""
    d = float(x)
    return d, x - mpf(d)


def hexadecimal(x):
    return float(x).hex().replace("0x1.0000000000000p", "0x1p")


def rounded_to(x, digits):
    """x with so many binary digits after the point."""
    return floor(ldexp(x, digits) + mpf(1) / 2) / mpf(2) ** digits


def rows(name, cells):
    print(f"static const struct {name} TABLE[] = {{")
    for row in cells:
        print("    {" + ", ".join(hexadecimal(x) for x in row) + "},")
    print("};")


def exp_table():
    cells = []
    for j in range(64):
        high, low = nearest(power(2, mpf(j) / 64))
        cells.append((high, low))
    rows("two_parts", cells)
    step = log(2) / 64
    high = rounded_to(step, 38)
    print("step:", hexadecimal(high), hexadecimal(step - high))


def log_table():
    cells = []
    for j in range(90, 182):
        c = rounded_to(mpf(128) / j, 10)
        high, low = nearest(-log(c))
        cells.append((c, high, low))
    rows("center", cells)
    high = rounded_to(log(2), 40)
    print("ln 2:", hexadecimal(high), hexadecimal(log(2) - high))


def show(name, function, arguments):
    print(f"/* {name} */")
    for x in arguments:
        args = x if isinstance(x, tuple) else (x,)
        value = function(*[mpf(a) for a in args])
        print("    {" + ", ".join(hexadecimal(a) for a in args) + ", " + hexadecimal(value) + f"}}, /* {nstr(value, 12)} */")


if __name__ == "__main__":
    exp_table()
    log_table()
    show("exp", exp, (-744.5, -708.5, -20.25, -1, -1e-9, 0.005, 0.3, 1, 2.385, 100.5, 709.75))
    show("expm1", expm1, (-36.5, -1, -0.26, -0.24, -1e-12, 1e-300, 0.1, 0.249, 0.251, 2.385, 300.25))
    show("log", log, (5e-324, 1e-300, 0.1, 0.70703125, 0.9999999, 1 - 2.0 ** -53, 1 + 2.0 ** -52, 1.5, 2.385, 1e10, 1.7e308))
    show("log1p", log1p, (-1 + 2.0 ** -53, -0.5, -1e-5, 1e-300, 1e-17, 3e-10, 0.01, 1, 2.385, 1e16, 1e300))
    show("pow", power, ((0.73, 0.125), (2.385, -7.5), (1.0000001, 1e9), (10, -2), (3, 5), (0.5, 1074), (1e300, 1.02), (5e-324, 0.5), (7, 1.0 / 3)))
    show("sin pi", lambda x: sin(pi * x), (1e-300, 1e-9, 0.1, 0.25, 0.499, 0.75, 1.385, -7.0625, 1e6 + 0.375))
    show("cos pi", lambda x: cos(pi * x), (1e-9, 0.1, 0.25, 0.499, 0.75, 1.385, -7.0625, 1e6 + 0.375))
    show("tan pi", lambda x: tan(pi * x), (1e-9, 0.1, 0.25, 0.4999999, 0.75, -0.385))
    show("hypot", hypot, ((3e200, 4e200), (1e-300, 2e-301), (2.385, -0.001), (1, 1)))
