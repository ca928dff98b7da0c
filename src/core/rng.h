/* A counter-based random stream: Philox4x32-10.
 *
 * J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011. A block of four words is a bijection of a
 * 128-bit counter under a 64-bit key, so there is no state to save and no order
 * to preserve: the key is the study's seed; the counter holds the trial's
 * number, the purpose of the stream, and the position in it. Streams of
 * different (seed, trial, purpose) share no block.
 */
#ifndef AFINA_CORE_RNG_H
#define AFINA_CORE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* What a stream is for. Replay depends on the numbers: they are never reused. */
enum rng_purpose {
    RNG_SUGGEST = 0,   /* the method's draws for this trial */
    RNG_REPAIR = 1,    /* the frame's replacement of a repeated or forbidden point */
    RNG_DESIGN = 2,    /* scrambles and permutations of a whole design (trial 0) */
    RNG_OBJECTIVE = 3, /* the stream handed to the objective */
    RNG_MODEL = 4,     /* draws from a model; `trial` numbers the draw */
    RNG_RESAMPLE = 5,  /* the division of rows; `trial` numbers the replicate or the repetition */
    RNG_NESTED = 6,    /* the seed of an inner division; `trial` numbers the outer replicate */
    RNG_SCHEDULE = 7,  /* the draws of the scheduler for this trial */
    RNG_ADVICE = 8,    /* those of the stopper */
    RNG_DATA = 9,      /* the seed of the data that all arms share; `trial` numbers the replicate */
    RNG_EXTEND = 10    /* the value of a parameter that this trial declares */
};

struct rng {
    uint32_t key[2];
    uint32_t counter[4];
    uint32_t block[4];
    uint32_t used; /* words of `block` already given out; 4: none left */
};

/* One block of Philox4x32-10. */
void rng_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

void rng_start(struct rng *r, uint64_t seed, uint64_t trial, uint32_t purpose);

uint32_t rng_uint32(struct rng *r);
uint64_t rng_uint64(struct rng *r);

/* Uniform on the open interval (0, 1): (k + 1/2) / 2^52, never 0 nor 1. */
double rng_uniform(struct rng *r);

/* Uniform on 0..n-1 without bias (rejection); n = 0 stands for 2^64. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* Standard normal by the polar method (Marsaglia 1964). */
double rng_normal(struct rng *r);

/* A uniformly drawn permutation of 0..n-1 (Fisher-Yates). */
void rng_permutation(struct rng *r, size_t *out, size_t n);

#endif
