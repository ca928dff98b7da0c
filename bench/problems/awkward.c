/* Objectives that are hard to model: flat, broken, failing. Optimum 0 at a place
 * t drawn for the instance, on [0, 1]^d; `shift` holds t.
 *
 * plateau4   min(1, |x - t|^2 / 0.35^2): constant over more than nine tenths
 * steps5     sum_i floor(8 |x_i - t_i|) / 8 + 1/2 [x_0 > t_0 + 0.02] + |x - t|^2 / 100
 * failing4   |x - t|^2 (1 + x_1); no result where 0.02 < x_0 - t_0 < 0.27, a
 *            quarter of the space that begins beside the optimum */
#include "problem.h"

#include "stream.h"

#include <math.h>

enum { INSTANCES = 2 };

static double squared_distance(const struct problem *p, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < p->d; i++)
        sum += pow(x[i] - p->shift[i], 2);
    return sum;
}

static double plateau(const struct problem *p, const double *x)
{
    return fmin(1, squared_distance(p, x) / (0.35 * 0.35));
}

static double steps(const struct problem *p, const double *x)
{
    double sum = x[0] > p->shift[0] + 0.02 ? 0.5 : 0;
    for (size_t i = 0; i < p->d; i++)
        sum += floor(8 * fabs(x[i] - p->shift[i])) / 8;
    return sum + squared_distance(p, x) / 100;
}

static double failing(const struct problem *p, const double *x)
{
    const double e = x[0] - p->shift[0];
    return e > 0.02 && e < 0.27 ? NAN : squared_distance(p, x) * (1 + x[1]);
}

static int32_t describe(const struct problem *p, afina_space *space)
{
    return describe_reals(space, p->d, 0, 1, AFINA_SCALE_LINEAR);
}

static int add(const char *name, int instance, size_t d, double (*value)(const struct problem *, const double *))
{
    struct problem *p = problem_add("awkward", name, instance, d);
    if (!p)
        return -1;
    p->describe = describe;
    p->value = value;
    p->shifts = d;
    /* Low enough for the failing quarter to lie inside the box. */
    for (size_t i = 0; i < d; i++)
        p->shift[i] = 0.15 + 0.55 * stream_uniform(stream_hash(name), (uint64_t)instance, (uint32_t)i);
    return 0;
}

int add_awkward(void)
{
    for (int k = 1; k <= INSTANCES; k++)
        if (add("plateau4", k, 4, plateau) || add("steps5", k, 5, steps) || add("failing4", k, 4, failing))
            return -1;
    return 0;
}
