/* Learning curves made by a formula, after step s of S = 81:
 *
 *     y(s) = a + (1 - a) s^-b,   a = sum_i q_i + 0.02,  b = 0.15 + 1.6 g
 *     g    = (log10 rate + 5) / 5, how fast it learns
 *
 * rate in [1e-5, 1] (log), units in 8..512 (log), decay in [1e-6, 1] (log),
 * drop in [0, 0.9]; q = ((log10 rate - t0)^2 / 30, (log2 units - t1)^2 / 200,
 * (log10 decay - t2)^2 / 100, (drop - t3)^2 / 2). Fast learners lead early, so the
 * curves cross: with "crossing" t0 is low, and greedy halving keeps the wrong
 * ones; with "aligned" it is high. The value is y(81); the optimum over the slow
 * trade between a and b was found by a fine search, see optimum_of. */
#include "problem.h"

#include "stream.h"

#include <math.h>

enum { STEPS = 81, INSTANCES = 2 };

static double at_step(const struct problem *p, const double *x, double step)
{
    const double *t = p->shift, rate = log10(x[0]);
    const double a = 0.02 + pow(rate - t[0], 2) / 30 + pow(log2(x[1]) - t[1], 2) / 200 +
                     pow(log10(x[2]) - t[2], 2) / 100 + pow(x[3] - t[3], 2) / 2;
    return a + (1 - a) * pow(step, -(0.15 + 1.6 * (rate + 5) / 5));
}

static double last_step(const struct problem *p, const double *x)
{
    return at_step(p, x, STEPS);
}

/* The others at their best, y(81) depends on the rate alone. */
static double optimum_of(const struct problem *p)
{
    double best = INFINITY;
    for (int i = 0; i <= 500000; i++) {
        const double x[4] = {pow(10, -5 + i * 1e-5), exp2(p->shift[1]), pow(10, p->shift[2]), p->shift[3]};
        best = fmin(best, last_step(p, x));
    }
    return best;
}

static int32_t describe(const struct problem *p, afina_space *space)
{
    (void)p;
    int32_t rc = afina_space_add_real(space, "rate", 1e-5, 1, AFINA_SCALE_LOG);
    rc = rc ? rc : afina_space_add_integer(space, "units", 8, 512, AFINA_SCALE_LOG);
    rc = rc ? rc : afina_space_add_real(space, "decay", 1e-6, 1, AFINA_SCALE_LOG);
    return rc ? rc : afina_space_add_real(space, "drop", 0, 0.9, AFINA_SCALE_LINEAR);
}

static int add(const char *name, int instance, double low)
{
    struct problem *p = problem_add("curves", name, instance, 4);
    if (!p)
        return -1;
    const uint64_t seed = stream_hash(name), k = (uint64_t)instance;
    p->steps = STEPS;
    p->describe = describe;
    p->value = last_step;
    p->curve = at_step;
    p->shifts = 4;
    p->shift[0] = low + 0.8 * stream_uniform(seed, k, 0);
    p->shift[1] = log2(floor(exp2(4 + 4 * stream_uniform(seed, k, 1))));
    p->shift[2] = -5 + 4 * stream_uniform(seed, k, 2);
    p->shift[3] = 0.1 + 0.6 * stream_uniform(seed, k, 3);
    p->optimum = optimum_of(p);
    return 0;
}

int add_curves(void)
{
    for (int k = 1; k <= INSTANCES; k++)
        if (add("curves_crossing", k, -4.2) || add("curves_aligned", k, -2.2))
            return -1;
    return 0;
}
