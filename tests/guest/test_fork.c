/* Forks of a host with a study: while nothing runs, and while other threads are inside of the library. In each child
 * the handles of the parent answer AFINA_E_FORKED and are freed, and new studies run. A child that hangs is killed by
 * SIGALRM, and counted. */
#define _GNU_SOURCE /* fork */
#include "support/guest_scenario.h"
#include "support/small_study.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 120, WORKERS = 2 };

static int forks(void)
{
    return getenv("AFINA_TEST_LONG") ? 100 : getenv("AFINA_TEST_QUICK") ? 5 : 20;
}

/* What a child finds wrong, as the number of a line; 0 for nothing. */
#define WRONG_UNLESS(condition)                                                                                        \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return __LINE__;                                                                                           \
    } while (0)

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double x;
    (void)user;
    if (afina_point_get_real(afina_trial_point(trial), "x", &x) != AFINA_OK)
        return AFINA_E_CALLBACK;
    values[0] = (x - 2.385) * (x - 2.385);
    return AFINA_OK;
}

/* In a process of one thread, cmocka's assertions left out: a failed one would go on in the parent's test. */
static int run_new_study(const char *method, int64_t trials)
{
    static const char *const choices[] = {"a", "b"};
    afina_space *space;
    afina_optimizer *o;
    int64_t number;
    WRONG_UNLESS(afina_space_new(&space) == AFINA_OK);
    WRONG_UNLESS(afina_space_add_real(space, "x", -5, 10, AFINA_SCALE_LINEAR) == AFINA_OK);
    WRONG_UNLESS(afina_space_add_categorical(space, "k", choices, 2) == AFINA_OK);
    WRONG_UNLESS(afina_optimizer_new(&o, space, method) == AFINA_OK);
    WRONG_UNLESS(afina_optimize(o, objective, NULL, trials) == AFINA_OK);
    WRONG_UNLESS(afina_optimizer_replay(o, &number) == AFINA_OK);
    afina_optimizer_free(o);
    afina_space_free(space);
    return 0;
}

/* The space of the parent goes on working. */
static int use_handles(afina_optimizer *o, afina_trial *trial, afina_space *space)
{
    double value = 1;
    int64_t count;
    size_t length;
    afina_trial *another;
    afina_point *point;
    WRONG_UNLESS(afina_ask(o, &another) == AFINA_E_FORKED && !another);
    WRONG_UNLESS(strstr(afina_last_error(), "belongs to process"));
    WRONG_UNLESS(afina_trial_count(o, &count) == AFINA_E_FORKED);
    WRONG_UNLESS(afina_trial_tell(trial, &value, 1) == AFINA_E_FORKED);
    WRONG_UNLESS(afina_optimize(o, objective, NULL, 1) == AFINA_E_FORKED);
    WRONG_UNLESS(afina_optimizer_to_log(o, NULL, 0, &length) == AFINA_E_FORKED);
    WRONG_UNLESS(afina_optimizer_set_integer(o, "workers", 2) == AFINA_E_FORKED);
    WRONG_UNLESS(afina_cancel(o) == AFINA_E_FORKED);
    WRONG_UNLESS(afina_space_sample(space, 1, 2, &point) == AFINA_OK);
    afina_point_free(point);
    afina_trial_free(trial);
    afina_optimizer_free(o);
    afina_space_free(space);
    return 0;
}

/* A model hands its matrices to the BLAS, which tests/run holds to one thread: OpenBLAS with more of them may hang in a
 * child that was forked while it computed. */
static int live_in_child(afina_optimizer *o, afina_trial *trial, afina_space *space)
{
    int line = use_handles(o, trial, space);
    if (!line)
        line = run_new_study("tpe", 20);
    return line ? line : run_new_study("gp", 10);
}

static void fork_again_and_again(afina_optimizer *o)
{
    afina_trial *trial;
    afina_space *space = small_space();
    int32_t rc = afina_ask(o, &trial);
    assert_true(rc == AFINA_OK);
    for (int i = 0; i < forks(); i++) {
        int status = -1;
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            alarm(PATIENCE);
            int line = live_in_child(o, trial, space);
            if (line)
                fprintf(stderr, "line %d: %s\n", line, afina_last_error());
            _exit(line != 0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail_msg("child %d ended with status %x", i, (unsigned)status);
    }
    afina_trial_free(trial);
    afina_space_free(space);
}

static void test_children_of_an_idle_parent_live(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("gp");
    for (int i = 0; i < SCENARIO_LONG; i++)
        small_step(o);
    fork_again_and_again(o);
    small_step(o);
    afina_optimizer_free(o);
}

struct busy {
    afina_optimizer *optimizer;
    _Atomic int stop, failures;
};

/* Asks, tells and puts questions, on the study that is forked with. */
static void *work(void *user)
{
    struct busy *busy = user;
    while (!busy->stop) {
        afina_trial *trial;
        double value = 1, mean, sd;
        int bad = afina_ask(busy->optimizer, &trial) != AFINA_OK;
        bad |= afina_model_predict(busy->optimizer, 0, afina_trial_point(trial), &mean, &sd) != AFINA_OK;
        bad |= afina_trial_tell(trial, &value, 1) != AFINA_OK;
        afina_trial_free(trial);
        busy->failures += bad;
    }
    return NULL;
}

static void test_children_of_a_busy_parent_live(void **state)
{
    (void)state;
    struct busy busy = {.optimizer = small_optimizer("gp")};
    pthread_t threads[WORKERS];
    int64_t count;
    for (int i = 0; i < SCENARIO_LONG; i++)
        small_step(busy.optimizer);
    for (int i = 0; i < WORKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &busy), 0);
    fork_again_and_again(busy.optimizer);
    busy.stop = 1;
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(busy.failures, 0);
    OK(afina_trial_count(busy.optimizer, &count));
    assert_true(count > SCENARIO_LONG + 1); /* they were busy */
    afina_optimizer_free(busy.optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_of_an_idle_parent_live),
        cmocka_unit_test(test_children_of_a_busy_parent_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
