#include "method/parts/grid_cells.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "method/parts/sequence.h"

#include <string.h>

/* `levels` for a parameter that has more values; else 0, which stands for all its own. */
static uint64_t levels_of(const struct parameter *p, uint64_t levels)
{
    int is_choice = p->kind == AFINA_KIND_CATEGORICAL || p->kind == AFINA_KIND_ORDINAL;
    return is_choice || (p->cells > 0 && p->cells <= levels) ? 0 : levels;
}

/* One "name=count" of length n, blanks around either allowed. */
static int32_t apply_exception(const struct method_context *context, const char *text, size_t n, uint64_t *levels)
{
    const char *owner = context->options->owner;
    char name[SPACE_MAX_NAME + NUMBER_SIZE + 2];
    if (n >= sizeof name)
        return fail(AFINA_E_RANGE, "option \"levels_of\" of %s has an entry of %zu bytes, at most %zu are allowed",
                    owner, n, sizeof name - 1);
    memcpy(name, text, n);
    name[n] = '\0';
    char *equals = strrchr(name, '=');
    int64_t count;
    if (!equals || !text_to_int64(equals + 1, &count))
        return fail(AFINA_E_FORMAT, "option \"levels_of\" of %s must be name=count,..., got \"%s\"", owner, name);
    if (count < 1 || count > INT32_MAX)
        return fail(AFINA_E_RANGE, "option \"levels_of\" of %s: the count must be in [1, 2147483647], got \"%s\"",
                    owner, name);
    while (equals > name && equals[-1] == ' ')
        equals--;
    *equals = '\0';
    size_t i;
    int32_t rc = space_find(context->space, name + strspn(name, " "), &i);
    if (rc)
        return rc;
    levels[i] = levels_of(&context->space->parameters[i], (uint64_t)count);
    return 0;
}

static int32_t apply_exceptions(const struct method_context *context, uint64_t *levels)
{
    const char *text = option_string(context->options, "levels_of");
    while (*text) {
        size_t n = strcspn(text, ",");
        int32_t rc = apply_exception(context, text, n, levels);
        if (rc)
            return rc;
        text += n + (text[n] == ',');
    }
    return 0;
}

int32_t grid_cells_new(struct lattice **lattice, const struct method_context *context)
{
    struct space *space = context->space;
    uint64_t most = (uint64_t)option_integer(context->options, "levels");
    *lattice = NULL;
    uint64_t *levels = mem_new(space->size, sizeof *levels);
    if (!levels)
        return fail_memory();
    for (size_t i = 0; i < space->size; i++)
        levels[i] = levels_of(&space->parameters[i], most);
    int32_t rc = apply_exceptions(context, levels);
    if (rc)
        goto out;
    rc = lattice_grid(lattice, space, levels);
out:
    mem_free(levels);
    return rc;
}

/* Cells passed over in one ask. */
enum { MOST_PASSED = 1000000 };

/* What to answer when a search passed over so many cells, of which the filter refused some, and
 * found none. */
static int32_t end_search(const struct grid_search *g, uint64_t passed, uint64_t refused)
{
    unsigned long long count = passed;
    if (passed >= MOST_PASSED)
        return fail(AFINA_E_NO_POINT, "%llu cells of %s in a row, from number %llu on, are forbidden or seen", count,
                    g->context->options->owner, (unsigned long long)g->first);
    if (passed == 0 || refused < passed || (g->first > 0 && !g->context->repeats))
        return AFINA_EXHAUSTED;
    return fail(AFINA_E_NO_POINT, "the filter refused every point of %llu that were tried", count);
}

int32_t grid_search_suggest(const struct grid_search *g, void *state, struct suggestion *suggestion)
{
    uint64_t passed = 0, refused = 0, skip = suggestion->attempt;
    for (uint64_t index = g->first; index < g->end && passed < MOST_PASSED; index++) {
        int is_tried = g->cell(state, index, suggestion->point);
        int32_t allowed = is_tried ? 0 : space_allows(g->context->space, suggestion->point);
        if (allowed < 0)
            return allowed;
        if (allowed && skip-- == 0) {
            sequence_write(suggestion, index + 1);
            return 0;
        }
        passed++;
        refused += !is_tried && !allowed;
    }
    return end_search(g, passed, refused);
}
