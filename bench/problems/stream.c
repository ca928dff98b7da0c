/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as
 * easy as 1, 2, 3"): ten rounds over a 128-bit counter with a 64-bit key,
 *
 *     (hi0, lo0) = M0 c0,  (hi1, lo1) = M1 c2
 *     c = (hi1 ^ c1 ^ k0, lo1, hi0 ^ c3 ^ k1, lo0),  k += (W0, W1)
 *
 * key = seed, counter = (index, 0, trial). A uniform is the upper 53 bits of
 * c0 : c1; a normal is sqrt(-2 log(1 - u)) cos(2 pi v) with v from c2 : c3.
 * Check value: counter 0, key 0 gives 6627e8d5 e169c58d bc57ac4c 9b00dbd8. */
#include "stream.h"

#include <math.h>

static void philox(uint32_t c[4], uint64_t seed)
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        const uint64_t a = (uint64_t)0xD2511F53u * c[0], b = (uint64_t)0xCD9E8D57u * c[2];
        const uint32_t c1 = c[1], c3 = c[3];
        c[0] = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c[1] = (uint32_t)b;
        c[2] = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c[3] = (uint32_t)a;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

static double unit(uint32_t high, uint32_t low)
{
    return (double)(((uint64_t)high << 32 | low) >> 11) * 0x1p-53;
}

uint64_t stream_hash(const char *text)
{
    uint64_t h = 0xCBF29CE484222325u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001B3u;
    return h;
}

double stream_uniform(uint64_t seed, uint64_t trial, uint32_t index)
{
    uint32_t c[4] = {index, 0, (uint32_t)trial, (uint32_t)(trial >> 32)};
    philox(c, seed);
    return unit(c[0], c[1]);
}

double stream_normal(uint64_t seed, uint64_t trial, uint32_t index)
{
    uint32_t c[4] = {index, 0, (uint32_t)trial, (uint32_t)(trial >> 32)};
    philox(c, seed);
    return sqrt(-2.0 * log(1.0 - unit(c[0], c[1]))) * cos(6.283185307179586 * unit(c[2], c[3]));
}
