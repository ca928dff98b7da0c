/* Direction numbers of the Sobol sequence. */
#ifndef AFINA_NUMERIC_SOBOL_DIRECTIONS_H
#define AFINA_NUMERIC_SOBOL_DIRECTIONS_H

#include <stddef.h>
#include <stdint.h>

enum { SOBOL_BITS = 32, SOBOL_CANDIDATES = 256 };

/* Writes the 32 direction numbers of each of the first `dimensions` (at most
 * SOBOL_MAX_DIMENSIONS) dimensions: out[32 j + k] is v_{k+1} of dimension j, its
 * first binary digit in the top bit. */
void sobol_directions(size_t dimensions, uint32_t *out);

/* One dimension under another of the SOBOL_CANDIDATES sets of initial numbers,
 * for the search that made the table. `polynomial` is that of the dimension. */
void sobol_candidate(size_t dimension, uint32_t polynomial, uint32_t candidate, uint32_t v[SOBOL_BITS]);

/* The next primitive polynomial over GF(2) after p in the order of the numbers
 * whose bit i is the coefficient of x^i: 0 -> 3 = x + 1, 3 -> 7, 7 -> 11,
 * 11 -> 13, 13 -> 19, ... */
uint32_t sobol_next_polynomial(uint32_t p);

/* The entry of the table for a dimension; 0 beyond its end. */
uint32_t sobol_choice(size_t dimension);

#endif
