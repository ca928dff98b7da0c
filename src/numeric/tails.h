/* Distributions of test statistics. Tail probabilities are accurate also where they are small. Nothing here can fail,
 * print or touch global state; NaN in gives NaN out. */
#ifndef AFINA_NUMERIC_TAILS_H
#define AFINA_NUMERIC_TAILS_H

#include <stddef.h>

/* The regularised incomplete beta function I_x(a, b) for 0 <= x <= 1, a > 0 and b > 0. */
double beta_cdf(double x, double a, double b);

/* P(X > x): chi-square with k degrees of freedom, F with d1 and d2, Student's t with `freedom` (one side). */
double chi_square_tail(double x, double k);
double f_tail(double x, double d1, double d2);
double student_tail(double t, double freedom);

/* The t with P(T <= t) = p, 0 < p < 1. */
double student_quantile(double p, double freedom);

/* P(Q > q) where Q is the range of k >= 2 independent standard normal numbers, and the quantile of Q at p in
 * (0, 1): the studentized range with infinitely many degrees of freedom. */
double range_tail(double q, size_t k);
double range_tail_quantile(double p, size_t k);

/* The mean and the standard deviation of the greatest of n independent standard normal numbers. */
void normal_greatest(size_t n, double *mean, double *sd);

#endif
