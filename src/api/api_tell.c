/* What is told of a trial, by its number and through its handle. */
#include "api/handles.h"
#include "study/advice.h"

#include <stdatomic.h>

int32_t afina_tell(afina_optimizer *optimizer, int64_t number, const double *values, size_t count)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(values, __func__, "values");
    return rc ? rc
              : delivered(optimizer->study,
                          study_tell(optimizer->study, number, AFINA_STATE_COMPLETE, values, count, NULL));
}

static int32_t tell_end(afina_optimizer *optimizer, int64_t number, int32_t state, const char *reason,
                        const char *function)
{
    int32_t rc = optimizer_check(optimizer, function);
    if (!rc && reason && !text_is_utf8(reason))
        rc = fail(AFINA_E_ARGUMENT, "%s: reason is not UTF-8", function);
    return rc ? rc : delivered(optimizer->study, study_tell(optimizer->study, number, state, NULL, 0, reason));
}

int32_t afina_tell_failed(afina_optimizer *optimizer, int64_t number, const char *reason)
{
    return tell_end(optimizer, number, AFINA_STATE_FAILED, reason, __func__);
}

int32_t afina_tell_infeasible(afina_optimizer *optimizer, int64_t number, const char *reason)
{
    return tell_end(optimizer, number, AFINA_STATE_INFEASIBLE, reason, __func__);
}

int32_t afina_tell_lost(afina_optimizer *optimizer, int64_t number, const char *reason)
{
    return tell_end(optimizer, number, AFINA_STATE_LOST, reason, __func__);
}

int32_t afina_tell_stopped(afina_optimizer *optimizer, int64_t number)
{
    return tell_end(optimizer, number, AFINA_STATE_STOPPED, NULL, __func__);
}

int32_t afina_tell_constraints(afina_optimizer *optimizer, int64_t number, const double *values, size_t count)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(values, __func__, "values");
    if (!rc && count == 0)
        rc = fail(AFINA_E_ARGUMENT, "%s: values is empty", __func__);
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : study_constrain(optimizer->study, trial, values, count);
}

int32_t afina_tell_errors(afina_optimizer *optimizer, int64_t number, const double *errors, size_t count)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(errors, __func__, "errors");
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : study_tell_errors(optimizer->study, trial, errors, count);
}

int32_t afina_tell_report(afina_optimizer *optimizer, int64_t number, double step, const double *values, size_t count)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(values, __func__, "values");
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : delivered(optimizer->study, study_report(optimizer->study, trial, step, values, count));
}

int32_t afina_tell_restarted(afina_optimizer *optimizer, int64_t number)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : study_tell_restarted(optimizer->study, trial);
}

int32_t afina_should_stop(afina_optimizer *optimizer, int64_t number, int32_t *stop)
{
    struct trial *trial;
    int advised = 0;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(stop, __func__, "stop");
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    if (rc)
        return rc;
    *stop = atomic_load_explicit(&optimizer->study->cancelled, memory_order_acquire) != 0;
    if (*stop)
        return 0;
    rc = study_advise(optimizer->study, trial, &advised);
    *stop = advised;
    return rc;
}

/* The first checks of what is told through a handle. That the trial is still the study's is
 * checked with the lock held, in study/tell.c. */
static int32_t check_told(const afina_trial *trial, const void *what, const char *argument, const char *function)
{
    int32_t rc = require(trial, function, "trial");
    if (!rc)
        rc = require(what, function, argument);
    return rc ? rc : study_check(trial->study);
}

int32_t afina_trial_tell(afina_trial *trial, const double *values, size_t count)
{
    int32_t rc = check_told(trial, values, "values", __func__);
    if (rc)
        return rc;
    rc = study_tell_trial(trial->study, trial->trial, AFINA_STATE_COMPLETE, values, count, NULL);
    return delivered(trial->study, rc);
}

static int32_t trial_end(const afina_trial *trial, int32_t state, const char *reason, const char *function)
{
    int32_t rc = check_told(trial, trial, "trial", function);
    if (!rc && reason && !text_is_utf8(reason))
        rc = fail(AFINA_E_ARGUMENT, "%s: reason is not UTF-8", function);
    if (rc)
        return rc;
    return delivered(trial->study, study_tell_trial(trial->study, trial->trial, state, NULL, 0, reason));
}

int32_t afina_trial_tell_failed(afina_trial *trial, const char *reason)
{
    return trial_end(trial, AFINA_STATE_FAILED, reason, __func__);
}

int32_t afina_trial_tell_infeasible(afina_trial *trial, const char *reason)
{
    return trial_end(trial, AFINA_STATE_INFEASIBLE, reason, __func__);
}

int32_t afina_trial_tell_lost(afina_trial *trial, const char *reason)
{
    return trial_end(trial, AFINA_STATE_LOST, reason, __func__);
}

int32_t afina_trial_tell_stopped(afina_trial *trial)
{
    return trial_end(trial, AFINA_STATE_STOPPED, NULL, __func__);
}

/* For a dry run. */
static int32_t count_refused(afina_trial *trial, int32_t rc)
{
    if (!trial)
        return rc;
    trial->refused++;
    if (trial->refusal)
        text_format(trial->refusal, FAIL_TEXT_SIZE, "%s", fail_text());
    return rc;
}

int32_t afina_trial_tell_report(afina_trial *trial, double step, const double *values, size_t count)
{
    int32_t rc = check_told(trial, values, "values", __func__);
    if (!rc)
        rc = study_report(trial->study, trial->trial, step, values, count);
    if (rc)
        return count_refused(trial, rc);
    return delivered(trial->study, AFINA_OK);
}

int32_t afina_trial_tell_constraints(afina_trial *trial, const double *values, size_t count)
{
    int32_t rc = check_told(trial, values, "values", __func__);
    if (!rc && count == 0)
        rc = fail(AFINA_E_ARGUMENT, "%s: values is empty", __func__);
    return rc ? rc : study_constrain(trial->study, trial->trial, values, count);
}

int32_t afina_trial_tell_errors(afina_trial *trial, const double *errors, size_t count)
{
    int32_t rc = check_told(trial, errors, "errors", __func__);
    return rc ? rc : study_tell_errors(trial->study, trial->trial, errors, count);
}

int32_t afina_trial_tell_checkpoint(afina_trial *trial, const char *text)
{
    int32_t rc = check_told(trial, text, "text", __func__);
    if (!rc && !text_is_utf8(text))
        rc = fail(AFINA_E_ARGUMENT, "%s: text is not UTF-8", __func__);
    return rc ? rc : study_tell_checkpoint(trial->study, trial->trial, text);
}

int32_t afina_trial_tell_restarted(afina_trial *trial)
{
    int32_t rc = require(trial, __func__, "trial");
    if (!rc)
        rc = study_check(trial->study);
    return rc ? rc : study_tell_restarted(trial->study, trial->trial);
}

int32_t afina_trial_tell_attribute(afina_trial *trial, const char *key, const char *text)
{
    int32_t rc = check_told(trial, text, "text", __func__);
    if (!rc)
        rc = require_text(key, __func__, "key");
    if (!rc && !text_is_utf8(text))
        rc = fail(AFINA_E_ARGUMENT, "%s: text is not UTF-8", __func__);
    return rc ? rc : study_tell_attribute(trial->study, trial->trial, key, text);
}
