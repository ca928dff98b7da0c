/* Lines of another process are taken into a log, and lines are taken back. The text is read before
 * the lock is taken; what it says is compared and committed in one go, so that no event of ours comes
 * between its lines. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/header.h"
#include "study/log.h"
#include "study/log_batch.h"
#include "study/stored.h"
#include "study/turn.h"

#include <math.h>
#include <string.h>

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static int same_doubles(const double *a, size_t n, const double *b, size_t m)
{
    if (n != m)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (bits_of(a[i]) != bits_of(b[i]) && !(isnan(a[i]) && isnan(b[i])))
            return 0;
    return 1;
}

/* 1 when two points of the same kind of event say the same; theirs is of a line. */
static int same_point(const struct entry *theirs, const struct entry *ours)
{
    return space_same_point(ours->space, ours->point, theirs->space, theirs->point);
}

static int same_names(const struct entry *a, const struct entry *b)
{
    if (a->n_names != b->n_names)
        return 0;
    for (size_t i = 0; i < a->n_names; i++)
        if (strcmp(a->names[i], b->names[i]) != 0)
            return 0;
    return 1;
}

static int same_field(const struct entry *a, const struct entry *b, uint32_t field)
{
    switch (field) {
    case FIELD_TRIAL:
        return a->trial == b->trial;
    case FIELD_ORIGIN:
        return a->origin == b->origin;
    case FIELD_SEEN:
        return a->seen == b->seen;
    case FIELD_PARENT:
        return a->parent == b->parent;
    case FIELD_BUDGET:
        return same_doubles(&a->budget, 1, &b->budget, 1);
    case FIELD_REPLICATE:
        return a->replicate == b->replicate;
    case FIELD_POINT:
        return same_point(a, b);
    case FIELD_SPACE:
        return space_equal(a->space, b->space);
    case FIELD_NOTE_VERSION:
        return a->note_version == b->note_version;
    case FIELD_NOTE:
        return same_doubles(a->note, a->note_size, b->note, b->note_size);
    case FIELD_STEP:
        return same_doubles(&a->step, 1, &b->step, 1);
    case FIELD_STATE:
        return a->state == b->state;
    case FIELD_VALUES:
        return same_doubles(a->values, a->n_values, b->values, b->n_values);
    case FIELD_REASON:
        return strcmp(a->reason, b->reason) == 0;
    case FIELD_NAMES:
        return same_names(a, b);
    case FIELD_KEY:
        return strcmp(a->key, b->key) == 0;
    case FIELD_TEXT:
        return strcmp(a->text, b->text) == 0;
    case FIELD_TIME:
        return a->time == b->time;
    default:
        return strcmp(a->worker, b->worker) == 0;
    }
}

/* Compares what two lines say: one of another version may have keys that we do not know, and blanks elsewhere. */
static int same_event(const struct entry *a, const struct entry *b)
{
    if (a->kind != b->kind || a->present != b->present)
        return 0;
    for (int i = 0; i < FIELD_COUNT; i++)
        if ((a->present & 1u << i) && !same_field(a, b, 1u << i))
            return 0;
    return 1;
}

/* The line at `position` is here already when the log says the same there. An event that was made here, and
 * not handed out, cannot have come back: one that equals it is another. */
static int is_known(const struct study *study, const struct entry *theirs, size_t position)
{
    struct entry ours;
    study_view(study, position - 1, &ours);
    return position < study->shared_lines && same_event(theirs, &ours);
}

/* The header is the same to the byte: it is never written anew. */
static int is_known_header(const struct study *study, const struct batch *batch)
{
    return batch->header_length + 1 == study->header_length &&
           memcmp(batch->header, study->header, batch->header_length) == 0;
}

/* Passes over the lines that are here already: *count entries of the batch. */
static int32_t pass_known(const struct study *study, const struct batch *batch, size_t *position, size_t *count)
{
    *count = 0;
    if (batch->header) {
        if (!is_known_header(study, batch))
            return AFINA_STALE;
        ++*position;
    }
    while (*count < batch->count && *position < 1 + study->n_events) {
        if (!is_known(study, &batch->entries[*count], *position))
            return AFINA_STALE;
        ++*position;
        ++*count;
    }
    return 0;
}

/* The turn and the lock are held. */
static int32_t take_in(struct study *study, const struct batch *batch, size_t *position)
{
    size_t count, before = study->n_events;
    int32_t rc = pass_known(study, batch, position, &count);
    if (!rc && batch->rc)
        rc = fail(batch->rc, "%s", batch->failure);
    for (; !rc && count < batch->count; count++) {
        rc = study_commit(study, &batch->entries[count]);
        if (rc)
            log_line_fail(rc, *position + 1);
        else
            ++*position;
    }
    if (rc < 0)
        study_truncate(study, before);
    if (!rc && *position > study->shared_lines)
        study->shared_lines = *position;
    return rc;
}

/* Takes a turn for it. */
static int32_t append(struct study *study, const struct batch *batch, size_t *position)
{
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    int was_open = !study->header && !study->begun;
    if (*position > 1 + study->n_events)
        rc = fail(AFINA_E_RANGE, "the log has %zu lines; those from position %zu on cannot be appended",
                  1 + study->n_events, *position);
    if (!rc)
        rc = study_begin(study);
    if (!rc)
        rc = header_fix(study);
    if (!rc)
        rc = take_in(study, batch, position);
    if (rc && was_open)
        header_open(study);
    study_leave_turn(study);
    return rc;
}

int32_t study_log_append(struct study *study, size_t position, const char *text, size_t length, size_t *next)
{
    struct batch batch = {0};
    *next = position;
    if (length > 0 && text[length - 1] != '\n')
        return fail(AFINA_E_FORMAT, "the last line of the text has no end");
    int32_t rc = stored_refuse(study, "it takes no lines from elsewhere");
    if (!rc)
        rc = study_check_turn(study);
    if (rc)
        return rc;
    struct space *space = study_space(study);
    rc = batch_read(&batch, space, text, length, position);
    if (!rc)
        rc = append(study, &batch, &position);
    if (rc >= 0)
        *next = position;
    batch_fini(&batch);
    space_release(space);
    return rc;
}

/* Room for the trials that go: handles may be left of them. */
static int32_t reserve_dropped(struct study *study, size_t events)
{
    size_t trials = 0;
    for (size_t i = events; i < study->n_events; i++)
        trials += study->events[i].kind == EVENT_ASKED;
    void *dropped = study->dropped;
    int32_t rc = mem_reserve(&dropped, &study->dropped_capacity, study->n_dropped + trials, sizeof(struct trial *));
    study->dropped = dropped;
    return rc;
}

int32_t study_log_rewind(struct study *study, size_t position)
{
    int32_t rc = stored_refuse(study, "it cannot be rewound");
    if (!rc)
        rc = study_take_turn(study);
    if (rc)
        return rc;
    if (position < 1 || position > 1 + study->n_events)
        rc = fail(AFINA_E_RANGE, "the log has %zu lines; it can be rewound to a position in [1, %zu], got %zu",
                  1 + study->n_events, 1 + study->n_events, position);
    if (!rc)
        rc = reserve_dropped(study, position - 1);
    if (!rc)
        study_truncate(study, position - 1);
    study_leave_turn(study);
    return rc;
}
