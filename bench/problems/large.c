/* Sixty and more parameters, on [-5, 5]^d, optimum 0 at a place t drawn for the instance
 * in [-4, 4]^d; `shift` holds t. With y = x - t, or y = Q (x - t) where the name says
 * "rotated", and m numbers of it that count:
 *
 * ellipsoid  sum_i 10^(2 i / (m - 1)) y_i^2, m = d: all are active, unevenly
 * valleys    levy(1 + 2 y_i) of m = d: all are active, with many local minima
 * few        the same of m = 6: the others are idle, or nearly, where it is rotated
 *
 * Q is a product of three reflections I - 2 v vᵀ / |v|^2 with normal v, which is dense. */
#include "problem.h"

#include "stream.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double PI = 3.14159265358979323846;

enum { INSTANCES = 2, REFLECTIONS = 3, FEW = 6 };

static int32_t describe(const struct problem *p, afina_space *space)
{
    return describe_reals(space, p->d, -5, 5, AFINA_SCALE_LINEAR);
}

/* `own`: the vectors v of a rotated problem. */
static void place(const struct problem *p, const double *x, double *y)
{
    const double *v = p->own;
    for (size_t i = 0; i < p->d; i++)
        y[i] = x[i] - p->shift[i];
    for (int k = 0; v && k < REFLECTIONS; k++, v += p->d) {
        double square = 0, product = 0;
        for (size_t i = 0; i < p->d; i++) {
            square += v[i] * v[i];
            product += v[i] * y[i];
        }
        for (size_t i = 0; i < p->d; i++)
            y[i] -= 2 * product / square * v[i];
    }
}

static double ellipsoid(const struct problem *p, const double *x)
{
    double y[PROBLEM_PARAMETERS], sum = 0;
    place(p, x, y);
    for (size_t i = 0; i < p->d; i++)
        sum += pow(10, 2 * (double)i / (double)(p->d - 1)) * y[i] * y[i];
    return sum;
}

static double levy(const double *y, size_t m)
{
    double sum = pow(sin(PI * (1 + y[0] / 2)), 2), w;
    for (size_t i = 0; i + 1 < m; i++) {
        w = 1 + y[i] / 2;
        sum += pow(w - 1, 2) * (1 + 10 * pow(sin(PI * w + 1), 2));
    }
    w = 1 + y[m - 1] / 2;
    return sum + pow(w - 1, 2) * (1 + pow(sin(2 * PI * w), 2));
}

static double valleys(const struct problem *p, const double *x)
{
    double y[PROBLEM_PARAMETERS];
    place(p, x, y);
    return levy(y, p->d);
}

static double few(const struct problem *p, const double *x)
{
    double y[PROBLEM_PARAMETERS];
    place(p, x, y);
    return levy(y, FEW);
}

static int add(const char *name, int rotated, int instance, size_t d,
               double (*value)(const struct problem *, const double *))
{
    char whole[64];
    snprintf(whole, sizeof whole, "%s%s_d%03zu", name, rotated ? "_rotated" : "", d);
    struct problem *p = problem_add("large", whole, instance, d);
    if (!p)
        return -1;
    const uint64_t key = stream_hash(name), k = (uint64_t)instance;
    p->describe = describe;
    p->value = value;
    p->shifts = d;
    for (size_t i = 0; i < d; i++)
        p->shift[i] = 8 * stream_uniform(key, k, (uint32_t)i) - 4;
    if (!rotated)
        return 0;
    double *v = malloc(REFLECTIONS * d * sizeof *v);
    for (size_t i = 0; v && i < REFLECTIONS * d; i++)
        v[i] = stream_normal(key, k, (uint32_t)(1000 + i));
    p->own = v;
    return v ? 0 : -1;
}

int add_large(void)
{
    static const size_t sizes[] = {60, 100, 200};
    for (int k = 1; k <= INSTANCES; k++)
        for (size_t s = 0; s < 3; s++)
            for (int rotated = 0; rotated < 2; rotated++)
                if (add("ellipsoid", rotated, k, sizes[s], ellipsoid) ||
                    add("valleys", rotated, k, sizes[s], valleys) || add("few", rotated, k, sizes[s], few))
                    return -1;
    return 0;
}
