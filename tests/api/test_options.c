/* Options: dotted keys, lists of numbers, and what the log keeps of them. */
#include "support/small_study.h"

#include <math.h>
#include <pthread.h>

/* The study of a log that was written and read again. */
static afina_optimizer *reopened(afina_optimizer *o)
{
    afina_optimizer *again;
    char *text = log_of(o);
    OK(afina_optimizer_from_log(&again, text, strlen(text)));
    free(text);
    return again;
}

static void test_a_dotted_key_is_an_option_of_that_method(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("gp");
    char text[16];
    size_t n;
    int64_t points;
    OK(afina_optimizer_set_integer(o, "gp.points", 77));
    OK(afina_optimizer_get_integer(o, "points", &points));
    assert_int_equal(points, 77);
    OK(afina_optimizer_get_string(o, "grid.order", text, sizeof text, &n)); /* another method's, at its default */
    assert_string_equal(text, "sequential");
    OK(afina_optimizer_set_string(o, "grid.order", "shuffled"));
    OK(afina_optimizer_get_string(o, "grid.order", text, sizeof text, &n));
    assert_string_equal(text, "shuffled");
    afina_optimizer_free(o);
}

static void test_an_unknown_key_names_what_is_near(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("mix");
    FAILS(afina_optimizer_set_integer(o, "gp.point", 77), AFINA_E_NAME,
          "gp has no option \"point\"; did you mean \"points\"");
    FAILS(afina_optimizer_set_integer(o, "gpp.points", 77), AFINA_E_NAME,
          "no method, scheduler or stopper \"gpp\"; did you mean \"gp\"");
    FAILS(afina_optimizer_set_integer(o, "points", 77), AFINA_E_NAME, "did you mean \"");
    FAILS(afina_optimizer_set_integer(o, "sed", 77), AFINA_E_NAME, "did you mean \"seed\"");
    FAILS(afina_optimizer_set_integer(o, "choise", 77), AFINA_E_NAME, "did you mean \"choice\"");
    FAILS(afina_optimizer_set_string(o, "gp.points", "many"), AFINA_E_TYPE, "\"points\" of gp takes an integer");
    FAILS(afina_optimizer_set_integer(o, "gp.points", -1), AFINA_E_RANGE, "\"points\" of gp must be in");
    afina_optimizer_free(o);
}

/* "de.f" and the like change what a mix of one member suggests as they change the member itself. */
/* Once a read, or a set that was refused, put all options of that method into the log. */
static void test_reading_an_option_changes_nothing(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    char *before = log_of(o);
    int64_t points;
    double number;
    char text[64];
    size_t count;
    OK(afina_optimizer_get_integer(o, "gp.points", &points));
    OK(afina_option_default_number("gp", "points", &number));
    assert_true((double)points == number);
    OK(afina_optimizer_get_real(o, "gp.points", &number));
    assert_true((double)points == number);
    OK(afina_optimizer_get_string(o, "gp.conditions", text, sizeof text, &count));
    assert_string_equal(text, afina_option_default_string("gp", "conditions"));
    OK(afina_optimizer_get_reals(o, "mix.weights", NULL, 0, &count));
    assert_int_equal(count, 0);
    FAILS(afina_optimizer_set_integer(o, "gp.points", -1), AFINA_E_RANGE, "points");
    FAILS(afina_optimizer_set_string(o, "gp.points", "x"), AFINA_E_TYPE, "points");
    char *after = log_of(o);
    assert_string_equal(before, after);
    free(after);
    OK(afina_optimizer_set_integer(o, "gp.points", points)); /* a value that is set is told, default or not */
    FAILS(afina_optimizer_set_integer(o, "gp.points", -1), AFINA_E_RANGE, "points");
    after = log_of(o);
    assert_non_null(strstr(after, "\"gp.points\":"));
    free(after);
    free(before);
    afina_optimizer_free(o);
}

static void test_the_options_of_a_member_reach_it(void **state)
{
    (void)state;
    afina_optimizer *alone = small_optimizer("grid"), *mixed = small_optimizer("mix"), *plain = small_optimizer("mix");
    int differs = 0;
    OK(afina_optimizer_set_string(alone, "order", "shuffled"));
    OK(afina_optimizer_set_string(mixed, "methods", "grid"));
    OK(afina_optimizer_set_string(mixed, "grid.order", "shuffled"));
    OK(afina_optimizer_set_string(plain, "methods", "grid"));
    for (int i = 0; i < 8; i++) {
        small_step(alone);
        small_step(mixed);
        small_step(plain);
        assert_true(value_of(alone, i) == value_of(mixed, i));
        differs |= value_of(alone, i) != value_of(plain, i);
    }
    assert_true(differs);
    afina_optimizer *again = reopened(mixed);
    int64_t number;
    char text[16];
    size_t n;
    OK(afina_optimizer_get_string(again, "grid.order", text, sizeof text, &n));
    assert_string_equal(text, "shuffled");
    OK(afina_optimizer_replay(again, &number));
    small_step(mixed);
    small_step(again);
    assert_true(value_of(mixed, 8) == value_of(again, 8));
    FAILS(afina_optimizer_set_string(again, "grid.order", "sequential"), AFINA_E_STATE, "fixed since the first trial");
    afina_optimizer_free(alone);
    afina_optimizer_free(mixed);
    afina_optimizer_free(plain);
    afina_optimizer_free(again);
}

static void test_a_list_of_numbers_is_set_read_and_kept(void **state)
{
    (void)state;
    static const double weights[] = {2.385, 0, 0.1};
    afina_optimizer *o = small_optimizer("mix");
    double read[3] = {0};
    size_t n;
    OK(afina_optimizer_get_reals(o, "weights", read, 3, &n));
    assert_int_equal(n, 0);
    OK(afina_optimizer_set_string(o, "methods", "random,sobol,halton"));
    OK(afina_optimizer_set_reals(o, "weights", weights, 3));
    small_step(o);
    afina_optimizer *again = reopened(o);
    OK(afina_optimizer_get_reals(again, "weights", read, 2, &n));
    assert_int_equal(n, 3);
    assert_true(read[0] == 2.385 && read[1] == 0 && read[2] == 0);
    afina_optimizer_free(o);
    afina_optimizer_free(again);
    o = small_optimizer("mix");
    FAILS(afina_optimizer_set_reals(o, "weights", (double[]){1, NAN}, 2), AFINA_E_RANGE,
          "number 1 of option \"weights\"");
    FAILS(afina_optimizer_set_reals(o, "weights", (double[]){-1}, 1), AFINA_E_RANGE, "must be in [0, 1000000], got -1");
    FAILS(afina_optimizer_set_reals(o, "weights", NULL, 1), AFINA_E_ARGUMENT, "values is NULL");
    FAILS(afina_optimizer_set_reals(o, "methods", weights, 1), AFINA_E_TYPE,
          "takes a string, not a list of real numbers");
    FAILS(afina_optimizer_set_string(o, "weights", "1,2"), AFINA_E_TYPE, "takes a list of real numbers, not a string");
    FAILS(afina_optimizer_get_reals(o, "methods", read, 1, &n), AFINA_E_TYPE, "not a list");
    FAILS(afina_optimizer_get_real(o, "weights", read), AFINA_E_TYPE, "not a number");
    OK(afina_optimizer_set_reals(o, "mix.weights", NULL, 0));
    afina_optimizer_free(o);
}

static void *change_direction(void *user)
{
    for (int i = 0; i < 2000; i++)
        OK(afina_optimizer_set_string(user, "direction", i % 2 ? "minimise" : "maximise"));
    return NULL;
}

/* A string was once lent to the host, and gone when another thread set it. */
static void test_a_string_is_whole_while_another_thread_sets_it(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    pthread_t other;
    char text[16], cut[4];
    size_t n;
    OK(afina_optimizer_get_string(o, "direction", cut, sizeof cut, &n));
    assert_string_equal(cut, "min");
    assert_int_equal(n, strlen("minimise"));
    FAILS(afina_optimizer_get_string(o, "seed", text, sizeof text, &n), AFINA_E_TYPE, "\"seed\" is not a string");
    assert_int_equal(pthread_create(&other, NULL, change_direction, o), 0);
    for (int i = 0; i < 2000; i++) {
        OK(afina_optimizer_get_string(o, "direction", text, sizeof text, &n));
        assert_true(strcmp(text, "minimise") == 0 || strcmp(text, "maximise") == 0);
    }
    assert_int_equal(pthread_join(other, NULL), 0);
    afina_optimizer_free(o);
}

/* Once a name or a target was set there was no way back. */
static void test_a_worker_and_a_target_can_be_taken_back(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    char text[16];
    size_t n;
    double target;
    OK(afina_optimizer_set_string(o, "worker", "alpha"));
    OK(afina_optimizer_set_real(o, "target", 1e300));
    small_step(o);
    OK(afina_optimizer_set_string(o, "worker", ""));
    OK(afina_optimizer_set_real(o, "target", NAN));
    OK(afina_optimizer_get_string(o, "worker", text, sizeof text, &n));
    assert_string_equal(text, "");
    OK(afina_optimizer_get_real(o, "target", &target));
    assert_true(isnan(target));
    small_step(o);
    char *log = log_of(o);
    const char *last = strstr(log, "\"trial\":1");
    assert_non_null(strstr(log, "\"worker\":\"alpha\""));
    assert_non_null(last);
    assert_null(strstr(last, "\"worker\""));
    free(log);
    FAILS(afina_optimizer_set_real(o, "seconds", NAN), AFINA_E_RANGE, "got nan");
    afina_optimizer_free(o);
    o = small_optimizer("mix");
    assert_true(afina_optimizer_set_string(o, "members", "") != AFINA_OK);
    assert_true(afina_optimizer_set_string(o, "direction", "") != AFINA_OK);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_and_a_target_can_be_taken_back),
        cmocka_unit_test(test_a_dotted_key_is_an_option_of_that_method),
        cmocka_unit_test(test_an_unknown_key_names_what_is_near),
        cmocka_unit_test(test_reading_an_option_changes_nothing),
        cmocka_unit_test(test_the_options_of_a_member_reach_it),
        cmocka_unit_test(test_a_list_of_numbers_is_set_read_and_kept),
        cmocka_unit_test(test_a_string_is_whole_while_another_thread_sets_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
