/* The shortest decimal text of a double, after R. Giulietti, "The Schubfach way
 * to render doubles" (2020), section 9; the letters are his.
 *
 * A double v = c 2^q stands for all numbers from v_l to v_r, halfway to its
 * neighbours. With 10^k the largest power of ten that is at most as wide as this
 * interval, at least one multiple of 10^k lies within and at most one of 10^(k+1).
 * The latter is taken when there is one, else of the multiples of 10^k the one
 * that is nearest to v. Whether a multiple lies within is seen from v, v_l and v_r
 * scaled by 4 10^-k, of which the integer part and one bit for "and more" suffice
 * (his theorem: 126 bits of 10^-k are enough for all doubles; here are 128).
 *
 * Check: 2^-44 is written 5.684341886080802e-14, and 9007199254740993 is no double.
 */
#include "core/number.h"

#include "core/powers_of_ten.h"

#include <string.h>

/* The number digits 10^exponent. */
struct decimal {
    uint64_t digits;
    int exponent;
};

/* "rop": the product of g and x 2^-127, rounded to odd: the last bit is set when
 * something was cut off. */
static uint64_t round_to_odd(struct wide g, uint64_t x)
{
    struct wide low = wide_multiply(g.low, x), high = wide_multiply(g.high, x);
    uint64_t middle = high.low + low.high;
    uint64_t top = high.high + (middle < high.low);
    return top | (middle > 1);
}

/* floor(x / 2^bits) of numbers of either sign. */
static int shift_down(int64_t x, int bits)
{
    return (int)((x + ((int64_t)1 << 40)) >> bits) - (int)((int64_t)1 << (40 - bits));
}

/* c 2^q, the smallest of its binade when `lowest` is set: the neighbour below is
 * then only half as far as the one above. */
static struct decimal shortest(uint64_t c, int q, int lowest)
{
    uint64_t odd = c & 1;
    int k = shift_down((int64_t)q * 1262611 - (lowest ? 524031 : 0), 22); /* floor(log10(width)) */
    int h = q + floor_log2_of_power(-k) + 1;
    struct wide g = power_of_ten(-k);
    uint64_t vl = round_to_odd(g, (4 * c - 2 + (uint64_t)lowest) << h) + odd;
    uint64_t v = round_to_odd(g, 4 * c << h);
    uint64_t vr = round_to_odd(g, (4 * c + 2) << h) - odd;
    uint64_t s = v / 4, s10 = s / 10;
    if (s >= 10) {
        int below = vl <= 40 * s10, above = 40 * s10 + 40 <= vr;
        if (below != above)
            return (struct decimal){s10 + (uint64_t)above, k + 1};
    }
    int below = vl <= 4 * s, above = 4 * s + 4 <= vr;
    if (below != above)
        return (struct decimal){s + (uint64_t)above, k};
    uint64_t half = 4 * s + 2;
    return (struct decimal){s + (v > half || (v == half && (s & 1))), k};
}

static struct decimal without_zeros(struct decimal d)
{
    while (d.digits % 10000 == 0) {
        d.digits /= 10000;
        d.exponent += 4;
    }
    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

/* A finite double above 0 from its bits. */
static struct decimal from_bits(uint64_t bits)
{
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52);
    if (exponent == 0)
        return without_zeros(shortest(fraction, -1074, 0));
    uint64_t c = fraction | (uint64_t)1 << 52;
    int q = exponent - 1075;
    if (q <= 0 && q > -53 && (c & (((uint64_t)1 << -q) - 1)) == 0)
        return without_zeros((struct decimal){c >> -q, 0}); /* an integer below 2^53 */
    return without_zeros(shortest(c, q, fraction == 0 && exponent > 1));
}

/* The digits of x, without leading zeros; returns how many. */
static int write_digits(char *out, uint64_t x)
{
    static const char pairs[] =
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243"
        "4445464748495051525354555657585960616263646566676869707172737475767778798081828384858687"
        "888990919293949596979899";
    char digits[20];
    int first = 20;
    for (; x >= 100; x /= 100)
        memcpy(digits + (first -= 2), pairs + x % 100 * 2, 2);
    if (x >= 10)
        memcpy(digits + (first -= 2), pairs + x * 2, 2);
    else
        digits[--first] = (char)('0' + x);
    memcpy(out, digits + first, (size_t)(20 - first));
    return 20 - first;
}

/* d.ddde+XX, of digits that stand at out. */
static char *write_scientific(char *out, int n, int exponent)
{
    if (n > 1) {
        memmove(out + 2, out + 1, (size_t)n - 1);
        out[1] = '.';
        n++;
    }
    out += n;
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
    if (size < 10)
        *out++ = '0';
    return out + write_digits(out, size);
}

/* 0.000ddd, ddd000 or dd.d, of digits that stand at out; exponent is that of the first. */
static char *write_plain(char *out, int n, int exponent)
{
    if (exponent < 0) {
        memmove(out + 1 - exponent, out, (size_t)n);
        memset(out, '0', (size_t)(1 - exponent));
        out[1] = '.';
        return out + 1 - exponent + n;
    }
    if (n <= exponent + 1) {
        memset(out + n, '0', (size_t)(exponent + 1 - n));
        return out + exponent + 1;
    }
    memmove(out + exponent + 2, out + exponent + 1, (size_t)(n - exponent - 1));
    out[exponent + 1] = '.';
    return out + n + 1;
}

static size_t write_name(char *out, const char *name)
{
    size_t length = strlen(name);
    memcpy(out, name, length + 1);
    return length;
}

size_t number_write_double(char out[NUMBER_SIZE], double value)
{
    uint64_t bits, sign = (uint64_t)1 << 63, infinity = (uint64_t)0x7FF << 52;
    memcpy(&bits, &value, sizeof bits);
    int negative = (bits & sign) != 0;
    bits &= ~sign;
    if (bits > infinity)
        return write_name(out, "nan");
    if (bits == infinity)
        return write_name(out, negative ? "-inf" : "inf");
    if (bits == 0)
        return write_name(out, negative ? "-0" : "0");
    struct decimal d = from_bits(bits);
    char *p = out;
    if (negative)
        *p++ = '-';
    int n = write_digits(p, d.digits), exponent = d.exponent + n - 1;
    int plain = exponent >= -4 && exponent < (n > 15 ? n : 15);
    p = plain ? write_plain(p, n, exponent) : write_scientific(p, n, exponent);
    *p = '\0';
    return (size_t)(p - out);
}

size_t number_write_int64(char out[NUMBER_SIZE], int64_t value)
{
    char *p = out;
    if (value < 0)
        *p++ = '-';
    p += write_digits(p, value < 0 ? -(uint64_t)value : (uint64_t)value);
    *p = '\0';
    return (size_t)(p - out);
}
