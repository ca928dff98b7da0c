/* Powers of ten to 128 bits, for the conversions between decimal text and
 * doubles in both directions. */
#ifndef AFINA_CORE_POWERS_OF_TEN_H
#define AFINA_CORE_POWERS_OF_TEN_H

#include <stdint.h>

/* An unsigned integer of 128 bits. */
struct wide {
    uint64_t high, low;
};

enum { POWERS_OF_TEN_SMALLEST = -342, POWERS_OF_TEN_LARGEST = 324 };

/* The leading 128 bits of 10^p, p = POWERS_OF_TEN_SMALLEST + index, rounded up:
 * the smallest integer g in [2^127, 2^128) with 10^p <= g 2^(e(p) - 127), where
 * e(p) = floor(log2(10^p)). They are exact for p from 0 to 55. */
extern const struct wide powers_of_ten[POWERS_OF_TEN_LARGEST - POWERS_OF_TEN_SMALLEST + 1];

static inline struct wide power_of_ten(int p)
{
    return powers_of_ten[p - POWERS_OF_TEN_SMALLEST];
}

/* floor(log2(10^p)) for the p of the table. Divisions round down for negative
 * numbers too. */
static inline int floor_log2_of_power(int p)
{
    return (int)(((int64_t)p * 1741647 + ((int64_t)1 << 40)) >> 19) - (1 << 21);
}

/* The product of two 64-bit numbers from the products of their halves. */
static inline struct wide wide_multiply_halves(uint64_t a, uint64_t b)
{
    uint64_t a0 = a & 0xFFFFFFFF, a1 = a >> 32, b0 = b & 0xFFFFFFFF, b1 = b >> 32;
    uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (middle & 0xFFFFFFFF);
    return (struct wide){a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | (low & 0xFFFFFFFF)};
}

static inline struct wide wide_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 product_type;
    product_type product = (product_type)a * b;
    return (struct wide){(uint64_t)(product >> 64), (uint64_t)product};
#else
    return wide_multiply_halves(a, b);
#endif
}

#endif
