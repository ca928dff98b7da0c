/* The end of a trial. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"

#include <math.h>
#include <string.h>

static int has_nan(const struct entry *entry)
{
    for (size_t i = 0; i < entry->n_values; i++)
        if (isnan(entry->values[i]))
            return 1;
    return 0;
}

/* The values are those of the trial's last report; without a report there are none. */
static int32_t check_stopped(const struct study *study, const struct entry *entry)
{
    const double *last = study_last_report(study, study->trials[entry->trial]);
    int same =
        last ? entry->n_values == study->objectives && memcmp(last, entry->values, entry->n_values * sizeof *last) == 0
             : entry->n_values == 0;
    if (same)
        return 0;
    return fail(AFINA_E_FORMAT, "the values of a stopped trial are those of its last report");
}

static int32_t check_values(const struct study *study, const struct entry *entry)
{
    if (entry->state == AFINA_STATE_STOPPED)
        return check_stopped(study, entry);
    int has_result = entry->state == AFINA_STATE_COMPLETE || entry->state == AFINA_STATE_PAUSED;
    if (has_result && !(entry->present & FIELD_VALUES))
        return fail(AFINA_E_FORMAT, "\"values\" is missing");
    if (!(entry->present & FIELD_VALUES))
        return 0;
    if (!has_result && entry->state != AFINA_STATE_FAILED)
        return fail(AFINA_E_FORMAT, "a trial that is %s has no values", trial_state_name(entry->state));
    int32_t rc = study_check_count(study, entry->n_values);
    if (rc)
        return rc;
    if (has_result && has_nan(entry))
        return fail(AFINA_E_FORMAT, "a trial that is %s has no value \"nan\"", trial_state_name(entry->state));
    if (entry->state == AFINA_STATE_FAILED && !has_nan(entry))
        return fail(AFINA_E_FORMAT, "a failed trial has values only when one of them is \"nan\"");
    return 0;
}

static int32_t told_check(const struct study *study, const struct entry *entry)
{
    int32_t rc = study_check_open(study, entry->trial);
    if (rc)
        return rc;
    if (entry->state == AFINA_STATE_RUNNING)
        return fail(AFINA_E_FORMAT, "\"state\" must be that of a trial that has ended");
    if (entry->state == AFINA_STATE_LOST && study->trials[entry->trial]->state == AFINA_STATE_LOST)
        return fail(AFINA_E_STATE, "trial %lld is lost already", (long long)entry->trial);
    return check_values(study, entry);
}

/* One block: the ending, its values, its reason. */
static int32_t told_prepare(struct study *study, const struct entry *entry, void **made)
{
    if (study->replicates > 1 && study_reserve_mean(study, study->trials[entry->trial]))
        return AFINA_E_MEMORY;
    size_t n_values = entry->present & FIELD_VALUES ? entry->n_values : 0;
    size_t reason = entry->present & FIELD_REASON ? strlen(entry->reason) + 1 : 0;
    char *block = mem_new(sizeof(struct ending) + n_values * sizeof(double) + reason, 1);
    if (!block)
        return fail_memory();
    struct ending *ending = (struct ending *)(void *)block;
    if (n_values > 0) {
        ending->values = (double *)(void *)(block + sizeof *ending);
        memcpy(ending->values, entry->values, n_values * sizeof(double));
    }
    if (reason > 0) {
        ending->reason = block + sizeof *ending + n_values * sizeof(double);
        memcpy(ending->reason, entry->reason, reason);
    }
    ending->state = entry->state;
    *made = ending;
    return 0;
}

static void told_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    struct trial *trial = study->trials[entry->trial];
    struct ending *ending = made;
    ending->before = trial->end;
    ending->position = (uint32_t)study->n_events;
    event->detail.ending = ending;
    trial->end = ending;
    trial->state = (uint8_t)ending->state;
    study_update_best(study, trial);
}

/* The caller computes study->best again. */
static void told_undo(struct study *study, const struct event *event)
{
    struct trial *trial = study->trials[event->subject];
    trial->end = event->detail.ending->before;
    trial->state = (uint8_t)trial->end->state;
    mem_free(event->detail.ending);
}

static void told_view(const struct study *study, const struct event *event, struct entry *entry)
{
    const struct ending *ending = event->detail.ending;
    entry->present |= FIELD_STATE;
    entry->state = ending->state;
    if (ending->values) {
        entry->present |= FIELD_VALUES;
        entry->values = ending->values;
        entry->n_values = study->objectives;
    }
    if (ending->reason) {
        entry->present |= FIELD_REASON;
        entry->reason = ending->reason;
    }
}

const struct event_kind told_kind = {
    .name = "told",
    .required = FIELD_TRIAL | FIELD_STATE,
    .optional = FIELD_VALUES | FIELD_REASON,
    .check = told_check,
    .prepare = told_prepare,
    .apply = told_apply,
    .undo = told_undo,
    .view = told_view,
};
