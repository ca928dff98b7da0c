#include "method/parts/searcher.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/result.h"

#include <math.h>
#include <string.h>

static uint64_t startup_trials(const struct option_set *options)
{
    int has_option = option_find(options->table, options->count, "startup") != NULL;
    return has_option ? (uint64_t)option_integer(options, "startup") : 0;
}

int32_t searcher_init(struct searcher *s, const struct method_context *context, enum plateau_policy policy)
{
    const struct space *space = context->space;
    *s = (struct searcher){.context = context, .space = space, .d = space->size, .loss = INFINITY, .policy = policy};
    s->x = searcher_array(s, s->d, sizeof *s->x);
    if (!s->x)
        return fail_memory();
    int32_t rc = plateau_init(&s->plateau, space);
    return rc ? rc : startup_init(&s->startup, context, startup_trials(context->options));
}

void searcher_fini(void *state)
{
    struct searcher *s = state;
    startup_fini(&s->startup);
    plateau_fini(&s->plateau);
    pending_fini(&s->pending);
    for (size_t i = 0; i < s->n_blocks; i++)
        mem_free(s->blocks[i]);
    mem_free(s->blocks);
    *s = (struct searcher){0};
}

void *searcher_array(struct searcher *s, size_t count, size_t size)
{
    void *blocks = s->blocks;
    int32_t rc = mem_reserve(&blocks, &s->blocks_capacity, s->n_blocks + 1, sizeof *s->blocks);
    s->blocks = blocks;
    void *block = rc ? NULL : mem_new(count, size);
    if (block)
        s->blocks[s->n_blocks++] = block;
    return block;
}

int32_t searcher_archive(struct searcher *s, struct archive *archive, size_t d, size_t capacity)
{
    struct archived *entries = searcher_array(s, capacity, sizeof *entries);
    double *rows = searcher_array(s, capacity, (d + 1) * sizeof *rows);
    if (!entries || !rows)
        return fail_memory();
    archive_place(archive, d, capacity, entries, rows);
    return 0;
}

/* ------------------------------------------------------------------- learning */

static int32_t take_end(struct searcher *s, const struct observation *o)
{
    int was_running = pending_remove(&s->pending, o->number);
    s->note = was_running ? s->note : NULL;
    s->note_size = s->note ? s->note_size : 0;
    if (!result_exists(o))
        return o->state == AFINA_STATE_LOST ? SEARCH_LOST : SEARCH_STOPPED;
    s->told++;
    s->loss = result_loss(o);
    plateau_told(&s->plateau, s->x, s->loss);
    return o->number < s->first ? SEARCH_OLD_RESULT : SEARCH_RESULT;
}

int32_t searcher_observe(struct searcher *s, const struct observation *o)
{
    if (o->kind == OBSERVED_REPORT)
        return SEARCH_NOTHING;
    startup_observe(&s->startup, o);
    if (o->kind == OBSERVED_TOLD || s->pending.d > 0)
        space_encode(s->space, o->point, s->x);
    s->note = o->note;
    s->note_size = o->note ? o->note_size : 0;
    if (o->kind == OBSERVED_TOLD)
        return take_end(s, o);
    s->asked++;
    int32_t rc = pending_add(&s->pending, o->number, s->x);
    return rc ? rc : SEARCH_ASKED;
}

void searcher_restart(struct searcher *s)
{
    s->first = s->asked;
}

/* ----------------------------------------------------------------- suggesting */

int searcher_suggest(const struct searcher *s, int in_design, struct suggestion *suggestion)
{
    if (in_design)
        startup_suggest(&s->startup, suggestion);
    return in_design || (s->policy == LEAVES_PLATEAUS && plateau_suggest(&s->plateau, suggestion));
}

void searcher_note(struct suggestion *suggestion, size_t count, const double *numbers)
{
    memcpy(suggestion->note, numbers, count * sizeof *numbers);
    suggestion->note_size = count;
}
