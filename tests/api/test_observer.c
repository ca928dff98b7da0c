/* The observer: what it hears of, in which order, and what its answer does. */
#define _POSIX_C_SOURCE 200809L
#include "support/small_study.h"

#include <stdatomic.h>
#include <pthread.h>
#include <stdio.h>

enum { MOST = 1000 };

struct heard {
    int count;
    struct {
        int32_t event, state;
        int64_t number, report;
    } events[MOST];
    _Atomic int busy;
    int overlaps; /* two at a time */
    int released;
    int32_t answer; /* to what stands at `at` */
    int at;
};

static int32_t listen(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    struct heard *h = user;
    if (atomic_exchange_explicit(&h->busy, 1, memory_order_acq_rel))
        h->overlaps++;
    int i = h->count++;
    assert_true(i < MOST);
    h->events[i].event = event;
    h->events[i].number = afina_trial_number(trial);
    h->events[i].report = report;
    OK(afina_trial_state(trial, &h->events[i].state));
    atomic_store_explicit(&h->busy, 0, memory_order_release);
    return h->answer && i == h->at ? h->answer : 0;
}

static void release_heard(void *user)
{
    struct heard *h = user;
    h->released++;
}

static void assert_heard(const struct heard *h, int i, int32_t event, int64_t number)
{
    assert_true(i < h->count);
    assert_int_equal(h->events[i].event, event);
    assert_int_equal(h->events[i].number, number);
}

static void test_it_hears_of_asks_reports_tells_and_the_best(void **state)
{
    (void)state;
    static const double values[] = {3, 5, 2.385};
    struct heard h = {0};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    small_step(o); /* before it listens */
    OK(afina_optimizer_set_observer(o, listen, &h, release_heard));
    for (int i = 0; i < 3; i++) {
        OK(afina_ask(o, &trial));
        if (i == 1)
            OK(afina_trial_tell_report(trial, 1, &values[i], 1));
        OK(afina_tell(o, i + 1, &values[i], 1));
        afina_trial_free(trial);
    }
    int best = value_of(o, 0) > 3;
    int k = 0;
    assert_heard(&h, k++, AFINA_EVENT_ASKED, 1);
    assert_heard(&h, k++, AFINA_EVENT_TOLD, 1);
    if (best)
        assert_heard(&h, k++, AFINA_EVENT_BEST, 1);
    assert_heard(&h, k++, AFINA_EVENT_ASKED, 2);
    assert_heard(&h, k, AFINA_EVENT_REPORTED, 2);
    assert_int_equal(h.events[k++].report, 0);
    assert_heard(&h, k++, AFINA_EVENT_TOLD, 2);
    assert_heard(&h, k++, AFINA_EVENT_ASKED, 3);
    assert_heard(&h, k, AFINA_EVENT_TOLD, 3);
    assert_int_equal(h.events[k++].state, AFINA_STATE_COMPLETE);
    if (value_of(o, 0) > 2.385)
        assert_heard(&h, k++, AFINA_EVENT_BEST, 3);
    assert_int_equal(h.count, k);
    OK(afina_optimizer_set_observer(o, NULL, NULL, NULL));
    assert_int_equal(h.released, 1);
    small_step(o);
    assert_int_equal(h.count, k);
    afina_optimizer_free(o);
}

static int32_t evaluate(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = small_value(afina_trial_point(trial));
    OK(afina_trial_tell_report(trial, 1, values, 1));
    return AFINA_OK;
}

/* Each trial is asked, reports and is told, in this order; numbers are dense. */
static void assert_in_order(const struct heard *h, int trials)
{
    int stage[MOST] = {0};
    for (int i = 0; i < h->count; i++) {
        int64_t n = h->events[i].number;
        if (h->events[i].event == AFINA_EVENT_BEST) {
            assert_int_equal(stage[n], AFINA_EVENT_TOLD);
            continue;
        }
        assert_int_equal(h->events[i].event, stage[n] + 1);
        stage[n]++;
    }
    for (int n = 0; n < trials; n++)
        assert_int_equal(stage[n], AFINA_EVENT_TOLD);
}

static void test_a_run_has_told_it_all_when_it_returns(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers += 3) {
        struct heard h = {0};
        afina_optimizer *o = small_optimizer("random");
        OK(afina_optimizer_set_integer(o, "workers", workers));
        OK(afina_optimizer_set_observer(o, listen, &h, release_heard));
        OK(afina_optimize(o, evaluate, NULL, 100));
        assert_in_order(&h, 100);
        assert_int_equal(h.overlaps, 0);
        afina_optimizer_free(o);
        assert_int_equal(h.released, 1);
    }
}

static void test_its_answer_ends_the_run(void **state)
{
    (void)state;
    static const int32_t answers[] = {AFINA_CANCELLED, AFINA_E_CALLBACK, -1234};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct heard h = {.answer = answers[i], .at = 7};
        afina_optimizer *o = small_optimizer("random");
        int64_t count;
        OK(afina_optimizer_set_observer(o, listen, &h, NULL));
        assert_int_equal(afina_optimize(o, evaluate, NULL, 100), answers[i]);
        if (answers[i] < 0)
            assert_non_null(strstr(afina_last_error(), "the observer answered"));
        OK(afina_trial_count(o, &count));
        assert_true(count < 5);
        for (int64_t k = 0; k < count; k++)
            assert_int_equal(state_of(o, k), AFINA_STATE_COMPLETE);
        h.answer = 0;
        OK(afina_optimize(o, evaluate, NULL, 2));
        afina_optimizer_free(o);
    }
}

/* News of afina_ask() and unknown numbers are no answers: AFINA_WAIT was swallowed, AFINA_DONE
 * hid that all trials failed. */
static void test_a_number_that_is_no_answer_is_an_error_of_the_callback(void **state)
{
    (void)state;
    static const int32_t answers[] = {AFINA_DONE, AFINA_EXHAUSTED, AFINA_WAIT, AFINA_STALE, 42};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct heard h = {.answer = answers[i], .at = 7};
        afina_optimizer *o = small_optimizer("random");
        char text[64];
        snprintf(text, sizeof text, "the observer answered %d; it may", (int)answers[i]);
        OK(afina_optimizer_set_observer(o, listen, &h, NULL));
        assert_int_equal(afina_optimize(o, evaluate, NULL, 100), AFINA_E_CALLBACK);
        assert_non_null(strstr(afina_last_error(), text));
        afina_optimizer_free(o);
    }
}

static void test_a_wait_for_a_trial_answers_with_it(void **state)
{
    (void)state;
    struct heard h = {.answer = AFINA_WAIT, .at = 1};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    OK(afina_optimizer_set_observer(o, listen, &h, NULL));
    small_step(o);
    assert_int_equal(afina_ask_wait(o, 5, &trial), AFINA_E_CALLBACK);
    assert_null(trial);
    OK(afina_ask_wait(o, 5, &trial));
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static int32_t fails(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    (void)values;
    (void)user;
    return -1;
}

static void test_trials_that_all_failed_do_not_hide_it(void **state)
{
    (void)state;
    static const int32_t answers[] = {AFINA_CANCELLED, -1234};
    for (size_t i = 0; i < 4; i++) {
        struct heard h = {.answer = answers[i % 2], .at = i < 2 ? 1 : 5}; /* the end of the first, of the last */
        afina_optimizer *o = small_optimizer("random");
        OK(afina_optimizer_set_observer(o, listen, &h, NULL));
        assert_int_equal(afina_optimize(o, fails, NULL, 3), answers[i % 2]);
        afina_optimizer_free(o);
    }
}

/* The target is reached by the trial to whose end the observer answers. */
static void test_a_target_does_not_hide_it(void **state)
{
    (void)state;
    struct heard h = {.answer = -1234, .at = 2};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    OK(afina_optimizer_set_real(o, "target", 1e300));
    OK(afina_optimizer_set_observer(o, listen, &h, NULL));
    assert_int_equal(afina_optimize(o, evaluate, NULL, 9), -1234);
    OK(afina_ask(o, &trial)); /* it was answered once */
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_its_answer_to_the_last_trial_is_the_runs(void **state)
{
    (void)state;
    struct heard h = {.answer = AFINA_E_CALLBACK, .at = 2}; /* asked, reported, told */
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_observer(o, listen, &h, NULL));
    FAILS(afina_optimize(o, evaluate, NULL, 1), AFINA_E_CALLBACK, "the observer answered -16");
    afina_optimizer_free(o);
}

static void test_without_a_run_the_next_ask_answers_with_it_once(void **state)
{
    (void)state;
    struct heard h = {.answer = -7, .at = 1};
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    OK(afina_optimizer_set_observer(o, listen, &h, NULL));
    small_step(o);
    FAILS(afina_ask(o, &trial), -7, "the observer answered -7");
    assert_null(trial);
    small_step(o);
    afina_optimizer_free(o);
}

/* It tells, asks and reads the optimizer that it hears of. */
static int32_t take_part(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    afina_optimizer *o = *(afina_optimizer **)user;
    double value = 1;
    (void)report;
    if (event == AFINA_EVENT_ASKED && afina_trial_number(trial) == 0)
        OK(afina_tell(o, 0, &value, 1));
    if (event == AFINA_EVENT_TOLD && afina_trial_number(trial) < 5)
        small_step(o);
    return 0;
}

static void test_it_may_take_part(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    int64_t count;
    OK(afina_optimizer_set_observer(o, take_part, &o, NULL));
    OK(afina_ask(o, &trial));
    afina_trial_free(trial);
    OK(afina_trial_count(o, &count));
    assert_int_equal(count, 6);
    afina_optimizer_free(o);
}

static int32_t frees_it(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    afina_optimizer **o = user;
    (void)trial;
    (void)report;
    if (event == AFINA_EVENT_TOLD) {
        afina_optimizer_free(*o);
        *o = NULL;
    }
    return 0;
}

static void test_it_may_free_the_optimizer(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    double value = 1;
    afina_trial *trial;
    OK(afina_optimizer_set_observer(o, frees_it, &o, NULL));
    OK(afina_ask(o, &trial));
    OK(afina_tell(o, 0, &value, 1));
    assert_null(o);
    afina_trial_free(trial);
    o = small_optimizer("random");
    OK(afina_optimizer_set_observer(o, frees_it, &o, NULL));
    assert_int_equal(afina_optimize(o, evaluate, NULL, 9), AFINA_E_STATE);
    assert_null(o);
}

static int32_t ends_the_thread(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)event;
    (void)trial;
    (void)report;
    if (++*(int *)user == 1)
        pthread_exit(NULL);
    return 0;
}

struct asking {
    afina_optimizer *optimizer;
    afina_trial *trial;
};

static void *ask_once(void *user)
{
    struct asking *asking = user;
    OK(afina_ask(asking->optimizer, &asking->trial));
    return NULL;
}

static void test_an_unwound_observer_is_called_for_the_rest(void **state)
{
    (void)state;
    int calls = 0;
    afina_optimizer *o = small_optimizer("random");
    pthread_t thread;
    double value = 1;
    struct asking asking = {.optimizer = o};
    OK(afina_optimizer_set_observer(o, ends_the_thread, &calls, NULL));
    assert_int_equal(pthread_create(&thread, NULL, ask_once, &asking), 0);
    pthread_join(thread, NULL);
    assert_int_equal(calls, 1);
    assert_int_equal(afina_trial_number(asking.trial), 0); /* the trial was given before the observer was called */
    afina_trial_free(asking.trial);
    OK(afina_tell(o, 0, &value, 1));
    assert_int_equal(calls, 3); /* told, best */
    afina_optimizer_free(o);
}

static int32_t keep_text(int32_t level, const char *text, void *user)
{
    (void)level;
    snprintf(user, 100, "%s", text);
    return AFINA_OK;
}

static void test_messages_speak_under_ask_and_tell(void **state)
{
    (void)state;
    char text[100] = "";
    double value = 2.385;
    afina_trial *trial;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_message(o, keep_text, text, NULL));
    OK(afina_ask(o, &trial));
    OK(afina_tell(o, 0, &value, 1));
    assert_string_equal(text, "trial 0 is complete, the best so far: 2.385");
    afina_trial_free(trial);
    OK(afina_ask(o, &trial));
    OK(afina_tell_failed(o, 1, NULL));
    assert_string_equal(text, "trial 1 has failed");
    afina_trial_free(trial);
    OK(afina_ask(o, &trial));
    OK(afina_tell_lost(o, 2, "the worker is gone"));
    assert_string_equal(text, "trial 2 is lost: the worker is gone");
    OK(afina_tell_infeasible(o, 2, "the mesh is degenerate"));
    assert_string_equal(text, "trial 2 is infeasible: the mesh is degenerate");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static int32_t answer_to_a_message(int32_t level, const char *text, void *user)
{
    (void)level;
    (void)text;
    return *(int32_t *)user;
}

static void test_the_answer_to_a_message_ends_the_run(void **state)
{
    (void)state;
    static const int32_t answers[] = {AFINA_CANCELLED, -1234, 42};
    for (size_t i = 0; i < 3; i++) {
        int32_t answer = answers[i], expected = answer == 42 ? AFINA_E_CALLBACK : answer;
        char text[64];
        afina_trial *trial;
        afina_optimizer *o = small_optimizer("random");
        snprintf(text, sizeof text, "the message function answered %d", (int)answer);
        OK(afina_optimizer_set_message(o, answer_to_a_message, &answer, NULL));
        assert_int_equal(afina_optimize(o, evaluate, NULL, 100), expected);
        if (expected < 0)
            assert_non_null(strstr(afina_last_error(), text));
        small_step(o);
        assert_int_equal(afina_ask(o, &trial), expected);
        answer = AFINA_OK;
        OK(afina_optimize(o, evaluate, NULL, 3));
        afina_optimizer_free(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_hears_of_asks_reports_tells_and_the_best),
        cmocka_unit_test(test_a_run_has_told_it_all_when_it_returns),
        cmocka_unit_test(test_its_answer_ends_the_run),
        cmocka_unit_test(test_a_number_that_is_no_answer_is_an_error_of_the_callback),
        cmocka_unit_test(test_a_wait_for_a_trial_answers_with_it),
        cmocka_unit_test(test_trials_that_all_failed_do_not_hide_it),
        cmocka_unit_test(test_a_target_does_not_hide_it),
        cmocka_unit_test(test_its_answer_to_the_last_trial_is_the_runs),
        cmocka_unit_test(test_without_a_run_the_next_ask_answers_with_it_once),
        cmocka_unit_test(test_it_may_take_part),
        cmocka_unit_test(test_it_may_free_the_optimizer),
        cmocka_unit_test(test_an_unwound_observer_is_called_for_the_rest),
        cmocka_unit_test(test_messages_speak_under_ask_and_tell),
        cmocka_unit_test(test_the_answer_to_a_message_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
