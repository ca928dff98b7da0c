/* Filters: what they may answer, when they may be set, and when they are let go. */
#define _POSIX_C_SOURCE 200809L /* fork */
#include "support/small_study.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static void count_release(void *user)
{
    ++*(int *)user;
}

static int32_t all(const afina_point *point, void *user)
{
    (void)user;
    return point != NULL;
}

static void test_a_filter_is_released_with_the_last_that_shares_it(void **state)
{
    (void)state;
    int released = 0;
    afina_space *space = small_space(), *copy;
    afina_optimizer *o;
    afina_point *point;
    OK(afina_space_set_filter(space, all, &released, count_release));
    OK(afina_space_copy(&copy, space));
    OK(afina_point_new(&point, space));
    OK(afina_optimizer_new(&o, copy, "random"));
    afina_space_free(space);
    afina_space_free(copy);
    afina_point_free(point);
    assert_int_equal(released, 0);
    small_step(o);
    afina_optimizer_free(o);
    assert_int_equal(released, 1);
}

static void test_a_filter_that_is_replaced_is_released(void **state)
{
    (void)state;
    int first = 0, second = 0;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_filter(o, all, &first, count_release));
    OK(afina_optimizer_set_filter(o, all, &second, count_release));
    assert_int_equal(first, 1);
    OK(afina_optimizer_set_filter(o, NULL, NULL, NULL));
    assert_int_equal(second, 1);
    afina_optimizer_free(o);
    assert_int_equal(first + second, 2);
}

static void test_a_filter_that_is_not_set_stays_the_hosts(void **state)
{
    (void)state;
    int released = 0;
    afina_space *space = small_space();
    afina_optimizer *o = small_optimizer("random");
    FAILS(afina_space_set_filter(space, NULL, &released, count_release), AFINA_E_ARGUMENT, "no function to call");
    small_step(o);
    FAILS(afina_optimizer_set_filter(o, all, &released, count_release), AFINA_E_STATE, "fixed since");
    assert_int_equal(released, 0);
    afina_optimizer_free(o);
    afina_space_free(space);
}

/* Allows a few points, then answers with an error. */
struct limited {
    int left;
    int32_t answer;
    const char *text;
};

static int32_t allow_some(const afina_point *point, void *user)
{
    struct limited *l = user;
    (void)point;
    if (l->left-- > 0)
        return 1;
    if (l->text)
        afina_set_last_error(l->text);
    return l->answer;
}

static void test_an_error_of_the_filter_ends_the_ask_of_every_method(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        if (strcmp(method, "manual") == 0)
            continue;
        struct limited l = {.left = 1000, .answer = AFINA_E_CALLBACK, .text = "the simulator is down"};
        afina_optimizer *o = small_optimizer(method);
        afina_trial *trial;
        int64_t count;
        OK(afina_optimizer_set_filter(o, allow_some, &l, NULL));
        for (int i = 0; i < 12; i++)
            small_step(o);
        l.left = 0;
        FAILS(afina_ask(o, &trial), AFINA_E_CALLBACK, "the simulator is down");
        assert_null(trial);
        l.text = NULL;
        l.answer = -1234;
        FAILS(afina_ask(o, &trial), -1234, "the filter answered -1234");
        FAILS(afina_optimizer_replay(o, &count), -1234, "the filter answered -1234");
        OK(afina_trial_count(o, &count));
        assert_int_equal(count, 12);
        l.left = 1000000;
        small_step(o);
        OK(afina_optimizer_replay(o, &count));
        afina_optimizer_free(o);
    }
}

static void test_an_error_of_the_filter_ends_a_sample(void **state)
{
    (void)state;
    struct limited l = {.answer = -7};
    afina_space *space = small_space();
    afina_point *point;
    OK(afina_space_set_filter(space, allow_some, &l, NULL));
    FAILS(afina_space_sample(space, 1, 0, &point), -7, "the filter answered -7");
    assert_null(point);
    afina_space_free(space);
}

static void test_a_text_for_the_last_error_is_one_line_of_utf8(void **state)
{
    (void)state;
    OK(afina_set_last_error("first\nsecond"));
    assert_string_equal(afina_last_error(), "first second");
    FAILS(afina_set_last_error("\xff"), AFINA_E_ARGUMENT, "not UTF-8");
    FAILS(afina_set_last_error(NULL), AFINA_E_ARGUMENT, "text is NULL");
}

static int32_t ends_the_thread(const afina_point *point, void *user)
{
    int *left = user;
    (void)point;
    if ((*left)-- == 0)
        pthread_exit(NULL);
    return 1;
}

static void *ask_twice(void *argument)
{
    for (int i = 0; i < 2; i++)
        small_step(argument);
    return NULL;
}

/* Once another filter was accepted in the middle of a study after the first was unwound. */
static void test_an_unwound_filter_stays_fixed(void **state)
{
    (void)state;
    int left = 3; /* an ask of "random" looks twice */
    afina_optimizer *o = small_optimizer("random");
    pthread_t thread;
    OK(afina_optimizer_set_filter(o, ends_the_thread, &left, NULL));
    assert_int_equal(pthread_create(&thread, NULL, ask_twice, o), 0);
    pthread_join(thread, NULL);
    FAILS(afina_optimizer_set_filter(o, all, NULL, NULL), AFINA_E_STATE, "fixed since the first suggestion");
    afina_optimizer_free(o);
}

/* A study of a few trials with a filter, read from its log. */
static afina_optimizer *study_read_from_its_log(const char *method, afina_filter filter)
{
    afina_optimizer *o = small_optimizer(method);
    OK(afina_optimizer_set_filter(o, filter, NULL, NULL));
    for (int i = 0; i < 6; i++)
        small_step(o);
    char *text = log_of(o);
    afina_optimizer_free(o);
    OK(afina_optimizer_from_log(&o, text, strlen(text)));
    free(text);
    return o;
}

/* Once a question to the model before the filter was set locked the study for ever. */
static void test_a_filter_after_a_question_is_accepted(void **state)
{
    (void)state;
    afina_optimizer *o = study_read_from_its_log("gp", all);
    afina_space *space = small_space();
    afina_point *point;
    double mean, sd;
    int64_t differs;
    OK(afina_point_new(&point, space));
    OK(afina_model_predict(o, 0, point, &mean, &sd));
    OK(afina_optimizer_set_filter(o, all, NULL, NULL));
    small_step(o);
    OK(afina_model_predict(o, 0, point, &mean, &sd));
    OK(afina_optimizer_replay(o, &differs));
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void test_a_log_without_a_filter_takes_none(void **state)
{
    (void)state;
    afina_optimizer *o = study_read_from_its_log("random", NULL);
    FAILS(afina_optimizer_set_filter(o, all, NULL, NULL), AFINA_E_STATE, "was begun without a filter");
    afina_optimizer_free(o);
}

struct forking {
    afina_optimizer *optimizer;
    pid_t parent, child;
};

static int32_t forks_once(const afina_point *point, void *user)
{
    struct forking *f = user;
    (void)point;
    if (!f->child && getpid() == f->parent)
        f->child = fork();
    return 1;
}

/* Once the child of a fork in a filter got a trial. */
static void test_a_forked_child_that_asks_gets_an_error(void **state)
{
    (void)state;
    struct forking f = {.optimizer = small_optimizer("random"), .parent = getpid()};
    afina_trial *trial;
    int status, wrong;
    OK(afina_optimizer_set_filter(f.optimizer, forks_once, &f, NULL));
    int32_t rc = afina_ask(f.optimizer, &trial);
    if (getpid() != f.parent) {
        wrong = rc != AFINA_E_FORKED || trial || !strstr(afina_last_error(), "belongs to process");
        afina_optimizer_free(f.optimizer);
        _exit(wrong);
    }
    OK(rc);
    assert_true(f.child > 0);
    assert_int_equal(waitpid(f.child, &status, 0), f.child);
    assert_int_equal(status, 0);
    afina_trial_free(trial);
    afina_optimizer_free(f.optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_filter_is_released_with_the_last_that_shares_it),
        cmocka_unit_test(test_a_filter_that_is_replaced_is_released),
        cmocka_unit_test(test_a_filter_that_is_not_set_stays_the_hosts),
        cmocka_unit_test(test_an_error_of_the_filter_ends_the_ask_of_every_method),
        cmocka_unit_test(test_an_error_of_the_filter_ends_a_sample),
        cmocka_unit_test(test_a_text_for_the_last_error_is_one_line_of_utf8),
        cmocka_unit_test(test_an_unwound_filter_stays_fixed),
        cmocka_unit_test(test_a_filter_after_a_question_is_accepted),
        cmocka_unit_test(test_a_log_without_a_filter_takes_none),
        cmocka_unit_test(test_a_forked_child_that_asks_gets_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
