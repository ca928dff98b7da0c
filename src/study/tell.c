/* What is told of trials: reports, constraints, errors, ends, and results from elsewhere. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/turn.h"

#include <float.h>
#include <math.h>
#include <string.h>

int study_may_be_best(const struct study *study, const struct trial *trial)
{
    return study->objectives == 1 && trial->state == AFINA_STATE_COMPLETE && trial_is_feasible(trial);
}

void study_update_best(struct study *study, const struct trial *trial)
{
    if (!study_may_be_best(study, trial))
        return;
    double loss = study->signs[0] * trial->values[0];
    if (study->best >= 0) {
        const struct trial *best = study->trials[study->best];
        double best_loss = study->signs[0] * best->values[0];
        if (loss > best_loss || (loss == best_loss && trial->number > best->number))
            return;
    }
    study->best = trial->number;
}

/* What a trial's end adds to its record, made before anything is changed. */
struct ending {
    int32_t state;
    double *values;
    char *reason;
};

static void ending_free(struct ending *ending)
{
    mem_free(ending->values);
    mem_free(ending->reason);
}

static int32_t check_count(const struct study *study, const char *what, size_t count)
{
    if (count == study->objectives)
        return 0;
    return fail(AFINA_E_RANGE, "%s: %zu values given for %zu objective%s", what, count, study->objectives,
                study->objectives == 1 ? "" : "s");
}

static int32_t ending_new(struct ending *ending, const struct study *study, int32_t state, const double *values,
                          size_t count, const char *reason)
{
    *ending = (struct ending){.state = state};
    if (values) {
        ending->values = mem_copy(values, count, sizeof *values);
        if (!ending->values)
            return fail_memory();
        for (size_t i = 0; i < study->objectives; i++) {
            if (isnan(values[i])) {
                ending->state = AFINA_STATE_FAILED;
                if (!reason)
                    reason = "the value is NaN";
            }
        }
    }
    if (reason && reason[0]) {
        ending->reason = mem_copy_string(reason);
        if (!ending->reason) {
            ending_free(ending);
            return fail_memory();
        }
    }
    return 0;
}

static void apply_ending(struct trial *trial, const struct ending *ending)
{
    trial->state = ending->state;
    trial->values = ending->values;
    trial->reason = ending->reason;
}

int32_t study_add(struct study *study, const struct point *point, int32_t state, const double *values, size_t count,
                  struct trial **out)
{
    *out = NULL;
    struct ending ending = {0};
    struct trial *trial = NULL;
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    rc = study_begin(study);
    if (!rc && state == AFINA_STATE_COMPLETE)
        rc = check_count(study, "afina_add_trial", count);
    if (!rc)
        rc = ending_new(&ending, study, state, state == AFINA_STATE_COMPLETE ? values : NULL, count, NULL);
    if (rc)
        goto out;
    trial = trial_new(point, AFINA_ORIGIN_ADDED);
    if (!trial)
        rc = fail_memory();
    if (!rc) {
        /* Room for both events first, so that no half of the trial is ever in the log. */
        void *events = study->events;
        rc = mem_reserve(&events, &study->event_capacity, study->n_events + 2, sizeof *study->events);
        study->events = events;
    }
    if (!rc)
        rc = study_append_trial(study, trial, study->n_events);
    if (rc) {
        trial_free(trial);
        ending_free(&ending);
        goto out;
    }
    apply_ending(trial, &ending);
    study_append_event(study, EVENT_TOLD, trial->number, 0);
    study_update_best(study, trial);
    *out = trial;
out:
    study_leave_turn(study);
    return rc;
}

static int32_t check_running(const struct trial *trial)
{
    if (trial->state == AFINA_STATE_RUNNING)
        return 0;
    return fail(AFINA_E_STATE, "trial %lld is not running: it is %s", (long long)trial->number,
                trial_state_name(trial->state));
}

/* The values of the last report, or NULL. */
static const double *last_report(const struct study *study, const struct trial *trial)
{
    if (trial->n_reports == 0)
        return NULL;
    return trial->reports + (trial->n_reports - 1) * (1 + study->objectives) + 1;
}

int32_t study_tell(struct study *study, int64_t number, int32_t state, const double *values, size_t count,
                   const char *reason)
{
    struct trial *trial;
    struct ending ending;
    int32_t rc = study_trial(study, number, &trial);
    if (rc)
        return rc;
    study_lock(study);
    rc = check_running(trial);
    if (!rc && state == AFINA_STATE_COMPLETE)
        rc = check_count(study, "afina_tell", count);
    if (rc)
        goto out;
    if (state == AFINA_STATE_STOPPED)
        values = last_report(study, trial);
    else if (state != AFINA_STATE_COMPLETE)
        values = NULL;
    rc = ending_new(&ending, study, state, values, study->objectives, reason);
    if (rc)
        goto out;
    rc = study_append_event(study, EVENT_TOLD, number, 0);
    if (rc) {
        ending_free(&ending);
        goto out;
    }
    apply_ending(trial, &ending);
    study_update_best(study, trial);
out:
    study_unlock(study);
    return rc;
}

int32_t study_constrain(struct study *study, int64_t number, const double *values, size_t count)
{
    struct trial *trial;
    int32_t rc = study_trial(study, number, &trial);
    if (rc)
        return rc;
    double *copy = mem_copy(values, count, sizeof *values);
    if (!copy)
        return fail_memory();
    study_lock(study);
    rc = check_running(trial);
    if (!rc && trial->constraints)
        rc = fail(AFINA_E_STATE, "the constraints of trial %lld were told already", (long long)number);
    if (!rc)
        rc = study_append_event(study, EVENT_CONSTRAINTS, number, 0);
    if (!rc) {
        trial->constraints = copy;
        trial->n_constraints = count;
        copy = NULL;
    }
    study_unlock(study);
    mem_free(copy);
    return rc;
}

static int32_t check_errors(const struct study *study, const struct trial *trial, const double *errors, size_t count)
{
    int32_t rc = check_running(trial);
    if (!rc && trial->errors)
        rc = fail(AFINA_E_STATE, "the errors of trial %lld were told already", (long long)trial->number);
    if (!rc)
        rc = check_count(study, "afina_tell_errors", count);
    for (size_t i = 0; i < count && !rc; i++)
        if (!(errors[i] >= 0 && errors[i] <= DBL_MAX))
            rc = fail(AFINA_E_RANGE, "the standard error of a value must be finite and >= 0, got %g", errors[i]);
    return rc;
}

int32_t study_tell_errors(struct study *study, int64_t number, const double *errors, size_t count)
{
    struct trial *trial;
    int32_t rc = study_trial(study, number, &trial);
    if (rc)
        return rc;
    double *copy = NULL;
    study_lock(study);
    rc = check_errors(study, trial, errors, count);
    if (!rc) {
        copy = mem_copy(errors, count, sizeof *errors);
        rc = copy ? study_append_event(study, EVENT_ERRORS, number, 0) : fail_memory();
    }
    if (!rc) {
        trial->errors = copy;
        copy = NULL;
    }
    study_unlock(study);
    mem_free(copy);
    return rc;
}

static int32_t check_report(const struct study *study, const struct trial *trial, double step, size_t count)
{
    int32_t rc = check_running(trial);
    if (!rc)
        rc = check_count(study, "afina_trial_tell_report", count);
    if (rc)
        return rc;
    if (!isfinite(step))
        return fail(AFINA_E_RANGE, "the step of a report must be finite, got %g", step);
    if (trial->n_reports == 0)
        return 0;
    double last = trial->reports[(trial->n_reports - 1) * (1 + study->objectives)];
    if (step <= last)
        return fail(AFINA_E_RANGE, "the step of a report must be greater than the one before (%g), got %g", last,
                    step);
    return 0;
}

int32_t study_report(struct study *study, struct trial *trial, double step, const double *values, size_t count)
{
    study_lock(study);
    size_t width = 1 + study->objectives;
    int32_t rc = check_report(study, trial, step, count);
    if (!rc) {
        void *reports = trial->reports;
        rc = mem_reserve(&reports, &trial->report_capacity, trial->n_reports + 1, width * sizeof *trial->reports);
        trial->reports = reports;
    }
    if (!rc)
        rc = study_append_event(study, EVENT_REPORT, trial->number, trial->n_reports);
    if (!rc) {
        double *row = trial->reports + trial->n_reports * width;
        row[0] = step;
        memcpy(row + 1, values, count * sizeof *values);
        trial->n_reports++;
    }
    study_unlock(study);
    return rc;
}
