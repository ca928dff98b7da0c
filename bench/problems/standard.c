/* The standard test functions, and the same with the optimum elsewhere.
 *
 * Ten continuous functions, one with an integer and a category, and one with
 * conditional parameters, written in the order of operations in which their usual
 * Python definitions compute, so that both give the same digits. Optima: literature
 * values, refined by a local search. Several have their optimum in the middle of the box, where
 * some methods look first; instance k > 0 therefore computes
 *
 *     f(x - s),   s = t - x*,   t uniform in the central 80 % of the box
 *
 * on the same box, with x* the published minimiser. Check: branin at the middle
 * (2.5, 7.5) is 24.129964413622268. */
#include "problem.h"

#include "stream.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PI 3.141592653589793
#define REPEAT4(x) (x), (x), (x), (x)

enum { INSTANCES = 3 };

static double branin(const double *x, size_t d)
{
    const double a = 1.0, b = 5.1 / (4 * pow(PI, 2)), c = 5 / PI, r = 6.0, s = 10.0, t = 1 / (8 * PI);
    (void)d;
    return a * pow(x[1] - b * pow(x[0], 2) + c * x[0] - r, 2) + s * (1 - t) * cos(x[0]) + s;
}

static double hartmann(const double *x, size_t d, const double *a, const double *p)
{
    static const double alpha[4] = {1.0, 1.2, 3.0, 3.2};
    double sum = 0;
    for (size_t i = 0; i < 4; i++) {
        double inner = 0;
        for (size_t j = 0; j < d; j++)
            inner += a[i * d + j] * pow(x[j] - p[i * d + j], 2);
        sum += alpha[i] * exp(-inner);
    }
    return -sum;
}

static double hartmann3(const double *x, size_t d)
{
    static const double a[12] = {3.0, 10, 30, 0.1, 10, 35, 3.0, 10, 30, 0.1, 10, 35};
    static const double p[12] = {0.3689, 0.1170, 0.2673, 0.4699, 0.4387, 0.7470,
                                 0.1091, 0.8732, 0.5547, 0.0381, 0.5743, 0.8828};
    return hartmann(x, d, a, p);
}

static double hartmann6(const double *x, size_t d)
{
    static const double a[24] = {10, 3,   17,  3.5, 1.7, 8, 0.05, 10, 17,   0.1, 8,   14,
                                 3,  3.5, 1.7, 10,  17,  8, 17,   8,  0.05, 10,  0.1, 14};
    static const double p[24] = {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886, 0.2329, 0.4135,
                                 0.8307, 0.3736, 0.1004, 0.9991, 0.2348, 0.1451, 0.3522, 0.2883,
                                 0.3047, 0.6650, 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381};
    return hartmann(x, d, a, p);
}

static double ackley(const double *x, size_t d)
{
    double squares = 0, waves = 0;
    for (size_t i = 0; i < d; i++) {
        squares += x[i] * x[i];
        waves += cos(2 * PI * x[i]);
    }
    return -20 * exp(-0.2 * sqrt(squares / (double)d)) - exp(waves / (double)d) + 20 + 2.718281828459045;
}

static double levy(const double *x, size_t d)
{
    double w = 1 + (x[0] - 1) / 4;
    double s = pow(sin(PI * w), 2);
    for (size_t i = 0; i + 1 < d; i++) {
        w = 1 + (x[i] - 1) / 4;
        s += pow(w - 1, 2) * (1 + 10 * pow(sin(PI * w + 1), 2));
    }
    w = 1 + (x[d - 1] - 1) / 4;
    return s + pow(w - 1, 2) * (1 + pow(sin(2 * PI * w), 2));
}

static double rosenbrock(const double *x, size_t d)
{
    double s = 0;
    for (size_t i = 0; i + 1 < d; i++)
        s += 100 * pow(x[i + 1] - pow(x[i], 2), 2) + pow(x[i] - 1, 2);
    return s;
}

static double styblinski(const double *x, size_t d)
{
    double s = 0;
    for (size_t i = 0; i < d; i++)
        s += pow(x[i], 4) - 16 * x[i] * x[i] + 5 * x[i];
    return 0.5 * s;
}

static double rastrigin(const double *x, size_t d)
{
    double s = 0;
    for (size_t i = 0; i < d; i++)
        s += x[i] * x[i] - 10 * cos(2 * PI * x[i]);
    return 10 * (double)d + s;
}

static double michalewicz(const double *x, size_t d)
{
    double s = 0;
    for (size_t i = 0; i < d; i++)
        s += sin(x[i]) * pow(sin((double)(i + 1) * x[i] * x[i] / PI), 20);
    return -s;
}

static double shekel10(const double *x, size_t d)
{
    static const double b[10] = {0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5};
    static const double c[4][10] = {{4, 1, 8, 6, 3, 2, 5, 8, 6, 7},
                                    {4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6},
                                    {4, 1, 8, 6, 3, 2, 5, 8, 6, 7},
                                    {4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6}};
    double s = 0;
    for (size_t i = 0; i < 10; i++) {
        double inner = 0;
        for (size_t j = 0; j < d; j++)
            inner += pow(x[j] - c[j][i], 2);
        s += 1.0 / (inner + b[i]);
    }
    return -s;
}

static const double branin_low[] = {-5, 0}, branin_high[] = {10, 15}, branin_best[] = {PI, 2.275};
static const double zero[] = {REPEAT4(0), REPEAT4(0)}, one[] = {REPEAT4(1), REPEAT4(1)};
static const double ten[] = {REPEAT4(10)}, minus_ten[] = {REPEAT4(-10), REPEAT4(-10)};
static const double plus_ten[] = {REPEAT4(10), REPEAT4(10)};
static const double ackley_low[] = {REPEAT4(-32.768), -32.768}, ackley_high[] = {REPEAT4(32.768), 32.768};
static const double minus_five[] = {REPEAT4(-5), REPEAT4(-5)}, plus_five[] = {REPEAT4(5), REPEAT4(5)};
static const double rastrigin_low[] = {REPEAT4(-5.12)}, rastrigin_high[] = {REPEAT4(5.12)};
static const double pi[] = {REPEAT4(PI), PI};
static const double styblinski_best[] = {REPEAT4(-2.903534027771), REPEAT4(-2.903534027771)};
static const double hartmann3_best[] = {0.114614, 0.555649, 0.852547};
static const double hartmann6_best[] = {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573};
static const double michalewicz_best[] = {2.202906, 1.570796, 1.284992, 1.923058, 1.720470};
static const double shekel_best[] = {4.000747, 4.000593, 3.999663, 3.999510};

const struct box_function box_functions[10] = {
    {"branin", branin, 2, branin_low, branin_high, 0.39788735772973816, branin_best},
    {"hartmann3", hartmann3, 3, zero, one, -3.862779787332663, hartmann3_best},
    {"hartmann6", hartmann6, 6, zero, one, -3.322368011415515, hartmann6_best},
    {"ackley5", ackley, 5, ackley_low, ackley_high, 0.0, zero},
    {"levy8", levy, 8, minus_ten, plus_ten, 0.0, one},
    {"rosenbrock5", rosenbrock, 5, minus_five, plus_ten, 0.0, one},
    {"styblinski6", styblinski, 6, minus_five, plus_five, -234.99699422262847, styblinski_best},
    {"rastrigin4", rastrigin, 4, rastrigin_low, rastrigin_high, 0.0, zero},
    {"michalewicz5", michalewicz, 5, zero, pi, -4.687658179088148, michalewicz_best},
    {"shekel10", shekel10, 4, zero, ten, -10.536443153483532, shekel_best},
};

static double box_value(const struct problem *p, const double *x)
{
    const struct box_function *f = p->own;
    double v[PROBLEM_PARAMETERS];
    for (size_t i = 0; i < p->d; i++)
        v[i] = p->shifts ? x[i] - p->shift[i] : x[i];
    return f->f(v, p->d);
}

static int32_t box_describe(const struct problem *p, afina_space *space)
{
    const struct box_function *f = p->own;
    for (size_t i = 0; i < p->d; i++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", i);
        const int32_t rc = afina_space_add_real(space, name, f->low[i], f->high[i], AFINA_SCALE_LINEAR);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

static void move_optimum(struct problem *p)
{
    const struct box_function *f = p->own;
    const uint64_t seed = stream_hash(f->name);
    for (size_t i = 0; i < p->d; i++) {
        const double u = 0.1 + 0.8 * stream_uniform(seed, (uint64_t)p->instance, (uint32_t)i);
        p->shift[i] = f->low[i] + u * (f->high[i] - f->low[i]) - f->best[i];
    }
    p->shifts = p->d;
}

static struct problem *add_box(const struct box_function *f, const char *suite, const char *name, int instance)
{
    struct problem *p = problem_add(suite, name, instance, f->d);
    if (p) {
        p->own = f;
        p->optimum = f->optimum;
        p->describe = box_describe;
        p->value = box_value;
    }
    return p;
}

/* ------------------------------------------------------------------- mixed-a
 *
 * branin over an integer and a real, and a category worth 0, 1.5 or 3. The
 * integer optimum is x1 = -3; a shift of x1 is whole and keeps x1 - s in
 * [-18, 12], where no other integer is better. The category moves by a cyclic
 * shift. */
static double mixed_a_value(const struct problem *p, const double *x)
{
    static const double category[3] = {0.0, 1.5, 3.0};
    const double v[2] = {x[0] - p->shift[0], x[1] - p->shift[1]};
    return branin(v, 2) + category[((int)x[2] + (int)p->shift[2]) % 3];
}

static int32_t mixed_a_describe(const struct problem *p, afina_space *space)
{
    static const char *const choices[] = {"a", "b", "c"};
    int32_t rc = afina_space_add_integer(space, "x1", -5, 10, AFINA_SCALE_LINEAR);
    (void)p;
    if (!rc)
        rc = afina_space_add_real(space, "x2", 0, 15, AFINA_SCALE_LINEAR);
    return rc ? rc : afina_space_add_categorical(space, "cat", choices, 3);
}

static int add_mixed_a(const char *suite, const char *name, int instance)
{
    struct problem *p = problem_add(suite, name, instance, 3);
    if (!p)
        return -1;
    p->optimum = 0.4939805326401636;
    p->describe = mixed_a_describe;
    p->value = mixed_a_value;
    if (instance) {
        const uint64_t seed = stream_hash("mixed-a"), k = (uint64_t)instance;
        p->shift[0] = floor(-4 + 14 * stream_uniform(seed, k, 0)) + 3;
        p->shift[1] = 1.5 + 12 * stream_uniform(seed, k, 1) - 11.937;
        p->shift[2] = floor(3 * stream_uniform(seed, k, 2));
        p->shifts = 3;
    }
    return 0;
}

/* ------------------------------------------------------------------- mixed-b
 *
 * A network's hyperparameters: u_i is active only while i < layers. Parameters:
 * lr, layers, u0..u4, act. Shifts: of log10 lr, of layers, of log2 u_i (to the
 * logarithm of an integer), cyclic of act. */
static double mixed_b_value(const struct problem *p, const double *x)
{
    static const double activation[3] = {0.0, 0.2, 0.6};
    const int layers = (int)x[1];
    double s = pow(log10(x[0]) + 3 - p->shift[0], 2) / 4 + 0.3 * pow(layers - 3 - p->shift[1], 2) +
               activation[((int)x[7] + (int)p->shift[7]) % 3];
    for (int i = 0; i < layers; i++)
        s += 0.1 * pow(log2(x[2 + i]) - 6 - p->shift[2 + i], 2) / layers;
    return s;
}

static int32_t mixed_b_describe(const struct problem *p, afina_space *space)
{
    static const char *const choices[] = {"relu", "tanh", "sigmoid"};
    int32_t rc = afina_space_add_real(space, "lr", 1e-5, 1.0, AFINA_SCALE_LOG);
    (void)p;
    if (!rc)
        rc = afina_space_add_integer(space, "layers", 1, 5, AFINA_SCALE_LINEAR);
    for (int i = 0; i < 5 && !rc; i++) {
        char name[8];
        snprintf(name, sizeof name, "u%d", i);
        rc = afina_space_add_integer(space, name, 8, 512, AFINA_SCALE_LOG);
        if (!rc && i)
            rc = afina_space_add_condition(space, name, "layers", AFINA_COMPARE_GREATER, i);
    }
    return rc ? rc : afina_space_add_categorical(space, "act", choices, 3);
}

static int add_mixed_b(const char *suite, const char *name, int instance)
{
    struct problem *p = problem_add(suite, name, instance, 8);
    if (!p)
        return -1;
    p->describe = mixed_b_describe;
    p->value = mixed_b_value;
    if (instance) {
        const uint64_t seed = stream_hash("mixed-b"), k = (uint64_t)instance;
        p->shift[0] = -4.5 + 4 * stream_uniform(seed, k, 0) + 3;
        p->shift[1] = floor(3 * stream_uniform(seed, k, 1)) - 1;
        for (uint32_t i = 2; i < 7; i++)
            p->shift[i] = log2(floor(exp2(4 + 4 * stream_uniform(seed, k, i)))) - 6;
        p->shift[7] = floor(3 * stream_uniform(seed, k, 7));
        p->shifts = 8;
    }
    return 0;
}

/* The two moved functions that have been measured elsewhere, with the moves used there. */
static int add_published_shifts(void)
{
    static const double ackley_shift[] = {9.1, -6.4, 13.7, -17.2, 4.3}, rastrigin_shift[] = {1.17, -2.33, 0.71, -1.59};
    struct problem *p = add_box(&box_functions[3], "shifted", "ackley5-shift", 0);
    struct problem *q = add_box(&box_functions[7], "shifted", "rastrigin4-shift", 0);
    if (!p || !q)
        return -1;
    memcpy(p->shift, ackley_shift, sizeof ackley_shift);
    p->shifts = 5;
    memcpy(q->shift, rastrigin_shift, sizeof rastrigin_shift);
    q->shifts = 4;
    return 0;
}

static int add_moved(int instance)
{
    for (size_t i = 0; i < 10; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s_shifted", box_functions[i].name);
        struct problem *p = add_box(&box_functions[i], "shifted", name, instance);
        if (!p)
            return -1;
        move_optimum(p);
    }
    return add_mixed_a("shifted", "mixed-a_shifted", instance) || add_mixed_b("shifted", "mixed-b_shifted", instance);
}

int add_standard(void)
{
    for (size_t i = 0; i < 10; i++)
        if (!add_box(&box_functions[i], "standard", box_functions[i].name, 0))
            return -1;
    if (add_mixed_a("standard", "mixed-a", 0) || add_mixed_b("standard", "mixed-b", 0) || add_published_shifts())
        return -1;
    for (int k = 1; k <= INSTANCES; k++)
        if (add_moved(k))
            return -1;
    return 0;
}
