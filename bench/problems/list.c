/* The list of problems, made once and kept for the life of the program. */
#include "problem.h"

#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct problem **list;
static size_t list_size, list_capacity;

struct problem *problem_add(const char *suite, const char *name, int instance, size_t d)
{
    if (list_size == list_capacity) {
        const size_t capacity = list_capacity ? 2 * list_capacity : 256;
        struct problem **grown = realloc(list, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        list = grown;
        list_capacity = capacity;
    }
    struct problem *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    snprintf(p->name, sizeof p->name, "%s", name);
    p->suite = suite;
    p->instance = instance;
    p->d = d;
    list[list_size++] = p;
    return p;
}

size_t problem_count(void)
{
    return list_size;
}

const struct problem *problem_at(size_t index)
{
    return index < list_size ? list[index] : NULL;
}

const struct problem *problem_find(const char *name, int instance)
{
    for (size_t i = 0; i < list_size; i++)
        if (list[i]->instance == instance && strcmp(list[i]->name, name) == 0)
            return list[i];
    return NULL;
}

int32_t problem_space(const struct problem *p, afina_space **out)
{
    if (p->make_space)
        return p->make_space(p, out);
    int32_t rc = afina_space_new(out);
    if (rc)
        return rc;
    rc = p->describe(p, *out);
    if (rc) {
        afina_space_free(*out);
        *out = NULL;
    }
    return rc;
}

double problem_observe(const struct problem *p, const double *x, uint64_t seed, uint64_t trial)
{
    if (p->observe)
        return p->observe(p, x, seed, trial);
    const double y = p->value(p, x);
    return p->noise > 0 ? y + p->noise * stream_normal(stream_hash(p->name) ^ seed, trial, 0) : y;
}

int32_t describe_reals(afina_space *space, size_t count, double low, double high, int32_t scale)
{
    for (size_t i = 0; i < count; i++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", i);
        const int32_t rc = afina_space_add_real(space, name, low, high, scale);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}
