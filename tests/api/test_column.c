/* Columns of trials, and what else is read of many trials at once. */
#include "support/small_study.h"

#include <math.h>

enum { TRIALS = 9000 }; /* more than are read under one lock */

/* One real, one integer that is active while k is b or c, one choice. */
static afina_optimizer *column_study(void)
{
    static const char *const choices[] = {"a", "b", "c"};
    afina_space *space;
    afina_optimizer *o;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", -5, 10, AFINA_SCALE_LINEAR));
    OK(afina_space_add_categorical(space, "k", choices, 3));
    OK(afina_space_add_integer(space, "n", 1, 1000000, AFINA_SCALE_LINEAR));
    OK(afina_space_add_condition_in(space, "n", "k", choices + 1, 2));
    OK(afina_optimizer_new(&o, space, "random"));
    afina_space_free(space);
    return o;
}

static void run(afina_optimizer *o)
{
    for (int i = 0; i < TRIALS; i++) {
        afina_trial *trial;
        double value = 2.385 * i;
        OK(afina_ask(o, &trial));
        if (i % 7 == 0)
            OK(afina_tell_failed(o, i, NULL));
        else if (i % 1000 != 5)
            OK(afina_tell(o, i, &value, 1));
        afina_trial_free(trial);
    }
}

struct columns {
    int32_t states[TRIALS], origins[TRIALS], choices[TRIALS], active[TRIALS];
    int64_t integers[TRIALS], running[TRIALS];
    double values[TRIALS], x[TRIALS], n[TRIALS];
};

static void assert_like_the_trial(afina_optimizer *o, const struct columns *c, int64_t i)
{
    static const char *const names[] = {"a", "b", "c"};
    afina_trial *trial;
    int32_t state, active;
    double x;
    int64_t n;
    const char *k;
    OK(afina_trial_get(o, i, &trial));
    const afina_point *point = afina_trial_point(trial);
    OK(afina_trial_state(trial, &state));
    OK(afina_point_get_real(point, "x", &x));
    OK(afina_point_get_string(point, "k", &k));
    OK(afina_point_is_active(point, "n", &active));
    assert_int_equal(c->states[i], state);
    assert_int_equal(c->origins[i], AFINA_ORIGIN_SUGGESTED);
    assert_true(c->x[i] == x);
    assert_string_equal(names[c->choices[i]], k);
    assert_int_equal(c->active[i], active);
    if (active) {
        OK(afina_point_get_integer(point, "n", &n));
        assert_int_equal(c->integers[i], n);
        assert_true(c->n[i] == (double)n);
    } else {
        assert_true(c->integers[i] == 0 && isnan(c->n[i]));
    }
    assert_true(state == AFINA_STATE_COMPLETE ? c->values[i] == 2.385 * (double)i : isnan(c->values[i]));
    afina_trial_free(trial);
}

static void test_a_column_holds_what_the_trials_hold(void **state)
{
    (void)state;
    afina_optimizer *o = column_study();
    struct columns *c = malloc(sizeof *c);
    size_t n;
    run(o);
    OK(afina_column_states(o, 0, c->states, TRIALS, &n));
    assert_int_equal(n, TRIALS);
    OK(afina_column_origins(o, 0, c->origins, TRIALS, &n));
    OK(afina_column_values(o, 0, 0, c->values, TRIALS, &n));
    OK(afina_column_reals(o, "x", 0, c->x, TRIALS, &n));
    OK(afina_column_reals(o, "n", 0, c->n, TRIALS, &n));
    OK(afina_column_integers(o, "n", 0, c->integers, c->active, TRIALS, &n));
    OK(afina_column_choices(o, "k", 0, c->choices, TRIALS, &n));
    for (int64_t i = 0; i < TRIALS; i++)
        assert_like_the_trial(o, c, i);
    OK(afina_running_trials(o, c->running, TRIALS, &n));
    assert_int_equal(n, 8);
    assert_int_equal(c->running[0], 5);
    free(c);
    afina_optimizer_free(o);
}

static void test_a_column_begins_where_it_is_told(void **state)
{
    (void)state;
    afina_optimizer *o = column_study();
    double values[3] = {0};
    size_t n;
    run(o);
    OK(afina_column_values(o, 0, TRIALS - 2, values, 3, &n));
    assert_int_equal(n, 2);
    assert_true(values[1] == 2.385 * (TRIALS - 1) && values[2] == 0);
    OK(afina_column_values(o, 0, 1, values, 1, &n));
    assert_int_equal(n, TRIALS - 1);
    assert_true(values[0] == 2.385);
    OK(afina_column_values(o, 0, TRIALS + 5, values, 3, &n));
    assert_int_equal(n, 0);
    OK(afina_column_values(o, 0, 0, NULL, 0, &n));
    assert_int_equal(n, TRIALS);
    afina_optimizer_free(o);
}

static void test_a_column_that_is_none_is_refused(void **state)
{
    (void)state;
    afina_optimizer *o = column_study();
    double value;
    int64_t integer;
    int32_t choice;
    size_t n;
    FAILS(afina_column_values(o, 1, 0, &value, 1, &n), AFINA_E_RANGE, "objective must be in 0..0, got 1");
    FAILS(afina_column_values(o, 0, -1, &value, 1, &n), AFINA_E_RANGE, "first must be 0 or more, got -1");
    FAILS(afina_column_values(o, 0, 0, NULL, 1, &n), AFINA_E_ARGUMENT, "values is NULL");
    FAILS(afina_column_values(NULL, 0, 0, &value, 1, &n), AFINA_E_ARGUMENT, "optimizer is NULL");
    FAILS(afina_column_reals(o, "z", 0, &value, 1, &n), AFINA_E_NAME, "\"z\"");
    FAILS(afina_column_integers(o, "k", 0, &integer, NULL, 1, &n), AFINA_E_TYPE, "\"k\" is not an integer");
    FAILS(afina_column_choices(o, "x", 0, &choice, 1, &n), AFINA_E_TYPE, "\"x\" is not one with choices");
    FAILS(afina_running_trials(o, &integer, 1, NULL), AFINA_E_ARGUMENT, "count is NULL");
    afina_optimizer_free(o);
}

static void test_attributes_are_a_column(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    const char *texts[3];
    size_t n;
    for (int i = 0; i < 3; i++)
        small_step(o);
    OK(afina_tell_attribute(o, 1, "host", "alpha"));
    OK(afina_tell_attribute(o, 2, "host", "beta"));
    OK(afina_tell_attribute(o, 2, "host", "gamma"));
    OK(afina_column_attributes(o, "host", 0, texts, 3, &n));
    assert_int_equal(n, 3);
    assert_null(texts[0]);
    assert_string_equal(texts[1], "alpha");
    assert_string_equal(texts[2], "gamma");
    FAILS(afina_column_attributes(o, "", 0, texts, 3, &n), AFINA_E_ARGUMENT, "key is empty");
    afina_optimizer_free(o);
}

static void test_the_value_of_a_trial_is_a_number(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_trial *trial;
    double value = 2.385, read = 0;
    OK(afina_ask(o, &trial));
    FAILS(afina_trial_value(trial, &read), AFINA_E_STATE, "trial 0 has no value: it is running");
    OK(afina_tell(o, 0, &value, 1));
    OK(afina_trial_value(trial, &read));
    assert_true(read == 2.385);
    afina_trial_free(trial);
    afina_optimizer_free(o);
    o = small_optimizer("random");
    OK(afina_optimizer_set_integer(o, "objectives", 2));
    OK(afina_ask(o, &trial));
    FAILS(afina_trial_value(trial, &read), AFINA_E_UNSUPPORTED, "has 2 values");
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_column_holds_what_the_trials_hold),
        cmocka_unit_test(test_a_column_begins_where_it_is_told),
        cmocka_unit_test(test_a_column_that_is_none_is_refused),
        cmocka_unit_test(test_attributes_are_a_column),
        cmocka_unit_test(test_the_value_of_a_trial_is_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
