/* The callback loop: budgets, ends, workers, and what an objective may do wrong. */
#define _POSIX_C_SOURCE 200809L /* fork */
#include "support/small_study.h"

#include <stdatomic.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int32_t good(afina_trial *trial, double *values, void *user)
{
    if (user)
        atomic_fetch_add_explicit((_Atomic int *)user, 1, memory_order_relaxed);
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

static int64_t count_of(afina_optimizer *o)
{
    int64_t n;
    OK(afina_trial_count(o, &n));
    return n;
}

static void test_it_runs_as_many_trials_as_asked(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    int calls = 0;
    OK(afina_optimize(o, good, &calls, 0));
    assert_int_equal(calls, 0);
    OK(afina_optimize(o, good, &calls, 13));
    OK(afina_optimize(o, good, &calls, 4));
    assert_int_equal(calls, 17);
    assert_int_equal(count_of(o), 17);
    FAILS(afina_optimize(o, good, NULL, -1), AFINA_E_RANGE, "trials must be 0 or more, got -1");
    FAILS(afina_optimize(o, NULL, NULL, 1), AFINA_E_ARGUMENT, "objective is NULL");
    afina_optimizer_free(o);
}

static int32_t forgets(afina_trial *trial, double *values, void *user)
{
    (void)user;
    if (afina_trial_number(trial) == 2)
        values[0] = 4.5;
    return AFINA_OK;
}

static void test_a_value_not_set_is_a_failed_trial(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    char reason[64];
    size_t n;
    OK(afina_optimize(o, forgets, NULL, 4));
    assert_int_equal(state_of(o, 0), AFINA_STATE_FAILED);
    assert_int_equal(state_of(o, 2), AFINA_STATE_COMPLETE);
    assert_int_equal(state_of(o, 3), AFINA_STATE_FAILED);
    OK(afina_trial_get(o, 0, &trial));
    OK(afina_trial_reason(trial, reason, sizeof reason, &n));
    assert_string_equal(reason, "the objective did not set its value");
    OK(afina_trial_values(trial, NULL, 0, &n));
    assert_int_equal(n, 0);
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static int32_t sets_one_of_two(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    (void)user;
    values[1] = 3;
    return AFINA_OK;
}

static void test_half_of_the_values_is_none(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_integer(o, "objectives", 2));
    FAILS(afina_optimize(o, sets_one_of_two, NULL, 1), AFINA_ALL_FAILED,
          "all 1 trials failed; the last: the objective did not set its value");
    assert_int_equal(state_of(o, 0), AFINA_STATE_FAILED);
    afina_optimizer_free(o);
}

static int32_t answers(afina_trial *trial, double *values, void *user)
{
    static const int32_t status[] = {AFINA_OK, -7, AFINA_INFEASIBLE_POINT, 42};
    (void)user;
    values[0] = 1;
    return status[afina_trial_number(trial) % 4];
}

static void test_the_status_of_an_objective_is_the_end_of_its_trial(void **state)
{
    (void)state;
    static const int32_t expected[] = {AFINA_STATE_COMPLETE, AFINA_STATE_FAILED, AFINA_STATE_INFEASIBLE,
                                       AFINA_STATE_FAILED};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    char reason[64];
    size_t n;
    OK(afina_optimize(o, answers, NULL, 4));
    for (int i = 0; i < 4; i++)
        assert_int_equal(state_of(o, i), expected[i]);
    OK(afina_trial_get(o, 1, &trial));
    OK(afina_trial_reason(trial, reason, sizeof reason, &n));
    assert_string_equal(reason, "the objective returned -7");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

/* Answers to trial 3, after two that are fine; a failed call or a text of its own says why. */
struct answer {
    int32_t status;
    const char *text;
};

static int32_t answers_to_the_third(afina_trial *trial, double *values, void *user)
{
    const struct answer *a = user;
    values[0] = 1;
    if (afina_trial_number(trial) != 2)
        return AFINA_OK;
    if (a->text)
        OK(afina_set_last_error(a->text));
    return a->status;
}

static void assert_reason(afina_optimizer *o, int64_t number, const char *expected)
{
    afina_trial *trial;
    char reason[128];
    size_t n;
    OK(afina_trial_get(o, number, &trial));
    OK(afina_trial_reason(trial, reason, sizeof reason, &n));
    assert_string_equal(reason, expected);
    afina_trial_free(trial);
}

static void test_an_objective_can_end_the_run(void **state)
{
    (void)state;
    static const struct answer answers_that_end[] = {{AFINA_CANCELLED, NULL}, {AFINA_E_CALLBACK, "the disk is full"}};
    for (size_t i = 0; i < 2; i++) {
        afina_optimizer *o = small_optimizer("random");
        struct answer a = answers_that_end[i];
        assert_int_equal(afina_optimize(o, answers_to_the_third, &a, 9), a.status);
        if (a.text)
            assert_string_equal(afina_last_error(), a.text);
        assert_int_equal(count_of(o), 3);
        assert_int_equal(state_of(o, 2), a.text ? AFINA_STATE_FAILED : AFINA_STATE_LOST);
        assert_reason(o, 2, a.text ? a.text : "the objective returned 4");
        OK(afina_optimize(o, good, NULL, 2));
        afina_optimizer_free(o);
    }
}

static void test_the_last_error_of_an_objective_is_the_reason(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    struct answer a = {.status = 1, .text = "no such file: \u03b1.csv"};
    afina_last_error();
    OK(afina_optimize(o, answers_to_the_third, &a, 4));
    assert_reason(o, 2, a.text);
    afina_optimizer_free(o);
}

static int32_t leaves_a_text(afina_trial *trial, double *values, void *user)
{
    static const int32_t status[] = {AFINA_OK, AFINA_OK, AFINA_INFEASIBLE_POINT, AFINA_INFEASIBLE_POINT, AFINA_OK};
    static const char *const texts[] = {"cannot evaluate", NULL, "the mesh is degenerate", NULL, "only a warning"};
    int64_t number = afina_trial_number(trial);
    (void)user;
    if (texts[number])
        OK(afina_set_last_error(texts[number]));
    if (number == 4)
        values[0] = 1;
    return status[number];
}

/* The reason was lost unless the objective answered with an error. */
static void test_the_text_of_an_objective_without_a_value_is_the_reason(void **state)
{
    (void)state;
    static const char *const reasons[] = {"cannot evaluate", "the objective did not set its value",
                                          "the mesh is degenerate", "", ""};
    static const int32_t states[] = {AFINA_STATE_FAILED, AFINA_STATE_FAILED, AFINA_STATE_INFEASIBLE,
                                     AFINA_STATE_INFEASIBLE, AFINA_STATE_COMPLETE};
    afina_optimizer *o = small_optimizer("random");
    afina_set_last_error("of an earlier call");
    OK(afina_optimize(o, leaves_a_text, NULL, 5));
    for (int64_t i = 0; i < 5; i++) {
        assert_int_equal(state_of(o, i), states[i]);
        assert_reason(o, i, reasons[i]);
    }
    afina_optimizer_free(o);
}

static int32_t always_fails(afina_trial *trial, double *values, void *user)
{
    (void)values;
    (void)user;
    afina_set_last_error("no licence");
    return afina_trial_number(trial) % 2 ? -7 : 1;
}

static void test_a_run_in_which_all_failed_says_so(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    FAILS(afina_optimize(o, always_fails, NULL, 5), AFINA_ALL_FAILED, "all 5 trials failed; the last: no licence");
    OK(afina_optimize(o, always_fails, NULL, 0));
    OK(afina_optimize(o, good, NULL, 1));
    afina_optimizer_free(o);
}

static void test_it_ends_at_the_target(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *best;
    double value;
    size_t n;
    OK(afina_optimizer_set_real(o, "target", 20));
    assert_int_equal(afina_optimize(o, good, NULL, 100000), AFINA_DONE);
    OK(afina_best(o, &best));
    OK(afina_trial_values(best, &value, 1, &n));
    assert_true(value <= 20);
    assert_int_equal(afina_trial_number(best), count_of(o) - 1);
    afina_trial_free(best);
    afina_optimizer_free(o);
}

static int32_t breaks_a_constraint(afina_trial *trial, double *values, void *user)
{
    double excess = afina_trial_number(trial) < 4 ? 2.385 : 0;
    values[0] = 1;
    return afina_tell_constraints(user, afina_trial_number(trial), &excess, 1);
}

/* Once a trial that afina_best() would never give ended the run. */
static void test_an_infeasible_trial_is_not_the_target(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_real(o, "target", 1));
    assert_int_equal(afina_optimize(o, breaks_a_constraint, o, 9), AFINA_DONE);
    assert_int_equal(count_of(o), 5);
    afina_optimizer_free(o);
}

static void test_it_ends_when_its_time_is_used_up(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_real(o, "seconds", 0));
    assert_int_equal(afina_optimize(o, good, NULL, 10), AFINA_DONE);
    assert_int_equal(count_of(o), 0);
    OK(afina_optimizer_set_real(o, "seconds", 0.05));
    assert_int_equal(afina_optimize(o, good, NULL, INT64_MAX), AFINA_DONE);
    assert_true(count_of(o) > 0);
    afina_optimizer_free(o);
}

static void test_it_ends_with_a_small_space(void **state)
{
    (void)state;
    afina_space *space;
    afina_optimizer *o;
    OK(afina_space_new(&space));
    OK(afina_space_add_integer(space, "x", 1, 5, AFINA_SCALE_LINEAR));
    OK(afina_optimizer_new(&o, space, "grid"));
    OK(afina_optimizer_set_integer(o, "workers", 3));
    assert_int_equal(afina_optimize(o, forgets, NULL, 1000), AFINA_EXHAUSTED);
    assert_int_equal(count_of(o), 5);
    afina_optimizer_free(o);
    afina_space_free(space);
}

static int32_t cancels(afina_trial *trial, double *values, void *user)
{
    values[0] = 1;
    if (afina_trial_number(trial) == 4)
        afina_cancel(user);
    return AFINA_OK;
}

static void test_cancel_ends_the_run_and_keeps_what_ran(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    assert_int_equal(afina_optimize(o, cancels, o, 100), AFINA_CANCELLED);
    assert_int_equal(count_of(o), 5);
    assert_int_equal(state_of(o, 4), AFINA_STATE_COMPLETE);
    OK(afina_optimize(o, good, NULL, 3)); /* the next run is not cancelled */
    assert_int_equal(count_of(o), 8);
    assert_int_equal(afina_cancel(NULL), AFINA_E_ARGUMENT);
    afina_optimizer_free(o);
}

static int32_t stops_when_told(afina_trial *trial, double *values, void *user)
{
    int32_t stop = 0;
    double value = 0.5;
    (void)values;
    for (int epoch = 1; !stop; epoch++) {
        if (epoch == 3)
            afina_cancel(user);
        if (afina_trial_tell_report(trial, epoch, &value, 1) || afina_trial_should_stop(trial, &stop))
            return -1;
    }
    return AFINA_OK;
}

static void test_a_running_trial_hears_of_the_cancel(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    assert_int_equal(afina_optimize(o, stops_when_told, o, 10), AFINA_CANCELLED);
    assert_int_equal(count_of(o), 1);
    assert_int_equal(state_of(o, 0), AFINA_STATE_STOPPED);
    assert_true(value_of(o, 0) == 0.5);
    afina_optimizer_free(o);
}

static int32_t cancels_at_the_end(afina_trial *trial, double *values, void *user)
{
    values[0] = 1;
    if (afina_trial_number(trial) == 2)
        afina_cancel(user);
    return AFINA_OK;
}

/* Once the last trial of a run heard the cancel, and the next run ended of it too. */
static void test_a_cancel_ends_one_run(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    assert_int_equal(afina_optimize(o, cancels_at_the_end, o, 3), AFINA_CANCELLED);
    assert_int_equal(count_of(o), 3);
    OK(afina_optimize(o, good, NULL, 3));
    OK(afina_cancel(o));
    assert_int_equal(afina_optimize(o, good, NULL, 3), AFINA_CANCELLED);
    assert_int_equal(count_of(o), 6);
    afina_optimizer_free(o);
}

static void *cancel_soon(void *optimizer)
{
    while (count_of(optimizer) < 50)
        ;
    afina_cancel(optimizer);
    return NULL;
}

static void test_another_thread_may_cancel(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, o), 0);
    assert_int_equal(afina_optimize(o, good, NULL, INT64_MAX), AFINA_CANCELLED);
    pthread_join(thread, NULL);
    afina_optimizer_free(o);
}

static int32_t tells_itself(afina_trial *trial, double *values, void *user)
{
    double value = 7;
    (void)values;
    return afina_tell(user, afina_trial_number(trial), &value, 1);
}

static void test_an_objective_may_tell_its_trial_itself(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimize(o, tells_itself, o, 3));
    assert_true(value_of(o, 2) == 7);
    afina_optimizer_free(o);
}

/* Tells what runs, as a watchdog would, while the objectives return. */
struct watchdog {
    afina_optimizer *optimizer;
    _Atomic int ends;
};

static void *tell_what_runs(void *argument)
{
    struct watchdog *w = argument;
    while (!atomic_load_explicit(&w->ends, memory_order_acquire))
        afina_tell_failed(w->optimizer, count_of(w->optimizer) - 1, "too long");
    return NULL;
}

/* Once a trial that another thread told while its objective returned ended the run. */
static void test_another_thread_may_tell_a_trial_that_runs(void **state)
{
    (void)state;
    struct watchdog w = {.optimizer = small_optimizer("random")};
    pthread_t thread;
    OK(afina_optimize(w.optimizer, good, NULL, 1));
    assert_int_equal(pthread_create(&thread, NULL, tell_what_runs, &w), 0);
    int32_t rc = afina_optimize(w.optimizer, good, NULL, 20000);
    atomic_store_explicit(&w.ends, 1, memory_order_release);
    pthread_join(thread, NULL);
    assert_int_equal(rc, AFINA_OK);
    afina_optimizer_free(w.optimizer);
}

static int32_t nests(afina_trial *trial, double *values, void *user)
{
    afina_trial *inner;
    double value = 2;
    if (afina_ask(user, &inner))
        return -1;
    afina_tell(user, afina_trial_number(inner), &value, 1);
    afina_trial_free(inner);
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

static void test_an_objective_may_ask_and_tell(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimize(o, nests, o, 5));
    assert_int_equal(count_of(o), 10);
    for (int64_t i = 0; i < 10; i++)
        assert_int_equal(state_of(o, i), AFINA_STATE_COMPLETE);
    afina_optimizer_free(o);
}

static int32_t frees(afina_trial *trial, double *values, void *user)
{
    afina_optimizer **o = user;
    values[0] = 1;
    if (afina_trial_number(trial) == 1) {
        afina_optimizer_free(*o);
        *o = NULL;
    }
    return AFINA_OK;
}

static void test_an_objective_may_free_the_optimizer(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    FAILS(afina_optimize(o, frees, &o, 10), AFINA_E_STATE, "was freed");
    assert_null(o);
}

static int32_t throws_away(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    values[0] = 1;
    longjmp(*(jmp_buf *)user, 1);
}

/* 0 when the study is whole and unlocked after the jump. */
static int jump_out(void)
{
    afina_optimizer *o = small_optimizer("random");
    jmp_buf here;
    int64_t count = 0;
    if (setjmp(here) == 0)
        afina_optimize(o, throws_away, &here, 3);
    int bad = state_of(o, 0) != AFINA_STATE_RUNNING;
    bad |= afina_tell_failed(o, 0, "abandoned") != AFINA_OK;
    bad |= afina_optimize(o, good, NULL, 2) != AFINA_OK;
    bad |= afina_trial_count(o, &count) != AFINA_OK || count != 3;
    return bad;
}

/* What the jump leaves behind is lost memory, so a child of its own does it, and
 * ends before anyone counts. */
static void test_a_longjmp_out_of_an_objective_leaves_no_lock(void **state)
{
    (void)state;
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        kill(getpid(), jump_out() ? SIGABRT : SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* The points and values of a study, without the order in which they came. */
static void assert_same_trials(afina_optimizer *a, afina_optimizer *b)
{
    assert_int_equal(count_of(a), count_of(b));
    for (int64_t i = 0; i < count_of(a); i++) {
        afina_trial *s, *t;
        char p[256], q[256];
        size_t n;
        OK(afina_trial_get(a, i, &s));
        OK(afina_trial_get(b, i, &t));
        OK(afina_point_to_json(afina_trial_point(s), p, sizeof p, &n));
        OK(afina_point_to_json(afina_trial_point(t), q, sizeof q, &n));
        assert_string_equal(p, q);
        assert_true(value_of(a, i) == value_of(b, i));
        afina_trial_free(s);
        afina_trial_free(t);
    }
}

static void test_the_same_bits_on_any_number_of_workers(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        if (strcmp(method, "manual") == 0)
            continue;
        afina_optimizer *reference = NULL;
        for (int64_t workers = 1; workers <= 4; workers++) {
            afina_optimizer *o = small_optimizer(method);
            int64_t differs;
            OK(afina_optimizer_set_integer(o, "seed", 11));
            OK(afina_optimizer_set_integer(o, "lag", 4));
            OK(afina_optimizer_set_integer(o, "workers", workers));
            OK(afina_optimize(o, good, NULL, 25));
            OK(afina_optimizer_replay(o, &differs));
            if (!reference) {
                reference = o;
                continue;
            }
            assert_same_trials(reference, o);
            afina_optimizer_free(o);
        }
        afina_optimizer_free(reference);
    }
}

/* Once: a worker that began to ask when no trial ran, and thought for longer than
 * the others, ended the run for them all. */
static void test_a_slow_ask_does_not_end_the_run(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        afina_optimizer *o = small_optimizer("random");
        OK(afina_optimizer_set_integer(o, "lag", 4));
        OK(afina_optimizer_set_integer(o, "workers", 4));
        OK(afina_optimize(o, good, NULL, 500));
        int64_t count;
        OK(afina_trial_count(o, &count));
        assert_int_equal(count, 500);
        afina_optimizer_free(o);
    }
}

static void test_workers_without_lag_replay_too(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        if (strcmp(afina_method_name(m), "manual") == 0)
            continue;
        afina_optimizer *o = small_optimizer(afina_method_name(m));
        int64_t differs;
        OK(afina_optimizer_set_integer(o, "workers", 3));
        OK(afina_optimize(o, good, NULL, 30));
        OK(afina_optimizer_replay(o, &differs));
        assert_int_equal(differs, -1);
        afina_optimizer_free(o);
    }
}

struct messages {
    int count;
    char last[256];
    int32_t level;
};

static int32_t keep(int32_t level, const char *text, void *user)
{
    struct messages *m = user;
    m->count++;
    m->level = level;
    snprintf(m->last, sizeof m->last, "%s", text);
    return AFINA_OK;
}

static void test_messages_go_to_the_host_alone(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    struct messages m = {0};
    OK(afina_optimizer_set_message(o, keep, &m, NULL));
    OK(afina_optimize(o, good, NULL, 3));
    assert_int_equal(m.count, 3);
    assert_int_equal(m.level, AFINA_MESSAGE_INFO);
    assert_non_null(strstr(m.last, "trial 2 is complete"));
    OK(afina_optimizer_set_message(o, NULL, NULL, NULL));
    OK(afina_optimize(o, good, NULL, 1));
    assert_int_equal(m.count, 3);
    afina_optimizer_free(o);
}

static void test_each_trial_has_its_own_seed(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    uint64_t a, b, again;
    afina_trial *first, *second;
    OK(afina_ask(o, &first));
    OK(afina_ask(o, &second));
    OK(afina_trial_seed(first, &a));
    OK(afina_trial_seed(second, &b));
    OK(afina_trial_seed(first, &again));
    assert_true(a != b);
    assert_true(a == again);
    afina_trial_free(first);
    afina_trial_free(second);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_runs_as_many_trials_as_asked),
        cmocka_unit_test(test_a_value_not_set_is_a_failed_trial),
        cmocka_unit_test(test_half_of_the_values_is_none),
        cmocka_unit_test(test_the_status_of_an_objective_is_the_end_of_its_trial),
        cmocka_unit_test(test_an_objective_can_end_the_run),
        cmocka_unit_test(test_the_last_error_of_an_objective_is_the_reason),
        cmocka_unit_test(test_the_text_of_an_objective_without_a_value_is_the_reason),
        cmocka_unit_test(test_a_run_in_which_all_failed_says_so),
        cmocka_unit_test(test_it_ends_at_the_target),
        cmocka_unit_test(test_an_infeasible_trial_is_not_the_target),
        cmocka_unit_test(test_it_ends_when_its_time_is_used_up),
        cmocka_unit_test(test_it_ends_with_a_small_space),
        cmocka_unit_test(test_cancel_ends_the_run_and_keeps_what_ran),
        cmocka_unit_test(test_a_running_trial_hears_of_the_cancel),
        cmocka_unit_test(test_a_cancel_ends_one_run),
        cmocka_unit_test(test_another_thread_may_cancel),
        cmocka_unit_test(test_an_objective_may_tell_its_trial_itself),
        cmocka_unit_test(test_another_thread_may_tell_a_trial_that_runs),
        cmocka_unit_test(test_an_objective_may_ask_and_tell),
        cmocka_unit_test(test_an_objective_may_free_the_optimizer),
        cmocka_unit_test(test_a_longjmp_out_of_an_objective_leaves_no_lock),
        cmocka_unit_test(test_the_same_bits_on_any_number_of_workers),
        cmocka_unit_test(test_a_slow_ask_does_not_end_the_run),
        cmocka_unit_test(test_workers_without_lag_replay_too),
        cmocka_unit_test(test_messages_go_to_the_host_alone),
        cmocka_unit_test(test_each_trial_has_its_own_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
