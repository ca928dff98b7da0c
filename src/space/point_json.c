/* A point as JSON text, {"name": value, ...}, and back. */
#include "core/fail.h"
#include "core/json.h"
#include "core/mem.h"
#include "space/space.h"

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

static int32_t read_value(const struct space *space, const char *name, const json_t *value, struct point *out)
{
    size_t i;
    int32_t rc = space_find(space, name, &i);
    if (rc)
        return rc;
    if (json_is_string(value))
        return point_set_string(space, out, i, json_string_value(value));
    if (json_is_integer(value))
        return point_set_integer(space, out, i, json_integer_value(value));
    if (json_is_real(value))
        return point_set_real(space, out, i, json_real_value(value));
    return fail(AFINA_E_TYPE, "parameter \"%s\": a value must be a number or a string", name);
}

int32_t point_from_json(const struct space *space, const char *text, size_t length, struct point *out)
{
    const char *name;
    json_t *root = NULL, *value;
    struct point *read = NULL;
    int32_t rc = json_parse(text, length, "the point", &root);
    if (!rc && !json_is_object(root))
        rc = fail(AFINA_E_FORMAT, "a point must be an object");
    if (!rc)
        rc = point_new(&read, space);
    if (!rc) {
        space_defaults(space, read);
        json_object_foreach(root, name, value)
        {
            rc = read_value(space, name, value, read);
            if (rc)
                break;
        }
    }
    if (!rc) {
        space_resolve(space, read, 0);
        point_assign(out, read);
    }
    point_free(read);
    json_decref(root);
    return rc;
}
