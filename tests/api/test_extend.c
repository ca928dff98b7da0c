/* Spaces that grow while their study runs. */
#include "afina_experimental.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

static const char *const kinds[] = {"a", "b", "c", "d"};

/* A space of one real. */
static afina_space *real_space(const char *name, double low, double high)
{
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, name, low, high, AFINA_SCALE_LINEAR));
    return space;
}

static afina_space *choice_space(const char *name, int32_t count)
{
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_categorical(space, name, kinds, (size_t)count));
    return space;
}

static afina_optimizer *optimizer_on(const char *method, double high)
{
    afina_space *space = real_space("x", 0, high);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, method));
    OK(afina_optimizer_set_integer(o, "seed", 4));
    afina_space_free(space);
    return o;
}

static void extend_and_free(afina_optimizer *o, afina_space *space)
{
    OK(afina_optimizer_extend(o, space));
    afina_space_free(space);
}

static void declare(afina_trial *trial, afina_space *space)
{
    OK(afina_trial_extend(trial, space));
    afina_space_free(space);
}

static double real_of(const afina_trial *trial, const char *name)
{
    double x;
    OK(afina_point_get_real(afina_trial_point(trial), name, &x));
    return x;
}

static afina_trial *ask(afina_optimizer *o)
{
    afina_trial *trial;
    OK(afina_ask(o, &trial));
    return trial;
}

static void tell_and_free(afina_trial *trial, double value)
{
    OK(afina_trial_tell(trial, &value, 1));
    afina_trial_free(trial);
}

static void run(afina_optimizer *o, int trials)
{
    for (int i = 0; i < trials; i++) {
        afina_trial *trial = ask(o);
        double x = real_of(trial, "x"), y = 0;
        int32_t active;
        if (!afina_point_is_active(afina_trial_point(trial), "y", &active) && active)
            y = real_of(trial, "y");
        tell_and_free(trial, (x - 0.7) * (x - 0.7) + y);
    }
}

static void assert_replays(afina_optimizer *o)
{
    int64_t number;
    int32_t rc = afina_optimizer_replay(o, &number);
    if (rc)
        fail_msg("replay gave %d: %s", (int)rc, afina_last_error());
}

static afina_optimizer *read_again(afina_optimizer *o)
{
    char *log = log_of(o);
    afina_optimizer *copy;
    int32_t rc = afina_optimizer_from_log(&copy, log, strlen(log));
    if (rc)
        fail_msg("reading gave %d: %s", (int)rc, afina_last_error());
    char *again = log_of(copy);
    assert_string_equal(log, again);
    free(log);
    free(again);
    return copy;
}

static void test_the_host_adds_a_parameter(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("gp", 1);
    run(o, 6);
    extend_and_free(o, real_space("y", -1, 3));
    run(o, 6);
    double y[12];
    size_t n;
    OK(afina_column_reals(o, "y", 0, y, 12, &n));
    for (int i = 0; i < 6; i++)
        assert_true(y[i] == 1); /* its default */
    int differ = 0;
    for (int i = 6; i < 12; i++)
        differ += y[i] != 1;
    assert_true(differ > 0);
    assert_replays(o);
    afina_optimizer *copy = read_again(o);
    assert_replays(copy);
    run(o, 3);
    run(copy, 3);
    char *a = log_of(o), *b = log_of(copy);
    assert_string_equal(a, b);
    free(a);
    free(b);
    afina_optimizer_free(o);
    afina_optimizer_free(copy);
}

static void test_a_range_is_widened_and_a_choice_added(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("random", 1);
    extend_and_free(o, choice_space("k", 2));
    run(o, 3);
    extend_and_free(o, real_space("x", -3, 5));
    extend_and_free(o, choice_space("k", 4));
    int outside = 0, new_choice = 0;
    for (int i = 0; i < 40; i++) {
        afina_trial *trial = ask(o);
        const char *k;
        double x = real_of(trial, "x");
        OK(afina_point_get_string(afina_trial_point(trial), "k", &k));
        outside += x < 0 || x > 1;
        new_choice += k[0] > 'b';
        assert_true(x >= -3 && x <= 5);
        tell_and_free(trial, x);
    }
    assert_true(outside > 10 && new_choice > 10);
    assert_replays(o);
    afina_optimizer_free(read_again(o));
    afina_optimizer_free(o);
}

static void test_both_spaces_can_be_read(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("random", 1);
    run(o, 1);
    extend_and_free(o, real_space("y", 0, 1));
    afina_space *now, *first;
    OK(afina_optimizer_get_space(o, &now));
    OK(afina_optimizer_get_declared_space(o, &first));
    assert_int_equal(afina_space_parameter_count(now), 2);
    assert_int_equal(afina_space_parameter_count(first), 1);
    afina_space_free(now);
    afina_space_free(first);
    afina_optimizer_free(o);
}

static void test_a_trial_declares_what_it_needs(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("tpe", 1);
    run(o, 2);
    afina_trial *trial = ask(o);
    declare(trial, real_space("y", 2, 4));
    double y = real_of(trial, "y"), x = real_of(trial, "x");
    assert_true(y >= 2 && y <= 4 && y != 3);
    declare(trial, real_space("y", 2, 3)); /* narrower, and it has one: nothing changes */
    declare(trial, real_space("x", 0, 2));
    assert_true(real_of(trial, "y") == y && real_of(trial, "x") == x);
    tell_and_free(trial, 1);
    double ys[4];
    size_t n;
    run(o, 1);
    OK(afina_column_reals(o, "y", 0, ys, 4, &n));
    assert_true(isnan(ys[0]) && isnan(ys[1])); /* they did not use it */
    assert_true(ys[2] == y && ys[3] >= 2 && ys[3] <= 4);
    assert_replays(o);
    afina_optimizer *copy = read_again(o);
    assert_replays(copy);
    OK(afina_trial_get(copy, 2, &trial));
    assert_true(real_of(trial, "y") == y);
    afina_trial_free(trial);
    afina_optimizer_free(copy);
    afina_optimizer_free(o);
}

static void test_what_a_trial_does_not_use_is_inactive(void **state)
{
    (void)state;
    static const char *const names[] = {"y"};
    afina_optimizer *o = optimizer_on("gp", 1);
    extend_and_free(o, real_space("y", 0, 1));
    for (int i = 0; i < 10; i++) {
        afina_trial *trial = ask(o);
        double x = real_of(trial, "x"), y = real_of(trial, "y");
        int32_t unused;
        if (x < 0.5)
            OK(afina_trial_tell_unused(trial, names, 1));
        OK(afina_trial_is_unused(trial, "y", &unused));
        assert_int_equal(unused, x < 0.5);
        tell_and_free(trial, x < 0.5 ? 1 : (y - 0.3) * (y - 0.3));
    }
    double ys[10], xs[10];
    size_t n;
    OK(afina_column_reals(o, "y", 0, ys, 10, &n));
    OK(afina_column_reals(o, "x", 0, xs, 10, &n));
    for (int i = 0; i < 10; i++)
        assert_int_equal(isnan(ys[i]) != 0, xs[i] < 0.5);
    assert_replays(o);
    afina_optimizer_free(read_again(o));
    afina_optimizer_free(o);
}

static void test_what_is_no_extension_is_refused(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("random", 1);
    afina_space *space = real_space("x", 0.25, 2);
    FAILS(afina_optimizer_extend(o, space), AFINA_E_RANGE,
          "parameter \"x\" has the range [0, 1]; an extension contains it, got [0.25, 2]");
    afina_space_free(space);
    space = choice_space("x", 2);
    FAILS(afina_optimizer_extend(o, space), AFINA_E_TYPE,
          "parameter \"x\" is a real; an extension keeps that, got one that is categorical");
    afina_space_free(space);
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", 1e-3, 1, AFINA_SCALE_LOG));
    FAILS(afina_optimizer_extend(o, space), AFINA_E_RANGE, "parameter \"x\" has a linear scale");
    afina_space_free(space);
    space = real_space("x", 0, 1);
    OK(afina_space_set_step(space, "x", 0.25));
    FAILS(afina_optimizer_extend(o, space), AFINA_E_RANGE,
          "parameter \"x\" has step 0; an extension keeps it, got 0.25");
    afina_space_free(space);
    space = real_space("x", 0, 1);
    OK(afina_space_set_default_real(space, "x", 0.75));
    FAILS(afina_optimizer_extend(o, space), AFINA_E_RANGE, "parameter \"x\" has the default 0.5");
    afina_space_free(space);
    OK(afina_space_new(&space));
    FAILS(afina_optimizer_extend(o, space), AFINA_E_SPACE, "the space has no parameter");
    afina_space_free(space);
    FAILS(afina_optimizer_extend(o, NULL), AFINA_E_ARGUMENT, "space is NULL");
    FAILS(afina_optimizer_extend(NULL, NULL), AFINA_E_ARGUMENT, "optimizer is NULL");
    afina_optimizer_free(o);
}

/* Every parameter is declared by the trials; the branch of k = "b" has one of its own. */
static void define_by_run(afina_optimizer *o, int trials)
{
    for (int i = 0; i < trials; i++) {
        afina_trial *trial = ask(o);
        int32_t active;
        const char *k;
        if (afina_point_is_active(afina_trial_point(trial), "k", &active))
            declare(trial, choice_space("k", 2));
        OK(afina_point_get_string(afina_trial_point(trial), "k", &k));
        const char *name = k[0] == 'a' ? "x" : "y", *other = k[0] == 'a' ? "y" : "x";
        if (afina_point_is_active(afina_trial_point(trial), name, &active) || !active)
            declare(trial, real_space(name, 0, 1));
        if (!afina_point_is_active(afina_trial_point(trial), other, &active) && active)
            OK(afina_trial_tell_unused(trial, &other, 1));
        double x = real_of(trial, name);
        tell_and_free(trial, k[0] == 'a' ? 1 + x : (x - 0.3) * (x - 0.3));
    }
}

static void test_a_study_may_begin_with_no_parameter(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "gp", "tpe", "cmaes", "de", "grid", "auto"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        afina_space *space;
        afina_optimizer *o;
        OK(afina_space_new(&space));
        OK(afina_optimizer_new(&o, space, methods[i]));
        OK(afina_optimizer_set_integer(o, "repeats", 1));
        afina_space_free(space);
        define_by_run(o, 20);
        assert_replays(o);
        afina_optimizer *copy = read_again(o);
        assert_replays(copy);
        define_by_run(o, 2);
        define_by_run(copy, 2);
        char *a = log_of(o), *b = log_of(copy);
        assert_string_equal(a, b);
        free(a);
        free(b);
        afina_optimizer_free(copy);
        afina_optimizer_free(o);
    }
}

static void test_without_parameters_there_is_one_point(void **state)
{
    (void)state;
    afina_space *space;
    afina_optimizer *o;
    afina_trial *trial, *second;
    double mean, sd;
    OK(afina_space_new(&space));
    OK(afina_optimizer_new(&o, space, "gp"));
    afina_space_free(space);
    trial = ask(o);
    assert_int_equal(afina_ask(o, &second), AFINA_EXHAUSTED);
    FAILS(afina_model_predict(o, 0, afina_trial_point(trial), &mean, &sd), AFINA_E_STATE, "the space has none yet");
    declare(trial, real_space("x", 0, 1));
    assert_true(real_of(trial, "x") == 0.5); /* trial 0 has the defaults */
    second = ask(o);
    tell_and_free(trial, 1);
    tell_and_free(second, 1);
    assert_replays(o);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_host_adds_a_parameter),
        cmocka_unit_test(test_a_range_is_widened_and_a_choice_added),
        cmocka_unit_test(test_both_spaces_can_be_read),
        cmocka_unit_test(test_a_trial_declares_what_it_needs),
        cmocka_unit_test(test_what_a_trial_does_not_use_is_inactive),
        cmocka_unit_test(test_what_is_no_extension_is_refused),
        cmocka_unit_test(test_a_study_may_begin_with_no_parameter),
        cmocka_unit_test(test_without_parameters_there_is_one_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
