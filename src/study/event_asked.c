/* Points that wait, and trials that come to be. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/era.h"
#include "study/header.h"

#include <math.h>
#include <string.h>

/* The point of an entry in a space of the study. */
static int32_t place_point(const struct entry *entry, const struct space *space, struct point **out)
{
    *out = NULL;
    if (!entry->is_said && entry->space == space)
        return point_copy(out, entry->point);
    int32_t rc = point_new(out, space);
    if (rc)
        return rc;
    if (!entry->is_said) {
        space_convert(entry->space, entry->point, NULL, NULL, space, *out);
        return 0;
    }
    space_convert(NULL, NULL, entry->space, entry->point, space, *out);
    if (space_same_point(space, *out, entry->space, entry->point))
        return 0;
    point_free(*out);
    *out = NULL;
    return fail(AFINA_E_FORMAT, "\"point\" has a value that the space did not have when it was decided");
}

static int32_t enqueued_prepare(struct study *study, const struct entry *entry, void **made)
{
    struct point *copy;
    void *queue = study->queue;
    int32_t rc = mem_reserve(&queue, &study->queue_capacity, study->n_queue + 1, sizeof *study->queue);
    study->queue = queue;
    if (!rc)
        rc = place_point(entry, study->space, &copy);
    if (!rc)
        *made = copy;
    return rc;
}

static void enqueued_discard(void *made)
{
    point_free(made);
}

static void enqueued_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)entry;
    event->detail.index = study->n_queue;
    study->queue[study->n_queue++] = (struct queued){.space = space_reference(study->space), .point = made};
}

static void enqueued_undo(struct study *study, const struct event *event)
{
    const struct queued *queued = &study->queue[event->detail.index];
    point_free(queued->point);
    space_release(queued->space);
    study->n_queue--;
}

static void enqueued_view(const struct study *study, const struct event *event, struct entry *entry)
{
    entry->present |= FIELD_POINT;
    entry->space = study->queue[event->detail.index].space;
    entry->point = study->queue[event->detail.index].point;
}

const struct event_kind enqueued_kind = {
    .name = "enqueued",
    .required = FIELD_POINT,
    .prepare = enqueued_prepare,
    .discard = enqueued_discard,
    .apply = enqueued_apply,
    .undo = enqueued_undo,
    .view = enqueued_view,
};

static int32_t check_queue(const struct study *study, const struct entry *entry)
{
    if (study->queue_head >= study->n_queue)
        return fail(AFINA_E_FORMAT, "nothing was enqueued for trial %lld", (long long)entry->trial);
    return 0;
}

/* What a trial continues, and how far it goes. */
static int32_t check_plan(const struct entry *entry)
{
    int continues = entry->origin == AFINA_ORIGIN_PROMOTED || entry->origin == AFINA_ORIGIN_REPEATED;
    if ((entry->present & FIELD_PARENT) && (entry->parent < 0 || entry->parent >= entry->trial))
        return fail(AFINA_E_FORMAT, "\"parent\" must be an earlier trial than %lld, got %lld", (long long)entry->trial,
                    (long long)entry->parent);
    if (continues && !(entry->present & FIELD_PARENT))
        return fail(AFINA_E_FORMAT, "trial %lld is %s and has no \"parent\"", (long long)entry->trial,
                    trial_origin_name(entry->origin));
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
    int32_t rc = check_plan(entry);
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

/* The point that waits first, or that of the parent, is the trial's in the space that its decision knew. */
static int32_t check_origin(const struct study *study, const struct entry *entry, const struct era *era,
                            const struct point *point)
{
    const struct space *from;
    const struct point *origin;
    struct point *same;
    if (entry->origin == AFINA_ORIGIN_ENQUEUED) {
        from = study->queue[study->queue_head].space;
        origin = study->queue[study->queue_head].point;
    } else if (entry->origin == AFINA_ORIGIN_PROMOTED || entry->origin == AFINA_ORIGIN_REPEATED) {
        const struct trial *parent = study->trials[entry->parent];
        const struct growth *growth = trial_growth_in(parent, era);
        from = trial_space_after(parent, growth);
        origin = trial_point_after(parent, growth);
    } else {
        return 0;
    }
    int32_t rc = point_new(&same, era->space);
    if (rc)
        return rc;
    space_convert(from, origin, NULL, NULL, era->space, same);
    int is_equal = point_equal(same, point);
    point_free(same);
    if (is_equal)
        return 0;
    if (entry->origin == AFINA_ORIGIN_ENQUEUED)
        return fail(AFINA_E_FORMAT, "trial %lld does not have the point that was enqueued first",
                    (long long)entry->trial);
    return fail(AFINA_E_FORMAT, "trial %lld is %s and does not have the point of its parent %lld",
                (long long)entry->trial, trial_origin_name(entry->origin), (long long)entry->parent);
}

/* A trial of the host's has a point of the space as it is. */
static int32_t find_era(struct study *study, const struct entry *entry, struct era **out)
{
    int is_hosts = entry->origin == AFINA_ORIGIN_ADDED || entry->origin == AFINA_ORIGIN_ENQUEUED;
    return study_era_at(study, is_hosts ? INT64_MAX : entry->trial, (size_t)entry->seen, out);
}

static int32_t make_trial(struct study *study, const struct entry *entry, struct trial **out)
{
    struct era *era;
    struct point *point = NULL;
    *out = NULL;
    int32_t rc = find_era(study, entry, &era);
    if (!rc)
        rc = place_point(entry, era->space, &point);
    if (!rc)
        rc = check_origin(study, entry, era, point);
    if (!rc) {
        *out = trial_new(point, entry->origin);
        rc = *out ? 0 : fail_memory();
    }
    if (rc)
        point_free(point);
    else
        (*out)->era = era;
    return rc;
}

static int32_t asked_prepare(struct study *study, const struct entry *entry, void **made)
{
    struct trial *trial;
    void *trials = study->trials;
    int32_t rc = mem_reserve_tightly(&trials, &study->trial_capacity, study->n_trials + 1, sizeof *study->trials);
    study->trials = trials;
    if (!rc)
        rc = make_trial(study, entry, &trial);
    if (rc)
        return rc;
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

static void asked_discard(void *made)
{
    trial_free(made);
}

static void asked_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    struct trial *trial = made;
    trial->number = (uint32_t)entry->trial;
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
    entry->space = trial->era->space;
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
    .discard = asked_discard,
    .apply = asked_apply,
    .undo = asked_undo,
    .view = asked_view,
};
