/* Acquisition functions of a predicted mean and variance: how much a point
 * promises, for minimisation; larger is better. */
#ifndef AFINA_SURROGATE_ACQUISITION_H
#define AFINA_SURROGATE_ACQUISITION_H

enum { ACQUISITION_LOG_EI = 0, ACQUISITION_EI = 1, ACQUISITION_PI = 2, ACQUISITION_LCB = 3 };

struct acquisition {
    int kind;
    double best;  /* f*: what is to be improved upon */
    double kappa; /* LCB: -(mean - kappa sd) */
    double doubt; /* the variance is taken 1 + doubt times as large; >= 0 */
};

/* log of z Phi(z) + phi(z), for any z. */
double log_improvement(double z);

/* The value, and its derivatives by mean and variance (each may be NULL). The
 * variance is taken 1e-12 larger, so that evaluated points have a value too. PI is
 * its logarithm. */
double acquisition_value(const struct acquisition *a, double mean, double variance, double *by_mean,
                         double *by_variance);

#endif
