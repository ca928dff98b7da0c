#include "numeric/gsl_stream.h"

static void stream_set(void *state, unsigned long seed)
{
    rng_start(state, seed, 0, RNG_SUGGEST);
}

static unsigned long stream_get(void *state)
{
    return rng_uint32(state);
}

static double stream_get_double(void *state)
{
    return rng_uniform(state);
}

static const gsl_rng_type stream_type = {
    .name = "philox",
    .max = 0xFFFFFFFFu,
    .min = 0,
    .size = sizeof(struct rng),
    .set = stream_set,
    .get = stream_get,
    .get_double = stream_get_double,
};

const gsl_rng_type *gsl_stream_type(void)
{
    return &stream_type;
}

gsl_rng gsl_stream_over(struct rng *stream)
{
    return (gsl_rng){.type = &stream_type, .state = stream};
}
