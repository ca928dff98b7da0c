/* The double that is nearest to a decimal number, after D. Lemire, "Number
 * parsing at a gigabyte per second" (Software: Practice and Experience 51, 2021),
 * section 5, and N. Mushtak and D. Lemire, "Fast number parsing without fallback"
 * (same journal 53, 2023), whose letters are used: the number is w 10^q.
 *
 * The product of w and the leading 128 bits of 10^q tells the 54 bits that
 * rounding needs; the second paper proves that this suffices for every w below
 * 2^64. Of a longer number the first 19 digits w are taken: when w and w + 1 are
 * rounded to the same double, so is all between; else number_round_exactly
 * decides.
 *
 * Check: 2.2250738585072011e-308 is 0x0.fffffffffffffp-1022.
 */
#include "core/number.h"

#include "core/powers_of_ten.h"

#include <string.h>

static const uint64_t infinity = (uint64_t)0x7FF << 52;

/* The powers that the proof is about are rounded down, those from -27 to -1 up. */
static struct wide multiplier(int q)
{
    struct wide g = power_of_ten(q);
    if (q < -27 || q > 55) {
        g.high -= g.low == 0;
        g.low--;
    }
    return g;
}

static int leading_zeros(uint64_t x)
{
#ifdef __GNUC__
    return __builtin_clzll(x);
#else
    int n = 0;
    for (; !(x >> 63); x <<= 1)
        n++;
    return n;
#endif
}

/* The leading bits of w 10^q: the lower half of the power is used where the upper
 * does not settle the bits that count. */
static struct wide approximate_product(uint64_t w, int q)
{
    struct wide g = multiplier(q), product = wide_multiply(w, g.high);
    if ((product.high & 0x1FF) == 0x1FF) {
        uint64_t carry = wide_multiply(w, g.low).high;
        product.low += carry;
        product.high += product.low < carry;
    }
    return product;
}

static uint64_t subnormal(uint64_t m, int shift)
{
    if (shift >= 64)
        return 0;
    m >>= shift;
    return (m + (m & 1)) >> 1; /* 2^52 are the bits of the smallest normal number */
}

/* The bits of the double that is nearest to w 10^q. */
static uint64_t nearest_bits(uint64_t w, int q)
{
    if (w == 0 || q < POWERS_OF_TEN_SMALLEST)
        return 0;
    if (q > 308)
        return infinity;
    int zeros = leading_zeros(w);
    struct wide product = approximate_product(w << zeros, q);
    int upper = (int)(product.high >> 63);
    uint64_t m = product.high >> (upper + 9); /* 54 bits: one more than a double holds */
    int exponent = floor_log2_of_power(q) + 63 + upper - zeros + 1023;
    if (exponent <= 0)
        return subnormal(m, 1 - exponent);
    /* Exactly halfway, which takes a small q, and the bits before it are even. */
    int halfway = product.low <= 1 && q >= -4 && q <= 23 && m << (upper + 9) == product.high;
    if (halfway && (m & 3) == 1)
        m--;
    m = (m + (m & 1)) >> 1;
    uint64_t bits = ((uint64_t)exponent << 52) + m - ((uint64_t)1 << 52); /* m = 2^53 raises the exponent */
    return bits < infinity ? bits : infinity;
}

/* ------------------------------------------------------------------- scanning */

enum { DIGITS_MAX = 19 }; /* as many always fit into 64 bits */

struct scan {
    uint64_t w;        /* the first digits that are not leading zeros */
    int64_t exponent;  /* the number is w 10^exponent, or a little more */
    int count, more;   /* digits of w; something but 0 follows them */
    const char *first; /* the first digit of w */
};

static int is_digit(const char *s, const char *end)
{
    return s < end && *s >= '0' && *s <= '9';
}

static const char *scan_digits(struct scan *n, const char *s, const char *end, int fraction)
{
    for (; is_digit(s, end); s++) {
        unsigned digit = (unsigned)(*s - '0');
        if (n->count == DIGITS_MAX) {
            n->more |= digit != 0;
            n->exponent += !fraction;
            continue;
        }
        n->w = n->w * 10 + digit;
        n->exponent -= fraction;
        if (n->w && n->count++ == 0)
            n->first = s;
    }
    return s;
}

static const char *scan_mantissa(struct scan *n, const char *s, const char *end)
{
    int whole = is_digit(s, end);
    s = scan_digits(n, s, end, 0);
    if (s < end && *s == '.' && (whole || is_digit(s + 1, end)))
        return scan_digits(n, s + 1, end, 1);
    return whole ? s : NULL;
}

static const char *scan_exponent(struct scan *n, const char *s, const char *end)
{
    if (s == end || (*s != 'e' && *s != 'E'))
        return s;
    const char *p = s + 1;
    int negative = p < end && *p == '-';
    p += p < end && (*p == '-' || *p == '+');
    if (!is_digit(p, end))
        return s;
    int64_t e = 0;
    for (; is_digit(p, end); p++)
        if (e < INT64_MAX / 1000) /* further than any digits can bring it back */
            e = e * 10 + (*p - '0');
    n->exponent += negative ? -e : e;
    return p;
}

const char *number_read_double(const char *s, const char *end, double *value)
{
    struct scan n = {0};
    uint64_t negative = s < end && *s == '-';
    s += s < end && (*s == '-' || *s == '+');
    const char *mantissa_end = scan_mantissa(&n, s, end);
    if (!mantissa_end)
        return NULL;
    s = scan_exponent(&n, mantissa_end, end);
    int q = (int)(n.exponent < -1000 ? -1000 : n.exponent > 1000 ? 1000 : n.exponent);
    uint64_t bits = nearest_bits(n.w, q);
    if (n.more && nearest_bits(n.w + 1, q) != bits)
        bits = number_round_exactly(n.first, mantissa_end, q, bits);
    bits |= negative << 63;
    memcpy(value, &bits, sizeof bits);
    return s;
}

const char *number_read_int64(const char *s, const char *end, int64_t *value)
{
    uint64_t negative = s < end && *s == '-', limit = (uint64_t)INT64_MAX + negative, x = 0;
    s += s < end && (*s == '-' || *s == '+');
    if (!is_digit(s, end))
        return NULL;
    for (; is_digit(s, end); s++) {
        uint64_t digit = (uint64_t)(*s - '0');
        if (x > (limit - digit) / 10)
            return NULL;
        x = x * 10 + digit;
    }
    *value = negative && x ? -(int64_t)(x - 1) - 1 : (int64_t)x;
    return s;
}
