/* Counter-based randomness: a hash of a key and an index, and a permutation of
 * 0..n-1 that is computed one element at a time.
 *
 * Scrambled sequences, Latin designs and shuffled grids need the random bit of a
 * node or the image of an element for any n up to 2^64, without a table. Neither
 * function is cryptographically secure.
 */
#ifndef AFINA_NUMERIC_SCRAMBLE_H
#define AFINA_NUMERIC_SCRAMBLE_H

#include <stdint.h>

/* A well-mixed word for (key, index). The finaliser is number 13 of D.
 * Stafford, "Better bit mixing" (2011), the generator around it SplitMix64 of
 * G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014: scramble_hash(0, 0) = 0xe220a8397b1dcdaf. Keys
 * should be results of this function themselves, or drawn at random. */
static inline uint64_t scramble_hash(uint64_t key, uint64_t index)
{
    uint64_t z = key + 0x9E3779B97F4A7C15u * (index + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A uniform number in (0, 1) from a word. */
static inline double scramble_uniform(uint64_t word)
{
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

/* The image of i < n under the permutation of 0..n-1 that belongs to the key. */
uint64_t scramble_permute(uint64_t i, uint64_t n, uint64_t key);

#endif
