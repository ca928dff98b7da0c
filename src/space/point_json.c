/* A point as JSON text, {"name": value, ...}, and back. */
#include "core/fail.h"
#include "core/json.h"
#include "core/json_reader.h"
#include "core/mem.h"
#include "space/space.h"

#include <string.h>

int32_t point_value_text(const struct space *space, const struct point *point, size_t i, struct text *out)
{
    const struct parameter *p = &space->parameters[i];
    if (p->kind == AFINA_KIND_REAL)
        return text_append_double(out, point->value[i].real);
    if (p->kind == AFINA_KIND_INTEGER)
        return text_append_int64(out, point->value[i].integer);
    return text_append(out, p->choices[point->value[i].integer]);
}

int32_t point_to_json(const struct space *space, const struct point *point, struct text *out)
{
    const char *separator = "";
    text_append(out, "{");
    for (size_t i = 0; i < space->size; i++) {
        if (!point->active[i])
            continue;
        text_append(out, separator);
        json_write_string(out, space->parameters[i].name);
        text_append(out, ":");
        value_to_json(&space->parameters[i], point->value[i], out);
        separator = ",";
    }
    return text_append(out, "}");
}

static int32_t read_value(const struct space *space, struct json_reader *r, size_t i, struct point *out)
{
    const char *choice;
    int64_t integer;
    double real;
    switch (json_kind(r)) {
    case JSON_KIND_STRING:
        return json_next_string(r, &choice) ? r->rc : point_set_string(space, out, i, choice);
    case JSON_KIND_INTEGER:
        return json_next_int64(r, &integer) ? r->rc : point_set_integer(space, out, i, integer);
    case JSON_KIND_REAL:
        return json_next_double(r, &real) ? r->rc : point_set_real(space, out, i, real);
    case JSON_KIND_NONE:
        return json_skip(r); /* says what is wrong */
    default:
        return json_fail(r, AFINA_E_TYPE, "parameter \"%s\": a value must be a number or a string",
                         space->parameters[i].name);
    }
}

/* The index of a name. Points are written in the order of the space, so `expected` is
 * tried first. */
static int32_t find(const struct space *space, const char *name, size_t expected, size_t *i)
{
    *i = expected;
    if (expected < space->size && strcmp(space->parameters[expected].name, name) == 0)
        return 0;
    return space_find(space, name, i);
}

/* While names are read, `active` says which were there. */
static int32_t read_values(const struct space *space, struct json_reader *r, struct point *out)
{
    const char *name;
    size_t i = SIZE_MAX;
    memset(out->active, 0, out->size);
    int32_t rc = json_enter_object(r);
    while (!rc && json_next_key(r, &name)) {
        rc = find(space, name, i + 1, &i);
        if (!rc && out->active[i])
            rc = json_fail(r, AFINA_E_FORMAT, "a point has a value for \"%s\" twice", name);
        if (!rc)
            rc = read_value(space, r, i, out);
        if (!rc)
            out->active[i] = 1;
    }
    return rc ? rc : r->rc;
}

int32_t point_read_said(const struct space *space, struct json_reader *r, struct point *out)
{
    memset(out->value, 0, out->size * sizeof *out->value);
    return read_values(space, r, out);
}

int32_t point_read_json(const struct space *space, struct json_reader *r, struct point *out)
{
    int32_t rc = read_values(space, r, out);
    if (rc)
        return rc;
    space_show_inactive(space, out);
    space_resolve(space, out, 0);
    return 0;
}

int32_t point_from_json(const struct space *space, const char *text, size_t length, struct point *out)
{
    struct json_reader r = {0};
    struct point *read;
    int32_t rc = point_new(&read, space);
    json_start(&r, text, length, "the point");
    if (!rc)
        rc = point_read_json(space, &r, read);
    if (!rc)
        rc = json_end(&r);
    if (!rc)
        point_assign(out, read);
    point_free(read);
    json_fini(&r);
    return rc;
}
