#include "study/trial_event.h"

#include <math.h>

struct schedule_event trial_event(const struct trial *trial, int32_t kind)
{
    const struct trial_extras *extras = trial->extras;
    return (struct schedule_event){
        .kind = kind,
        .trial = trial->number,
        .arm = trial_arm(trial),
        .parent = extras->parent,
        .origin = trial->origin,
        .point = trial->point,
        .budget = extras->budget,
        .start = extras->restarted ? 0 : extras->start,
        .replicate = extras->replicate,
        .step = NAN,
        .loss = NAN,
    };
}
