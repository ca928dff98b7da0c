/* What comes while a trial runs: reports, and the decision that it should end. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"

#include <math.h>
#include <string.h>

/* The row of a report: step, values. */
static double *row_of(const struct study *study, const struct trial *trial, size_t index)
{
    return trial->extras->reports + index * (1 + study->objectives);
}

static int32_t report_check(const struct study *study, const struct entry *entry)
{
    const struct trial *trial = study->trials[entry->trial];
    int32_t rc = study_check_open(study, entry->trial);
    if (!rc)
        rc = study_check_count(study, entry->n_values);
    if (rc)
        return rc;
    if (!isfinite(entry->step))
        return fail(AFINA_E_RANGE, "the step of a report must be finite, got %g", entry->step);
    if (trial->extras->n_reports == 0)
        return 0;
    double last = row_of(study, trial, trial->extras->n_reports - 1)[0];
    if (entry->step <= last)
        return fail(AFINA_E_RANGE, "the step of a report must be greater than the one before (%g), got %g", last,
                    entry->step);
    return 0;
}

static int32_t report_prepare(struct study *study, const struct entry *entry, void **made)
{
    (void)made;
    struct trial_extras *extras = trial_own_extras(study->trials[entry->trial]);
    if (!extras)
        return fail_memory();
    size_t width = 1 + study->objectives;
    void *reports = extras->reports;
    int32_t rc = mem_reserve(&reports, &extras->report_capacity, extras->n_reports + 1, width * sizeof(double));
    extras->reports = reports;
    return rc;
}

static void report_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)made;
    struct trial *trial = study->trials[entry->trial];
    struct trial_extras *extras = trial_own_extras(trial);
    double *row = row_of(study, trial, extras->n_reports);
    row[0] = entry->step;
    memcpy(row + 1, entry->values, entry->n_values * sizeof *entry->values);
    event->detail.index = extras->n_reports++;
}

static void report_undo(struct study *study, const struct event *event)
{
    trial_own_extras(study->trials[event->subject])->n_reports--;
}

static void report_view(const struct study *study, const struct event *event, struct entry *entry)
{
    const double *row = row_of(study, study->trials[event->subject], event->detail.index);
    entry->present |= FIELD_STEP | FIELD_VALUES;
    entry->step = row[0];
    entry->values = row + 1;
    entry->n_values = study->objectives;
}

const struct event_kind report_kind = {
    .name = "report",
    .required = FIELD_TRIAL | FIELD_STEP | FIELD_VALUES,
    .check = report_check,
    .prepare = report_prepare,
    .apply = report_apply,
    .undo = report_undo,
    .view = report_view,
};

static int32_t stop_check(const struct study *study, const struct entry *entry)
{
    if (entry->seen < 0 || (uint64_t)entry->seen > study->n_events)
        return fail(AFINA_E_FORMAT, "\"seen\" must be a number of events before this one, got %lld",
                    (long long)entry->seen);
    return study_check_open(study, entry->trial);
}

static int32_t stop_prepare(struct study *study, const struct entry *entry, void **made)
{
    (void)made;
    return trial_own_extras(study->trials[entry->trial]) ? 0 : fail_memory();
}

static void stop_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)made;
    trial_own_extras(study->trials[entry->trial])->stops++;
    event->detail.seen = (uint64_t)entry->seen;
}

static void stop_undo(struct study *study, const struct event *event)
{
    trial_own_extras(study->trials[event->subject])->stops--;
}

static void stop_view(const struct study *study, const struct event *event, struct entry *entry)
{
    (void)study;
    entry->present |= FIELD_SEEN;
    entry->seen = (int64_t)event->detail.seen;
}

const struct event_kind stop_kind = {
    .name = "stop",
    .required = FIELD_TRIAL | FIELD_SEEN,
    .check = stop_check,
    .prepare = stop_prepare,
    .apply = stop_apply,
    .undo = stop_undo,
    .view = stop_view,
};
