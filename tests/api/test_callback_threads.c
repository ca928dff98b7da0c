/* What the host's callbacks may do to threads and processes: each of these once hung, ended two
 * runs for one, or left a trial running. */
#define _GNU_SOURCE /* fork, usleep */
#include "support/small_study.h"

#include <stdatomic.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int32_t fine(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

struct nested {
    afina_optimizer *optimizer;
    int32_t status;
};

static int32_t optimizes(const afina_point *point, void *user)
{
    struct nested *n = user;
    (void)point;
    n->status = afina_optimize(n->optimizer, fine, NULL, 20);
    return 1;
}

/* With several workers these waited for the turn of the thread that waited for them. */
static void test_a_filter_that_optimizes_is_busy(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers += 3) {
        struct nested n = {.optimizer = small_optimizer("random")};
        afina_trial *trial;
        OK(afina_optimizer_set_filter(n.optimizer, optimizes, &n, NULL));
        OK(afina_optimizer_set_integer(n.optimizer, "workers", workers));
        OK(afina_ask(n.optimizer, &trial));
        assert_int_equal(n.status, AFINA_E_BUSY);
        afina_trial_free(trial);
        afina_optimizer_free(n.optimizer);
    }
}

struct leaving {
    pthread_t caller;
    _Atomic int left;
};

static int32_t leaves_once(afina_trial *trial, double *values, void *user)
{
    struct leaving *l = user;
    usleep(1000);
    if (!pthread_equal(pthread_self(), l->caller) && !atomic_exchange_explicit(&l->left, 1, memory_order_acq_rel))
        pthread_exit(NULL);
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

/* The trial stayed running, and with `lag` the run waited for it for ever. */
static void test_the_trial_of_a_worker_that_exits_is_lost(void **state)
{
    (void)state;
    for (int lag = 0; lag <= 4; lag += 4) {
        struct leaving l = {.caller = pthread_self()};
        afina_optimizer *o = small_optimizer("random");
        int lost = 0;
        OK(afina_optimizer_set_integer(o, "workers", 4));
        OK(afina_optimizer_set_integer(o, "lag", lag));
        OK(afina_optimize(o, leaves_once, &l, 40));
        for (int64_t i = 0; i < 40; i++) {
            int32_t is = state_of(o, i);
            assert_true(is == AFINA_STATE_COMPLETE || is == AFINA_STATE_LOST);
            lost += is == AFINA_STATE_LOST;
        }
        assert_int_equal(lost, 1);
        afina_optimizer_free(o);
    }
}

struct two_runs {
    afina_optimizer *optimizer;
    _Atomic int started;
    int32_t results[2];
};

static int32_t counts(afina_trial *trial, double *values, void *user)
{
    struct two_runs *t = user;
    atomic_fetch_add_explicit(&t->started, 1, memory_order_acq_rel);
    usleep(200 + (unsigned)(afina_trial_number(trial) * 7919 % 50) * 20);
    values[0] = 1;
    return AFINA_OK;
}

static void *run_first(void *user)
{
    struct two_runs *t = user;
    t->results[0] = afina_optimize(t->optimizer, counts, t, 300);
    return NULL;
}

static void *run_second(void *user)
{
    struct two_runs *t = user;
    t->results[1] = afina_optimize(t->optimizer, counts, t, 300);
    return NULL;
}

static void test_one_cancel_ends_one_run(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct two_runs t = {.optimizer = small_optimizer("random")};
        pthread_t first, second;
        OK(afina_optimizer_set_integer(t.optimizer, "workers", 2));
        assert_int_equal(pthread_create(&first, NULL, run_first, &t), 0);
        assert_int_equal(pthread_create(&second, NULL, run_second, &t), 0);
        while (atomic_load_explicit(&t.started, memory_order_acquire) < 6)
            usleep(100);
        OK(afina_cancel(t.optimizer));
        pthread_join(first, NULL);
        pthread_join(second, NULL);
        assert_int_equal((t.results[0] == AFINA_CANCELLED) + (t.results[1] == AFINA_CANCELLED), 1);
        assert_int_equal((t.results[0] == AFINA_OK) + (t.results[1] == AFINA_OK), 1);
        afina_optimizer_free(t.optimizer);
    }
}

/* Forks now and then, and waits until the child is gone: one that hangs is killed and counted. */
struct forks {
    pid_t parent;
    _Atomic int calls, hung;
};

static void fork_now_and_then(struct forks *f)
{
    if (getpid() != f->parent || (atomic_fetch_add_explicit(&f->calls, 1, memory_order_acq_rel) + 1) % 7)
        return;
    pid_t child = fork();
    if (child == 0)
        return;
    for (int i = 0; i < 60000; i++) {
        int status;
        if (waitpid(child, &status, WNOHANG) == child)
            return;
        usleep(1000);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    atomic_fetch_add_explicit(&f->hung, 1, memory_order_acq_rel);
}

static int32_t forking_filter(const afina_point *point, void *user)
{
    (void)point;
    fork_now_and_then(user);
    return 1;
}

static int32_t forking_message(int32_t level, const char *text, void *user)
{
    (void)level;
    (void)text;
    fork_now_and_then(user);
    return AFINA_OK;
}

static int32_t forking_observer(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)event;
    (void)trial;
    (void)report;
    fork_now_and_then(user);
    return 0;
}

static int32_t reports_much(afina_trial *trial, double *values, void *user)
{
    struct forks *f = user;
    double value = 1;
    if (getpid() != f->parent)
        _exit(9); /* a child evaluates nothing */
    for (int i = 1; i < 20; i++)
        if (afina_trial_tell_report(trial, i, &value, 1) != AFINA_OK)
            return AFINA_E_FORKED; /* in a child of the observer */
    values[0] = 1;
    return AFINA_OK;
}

/* The child went on inside the library, and took a lock that another worker had held. */
static void test_a_child_forked_in_a_callback_leaves(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        struct forks f = {.parent = getpid()};
        afina_optimizer *o = small_optimizer("random");
        if (way == 0)
            OK(afina_optimizer_set_filter(o, forking_filter, &f, NULL));
        else if (way == 1)
            OK(afina_optimizer_set_message(o, forking_message, &f, NULL));
        else
            OK(afina_optimizer_set_observer(o, forking_observer, &f, NULL));
        OK(afina_optimizer_set_integer(o, "workers", 4));
        int32_t rc = afina_optimize(o, reports_much, &f, 60);
        if (getpid() != f.parent)
            _exit(rc != AFINA_E_FORKED);
        OK(rc);
        assert_true(f.calls >= 60);
        assert_int_equal(f.hung, 0);
        afina_optimizer_free(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_filter_that_optimizes_is_busy),
        cmocka_unit_test(test_the_trial_of_a_worker_that_exits_is_lost),
        cmocka_unit_test(test_one_cancel_ends_one_run),
        cmocka_unit_test(test_a_child_forked_in_a_callback_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
