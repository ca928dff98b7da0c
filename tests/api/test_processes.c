/* Threads, forks and small stacks: where a guest lives. */
#define _GNU_SOURCE /* fork, pthread attributes */
#include "afina_experimental.h"
#include "support/small_study.h"

#include <stdatomic.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, TRIALS = 250 };

struct crew {
    afina_optimizer *optimizer;
    atomic_int failures;
};

static void *ask_and_tell(void *argument)
{
    struct crew *crew = argument;
    for (int i = 0; i < TRIALS; i++) {
        afina_trial *trial;
        double value = i, step_value = 0.5;
        int bad = afina_ask(crew->optimizer, &trial) != AFINA_OK;
        if (!bad) {
            bad |= afina_trial_tell_report(trial, 1, &step_value, 1) != AFINA_OK;
            bad |= afina_tell(crew->optimizer, afina_trial_number(trial), &value, 1) != AFINA_OK;
            afina_trial_free(trial);
        }
        atomic_fetch_add_explicit(&crew->failures, bad, memory_order_relaxed);
    }
    return NULL;
}

static void test_numbers_are_dense_and_told_once(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "sobol", "lhs"};
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        struct crew crew = {.optimizer = small_optimizer(methods[m])};
        pthread_t threads[THREADS];
        int64_t count, differs;
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, ask_and_tell, &crew), 0);
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        assert_int_equal(crew.failures, 0);
        OK(afina_trial_count(crew.optimizer, &count));
        assert_int_equal(count, THREADS * TRIALS);
        for (int64_t i = 0; i < count; i++)
            assert_int_equal(state_of(crew.optimizer, i), AFINA_STATE_COMPLETE);
        OK(afina_optimizer_replay(crew.optimizer, &differs));
        afina_optimizer_free(crew.optimizer);
    }
}

/* Queued points are each asked once, whoever asks. */
static void test_a_queued_point_is_asked_once(void **state)
{
    (void)state;
    struct crew crew = {.optimizer = small_optimizer("random")};
    afina_space *space = small_space();
    afina_point *point;
    pthread_t threads[THREADS];
    unsigned char *seen = calloc(1000, 1);
    OK(afina_point_new(&point, space));
    for (int i = 0; i < 1000; i++) {
        OK(afina_point_set_real(point, "x", i / 1024.0));
        OK(afina_enqueue(crew.optimizer, point));
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_and_tell, &crew), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int64_t i = 0; i < 1000; i++) {
        afina_trial *trial;
        double x;
        OK(afina_trial_get(crew.optimizer, i, &trial));
        OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
        assert_int_equal(seen[(int)(x * 1024)]++, 0);
        afina_trial_free(trial);
    }
    free(seen);
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(crew.optimizer);
}

static int answer_in_child(afina_optimizer *optimizer, afina_trial *trial)
{
    double value = 1;
    int64_t count;
    int32_t state;
    size_t n;
    char text[8];
    afina_trial *another;
    int wrong = 0;
    wrong |= afina_ask(optimizer, &another) != AFINA_E_FORKED;
    wrong |= afina_tell(optimizer, 0, &value, 1) != AFINA_E_FORKED;
    wrong |= afina_trial_tell_report(trial, 1, &value, 1) != AFINA_E_FORKED;
    wrong |= afina_trial_count(optimizer, &count) != AFINA_E_FORKED;
    wrong |= afina_model_predict(optimizer, 0, afina_trial_point(trial), &value, &value) != AFINA_E_FORKED;
    wrong |= afina_model_fallbacks(optimizer, &count) != AFINA_E_FORKED;
    wrong |= afina_trial_state(trial, &state) != AFINA_E_FORKED;
    wrong |= afina_trial_values(trial, &value, 1, &n) != AFINA_E_FORKED;
    wrong |= afina_trial_constraints(trial, &value, 1, &n) != AFINA_E_FORKED;
    wrong |= afina_trial_errors(trial, &value, 1, &n) != AFINA_E_FORKED; /* once it took the study's lock */
    wrong |= afina_trial_reason(trial, text, sizeof text, &n) != AFINA_E_FORKED;
    wrong |= afina_trial_report_count(trial, &n) != AFINA_E_FORKED;
    wrong |= afina_tell_errors(optimizer, 0, &value, 1) != AFINA_E_FORKED;
    wrong |= afina_model_best(optimizer, 0, &another) != AFINA_E_FORKED;
    wrong |= afina_trial_should_stop(trial, &state) != AFINA_E_FORKED;
    wrong |= strstr(afina_last_error(), "belongs to process") == NULL;
    afina_trial_free(trial);
    afina_optimizer_free(optimizer);
    return wrong;
}

static void test_a_forked_child_gets_an_answer(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("gp");
    afina_trial *trial;
    int status = -1;
    for (int i = 0; i < 8; i++)
        small_step(optimizer);
    OK(afina_ask(optimizer, &trial));
    pid_t child = fork();
    if (child == 0)
        _exit(answer_in_child(optimizer, trial));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    small_step(optimizer); /* the parent goes on */
    afina_trial_free(trial);
    afina_optimizer_free(optimizer);
}

/* A thread that ends unwinds its stack, as a C++ exception does. */
static int32_t ends_the_thread(const afina_point *point, void *user)
{
    (void)point;
    if (pthread_equal(*(pthread_t *)user, pthread_self()))
        return 1;
    pthread_exit(NULL);
}

static void *ask_once(void *optimizer)
{
    afina_trial *trial;
    afina_ask(optimizer, &trial);
    afina_trial_free(trial);
    return NULL;
}

static void *replay_once(void *optimizer)
{
    int64_t number;
    afina_optimizer_replay(optimizer, &number);
    return NULL;
}

/* Once the turn was never given back, and the next ask waited for ever. */
static void test_an_unwound_filter_gives_the_turn_back(void **state)
{
    (void)state;
    void *(*const calls[])(void *) = {ask_once, replay_once};
    pthread_t self = pthread_self();
    for (size_t m = 0; m < afina_method_count(); m++) {
        afina_optimizer *o = small_optimizer(afina_method_name(m));
        if (strcmp(afina_method_name(m), "manual") == 0) {
            afina_optimizer_free(o);
            continue;
        }
        OK(afina_optimizer_set_filter(o, ends_the_thread, &self, NULL));
        for (int i = 0; i < 12; i++) {
            pthread_t thread;
            int64_t differs;
            assert_int_equal(pthread_create(&thread, NULL, calls[i % 2], o), 0);
            pthread_join(thread, NULL);
            small_step(o);
            OK(afina_optimizer_replay(o, &differs));
        }
        afina_optimizer_free(o);
    }
}

/* Holds the turn until it is let go. */
static int32_t waits(const afina_point *point, void *user)
{
    _Atomic int *stage = user;
    (void)point;
    if (atomic_load_explicit(stage, memory_order_acquire) == 0)
        atomic_store_explicit(stage, 1, memory_order_release);
    while (atomic_load_explicit(stage, memory_order_acquire) == 1)
        usleep(100);
    return 1;
}

/* Once a thread that was cancelled while it waited for its turn kept the lock. */
static void test_a_thread_cancelled_while_it_waits_keeps_no_lock(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    pthread_t thinks, cancelled;
    int64_t count;
    _Atomic int stage = 0;
    OK(afina_optimizer_set_filter(o, waits, &stage, NULL));
    assert_int_equal(pthread_create(&thinks, NULL, ask_once, o), 0);
    while (atomic_load_explicit(&stage, memory_order_acquire) == 0)
        usleep(100);
    assert_int_equal(pthread_create(&cancelled, NULL, ask_once, o), 0);
    usleep(20000); /* now it waits */
    pthread_cancel(cancelled);
    usleep(20000);
    OK(afina_trial_count(o, &count));
    assert_int_equal(count, 0);
    atomic_store_explicit(&stage, 2, memory_order_release);
    pthread_join(thinks, NULL);
    pthread_join(cancelled, NULL);
    small_step(o);
    afina_optimizer_free(o);
}

/* The objective of afina_optimize() on the thread that called it ends that thread. */
struct unwinding {
    afina_optimizer *optimizer;
    pthread_t caller;
};

static int32_t ends_its_caller(afina_trial *trial, double *values, void *user)
{
    struct unwinding *u = user;
    values[0] = small_value(afina_trial_point(trial));
    if (pthread_equal(u->caller, pthread_self()))
        pthread_exit(NULL);
    return AFINA_OK;
}

static void *optimize_once(void *argument)
{
    struct unwinding *u = argument;
    u->caller = pthread_self();
    afina_optimize(u->optimizer, ends_its_caller, u, 1000000);
    return NULL;
}

/* Once the other workers went on with what stood on the stack that was gone. */
static void test_an_unwound_objective_waits_for_the_other_workers(void **state)
{
    (void)state;
    struct unwinding u = {.optimizer = small_optimizer("random")};
    pthread_t thread;
    int64_t count, running = 0;
    OK(afina_optimizer_set_integer(u.optimizer, "workers", 3));
    assert_int_equal(pthread_create(&thread, NULL, optimize_once, &u), 0);
    pthread_join(thread, NULL);
    OK(afina_trial_count(u.optimizer, &count));
    for (int64_t i = 0; i < count; i++)
        running += state_of(u.optimizer, i) == AFINA_STATE_RUNNING;
    assert_int_equal(running, 1); /* the host may tell it */
    small_step(u.optimizer);
    afina_optimizer_free(u.optimizer);
}

struct forking {
    afina_optimizer *optimizer;
    pid_t child;
};

/* In the child it goes on as if nothing had happened. */
static int32_t forks(afina_trial *trial, double *values, void *user)
{
    struct forking *f = user;
    values[0] = small_value(afina_trial_point(trial));
    if (afina_trial_number(trial) == 3)
        f->child = fork();
    return AFINA_OK;
}

/* Once the status was AFINA_E_STATE, and a child of one of several workers waited for
 * threads that it does not have. */
static void test_an_objective_that_forks_ends_the_run_in_the_child(void **state)
{
    (void)state;
    struct forking f = {.optimizer = small_optimizer("random"), .child = -1};
    int status = -1;
    int64_t count;
    int32_t rc = afina_optimize(f.optimizer, forks, &f, 6);
    if (f.child == 0)
        _exit(rc != AFINA_E_FORKED || afina_cancel(f.optimizer) != AFINA_E_FORKED);
    assert_int_equal(rc, AFINA_OK);
    assert_int_equal(waitpid(f.child, &status, 0), f.child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    OK(afina_trial_count(f.optimizer, &count));
    assert_int_equal(count, 6);
    afina_optimizer_free(f.optimizer);
}

/* Forks once on the thread that called afina_optimize(), while the other one waits in
 * its objective. */
struct crowd {
    pthread_t caller;
    pid_t child;
    _Atomic int waits;
};

static int32_t forks_among_others(afina_trial *trial, double *values, void *user)
{
    struct crowd *c = user;
    values[0] = small_value(afina_trial_point(trial));
    if (!pthread_equal(c->caller, pthread_self())) {
        int never = 0; /* once it waited again after the fork, for nobody */
        atomic_compare_exchange_strong_explicit(&c->waits, &never, 1, memory_order_release, memory_order_relaxed);
        while (atomic_load_explicit(&c->waits, memory_order_acquire) == 1)
            ;
    } else if (c->child == -1) {
        while (atomic_load_explicit(&c->waits, memory_order_acquire) == 0)
            ;
        c->child = fork();
        if (c->child > 0)
            atomic_store_explicit(&c->waits, 2, memory_order_release);
    }
    return AFINA_OK;
}

/* What threads held that the child lacks is lost there: it leaves by way of another
 * program, so that no tool counts that. */
static void leave(int failed)
{
    execl(failed ? "/bin/false" : "/bin/true", "leave", (char *)NULL);
    _exit(2);
}

static void test_a_child_of_one_of_several_workers_waits_for_no_other(void **state)
{
    (void)state;
    struct crowd c = {.caller = pthread_self(), .child = -1};
    afina_optimizer *o = small_optimizer("random");
    int status = -1;
    OK(afina_optimizer_set_integer(o, "workers", 2));
    int32_t rc = afina_optimize(o, forks_among_others, &c, 8);
    if (c.child == 0)
        leave(rc != AFINA_E_FORKED);
    assert_int_equal(rc, AFINA_OK);
    assert_int_equal(waitpid(c.child, &status, 0), c.child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    afina_optimizer_free(o);
}

static void *run_small(void *argument)
{
    int *done = argument;
    afina_optimizer *optimizer = small_optimizer("gp");
    for (int i = 0; i < 15; i++)
        small_step(optimizer);
    char *text = log_of(optimizer);
    afina_optimizer_free(optimizer);
    OK(afina_optimizer_from_log(&optimizer, text, strlen(text)));
    free(text);
    afina_optimizer_free(optimizer);
    *done = 1;
    return NULL;
}

/* 128 KiB is what some C libraries give a thread. The address sanitizer needs more. */
#ifdef __SANITIZE_ADDRESS__
enum { SMALL = 1024 * 1024 };
#else
enum { SMALL = 128 * 1024 };
#endif

static void test_a_study_runs_on_a_small_stack(void **state)
{
    (void)state;
    pthread_attr_t attributes;
    pthread_t thread;
    int done = 0;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, SMALL), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run_small, &done), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    assert_int_equal(done, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_dense_and_told_once),
        cmocka_unit_test(test_a_queued_point_is_asked_once),
        cmocka_unit_test(test_a_forked_child_gets_an_answer),
        cmocka_unit_test(test_an_unwound_filter_gives_the_turn_back),
        cmocka_unit_test(test_a_thread_cancelled_while_it_waits_keeps_no_lock),
        cmocka_unit_test(test_an_unwound_objective_waits_for_the_other_workers),
        cmocka_unit_test(test_an_objective_that_forks_ends_the_run_in_the_child),
        cmocka_unit_test(test_a_child_of_one_of_several_workers_waits_for_no_other),
        cmocka_unit_test(test_a_study_runs_on_a_small_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
