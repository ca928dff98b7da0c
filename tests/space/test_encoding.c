/* Values to u and back: the priors' distributions, cells of discrete values, and
 * bounds that are never left. */
#include "space/space_help.h"

#include <float.h>

/* A space of one parameter. */
static const struct parameter *only(const struct space *space)
{
    return &space->parameters[0];
}

static double real_at(const struct space *space, double u)
{
    return parameter_from_unit(only(space), u).real;
}

static int64_t integer_at(const struct space *space, double u)
{
    return parameter_from_unit(only(space), u).integer;
}

static double unit_of_real(const struct space *space, double x)
{
    return parameter_to_unit(only(space), (union value){.real = x});
}

static double unit_of_integer(const struct space *space, int64_t v)
{
    return parameter_to_unit(only(space), (union value){.integer = v});
}

static struct space *one_real(double low, double high, int32_t scale)
{
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", low, high, scale));
    return space;
}

static struct space *one_integer(int64_t low, int64_t high, int32_t scale)
{
    struct space *space = new_space();
    assert_ok(space_add_integer(space, "n", low, high, scale));
    return space;
}

/* A finite double of any exponent. */
static double any_double(struct rng *rng)
{
    for (;;) {
        uint64_t bits = rng_uint64(rng);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (isfinite(x))
            return x;
    }
}

/* Of a size that people use. */
static double usual_double(struct rng *rng)
{
    double x = exp((rng_uniform(rng) - 0.5) * 40);
    return rng_below(rng, 2) ? x : -x;
}

/* ------------------------------------------------------------------ the scales */

static void test_a_linear_scale_is_even(void **state)
{
    (void)state;
    struct space *space = one_real(-1.5, 2.5, AFINA_SCALE_LINEAR);
    assert_near(real_at(space, 0.25), -0.5, 1e-15);
    assert_near(unit_of_real(space, 1.5), 0.75, 1e-15);
    space_free(space);
}

static void test_a_log_scale_is_even_in_the_exponent(void **state)
{
    (void)state;
    struct space *space = one_real(1e-4, 1, AFINA_SCALE_LOG);
    assert_near(unit_of_real(space, 1e-2), 0.5, 1e-15);
    assert_near(real_at(space, 0.75), 0.1, 1e-15);
    space_free(space);
}

static void test_a_reverse_log_scale_mirrors_it(void **state)
{
    (void)state;
    struct space *space = one_real(0.001, 1, AFINA_SCALE_REVERSE_LOG);
    assert_near(real_at(space, 1.0 / 3), 0.901, 1e-13);
    assert_near(unit_of_real(space, 0.991), 2.0 / 3, 1e-12);
    space_free(space);
}

/* low + high == high in doubles. */
static void test_a_reverse_log_scale_beside_a_tiny_low(void **state)
{
    (void)state;
    struct space *space = one_real(1e-12, 1e10, AFINA_SCALE_REVERSE_LOG);
    for (int k = 0; k <= 1000; k++) {
        double x = real_at(space, k / 1000.0);
        assert_true(x >= 1e-12 && x <= 1e10);
        assert_true(unit_of_real(space, x) >= 0 && unit_of_real(space, x) <= 1);
    }
    assert_true(same_bits(real_at(space, 1), 1e10));
    assert_true(same_bits(real_at(space, 0), 1e-12));
    space_free(space);
}

/* Cells [v - 1/2, v + 1/2]: 1 gets log(1.5 / 0.5) of log(4.5 / 0.5). */
static void test_an_integer_on_a_log_scale_gets_its_cell(void **state)
{
    (void)state;
    struct space *space = one_integer(1, 4, AFINA_SCALE_LOG);
    assert_near(unit_of_integer(space, 1), 0.5 * log(3) / log(9), 1e-15);
    assert_int_equal(integer_at(space, 0.49), 1);
    assert_int_equal(integer_at(space, 0.51), 2);
    assert_int_equal(integer_at(space, 1), 4);
    space_free(space);
}

/* ------------------------------------------------------------------ the priors */

static void test_a_normal_prior_is_encoded_by_its_distribution(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_prior(space, "x", AFINA_PRIOR_NORMAL, 2.385, 0.5, -INFINITY, INFINITY));
    assert_near(unit_of_real(space, 2.385), 0.5, 1e-15);
    assert_near(unit_of_real(space, 2.385 + 0.5), 0.841344746068542949, 1e-14);
    assert_near(real_at(space, 0.975), 2.385 + 0.5 * 1.95996398454005424, 1e-12);
    /* The far tail keeps its digits: Phi(-10) = 7.619853024160526e-24. */
    assert_near(unit_of_real(space, 2.385 - 5) / 7.619853024160526e-24, 1, 1e-12);
    space_free(space);
}

static void test_the_ends_of_an_unbounded_prior_are_finite(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_prior(space, "a", AFINA_PRIOR_NORMAL, 0, 1, -INFINITY, INFINITY));
    assert_ok(space_add_prior(space, "b", AFINA_PRIOR_NORMAL, 1e308, 1e308, -INFINITY, INFINITY));
    assert_ok(space_add_prior(space, "c", AFINA_PRIOR_LOGNORMAL, 700, 10, 0, INFINITY));
    assert_ok(space_add_prior(space, "d", AFINA_PRIOR_LOGNORMAL, 0, 1, 0, 1));
    assert_ok(space_add_prior(space, "e", AFINA_PRIOR_NORMAL, 0, 1, 5, INFINITY));
    const double units[] = {-1, 0, 5e-324, 1e-300, 0.5, 1 - 0x1p-53, 1, 2, NAN};
    for (size_t i = 0; i < space->size; i++) {
        for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
            double x = parameter_from_unit(&space->parameters[i], units[k]).real;
            assert_true(isfinite(x) && x >= space->parameters[i].low && x <= space->parameters[i].high);
        }
    }
    assert_near(real_at(space, 0), -8.2095361516013855, 1e-9);
    assert_near(real_at(space, 1), 8.2095361516013855, 1e-9);
    assert_true(parameter_from_unit(&space->parameters[3], 0).real > 0);
    assert_true(same_bits(parameter_from_unit(&space->parameters[3], 1).real, 1));
    assert_true(same_bits(parameter_from_unit(&space->parameters[4], 0).real, 5));
    space_free(space);
}

/* Between 30 and 31 deviations: both ends of the distribution round to 1. */
static void test_a_truncated_tail_is_told_apart(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_prior(space, "x", AFINA_PRIOR_NORMAL, 0, 1, 30, 31));
    double before = 29.9;
    for (int k = 0; k <= 100; k++) {
        double u = k / 100.0, x = real_at(space, u);
        assert_true(x > before && x >= 30 && x <= 31);
        assert_near(unit_of_real(space, x), u, 1e-11);
        before = x;
    }
    space_free(space);
}

static void test_a_lognormal_integer_has_its_median(void **state)
{
    (void)state;
    struct space *space = one_integer(1, 1000, AFINA_SCALE_LINEAR);
    assert_ok(space_set_prior(space, "n", AFINA_PRIOR_LOGNORMAL, log(50), 1));
    assert_int_equal(only(space)->default_value.integer, 50);
    for (int64_t v = 1; v <= 1000; v++)
        assert_int_equal(integer_at(space, unit_of_integer(space, v)), v);
    space_free(space);
    space = one_integer(0, 5, AFINA_SCALE_LINEAR);
    assert_ok(space_set_prior(space, "n", AFINA_PRIOR_LOGNORMAL, 0, 1));
    for (int64_t v = 0; v <= 5; v++)
        assert_int_equal(integer_at(space, unit_of_integer(space, v)), v);
    space_free(space);
}

static void test_draws_follow_the_weights(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", "c", "d"};
    const double weights[] = {0, 3, 1, 0};
    struct space *space = new_space();
    assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, choices, 4));
    assert_ok(space_set_weights(space, "c", weights, 4));
    assert_int_equal(integer_at(space, 0), 1);
    assert_int_equal(integer_at(space, 0.7499), 1);
    assert_int_equal(integer_at(space, 0.7501), 2);
    assert_int_equal(integer_at(space, 1), 2);
    assert_int_equal(only(space)->default_value.integer, 1);
    assert_near(unit_of_integer(space, 1), 0.375, 1e-15);
    space_free(space);
}

static void test_weights_of_any_size_are_shares(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", "c"};
    const double sizes[] = {1, 1e300, DBL_MAX, 1e-300, 5e-324};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct space *space = new_space();
        const double weights[] = {sizes[i], sizes[i], sizes[i]};
        assert_ok(space_add_choices(space, "c", AFINA_KIND_ORDINAL, choices, 3));
        assert_ok(space_set_weights(space, "c", weights, 3));
        for (int64_t k = 0; k < 3; k++) {
            assert_near(only(space)->weights[k], 1.0 / 3, 1e-15);
            assert_int_equal(integer_at(space, unit_of_integer(space, k)), k);
        }
        space_free(space);
    }
}

/* --------------------------------------------------------------- round trips */

/* F48: a value that comes back from u stays within its bounds, to the bit. */
static void test_no_value_leaves_its_bounds(void **state)
{
    (void)state;
    enum { SPACES = 200000, DRAWS = 5 };
    struct rng rng;
    rng_start(&rng, 586, 0, RNG_SUGGEST);
    print_message("seed 586\n");
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    for (int i = 0; i < SPACES; i++) {
        double a = rng_below(&rng, 2) ? usual_double(&rng) : any_double(&rng);
        double b = rng_below(&rng, 4) ? (rng_below(&rng, 2) ? usual_double(&rng) : any_double(&rng)) : nextafter(a, 1);
        int32_t scale = (int32_t)rng_below(&rng, 3);
        if (scale != AFINA_SCALE_LINEAR) {
            a = fabs(a);
            b = fabs(b);
        }
        double low = fmin(a, b), high = fmax(a, b);
        if (scale != AFINA_SCALE_LINEAR && low == 0)
            continue;
        struct parameter p = {.kind = AFINA_KIND_REAL, .scale = scale, .low = low, .high = high};
        assert_ok(parameter_prepare(&p));
        assert_true(same_bits(parameter_from_unit(&p, 0).real, low) || p.cells == 1);
        assert_true(same_bits(parameter_from_unit(&p, 1).real, high));
        for (int k = 0; k < DRAWS; k++) {
            double u = k == 0 ? 0x1p-53 : k == 1 ? 1 - 0x1p-53 : rng_uniform(&rng);
            double x = parameter_from_unit(&p, u).real;
            double back = parameter_to_unit(&p, (union value){.real = x});
            if (!(x >= low && x <= high) || !(back >= 0 && back <= 1))
                fail_msg("scale %d [%.17g, %.17g]: u %.17g gave %.17g, and that %.17g", (int)scale, low, high, u, x,
                         back);
        }
    }
    space_free(space);
}

/* decode(encode(x)) for reals: to 1e-12 of the value on a log scale, of the
 * bounds on a linear one. */
static void test_reals_come_back(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 470, 0, RNG_SUGGEST);
    print_message("seed 470\n");
    for (int i = 0; i < 100000; i++) {
        int32_t scale = (int32_t)rng_below(&rng, 2);
        double a = usual_double(&rng), b = usual_double(&rng);
        if (scale == AFINA_SCALE_LOG) {
            a = fabs(a);
            b = fabs(b);
        }
        struct parameter p = {.kind = AFINA_KIND_REAL, .scale = scale, .low = fmin(a, b), .high = fmax(a, b)};
        assert_ok(parameter_prepare(&p));
        double x = p.low + rng_uniform(&rng) * (p.high - p.low);
        double back = parameter_from_unit(&p, parameter_to_unit(&p, (union value){.real = x})).real;
        double size = scale == AFINA_SCALE_LOG ? x : fmax(fabs(p.low), fabs(p.high));
        if (!(fabs(back - x) <= 1e-12 * size))
            fail_msg("scale %d [%.17g, %.17g]: %.17g came back as %.17g", (int)scale, p.low, p.high, x, back);
        assert_true(
            same_bits(parameter_from_unit(&p, parameter_to_unit(&p, (union value){.real = p.low})).real, p.low));
        assert_true(
            same_bits(parameter_from_unit(&p, parameter_to_unit(&p, (union value){.real = p.high})).real, p.high));
    }
}

static void check_integer_comes_back(const struct parameter *p, uint64_t k)
{
    union value v = parameter_value_at(p, k);
    double u = parameter_to_unit(p, v);
    union value back = parameter_from_unit(p, u);
    assert_true(u > 0 && u < 1);
    assert_true(parameter_index_of(p, v) == k);
    if (back.integer != v.integer)
        fail_msg("scale %d [%lld, %lld] step %llu: %lld has u %.17g, which gave %lld", (int)p->scale,
                 (long long)p->int_low, (long long)p->int_high, (unsigned long long)p->int_step, (long long)v.integer,
                 u, (long long)back.integer);
}

/* Exactly, on every scale, with and without steps. A log scale gives value v a
 * share of about 1 / v: exact up to 2^44. */
static void test_integers_come_back_exactly(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 719, 0, RNG_SUGGEST);
    print_message("seed 719\n");
    for (int i = 0; i < 100000; i++) {
        struct parameter p = {.kind = AFINA_KIND_INTEGER, .scale = (int32_t)rng_below(&rng, 3)};
        int bits = p.scale == AFINA_SCALE_LINEAR ? 50 : 44;
        uint64_t width = rng_below(&rng, (uint64_t)1 << rng_below(&rng, (uint64_t)bits));
        p.int_low = 1 + (int64_t)rng_below(&rng, (uint64_t)1 << rng_below(&rng, (uint64_t)bits));
        if (p.scale == AFINA_SCALE_LINEAR && rng_below(&rng, 2))
            p.int_low = INT64_MIN + p.int_low;
        p.int_high = p.int_low + (int64_t)width;
        p.int_step = 1 + (rng_below(&rng, 2) ? rng_below(&rng, 1 + width / 3) : 0);
        assert_ok(parameter_prepare(&p));
        for (int k = 0; k < 5; k++)
            check_integer_comes_back(&p, rng_below(&rng, p.last + 1));
        check_integer_comes_back(&p, 0);
        check_integer_comes_back(&p, p.last);
    }
}

static void test_every_small_integer_comes_back(void **state)
{
    (void)state;
    for (int32_t scale = AFINA_SCALE_LINEAR; scale <= AFINA_SCALE_REVERSE_LOG; scale++) {
        for (int64_t low = 1; low < 40; low += 3) {
            for (uint64_t step = 1; step < 9; step++) {
                struct parameter p = {.kind = AFINA_KIND_INTEGER,
                                      .scale = scale,
                                      .int_low = low,
                                      .int_high = low + 100,
                                      .int_step = step};
                assert_ok(parameter_prepare(&p));
                for (uint64_t k = 0; k <= p.last; k++)
                    check_integer_comes_back(&p, k);
            }
        }
    }
}

static void test_steps_of_reals_come_back_exactly(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 877, 0, RNG_SUGGEST);
    print_message("seed 877\n");
    for (int i = 0; i < 100000; i++) {
        struct parameter p = {.kind = AFINA_KIND_REAL, .low = usual_double(&rng)};
        p.step = fabs(usual_double(&rng));
        p.high = p.low + p.step * (double)rng_below(&rng, 1000) * (rng_below(&rng, 2) ? 1 : rng_uniform(&rng));
        if (p.step < fmax(fabs(p.low), fabs(p.high)) * 0x1p-50)
            continue;
        if (rng_below(&rng, 4) == 0 && p.low < p.high) {
            p.prior = AFINA_PRIOR_NORMAL;
            p.mean = 0.5 * (p.low + p.high);
            p.sd = p.high - p.low;
        }
        assert_ok(parameter_prepare(&p));
        for (int k = 0; k < 5; k++) {
            uint64_t index = k == 0 ? 0 : k == 1 ? p.last : rng_below(&rng, p.last + 1);
            union value v = parameter_value_at(&p, index);
            assert_true(v.real >= p.low && v.real <= p.high);
            assert_true(parameter_index_of(&p, v) == index);
            union value back = parameter_from_unit(&p, parameter_to_unit(&p, v));
            if (!same_bits(v.real, back.real))
                fail_msg("[%.17g, %.17g] step %.17g: %.17g came back as %.17g", p.low, p.high, p.step, v.real,
                         back.real);
        }
    }
}

/* F45: the whole of int64_t, without an overflow on the way. */
static void test_the_full_range_of_integers(void **state)
{
    (void)state;
    struct space *space = one_integer(INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR);
    const struct parameter *p = only(space);
    struct rng rng;
    rng_start(&rng, 1931, 0, RNG_SUGGEST);
    assert_true(p->cells == UINT64_MAX && p->last == UINT64_MAX);
    assert_true(integer_at(space, 0) == INT64_MIN);
    assert_true(integer_at(space, 1) == INT64_MAX);
    assert_true(parameter_value_at(p, UINT64_MAX).integer == INT64_MAX);
    assert_true(parameter_value_at(p, 0).integer == INT64_MIN);
    assert_true(parameter_index_of(p, (union value){.integer = -1}) == (uint64_t)INT64_MAX);
    for (int i = 0; i < 10000; i++) {
        int64_t v = (int64_t)rng_uint64(&rng);
        int64_t back = integer_at(space, unit_of_integer(space, v));
        assert_true(fabs((double)back - (double)v) <= 0x1p12);
        assert_true(parameter_value_at(p, parameter_index_of(p, (union value){.integer = v})).integer == v);
    }
    space_free(space);
    space = one_integer(1, INT64_MAX, AFINA_SCALE_LOG);
    assert_true(integer_at(space, 0) == 1);
    assert_true(integer_at(space, 1) == INT64_MAX);
    assert_int_equal(integer_at(space, unit_of_integer(space, 2385)), 2385);
    space_free(space);
    space = one_integer(1, INT64_MAX, AFINA_SCALE_REVERSE_LOG);
    assert_true(integer_at(space, 1) == INT64_MAX);
    assert_true(integer_at(space, unit_of_integer(space, INT64_MAX)) == INT64_MAX);
    space_free(space);
}

/* Two draws in three are odd or even alike also where a double would round. */
static void test_wide_integers_are_drawn_to_the_last_bit(void **state)
{
    (void)state;
    struct space *space = one_integer(INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR);
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    struct rng rng;
    int odd = 0;
    rng_start(&rng, 1279, 0, RNG_SUGGEST);
    for (int i = 0; i < 1000; i++) {
        assert_ok(space_sample(snapshot, &rng, point));
        odd += point->value[0].integer & 1;
    }
    assert_in_range(odd, 400, 600);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* F14 */
static void test_low_equal_to_high_is_a_constant(void **state)
{
    (void)state;
    static const char *const one[] = {"only"};
    struct space *space = new_space();
    assert_ok(space_add_real(space, "r", 2.385, 2.385, AFINA_SCALE_LINEAR));
    assert_ok(space_add_real(space, "l", 2.385, 2.385, AFINA_SCALE_LOG));
    assert_ok(space_add_real(space, "v", 2.385, 2.385, AFINA_SCALE_REVERSE_LOG));
    assert_ok(space_add_prior(space, "p", AFINA_PRIOR_NORMAL, 0, 1, 2.385, 2.385));
    assert_ok(space_add_real(space, "s", 2.385, 2.385, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(space, "s", 0.1));
    assert_ok(space_add_integer(space, "n", -7, -7, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "m", 7, 7, AFINA_SCALE_LOG));
    assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, one, 1));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot), *moved = new_point(snapshot), *first = default_point(snapshot);
    struct rng rng;
    rng_start(&rng, 2276, 0, RNG_SUGGEST);
    for (int i = 0; i < 100; i++) {
        assert_ok(space_sample(snapshot, &rng, point));
        assert_true(point_equal(point, first));
        for (size_t k = 0; k < snapshot->size; k++) {
            assert_int_equal(snapshot->parameters[k].cells, 1);
            assert_int_equal(space_mutate(snapshot, point, k, 0.1, &rng, moved), 0);
        }
    }
    for (size_t k = 0; k < 5; k++)
        assert_true(same_bits(point->value[k].real, 2.385));
    assert_int_equal(point->value[5].integer, -7);
    point_free(point);
    point_free(moved);
    point_free(first);
    space_release(snapshot);
    space_free(space);
}

/* ------------------------------------------------------------------------ rows */

static void test_rows_come_back_as_points(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 954, 0, RNG_SUGGEST);
    print_message("seed 954\n");
    for (int i = 0; i < 500; i++) {
        struct space *space = random_space(&rng, 6, 2);
        struct space *snapshot = snapshot_of(space);
        struct point *point = new_point(snapshot), *back = new_point(snapshot);
        double x[6];
        for (int k = 0; k < 10; k++) {
            assert_ok(space_sample(snapshot, &rng, point));
            assert_canonical(snapshot, point);
            space_encode(snapshot, point, x);
            for (size_t j = 0; j < 6; j++)
                assert_true((x[j] == ENCODED_INACTIVE) == !point->active[j]);
            space_decode(snapshot, x, back);
            assert_true(point_equal(point, back));
            for (size_t j = 0; j < 6; j++)
                x[j] = rng_below(&rng, 4) ? 8 * rng_uniform(&rng) - 4 : rng_below(&rng, 2) ? NAN : ENCODED_INACTIVE;
            space_decode(snapshot, x, back);
            assert_canonical(snapshot, back);
        }
        point_free(point);
        point_free(back);
        space_release(snapshot);
        space_free(space);
    }
}

static void test_a_row_of_nothing_decodes_to_the_default(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", "c"};
    struct space *space = new_space();
    assert_ok(space_add_real(space, "x", 1, 3, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, choices, 3));
    assert_ok(space_set_default_real(space, "x", 2.385));
    assert_ok(space_set_default_string(space, "c", "c"));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    space_decode(snapshot, (double[]){NAN, ENCODED_INACTIVE}, point);
    assert_true(same_bits(point->value[0].real, 2.385));
    assert_int_equal(point->value[1].integer, 2);
    space_decode(snapshot, (double[]){0.5, 1.4}, point);
    assert_int_equal(point->value[1].integer, 1);
    space_decode(snapshot, (double[]){INFINITY, 1e300}, point);
    assert_true(same_bits(point->value[0].real, 3));
    assert_int_equal(point->value[1].integer, 2);
    space_decode(snapshot, (double[]){-INFINITY, -1e300}, point);
    assert_true(same_bits(point->value[0].real, 1));
    assert_int_equal(point->value[1].integer, 0);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* Draws through the prior are uniform in u: Kolmogorov's distance of 4,000 draws
 * stays below its 1e-6 quantile. */
static void test_draws_are_uniform_in_u(void **state)
{
    (void)state;
    enum { DRAWS = 4000, BINS = 20 };
    struct space *space = new_space();
    struct rng rng;
    rng_start(&rng, 301, 0, RNG_SUGGEST);
    assert_ok(space_add_real(space, "a", 1e-6, 1, AFINA_SCALE_LOG));
    assert_ok(space_add_real(space, "b", 1e-3, 1, AFINA_SCALE_REVERSE_LOG));
    assert_ok(space_add_prior(space, "c", AFINA_PRIOR_LOGNORMAL, 0, 2, 0, INFINITY));
    assert_ok(space_add_prior(space, "d", AFINA_PRIOR_NORMAL, 0, 1, -0.5, 4));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    int count[4][BINS] = {{0}};
    for (int i = 0; i < DRAWS; i++) {
        double x[4];
        assert_ok(space_sample(snapshot, &rng, point));
        space_encode(snapshot, point, x);
        for (int j = 0; j < 4; j++)
            count[j][(int)fmin(x[j] * BINS, BINS - 1)]++;
    }
    for (int j = 0; j < 4; j++)
        for (int b = 0; b < BINS; b++)
            assert_in_range(count[j][b], 130, 270);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_linear_scale_is_even),
        cmocka_unit_test(test_a_log_scale_is_even_in_the_exponent),
        cmocka_unit_test(test_a_reverse_log_scale_mirrors_it),
        cmocka_unit_test(test_a_reverse_log_scale_beside_a_tiny_low),
        cmocka_unit_test(test_an_integer_on_a_log_scale_gets_its_cell),
        cmocka_unit_test(test_a_normal_prior_is_encoded_by_its_distribution),
        cmocka_unit_test(test_the_ends_of_an_unbounded_prior_are_finite),
        cmocka_unit_test(test_a_truncated_tail_is_told_apart),
        cmocka_unit_test(test_a_lognormal_integer_has_its_median),
        cmocka_unit_test(test_draws_follow_the_weights),
        cmocka_unit_test(test_weights_of_any_size_are_shares),
        cmocka_unit_test(test_no_value_leaves_its_bounds),
        cmocka_unit_test(test_reals_come_back),
        cmocka_unit_test(test_integers_come_back_exactly),
        cmocka_unit_test(test_every_small_integer_comes_back),
        cmocka_unit_test(test_steps_of_reals_come_back_exactly),
        cmocka_unit_test(test_the_full_range_of_integers),
        cmocka_unit_test(test_wide_integers_are_drawn_to_the_last_bit),
        cmocka_unit_test(test_low_equal_to_high_is_a_constant),
        cmocka_unit_test(test_rows_come_back_as_points),
        cmocka_unit_test(test_a_row_of_nothing_decodes_to_the_default),
        cmocka_unit_test(test_draws_are_uniform_in_u),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
