/* The space grows: by the host, or by a trial while it runs. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/era.h"
#include "study/stored.h"
#include "study/turn.h"

/* The turn and lock are held. */
static int32_t commit_part(struct study *study, struct space *part)
{
    int32_t rc = study_begin(study);
    if (!rc)
        rc = space_check_extension(study->space, part, 0);
    if (rc || space_covers(study->space, part))
        return rc;
    struct entry entry = study_entry(study, EVENT_DECLARED);
    entry.present |= FIELD_SPACE;
    entry.space = part;
    return study_commit(study, &entry);
}

int32_t study_extend(struct study *study, struct space *part)
{
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    do
        rc = commit_part(study, part);
    while (stored_again(study, &rc));
    study_leave_turn(study);
    return rc;
}

/* What can be said before values are drawn. The lock is held. */
static int32_t check(const struct study *study, const struct trial *trial, const struct space *part)
{
    int32_t rc = study_check_current(trial);
    if (!rc)
        rc = study_check_open(study, trial->number);
    if (!rc)
        rc = space_check_extension(study->space, part, 1);
    return rc ? rc : space_check_extension(trial_space(trial), part, 1);
}

static int32_t commit_values(struct study *study, const struct trial *trial, struct space *part,
                             const struct point *given)
{
    int32_t rc = study_check_current(trial);
    if (rc)
        return rc;
    struct entry entry = study_trial_entry(study, EVENT_DECLARED, trial->number);
    entry.present |= FIELD_SPACE | FIELD_POINT;
    entry.space = part;
    entry.point = given;
    return study_commit(study, &entry);
}

/* The turn and lock are held; the lock is let go while the host's filter is asked. */
static int32_t extend_trial(struct study *study, struct trial *trial, struct space *part)
{
    struct point *given = NULL;
    int32_t rc = check(study, trial, part);
    if (!rc)
        rc = study_check_filter(study);
    if (rc || (growth_is_needless(trial, part) && space_covers(study->space, part)))
        return rc;
    const struct growth *before = trial->extras->growth;
    study_unlock(study);
    STUDY_TURN_GUARD struct study *guard = study;
    rc = growth_choose(study, trial, before, part, &given);
    guard = NULL;
    int32_t forked = study_check_process(study); /* by the filter */
    if (forked) {
        point_free(given);
        return forked;
    }
    study_lock(study);
    if (!rc)
        rc = commit_values(study, trial, part, given);
    point_free(given);
    return rc;
}

int32_t study_extend_trial(struct study *study, struct trial *trial, struct space *part)
{
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    do
        rc = extend_trial(study, trial, part);
    while (!study_is_forked(study) && stored_again(study, &rc));
    if (!study_is_forked(study))
        study_leave_turn(study);
    return rc;
}

int32_t study_tell_unused(struct study *study, const struct trial *trial, const char *const *names, size_t count)
{
    int32_t rc;
    do {
        study_lock(study);
        rc = study_check_current(trial);
        if (!rc) {
            struct entry entry = study_trial_entry(study, EVENT_UNUSED, trial->number);
            entry.present |= FIELD_NAMES;
            entry.names = names;
            entry.n_names = count;
            rc = study_commit(study, &entry);
        }
        study_unlock(study);
    } while (stored_again_outside(study, &rc));
    return rc;
}
