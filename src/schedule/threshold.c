/* A trial whose loss leaves the bounds, or is NaN, is ended. Nothing is compared, and nothing is learned. */
#include "schedule/parts/curves.h"

#include "core/fail.h"

#include <math.h>

struct threshold {
    struct stop_times times;
    double lower, upper; /* NaN: none */
};

static const struct option options[] = {
    {"lower", AFINA_OPTION_REAL, -INFINITY, INFINITY, NAN, "", "",
     "a trial with a loss below is ended; NaN: no bound. A value to be maximised counts with the other sign"},
    {"upper", AFINA_OPTION_REAL, -INFINITY, INFINITY, NAN, "", "", "a trial with a loss above is ended; NaN: no bound"},
    STOP_TIMES_OPTIONS,
};

static int32_t init(void *state, const struct schedule_context *context)
{
    struct threshold *threshold = state;
    threshold->times = stop_times_of(context->options);
    threshold->lower = option_real(context->options, "lower");
    threshold->upper = option_real(context->options, "upper");
    if (threshold->lower > threshold->upper)
        return fail(AFINA_E_RANGE, "option \"threshold.lower\" must be at most \"threshold.upper\", got %g and %g",
                    threshold->lower, threshold->upper);
    return 0;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    (void)state;
    (void)event;
    return 0;
}

static int32_t advise(void *state, const struct progress *progress, int *stop)
{
    const struct threshold *threshold = state;
    double loss = progress->losses[progress->n - 1];
    if (stop_is_due(&threshold->times, progress))
        *stop = isnan(loss) || loss < threshold->lower || loss > threshold->upper;
    return 0;
}

static void fini(void *state)
{
    (void)state;
}

const struct stopper stopper_threshold = {
    .name = "threshold",
    .summary = "ends a trial whose loss leaves the bounds or is NaN",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct threshold),
    .init = init,
    .observe = observe,
    .advise = advise,
    .fini = fini,
};
