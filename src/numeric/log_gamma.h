/* The logarithm of the gamma function. */
#ifndef AFINA_NUMERIC_LOG_GAMMA_H
#define AFINA_NUMERIC_LOG_GAMMA_H

/* log Gamma(x) for x > 0, NaN else. The error is below 7e-15 + 7e-16 |value|. */
double log_gamma(double x);

#endif
