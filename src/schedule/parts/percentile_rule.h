/* The rule of D. Golovin et al. (Google Vizier, KDD 2017) in the form of Optuna: a trial is ended when the lowest loss
 * that it has reported is higher than a percentile of the losses that the trials which ended as planned had at the same
 * step. What `median` and `percentile` have in common.
 *
 * The percentile of n losses is that at the position (n - 1) p / 100 of their order, linear in between. A NaN among
 * them is the highest. Trials may report at steps of their own: a trial is compared at the latest step of the table at
 * or before its own, where the others count with their latest report. */
#ifndef AFINA_SCHEDULE_PARTS_PERCENTILE_RULE_H
#define AFINA_SCHEDULE_PARTS_PERCENTILE_RULE_H

#include "schedule/parts/curves.h"
#include "schedule/parts/ranks.h"

struct step_ranks {
    double step;
    struct ranks ranks; /* of the losses, split at the percentile */
};

struct percentile_rule {
    struct curves curves;
    struct stop_times times;
    double share; /* p / 100 */
    int64_t startup, least;
    size_t patience;
    int is_safe;
    struct step_ranks *table; /* ascending steps, at least a 64th of themselves apart */
    size_t n, capacity;
    int64_t ended;  /* arms of which a curve is in the table */
    int is_blocked; /* the rule would have ended the best of the finished */
};

int32_t percentile_rule_init(struct percentile_rule *rule, const struct schedule_context *context, double percentile);

/* Those of a stopper whose state the rule is. */
void percentile_rule_fini(void *state);
int32_t percentile_rule_observe(void *state, const struct schedule_event *event);
int32_t percentile_rule_advise(void *state, const struct progress *progress, int *stop);

#define STOP_SAFE_OPTION                                                                                               \
    {                                                                                                                  \
        "safe", AFINA_OPTION_INTEGER, 0, 1, 1, "", "",                                                                 \
            "1: no trial is ended while the rule would have ended the best of the finished trials"                     \
    }

#define PERCENTILE_RULE_OPTIONS                                                                                        \
    {"startup", AFINA_OPTION_INTEGER, 0, 1e9, 5, "", "", "trials that end as planned before any is ended"},            \
        {"min_trials", AFINA_OPTION_INTEGER, 1, 1e9, 5, "", "", "trials with a loss at a step to compare with them"},  \
        {"patience", AFINA_OPTION_INTEGER, 0, 1e9, 0, "", "", "reports without gain before a trial is ended"},         \
        STOP_TIMES_OPTIONS, STOP_SAFE_OPTION

#endif
