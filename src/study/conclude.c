/* What the scheduler concludes from the results that there are. */
#include "core/fail.h"
#include "study/dotted.h"
#include "study/fold.h"
#include "study/turn.h"

#include <math.h>

/* The fold, up to date. The turn and lock are held. */
static int32_t prepare(struct study *study)
{
    int32_t rc = study_begin(study);
    if (!rc)
        rc = study_ensure_fold(study);
    return rc ? rc : fold_advance_for_question(study->fold, (int64_t)study->n_trials, study->n_events);
}

static int32_t conclude(struct study *study, struct conclusion *out)
{
    const struct scheduler *scheduler = study->begun ? study->scheduler : study_chosen_scheduler(study);
    if (!scheduler || !scheduler->conclude)
        return fail(AFINA_E_UNSUPPORTED, "scheduler \"%s\" draws no conclusion: afina_best() is the best trial",
                    scheduler ? scheduler->name : "none");
    if (study->n_trials == 0)
        return 0;
    int32_t rc = prepare(study);
    if (!rc)
        scheduler->conclude(study->fold->schedule.state, out);
    return rc;
}

int32_t study_conclude(struct study *study, struct conclusion *out)
{
    *out = (struct conclusion){.arm = -1, .gap = INFINITY};
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    rc = study_drop_broken_fold(study, conclude(study, out));
    if (study->fold && study->fold->n_lost > 0)
        study_drop_fold(study);
    study_leave_turn(study);
    return rc;
}
