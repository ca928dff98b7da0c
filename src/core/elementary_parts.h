/* Numbers in two parts, high + low, of some 100 bits together: what a power needs of its logarithm.
 *
 * The error of a sum is exact by D. E. Knuth, "The art of computer programming", volume 2, 4.2.2,
 * that of a product by T. J. Dekker, "A floating-point technique for extending the available
 * precision", Numer. Math. 18, 1971.
 */
#ifndef AFINA_CORE_ELEMENTARY_PARTS_H
#define AFINA_CORE_ELEMENTARY_PARTS_H

#include <stdint.h>
#include <string.h>

struct two_parts {
    double high, low;
};

/* a + b exactly. */
static inline struct two_parts two_sum(double a, double b)
{
    double sum = a + b, of_b = sum - a;
    return (struct two_parts){sum, (a - (sum - of_b)) + (b - of_b)};
}

/* The same where |a| >= |b| or a = 0. */
static inline struct two_parts fast_two_sum(double a, double b)
{
    double sum = a + b;
    return (struct two_parts){sum, b - (sum - a)};
}

/* The upper 26 bits of a, |a| < 2^996, and the rest. */
static inline struct two_parts halves(double a)
{
    double c = 0x1.0000002p27 * a, high = c - (c - a);
    return (struct two_parts){high, a - high};
}

/* a b exactly, unless it underflows. */
static inline struct two_parts two_product(double a, double b)
{
    struct two_parts x = halves(a), y = halves(b);
    double product = a * b;
    return (struct two_parts){product, ((x.high * y.high - product) + x.high * y.low + x.low * y.high) + x.low * y.low};
}

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* log x for a positive finite x, with a relative error below 2^-66. */
struct two_parts log_parts(double x);

/* e^(high + low), |low| < 2^-40 |high|. */
double exp_of_parts(double high, double low);

#endif
