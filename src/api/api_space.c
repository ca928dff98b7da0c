#include "api/handles.h"
#include "core/mem.h"
#include "core/rng.h"
#include "space/lattice.h"

#include <string.h>

int32_t afina_space_new(afina_space **out)
{
    int32_t rc = REQUIRE_OUT(out);
    if (rc)
        return rc;
    afina_space *space = mem_new(1, sizeof *space);
    if (!space)
        return fail_memory();
    rc = space_new(&space->space);
    if (rc)
        mem_free(space);
    else
        *out = space;
    return rc;
}

int32_t space_handle(afina_space **out, struct space *inner)
{
    afina_space *space = mem_new(1, sizeof *space);
    if (!space) {
        space_free(inner);
        return fail_memory();
    }
    space->space = inner;
    *out = space;
    return 0;
}

int32_t afina_space_copy(afina_space **out, const afina_space *space)
{
    struct space *clone;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = space_clone(&clone, space->space);
    return rc ? rc : space_handle(out, clone);
}

/* The space changed: what was derived from it is stale. */
static void drop_snapshot(afina_space *space)
{
    lattice_free(space->lattice);
    space_release(space->snapshot);
    space->lattice = NULL;
    space->snapshot = NULL;
}

void afina_space_free(afina_space *space)
{
    if (!space)
        return;
    drop_snapshot(space);
    space_free(space->space);
    mem_free(space);
}

int32_t space_use_empty(const afina_space *space, struct space **out)
{
    afina_space *cache = (afina_space *)space; /* the snapshot is a cache */
    int32_t rc = space->snapshot ? 0 : space_snapshot(&cache->snapshot, space->space);
    *out = rc ? NULL : space->snapshot;
    return rc;
}

int32_t space_use(const afina_space *space, struct space **out)
{
    *out = NULL;
    if (space->space->size == 0)
        return fail(AFINA_E_SPACE, "the space has no parameter; it needs 1 to %d", SPACE_MAX_PARAMETERS);
    return space_use_empty(space, out);
}

/* The checks of every function that changes a space. */
static int32_t check(const afina_space *space, const char *name, const char *function)
{
    int32_t rc = require(space, function, "space");
    return rc ? rc : require_text(name, function, "name");
}

/* Drops the cached snapshot after a change that succeeded. */
static int32_t changed(afina_space *space, int32_t rc)
{
    if (!rc)
        drop_snapshot(space);
    return rc;
}

int32_t afina_space_add_real(afina_space *space, const char *name, double low, double high, int32_t scale)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_add_real(space->space, name, low, high, scale));
}

int32_t afina_space_add_integer(afina_space *space, const char *name, int64_t low, int64_t high, int32_t scale)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_add_integer(space->space, name, low, high, scale));
}

static int32_t check_texts(const char *const *texts, size_t count, const char *function, const char *argument)
{
    int32_t rc = require(texts, function, argument);
    if (!rc && count == 0)
        rc = fail(AFINA_E_ARGUMENT, "%s: %s is empty", function, argument);
    if (!rc && count > SPACE_MAX_CHOICES)
        rc = fail(AFINA_E_RANGE, "%s: %zu %s; at most %d are allowed", function, count, argument, SPACE_MAX_CHOICES);
    for (size_t i = 0; i < count && !rc; i++) {
        char element[64];
        text_format(element, sizeof element, "%s[%zu]", argument, i);
        rc = require_text(texts[i], function, element);
    }
    return rc;
}

static int32_t add_choices(afina_space *space, const char *name, int32_t kind, const char *const *choices, size_t count,
                           const char *function)
{
    int32_t rc = check(space, name, function);
    if (!rc)
        rc = check_texts(choices, count, function, "choices");
    return rc ? rc : changed(space, space_add_choices(space->space, name, kind, choices, count));
}

int32_t afina_space_add_categorical(afina_space *space, const char *name, const char *const *choices, size_t count)
{
    return add_choices(space, name, AFINA_KIND_CATEGORICAL, choices, count, __func__);
}

int32_t afina_space_add_ordinal(afina_space *space, const char *name, const char *const *choices, size_t count)
{
    return add_choices(space, name, AFINA_KIND_ORDINAL, choices, count, __func__);
}

int32_t afina_space_add_normal(afina_space *space, const char *name, double mean, double sd, double low, double high)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_add_prior(space->space, name, AFINA_PRIOR_NORMAL, mean, sd, low, high));
}

int32_t afina_space_add_lognormal(afina_space *space, const char *name, double mean, double sd, double low, double high)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_add_prior(space->space, name, AFINA_PRIOR_LOGNORMAL, mean, sd, low, high));
}

int32_t afina_space_set_step(afina_space *space, const char *name, double step)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_set_step(space->space, name, step));
}

int32_t afina_space_set_prior(afina_space *space, const char *name, int32_t prior, double mean, double sd)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_set_prior(space->space, name, prior, mean, sd));
}

int32_t afina_space_set_weights(afina_space *space, const char *name, const double *weights, size_t count)
{
    int32_t rc = check(space, name, __func__);
    if (!rc)
        rc = require(weights, __func__, "weights");
    return rc ? rc : changed(space, space_set_weights(space->space, name, weights, count));
}

int32_t afina_space_set_default_real(afina_space *space, const char *name, double value)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_set_default_real(space->space, name, value));
}

int32_t afina_space_set_default_integer(afina_space *space, const char *name, int64_t value)
{
    int32_t rc = check(space, name, __func__);
    return rc ? rc : changed(space, space_set_default_integer(space->space, name, value));
}

int32_t afina_space_set_default_string(afina_space *space, const char *name, const char *value)
{
    int32_t rc = check(space, name, __func__);
    if (!rc)
        rc = require_text(value, __func__, "value");
    return rc ? rc : changed(space, space_set_default_string(space->space, name, value));
}

int32_t afina_space_add_condition_in(afina_space *space, const char *child, const char *parent,
                                     const char *const *values, size_t count)
{
    int32_t rc = require(space, __func__, "space");
    if (!rc)
        rc = require_text(child, __func__, "child");
    if (!rc)
        rc = require_text(parent, __func__, "parent");
    if (!rc)
        rc = check_texts(values, count, __func__, "values");
    return rc ? rc : changed(space, space_add_condition_in(space->space, child, parent, values, count));
}

int32_t afina_space_add_condition(afina_space *space, const char *child, const char *parent, int32_t comparison,
                                  double number)
{
    int32_t rc = require(space, __func__, "space");
    if (!rc)
        rc = require_text(child, __func__, "child");
    if (!rc)
        rc = require_text(parent, __func__, "parent");
    return rc ? rc : changed(space, space_add_condition(space->space, child, parent, comparison, number));
}

int32_t afina_space_set_filter(afina_space *space, afina_filter filter, void *user, afina_release release)
{
    int32_t rc = require(space, __func__, "space");
    return rc ? rc : changed(space, space_set_filter(space->space, filter, user, release));
}

/* The lattice of a finite space, made when it is first needed. */
static int32_t use_lattice(const afina_space *space, struct lattice **out)
{
    afina_space *cache = (afina_space *)space;
    struct space *snapshot;
    int32_t rc = space_use(space, &snapshot);
    if (!rc && !space->lattice)
        rc = lattice_new(&cache->lattice, snapshot);
    *out = space->lattice;
    return rc;
}

int32_t afina_space_point_count(const afina_space *space, uint64_t *count)
{
    struct lattice *lattice;
    int32_t rc = require(space, __func__, "space");
    if (!rc)
        rc = require(count, __func__, "count");
    if (rc)
        return rc;
    rc = use_lattice(space, &lattice);
    if (rc == AFINA_E_UNSUPPORTED) {
        *count = UINT64_MAX;
        return 0;
    }
    if (!rc)
        *count = lattice_count(lattice);
    return rc;
}

/* The lattice of a space whose points have ranks. */
static int32_t use_ranks(const afina_space *space, struct lattice **out)
{
    int32_t rc = use_lattice(space, out);
    if (!rc && lattice_count(*out) == UINT64_MAX)
        rc = fail(AFINA_E_UNSUPPORTED, "the space has too many points to rank: 2^64 - 1 or more");
    return rc;
}

int32_t afina_space_unrank(const afina_space *space, uint64_t rank, afina_point **out)
{
    struct lattice *lattice;
    struct point *values = NULL;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = use_ranks(space, &lattice);
    if (!rc && rank >= lattice_count(lattice))
        rc = fail(AFINA_E_RANGE, "rank %llu: the space has %llu points", (unsigned long long)rank,
                  (unsigned long long)lattice_count(lattice));
    if (!rc)
        rc = point_new(&values, space->snapshot);
    if (rc)
        return rc;
    lattice_unrank(lattice, rank, values);
    space_show_inactive(space->snapshot, values);
    return point_handle(out, space->snapshot, values);
}

int32_t afina_space_rank(const afina_space *space, const afina_point *point, uint64_t *rank)
{
    struct lattice *lattice;
    int32_t rc = require(space, __func__, "space");
    if (!rc)
        rc = require(point, __func__, "point");
    if (!rc)
        rc = require(rank, __func__, "rank");
    if (!rc)
        rc = use_ranks(space, &lattice);
    if (!rc && point->point->size != space->snapshot->size)
        rc = fail(AFINA_E_ARGUMENT, "%s: the point belongs to another space", __func__);
    return rc ? rc : lattice_rank(lattice, point->point, rank);
}

/* What a draw holds while the host's filter runs, which may change the space, or
 * throw. */
struct draw {
    struct space *space;
    struct point *values;
};

static void draw_fini(struct draw *draw)
{
    space_release(draw->space);
    point_free(draw->values);
}

int32_t afina_space_sample(const afina_space *space, uint64_t seed, uint64_t index, afina_point **out)
{
    struct draw draw __attribute__((cleanup(draw_fini))) = {0};
    struct space *snapshot;
    struct rng rng;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(space, __func__, "space");
    if (!rc)
        rc = space_use(space, &snapshot);
    if (!rc)
        rc = point_new(&draw.values, snapshot);
    if (rc)
        return rc;
    draw.space = space_reference(snapshot);
    rng_start(&rng, seed, index, RNG_SUGGEST);
    rc = space_sample(snapshot, &rng, draw.values);
    if (rc)
        return rc;
    struct point *values = draw.values;
    draw.values = NULL;
    space_show_inactive(snapshot, values);
    return point_handle(out, snapshot, values);
}

size_t afina_space_parameter_count(const afina_space *space)
{
    return space ? space->space->size : 0;
}

const char *afina_space_parameter_name(const afina_space *space, size_t index)
{
    return space && index < space->space->size ? space->space->parameters[index].name : NULL;
}

int32_t afina_space_to_json(const afina_space *space, char *text, size_t capacity, size_t *length)
{
    struct text json = {0};
    int32_t rc = require(space, __func__, "space");
    if (!rc)
        rc = space_to_json(space->space, &json);
    return give_built(rc, &json, text, capacity, length, __func__);
}

int32_t afina_space_from_json(afina_space **out, const char *text, size_t length)
{
    struct space *inner;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = require(text, __func__, "text");
    if (!rc)
        rc = space_from_json(&inner, text, length);
    return rc ? rc : space_handle(out, inner);
}
