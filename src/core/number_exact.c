/* Rounds a decimal number of many digits by comparing it with the number halfway
 * between the two doubles that remain, in whole numbers:
 *
 *     D 10^e   with   (2m + 1) 2^(x-1)
 *
 * where D are the digits, and m 2^x is the lower of the two doubles. A halfway
 * number has at most 767 digits. When those are equal to the first ones of D, any
 * further digits only say that D is greater; a single digit 1 takes their place.
 */
#include "core/number.h"

#include <string.h>

enum {
    DIGITS_KEPT = 768,
    DIGITS_BEFORE = 19, /* the digits down to the exponent that is handed over */
    WORDS = 96,         /* 3072 bits: D, and 5^1124 times 54 bits, stay below 2700 */
};

/* The sum of word[i] 2^(32 i). */
struct natural {
    uint32_t word[WORDS];
    int count;
};

static void multiply_add(struct natural *n, uint32_t factor, uint32_t carry)
{
    for (int i = 0; i < n->count; i++) {
        uint64_t x = (uint64_t)n->word[i] * factor + carry;
        n->word[i] = (uint32_t)x;
        carry = (uint32_t)(x >> 32);
    }
    if (carry)
        n->word[n->count++] = carry;
}

static void multiply_by_power_of_five(struct natural *n, int power)
{
    for (; power >= 13; power -= 13)
        multiply_add(n, 1220703125, 0); /* 5^13 */
    for (; power > 0; power--)
        multiply_add(n, 5, 0);
}

static void multiply_by_power_of_two(struct natural *n, int power)
{
    int words = power / 32;
    multiply_add(n, (uint32_t)1 << power % 32, 0);
    memmove(n->word + words, n->word, (size_t)n->count * sizeof n->word[0]);
    memset(n->word, 0, (size_t)words * sizeof n->word[0]);
    n->count += words;
}

static int compare(const struct natural *a, const struct natural *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (int i = a->count - 1; i >= 0; i--)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

/* Reads the digits into n, the point left out; returns how many there are. */
static int read_digits(struct natural *n, const char *s, const char *end)
{
    int count = 0, more = 0;
    for (; s < end; s++) {
        if (*s == '.')
            continue;
        if (count < DIGITS_KEPT) {
            multiply_add(n, 10, (uint32_t)(*s - '0'));
            count++;
        } else {
            more |= *s != '0';
        }
    }
    if (more) {
        multiply_add(n, 10, 1);
        count++;
    }
    return count;
}

uint64_t number_round_exactly(const char *digits, const char *end, int exponent, uint64_t bits)
{
    struct natural left = {0}, right = {0};
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    int biased = (int)(bits >> 52);
    uint64_t m = biased ? fraction | (uint64_t)1 << 52 : fraction;
    int x = biased ? biased - 1075 : -1074;
    int e = exponent - (read_digits(&left, digits, end) - DIGITS_BEFORE);
    right.word[0] = (uint32_t)(2 * m + 1);
    right.word[1] = (uint32_t)((2 * m + 1) >> 32);
    right.count = right.word[1] ? 2 : 1;
    multiply_by_power_of_five(e >= 0 ? &left : &right, e >= 0 ? e : -e);
    int shift = x - 1 - e;
    multiply_by_power_of_two(shift >= 0 ? &right : &left, shift >= 0 ? shift : -shift);
    int order = compare(&left, &right);
    return bits + (order > 0 || (order == 0 && (bits & 1)));
}
