#include "support/hand.h"

#include "core/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_ATTEMPTS = 64 };

void hand_start(struct hand *hand, const char *name, const struct space *space, uint64_t seed)
{
    const struct method *method;
    assert_int_equal(method_find(name, &method), 0);
    hand_start_with(hand, method, space, seed);
}

void hand_start_with(struct hand *hand, const struct method *method, const struct space *space, uint64_t seed)
{
    memset(hand, 0, sizeof *hand);
    hand->method = method;
    assert_int_equal(options_init(&hand->options, method->name, method->options, method->n_options), 0);
    assert_int_equal(space_snapshot(&hand->context.space, space), 0);
    hand->context.options = &hand->options;
    hand->context.seed = seed;
    hand->context.objectives = 1;
    hand->context.seen = &hand->seen;
}

void hand_set_integer(struct hand *hand, const char *option, int64_t value)
{
    assert_int_equal(options_set_integer(&hand->options, option, value), 0);
}

void hand_set_string(struct hand *hand, const char *option, const char *value)
{
    assert_int_equal(options_set_string(&hand->options, option, value), 0);
}

int32_t hand_init(struct hand *hand)
{
    if (hand->state)
        return 0;
    hand->state = mem_new(1, hand->method->state_size);
    assert_non_null(hand->state);
    return hand->method->init(hand->state, &hand->context);
}

/* Owns the point from here on. */
static void enter(struct hand *hand, struct point *point, int32_t origin, const double *note, size_t note_size)
{
    void *log = hand->log;
    assert_int_equal(mem_reserve(&log, &hand->capacity, hand->size + 1, sizeof *hand->log), 0);
    hand->log = log;
    struct hand_entry *entry = &hand->log[hand->size];
    *entry = (struct hand_entry){point, origin, mem_copy(note, note_size, sizeof *note), note_size};
    assert_non_null(entry->note);
    assert_int_equal(point_set_add(&hand->seen, point), 0);
    struct observation o = {
        .kind = OBSERVED_ASKED,
        .number = (int64_t)hand->size,
        .origin = origin,
        .point = point,
        .budget = 1,
        .note = entry->note,
        .note_size = note_size,
    };
    hand->size++;
    assert_int_equal(hand->method->observe(hand->state, &o), 0);
}

static int is_refused(const struct hand *hand, struct point *point)
{
    return (!hand->context.repeats && point_set_contains(&hand->seen, point)) ||
           !space_allows(hand->context.space, point);
}

int32_t hand_ask(struct hand *hand, const struct point **point)
{
    struct rng rng;
    struct point *proposal;
    *point = NULL;
    assert_int_equal(hand_init(hand), 0);
    double *note = mem_new(METHOD_NOTE_MAX, sizeof *note);
    assert_non_null(note);
    assert_int_equal(point_new(&proposal, hand->context.space), 0);
    rng_start(&rng, hand->context.seed, hand->size, RNG_SUGGEST);
    struct suggestion s = {.rng = &rng, .number = (int64_t)hand->size, .point = proposal, .note = note};
    int32_t rc;
    for (;; s.attempt++) {
        s.note_size = 0;
        rc = hand->method->suggest(hand->state, &s);
        if (rc || s.attempt == MOST_ATTEMPTS || !is_refused(hand, proposal))
            break;
    }
    hand->attempts = s.attempt;
    if (rc)
        point_free(proposal);
    else
        enter(hand, proposal, AFINA_ORIGIN_SUGGESTED, note, s.note_size);
    *point = rc ? NULL : proposal;
    mem_free(note);
    return rc;
}

const struct point *hand_next(struct hand *hand)
{
    const struct point *point;
    assert_int_equal(hand_ask(hand, &point), 0);
    return point;
}

void hand_enqueue(struct hand *hand, const struct point *point)
{
    struct point *copy;
    assert_int_equal(hand_init(hand), 0);
    assert_int_equal(point_copy(&copy, point), 0);
    enter(hand, copy, AFINA_ORIGIN_ENQUEUED, NULL, 0);
}

static void end_trial(struct hand *hand, size_t number, int32_t state, const double *loss)
{
    const struct hand_entry *entry = &hand->log[number];
    struct observation o = {
        .kind = OBSERVED_TOLD,
        .number = (int64_t)number,
        .origin = entry->origin,
        .point = entry->point,
        .budget = 1,
        .note = entry->note,
        .note_size = entry->note_size,
        .losses = loss,
        .state = state,
    };
    assert_int_equal(hand->method->observe(hand->state, &o), 0);
}

void hand_tell(struct hand *hand, size_t number, const double *loss)
{
    end_trial(hand, number, loss ? AFINA_STATE_COMPLETE : AFINA_STATE_FAILED, loss);
}

void hand_lose(struct hand *hand, size_t number)
{
    end_trial(hand, number, AFINA_STATE_LOST, NULL);
    point_set_fini(&hand->seen);
    for (size_t i = 0; i < hand->size; i++)
        if (i != number)
            assert_int_equal(point_set_add(&hand->seen, hand->log[i].point), 0);
}

void hand_replay(struct hand *hand, const struct hand *from, size_t n)
{
    assert_int_equal(hand_init(hand), 0);
    for (size_t i = 0; i < n; i++) {
        struct point *copy;
        assert_int_equal(point_copy(&copy, from->log[i].point), 0);
        enter(hand, copy, from->log[i].origin, from->log[i].note, from->log[i].note_size);
    }
}

void hand_end(struct hand *hand)
{
    if (hand->state)
        hand->method->fini(hand->state);
    mem_free(hand->state);
    point_set_fini(&hand->seen);
    for (size_t i = 0; i < hand->size; i++) {
        point_free(hand->log[i].point);
        mem_free(hand->log[i].note);
    }
    mem_free(hand->log);
    options_fini(&hand->options);
    space_release(hand->context.space);
    memset(hand, 0, sizeof *hand);
}
