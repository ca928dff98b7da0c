/* A method without its frame, on reals in [0, 1]: a test tells it trials that nobody
 * asked for, with notes of its own, and looks at single suggestions. */
#ifndef AFINA_TESTS_BARE_METHOD_H
#define AFINA_TESTS_BARE_METHOD_H

#include "core/mem.h"
#include "method/method.h"
#include "support/search_study.h"

struct bare {
    const struct method *method;
    struct option_set options;
    struct method_context context;
    void *state;
    struct point *points[512];
    double *notes[512]; /* NULL: none */
    size_t note_sizes[512];
    int64_t numbers;
    struct point *suggested;
    double x[8], note[METHOD_NOTE_MAX];
    size_t note_size;
};

/* Options are set between the two. */
static inline void bare_open(struct bare *b, const char *method, size_t d)
{
    struct space *space;
    *b = (struct bare){0};
    OK(method_find(method, &b->method));
    OK(options_init(&b->options, method, b->method->options, b->method->n_options));
    OK(space_new(&space));
    for (size_t j = 0; j < d; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", j);
        OK(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    OK(space_snapshot(&b->context.space, space));
    space_free(space);
    OK(point_new(&b->suggested, b->context.space));
}

static inline void bare_start(struct bare *b)
{
    b->context.options = &b->options;
    b->context.objectives = 1;
    b->context.seed = 2385;
    b->state = mem_new(1, b->method->state_size);
    assert_non_null(b->state);
    OK(b->method->init(b->state, &b->context));
}

static inline void bare_close(struct bare *b)
{
    b->method->fini(b->state);
    mem_free(b->state);
    for (int64_t i = 0; i < b->numbers; i++) {
        point_free(b->points[i]);
        mem_free(b->notes[i]);
    }
    point_free(b->suggested);
    options_fini(&b->options);
    space_release(b->context.space);
}

/* Its number. */
static inline int64_t bare_asked(struct bare *b, const double *x, const double *note, size_t note_size)
{
    int64_t number = b->numbers++;
    OK(point_new(&b->points[number], b->context.space));
    space_decode(b->context.space, x, b->points[number]);
    b->notes[number] = note_size > 0 ? mem_copy(note, note_size, sizeof *note) : NULL;
    b->note_sizes[number] = note_size;
    struct observation asked = {.kind = OBSERVED_ASKED,
                                .number = number,
                                .origin = note_size > 0 ? AFINA_ORIGIN_SUGGESTED : AFINA_ORIGIN_ENQUEUED,
                                .point = b->points[number],
                                .note = note,
                                .note_size = note_size};
    OK(b->method->observe(b->state, &asked));
    return number;
}

static inline void bare_end(struct bare *b, int64_t number, int32_t state, const double *loss)
{
    struct observation told = {.kind = OBSERVED_TOLD,
                               .number = number,
                               .origin = AFINA_ORIGIN_SUGGESTED,
                               .point = b->points[number],
                               .note = b->notes[number],
                               .note_size = b->note_sizes[number],
                               .losses = loss,
                               .state = state};
    OK(b->method->observe(b->state, &told));
}

/* A NaN is a failure. */
static inline void bare_told(struct bare *b, int64_t number, double loss)
{
    if (isnan(loss))
        bare_end(b, number, AFINA_STATE_FAILED, NULL);
    else
        bare_end(b, number, AFINA_STATE_COMPLETE, &loss);
}

/* A result with no note. */
static inline void bare_result(struct bare *b, const double *x, double loss)
{
    bare_told(b, bare_asked(b, x, NULL, 0), loss);
}

/* What the method proposes for the next trial, in b->x and b->note. */
static inline void bare_suggest(struct bare *b)
{
    struct rng rng;
    rng_start(&rng, b->context.seed, (uint64_t)b->numbers, RNG_SUGGEST);
    struct suggestion s = {.rng = &rng, .number = b->numbers, .point = b->suggested, .note = b->note};
    OK(b->method->suggest(b->state, &s));
    b->note_size = s.note_size;
    space_encode(b->context.space, b->suggested, b->x);
}

/* The next suggestion is asked; its number. */
static inline int64_t bare_ask(struct bare *b)
{
    bare_suggest(b);
    return bare_asked(b, b->x, b->note, b->note_size);
}

#endif
