/* Spaces that grow while their study runs. */
#include "api/handles.h"
#include "study/era.h"

#include <string.h>

int32_t afina_optimizer_extend(afina_optimizer *optimizer, const afina_space *space)
{
    struct space *part;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = space_use(space, &part);
    return rc ? rc : study_extend(optimizer->study, part);
}

/* The handle of a trial that has grown has its point from now on. */
static void bind_point(afina_trial *trial)
{
    struct space *before = trial->point.space;
    study_lock(trial->study);
    trial->point.space = space_reference(trial_space(trial->trial));
    trial->point.point = (struct point *)trial_point(trial->trial);
    study_unlock(trial->study);
    space_release(before);
}

static int32_t extend_trial(struct study *study, struct trial *trial, const afina_space *space)
{
    struct space *part;
    int32_t rc = space_use(space, &part);
    return rc ? rc : study_extend_trial(study, trial, part);
}

int32_t afina_trial_extend(afina_trial *trial, const afina_space *space)
{
    int32_t rc = require(trial, __func__, "trial");
    if (!rc)
        rc = study_check(trial->study);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = extend_trial(trial->study, trial->trial, space);
    if (!rc)
        bind_point(trial);
    return rc;
}

static void let_go(struct study **kept)
{
    study_release(*kept);
}

int32_t afina_extend(afina_optimizer *optimizer, int64_t number, const afina_space *space)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    if (rc)
        return rc;
    struct study *kept __attribute__((cleanup(let_go))) = study_reference(optimizer->study); /* a filter may free it */
    return extend_trial(kept, trial, space);
}

/* ------------------------------------------------------------ what is not used */

static int32_t check_names(const char *const *names, size_t count, const char *function)
{
    int32_t rc = require(names, function, "names");
    if (!rc && count == 0)
        rc = fail(AFINA_E_ARGUMENT, "%s: names is empty", function);
    for (size_t i = 0; !rc && i < count; i++)
        rc = require_text(names[i], function, "a name");
    return rc;
}

int32_t afina_tell_unused(afina_optimizer *optimizer, int64_t number, const char *const *names, size_t count)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = check_names(names, count, __func__);
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : study_tell_unused(optimizer->study, trial, names, count);
}

int32_t afina_trial_tell_unused(afina_trial *trial, const char *const *names, size_t count)
{
    int32_t rc = require(trial, __func__, "trial");
    if (!rc)
        rc = study_check(trial->study);
    if (!rc)
        rc = check_names(names, count, __func__);
    return rc ? rc : study_tell_unused(trial->study, trial->trial, names, count);
}

int32_t afina_trial_is_unused(const afina_trial *trial, const char *name, int32_t *unused)
{
    size_t index;
    int32_t rc = require(trial, __func__, "trial");
    if (!rc)
        rc = study_check_trial(trial->study, trial->trial);
    if (!rc)
        rc = require_text(name, __func__, "name");
    if (!rc)
        rc = require(unused, __func__, "unused");
    if (!rc)
        rc = space_find(trial->point.space, name, &index);
    if (rc)
        return rc;
    study_lock(trial->study);
    const struct unused_names *names = trial->trial->extras->unused;
    *unused = 0;
    for (size_t i = 0; names && i < names->n; i++)
        *unused |= strcmp(names->name[i], name) == 0;
    study_unlock(trial->study);
    return 0;
}
