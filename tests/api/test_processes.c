/* Threads, forks and small stacks: where a guest lives. */
#define _GNU_SOURCE /* fork, pthread attributes */
#include "support/small_study.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, TRIALS = 250 };

struct crew {
    afina_optimizer *optimizer;
    int failures;
};

static void *ask_and_tell(void *argument)
{
    struct crew *crew = argument;
    for (int i = 0; i < TRIALS; i++) {
        afina_trial *trial;
        double value = i, step_value = 0.5;
        int bad = afina_ask(crew->optimizer, &trial) != AFINA_OK;
        if (!bad) {
            bad |= afina_report(trial, 1, &step_value, 1) != AFINA_OK;
            bad |= afina_tell(crew->optimizer, afina_trial_number(trial), &value, 1) != AFINA_OK;
            afina_trial_free(trial);
        }
        __atomic_add_fetch(&crew->failures, bad, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void test_optuna_1488_numbers_are_dense_and_told_once(void **state)
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
            assert_int_equal(state_of(crew.optimizer, i), AFINA_COMPLETE);
        OK(afina_optimizer_replay(crew.optimizer, &differs));
        afina_optimizer_free(crew.optimizer);
    }
}

/* Queued points are each asked once, whoever asks. */
static void test_optuna_1014_a_queued_point_is_asked_once(void **state)
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
    afina_trial *another;
    int wrong = 0;
    wrong |= afina_ask(optimizer, &another) != AFINA_E_FORKED;
    wrong |= afina_tell(optimizer, 0, &value, 1) != AFINA_E_FORKED;
    wrong |= afina_report(trial, 1, &value, 1) != AFINA_E_FORKED;
    wrong |= afina_trial_count(optimizer, &count) != AFINA_E_FORKED;
    wrong |= afina_predict(optimizer, afina_trial_point(trial), &value, &value) != AFINA_E_FORKED;
    wrong |= afina_model_fallbacks(optimizer, &count) != AFINA_E_FORKED;
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

static void *run_small(void *argument)
{
    int *done = argument;
    afina_optimizer *optimizer = small_optimizer("gp");
    size_t n;
    for (int i = 0; i < 15; i++)
        small_step(optimizer);
    OK(afina_optimizer_to_json(optimizer, NULL, 0, &n));
    char *text = malloc(n + 1);
    OK(afina_optimizer_to_json(optimizer, text, n + 1, &n));
    afina_optimizer_free(optimizer);
    OK(afina_optimizer_from_json(&optimizer, text, n));
    free(text);
    afina_optimizer_free(optimizer);
    *done = 1;
    return NULL;
}

/* 128 KiB is what some C libraries give a thread. */
static void test_a_study_runs_on_a_small_stack(void **state)
{
    (void)state;
    pthread_attr_t attributes;
    pthread_t thread;
    int done = 0;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, 128 * 1024), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run_small, &done), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    assert_int_equal(done, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_optuna_1488_numbers_are_dense_and_told_once),
        cmocka_unit_test(test_optuna_1014_a_queued_point_is_asked_once),
        cmocka_unit_test(test_a_forked_child_gets_an_answer),
        cmocka_unit_test(test_a_study_runs_on_a_small_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
