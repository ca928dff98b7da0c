/* The likelihood of a Gaussian process by its definition, from the factor that it keeps. */
#ifndef AFINA_TEST_GP_LOG_LIKELIHOOD_H
#define AFINA_TEST_GP_LOG_LIKELIHOOD_H

#include "surrogate/gaussian_process.h"

#include <math.h>

/* log p(y | theta) with mean and scale as they are, of the trained points. */
static inline double gp_log_likelihood(const struct gaussian_process *gp)
{
    size_t n = gp->trained;
    double value = -0.5 * (double)n * (log(2 * acos(-1)) + log(gp->scale));
    for (size_t i = 0; i < n; i++)
        value -= 0.5 * (gp->y[i] - gp->mean) * gp->alpha[i] / gp->scale + log(gp->l[i + i * gp->capacity]);
    return value;
}

#endif
