/* A trial could not continue the work of its parent: it began from nothing, and costs its whole budget. */
#include "core/fail.h"
#include "study/commit.h"

static int32_t restarted_check(const struct study *study, const struct entry *entry)
{
    const struct trial *trial = study->trials[entry->trial];
    int32_t rc = study_check_open(study, entry->trial);
    if (rc)
        return rc;
    if (trial->state == AFINA_STATE_LOST)
        return fail(AFINA_E_STATE, "trial %lld is lost: it can no longer be restarted", (long long)entry->trial);
    if (trial->extras->start <= 0)
        return fail(AFINA_E_STATE, "trial %lld continues no other: it has no start to lose", (long long)entry->trial);
    if (trial->extras->restarted)
        return fail(AFINA_E_STATE, "trial %lld was restarted already", (long long)entry->trial);
    if (trial->extras->n_reports > 0)
        return fail(AFINA_E_STATE, "trial %lld has reported: it can no longer be restarted", (long long)entry->trial);
    return 0;
}

static void restarted_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)event;
    (void)made;
    trial_own_extras(study->trials[entry->trial])->restarted = 1;
}

static void restarted_undo(struct study *study, const struct event *event)
{
    trial_own_extras(study->trials[event->subject])->restarted = 0;
}

static void restarted_view(const struct study *study, const struct event *event, struct entry *entry)
{
    (void)study;
    (void)event;
    (void)entry;
}

const struct event_kind restarted_kind = {
    .name = "restarted",
    .required = FIELD_TRIAL,
    .check = restarted_check,
    .apply = restarted_apply,
    .undo = restarted_undo,
    .view = restarted_view,
};
