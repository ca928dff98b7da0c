/* A trial is ended when none of its last `patience` losses is lower, by more than min_delta, than the lowest before
 * them (L. Prechelt, "Early stopping, but when?", 1998; the rule of Keras and of Optuna). A NaN is no improvement.
 * A trial that continues another begins anew. */
#include "schedule/parts/curves.h"
#include "schedule/parts/percentile_rule.h"

struct patience {
    struct curves curves;
    struct stop_times times;
    size_t patience;
    double min_delta;
    int64_t startup;
    int is_safe, is_blocked;
};

static const struct option options[] = {
    {"patience", AFINA_OPTION_INTEGER, 1, 1e9, 10, "", "", "reports without improvement after which a trial is ended"},
    {"min_delta", AFINA_OPTION_REAL, 0, 1e300, 0, "", "", "what is lower by no more than that is no improvement"},
    {"startup", AFINA_OPTION_INTEGER, 0, 1e9, 5, "", "", "trials that finish before any is ended"},
    STOP_TIMES_OPTIONS,
    STOP_SAFE_OPTION,
};

static int32_t init(void *state, const struct schedule_context *context)
{
    struct patience *rule = state;
    curves_init(&rule->curves);
    rule->times = stop_times_of(context->options);
    rule->patience = (size_t)option_integer(context->options, "patience");
    rule->min_delta = option_real(context->options, "min_delta");
    rule->startup = option_integer(context->options, "startup");
    rule->is_safe = option_integer(context->options, "safe") != 0;
    return 0;
}

static int would_end_best(const struct patience *rule)
{
    const struct learning_curve *curve = rule->curves.best[0].curve;
    for (size_t i = 0; i < curve->n; i++)
        if (stop_was_due(&rule->times, curve, i) && curve_is_stuck(curve->loss, i + 1, rule->patience, rule->min_delta))
            return 1;
    return 0;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct patience *rule = state;
    const struct learning_curve *ended;
    int is_best_new;
    int32_t rc = curves_observe(&rule->curves, event, &ended, &is_best_new);
    if (!rc && is_best_new && rule->is_safe)
        rule->is_blocked = would_end_best(rule);
    return rc;
}

static int32_t advise(void *state, const struct progress *progress, int *stop)
{
    const struct patience *rule = state;
    if (rule->curves.n_finished >= rule->startup && !rule->is_blocked && stop_is_due(&rule->times, progress))
        *stop = curve_is_stuck(progress->losses, progress->n, rule->patience, rule->min_delta);
    return 0;
}

static void fini(void *state)
{
    struct patience *rule = state;
    curves_fini(&rule->curves);
}

const struct stopper stopper_patience = {
    .name = "patience",
    .summary = "ends a trial that has not improved for some reports",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct patience),
    .init = init,
    .observe = observe,
    .advise = advise,
    .fini = fini,
};
