/* The counter-based stream as a GSL generator, so that gsl_ran_* can draw from
 * it. For the code in numeric/, the only one that includes GSL. */
#ifndef AFINA_NUMERIC_GSL_STREAM_H
#define AFINA_NUMERIC_GSL_STREAM_H

#include "core/rng.h"

#include <gsl/gsl_rng.h>

/* "philox": 32 bits a draw, uniform doubles of 52 bits. gsl_rng_set(r, s)
 * starts the stream of seed s, trial 0, RNG_SUGGEST. Reads no environment and is
 * not in GSL's own table of generators. */
const gsl_rng_type *gsl_stream_type(void);

/* A generator that draws from `stream` and advances it. It is a value and is not freed; it is
 * valid while `stream` lives and stays at its address. */
gsl_rng gsl_stream_over(struct rng *stream);

#endif
