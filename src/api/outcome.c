/* What an objective left, told to the study. */
#include "api/run.h"

#include <math.h>

/* The reason of a failed trial: the error that the objective left on its thread, if there
 * is one, else the number that it returned. */
static const char *reason_of(int32_t status, uint32_t failures, char *room, size_t size)
{
    if (fail_count() != failures && fail_text()[0])
        text_format(room, size, "%s", fail_text());
    else
        text_format(room, size, "the objective returned %d", (int)status);
    return room;
}

static int32_t tell_status(struct study *study, struct trial *trial, int32_t status, uint32_t failures)
{
    char reason[FAIL_TEXT_SIZE];
    if (status == AFINA_INFEASIBLE_POINT)
        return study_tell_trial(study, trial, AFINA_STATE_INFEASIBLE, NULL, 0, NULL);
    reason_of(status, failures, reason, sizeof reason);
    int32_t state = status == AFINA_CANCELLED ? AFINA_STATE_LOST : AFINA_STATE_FAILED;
    return study_tell_trial(study, trial, state, NULL, 0, reason);
}

static int32_t tell_values(struct study *study, const afina_trial *handle, const double *values)
{
    struct trial *trial = handle->trial;
    size_t set = 0;
    for (size_t i = 0; i < study->objectives; i++)
        set += isnan(values[i]) ? 0 : 1;
    if (set == study->objectives)
        return study_tell_trial(study, trial, AFINA_STATE_COMPLETE, values, set, NULL);
    if (handle->stop_asked && set == 0)
        return study_tell_trial(study, trial, AFINA_STATE_STOPPED, NULL, 0, NULL);
    return study_tell_trial(study, trial, AFINA_STATE_FAILED, NULL, 0, "the objective did not set its value");
}

/* AFINA_E_STATE of a tell: the objective told its trial itself, or another thread did. */
int32_t tell_outcome(struct study *study, afina_trial *trial, int32_t status, const double *values, uint32_t failures)
{
    char text[FAIL_TEXT_SIZE];
    reason_of(status, failures, text, sizeof text);
    int32_t rc = status ? tell_status(study, trial->trial, status, failures) : tell_values(study, trial, values);
    if (rc && rc != AFINA_E_STATE)
        return rc;
    if (status == AFINA_E_CALLBACK)
        return fail(status, "%s", text);
    return status == AFINA_CANCELLED ? status : 0;
}
