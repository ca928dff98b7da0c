#include "method/parts/portfolio.h"

#include "core/fail.h"
#include "core/mem.h"
#include "numeric/scramble.h"

#include <string.h>

int32_t portfolio_init(struct portfolio *p, const struct method_context *context)
{
    *p = (struct portfolio){.context = context, .pending = {0}};
    p->note = mem_new(METHOD_NOTE_MAX, sizeof *p->note);
    return p->note ? 0 : fail_memory();
}

/* The first member keeps the seed, so that alone it is the method itself; two designs of
 * one seed would propose the same points. */
static uint64_t seed_of(const struct portfolio *p, size_t index)
{
    return index == 0 ? p->context->seed : scramble_hash(scramble_hash(p->context->seed, 0), index);
}

/* What the host set for the member, or its defaults. */
static int32_t member_options(const struct method_context *context, const struct method *method,
                              struct option_set *options)
{
    for (size_t i = 0; context->others && i < method_count(); i++)
        if (method_at(i) == method && context->others[i].values)
            return options_copy(options, &context->others[i]);
    return options_init(options, method->name, method->options, method->n_options);
}

int32_t portfolio_add(struct portfolio *p, const struct method *method)
{
    struct portfolio_member *m = &p->members[p->size];
    *m = (struct portfolio_member){.method = method, .context = *p->context};
    int32_t rc = member_options(p->context, method, &m->options);
    if (rc)
        return rc;
    p->size++;
    m->context.options = &m->options;
    m->context.seed = seed_of(p, p->size - 1);
    m->state = mem_new(method->state_size, 1);
    return m->state ? method->init(m->state, &m->context) : fail_memory();
}

void portfolio_fini(void *state)
{
    struct portfolio *p = state;
    for (size_t i = 0; i < p->size; i++) {
        struct portfolio_member *m = &p->members[i];
        if (m->state)
            m->method->fini(m->state);
        mem_free(m->state);
        options_fini(&m->options);
    }
    pending_fini(&p->pending);
    mem_free(p->note);
    *p = (struct portfolio){0};
}

/* A note may come from a log that others wrote. */
static size_t member_of_note(const struct portfolio *p, const double *note, size_t size)
{
    int is_member = size > 0 && note[0] >= 0 && note[0] < (double)p->size && note[0] == (double)(size_t)note[0];
    return is_member ? (size_t)note[0] : p->size;
}

size_t portfolio_member_of(const struct portfolio *p, const struct observation *o)
{
    return o->origin == AFINA_ORIGIN_SUGGESTED ? member_of_note(p, o->note, o->note_size) : p->size;
}

/* As the member sees it: its own trial with its own note, or one of the host's. */
static struct observation view_of(const struct observation *o, int is_own)
{
    struct observation view = *o;
    view.note = is_own && o->note_size > 1 ? o->note + 1 : NULL;
    view.note_size = view.note ? o->note_size - 1 : 0;
    if (!is_own && o->origin == AFINA_ORIGIN_SUGGESTED)
        view.origin = AFINA_ORIGIN_ENQUEUED;
    return view;
}

int32_t portfolio_observe(struct portfolio *p, const struct observation *o)
{
    size_t owner = portfolio_member_of(p, o);
    int32_t rc = o->kind == OBSERVED_ASKED ? pending_add(&p->pending, o->number, NULL) : 0;
    for (size_t i = 0; i < p->size && !rc; i++) {
        struct observation view = view_of(o, i == owner);
        rc = p->members[i].method->observe(p->members[i].state, &view);
    }
    if (o->kind == OBSERVED_TOLD)
        pending_remove(&p->pending, o->number);
    return rc;
}

double portfolio_draw(const struct portfolio *p, int64_t number)
{
    uint64_t key = scramble_hash(scramble_hash(p->context->seed, 1), (uint64_t)number);
    return scramble_uniform(key);
}

/* A note that leaves no room for the index is left out: it saves the member work, and
 * one that cannot do without has a short one. */
static int32_t ask_member(struct portfolio *p, size_t index, struct suggestion *s)
{
    struct suggestion own = *s;
    own.note = p->note;
    own.note_size = 0;
    int32_t rc = p->members[index].method->suggest(p->members[index].state, &own);
    size_t kept = own.note_size < METHOD_NOTE_MAX ? own.note_size : 0;
    s->note[0] = (double)index;
    memcpy(s->note + 1, p->note, kept * sizeof *p->note);
    s->note_size = rc ? 0 : 1 + kept;
    return rc;
}

int32_t portfolio_suggest(struct portfolio *p, size_t member, struct suggestion *s)
{
    int32_t rc = AFINA_EXHAUSTED;
    for (size_t k = 0; k < p->size; k++) {
        rc = ask_member(p, (member + k) % p->size, s);
        if (rc != AFINA_EXHAUSTED && rc != AFINA_E_NO_POINT)
            return rc;
    }
    return rc;
}

int32_t portfolio_model(void *state, struct surrogate *out)
{
    struct portfolio *p = state;
    for (size_t i = 0; i < p->size; i++)
        if (p->members[i].method->model)
            return p->members[i].method->model(p->members[i].state, out);
    return fail(AFINA_E_UNSUPPORTED, "no member of the mix has a model");
}
