/* Points that wait, and trials that come to be. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/header.h"

#include <math.h>
#include <string.h>

static int32_t enqueued_prepare(struct study *study, const struct entry *entry, void **made)
{
    struct point *copy;
    void *queue = study->queue;
    int32_t rc = mem_reserve(&queue, &study->queue_capacity, study->n_queue + 1, sizeof *study->queue);
    study->queue = queue;
    if (!rc)
        rc = point_copy(&copy, entry->point);
    if (!rc)
        *made = copy;
    return rc;
}

static void enqueued_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)entry;
    event->detail.index = study->n_queue;
    study->queue[study->n_queue++] = made;
}

static void enqueued_undo(struct study *study, const struct event *event)
{
    point_free(study->queue[event->detail.index]);
    study->n_queue--;
}

static void enqueued_view(const struct study *study, const struct event *event, struct entry *entry)
{
    entry->present |= FIELD_POINT;
    entry->point = study->queue[event->detail.index];
}

const struct event_kind enqueued_kind = {
    .name = "enqueued",
    .required = FIELD_POINT,
    .prepare = enqueued_prepare,
    .apply = enqueued_apply,
    .undo = enqueued_undo,
    .view = enqueued_view,
};

static int32_t check_queue(const struct study *study, const struct entry *entry)
{
    if (study->queue_head >= study->n_queue)
        return fail(AFINA_E_FORMAT, "nothing was enqueued for trial %lld", (long long)entry->trial);
    if (!point_equal(study->queue[study->queue_head], entry->point))
        return fail(AFINA_E_FORMAT, "trial %lld does not have the point that was enqueued first",
                    (long long)entry->trial);
    return 0;
}

/* What a trial continues, and how far it goes. */
static int32_t check_plan(const struct study *study, const struct entry *entry)
{
    int continues = entry->origin == AFINA_ORIGIN_PROMOTED || entry->origin == AFINA_ORIGIN_REPEATED;
    if ((entry->present & FIELD_PARENT) && (entry->parent < 0 || entry->parent >= entry->trial))
        return fail(AFINA_E_FORMAT, "\"parent\" must be an earlier trial than %lld, got %lld", (long long)entry->trial,
                    (long long)entry->parent);
    if (continues && !(entry->present & FIELD_PARENT))
        return fail(AFINA_E_FORMAT, "trial %lld is %s and has no \"parent\"", (long long)entry->trial,
                    trial_origin_name(entry->origin));
    if (continues && !point_equal(study->trials[entry->parent]->point, entry->point))
        return fail(AFINA_E_FORMAT, "trial %lld is %s and does not have the point of its parent %lld",
                    (long long)entry->trial, trial_origin_name(entry->origin), (long long)entry->parent);
    if ((entry->present & FIELD_BUDGET) && !(entry->budget > 0 && isfinite(entry->budget)))
        return fail(AFINA_E_RANGE, "\"budget\" must be finite and > 0, got %g", entry->budget);
    if ((entry->present & FIELD_REPLICATE) && entry->replicate < 0)
        return fail(AFINA_E_RANGE, "\"replicate\" must be 0 or more, got %lld", (long long)entry->replicate);
    if ((entry->present & FIELD_EXHAUSTED) && entry->exhausted != 1)
        return fail(AFINA_E_RANGE, "\"exhausted\" must be 1, got %lld", (long long)entry->exhausted);
    return 0;
}

/* What no scheduler asks for, whatever came before. A study without budgets and replicates keeps what it cannot use. */
static int32_t check_schedule(const struct study *study, const struct entry *entry)
{
    double most = option_real(&study->options, "budget_max");
    int64_t replicates = option_integer(&study->options, "replicates");
    const struct trial *parent = entry->present & FIELD_PARENT ? study->trials[entry->parent] : NULL;
    int is_planned = isfinite(most) || replicates > 1;
    int goes_on = is_planned && parent && entry->origin != AFINA_ORIGIN_REPEATED;
    if ((entry->present & FIELD_BUDGET) && entry->budget > most)
        return fail(AFINA_E_FORMAT, "\"budget\" of trial %lld must be at most \"budget_max\", %g, got %g",
                    (long long)entry->trial, most, entry->budget);
    if ((entry->present & FIELD_REPLICATE) && replicates > 1 && entry->replicate >= replicates)
        return fail(AFINA_E_FORMAT, "\"replicate\" of trial %lld must be in [0, %lld], got %lld",
                    (long long)entry->trial, (long long)replicates - 1, (long long)entry->replicate);
    if (goes_on && parent->state == AFINA_STATE_RUNNING)
        return fail(AFINA_E_FORMAT, "trial %lld cannot continue its parent %lld, which has not ended",
                    (long long)entry->trial, (long long)entry->parent);
    if (goes_on && (entry->present & FIELD_BUDGET) && entry->budget < trial_reached(parent))
        return fail(AFINA_E_FORMAT, "\"budget\" of trial %lld must be at least the %g of its parent %lld, got %g",
                    (long long)entry->trial, trial_reached(parent), (long long)entry->parent, entry->budget);
    return 0;
}

static int32_t asked_check(const struct study *study, const struct entry *entry)
{
    if (entry->trial != (int64_t)study->n_trials)
        return fail(AFINA_E_FORMAT, "\"trial\" must be the next number, %zu, got %lld", study->n_trials,
                    (long long)entry->trial);
    if (entry->seen < 0 || (uint64_t)entry->seen > study->n_events)
        return fail(AFINA_E_FORMAT, "\"seen\" must be a number of events before this one, got %lld",
                    (long long)entry->seen);
    if (entry->note_version < 0 || entry->note_version > INT32_MAX)
        return fail(AFINA_E_FORMAT, "\"note_version\" must be in [0, %d], got %lld", INT32_MAX,
                    (long long)entry->note_version);
    if (entry->note_size > METHOD_NOTE_MAX)
        return fail(AFINA_E_FORMAT, "\"note\" has at most %d numbers, got %zu", (int)METHOD_NOTE_MAX, entry->note_size);
    int32_t rc = check_plan(study, entry);
    if (!rc)
        rc = check_schedule(study, entry);
    if (!rc && entry->origin == AFINA_ORIGIN_ENQUEUED)
        rc = check_queue(study, entry);
    return rc;
}

static void copy_parent(const struct study *study, struct trial_extras *extras, const struct entry *entry)
{
    const struct trial *parent = study->trials[entry->parent];
    extras->parent = entry->parent;
    if (entry->origin != AFINA_ORIGIN_REPEATED)
        extras->start = trial_reached(parent);
    if (entry->origin == AFINA_ORIGIN_PROMOTED || entry->origin == AFINA_ORIGIN_REPEATED)
        extras->arm = trial_arm(parent);
}

static int32_t copy_plan(const struct study *study, struct trial *trial, const struct entry *entry)
{
    if (!(entry->present & (FIELD_PARENT | FIELD_BUDGET | FIELD_REPLICATE | FIELD_EXHAUSTED)))
        return 0;
    struct trial_extras *extras = trial_own_extras(trial);
    if (!extras)
        return fail_memory();
    if (entry->present & FIELD_PARENT)
        copy_parent(study, extras, entry);
    if (entry->present & FIELD_BUDGET)
        extras->budget = entry->budget;
    if (entry->present & FIELD_REPLICATE)
        extras->replicate = entry->replicate;
    extras->exhausted = (entry->present & FIELD_EXHAUSTED) != 0;
    return 0;
}

static int32_t copy_note(struct trial *trial, const struct entry *entry)
{
    trial->note_version = (int32_t)entry->note_version;
    if (entry->note_size == 0)
        return 0;
    trial->note = mem_copy(entry->note, entry->note_size, sizeof *entry->note);
    trial->note_size = (uint16_t)entry->note_size;
    return trial->note ? 0 : fail_memory();
}

static int32_t asked_prepare(struct study *study, const struct entry *entry, void **made)
{
    void *trials = study->trials;
    int32_t rc = mem_reserve_tightly(&trials, &study->trial_capacity, study->n_trials + 1, sizeof *study->trials);
    study->trials = trials;
    if (rc)
        return rc;
    struct trial *trial = trial_new(entry->point, entry->origin);
    if (!trial)
        return fail_memory();
    rc = copy_plan(study, trial, entry);
    if (!rc)
        rc = copy_note(trial, entry);
    if (!rc)
        rc = header_fix(study);
    if (rc)
        trial_free(trial);
    else
        *made = trial;
    return rc;
}

static void asked_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    struct trial *trial = made;
    trial->number = entry->trial;
    trial->asked = (uint32_t)study->n_events;
    event->detail.seen = (uint64_t)entry->seen;
    study->trials[study->n_trials++] = trial;
    if (entry->origin == AFINA_ORIGIN_ENQUEUED)
        study->queue_head++;
}

/* The host may hold the trial: it is kept as long as the study where study_rewind() made the room. */
static void asked_undo(struct study *study, const struct event *event)
{
    struct trial *trial = study->trials[event->subject];
    study->n_trials--;
    if (trial->origin == AFINA_ORIGIN_ENQUEUED)
        study->queue_head--;
    trial->asked = TRIAL_DROPPED;
    if (study->n_dropped < study->dropped_capacity)
        study->dropped[study->n_dropped++] = trial;
    else
        trial_free(trial);
}

static void view_plan(const struct trial_extras *extras, struct entry *entry)
{
    entry->parent = extras->parent;
    entry->budget = extras->budget;
    entry->replicate = extras->replicate;
    if (extras->parent >= 0)
        entry->present |= FIELD_PARENT;
    if (isfinite(extras->budget))
        entry->present |= FIELD_BUDGET;
    if (extras->replicate != 0)
        entry->present |= FIELD_REPLICATE;
    entry->exhausted = extras->exhausted;
    if (extras->exhausted)
        entry->present |= FIELD_EXHAUSTED;
}

static void asked_view(const struct study *study, const struct event *event, struct entry *entry)
{
    const struct trial *trial = study->trials[event->subject];
    entry->present |= FIELD_ORIGIN | FIELD_SEEN | FIELD_POINT;
    entry->origin = trial->origin;
    entry->seen = (int64_t)event->detail.seen;
    entry->point = trial->point;
    view_plan(trial->extras, entry);
    entry->note = trial->note;
    entry->note_size = trial->note_size;
    entry->note_version = trial->note_version;
    if (trial->note_size > 0)
        entry->present |= FIELD_NOTE;
    if (trial->note_version != 0)
        entry->present |= FIELD_NOTE_VERSION;
}

const struct event_kind asked_kind = {
    .name = "asked",
    .required = FIELD_TRIAL | FIELD_ORIGIN | FIELD_SEEN | FIELD_POINT,
    .optional = FIELD_PARENT | FIELD_BUDGET | FIELD_REPLICATE | FIELD_EXHAUSTED | FIELD_NOTE_VERSION | FIELD_NOTE,
    .check = asked_check,
    .prepare = asked_prepare,
    .apply = asked_apply,
    .undo = asked_undo,
    .view = asked_view,
};
