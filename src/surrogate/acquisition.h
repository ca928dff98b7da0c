/* Acquisition functions of a predicted mean and variance, for minimisation: the larger the value,
 * the more a point promises. */
#ifndef AFINA_SURROGATE_ACQUISITION_H
#define AFINA_SURROGATE_ACQUISITION_H

#include "core/rng.h"

#include <stddef.h>

enum {
    ACQUISITION_LOG_EI = 0,
    ACQUISITION_EI = 1,
    ACQUISITION_PI = 2,
    ACQUISITION_LCB = 3,
    ACQUISITION_MES = 4,
    ACQUISITION_THOMPSON = 5 /* is no function of mean and variance: the search draws from the process */
};

enum { ACQUISITION_MINIMA = 16 };

struct acquisition {
    int kind;
    double best;                       /* f*: the value to be improved upon */
    double kappa;                      /* LCB: -(mean - kappa sd) */
    double minima[ACQUISITION_MINIMA]; /* MES: drawn values of the minimum */
    double inflation;                  /* >= 0: the variance is taken 1 + inflation times as large */
};

/* log of z Phi(z) + phi(z), for any z. */
double log_improvement(double z);

/* Returns the value and sets its derivatives by mean and variance (each may be NULL). The
 * variance is taken 1e-12 larger, so that evaluated points have a value too. For PI and MES the value
 * is their logarithm. */
double acquisition_value(const struct acquisition *a, double mean, double variance, double *by_mean,
                         double *by_variance);

/* The value of a point that works with probability p, and its derivatives: `value` times p for EI;
 * `value` + log p for the others, of which log EI, PI and MES are logarithms already. */
double acquisition_of_working(const struct acquisition *a, double value, double log_p, double *by_value,
                              double *by_log_p);

/* Draws the minima of MES from the marginals at n points, n > 0. */
void acquisition_draw_minima(struct acquisition *a, const double *mean, const double *variance, size_t n,
                             struct rng *rng);

#endif
