#include "api/handles.h"
#include "core/mem.h"
#include "study/log.h"
#include "study/question.h"

#include <stdatomic.h>

int32_t optimizer_check(const afina_optimizer *optimizer, const char *function)
{
    int32_t rc = require(optimizer, function, "optimizer");
    return rc ? rc : study_check(optimizer->study);
}

int32_t optimizer_handle(afina_optimizer **out, struct study *study)
{
    afina_optimizer *optimizer = mem_new(1, sizeof *optimizer);
    if (!optimizer) {
        study_release(study);
        return fail_memory();
    }
    optimizer->study = study;
    *out = optimizer;
    return 0;
}

int32_t afina_optimizer_new(afina_optimizer **out, const afina_space *space, const char *method)
{
    struct space *snapshot;
    struct study *study;
    const struct method *found;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc && method)
        rc = require_text(method, __func__, "method");
    if (!rc)
        rc = method_find(method ? method : "auto", &found);
    if (!rc)
        rc = space_use_empty(space, &snapshot);
    if (!rc)
        rc = study_new(&study, snapshot, found);
    return rc ? rc : optimizer_handle(out, study);
}

/* Trial handles keep the study alive, and learn from `closed` that its host has
 * let go of it. */
void afina_optimizer_free(afina_optimizer *optimizer)
{
    if (!optimizer)
        return;
    atomic_store_explicit(&optimizer->study->closed, 1, memory_order_release);
    study_release(optimizer->study);
    mem_free(optimizer);
}

static int32_t check_key(const afina_optimizer *optimizer, const char *key, const char *function)
{
    int32_t rc = optimizer_check(optimizer, function);
    return rc ? rc : require_text(key, function, "key");
}

int32_t afina_optimizer_set_integer(afina_optimizer *optimizer, const char *key, int64_t value)
{
    int32_t rc = check_key(optimizer, key, __func__);
    return rc ? rc : study_set_integer(optimizer->study, key, value);
}

int32_t afina_optimizer_set_real(afina_optimizer *optimizer, const char *key, double value)
{
    int32_t rc = check_key(optimizer, key, __func__);
    return rc ? rc : study_set_real(optimizer->study, key, value);
}

int32_t afina_optimizer_set_string(afina_optimizer *optimizer, const char *key, const char *value)
{
    int32_t rc = check_key(optimizer, key, __func__);
    if (!rc)
        rc = require(value, __func__, "value");
    if (!rc && value[0]) /* "" is none; the option says whether it may be */
        rc = require_text(value, __func__, "value");
    return rc ? rc : study_set_string(optimizer->study, key, value);
}

int32_t afina_optimizer_set_reals(afina_optimizer *optimizer, const char *key, const double *values, size_t count)
{
    int32_t rc = check_key(optimizer, key, __func__);
    if (!rc && count > 0)
        rc = require(values, __func__, "values");
    return rc ? rc : study_set_reals(optimizer->study, key, values, count);
}

int32_t afina_optimizer_get_reals(const afina_optimizer *optimizer, const char *key, double *values, size_t capacity,
                                  size_t *count)
{
    int32_t rc = check_key(optimizer, key, __func__);
    if (!rc)
        rc = require(count, __func__, "count");
    if (!rc && capacity > 0)
        rc = require(values, __func__, "values");
    return rc ? rc : study_get_reals(optimizer->study, key, values, capacity, count);
}

int32_t afina_optimizer_get_integer(const afina_optimizer *optimizer, const char *key, int64_t *value)
{
    int32_t rc = check_key(optimizer, key, __func__);
    if (!rc)
        rc = require(value, __func__, "value");
    return rc ? rc : study_get_integer(optimizer->study, key, value);
}

int32_t afina_optimizer_get_real(const afina_optimizer *optimizer, const char *key, double *value)
{
    int32_t rc = check_key(optimizer, key, __func__);
    if (!rc)
        rc = require(value, __func__, "value");
    return rc ? rc : study_get_real(optimizer->study, key, value);
}

int32_t afina_optimizer_get_string(const afina_optimizer *optimizer, const char *key, char *text, size_t capacity,
                                   size_t *length)
{
    struct text value = {0};
    int32_t rc = check_key(optimizer, key, __func__);
    if (!rc)
        rc = study_get_string(optimizer->study, key, &value);
    return give_built(rc, &value, text, capacity, length, __func__);
}

int32_t afina_optimizer_get_space(const afina_optimizer *optimizer, afina_space **out)
{
    struct space *clone;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = optimizer_check(optimizer, __func__);
    if (rc)
        return rc;
    struct space *space = study_space(optimizer->study);
    rc = space_clone(&clone, space);
    space_release(space);
    return rc ? rc : space_handle(out, clone);
}

int32_t afina_optimizer_get_declared_space(const afina_optimizer *optimizer, afina_space **out)
{
    struct space *clone;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = optimizer_check(optimizer, __func__);
    if (rc)
        return rc;
    struct space *space = study_declared_space(optimizer->study);
    rc = space_clone(&clone, space);
    space_release(space);
    return rc ? rc : space_handle(out, clone);
}

int32_t afina_optimizer_get_method(const afina_optimizer *optimizer, const char **name)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(name, __func__, "name");
    if (!rc)
        *name = optimizer->study->method->name;
    return rc;
}

int32_t afina_optimizer_set_filter(afina_optimizer *optimizer, afina_filter filter, void *user, afina_release release)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    return rc ? rc : study_set_filter(optimizer->study, filter, user, release);
}

int32_t afina_optimizer_set_message(afina_optimizer *optimizer, afina_message_function function, void *user,
                                    afina_release release)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    return rc ? rc : study_set_message(optimizer->study, function, user, release);
}

/* A point of a space from before the study's grew, or of a part of it. */
static int is_older(const struct study *study, const struct space *space, const afina_point *point)
{
    return study_has_grown(study) && space != point->space && space_contains(space, point->space);
}

int32_t canonical_in(const afina_optimizer *optimizer, struct space *space, const afina_point *point,
                     const char *function, struct point **out)
{
    *out = NULL;
    int32_t rc = require(point, function, "point");
    if (rc)
        return rc;
    if (is_older(optimizer->study, space, point)) {
        rc = point_new(out, space);
        if (!rc)
            space_convert(point->space, point->point, NULL, NULL, space, *out);
        return rc;
    }
    rc = space_check_same(space, point->space);
    if (!rc)
        rc = point_copy(out, point->point);
    if (rc || (point->canonical && study_has_grown(optimizer->study)))
        return rc;
    if (point->canonical)
        space_show_inactive(space, *out); /* where the other space has no such condition, it is active */
    space_resolve(space, *out, 1);
    return 0;
}

int32_t canonical_point(const afina_optimizer *optimizer, const afina_point *point, const char *function,
                        struct afina_point *out)
{
    *out = (struct afina_point){0};
    int32_t rc = optimizer_check(optimizer, function);
    if (rc)
        return rc;
    out->space = study_space(optimizer->study);
    rc = canonical_in(optimizer, out->space, point, function, &out->point);
    if (rc)
        canonical_free(out);
    return rc;
}

void canonical_free(struct afina_point *point)
{
    point_free(point->point);
    space_release(point->space);
    *point = (struct afina_point){0};
}

int32_t afina_cancel(afina_optimizer *optimizer)
{
    if (!optimizer)
        return AFINA_E_ARGUMENT; /* no text: a signal handler may call this */
    if (study_is_forked(optimizer->study))
        return AFINA_E_FORKED;
    atomic_store_explicit(&optimizer->study->cancelled, 1, memory_order_release);
    return 0;
}

int32_t afina_best(afina_optimizer *optimizer, afina_trial **out)
{
    struct trial *trial;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = study_best(optimizer->study, &trial);
    return rc ? rc : trial_handle(out, optimizer->study, trial);
}

int32_t afina_trial_count(const afina_optimizer *optimizer, int64_t *count)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(count, __func__, "count");
    if (!rc)
        *count = study_trial_count(optimizer->study);
    return rc;
}

int32_t afina_trial_get(afina_optimizer *optimizer, int64_t number, afina_trial **out)
{
    struct trial *trial;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : trial_handle(out, optimizer->study, trial);
}

int32_t afina_optimizer_to_log(const afina_optimizer *optimizer, char *text, size_t capacity, size_t *length)
{
    struct text json = {0};
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(length, __func__, "length");
    if (!rc && capacity > 0)
        rc = require(text, __func__, "text");
    if (!rc)
        rc = study_to_json(optimizer->study, capacity > 0 ? capacity - 1 : 0, &json);
    return give_built(rc, &json, text, capacity, length, __func__);
}

int32_t afina_optimizer_from_log(afina_optimizer **out, const char *text, size_t length)
{
    struct study *study;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(text, __func__, "text");
    if (!rc)
        rc = study_from_json(&study, text, length);
    return rc ? rc : optimizer_handle(out, study);
}

int32_t afina_optimizer_replay(const afina_optimizer *optimizer, int64_t *number)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(number, __func__, "number");
    return rc ? rc : study_replay(optimizer->study, number);
}
