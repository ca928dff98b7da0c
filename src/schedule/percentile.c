/* The percentile rule (parts/percentile_rule.h). 75 ends the worst quarter: with a method that learns, ending fewer
 * trials than the median does is safer. */
#include "schedule/parts/percentile_rule.h"

static const struct option options[] = {
    {"percentile", AFINA_OPTION_REAL, 0, 100, 75, "", "",
     "a trial goes on while its best loss is within the lowest so many percent at its step"},
    PERCENTILE_RULE_OPTIONS,
};

static int32_t init(void *state, const struct schedule_context *context)
{
    return percentile_rule_init(state, context, option_real(context->options, "percentile"));
}

const struct stopper stopper_percentile = {
    .name = "percentile",
    .summary = "ends a trial whose best loss is not among the best percent of the others at the same step",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct percentile_rule),
    .init = init,
    .observe = percentile_rule_observe,
    .advise = percentile_rule_advise,
    .fini = percentile_rule_fini,
};
