#include "study/trial_event.h"

#include <math.h>

struct schedule_event trial_event(const struct trial *trial, const struct point *point, int32_t kind)
{
    const struct trial_extras *extras = trial->extras;
    /* A restart comes after the asking, which may be looked at before or after it. */
    int has_restarted = extras->restarted && kind != SCHEDULE_ASKED;
    return (struct schedule_event){
        .kind = kind,
        .trial = trial->number,
        .arm = trial_arm(trial),
        .parent = extras->parent,
        .origin = trial->origin,
        .point = point,
        .budget = extras->budget,
        .start = has_restarted ? 0 : extras->start,
        .asked_start = extras->start,
        .replicate = extras->replicate,
        .step = NAN,
        .loss = NAN,
    };
}

struct schedule_context schedule_context_of(const struct study *study, struct space *space,
                                            const struct option_set *options)
{
    return (struct schedule_context){
        .space = space,
        .options = options,
        .seed = study->seed,
        .budget_min = study->budget_min,
        .budget_max = study->budget_max,
        .budget_total = study->budget_total,
        .replicates = study->replicates,
    };
}
