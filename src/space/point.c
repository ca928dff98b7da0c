#include "core/fail.h"
#include "core/mem.h"
#include "space/space.h"

#include <string.h>

static size_t point_bytes(size_t size)
{
    return sizeof(struct point) + size * (sizeof(union value) + 1);
}

int32_t point_new(struct point **out, const struct space *space)
{
    struct point *point = mem_new(1, point_bytes(space->size));
    *out = point;
    if (!point)
        return fail_memory();
    point->size = space->size;
    point->active = (unsigned char *)(point->value + space->size);
    return 0;
}

int32_t point_copy(struct point **out, const struct point *point)
{
    struct point *copy = mem_copy(point, 1, point_bytes(point->size));
    *out = copy;
    if (!copy)
        return fail_memory();
    copy->active = (unsigned char *)(copy->value + copy->size);
    return 0;
}

void point_free(struct point *point)
{
    mem_free(point);
}

void point_assign(struct point *to, const struct point *from)
{
    if (to != from)
        memcpy(to->value, from->value, from->size * (sizeof(union value) + 1));
}

int point_equal(const struct point *a, const struct point *b)
{
    return a->size == b->size && memcmp(a->value, b->value, a->size * (sizeof(union value) + 1)) == 0;
}

size_t point_count_differences(const struct point *a, const struct point *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->size; i++)
        count += a->active[i] != b->active[i] || a->value[i].integer != b->value[i].integer;
    return count;
}

/* The hash multiplies and mixes one value at a time. The flag is mixed in because an inactive
 * value, whose bits are 0, differs from an active 0 in nothing else. */
uint64_t point_hash(const struct point *point)
{
    uint64_t h = 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < point->size; i++) {
        h = (h ^ (uint64_t)point->value[i].integer ^ point->active[i]) * 0xFF51AFD7ED558CCDu;
        h ^= h >> 32;
    }
    return h;
}

void space_resolve(const struct space *space, struct point *point, int canonical)
{
    if (!space->has_conditions) {
        memset(point->active, 1, point->size);
        return;
    }
    for (size_t at = 0; at < space->size; at++) {
        size_t i = space->order[at];
        point->active[i] = (unsigned char)space_is_active(space, point, i);
        if (canonical && !point->active[i])
            point->value[i].integer = 0;
    }
}

void space_defaults(const struct space *space, struct point *out)
{
    for (size_t i = 0; i < space->size; i++)
        out->value[i] = space->parameters[i].default_value;
    space_resolve(space, out, 0);
}

void space_default(const struct space *space, struct point *out)
{
    for (size_t i = 0; i < space->size; i++)
        out->value[i] = parameter_suggestible_default(&space->parameters[i]);
    space_resolve(space, out, 1);
}

static int is_canonical(const struct point *point)
{
    for (size_t i = 0; i < point->size; i++)
        if (!point->active[i] && point->value[i].integer != 0)
            return 0;
    return 1;
}

void space_show_inactive(const struct space *space, struct point *point)
{
    for (size_t i = 0; i < space->size; i++)
        if (!point->active[i])
            point->value[i] = space->parameters[i].default_value;
}

static void hide_inactive(struct point *point)
{
    for (size_t i = 0; i < point->size; i++)
        if (!point->active[i])
            point->value[i].integer = 0;
}

/* The text of an error is the filter's own, when it left one. */
static int32_t ask_filter(const struct callback *filter, const struct afina_point *point)
{
    uint32_t failures = fail_count();
    int32_t answer = ((afina_filter)filter->function)(point, filter->user);
    if (answer > 0)
        return 1;
    if (answer < 0 && fail_count() == failures)
        fail(answer, "the filter answered %d", (int)answer);
    return answer;
}

/* A filter may copy the point and activate more of its parameters, as a host does; so the
 * inactive parameters of a canonical point show it their defaults. */
int32_t space_allows(struct space *space, struct point *point)
{
    if (!space->filter)
        return 1;
    struct afina_point shown = {.space = space, .point = point};
    int canonical = space->has_conditions && is_canonical(point);
    if (canonical)
        space_show_inactive(space, point);
    int32_t answer = ask_filter(space->filter, &shown);
    if (canonical)
        hide_inactive(point);
    return answer;
}

static int32_t set(struct point *point, size_t i, int32_t rc, const union value *v)
{
    if (!rc)
        point->value[i] = *v;
    return rc;
}

int32_t point_set_real(const struct space *space, struct point *point, size_t i, double value)
{
    union value v = {0};
    return set(point, i, parameter_check_real(&space->parameters[i], value, &v), &v);
}

int32_t point_set_integer(const struct space *space, struct point *point, size_t i, int64_t value)
{
    union value v = {0};
    return set(point, i, parameter_check_integer(&space->parameters[i], value, &v), &v);
}

int32_t point_set_string(const struct space *space, struct point *point, size_t i, const char *value)
{
    union value v = {0};
    return set(point, i, parameter_check_string(&space->parameters[i], value, &v), &v);
}
