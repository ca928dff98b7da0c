/* Optima drawn from the model, ranges and shares of them, and the simplest point that cannot be told apart. */
#include "core/rng.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

/* x and z real in [0, 1], rate real on a log scale, n in 1, 3, ..., 9, k one of a, b, c. */
static afina_space *mixed_space(void)
{
    static const char *const choices[] = {"a", "b", "c"};
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_space_add_real(space, "z", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_space_add_real(space, "rate", 1e-4, 1, AFINA_SCALE_LOG));
    OK(afina_space_add_integer(space, "n", 1, 9, AFINA_SCALE_LINEAR));
    OK(afina_space_set_step(space, "n", 2));
    OK(afina_space_add_categorical(space, "k", choices, 3));
    return space;
}

static double real_of(const afina_point *point, const char *name)
{
    double value;
    OK(afina_point_get_real(point, name, &value));
    return value;
}

static int64_t integer_of(const afina_point *point, const char *name)
{
    int64_t value;
    OK(afina_point_get_integer(point, name, &value));
    return value;
}

static const char *choice_of(const afina_point *point, const char *name)
{
    const char *value;
    OK(afina_point_get_string(point, name, &value));
    return value;
}

/* Best at x 0.3, rate 0.01, n 7, k b; z has no effect. */
static double mixed_value(const afina_point *point)
{
    double x = real_of(point, "x"), rate = log10(real_of(point, "rate")), n = (double)integer_of(point, "n");
    return 10 + 20 * (x - 0.3) * (x - 0.3) + (rate + 2) * (rate + 2) + 0.1 * (n - 7) * (n - 7) +
           (strcmp(choice_of(point, "k"), "b") == 0 ? 0 : 2);
}

typedef double (*valued)(const afina_point *point);

/* Adds n results at draws from the space; `scatter` is the greatest error of one. */
static void add_results(afina_optimizer *optimizer, valued value, uint64_t n, double sign, double scatter)
{
    afina_space *space;
    OK(afina_optimizer_get_space(optimizer, &space));
    for (uint64_t i = 0; i < n; i++) {
        afina_point *point;
        OK(afina_space_sample(space, 2385, i, &point));
        double told = sign * (value(point) + scatter * sin(1e3 * (double)i));
        OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &told, 1, NULL));
        afina_point_free(point);
    }
    afina_space_free(space);
}

static afina_optimizer *filtered_study(uint64_t n, double sign, double scatter, afina_filter filter, void *user)
{
    afina_space *space = mixed_space();
    afina_optimizer *optimizer;
    OK(afina_optimizer_new(&optimizer, space, "gp"));
    if (filter)
        OK(afina_optimizer_set_filter(optimizer, filter, user, NULL));
    OK(afina_optimizer_set_string(optimizer, "direction", sign > 0 ? "minimise" : "maximise"));
    add_results(optimizer, mixed_value, n, sign, scatter);
    afina_space_free(space);
    return optimizer;
}

static afina_optimizer *mixed_study(uint64_t n, double sign, double scatter)
{
    return filtered_study(n, sign, scatter, NULL, NULL);
}

static void free_all(afina_point **points, size_t n)
{
    for (size_t i = 0; i < n; i++)
        afina_point_free(points[i]);
}

static char *text_of(afina_point *const *points, size_t n)
{
    char *all = calloc(n, 300);
    assert_non_null(all);
    for (size_t i = 0; i < n; i++) {
        size_t length;
        OK(afina_point_to_json(points[i], all + strlen(all), 300, &length));
        assert_true(length < 300);
    }
    return all;
}

/* -------------------------------------------------------------------- ranges */

static void check_range(afina_optimizer *o, const char *name, double optimum, double least, double most)
{
    double low, high;
    OK(afina_model_range(o, 0, name, 0.9, 1, &low, &high));
    if (!(low <= optimum + 0.02 && optimum <= high + 0.02 && high - low >= least && high - low <= most))
        fail_msg("%s in [%g, %g]", name, low, high);
}

static void test_ranges_are_narrow_where_a_parameter_matters(void **state)
{
    (void)state;
    afina_optimizer *o = mixed_study(70, 1, 0);
    double low, high;
    check_range(o, "x", 0.3, 0, 0.35);
    check_range(o, "z", 0.5, 0.6, 1);
    check_range(o, "rate", 0.01, 0, 0.1);
    check_range(o, "n", 7, 0, 4);
    OK(afina_model_range(o, 0, "n", 1, 1, &low, &high)); /* on the grid */
    assert_true(fmod(low, 2) == 1 && fmod(high, 2) == 1 && low >= 1 && high <= 9);
    afina_optimizer_free(o);
}

/* A bowl with its optimum at a drawn place, and 30 results with errors of deviation 0.2: 1 when the range of 90 % of
 * the optima holds it. */
static int range_holds_optimum(uint64_t seed, double *length)
{
    struct rng rng;
    afina_space *space;
    afina_optimizer *o;
    double low, high;
    rng_start(&rng, seed, 0, RNG_OBJECTIVE);
    double optimum = 0.1 + 0.8 * rng_uniform(&rng);
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_space_add_real(space, "z", 0, 1, AFINA_SCALE_LINEAR));
    OK(afina_optimizer_new(&o, space, "gp"));
    for (uint64_t i = 0; i < 30; i++) {
        afina_point *point;
        OK(afina_space_sample(space, seed, i, &point));
        double x = real_of(point, "x") - optimum, value = 10 + 8 * x * x + 0.2 * rng_normal(&rng);
        OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
        afina_point_free(point);
    }
    OK(afina_model_range(o, 0, "x", 0.9, seed, &low, &high));
    *length += high - low;
    afina_optimizer_free(o);
    afina_space_free(space);
    return low <= optimum && optimum <= high;
}

static void test_ranges_hold_the_optimum(void **state)
{
    (void)state;
    enum { STUDIES = 24 };
    int held = 0;
    double length = 0;
    for (uint64_t seed = 1; seed <= STUDIES; seed++)
        held += range_holds_optimum(seed, &length);
    if (!(held >= 18 && length / STUDIES < 0.5))
        fail_msg("%d of %d (seeds 1 to %d) hold it, of mean length %g", held, STUDIES, STUDIES, length / STUDIES);
    print_message("%d of %d ranges hold the optimum, of mean length %g\n", held, STUDIES, length / STUDIES);
}

static void test_a_greater_share_needs_a_longer_range(void **state)
{
    (void)state;
    afina_optimizer *o = mixed_study(40, 1, 0.5);
    double before = 0;
    for (double share = 0.1; share <= 1; share += 0.3) {
        double low, high;
        OK(afina_model_range(o, 0, "x", share, 7, &low, &high));
        assert_true(low >= 0 && high <= 1 && high - low >= before);
        before = high - low;
    }
    afina_optimizer_free(o);
}

static void test_shares_of_choices(void **state)
{
    (void)state;
    afina_optimizer *o = mixed_study(70, 1, 0);
    double shares[3];
    size_t count;
    OK(afina_model_choice_shares(o, 0, "k", 1, shares, 3, &count));
    assert_int_equal(count, 3);
    assert_true(shares[1] > 0.8 && fabs(shares[0] + shares[1] + shares[2] - 1) < 1e-9);
    OK(afina_model_choice_shares(o, 0, "k", 1, NULL, 0, &count)); /* how many there are */
    assert_int_equal(count, 3);
    afina_optimizer_free(o);
}

/* -------------------------------------------------------------------- optima */

enum { DRAWS = 60 };

static char *optima_text(afina_optimizer *o, uint64_t seed)
{
    afina_point *points[DRAWS];
    OK(afina_model_optima(o, 0, DRAWS, seed, points));
    char *text = text_of(points, DRAWS);
    free_all(points, DRAWS);
    return text;
}

/* By the seed and the log alone, and in either direction. */
static void test_optima_depend_on_the_seed_and_the_log(void **state)
{
    (void)state;
    afina_optimizer *o = mixed_study(40, 1, 0.5), *most = mixed_study(40, -1, 0.5), *read;
    char *log = log_of(o), *first = optima_text(o, 1), *second = optima_text(o, 2);
    OK(afina_optimizer_from_log(&read, log, strlen(log)));
    char *again = optima_text(read, 1), *turned = optima_text(most, 1);
    assert_string_equal(first, again);
    assert_string_equal(first, turned);
    assert_string_not_equal(first, second);
    free(log);
    free(first);
    free(second);
    free(again);
    free(turned);
    afina_optimizer_free(o);
    afina_optimizer_free(most);
    afina_optimizer_free(read);
}

/* The first of more draws are the same. */
static void test_the_draws_are_numbered(void **state)
{
    (void)state;
    afina_optimizer *o = mixed_study(30, 1, 0.5);
    afina_point *few[5], *many[DRAWS];
    OK(afina_model_optima(o, 0, 5, 3, few));
    OK(afina_model_optima(o, 0, DRAWS, 3, many));
    char *a = text_of(few, 5), *b = text_of(many, 5);
    assert_string_equal(a, b);
    free(a);
    free(b);
    free_all(few, 5);
    free_all(many, DRAWS);
    afina_optimizer_free(o);
}

/* What filters are told to do: nothing until it is told. */
struct order {
    afina_optimizer *optimizer;
    int32_t answer; /* to every point */
    int calls;
};

static int32_t allow_large_x(const afina_point *point, void *user)
{
    ((struct order *)user)->calls++;
    return real_of(point, "x") >= 0.6;
}

static void test_the_filter_is_respected(void **state)
{
    (void)state;
    struct order order = {.calls = 0};
    afina_optimizer *o = filtered_study(40, 1, 0, allow_large_x, &order);
    afina_point *points[DRAWS], *simple;
    order.calls = 0;
    OK(afina_model_optima(o, 0, DRAWS, 1, points));
    for (size_t i = 0; i < DRAWS; i++)
        assert_true(real_of(points[i], "x") >= 0.6);
    assert_true(order.calls > 0);
    OK(afina_model_simplify(o, 0, points[0], &simple));
    assert_true(real_of(simple, "x") >= 0.6); /* the default is 0.5 */
    afina_point_free(simple);
    free_all(points, DRAWS);
    afina_optimizer_free(o);
}

static int32_t obey(const afina_point *point, void *user)
{
    struct order *order = user;
    double mean, sd;
    if (order->optimizer)
        FAILS(afina_model_predict(order->optimizer, 0, point, &mean, &sd), AFINA_E_BUSY, "ask the model");
    return order->answer;
}

static void test_a_filter_may_refuse_all_end_the_call_or_ask(void **state)
{
    (void)state;
    struct order order = {.answer = 1};
    afina_optimizer *o = filtered_study(30, 1, 0, obey, &order);
    afina_point *points[DRAWS];
    double bound, noise;
    points[3] = (afina_point *)o;
    order.answer = 0;
    FAILS(afina_model_optima(o, 0, DRAWS, 1, points), AFINA_E_NO_POINT, "refused every point");
    assert_null(points[3]);
    order.answer = -1000;
    assert_int_equal(afina_model_optima(o, 0, DRAWS, 1, points), -1000);
    assert_int_equal(afina_model_regret(o, 0, &bound, &noise), -1000);
    order.answer = 1;
    order.optimizer = o;
    OK(afina_model_optima(o, 0, 1, 1, points));
    afina_point_free(points[0]);
    afina_optimizer_free(o);
}

/* A study that is read from a log needs its filter again. */
static void test_a_study_that_had_a_filter_needs_it(void **state)
{
    (void)state;
    struct order order = {.answer = 1};
    afina_optimizer *o = filtered_study(10, 1, 0, obey, &order), *read;
    afina_point *points[1];
    char *log = log_of(o);
    OK(afina_optimizer_from_log(&read, log, strlen(log)));
    FAILS(afina_model_optima(read, 0, 1, 1, points), AFINA_E_STATE, "made with a filter");
    OK(afina_optimizer_set_filter(read, obey, &order, NULL));
    OK(afina_model_optima(read, 0, 1, 1, points));
    afina_point_free(points[0]);
    free(log);
    afina_optimizer_free(read);
    afina_optimizer_free(o);
}

static double prefers_a(const afina_point *point)
{
    double x = real_of(point, "x");
    return 10 + (x - 2.385) * (x - 2.385) + (strcmp(choice_of(point, "k"), "a") == 0 ? 0 : 200);
}

static double prefers_small_y(const afina_point *point)
{
    int32_t active;
    OK(afina_point_is_active(point, "y", &active));
    return 10 + (active ? fabs(log10(real_of(point, "y")) + 4) : 50);
}

/* y is active with k b or c only. */
static void test_an_inactive_parameter_has_no_range(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("gp");
    double low, high, shares[3];
    size_t count;
    add_results(o, prefers_a, 60, 1, 0);
    FAILS(afina_model_range(o, 0, "y", 0.9, 1, &low, &high), AFINA_E_NOT_FOUND, "\"y\" is active in none of 1000");
    afina_optimizer_free(o);
    o = small_optimizer("gp");
    add_results(o, prefers_small_y, 60, 1, 0);
    OK(afina_model_range(o, 0, "y", 0.9, 1, &low, &high));
    assert_true(low >= 1e-4 && low < 2e-4 && high < 2e-3);
    OK(afina_model_choice_shares(o, 0, "k", 1, shares, 3, &count));
    assert_true(shares[0] == 0 && shares[1] > 0 && shares[2] > 0);
    afina_optimizer_free(o);
}

static double first_of_few(const afina_point *point)
{
    return 5 + (double)integer_of(point, "n");
}

/* There are fewer points than draws; a choice of weight 0 is nobody's optimum. */
static void test_a_small_finite_space(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b"};
    static const double weights[] = {1, 0};
    afina_space *space;
    afina_optimizer *o;
    double shares[2], low, high;
    size_t count;
    OK(afina_space_new(&space));
    OK(afina_space_add_integer(space, "n", 1, 6, AFINA_SCALE_LINEAR));
    OK(afina_space_add_categorical(space, "k", choices, 2));
    OK(afina_space_set_weights(space, "k", weights, 2));
    OK(afina_optimizer_new(&o, space, "gp"));
    add_results(o, first_of_few, 20, 1, 0);
    OK(afina_model_range(o, 0, "n", 0.9, 1, &low, &high));
    assert_true(low == 1 && high <= 2);
    OK(afina_model_choice_shares(o, 0, "k", 1, shares, 2, &count));
    assert_true(fabs(shares[0] - 1) < 1e-9 && shares[1] == 0);
    afina_optimizer_free(o);
    afina_space_free(space);
}

/* ------------------------------------------------------------------- simplify */

/* The point as it is after simplifying a point with these values. */
static afina_point *simplified(afina_optimizer *o, double x, double z, double rate, int64_t n, const char *k)
{
    afina_space *space = mixed_space();
    afina_point *point, *simple;
    OK(afina_point_new(&point, space));
    OK(afina_point_set_real(point, "x", x));
    OK(afina_point_set_real(point, "z", z));
    OK(afina_point_set_real(point, "rate", rate));
    OK(afina_point_set_integer(point, "n", n));
    OK(afina_point_set_string(point, "k", k));
    OK(afina_model_simplify(o, 0, point, &simple));
    afina_point_free(point);
    afina_space_free(space);
    return simple;
}

static void test_what_has_no_effect_goes_back_and_what_has_one_stays(void **state)
{
    (void)state;
    for (double sign = -1; sign <= 1; sign += 2) {
        afina_optimizer *o = mixed_study(120, sign, 0.3);
        afina_point *simple = simplified(o, 0.3, 0.9, 0.012, 7, "b");
        assert_true(real_of(simple, "z") == 0.5);
        assert_true(real_of(simple, "x") == 0.3);
        assert_int_equal(integer_of(simple, "n"), 7);
        assert_string_equal(choice_of(simple, "k"), "b");
        afina_point_free(simple);
        afina_optimizer_free(o);
    }
}

/* Nothing that costs goes back. */
static void test_without_noise_the_value_is_kept(void **state)
{
    (void)state;
    afina_optimizer *o = mixed_study(120, 1, 0);
    afina_space *space = mixed_space();
    for (uint64_t i = 0; i < 120; i += 7) {
        afina_point *point, *simple;
        OK(afina_space_sample(space, 2385, i, &point));
        OK(afina_model_simplify(o, 0, point, &simple));
        double before = mixed_value(point), after = mixed_value(simple);
        if (!(after <= before + 0.02)) /* of a spread of 5 */
            fail_msg("point %d: %g became %g", (int)i, before, after);
        afina_point_free(point);
        afina_point_free(simple);
    }
    afina_space_free(space);
    afina_optimizer_free(o);
}

static double x_alone(const afina_point *point)
{
    double x = real_of(point, "x");
    return 10 + (x - 8) * (x - 8);
}

/* k has no effect, and takes y with it when it goes back. */
static void test_conditions_stay_valid(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("gp");
    afina_space *space = small_space();
    afina_point *point, *simple;
    int32_t active;
    add_results(o, x_alone, 60, 1, 1);
    OK(afina_point_new(&point, space));
    OK(afina_point_set_real(point, "x", 8));
    OK(afina_point_set_string(point, "k", "c"));
    OK(afina_point_set_real(point, "y", 0.77));
    OK(afina_model_simplify(o, 0, point, &simple));
    assert_string_equal(choice_of(simple, "k"), "a");
    assert_true(real_of(simple, "x") == 8);
    OK(afina_point_is_active(simple, "y", &active));
    assert_int_equal(active, 0);
    OK(afina_enqueue(o, simple)); /* a point of the space */
    afina_point_free(simple);
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

/* ------------------------------------------------------------------ bad input */

static void test_bad_questions(void **state)
{
    (void)state;
    afina_optimizer *o = mixed_study(10, 1, 0), *bare = small_optimizer("random"), *young = small_optimizer("gp");
    afina_space *space = mixed_space();
    afina_point *points[1], *simple, *point;
    double low, high;
    size_t count;
    OK(afina_point_new(&point, space));
    FAILS(afina_model_optima(o, 0, 0, 1, points), AFINA_E_RANGE, "draws must be in 1..10000, got 0");
    FAILS(afina_model_optima(o, 0, 10001, 1, points), AFINA_E_RANGE, "got 10001");
    FAILS(afina_model_optima(o, 1, 1, 1, points), AFINA_E_RANGE, "output");
    FAILS(afina_model_optima(bare, 0, 1, 1, points), AFINA_E_UNSUPPORTED, "\"random\" has no model");
    FAILS(afina_model_optima(young, 0, 1, 1, points), AFINA_E_STATE, "2 finished trials");
    FAILS(afina_model_range(o, 0, "x", 0, 1, &low, &high), AFINA_E_RANGE, "share must be in (0, 1], got 0");
    FAILS(afina_model_range(o, 0, "x", NAN, 1, &low, &high), AFINA_E_RANGE, "share");
    FAILS(afina_model_range(o, 0, "x", 1.01, 1, &low, &high), AFINA_E_RANGE, "got 1.01");
    FAILS(afina_model_range(o, 0, "k", 0.5, 1, &low, &high), AFINA_E_TYPE, "\"k\" takes choices");
    FAILS(afina_model_range(o, 0, "w", 0.5, 1, &low, &high), AFINA_E_NAME, "\"w\"");
    FAILS(afina_model_choice_shares(o, 0, "x", 1, NULL, 0, &count), AFINA_E_TYPE, "\"x\" takes numbers");
    FAILS(afina_model_simplify(bare, 0, NULL, &simple), AFINA_E_ARGUMENT, "point");
    FAILS(afina_model_simplify(o, 2, point, &simple), AFINA_E_RANGE, "output");
    assert_null(simple);
    FAILS(afina_model_simplify(bare, 0, point, &simple), AFINA_E_ARGUMENT, "");
    FAILS(afina_model_regret(bare, 0, &low, &high), AFINA_E_UNSUPPORTED, "\"random\" has no model");
    FAILS(afina_model_regret(young, 0, &low, &high), AFINA_E_STATE, "2 finished trials");
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
    afina_optimizer_free(bare);
    afina_optimizer_free(young);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_are_narrow_where_a_parameter_matters),
        cmocka_unit_test(test_ranges_hold_the_optimum),
        cmocka_unit_test(test_a_greater_share_needs_a_longer_range),
        cmocka_unit_test(test_shares_of_choices),
        cmocka_unit_test(test_optima_depend_on_the_seed_and_the_log),
        cmocka_unit_test(test_the_draws_are_numbered),
        cmocka_unit_test(test_the_filter_is_respected),
        cmocka_unit_test(test_a_filter_may_refuse_all_end_the_call_or_ask),
        cmocka_unit_test(test_a_study_that_had_a_filter_needs_it),
        cmocka_unit_test(test_an_inactive_parameter_has_no_range),
        cmocka_unit_test(test_a_small_finite_space),
        cmocka_unit_test(test_what_has_no_effect_goes_back_and_what_has_one_stays),
        cmocka_unit_test(test_without_noise_the_value_is_kept),
        cmocka_unit_test(test_conditions_stay_valid),
        cmocka_unit_test(test_bad_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
