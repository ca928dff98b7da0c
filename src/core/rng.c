#include "core/rng.h"

#include "core/elementary.h"

#include <math.h>

static void multiply(uint32_t a, uint32_t b, uint32_t *high, uint32_t *low)
{
    uint64_t product = (uint64_t)a * b;
    *high = (uint32_t)(product >> 32);
    *low = (uint32_t)product;
}

void rng_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint32_t high0, low0, high1, low1;
        multiply(0xD2511F53u, c0, &high0, &low0);
        multiply(0xCD9E8D57u, c2, &high1, &low1);
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9u; /* golden ratio */
        k1 += 0xBB67AE85u; /* sqrt(3) - 1 */
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* Counter: {position, purpose, trial low, trial high}. A stream has 2^34 words. */
void rng_start(struct rng *r, uint64_t seed, uint64_t trial, uint32_t purpose)
{
    *r = (struct rng){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .counter = {0, purpose, (uint32_t)trial, (uint32_t)(trial >> 32)},
        .used = 4,
    };
}

uint32_t rng_uint32(struct rng *r)
{
    if (r->used == 4) {
        rng_philox(r->block, r->counter, r->key);
        r->counter[0]++;
        r->used = 0;
    }
    return r->block[r->used++];
}

uint64_t rng_uint64(struct rng *r)
{
    uint64_t low = rng_uint32(r);
    uint64_t high = rng_uint32(r);
    return high << 32 | low;
}

double rng_uniform(struct rng *r)
{
    return ((double)(rng_uint64(r) >> 12) + 0.5) * 0x1p-52;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
    if (n == 0)
        return rng_uint64(r);
    /* Reject the first 2^64 mod n values, so that the rest divides evenly. */
    uint64_t threshold = (0 - n) % n;
    for (;;) {
        uint64_t x = rng_uint64(r);
        if (x >= threshold)
            return x % n;
    }
}

double rng_normal(struct rng *r)
{
    for (;;) {
        double u = 2 * rng_uniform(r) - 1;
        double v = 2 * rng_uniform(r) - 1;
        double s = u * u + v * v;
        if (s > 0 && s < 1)
            return u * sqrt(-2 * portable_log(s) / s);
    }
}

void rng_permutation(struct rng *r, size_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t j = (size_t)rng_below(r, i + 1);
        out[i] = out[j];
        out[j] = i;
    }
}
