/* What an objective left, told to the study. */
#include "api/run.h"

#include <math.h>

/* The reason of a trial without a result: the error that the objective left on its thread, if
 * there is one, else what it returned. */
static void write_reason(int32_t status, uint32_t failures, char *text, size_t size)
{
    text[0] = '\0';
    if (fail_count() != failures && fail_text()[0])
        text_format(text, size, "%s", fail_text());
    else if (status == AFINA_OK)
        text_format(text, size, "the objective did not set its value");
    else if (status != AFINA_INFEASIBLE_POINT)
        text_format(text, size, "the objective returned %d", (int)status);
}

static int32_t tell_status(struct study *study, struct trial *trial, int32_t status, const char *reason)
{
    if (status == AFINA_INFEASIBLE_POINT)
        return study_tell_trial(study, trial, AFINA_STATE_INFEASIBLE, NULL, 0, reason[0] ? reason : NULL);
    int32_t state = status == AFINA_CANCELLED ? AFINA_STATE_LOST : AFINA_STATE_FAILED;
    return study_tell_trial(study, trial, state, NULL, 0, reason);
}

static int32_t tell_values(struct study *study, const afina_trial *handle, const double *values, const char *reason)
{
    struct trial *trial = handle->trial;
    size_t set = 0;
    for (size_t i = 0; i < study->objectives; i++)
        set += isnan(values[i]) ? 0 : 1;
    if (set == study->objectives)
        return study_tell_trial(study, trial, AFINA_STATE_COMPLETE, values, set, NULL);
    if (handle->stop_asked && set == 0)
        return study_tell_trial(study, trial, AFINA_STATE_STOPPED, NULL, 0, NULL);
    return study_tell_trial(study, trial, AFINA_STATE_FAILED, NULL, 0, reason);
}

/* AFINA_E_STATE of a tell: the objective told its trial itself, or another thread did. */
int32_t tell_outcome(struct study *study, afina_trial *trial, int32_t status, const double *values, uint32_t failures)
{
    char text[FAIL_TEXT_SIZE];
    write_reason(status, failures, text, sizeof text);
    int32_t rc = status ? tell_status(study, trial->trial, status, text) : tell_values(study, trial, values, text);
    if (rc && rc != AFINA_E_STATE)
        return rc;
    if (status == AFINA_E_CALLBACK)
        return fail(status, "%s", text);
    return status == AFINA_CANCELLED ? status : 0;
}
