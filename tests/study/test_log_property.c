/* Any sequence of calls makes a log; any log that is read is the same log; any beginning of
 * whole lines is a log. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "api/handles.h"
#include "core/mem.h"
#include "core/rng.h"
#include "study/log.h"
#include "support/small_study.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>

/* What the host does: a study and the stream that chooses the calls. */
struct host {
    afina_optimizer *optimizer;
    struct rng rng;
};

static int64_t below(struct host *h, int64_t n)
{
    return (int64_t)rng_below(&h->rng, (uint64_t)n);
}

static double any_value(struct host *h)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, -0.0, 5e-324, 1e308};
    return below(h, 3) ? rng_normal(&h->rng) : odd[below(h, 6)];
}

static int64_t any_trial(struct host *h)
{
    int64_t count;
    OK(afina_trial_count(h->optimizer, &count));
    return below(h, count + 1);
}

static void ask(struct host *h)
{
    afina_trial *trial;
    double value = any_value(h);
    if (afina_ask(h->optimizer, &trial))
        return;
    for (int64_t step = below(h, 3); step > 0; step--)
        OK(afina_trial_tell_report(trial, 3 - (double)step, &value, 1));
    afina_trial_free(trial);
}

static void bring_point(struct host *h)
{
    afina_space *space = small_space();
    afina_point *point;
    double value = any_value(h);
    OK(afina_point_new(&point, space));
    OK(afina_point_set_real(point, "x", -5 + 15 * rng_uniform(&h->rng)));
    if (below(h, 2))
        OK(afina_enqueue(h->optimizer, point));
    else
        OK(afina_add_trial(h->optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    afina_point_free(point);
    afina_space_free(space);
}

/* Something new, or wider than before; to the host what is narrower is refused. */
static void extend(struct host *h, int64_t trial)
{
    static const char *const choices[] = {"a", "b", "c", "d", "e"};
    afina_space *space;
    OK(afina_space_new(&space));
    if (below(h, 2))
        OK(afina_space_add_categorical(space, "k", choices, 3 + (size_t)below(h, 3)));
    if (below(h, 2))
        OK(afina_space_add_real(space, "x", -5 - (double)below(h, 4), 10 + (double)below(h, 4), AFINA_SCALE_LINEAR));
    OK(afina_space_add_integer(space, below(h, 2) ? "n" : "m", -below(h, 4), 5 + below(h, 4), AFINA_SCALE_LINEAR));
    (void)(below(h, 2) ? afina_optimizer_extend(h->optimizer, space) : afina_extend(h->optimizer, trial, space));
    afina_space_free(space);
}

/* What does not fit the state of the trial is refused, and changes nothing. */
static void act(struct host *h)
{
    afina_optimizer *o = h->optimizer;
    int64_t i = any_trial(h), lines;
    double value = any_value(h), constraint = rng_normal(&h->rng), error = 0.25;
    static const char *const unused[] = {"x", "n"};
    switch (below(h, 19)) {
    case 0:
        (void)afina_tell_failed(o, i, below(h, 2) ? "a \"reason\"\n" : NULL);
        break;
    case 1:
        (void)afina_tell_infeasible(o, i, NULL);
        break;
    case 2:
        (void)afina_tell_lost(o, i, "gone");
        break;
    case 3:
        (void)afina_tell_stopped(o, i);
        break;
    case 4:
        (void)afina_tell_constraints(o, i, &constraint, 1);
        break;
    case 5:
        (void)afina_tell_errors(o, i, &error, 1);
        break;
    case 6:
        (void)afina_tell_checkpoint(o, i, "\xE2\x80\x94");
        break;
    case 7:
        (void)afina_tell_attribute(o, i, "key", "text");
        break;
    case 8:
        OK(afina_optimizer_set_attribute(o, "k\"ey", ""));
        break;
    case 9:
        bring_point(h);
        break;
    case 10:
        OK(afina_optimizer_set_string(o, "worker", below(h, 2) ? "one" : "two"));
        break;
    case 11:
        OK(afina_log_length(o, &lines));
        if (below(h, 4) == 0)
            OK(afina_log_rewind(o, lines - below(h, lines < 5 ? lines : 5)));
        break;
    case 12:
        extend(h, i);
        break;
    case 13:
        (void)afina_tell_unused(o, i, unused, 1 + (size_t)below(h, 2));
        break;
    case 14:
    case 15:
        (void)afina_tell(o, i, &value, 1);
        break;
    default:
        ask(h);
    }
}

static void assert_same_when_read(afina_optimizer *o, const char *text)
{
    afina_optimizer *read;
    int64_t differs;
    if (afina_optimizer_from_log(&read, text, strlen(text)))
        fail_msg("%s\n%s", afina_last_error(), text);
    char *again = log_of(read);
    assert_string_equal(again, text);
    OK(afina_optimizer_replay(read, &differs));
    OK(afina_optimizer_replay(o, &differs));
    free(again);
    afina_optimizer_free(read);
}

/* Read line by line by another, too. */
static void assert_beginnings_are_logs(const char *text)
{
    const char *end = strchr(text, '\n') + 1;
    afina_optimizer *read, *grown;
    int64_t position = 1;
    OK(afina_optimizer_from_log(&grown, text, (size_t)(end - text)));
    while (*end) {
        const char *next = strchr(end, '\n') + 1;
        OK(afina_log_append(grown, position, end, (size_t)(next - end), &position));
        OK(afina_optimizer_from_log(&read, text, (size_t)(next - text)));
        afina_optimizer_free(read);
        end = next;
    }
    char *whole = log_of(grown);
    assert_string_equal(whole, text);
    free(whole);
    afina_optimizer_free(grown);
}

static void test_any_sequence_of_calls_is_a_log(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "tpe", "cmaes", "grid"};
    uint64_t seeds = getenv("AFINA_TEST_QUICK") ? 5 : 25;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        struct host h = {.optimizer = small_optimizer(methods[seed % 4])};
        print_message("seed %d\n", (int)seed);
        rng_start(&h.rng, seed, 0, RNG_OBJECTIVE);
        OK(afina_optimizer_set_integer(h.optimizer, "lag", (int64_t)(seed % 3)));
        for (int i = 0; i < 150; i++)
            act(&h);
        char *text = log_of(h.optimizer);
        assert_same_when_read(h.optimizer, text);
        assert_beginnings_are_logs(text);
        free(text);
        afina_optimizer_free(h.optimizer);
    }
}

#ifndef __SANITIZE_THREAD__

/* How often the lock was let go. */
static pthread_mutex_t *watched;
static size_t unlocks;

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    static int (*real)(pthread_mutex_t *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_mutex_unlock");
    unlocks += mutex == watched;
    return real(mutex);
}

/* Once a log of 100,000 trials held up every other call for seconds. */
static void test_writing_a_log_lets_others_in_after_every_chunk(void **state)
{
    (void)state;
    enum { LONGEST_LINE = 400 };
    afina_optimizer *o = small_optimizer("random");
    struct text text = {0};
    size_t next;
    for (int i = 0; i < 5000; i++)
        small_step(o);
    watched = &o->study->lock;
    unlocks = 0;
    OK(study_to_json(o->study, 0, &text));
    assert_true(text.length > 10 * LOG_CHUNK);
    assert_true(text.length / unlocks <= LOG_CHUNK + LONGEST_LINE);
    text.length = 0;
    unlocks = 0;
    OK(study_log_read(o->study, 0, SIZE_MAX / 2, &text, &next));
    assert_true(text.length / unlocks <= LOG_CHUNK + LONGEST_LINE);
    watched = NULL;
    mem_free(text.data);
    afina_optimizer_free(o);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_sequence_of_calls_is_a_log),
#ifndef __SANITIZE_THREAD__
        cmocka_unit_test(test_writing_a_log_lets_others_in_after_every_chunk),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
