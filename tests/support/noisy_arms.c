#include "support/noisy_arms.h"

#include <math.h>

/* The i-th best arm is the one at i * 5 + 3 (mod n): n is not a multiple of 5. */
static int64_t rank_of(const struct noisy_arms *arms, int64_t index)
{
    for (int64_t i = 0; i < arms->n; i++)
        if ((i * 5 + 3) % arms->n == index)
            return i;
    return 0;
}

int64_t noisy_best(const struct noisy_arms *arms)
{
    return 3 % arms->n;
}

double noisy_gap(const struct noisy_arms *arms, int64_t index)
{
    double i = (double)rank_of(arms, index), n = (double)arms->n;
    switch (arms->setting) {
    case ARMS_ONE_GOOD:
        return i > 0 ? 0.5 : 0;
    case ARMS_LINEAR:
        return 2 * i / (n - 1);
    case ARMS_CURVED:
        return pow(i / n, 0.6);
    default:
        return 0;
    }
}

double noisy_loss(void *user, int64_t index, const struct point *point, double budget, int64_t replicate)
{
    const struct noisy_arms *arms = user;
    struct rng rng;
    (void)point;
    (void)budget;
    rng_start(&rng, arms->seed, (uint64_t)(index * 0x10000000 + replicate), RNG_OBJECTIVE);
    return noisy_gap(arms, index) + arms->noise * rng_normal(&rng);
}
