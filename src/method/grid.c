/* grid: every combination of levels, each once, without a list of them.
 *
 * Choices (categorical, ordinal) and discrete parameters of no more values than
 * `levels` take all their values; the others take that many, spread evenly in
 * probability under their prior. Position p of the grid is point pi(p) of the
 * space's lattice, which counts and unranks conditional combinations exactly
 * (space/lattice.h), so a grid of 2^60 points costs no more than one of 60.
 *
 * Order "sequential", the default, is what users of a grid expect: pi(p) = p, the
 * last parameter varies fastest. With "shuffled" pi is a pseudo-random permutation
 * (numeric/scramble.c), so that a budget that ends early has seen an even sample.
 *
 * Points that the study has seen, points that the filter forbids and points with a
 * choice of weight 0 are passed over. At the end the answer is AFINA_EXHAUSTED;
 * with the study's option `repeats` the grid starts again instead, in a new
 * shuffled order, and an enqueued point does not take a grid point's place.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "method/position.h"
#include "numeric/scramble.h"
#include "space/lattice.h"

#include <string.h>

/* Points passed over in one ask. */
enum { MOST_PASSED = 1000000 };

struct grid {
    const struct method_context *context;
    struct lattice *lattice;
    uint64_t count;
    int shuffled;
    uint64_t key;
    uint64_t next; /* position of the next suggestion; counts on over repeats */
};

/* `levels` for a parameter that has more values, else 0: all its own. */
static uint64_t levels_of(const struct parameter *p, uint64_t levels)
{
    int is_choice = p->kind == AFINA_CATEGORICAL || p->kind == AFINA_ORDINAL;
    return is_choice || (p->cells > 0 && p->cells <= levels) ? 0 : levels;
}

/* One "name=count" of length n, blanks around either allowed. */
static int32_t apply_exception(const struct space *space, const char *text, size_t n, uint64_t *levels)
{
    char name[SPACE_MAX_NAME + TEXT_NUMBER_SIZE + 2];
    if (n >= sizeof name)
        return fail(AFINA_E_RANGE, "option \"levels_of\" of grid has an entry of %zu bytes, at most %zu are allowed", n,
                    sizeof name - 1);
    memcpy(name, text, n);
    name[n] = '\0';
    char *equals = strrchr(name, '=');
    int64_t count;
    if (!equals || !text_to_int64(equals + 1, &count))
        return fail(AFINA_E_FORMAT, "option \"levels_of\" of grid must be name=count,..., got \"%s\"", name);
    if (count < 1 || count > INT32_MAX)
        return fail(AFINA_E_RANGE, "option \"levels_of\" of grid: the count must be in [1, 2147483647], got \"%s\"",
                    name);
    while (equals > name && equals[-1] == ' ')
        equals--;
    *equals = '\0';
    size_t i;
    int32_t rc = space_find(space, name + strspn(name, " "), &i);
    if (!rc)
        levels[i] = levels_of(&space->parameters[i], (uint64_t)count);
    return rc;
}

static int32_t apply_exceptions(const struct space *space, const char *text, uint64_t *levels)
{
    while (*text) {
        size_t n = strcspn(text, ",");
        int32_t rc = apply_exception(space, text, n, levels);
        if (rc)
            return rc;
        text += n + (text[n] == ',');
    }
    return 0;
}

static int32_t make_lattice(struct grid *m)
{
    struct space *space = m->context->space;
    uint64_t most = (uint64_t)option_integer(m->context->options, "levels");
    uint64_t *levels = mem_new(space->size, sizeof *levels);
    if (!levels)
        return fail_memory();
    for (size_t i = 0; i < space->size; i++)
        levels[i] = levels_of(&space->parameters[i], most);
    int32_t rc = apply_exceptions(space, option_string(m->context->options, "levels_of"), levels);
    if (!rc)
        rc = lattice_grid(&m->lattice, space, levels);
    mem_free(levels);
    return rc;
}

static int32_t init(void *state, const struct method_context *context)
{
    struct grid *m = state;
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    m->context = context;
    m->key = scramble_hash(rng_uint64(&rng), 3);
    m->shuffled = strcmp(option_string(context->options, "order"), "shuffled") == 0;
    int32_t rc = make_lattice(m);
    if (!rc)
        m->count = lattice_count(m->lattice);
    return rc;
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct grid *m = state;
    position_observe(&m->next, observation);
    return 0;
}

static void point_at(const struct grid *m, uint64_t position, struct point *out)
{
    uint64_t round = position / m->count, rank = position % m->count;
    if (m->shuffled)
        rank = scramble_permute(rank, m->count, scramble_hash(m->key, round));
    lattice_unrank(m->lattice, rank, out);
}

static int has_weightless_choice(const struct space *space, const struct point *point)
{
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        if (p->weights && point->active[i] && p->weights[point->value[i].integer] <= 0)
            return 1;
    }
    return 0;
}

static int is_wanted(const struct grid *m, struct point *point)
{
    const struct method_context *context = m->context;
    if (!context->repeats && point_set_contains(context->seen, point))
        return 0;
    return !has_weightless_choice(context->space, point) && space_allows(context->space, point);
}

/* A further attempt takes the next wanted point. */
static int32_t suggest(void *state, struct suggestion *suggestion)
{
    const struct grid *m = state;
    uint64_t passed = 0, skip = suggestion->attempt;
    for (uint64_t position = m->next; m->context->repeats || position < m->count; position++) {
        point_at(m, position, suggestion->point);
        if (is_wanted(m, suggestion->point) && skip-- == 0) {
            position_write(suggestion, position + 1);
            return 0;
        }
        passed++;
        if (m->context->repeats && passed >= m->count)
            return AFINA_EXHAUSTED;
        if (passed >= MOST_PASSED)
            return fail(AFINA_E_NO_POINT, "%d points of the grid in a row, from number %llu on, are forbidden or seen",
                        MOST_PASSED, (unsigned long long)m->next);
    }
    return AFINA_EXHAUSTED;
}

static void fini(void *state)
{
    struct grid *m = state;
    lattice_free(m->lattice);
}

static const struct option OPTIONS[] = {
    {"levels", AFINA_OPTION_INTEGER, 2, 1e9, 10, "", "",
     "values of a continuous parameter, and of a discrete one that has more"},
    {"levels_of", AFINA_OPTION_STRING, 0, 0, 0, "", "", "exceptions from `levels`: \"rate=5,units=3\""},
    {"order", AFINA_OPTION_STRING, 0, 0, 0, "sequential", "sequential,shuffled",
     "sequential: the last parameter varies fastest; shuffled: a random order"},
};

const struct method method_grid = {
    .name = "grid",
    .summary = "every combination of levels, each once, without a list of them",
    .traits = METHOD_MANY_OBJECTIVES | METHOD_CONSTRAINTS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct grid),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
};
