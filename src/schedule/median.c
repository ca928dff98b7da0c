/* Median stopping (D. Golovin et al., Google Vizier, KDD 2017): the percentile rule at one half. Of three losses the
 * middle one is the median, of four the mean of the middle two. */
#include "schedule/parts/percentile_rule.h"

static const struct option options[] = {
    PERCENTILE_RULE_OPTIONS,
};

static int32_t init(void *state, const struct schedule_context *context)
{
    return percentile_rule_init(state, context, 50);
}

const struct stopper stopper_median = {
    .name = "median",
    .summary = "ends a trial whose best loss is higher than the median of the others at the same step",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct percentile_rule),
    .init = init,
    .observe = percentile_rule_observe,
    .advise = percentile_rule_advise,
    .fini = percentile_rule_fini,
};
