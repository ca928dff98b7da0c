/* Six points of two numeric coordinates and a category: the case of reference.py. */
#ifndef AFINA_TESTS_SURROGATE_CASE_H
#define AFINA_TESTS_SURROGATE_CASE_H

#include "surrogate/gaussian_process.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define OK(call) assert_int_equal(call, 0)

enum { POINTS = 6 };

static const struct gp_dimension case_dimension[3] = {
    {DIMENSION_NUMERIC, 0}, {DIMENSION_NUMERIC, 0}, {DIMENSION_CATEGORICAL, 0}};
static const double case_x[POINTS][3] = {{0.1, 0.2, 0},  {0.5, 0.9, 1},  {0.385, 0.4, 0},
                                         {0.8, 0.15, 2}, {0.95, 0.7, 1}, {0.25, 0.65, 2}};
static const double case_y[POINTS] = {0.5, -1.25, 0.75, 2.385, -0.5, 0.125};
static const double case_at[3] = {0.45, 0.55, 1};

static inline void case_theta(double theta[4])
{
    theta[0] = log(0.3);
    theta[1] = log(0.7);
    theta[2] = log(1.5);
    theta[3] = log(0.01);
}

/* The share of the additive kernel: 0.3. */
static inline void case_theta_with_share(double theta[5])
{
    case_theta(theta);
    theta[4] = log(0.3 / 0.7);
}

static inline void case_process_of(struct gaussian_process *gp, int kernel, int additive, size_t base)
{
    double theta[5];
    case_theta_with_share(theta);
    OK(gp_init(gp, case_dimension, 3, kernel));
    OK(gp_reserve(gp, POINTS));
    gp->additive = additive;
    gp_clear(gp, theta);
    for (size_t i = 0; i < base; i++)
        gp_add(gp, case_x[i]);
    gp_factor(gp);
    for (size_t i = base; i < POINTS; i++)
        gp_append(gp, case_x[i]);
    gp_train(gp, case_y);
}

/* The process on the first `base` points, the others appended. */
static inline void case_process(struct gaussian_process *gp, int kernel, size_t base)
{
    case_process_of(gp, kernel, 0, base);
}

static inline void assert_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("got %.17g, want %.17g", got, want);
}

#endif
