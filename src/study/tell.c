/* What is told of trials: reports, constraints, errors, texts, ends. */
#include "core/fail.h"
#include "study/commit.h"
#include "study/stored.h"

#include <math.h>

const double *study_last_report(const struct study *study, const struct trial *trial)
{
    const struct trial_extras *extras = trial->extras;
    return extras->n_reports > 0 ? extras->reports + (extras->n_reports - 1) * (1 + study->objectives) + 1 : NULL;
}

int32_t study_check_current(const struct trial *trial)
{
    if (trial->asked != TRIAL_DROPPED)
        return 0;
    return fail(AFINA_E_STATE, "this trial %lld is no more: the log was rewound past it", (long long)trial->number);
}

static int any_nan(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isnan(values[i]))
            return 1;
    return 0;
}

static void set_values(struct entry *entry, const double *values, size_t count)
{
    entry->present |= FIELD_VALUES;
    entry->values = values;
    entry->n_values = count;
}

/* The state of a trial that ended with a result: at the full budget it is COMPLETE, below it is PAUSED, and one that
 * ended early is STOPPED. The last report at the budget is a result. */
static int32_t reached_state(const struct study *study, const struct trial *trial, int32_t state)
{
    double budget = trial->extras->budget;
    if (state == AFINA_STATE_STOPPED && study_has_reported_all(study, trial))
        state = AFINA_STATE_COMPLETE;
    return state == AFINA_STATE_COMPLETE && budget < study->budget_max ? AFINA_STATE_PAUSED : state;
}

int study_has_reported_all(const struct study *study, const struct trial *trial)
{
    const double *last = study_last_report(study, trial);
    double budget = trial->extras->budget;
    return last && isfinite(budget) && isfinite(study->budget_max) && last[-1] >= budget;
}

int32_t study_end(struct study *study, const struct trial *trial, int32_t state, const double *values, size_t count,
                  const char *reason)
{
    struct entry entry = study_trial_entry(study, EVENT_TOLD, trial->number);
    int32_t rc = study_check_open(study, trial->number);
    if (!rc && state == AFINA_STATE_COMPLETE)
        rc = study_check_count(study, count);
    if (rc)
        return rc;
    if (state == AFINA_STATE_STOPPED)
        values = study_last_report(study, trial);
    state = reached_state(study, trial, state);
    if (values && (state == AFINA_STATE_COMPLETE || state == AFINA_STATE_STOPPED || state == AFINA_STATE_PAUSED))
        set_values(&entry, values, study->objectives);
    if (any_nan(entry.values, entry.n_values)) {
        state = AFINA_STATE_FAILED;
        reason = reason ? reason : "the value is NaN";
    }
    if (reason && reason[0]) {
        entry.present |= FIELD_REASON;
        entry.reason = reason;
    }
    entry.present |= FIELD_STATE;
    entry.state = state;
    return study_commit(study, &entry);
}

int32_t study_tell_trial(struct study *study, struct trial *trial, int32_t state, const double *values, size_t count,
                         const char *reason)
{
    int32_t rc;
    do {
        study_lock(study);
        rc = study_check_current(trial);
        if (!rc)
            rc = study_end(study, trial, state, values, count, reason);
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}

int32_t study_tell(struct study *study, int64_t number, int32_t state, const double *values, size_t count,
                   const char *reason)
{
    int32_t rc;
    do {
        study_lock(study);
        const struct trial *trial = study_find(study, number);
        rc = trial ? study_end(study, trial, state, values, count, reason) : AFINA_E_NOT_FOUND;
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}

/* Constraints and errors have values and nothing else. */
static int32_t tell_values(struct study *study, int32_t kind, const struct trial *trial, const double *values,
                           size_t count)
{
    int32_t rc;
    do {
        study_lock(study);
        rc = study_check_current(trial);
        if (!rc) {
            struct entry entry = study_trial_entry(study, kind, trial->number);
            set_values(&entry, values, count);
            rc = study_commit(study, &entry);
        }
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}

int32_t study_constrain(struct study *study, const struct trial *trial, const double *values, size_t count)
{
    return tell_values(study, EVENT_CONSTRAINTS, trial, values, count);
}

int32_t study_tell_errors(struct study *study, const struct trial *trial, const double *errors, size_t count)
{
    return tell_values(study, EVENT_ERRORS, trial, errors, count);
}

int32_t study_report(struct study *study, struct trial *trial, double step, const double *values, size_t count)
{
    int32_t rc;
    do {
        study_lock(study);
        rc = study_check_current(trial);
        if (!rc) {
            struct entry entry = study_trial_entry(study, EVENT_REPORT, trial->number);
            entry.present |= FIELD_STEP;
            entry.step = step;
            set_values(&entry, values, count);
            rc = study_commit(study, &entry);
        }
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}

/* Fills in the text and commits. */
static int32_t commit_text(struct study *study, struct entry entry, const char *key, const char *text)
{
    entry.present |= FIELD_TEXT | (key ? FIELD_KEY : 0);
    entry.key = key;
    entry.text = text;
    return study_commit(study, &entry);
}

static int32_t tell_text(struct study *study, int32_t kind, const struct trial *trial, const char *key,
                         const char *text)
{
    int32_t rc;
    do {
        study_lock(study);
        rc = study_check_current(trial);
        if (!rc)
            rc = commit_text(study, study_trial_entry(study, kind, trial->number), key, text);
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}

int32_t study_tell_restarted(struct study *study, const struct trial *trial)
{
    int32_t rc;
    do {
        study_lock(study);
        rc = study_check_current(trial);
        if (!rc) {
            struct entry entry = study_trial_entry(study, EVENT_RESTARTED, trial->number);
            rc = study_commit(study, &entry);
        }
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}

int32_t study_tell_checkpoint(struct study *study, const struct trial *trial, const char *text)
{
    return tell_text(study, EVENT_CHECKPOINT, trial, NULL, text);
}

int32_t study_tell_attribute(struct study *study, const struct trial *trial, const char *key, const char *text)
{
    return tell_text(study, EVENT_ATTRIBUTE, trial, key, text);
}

int32_t study_set_attribute(struct study *study, const char *key, const char *text)
{
    int32_t rc;
    do {
        study_lock(study);
        rc = commit_text(study, study_entry(study, EVENT_ATTRIBUTE), key, text);
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}
