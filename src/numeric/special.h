/* The normal distribution, exact in its tails. Nothing here can fail, print or
 * touch global state; NaN in gives NaN out. */
#ifndef AFINA_NUMERIC_SPECIAL_H
#define AFINA_NUMERIC_SPECIAL_H

/* exp(x^2) erfc(x); relative error below 1e-14. */
double erfcx(double x);

/* phi(x), Phi(x), the x with Phi(x) = p (NaN for p outside [0, 1]), and log Phi(x). */
double normal_pdf(double x);
double normal_cdf(double x);
double normal_quantile(double p);
double normal_log_cdf(double x);
/* The derivative of log Phi(x): phi(x) / Phi(x). */
double normal_log_cdf_slope(double x);

/* Q(a) / phi(a) with Q = 1 - Phi: Mills' ratio. */
double normal_mills(double a);

/* (phi(a) - a Q(a)) / phi(a) = 1 - a M(a), for a >= 0, without cancellation:
 * the expected excess over a, and the tail of the expected improvement. */
double normal_loss_ratio(double a);

/* Phi(b) - Phi(a) for a <= b (infinite ends allowed), without cancellation;
 * 0 when b <= a. */
double normal_interval(double a, double b);

/* The standard normal truncated to [a, b], a <= b: its cumulative distribution
 * at x and its quantile at u in [0, 1]. Both are accurate in either tail, also where
 * Phi(b) - Phi(a) underflows, and stay in [0, 1] and [a, b]. */
double truncated_normal_cdf(double x, double a, double b);
double truncated_normal_quantile(double u, double a, double b);

#endif
