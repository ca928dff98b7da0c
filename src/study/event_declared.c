/* The space grows: by the host, or by a trial, which then has a value for what it lacked. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/era.h"
#include "study/header.h"

static int32_t declared_check(const struct study *study, const struct entry *entry)
{
    int is_trials = (entry->present & FIELD_TRIAL) != 0;
    if (is_trials != ((entry->present & FIELD_POINT) != 0))
        return fail(AFINA_E_FORMAT, is_trials ? "\"point\" is missing" : "\"point\" needs a \"trial\"");
    int32_t rc = is_trials ? study_check_open(study, entry->trial) : 0;
    if (!rc)
        rc = space_check_extension(study->space, entry->space, is_trials);
    if (!rc && is_trials)
        rc = space_check_extension(trial_space(study->trials[entry->trial]), entry->space, 1);
    return rc;
}

/* The trial's values as they are kept. */
static int32_t copy_given(const struct trial *trial, const struct entry *entry, struct point **out)
{
    int32_t rc = point_copy(out, entry->point);
    if (!rc && entry->is_said)
        rc = growth_complete(trial, entry->space, *out);
    return rc;
}

static int32_t declared_prepare(struct study *study, const struct entry *entry, void **made)
{
    struct growth *growth;
    struct trial *trial = NULL;
    struct point *given = NULL;
    int32_t rc = header_fix(study);
    if (!rc && (entry->present & FIELD_TRIAL)) {
        trial = study->trials[entry->trial];
        rc = trial_own_extras(trial) ? copy_given(trial, entry, &given) : fail_memory();
    }
    if (!rc)
        rc = growth_new(&growth, study, trial, entry->space, given);
    point_free(given);
    if (!rc)
        *made = growth;
    return rc;
}

static void declared_discard(void *made)
{
    growth_free(made);
}

static void declared_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)entry;
    event->detail.growth = made;
    growth_apply(study, made);
}

static void declared_undo(struct study *study, const struct event *event)
{
    (void)event;
    growth_undo(study);
}

static void declared_view(const struct study *study, const struct event *event, struct entry *entry)
{
    (void)study;
    const struct growth *growth = event->detail.growth;
    entry->present |= FIELD_SPACE;
    entry->space = growth->part;
    if (!growth->given)
        return;
    entry->present |= FIELD_POINT;
    entry->point = growth->given;
}

const struct event_kind declared_kind = {
    .name = "declared",
    .required = FIELD_SPACE,
    .optional = FIELD_TRIAL | FIELD_POINT,
    .check = declared_check,
    .prepare = declared_prepare,
    .discard = declared_discard,
    .apply = declared_apply,
    .undo = declared_undo,
    .view = declared_view,
};
