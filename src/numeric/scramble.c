/* A permutation of 0..n-1 by a Feistel network with cycle walking.
 *
 * The least even number of bits 2h with 4^h >= n is halved into (L, R); a round
 * replaces them by (R, L xor F(R)) with F the low h bits of a hash under the
 * round's key, which is a bijection of 0..4^h-1 whatever F is. A result >= n is
 * permuted again until it is below n. The cycle leads back below n, where it began,
 * after fewer than 4 steps on average.
 *
 * M. Luby, C. Rackoff, SIAM J. Comput. 17 (1988): four rounds of a random F are
 * a pseudo-random permutation. Here are eight, because the halves of a small n
 * have one or two bits only. J. Black, P. Rogaway, "Ciphers with arbitrary
 * finite domains", CT-RSA 2002: the cycle walking.
 *
 * Check: the six orders of n = 3 come out equally often over keys
 * (tests/method/test_scramble.c).
 */
#include "numeric/scramble.h"

#include <assert.h>

enum { ROUNDS = 8 };

static uint64_t feistel(uint64_t x, unsigned h, uint64_t key)
{
    uint64_t mask = (UINT64_C(1) << h) - 1;
    uint64_t left = x >> h, right = x & mask;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        /* The top bits of the hash are its best; h <= 32 leaves room for the round. */
        uint64_t f = scramble_hash(key, round << 32 | right) >> (64 - h);
        uint64_t next = left ^ f;
        left = right;
        right = next;
    }
    return left << h | right;
}

uint64_t scramble_permute(uint64_t i, uint64_t n, uint64_t key)
{
    assert(i < n);
    unsigned h = 1;
    while (h < 32 && (n - 1) >> (2 * h))
        h++;
    do
        i = feistel(i, h, key);
    while (i >= n);
    return i;
}
