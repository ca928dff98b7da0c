/* Low-discrepancy sequences: Sobol and Halton points, scrambled.
 *
 * Both keep no state: the point of any index costs the same and needs no other
 * point. The index may be any number. The points are spread most evenly when the
 * indices 0, 1, 2, ... are used without gaps, for Sobol up to a power of two.
 * The same (dimensions, seed, index) gives the same bits everywhere. The first
 * coordinates of a point do not depend on how many dimensions follow.
 */
#ifndef AFINA_NUMERIC_QUASI_RANDOM_H
#define AFINA_NUMERIC_QUASI_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The greatest numbers of dimensions: there are as many primitive polynomials up
 * to degree 18, and as many primes below 2^18. */
enum { SOBOL_MAX_DIMENSIONS = 21201, HALTON_MAX_DIMENSIONS = 23000 };

/* For sobol_point alone. It takes 128 bytes a dimension. */
struct sobol {
    size_t dimensions;
    uint64_t key;
    uint32_t *directions; /* 32 direction numbers for each dimension */
};

/* The seed chooses the scrambling. AFINA_E_RANGE when dimensions is not in
 * 0..SOBOL_MAX_DIMENSIONS, or AFINA_E_MEMORY; *out is zeroed then. */
int32_t sobol_init(struct sobol *out, size_t dimensions, uint64_t seed);

/* The point of an index: `dimensions` numbers in the open interval (0, 1). */
void sobol_point(const struct sobol *s, uint64_t index, double *u);

/* A zeroed one is fine. */
void sobol_fini(struct sobol *s);

/* For halton_point alone. It takes 4 bytes a dimension. */
struct halton {
    size_t dimensions;
    uint64_t key;
    uint32_t *primes;
};

int32_t halton_init(struct halton *out, size_t dimensions, uint64_t seed);
void halton_point(const struct halton *h, uint64_t index, double *u);
void halton_fini(struct halton *h);

#endif
