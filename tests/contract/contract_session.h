/* A study under test: helpers that every law uses. */
#ifndef AFINA_TESTS_CONTRACT_SESSION_H
#define AFINA_TESTS_CONTRACT_SESSION_H

#include "contract/contract_case.h"
#include "core/mem.h"
#include "core/rng.h"
#include "core/text.h"
#include "space/point_set.h"
#include "study/era.h"
#include "study/log.h"
#include "study/study.h"
#include "support/timeless.h"

/* What a law works on. */
struct session {
    const struct law_case *c;
    struct space *space;
    struct study *study;
};

/* A method that fits a model gets fewer trials, and so does a slow machine's check. */
static int trials_of(const struct law_case *c, int trials, int with_model)
{
    int count = c->method->model ? with_model : trials;
    return is_quick() ? (count + 1) / 2 : count;
}

/* Which cases a law has. */
static inline int is_endless(const struct law_case *c)
{
    return c->entry->points == 0 && !(c->method->traits & METHOD_ENDS);
}

static inline int is_finite(const struct law_case *c)
{
    return c->entry->points > 0 && !(c->method->traits & METHOD_HOST_ONLY);
}

/* For a law that brings a space of its own. */
static inline int is_once(const struct law_case *c)
{
    return c->entry == &contract_spaces[0] && !(c->method->traits & METHOD_ENDS);
}

static inline int is_first(const struct law_case *c)
{
    return c->entry == &contract_spaces[0];
}

static struct session open_session(void **state, int64_t seed)
{
    struct session s = {.c = *state};
    s.space = contract_snapshot(s.c->entry);
    OK(study_new(&s.study, s.space, s.c->method));
    OK(study_set_integer(s.study, "seed", seed));
    return s;
}

static void close_session(struct session *s)
{
    study_release(s->study);
    space_release(s->space);
}

/* A smooth function of the point with its least value inside the space. */
static double loss_at(const struct space *space, const struct point *point)
{
    double loss = 0.125;
    double *x = mem_new(space->size, sizeof *x);
    assert_non_null(x);
    space_encode(space, point, x);
    for (size_t i = 0; i < space->size; i++)
        loss += (x[i] - 0.3) * (x[i] - 0.3) * (double)(i + 1);
    mem_free(x);
    return loss;
}

/* AFINA_OK with a valid trial, AFINA_EXHAUSTED or AFINA_WAIT; never an error. */
static int32_t ask(struct session *s, struct trial **trial)
{
    int32_t rc = study_ask(s->study, trial);
    if (rc < 0)
        fail_msg("ask gave %d: %s", (int)rc, fail_text());
    if (rc > 0) {
        assert_null(*trial);
        assert_true(rc == AFINA_EXHAUSTED || rc == AFINA_WAIT);
    } else if ((*trial)->origin == AFINA_ORIGIN_SUGGESTED) {
        assert_suggestible(trial_space(*trial), (*trial)->point);
        for (size_t i = 0; i < (*trial)->note_size; i++)
            assert_true(isfinite((*trial)->note[i]));
    }
    return rc;
}

static void tell(struct session *s, const struct trial *trial, double value)
{
    OK(study_tell(s->study, trial->number, AFINA_STATE_COMPLETE, &value, 1, NULL));
}

static void tell_loss(struct session *s, const struct trial *trial)
{
    tell(s, trial, loss_at(s->space, trial->point));
}

/* Asks and tells until there are `count` trials or no more points. */
static void run_to(struct session *s, int count)
{
    struct trial *trial;
    while (study_trial_count(s->study) < count && ask(s, &trial) == AFINA_OK)
        tell_loss(s, trial);
}

static void enqueue_draw(struct session *s, struct rng *rng)
{
    struct point *point;
    OK(point_new(&point, s->space));
    OK(space_sample(s->space, rng, point));
    OK(study_enqueue(s->study, &(struct afina_point){.space = s->space, .point = point}));
    point_free(point);
}

/* So that a method that suggests nothing has trials too, and the others a queue to pass. */
static void enqueue_two(struct session *s)
{
    struct rng rng;
    rng_start(&rng, 4711, 0, RNG_OBJECTIVE);
    enqueue_draw(s, &rng);
    enqueue_draw(s, &rng);
}

static int same_trial(const struct trial *a, const struct trial *b)
{
    return a->origin == b->origin && point_equal(a->point, b->point) && a->note_size == b->note_size &&
           (a->note_size == 0 || memcmp(a->note, b->note, a->note_size * sizeof *a->note) == 0);
}

static inline void assert_same_trials(const struct study *a, const struct study *b)
{
    assert_int_equal(a->n_trials, b->n_trials);
    for (size_t i = 0; i < a->n_trials; i++)
        if (!same_trial(a->trials[i], b->trials[i]))
            fail_msg("trial %zu differs", i);
}

static void assert_replays(struct study *study)
{
    int64_t number = 0;
    int32_t rc = study_replay(study, &number);
    if (rc)
        fail_msg("replay gave %d: %s", (int)rc, fail_text());
    assert_int_equal(number, -1);
}

static inline void assert_all_different(const struct study *study)
{
    struct point_set set = {0};
    for (size_t i = 0; i < study->n_trials; i++)
        OK(point_set_add(&set, study->trials[i]->point));
    assert_int_equal(set.size, study->n_trials);
    point_set_fini(&set);
}

/* The session's log as text, read again as another study. */
static struct session reopen(const struct session *s)
{
    struct session copy = {.c = s->c, .space = space_reference(s->space)};
    struct text text = {0};
    OK(study_to_json(s->study, 0, &text));
    int32_t rc = study_from_json(&copy.study, text.data, text.length);
    if (rc)
        fail_msg("reading the log gave %d: %s", (int)rc, fail_text());
    copy.study->method = s->c->method; /* the probe's name is another's */
    if (s->space->filter)
        OK(study_set_filter(copy.study, (afina_filter)s->space->filter->function, s->space->filter->user, NULL));
    mem_free(text.data);
    return copy;
}

static void assert_same_log(struct study *a, struct study *b)
{
    struct text text_a = {0}, text_b = {0};
    OK(study_to_json(a, 0, &text_a));
    OK(study_to_json(b, 0, &text_b));
    strip_times(text_a.data);
    strip_times(text_b.data);
    assert_string_equal(text_a.data, text_b.data);
    mem_free(text_a.data);
    mem_free(text_b.data);
}

#endif
