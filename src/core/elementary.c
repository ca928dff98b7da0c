/* Powers by a logarithm in two parts; sines of multiples of pi, whose reduction is exact.
 *
 *     sin y = y - y^3/3! + y^5/5! - ...,  cos y = 1 - y^2/2! + y^4/4! - ...,  |y| <= pi/4
 *
 * Check: 0.73^0.125 = 0.96142488..., tan(pi 0.385) = 2.6464232...
 */
#include "core/elementary.h"

#include "core/elementary_parts.h"

#include <math.h>
#include <stddef.h>

/* Past this every power of a number that is not 1 is 0 or infinite. */
static const double most_exponent = 1e20;

double portable_pow(double x, double y)
{
    if (y == 0 || x == 1)
        return 1;
    if (isnan(y) || isnan(x) || (x < 0 && y != floor(y)))
        return NAN;
    if (x < 0)
        return y / 2 == floor(y / 2) ? portable_pow(-x, y) : -portable_pow(-x, y);
    if (x == 0 || x == INFINITY)
        return (x == 0) == (y > 0) ? 0 : INFINITY;
    y = y > most_exponent ? most_exponent : y < -most_exponent ? -most_exponent : y;
    struct two_parts log = log_parts(x), power = two_product(y, log.high);
    return exp_of_parts(power.high, power.low + y * log.low);
}

/* pi r, |r| <= 1/4. */
static struct two_parts times_pi(double r)
{
    struct two_parts y = two_product(r, 0x1.921fb54442d18p1);
    return (struct two_parts){y.high, y.low + r * 0x1.1a62633145c07p-53};
}

static double sine(double r)
{
    static const double inverse[] = {1.0 / 355687428096000, 1.0 / 1307674368000, 1.0 / 6227020800, 1.0 / 39916800,
                                     1.0 / 362880,          1.0 / 5040,          1.0 / 120,        1.0 / 6};
    struct two_parts y = times_pi(r);
    double square = y.high * y.high, p = 0;
    for (size_t i = 0; i < sizeof inverse / sizeof *inverse; i++)
        p = inverse[i] - p * square;
    return y.high + (y.low - y.high * square * p);
}

static double cosine(double r)
{
    static const double inverse[] = {1.0 / 6402373705728000, 1.0 / 20922789888000, 1.0 / 87178291200, 1.0 / 479001600,
                                     1.0 / 3628800,          1.0 / 40320,          1.0 / 720,         1.0 / 24};
    struct two_parts y = times_pi(r);
    double square = y.high * y.high, p = 0;
    for (size_t i = 0; i < sizeof inverse / sizeof *inverse; i++)
        p = inverse[i] - p * square;
    return 1 - (0.5 * square - square * square * p);
}

/* x = quarter / 2 + r, |r| <= 1/4, quarter counted modulo 4. */
static double reduce(double x, int *quarter)
{
    x = fmod(x, 2);
    double halves_of = floor(2 * x + 0.5);
    *quarter = ((int)halves_of + 4) % 4;
    return x - 0.5 * halves_of;
}

double portable_sin_pi(double x)
{
    int quarter;
    double r = reduce(x, &quarter), value = quarter % 2 ? cosine(r) : sine(r);
    return quarter < 2 ? value : -value;
}

double portable_cos_pi(double x)
{
    int quarter;
    double r = reduce(x, &quarter), value = quarter % 2 ? sine(r) : cosine(r);
    return quarter == 1 || quarter == 2 ? -value : value;
}

double portable_tan_pi(double x)
{
    int quarter;
    double r = reduce(x, &quarter);
    return quarter % 2 ? -cosine(r) / sine(r) : sine(r) / cosine(r);
}

double portable_hypot(double x, double y)
{
    double most = fmax(fabs(x), fabs(y)), least = fmin(fabs(x), fabs(y));
    if (isinf(most) || !(most > 0))
        return isnan(x) || isnan(y) ? x + y : most;
    double ratio = least / most;
    return isnan(x + y) ? x + y : most * sqrt(1 + ratio * ratio);
}
