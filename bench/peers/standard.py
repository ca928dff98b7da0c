"""The twelve standard functions, minimised, in plain floats: branin, hartmann and their kind as
published, and two mixed ones. x is a list of numbers, p a dict by parameter name."""
import math


def branin(x):
    b, c, t = 5.1 / (4 * math.pi**2), 5 / math.pi, 1 / (8 * math.pi)
    return (x[1] - b * x[0]**2 + c * x[0] - 6.0)**2 + 10.0 * (1 - t) * math.cos(x[0]) + 10.0


H_ALPHA = [1.0, 1.2, 3.0, 3.2]
H3_A = [[3.0, 10, 30], [0.1, 10, 35], [3.0, 10, 30], [0.1, 10, 35]]
H3_P = [[0.3689, 0.1170, 0.2673], [0.4699, 0.4387, 0.7470], [0.1091, 0.8732, 0.5547], [0.0381, 0.5743, 0.8828]]
H6_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
H6_P = [[0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]]


def hartmann(x, a, p):
    return -sum(H_ALPHA[i] * math.exp(-sum(a[i][j] * (x[j] - p[i][j])**2 for j in range(len(x)))) for i in range(4))


def ackley(x):
    d = len(x)
    return (-20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / d))
            - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / d) + 20 + math.e)


def levy(x):
    w = [1 + (v - 1) / 4 for v in x]
    s = math.sin(math.pi * w[0])**2
    for v in w[:-1]:
        s += (v - 1)**2 * (1 + 10 * math.sin(math.pi * v + 1)**2)
    return s + (w[-1] - 1)**2 * (1 + math.sin(2 * math.pi * w[-1])**2)


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i]**2)**2 + (x[i] - 1)**2 for i in range(len(x) - 1))


def styblinski(x):
    return 0.5 * sum(v**4 - 16 * v * v + 5 * v for v in x)


def rastrigin(x):
    return 10 * len(x) + sum(v * v - 10 * math.cos(2 * math.pi * v) for v in x)


def michalewicz(x):
    return -sum(math.sin(v) * math.sin((i + 1) * v * v / math.pi)**20 for i, v in enumerate(x))


SH_B = [0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5]
SH_C = [[4, 1, 8, 6, 3, 2, 5, 8, 6, 7], [4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6],
        [4, 1, 8, 6, 3, 2, 5, 8, 6, 7], [4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6]]


def shekel(x):
    return -sum(1.0 / (sum((x[j] - SH_C[j][i])**2 for j in range(4)) + SH_B[i]) for i in range(10))


# The mixed ones move by a shift of each parameter: of branin's arguments, of log10 lr, of the layers, of log2 of the
# units; a category moves round.
def mixed_a(p, shift=(0, 0, 0)):
    worth = (0.0, 1.5, 3.0)[("abc".index(p["cat"]) + int(shift[2])) % 3]
    return branin([p["x1"] - shift[0], p["x2"] - shift[1]]) + worth


def mixed_b(p, shift=(0,) * 8):
    layers = p["layers"]
    act = (0.0, 0.2, 0.6)[(("relu", "tanh", "sigmoid").index(p["act"]) + int(shift[7])) % 3]
    s = (math.log10(p["lr"]) + 3 - shift[0])**2 / 4 + 0.3 * (layers - 3 - shift[1])**2 + act
    return s + sum(0.1 * (math.log2(p["u%d" % i]) - 6 - shift[2 + i])**2 / layers for i in range(layers))


# Continuous functions take a list; their optimum can be moved by a shift.
BOX = {
    "branin": branin,
    "hartmann3": lambda x: hartmann(x, H3_A, H3_P),
    "hartmann6": lambda x: hartmann(x, H6_A, H6_P),
    "ackley5": ackley,
    "levy8": levy,
    "rosenbrock5": rosenbrock,
    "styblinski6": styblinski,
    "rastrigin4": rastrigin,
    "michalewicz5": michalewicz,
    "shekel10": shekel,
}
MIXED = {"mixed-a": mixed_a, "mixed-b": mixed_b}
