/* Tails by continued fractions and series (M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 1964:
 * 26.5.8 for the beta distribution, 6.5.29 and 6.5.31 for the gamma distribution), evaluated by the modified
 * algorithm of Lentz (W. Lentz, Applied Optics 15, 1976). They need about the square root of the parameters in
 * steps. Ranges and greatest values of normal numbers are integrals over the whole line, where the trapezoidal rule
 * converges faster than any power of its step.
 *
 * Check: chi_square_tail(7.815, 3) = 0.0499939..., student_quantile(0.975, 5) = 2.5705818356363..., and the 0.05
 * quantile of the range of three is 3.3144931...
 */
#include "numeric/tails.h"

#include "core/elementary.h"
#include "numeric/log_gamma.h"
#include "numeric/special.h"

#include <float.h>
#include <math.h>

enum { MOST_STEPS = 100000 };

static const double tiny = 1e-300;

/* One step of Lentz's algorithm with the coefficients a and b: 1 when it has converged. */
static int lentz(double a, double b, double *c, double *d, double *value)
{
    *d = b + a * *d;
    *d = 1 / (fabs(*d) < tiny ? tiny : *d);
    *c = b + a / *c;
    *c = fabs(*c) < tiny ? tiny : *c;
    *value *= *c * *d;
    return fabs(*c * *d - 1) < 2 * DBL_EPSILON;
}

/* 1 + e_1 / (1 + e_2 / (1 + ...)). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 0, value = 1;
    for (int m = 0; m < MOST_STEPS; m++) {
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        if (m > 0 && lentz(even, 1, &c, &d, &value))
            break;
        if (lentz(odd, 1, &c, &d, &value))
            break;
    }
    return value;
}

/* x^a (1-x)^b / (a B(a, b)) over the fraction; y is 1 - x. */
static double beta_lower(double x, double y, double a, double b)
{
    double scale = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * portable_log(x) + b * portable_log(y);
    return portable_exp(scale) / (a * beta_fraction(x, a, b));
}

/* I_x(a, b); y = 1 - x is given too, so that no digits are lost near x = 1. */
static double beta_share(double x, double y, double a, double b)
{
    if (x <= 0)
        return 0;
    if (y <= 0)
        return 1;
    return x < (a + 1) / (a + b + 2) ? beta_lower(x, y, a, b) : 1 - beta_lower(y, x, b, a);
}

double beta_cdf(double x, double a, double b)
{
    return isnan(x) ? x : beta_share(x, 1 - x, a, b);
}

/* Q(a, x) = Gamma(a, x) / Gamma(a), by the series of P below a + 1 and by the fraction above. */
static double gamma_tail(double a, double x)
{
    double front = portable_exp(a * portable_log(x) - x - log_gamma(a));
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (int n = 1; n < MOST_STEPS && term > sum * DBL_EPSILON; n++)
            sum += term *= x / (a + n);
        return 1 - front * sum;
    }
    double value = x + 1 - a, c = value, d = 0;
    for (int n = 1; n < MOST_STEPS; n++)
        if (lentz(-n * (n - a), x + 2 * n + 1 - a, &c, &d, &value))
            break;
    return front / value;
}

double chi_square_tail(double x, double k)
{
    if (isnan(x) || x == INFINITY)
        return isnan(x) ? x : 0;
    return x <= 0 ? 1 : gamma_tail(0.5 * k, 0.5 * x);
}

double f_tail(double x, double d1, double d2)
{
    if (isnan(x) || x == INFINITY)
        return isnan(x) ? x : 0;
    double sum = d2 + d1 * x;
    return x <= 0 ? 1 : beta_share(d2 / sum, d1 * x / sum, 0.5 * d2, 0.5 * d1);
}

double student_tail(double t, double freedom)
{
    double sum = freedom + t * t;
    if (isnan(t) || isinf(sum))
        return isnan(t) ? t : t > 0 ? 0 : 1;
    double side = 0.5 * beta_share(freedom / sum, t * t / sum, 0.5 * freedom, 0.5);
    return t > 0 ? side : 1 - side;
}

double student_quantile(double p, double freedom)
{
    double tail = fmin(p, 1 - p), low = 0, high = 1;
    if (p == 0.5 || isnan(p))
        return p == 0.5 ? 0 : p;
    while (student_tail(high, freedom) > tail && high < 1e150)
        high *= 2;
    for (int i = 0; i < 80; i++) {
        double middle = 0.5 * (low + high);
        *(student_tail(middle, freedom) > tail ? &low : &high) = middle;
    }
    return p < 0.5 ? -high : high;
}

/* --------------------------------------------------------------- normal samples */

/* 1 - k times the integral of phi(z) (Phi(z) - Phi(z - q))^(k-1): z is the greatest. */
double range_tail(double q, size_t k)
{
    const double step = 0.0625;
    double sum = 0;
    if (isnan(q) || q <= 0)
        return isnan(q) ? q : 1;
    for (int i = -144; i <= 144; i++)
        sum += normal_pdf(step * i) * portable_pow(normal_interval(step * i - q, step * i), (double)(k - 1));
    return fmax(0, 1 - step * (double)k * sum);
}

double range_tail_quantile(double p, size_t k)
{
    double low = 0, high = 20;
    for (int i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        *(range_tail(middle, k) > p ? &low : &high) = middle;
    }
    return high;
}

/* Its density is n phi(z) Phi(z)^(n-1). */
void normal_greatest(size_t n, double *mean, double *sd)
{
    const double step = 0.0625;
    double first = 0, second = 0;
    for (int i = -200; i <= 200; i++) {
        double z = step * i,
               mass = step * (double)n * normal_pdf(z) * portable_exp((double)(n - 1) * normal_log_cdf(z));
        first += mass * z;
        second += mass * z * z;
    }
    *mean = first;
    *sd = sqrt(second - first * first);
}
