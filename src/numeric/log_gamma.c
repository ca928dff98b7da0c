/* Stirling's series (M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 1964, 6.1.40),
 *
 *     log Gamma(z) = (z - 1/2) log z - z + log sqrt(2 pi) + sum_k B_2k / (2k (2k-1) z^(2k-1)),
 *
 * from z = 10 on, where eight terms are exact to rounding; below by Gamma(z + 1) = z Gamma(z).
 * Check: log Gamma(2.385) = 0.20712390...
 */
#include "numeric/log_gamma.h"

#include "core/elementary.h"

#include <math.h>
#include <stddef.h>

static const double log_sqrt_two_pi = 0.91893853320467274178;

static double stirling(double z)
{
    static const double term[] = {-3617.0 / 122400, 1.0 / 156,  -691.0 / 360360, 1.0 / 1188,
                                  -1.0 / 1680,      1.0 / 1260, -1.0 / 360,      1.0 / 12};
    double inverse = 1 / z, square = inverse * inverse, sum = 0;
    for (size_t i = 0; i < sizeof term / sizeof *term; i++)
        sum = sum * square + term[i];
    return (z - 0.5) * portable_log(z) - z + log_sqrt_two_pi + sum * inverse;
}

double log_gamma(double x)
{
    if (!(x > 0) || isinf(x))
        return x > 0 ? x : NAN;
    double product = 1, z = x;
    while (z < 10)
        product *= z++;
    return z > x ? stirling(z) - portable_log(product) : stirling(z);
}
