#include "api/handles.h"
#include "core/mem.h"

int32_t point_handle(afina_point **out, struct space *snapshot, struct point *values)
{
    afina_point *point = mem_new(1, sizeof *point);
    *out = point;
    if (!point) {
        point_free(values);
        return fail_memory();
    }
    point->space = space_reference(snapshot);
    point->point = values;
    return 0;
}

int32_t afina_point_new(afina_point **out, const afina_space *space)
{
    struct space *snapshot;
    struct point *values = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = space_use(space, &snapshot);
    if (!rc)
        rc = point_new(&values, snapshot);
    if (rc)
        return rc;
    space_defaults(snapshot, values);
    return point_handle(out, snapshot, values);
}

int32_t afina_point_copy(afina_point **out, const afina_point *point)
{
    struct point *values;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(point, __func__, "point");
    if (!rc)
        rc = point_copy(&values, point->point);
    if (rc)
        return rc;
    if (point->canonical)
        space_show_inactive(point->space, values);
    return point_handle(out, point->space, values);
}

void afina_point_free(afina_point *point)
{
    if (!point)
        return;
    point_free(point->point);
    space_release(point->space);
    mem_free(point);
}

/* The parameter of a name. */
static int32_t find(const afina_point *point, const char *name, const char *function, size_t *index)
{
    int32_t rc = require(point, function, "point");
    if (!rc)
        rc = require_text(name, function, "name");
    return rc ? rc : space_find(point->space, name, index);
}

static int32_t set(afina_point *point, int32_t rc)
{
    if (!rc)
        space_resolve(point->space, point->point, 0);
    return rc;
}

int32_t afina_point_set_real(afina_point *point, const char *name, double value)
{
    size_t i;
    int32_t rc = find(point, name, __func__, &i);
    return rc ? rc : set(point, point_set_real(point->space, point->point, i, value));
}

int32_t afina_point_set_integer(afina_point *point, const char *name, int64_t value)
{
    size_t i;
    int32_t rc = find(point, name, __func__, &i);
    return rc ? rc : set(point, point_set_integer(point->space, point->point, i, value));
}

int32_t afina_point_set_string(afina_point *point, const char *name, const char *value)
{
    size_t i;
    int32_t rc = find(point, name, __func__, &i);
    if (!rc)
        rc = require_text(value, __func__, "value");
    return rc ? rc : set(point, point_set_string(point->space, point->point, i, value));
}

/* The parameter of a name, active. */
static int32_t find_active(const afina_point *point, const char *name, const char *function, const void *out,
                           size_t *index)
{
    int32_t rc = find(point, name, function, index);
    if (!rc)
        rc = require(out, function, "value");
    if (!rc && !point->point->active[*index])
        rc = fail(AFINA_E_STATE, "parameter \"%s\" is not active in this point", name);
    return rc;
}

static int32_t wrong_type(const struct parameter *p, const char *wanted)
{
    static const char *const kinds[] = {"a real", "an integer", "categorical", "ordinal"};
    return fail(AFINA_E_TYPE, "parameter \"%s\" is %s; its value is not %s", p->name, kinds[p->kind], wanted);
}

int32_t afina_point_get_real(const afina_point *point, const char *name, double *value)
{
    size_t i;
    int32_t rc = find_active(point, name, __func__, value, &i);
    if (rc)
        return rc;
    const struct parameter *p = &point->space->parameters[i];
    return parameter_number(p, point->point->value[i], value) ? 0 : wrong_type(p, "a number");
}

int32_t afina_point_get_integer(const afina_point *point, const char *name, int64_t *value)
{
    size_t i;
    int32_t rc = find_active(point, name, __func__, value, &i);
    if (rc)
        return rc;
    const struct parameter *p = &point->space->parameters[i];
    union value v = point->point->value[i];
    if (p->kind == AFINA_KIND_INTEGER) {
        *value = v.integer;
        return 0;
    }
    if (p->kind != AFINA_KIND_REAL && text_to_int64(p->choices[v.integer], value))
        return 0;
    return wrong_type(p, "an integer");
}

int32_t afina_point_get_string(const afina_point *point, const char *name, const char **value)
{
    size_t i;
    int32_t rc = find_active(point, name, __func__, value, &i);
    if (rc)
        return rc;
    const struct parameter *p = &point->space->parameters[i];
    if (p->kind != AFINA_KIND_CATEGORICAL && p->kind != AFINA_KIND_ORDINAL)
        return wrong_type(p, "a string");
    *value = p->choices[point->point->value[i].integer];
    return 0;
}

int32_t afina_point_is_active(const afina_point *point, const char *name, int32_t *active)
{
    size_t i;
    int32_t rc = find(point, name, __func__, &i);
    if (!rc)
        rc = require(active, __func__, "active");
    if (!rc)
        *active = point->point->active[i] != 0;
    return rc;
}

int32_t afina_point_get_text(const afina_point *point, const char *name, char *text, size_t capacity, size_t *length)
{
    size_t i;
    struct text value = {0};
    int32_t rc = find(point, name, __func__, &i);
    if (!rc && point->point->active[i])
        rc = point_value_text(point->space, point->point, i, &value);
    return give_built(rc, &value, text, capacity, length, __func__);
}

int32_t afina_point_to_json(const afina_point *point, char *text, size_t capacity, size_t *length)
{
    struct text json = {0};
    int32_t rc = require(point, __func__, "point");
    if (!rc)
        rc = point_to_json(point->space, point->point, &json);
    return give_built(rc, &json, text, capacity, length, __func__);
}

int32_t afina_point_from_json(afina_point **out, const afina_space *space, const char *text, size_t length)
{
    struct space *snapshot;
    struct point *values = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = require(text, __func__, "text");
    if (!rc)
        rc = space_use(space, &snapshot);
    if (!rc)
        rc = point_new(&values, snapshot);
    if (rc)
        return rc;
    rc = point_from_json(snapshot, text, length, values);
    if (rc) {
        point_free(values);
        return rc;
    }
    return point_handle(out, snapshot, values);
}
