/* Direction numbers of the Sobol sequence, for thousands of dimensions.
 *
 * Dimension j >= 1 belongs to the j-th primitive polynomial over GF(2),
 * x^s + a_1 x^{s-1} + ... + a_{s-1} x + 1, and to initial odd numbers
 * m_k < 2^k, k = 1..s. With v_k = m_k / 2^k the others follow:
 *     v_k = a_1 v_{k-1} + ... + a_{s-1} v_{k-s+1} + v_{k-s} + v_{k-s} / 2^s   (+ is xor)
 * Dimension 0 has v_k = 2^-k. (I. M. Sobol', USSR Comput. Math. Math. Phys. 7
 * (1967); P. Bratley, B. L. Fox, ACM TOMS 14 (1988), algorithm 659.)
 *
 * The polynomials are found, not stored: x has order 2^s - 1 modulo a primitive
 * one. The initial numbers are hashes of (dimension, candidate, k); a table says
 * which of 256 candidates a dimension takes. The search behind the table
 * (tests/method/test_sobol_directions.c, which makes it anew) goes through the
 * dimensions in order and keeps the candidate of the least
 *     sum over earlier dimensions i and m = 2..11 of n E(i, j, n), n = 2^m,
 *     E = 1/n sum over the first n points of phi(x_i) phi(x_j),
 *     phi(x) = 1/2 - 3/4 2^-l, l the leading zero digits of x.
 * E is the sum of 4^(-mu(k) - mu(l)) over the dual net of the pair, mu the length
 * of a number in digits: the mean square error of the net for functions with such
 * Walsh coefficients (J. Dick, F. Pillichshammer, "Digital Nets and Sequences",
 * 2010, ch. 12); n E = 1/4 on average for random points. S. Joe and F. Y. Kuo,
 * SIAM J. Sci. Comput. 30 (2008), compare pairs too, but by the worst t value; the
 * sum gives more weight to small n, since a study has few trials. Dimensions beyond
 * the table take the first candidate; their polynomials have degree 14 or more.
 *
 * Check: dimension 1 has v = 1/2, 3/4, 5/8, 15/16, ...
 */
#include "numeric/sobol_directions.h"

#include "numeric/scramble.h"

/* The product a b in GF(2)[x] / p, deg p = s. */
static uint32_t multiply(uint32_t a, uint32_t b, uint32_t p, unsigned s)
{
    uint32_t product = 0;
    for (; b; b >>= 1) {
        if (b & 1)
            product ^= a;
        a <<= 1;
        if (a >> s)
            a ^= p;
    }
    return product;
}

static uint32_t power_of_x(uint32_t exponent, uint32_t p, unsigned s)
{
    uint32_t result = 1, square = s > 1 ? 2 : 2 ^ p;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = multiply(result, square, p, s);
        square = multiply(square, square, p, s);
    }
    return result;
}

static unsigned degree_of(uint32_t p)
{
    unsigned s = 0;
    while (p >> (s + 1))
        s++;
    return s;
}

static int has_odd_terms(uint32_t p)
{
    p ^= p >> 16;
    p ^= p >> 8;
    p ^= p >> 4;
    p ^= p >> 2;
    p ^= p >> 1;
    return (int)(p & 1);
}

/* Whether x has order 2^s - 1: its power to that is 1, and to none of the
 * maximal divisors. p(0) = 1. */
static int is_primitive(uint32_t p)
{
    unsigned s = degree_of(p);
    uint32_t order = (UINT32_C(1) << s) - 1;
    if (s > 1 && !has_odd_terms(p))
        return 0; /* x + 1 divides it */
    if (power_of_x(order, p, s) != 1)
        return 0;
    uint32_t rest = order;
    for (uint32_t q = 3; q <= rest; q += 2) {
        if (q * q > rest)
            q = rest; /* the rest is prime */
        if (rest % q)
            continue;
        if (q > 1 && q < order && power_of_x(order / q, p, s) == 1)
            return 0;
        while (rest % q == 0)
            rest /= q;
    }
    return 1;
}

uint32_t sobol_next_polynomial(uint32_t p)
{
    do
        p = p < 3 ? 3 : p + 2;
    while (!is_primitive(p));
    return p;
}

void sobol_candidate(size_t dimension, uint32_t polynomial, uint32_t candidate, uint32_t v[SOBOL_BITS])
{
    unsigned s = degree_of(polynomial);
    uint64_t key = scramble_hash(scramble_hash(0, dimension), candidate);
    for (unsigned k = 0; k < s; k++) {
        uint32_t m = ((uint32_t)scramble_hash(key, k) | 1) & ((UINT32_C(2) << k) - 1);
        v[k] = m << (SOBOL_BITS - 1 - k);
    }
    for (unsigned k = s; k < SOBOL_BITS; k++) {
        v[k] = v[k - s] ^ (v[k - s] >> s);
        for (unsigned i = 1; i < s; i++)
            if (polynomial >> (s - i) & 1)
                v[k] ^= v[k - i];
    }
}

/* clang-format off */
static const uint8_t CHOICES[] = {
    0, 0, 0, 3, 0, 241, 38, 153, 137, 184, 238, 88, 1, 0, 242, 118, 20, 91, 173, 36, 137, 201, 143, 185,
    91, 187, 229, 152, 119, 85, 1, 62, 140, 31, 152, 33, 140, 252, 71, 209, 71, 233, 248, 119, 97, 81, 62, 38,
    223, 39, 39, 173, 140, 58, 2, 109, 139, 60, 16, 143, 193, 154, 122, 109, 14, 138, 241, 105, 65, 88, 8, 142,
    7, 91, 120, 12, 102, 87, 160, 118, 7, 174, 218, 5, 97, 110, 171, 179, 173, 229, 212, 116, 86, 74, 87, 129,
    34, 23, 13, 94, 88, 145, 52, 109, 100, 153, 251, 171, 37, 79, 217, 90, 242, 59, 112, 84, 159, 50, 47, 144,
    105, 227, 41, 120, 5, 254, 102, 248, 37, 93, 87, 204, 46, 70, 186, 36, 254, 93, 210, 34, 80, 125, 55, 125,
    245, 93, 99, 32, 110, 233, 166, 31, 191, 22, 173, 77, 186, 206, 137, 47, 172, 170, 90, 85, 29, 129, 159, 158,
    8, 91, 30, 120, 210, 221, 4, 95, 14, 122, 64, 221, 111, 207, 221, 164, 39, 16, 172, 131, 170, 160, 228, 50,
    67, 7, 14, 230, 46, 123, 33, 217, 49, 241, 12, 64, 250, 87, 192, 215, 128, 42, 146, 99, 136, 52, 220, 94,
    105, 89, 210, 144, 214, 51, 128, 239, 195, 225, 143, 23, 245, 9, 222, 117, 237, 173, 243, 44, 146, 187, 107, 95,
    216, 198, 198, 230, 87, 182, 78, 123, 247, 174, 193, 178, 42, 198, 76, 56, 226, 176, 72, 143, 28, 247, 5, 53,
    178, 234, 146, 169, 113, 231, 161, 203, 81, 73, 68, 31, 40, 202, 217, 76, 219, 135, 64, 153, 243, 184, 220, 10,
    48, 65, 54, 28, 221, 126, 160, 124, 110, 199, 26, 252, 33, 13, 67, 156, 137, 253, 37, 16, 36, 169, 195, 42,
    121, 165, 239, 165, 106, 185, 18, 191, 37, 90, 165, 21, 116, 111, 186, 96, 170, 169, 103, 6, 211, 104, 24, 58,
    249, 81, 163, 115, 102, 94, 81, 197, 175, 182, 233, 54, 96, 180, 67, 2, 200, 18, 102, 16, 95, 144, 59, 200,
    19, 144, 251, 191, 182, 40, 156, 100, 55, 54, 52, 225, 45, 23, 252, 250, 163, 251, 27, 20, 103, 53, 20, 110,
    198, 84, 99, 73, 225, 172, 214, 110, 87, 217, 228, 89, 100, 188, 240, 64, 209, 194, 89, 6, 254, 18, 218, 59,
    120, 68, 38, 109, 13, 229, 191, 179, 197, 1, 66, 87, 172, 108, 56, 239, 33, 161, 21, 242, 201, 243, 208, 194,
    55, 208, 64, 223, 15, 169, 104, 65, 111, 88, 81, 23, 181, 130, 67, 236, 118, 120, 197, 102, 51, 191, 175, 1,
    97, 103, 129, 21, 57, 133, 177, 189, 169, 121, 174, 246, 83, 168, 15, 81, 236, 191, 17, 15, 18, 12, 185, 8,
    204, 74, 37, 192, 114, 134, 97, 136, 52, 232, 23, 59, 139, 87, 81, 83, 201, 142, 20, 138, 32, 132, 169, 176,
    35, 77, 169, 212, 181, 233, 109, 234, 13, 207, 182, 76, 88, 206, 79, 215, 25, 249, 243, 39, 19, 55, 197, 7,
    139, 156, 80, 193, 18, 84, 170, 61, 51, 58, 91, 153, 59, 230, 231, 174, 73, 48, 88, 188, 213, 140, 198, 67,
    143, 3, 229, 139, 53, 71, 178, 19, 86, 224, 64, 167, 202, 28, 215, 2, 59, 59, 155, 223, 37, 110, 241, 247,
    175, 78, 53, 253, 0, 184, 217, 19, 56, 212, 126, 245, 193, 147, 251, 226, 253, 219, 149, 182, 3, 201, 92, 228,
    140, 185, 87, 138, 216, 134, 68, 31, 207, 107, 98, 15, 171, 238, 252, 235, 243, 151, 143, 78, 31, 70, 70, 69,
    250, 235, 111, 232, 140, 52, 225, 10, 187, 160, 194, 206, 197, 231, 14, 41, 28, 160, 133, 136, 121, 59, 36, 159,
    239, 250, 136, 6, 240, 99, 113, 225, 247, 250, 83, 174, 147, 163, 224, 202, 165, 130, 63, 128, 180, 248, 131, 20,
    252, 215, 72, 39, 189, 134, 141, 40, 36, 36, 109, 133, 64, 111, 80, 129, 123, 176, 186, 78, 141, 250, 100, 59,
    202, 214, 245, 175, 105, 146, 237, 78, 1, 234, 117, 190, 125, 151, 98, 115, 223, 97, 10, 228, 39, 176, 59, 250,
    150, 191, 94, 19, 249, 35, 183, 127, 50, 212, 39, 24, 50, 248, 244, 45, 15, 19, 68, 246, 119, 144, 100, 233,
    90, 219, 105, 176, 114, 107, 252, 28, 130, 210, 9, 184, 168, 165, 154, 194, 152, 196, 154, 246, 86, 7, 107, 224,
    220, 133, 63, 66, 80, 196, 82, 142, 64, 26, 125, 167, 190, 214, 89, 240, 84, 64, 48, 29, 69, 108, 144, 146,
    105, 151, 70, 191, 58, 77, 32, 9, 241, 8, 202, 230, 31, 48, 19, 104, 146, 44, 239, 24, 33, 62, 65, 249,
    121, 119, 163, 179, 247, 168, 121, 247, 43, 8, 146, 162, 192, 148, 38, 76, 25, 251, 82, 115, 255, 47, 18, 70,
    52, 179, 102, 80, 228, 29, 80, 70, 199, 189, 79, 225, 151, 38, 11, 118, 39, 197, 130, 238, 44, 193, 193, 241,
    186, 159, 235, 84, 29, 95, 171, 29, 246, 176, 96, 214, 143, 237, 127, 88, 25, 134, 189, 153, 198, 8, 251, 21,
    197, 112, 19, 96, 113, 96, 72, 205, 98, 168, 55, 130, 141, 239, 18, 236, 205, 204, 237, 242, 103, 77, 252, 216,
    199, 5, 138, 67, 216, 229, 88, 159, 92, 39, 103, 60, 110, 136, 205, 49, 158, 50, 250, 186, 65, 76, 184, 162,
    119, 57, 0, 237, 195, 179, 162, 142, 144, 73, 22, 179, 93, 93, 54, 65, 54, 189, 16, 28, 79, 170, 67, 31,
    49, 76, 96, 87, 39, 187, 235, 7, 209, 181, 80, 143, 219, 126, 191, 225, 224, 50, 102, 115, 16, 20, 229, 229,
    87, 62, 82, 237, 83, 203, 198, 247, 237, 239, 64, 161, 176, 97, 114, 228, 123, 222, 5, 129, 158, 35, 147, 193,
    237, 42, 207, 213, 117, 247, 91, 167, 136, 12, 235, 92, 92, 202, 231, 30, 106, 164, 25, 52, 159, 105, 194, 26,
    63, 176, 112, 122, 205, 52, 113, 62, 125, 212, 16, 72, 35, 54, 38, 156, 250, 83, 22, 164, 211, 25, 33, 218,
    243, 87, 32, 141, 55, 189, 181, 7, 192, 127, 206, 252, 40, 37, 131, 38, 34, 117, 69, 51, 211, 32, 90, 156,
    180, 253, 29, 202, 157, 192, 197, 19, 84, 185, 78, 56, 135, 51, 29, 236, 47, 140, 176, 233, 95, 147, 129, 17,
    71, 37, 163, 44, 110, 54, 71, 1, 100, 169, 64, 54, 201, 135, 4, 200, 63, 184, 1, 158, 114, 247, 206, 113,
    14, 68, 41, 252, 163, 35, 106, 76, 225, 108, 195, 191, 59, 87, 20, 159, 126, 116, 108, 152, 138, 193, 237, 131,
    78, 119, 136, 76, 8, 120, 205, 169, 44, 34, 142, 139, 251, 201, 161, 99, 61, 20, 233, 31, 220, 144, 182, 18,
    197, 183, 85, 211, 87, 93, 6, 41, 177, 239, 148, 127, 81, 70, 67, 224, 43, 93, 187, 248, 103, 87, 117, 158,
};
/* clang-format on */

uint32_t sobol_choice(size_t dimension)
{
    return dimension < sizeof CHOICES ? CHOICES[dimension] : 0;
}

void sobol_directions(size_t dimensions, uint32_t *out)
{
    uint32_t polynomial = 0;
    for (unsigned k = 0; dimensions > 0 && k < SOBOL_BITS; k++)
        out[k] = UINT32_C(1) << (SOBOL_BITS - 1 - k);
    for (size_t j = 1; j < dimensions; j++) {
        polynomial = sobol_next_polynomial(polynomial);
        sobol_candidate(j, polynomial, sobol_choice(j), out + j * SOBOL_BITS);
    }
}
