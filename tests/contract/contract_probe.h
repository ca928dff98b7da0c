/* A method that holds the frame to its side of the bargain: it checks what it is
 * told, and every bit of it decides what it suggests next, so that a suggestion
 * which knows too much, too little or in another order comes out different. */
#ifndef AFINA_TESTS_CONTRACT_PROBE_H
#define AFINA_TESTS_CONTRACT_PROBE_H

#include "method/method.h"
#include "numeric/scramble.h"

enum { PROBE_TRIALS = 4096 };

struct probe {
    const struct method_context *context;
    uint64_t digest;
    int64_t asked, told;
    const struct point *points[PROBE_TRIALS];
    unsigned char has_ended[PROBE_TRIALS];
    double *u;
};

static void digest_add(struct probe *m, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        m->digest = scramble_hash(m->digest, bytes[i]);
}

static int32_t probe_init(void *state, const struct method_context *context)
{
    struct probe *m = state;
    m->context = context;
    m->digest = context->seed;
    m->u = mem_new(context->space->size, sizeof *m->u);
    return m->u ? 0 : AFINA_E_MEMORY;
}

static void probe_asked(struct probe *m, const struct observation *o)
{
    assert_int_equal(o->number, m->asked);
    assert_in_range(o->number, 0, PROBE_TRIALS - 1);
    assert_null(o->losses);
    assert_valid(m->context->space, o->point);
    assert_true(point_set_contains(m->context->seen, o->point));
    if (o->origin == AFINA_ORIGIN_SUGGESTED)
        assert_int_equal(o->note_size, 2);
    m->points[m->asked++] = o->point;
    digest_add(m, o->note, o->note_size * sizeof *o->note);
}

static void assert_running(const struct probe *m, const struct observation *o)
{
    assert_in_range(o->number, 0, m->asked - 1);
    assert_false(m->has_ended[o->number]);
    assert_ptr_equal(o->point, m->points[o->number]);
}

static void probe_told(struct probe *m, const struct observation *o)
{
    assert_running(m, o);
    assert_int_not_equal(o->state, AFINA_STATE_RUNNING);
    if (o->state == AFINA_STATE_COMPLETE)
        assert_non_null(o->losses);
    else if (o->state != AFINA_STATE_STOPPED)
        assert_null(o->losses);
    m->has_ended[o->number] = o->state != AFINA_STATE_LOST; /* a late result may come */
    m->told++;
    digest_add(m, &o->state, sizeof o->state);
    digest_add(m, o->constraints, o->n_constraints * sizeof *o->constraints);
    if (o->errors) {
        assert_non_null(o->losses);
        digest_add(m, o->errors, m->context->objectives * sizeof *o->errors);
    }
}

static void probe_report(const struct probe *m, const struct observation *o)
{
    assert_running(m, o);
    assert_true(isfinite(o->step));
}

static int32_t probe_observe(void *state, const struct observation *o)
{
    struct probe *m = state;
    if (o->kind == OBSERVED_ASKED)
        probe_asked(m, o);
    else if (o->kind == OBSERVED_TOLD)
        probe_told(m, o);
    else
        probe_report(m, o);
    digest_add(m, &o->kind, sizeof o->kind);
    digest_add(m, &o->number, sizeof o->number);
    digest_add(m, &o->origin, sizeof o->origin);
    digest_add(m, &o->step, sizeof o->step);
    for (size_t i = 0; o->losses && i < m->context->objectives; i++)
        assert_true(!isnan(o->losses[i]));
    if (o->losses)
        digest_add(m, o->losses, m->context->objectives * sizeof *o->losses);
    return 0;
}

static int32_t probe_suggest(void *state, struct suggestion *s)
{
    const struct probe *m = state;
    uint64_t key = scramble_hash(m->digest, s->attempt) ^ rng_uint64(s->rng);
    assert_int_equal(s->note_size, 0);
    for (int64_t i = 0; i < m->asked; i++)
        assert_int_equal(m->points[i]->size, m->context->space->size);
    for (size_t j = 0; j < m->context->space->size; j++)
        m->u[j] = scramble_uniform(scramble_hash(key, j));
    space_from_unit(m->context->space, m->u, s->point);
    s->note[0] = (double)(m->digest >> 32);
    s->note[1] = (double)m->told;
    s->note_size = 2;
    return 0;
}

static void probe_fini(void *state)
{
    struct probe *m = state;
    mem_free(m->u);
}

/* Logs know methods by name: it passes as one without options. */
static const struct method probe = {
    .name = "random",
    .summary = "a digest of everything observed",
    .traits = METHOD_MANY_OBJECTIVES | METHOD_CONSTRAINTS | METHOD_LEARNS | METHOD_ERRORS,
    .state_size = sizeof(struct probe),
    .init = probe_init,
    .observe = probe_observe,
    .suggest = probe_suggest,
    .fini = probe_fini,
};

#endif
