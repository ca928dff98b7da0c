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

/* -------------------------------------------------------- queues, ends, filters */

static void test_points_from_before_get_the_default(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("random", 1);
    afina_space *older = real_space("x", 0, 1), *other = real_space("q", 0, 1);
    afina_point *point, *wrong;
    double value = 2;
    int64_t number;
    OK(afina_point_new(&point, older));
    OK(afina_point_new(&wrong, other));
    OK(afina_point_set_real(point, "x", 0.125));
    OK(afina_enqueue(o, point));
    extend_and_free(o, real_space("y", 0, 4));
    OK(afina_enqueue(o, point));
    afina_trial *first = ask(o), *second = ask(o), *third;
    assert_true(real_of(first, "x") == 0.125 && real_of(first, "y") == 2);
    assert_true(real_of(second, "x") == 0.125 && real_of(second, "y") == 2);
    OK(afina_start(o, point, &third));
    assert_true(real_of(third, "y") == 2);
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, &number));
    OK(afina_enqueue(o, afina_trial_point(first)));
    FAILS(afina_enqueue(o, wrong), AFINA_E_ARGUMENT, "the point belongs to a space");
    tell_and_free(first, 1);
    tell_and_free(second, 1);
    tell_and_free(third, 1);
    run(o, 3);
    assert_replays(o);
    afina_optimizer_free(read_again(o));
    afina_point_free(point);
    afina_point_free(wrong);
    afina_space_free(older);
    afina_space_free(other);
    afina_optimizer_free(o);
}

static void test_a_finite_space_goes_on_when_it_has_grown(void **state)
{
    (void)state;
    static const char *const methods[] = {"grid", "random", "gp", "sobol"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        afina_space *space = choice_space("k", 2);
        afina_optimizer *o;
        afina_trial *trial;
        OK(afina_optimizer_new(&o, space, methods[i]));
        afina_space_free(space);
        for (int k = 0; k < 2; k++)
            tell_and_free(ask(o), k);
        assert_int_equal(afina_ask(o, &trial), AFINA_EXHAUSTED);
        extend_and_free(o, choice_space("k", 3));
        tell_and_free(ask(o), 0);
        assert_int_equal(afina_ask(o, &trial), AFINA_EXHAUSTED);
        extend_and_free(o, choice_space("other", 2));
        for (int k = 0; k < 3; k++) /* the three of before have the default of the new one */
            tell_and_free(ask(o), k);
        assert_int_equal(afina_ask(o, &trial), AFINA_EXHAUSTED);
        assert_replays(o);
        afina_optimizer_free(o);
    }
}

static int32_t small_sum(const afina_point *point, void *user)
{
    double x = 0, y = 0;
    int32_t active;
    ++*(int *)user;
    OK(afina_point_get_real(point, "x", &x));
    if (!afina_point_is_active(point, "y", &active) && active)
        OK(afina_point_get_real(point, "y", &y));
    return x + y <= 1;
}

static void test_the_filter_goes_on(void **state)
{
    (void)state;
    int calls = 0;
    afina_optimizer *o = optimizer_on("random", 1);
    OK(afina_optimizer_set_filter(o, small_sum, &calls, NULL));
    run(o, 2);
    afina_trial *trial = ask(o);
    declare(trial, real_space("y", 0, 1));
    assert_true(real_of(trial, "x") + real_of(trial, "y") <= 1);
    afina_space *impossible = real_space("y", 0, 1);
    tell_and_free(trial, 0);
    for (int i = 0; i < 20; i++) {
        trial = ask(o);
        assert_true(real_of(trial, "x") + real_of(trial, "y") <= 1);
        tell_and_free(trial, 0);
    }
    assert_replays(o);
    afina_optimizer *copy = read_again(o);
    FAILS(afina_ask(copy, &trial), AFINA_E_STATE, "set it with afina_optimizer_set_filter()");
    OK(afina_optimizer_set_filter(copy, small_sum, &calls, NULL));
    assert_replays(copy);
    trial = ask(copy);
    assert_true(real_of(trial, "x") + real_of(trial, "y") <= 1);
    tell_and_free(trial, 0);
    afina_space_free(impossible);
    afina_optimizer_free(copy);
    afina_optimizer_free(o);
}

static int32_t refuse_new(const afina_point *point, void *user)
{
    int32_t active;
    (void)user;
    return afina_point_is_active(point, "y", &active) != AFINA_OK;
}

static int32_t call_back(const afina_point *point, void *user)
{
    afina_space *space = real_space("y", 0, 1);
    (void)point;
    FAILS(afina_optimizer_extend(user, space), AFINA_E_BUSY, "a filter may not");
    afina_space_free(space);
    return 1;
}

static void test_what_a_filter_cannot_allow_is_said(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("random", 1);
    afina_space *space = real_space("y", 0, 1);
    OK(afina_optimizer_set_filter(o, refuse_new, NULL, NULL));
    afina_trial *trial = ask(o);
    FAILS(afina_trial_extend(trial, space), AFINA_E_NO_POINT,
          "the filter refused all of 10000 values drawn for trial 0");
    tell_and_free(trial, 0);
    afina_optimizer_free(o);
    o = optimizer_on("random", 1);
    OK(afina_optimizer_set_filter(o, call_back, o, NULL));
    tell_and_free(ask(o), 0);
    OK(afina_space_set_filter(space, call_back, NULL, NULL));
    FAILS(afina_optimizer_extend(o, space), AFINA_E_ARGUMENT, "an extension has no filter");
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void test_a_trial_that_has_ended_declares_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"x", "x"}, *const unknown[] = {"why"};
    afina_optimizer *o = optimizer_on("random", 1);
    afina_space *space = real_space("y", 0, 1);
    afina_trial *trial = ask(o);
    double value = 1;
    int32_t unused;
    FAILS(afina_trial_tell_unused(trial, names, 2), AFINA_E_NAME, "parameter \"x\" is named twice");
    FAILS(afina_trial_tell_unused(trial, unknown, 1), AFINA_E_NAME, "there is no parameter \"why\"");
    FAILS(afina_trial_tell_unused(trial, names, 0), AFINA_E_ARGUMENT, "names is empty");
    FAILS(afina_trial_tell_unused(trial, NULL, 1), AFINA_E_ARGUMENT, "names is NULL");
    FAILS(afina_trial_is_unused(trial, "why", &unused), AFINA_E_NAME, "there is no parameter \"why\"");
    OK(afina_tell_unused(o, 0, names, 1));
    FAILS(afina_tell_unused(o, 0, names, 1), AFINA_E_STATE, "what trial 0 does not use was told already");
    OK(afina_tell(o, 0, &value, 1));
    FAILS(afina_trial_extend(trial, space), AFINA_E_STATE, "trial 0 is not running: it is complete");
    FAILS(afina_extend(o, 0, space), AFINA_E_STATE, "trial 0 is not running: it is complete");
    FAILS(afina_extend(o, 1, space), AFINA_E_NOT_FOUND, "there is no trial 1");
    FAILS(afina_tell_unused(o, 1, names, 1), AFINA_E_NOT_FOUND, "there is no trial 1");
    FAILS(afina_trial_extend(NULL, space), AFINA_E_ARGUMENT, "trial is NULL");
    FAILS(afina_trial_extend(trial, NULL), AFINA_E_ARGUMENT, "space is NULL");
    afina_trial_free(trial);
    trial = ask(o);
    afina_space *other = choice_space("x", 2);
    FAILS(afina_trial_extend(trial, other), AFINA_E_TYPE, "parameter \"x\" is a real");
    afina_space_free(other);
    OK(afina_extend(o, 1, space)); /* by number */
    afina_trial *again;
    OK(afina_trial_get(o, 1, &again));
    double y = real_of(again, "y");
    OK(afina_log_rewind(o, 2)); /* the trial is gone, its handles are not */
    assert_true(real_of(again, "y") == y);
    FAILS(afina_trial_extend(again, space), AFINA_E_STATE, "trial 1");
    afina_trial_free(again);
    afina_trial_free(trial);
    afina_space_free(space);
    afina_optimizer_free(o);
}

/* The value of a name depends on the trial and the name, not on what others declare, nor on the order. */
static void test_the_order_of_declarations_makes_no_difference(void **state)
{
    (void)state;
    double y[2], z[2];
    for (int turn = 0; turn < 2; turn++) {
        afina_optimizer *o = optimizer_on("random", 1);
        afina_trial *first = ask(o), *second = ask(o);
        if (turn == 0)
            declare(first, real_space("y", 0, 8));
        declare(second, real_space(turn ? "z" : "y", 0, 1));
        declare(second, real_space(turn ? "y" : "z", 0, 1));
        y[turn] = real_of(second, "y");
        z[turn] = real_of(second, "z");
        tell_and_free(first, 0);
        tell_and_free(second, 0);
        assert_replays(o);
        afina_optimizer_free(o);
    }
    assert_true(y[0] == y[1] && z[0] == z[1] && y[0] != z[0]);
}

static int32_t simulated(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    int32_t active;
    (void)step;
    (void)user;
    (void)index;
    if (afina_point_is_active(afina_trial_point(trial), "y", &active))
        declare(trial, real_space("y", 0, 1));
    values[0] = real_of(trial, "x") + real_of(trial, "y");
    *seconds = 1 + real_of(trial, "x");
    return AFINA_DONE;
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double seconds, step;
    return simulated(trial, 0, &step, values, &seconds, user) == AFINA_DONE ? AFINA_OK : AFINA_E_CALLBACK;
}

static void test_loops_grow_as_well(void **state)
{
    (void)state;
    for (int64_t workers = 1; workers <= 4; workers += 3) {
        afina_optimizer *o = optimizer_on("tpe", 1);
        double seconds, busy;
        OK(afina_simulate(o, simulated, NULL, workers, 20, &seconds, &busy));
        OK(afina_optimizer_set_integer(o, "workers", workers));
        OK(afina_optimize(o, objective, NULL, 20));
        assert_replays(o);
        afina_optimizer_free(read_again(o));
        afina_optimizer_free(o);
    }
}

static void test_a_tampered_value_is_found(void **state)
{
    (void)state;
    afina_optimizer *o = optimizer_on("random", 1), *copy;
    int64_t number;
    tell_and_free(ask(o), 0);
    afina_trial *trial = ask(o);
    declare(trial, real_space("y", 0, 1));
    tell_and_free(trial, 0);
    char *log = log_of(o), *at = strstr(log, "\"point\":{\"y\":0.");
    assert_non_null(at);
    at[15] = at[15] == '1' ? '2' : '1';
    OK(afina_optimizer_from_log(&copy, log, strlen(log)));
    FAILS(afina_optimizer_replay(copy, &number), AFINA_E_REPLAY, "what trial 1 declared does not come out as logged");
    assert_int_equal(number, 1);
    free(log);
    afina_optimizer_free(copy);
    afina_optimizer_free(o);
}

/* Lines that no call of a host could have made. */
static void test_lines_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *text;
    } lines[] = {
        {"{\"event\":\"declared\"}", "\"space\" is missing"},
        {"{\"event\":\"declared\",\"trial\":0,\"space\":{\"format\":1,\"parameters\":[{\"name\":\"y\",\"kind\":"
         "\"real\",\"low\":0,\"high\":1}]}}",
         "\"point\" is missing"},
        {"{\"event\":\"declared\",\"space\":{\"format\":1,\"parameters\":[{\"name\":\"y\",\"kind\":\"real\",\"low\":"
         "0,\"high\":1}]},\"point\":{\"y\":0.5}}",
         "\"point\" needs a \"trial\""},
        {"{\"event\":\"declared\",\"trial\":0,\"space\":{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":"
         "\"real\",\"low\":0,\"high\":2}]},\"point\":{\"x\":2}}",
         "\"point\" has another value of \"x\" than trial 0"},
        {"{\"event\":\"declared\",\"trial\":0,\"point\":{\"y\":7},\"space\":{\"format\":1,\"parameters\":[{\"name\":"
         "\"y\",\"kind\":\"real\",\"low\":0,\"high\":1}]}}",
         "parameter \"y\" must be finite and in [0, 1], got 7"},
        {"{\"event\":\"declared\",\"space\":{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"integer\","
         "\"low\":0,\"high\":1}]}}",
         "parameter \"x\" is a real"},
        {"{\"event\":\"unused\",\"trial\":0,\"names\":[\"y\"]}", "there is no parameter \"y\""},
        {"{\"event\":\"unused\",\"trial\":0,\"names\":[]}", "no parameter is named that trial 0 does not use"},
        {"{\"event\":\"unused\",\"trial\":0,\"names\":[7]}", "must be a string"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        afina_optimizer *o = optimizer_on("random", 1);
        afina_trial *trial = ask(o);
        char line[1024];
        int64_t position, next;
        snprintf(line, sizeof line, "%s\n", lines[i].line);
        OK(afina_log_length(o, &position));
        char *before = log_of(o);
        int32_t rc = afina_log_append(o, position, line, strlen(line), &next);
        if (rc >= 0 || !strstr(afina_last_error(), lines[i].text))
            fail_msg("%s gave %d: %s", lines[i].line, (int)rc, afina_last_error());
        char *after = log_of(o);
        assert_string_equal(before, after);
        free(before);
        free(after);
        tell_and_free(trial, 0);
        afina_optimizer_free(o);
    }
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
        cmocka_unit_test(test_points_from_before_get_the_default),
        cmocka_unit_test(test_a_finite_space_goes_on_when_it_has_grown),
        cmocka_unit_test(test_the_filter_goes_on),
        cmocka_unit_test(test_what_a_filter_cannot_allow_is_said),
        cmocka_unit_test(test_a_trial_that_has_ended_declares_nothing),
        cmocka_unit_test(test_the_order_of_declarations_makes_no_difference),
        cmocka_unit_test(test_loops_grow_as_well),
        cmocka_unit_test(test_a_tampered_value_is_found),
        cmocka_unit_test(test_lines_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
