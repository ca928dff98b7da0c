/* Draws against the prior in closed form: Kolmogorov's distance and chi-square
 * below their 1e-6 quantiles. Filters that allow little end. */
#include "space/space_help.h"

#include <stdlib.h>

enum { DRAWS = 20000 };

static double drawn[DRAWS];

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The draws of the only parameter of a space, in order. */
static void draw_reals(struct space *space, uint64_t seed)
{
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    struct rng rng;
    rng_start(&rng, seed, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++) {
        assert_ok(space_sample(snapshot, &rng, point));
        drawn[i] = point->value[0].real;
    }
    qsort(drawn, DRAWS, sizeof *drawn, compare_doubles);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

static void assert_distributed(double (*below)(double))
{
    double distance = 0;
    for (int i = 0; i < DRAWS; i++) {
        double f = below(drawn[i]);
        distance = fmax(distance, fmax(f - (double)i / DRAWS, (i + 1.0) / DRAWS - f));
    }
    assert_true(distance < 2.7 / sqrt(DRAWS));
}

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

static double linear_below(double x)
{
    return (x + 5) / 15;
}

static double log_below(double x)
{
    return log(x / 1e-5) / log(1e4);
}

static double reverse_log_below(double x)
{
    return 1 - log((0.901 + 0.001 - x) / 0.001) / log(901);
}

/* Mean 1, sd 2, between 0 and 2.385. */
static double truncated_below(double x)
{
    return (normal_below((x - 1) / 2) - normal_below(-0.5)) / (normal_below(1.385 / 2) - normal_below(-0.5));
}

static double lognormal_below(double x)
{
    return normal_below((log(x) - 0.5) / 0.75);
}

static void test_reals_are_drawn_from_their_scale(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        int32_t scale;
        double (*below)(double);
    } rows[] = {{-5, 10, AFINA_SCALE_LINEAR, linear_below},
                {1e-5, 0.1, AFINA_SCALE_LOG, log_below},
                {0.001, 0.901, AFINA_SCALE_REVERSE_LOG, reverse_log_below}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct space *space = new_space();
        assert_ok(space_add_real(space, "x", rows[i].low, rows[i].high, rows[i].scale));
        draw_reals(space, 2385 + i);
        assert_distributed(rows[i].below);
    }
}

static void test_reals_are_drawn_from_their_prior(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_prior(space, "x", AFINA_PRIOR_NORMAL, 1, 2, 0, 2.385));
    draw_reals(space, 2388);
    assert_distributed(truncated_below);
    space = new_space();
    assert_ok(space_add_prior(space, "x", AFINA_PRIOR_LOGNORMAL, 0.5, 0.75, 0, INFINITY));
    draw_reals(space, 2389);
    assert_distributed(lognormal_below);
}

/* The index of each draw of a discrete parameter, against the shares. */
static void assert_shares(struct space *space, const double *share, size_t cells, double limit)
{
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    int count[16] = {0};
    double chi_square = 0;
    struct rng rng;
    rng_start(&rng, 2391, cells, RNG_SUGGEST);
    assert_int_equal(snapshot->parameters[0].cells, cells);
    for (int i = 0; i < DRAWS; i++) {
        assert_ok(space_sample(snapshot, &rng, point));
        count[parameter_index_of(&snapshot->parameters[0], point->value[0])]++;
    }
    for (size_t k = 0; k < cells; k++) {
        double expected = share[k] * DRAWS;
        if (share[k] == 0)
            assert_int_equal(count[k], 0);
        else
            chi_square += (count[k] - expected) * (count[k] - expected) / expected;
    }
    assert_true(chi_square < limit);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

static void test_integers_are_drawn_evenly(void **state)
{
    (void)state;
    struct space *space = new_space();
    const double fifth[] = {0.2, 0.2, 0.2, 0.2, 0.2};
    assert_ok(space_add_integer(space, "n", -2, 2, AFINA_SCALE_LINEAR));
    assert_shares(space, fifth, 5, 34); /* 4 degrees */
}

/* F50: the ends of a grid have whole cells, not halves. */
static void test_the_ends_of_a_grid_are_as_likely(void **state)
{
    (void)state;
    struct space *space = new_space();
    const double third[] = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    assert_ok(space_add_real(space, "x", 0.8, 1.0, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "x", 0.1));
    assert_shares(space, third, 3, 28); /* 2 degrees */
    space = new_space();
    assert_ok(space_add_integer(space, "n", 1, 7, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "n", 3));
    assert_shares(space, third, 3, 28);
}

static void test_integers_of_a_log_scale_get_the_logarithm_of_their_cell(void **state)
{
    (void)state;
    struct space *space = new_space();
    double share[9];
    for (int k = 0; k < 9; k++)
        share[k] = log((k + 1.5) / (k + 0.5)) / log(9.5 / 0.5);
    assert_ok(space_add_integer(space, "n", 1, 9, AFINA_SCALE_LOG));
    assert_shares(space, share, 9, 43); /* 8 degrees */
}

static void test_choices_are_drawn_by_their_weights(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", "c", "d", "e"};
    const double weights[] = {0, 5, 1, 0, 2}, share[] = {0, 0.625, 0.125, 0, 0.25};
    for (int32_t kind = AFINA_KIND_CATEGORICAL; kind <= AFINA_KIND_ORDINAL; kind++) {
        struct space *space = new_space();
        assert_ok(space_add_choices(space, "c", kind, choices, 5));
        assert_ok(space_set_weights(space, "c", weights, 5));
        assert_shares(space, share, 5, 28); /* 2 degrees */
    }
}

/* A child is active as often as its parent has the value, and is then drawn as
 * if it were alone. */
static void test_children_are_drawn_where_they_are_active(void **state)
{
    (void)state;
    static const char *const choices[] = {"off", "on"};
    const double weights[] = {3, 1};
    struct space *space = new_space();
    assert_ok(space_add_real(space, "child", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "switch", AFINA_KIND_CATEGORICAL, choices, 2));
    assert_ok(space_set_weights(space, "switch", weights, 2));
    assert_ok(space_add_condition_in(space, "child", "switch", choices + 1, 1));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    struct rng rng;
    int active = 0, upper = 0;
    rng_start(&rng, 2392, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++) {
        assert_ok(space_sample(snapshot, &rng, point));
        assert_canonical(snapshot, point);
        active += point->active[0];
        upper += point->active[0] && point->value[0].real > 0.5;
    }
    assert_in_range(active, DRAWS / 4 - 310, DRAWS / 4 + 310); /* 5 deviations */
    assert_in_range(upper, active / 2 - 180, active / 2 + 180);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* ------------------------------------------------------------------- filters */

struct gate {
    double limit;
    int calls;
};

static int32_t below_limit(const afina_point *point, void *user)
{
    struct gate *gate = user;
    double x;
    gate->calls++;
    assert_ok(afina_point_get_real(point, "x", &x));
    return x < gate->limit;
}

static struct space *gated_space(struct gate *gate)
{
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_int_equal(space_set_filter(space, below_limit, gate, NULL), 0);
    struct space *snapshot = snapshot_of(space);
    space_free(space);
    return snapshot;
}

static void test_a_filter_that_allows_some_is_obeyed(void **state)
{
    (void)state;
    struct gate gate = {.limit = 0.01};
    struct space *space = gated_space(&gate);
    struct point *point = new_point(space);
    struct rng rng;
    rng_start(&rng, 2393, 0, RNG_SUGGEST);
    for (int i = 0; i < 200; i++) {
        assert_ok(space_sample(space, &rng, point));
        assert_true(point->value[0].real < 0.01);
    }
    assert_in_range(gate.calls, 13000, 27500); /* 200 / 0.01, 5 deviations */
    point_free(point);
    space_release(space);
}

/* F60: one point in a million, and none: the search gives up, each time after the
 * same number of draws. */
static void test_a_filter_that_allows_next_to_nothing_ends(void **state)
{
    (void)state;
    static const double limits[] = {1e-6, 0};
    for (size_t i = 0; i < 2; i++) {
        struct gate gate = {.limit = limits[i]};
        struct space *space = gated_space(&gate);
        struct point *point = new_point(space);
        struct rng rng;
        rng_start(&rng, 2394, i, RNG_SUGGEST);
        assert_int_equal(space_sample(space, &rng, point), AFINA_E_NO_POINT);
        assert_int_equal(gate.calls, SPACE_SAMPLE_TRIES);
        assert_string_equal(fail_text(), "the filter refused all of 10000 points drawn from the space");
        point_free(point);
        space_release(space);
    }
}

static void test_the_same_stream_draws_the_same_points(void **state)
{
    (void)state;
    struct rng shape, first, second;
    rng_start(&shape, 2395, 0, RNG_SUGGEST);
    for (int i = 0; i < 20; i++) {
        struct space *space = random_space(&shape, 8, 3);
        struct space *snapshot = snapshot_of(space);
        struct point *a = new_point(snapshot), *b = new_point(snapshot);
        rng_start(&first, 7, 11, RNG_SUGGEST);
        rng_start(&second, 7, 11, RNG_SUGGEST);
        for (int k = 0; k < 10; k++) {
            assert_ok(space_sample(snapshot, &first, a));
            assert_ok(space_sample(snapshot, &second, b));
            assert_true(point_equal(a, b));
        }
        point_free(a);
        point_free(b);
        space_release(snapshot);
        space_free(space);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reals_are_drawn_from_their_scale),
        cmocka_unit_test(test_reals_are_drawn_from_their_prior),
        cmocka_unit_test(test_integers_are_drawn_evenly),
        cmocka_unit_test(test_the_ends_of_a_grid_are_as_likely),
        cmocka_unit_test(test_integers_of_a_log_scale_get_the_logarithm_of_their_cell),
        cmocka_unit_test(test_choices_are_drawn_by_their_weights),
        cmocka_unit_test(test_children_are_drawn_where_they_are_active),
        cmocka_unit_test(test_a_filter_that_allows_some_is_obeyed),
        cmocka_unit_test(test_a_filter_that_allows_next_to_nothing_ends),
        cmocka_unit_test(test_the_same_stream_draws_the_same_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
