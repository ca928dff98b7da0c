/* The counter-based stream as a GSL generator, so that gsl_ran_* can draw from
 * it. For code inside numeric/, which alone sees GSL. */
#ifndef AFINA_NUMERIC_GSL_STREAM_H
#define AFINA_NUMERIC_GSL_STREAM_H

#include "core/rng.h"

#include <gsl/gsl_rng.h>

/* "philox": 32 bits a draw, uniform doubles of 52 bits. gsl_rng_set(r, s)
 * starts the stream of seed s, trial 0, RNG_SUGGEST. Reads no environment and is
 * not in GSL's own table of generators. */
const gsl_rng_type *gsl_stream_type(void);

/* A generator that draws from `stream` and advances it; on the stack, nothing to
 * free. Valid while both live and stay where they are. */
gsl_rng gsl_stream_over(struct rng *stream);

#endif
