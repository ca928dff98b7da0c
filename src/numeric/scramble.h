/* Randomness addressed by position instead of drawn in order: a hash, and a
 * permutation of 0..n-1 that answers for one element at a time.
 *
 * Scrambled sequences, Latin designs and shuffled grids need "the random bit at
 * this node" and "the place of this element" for any n up to 2^64, without a
 * table. Neither is for secrets.
 */
#ifndef AFINA_NUMERIC_SCRAMBLE_H
#define AFINA_NUMERIC_SCRAMBLE_H

#include <stdint.h>

/* A well-mixed word for (key, position). The finaliser is number 13 of D.
 * Stafford, "Better bit mixing" (2011), the generator around it SplitMix64 of
 * G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014: scramble_hash(0, 0) = 0xe220a8397b1dcdaf. Keys
 * should be results of this function themselves, or drawn at random. */
static inline uint64_t scramble_hash(uint64_t key, uint64_t position)
{
    uint64_t z = key + 0x9E3779B97F4A7C15u * (position + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A uniform number in (0, 1) from a word. */
static inline double scramble_uniform(uint64_t word)
{
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

/* Where element i < n goes under the permutation of 0..n-1 that the key names. */
uint64_t scramble_permute(uint64_t i, uint64_t n, uint64_t key);

#endif
