/* The quadratic: exact where there are points enough, least otherwise, and its minimum in a box. */
#include "surrogate/surrogate_case.h"

#include "core/rng.h"
#include "numeric/linalg.h"
#include "surrogate/quadratic.h"

enum { MOST_VARIABLES = 6, ALL_POINTS = (MOST_VARIABLES + 1) * (MOST_VARIABLES + 2) / 2 };

static const uint64_t seed = 2385;

/* f(z) = c + g·z + z·H z / 2 with random entries in [-1, 1]. */
struct truth {
    size_t m;
    double c, g[MOST_VARIABLES], h[MOST_VARIABLES][MOST_VARIABLES];
};

static double between(struct rng *rng, double low, double high)
{
    return low + (high - low) * rng_uniform(rng);
}

static void draw_truth(struct truth *t, size_t m, struct rng *rng)
{
    t->m = m;
    t->c = between(rng, -1, 1);
    for (size_t j = 0; j < m; j++) {
        t->g[j] = between(rng, -1, 1);
        for (size_t k = 0; k <= j; k++)
            t->h[j][k] = t->h[k][j] = between(rng, -1, 1);
    }
}

static double value_of(const struct truth *t, const double *z)
{
    double value = t->c;
    for (size_t j = 0; j < t->m; j++)
        value += z[j] * (t->g[j] + 0.5 * dot_product(t->m, t->h[j], z));
    return value;
}

/* n points of the cube that lies in the unit ball, and their values. */
static void draw_points(const struct truth *t, size_t n, double *z, double *y, struct rng *rng)
{
    double edge = 1 / sqrt((double)t->m);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < t->m; j++)
            z[i * t->m + j] = between(rng, -edge, edge);
        y[i] = value_of(t, z + i * t->m);
    }
}

static void start(struct rng *rng, uint64_t stream)
{
    print_message("seed %llu\n", (unsigned long long)seed);
    rng_start(rng, seed, stream, RNG_SUGGEST);
}

/* ----------------------------------------------------------------------- fitting */

/* Both ways along each axis, between each two axes, and the origin, all moved a little: points
 * that tell the coefficients apart. */
static size_t draw_stencil(const struct truth *t, double *z, double *y, struct rng *rng)
{
    size_t m = t->m, n = 0;
    for (size_t j = 0; j <= m; j++)
        for (size_t k = j; k <= m; k++, n++) {
            double *point = z + n * m;
            for (size_t i = 0; i < m; i++) {
                double first = i == j, second = i == k;
                point[i] = (k == m ? -first : 0.5 * (first + second)) + between(rng, -0.1, 0.1);
            }
            y[n] = value_of(t, point);
        }
    return n;
}

static void assert_recovers(const struct quadratic *q, const struct truth *t)
{
    assert_near(q->constant, t->c, 1e-6);
    for (size_t j = 0; j < t->m; j++) {
        assert_near(q->gradient[j], t->g[j], 1e-6);
        for (size_t k = 0; k < t->m; k++)
            assert_near(q->curvature[j * t->m + k], t->h[j][k], 1e-6);
    }
}

static void test_as_many_points_as_coefficients_give_the_quadratic_back(void **state)
{
    (void)state;
    struct rng rng;
    start(&rng, 0);
    for (size_t round = 0; round < 20 * MOST_VARIABLES; round++) {
        double z[ALL_POINTS * MOST_VARIABLES], y[ALL_POINTS];
        size_t m = 1 + round % MOST_VARIABLES, n = (m + 1) * (m + 2) / 2;
        struct quadratic q;
        struct truth t;
        draw_truth(&t, m, &rng);
        assert_int_equal(draw_stencil(&t, z, y, &rng), n);
        OK(quadratic_init(&q, m, n));
        OK(quadratic_fit(&q, z, y, n));
        assert_recovers(&q, &t);
        quadratic_fini(&q);
    }
}

static void test_the_check_value_of_the_file(void **state)
{
    (void)state;
    const double z[] = {-1, 0, 1}, y[] = {1, 0, 1};
    struct quadratic q;
    OK(quadratic_init(&q, 1, 3));
    OK(quadratic_fit(&q, z, y, 3));
    assert_near(q.curvature[0], 2, 1e-8);
    assert_near(q.gradient[0], 0, 1e-8);
    assert_near(q.constant, 0, 1e-8);
    quadratic_fini(&q);
}

/* What fitting again with other points leaves behind is nothing. */
static void test_a_second_fit_forgets_the_first(void **state)
{
    (void)state;
    const double z[] = {-1, 0, 1}, bent[] = {5, -1, 7}, straight[] = {-0.385, 0, 0.385};
    struct quadratic q;
    OK(quadratic_init(&q, 1, 3));
    OK(quadratic_fit(&q, z, bent, 3));
    OK(quadratic_fit(&q, z, straight, 3));
    assert_near(q.curvature[0], 0, 1e-8);
    assert_near(q.gradient[0], 0.385, 1e-8);
    quadratic_fini(&q);
}

/* The norm of the least norm: constant, gradient and curvature in the coordinates in which
 * (1 + z·z')^2 is their inner product. The constant is that beside the mean. */
static double norm_of(size_t m, double c, const double *g, const double *h)
{
    double norm = c * c;
    for (size_t j = 0; j < m; j++)
        norm += g[j] * g[j] / 2;
    for (size_t j = 0; j < m * m; j++)
        norm += h[j] * h[j] / 4;
    return norm;
}

static void test_fewer_points_are_passed_through_with_the_least_norm(void **state)
{
    (void)state;
    enum { M = 4, N = 9 }; /* of 15 coefficients */
    double z[N * M], y[N], mean = 0, gradient[M];
    struct rng rng;
    struct quadratic q;
    struct truth t;
    start(&rng, 1);
    draw_truth(&t, M, &rng);
    draw_points(&t, N, z, y, &rng);
    OK(quadratic_init(&q, M, N));
    OK(quadratic_fit(&q, z, y, N));
    for (size_t i = 0; i < N; i++)
        assert_near(quadratic_value(&q, z + i * M, gradient), y[i], 1e-7);
    double h[M * M];
    for (size_t j = 0; j < M * M; j++)
        h[j] = t.h[j / M][j % M];
    for (size_t i = 0; i < N; i++)
        mean += y[i] / N;
    double least = norm_of(M, q.constant - mean, q.gradient, q.curvature);
    assert_true(least < 0.99 * norm_of(M, t.c - mean, t.g, h));
    quadratic_fini(&q);
}

/* Six of them, nearly on one line: what steps along Rosenbrock's valley leave behind. */
static void test_points_along_a_valley_are_met(void **state)
{
    (void)state;
    static const double z[] = {0,         0,        -0.0177021, -0.0338879, -0.0115456, -0.0974342,
                               0.0224073, 0.128142, 0.139599,   0.269424,   -0.363045,  -0.707107};
    static const double y[] = {1.68915e-05, 4.80126e-05, 0.0104965, 0.0133889, 0.000459912, 0.00294425};
    double gradient[2];
    struct quadratic q;
    OK(quadratic_init(&q, 2, 6));
    OK(quadratic_fit(&q, z, y, 6));
    for (size_t i = 0; i < 6; i++)
        assert_near(quadratic_value(&q, z + 2 * i, gradient), y[i], 1e-9);
    quadratic_fini(&q);
}

/* A coefficient without a point that tells of it is 0. */
static void test_two_points_on_an_axis_say_nothing_of_the_other(void **state)
{
    (void)state;
    const double z[] = {-0.5, 0, 0.5, 0}, y[] = {1, 2.385};
    struct quadratic q;
    OK(quadratic_init(&q, 2, 6));
    OK(quadratic_fit(&q, z, y, 2));
    assert_near(q.gradient[0], 1.385, 1e-8);
    assert_true(q.gradient[1] == 0 && q.curvature[1] == 0 && q.curvature[3] == 0);
    quadratic_fini(&q);
}

static void test_gradient_agrees_with_differences(void **state)
{
    (void)state;
    enum { M = 3, N = 10 };
    double z[N * M], y[N], at[M] = {0.2, -0.385, 0.1}, gradient[M], unused[M];
    struct rng rng;
    struct quadratic q;
    struct truth t;
    start(&rng, 2);
    draw_truth(&t, M, &rng);
    draw_points(&t, N, z, y, &rng);
    OK(quadratic_init(&q, M, N));
    OK(quadratic_fit(&q, z, y, N));
    quadratic_value(&q, at, gradient);
    for (size_t j = 0; j < M; j++) {
        double middle = at[j], high, low;
        at[j] = middle + 1e-3;
        high = quadratic_value(&q, at, unused);
        at[j] = middle - 1e-3;
        low = quadratic_value(&q, at, unused);
        at[j] = middle;
        assert_near(gradient[j], (high - low) / 2e-3, 1e-10);
    }
    quadratic_fini(&q);
}

/* ---------------------------------------------------------------- what cannot be */

static void test_no_points_and_too_many_are_refused(void **state)
{
    (void)state;
    const double z[] = {-1, 0, 1, 2}, y[] = {1, 0, 1, 4};
    struct quadratic q;
    OK(quadratic_init(&q, 1, 3));
    assert_int_equal(quadratic_fit(&q, z, y, 0), 1);
    assert_int_equal(quadratic_fit(&q, z, y, 4), 1);
    OK(quadratic_fit(&q, z, y, 3));
    quadratic_fini(&q);
}

static void test_numbers_that_are_none_are_refused(void **state)
{
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY};
    for (size_t k = 0; k < LENGTH(odd); k++)
        for (size_t at = 0; at < 3; at++) {
            double z[] = {-1, 0, 1}, y[] = {1, 0, 1};
            struct quadratic q;
            OK(quadratic_init(&q, 1, 3));
            y[at] = odd[k];
            assert_int_equal(quadratic_fit(&q, z, y, 3), 1);
            y[at] = 0;
            z[at] = odd[k];
            assert_int_equal(quadratic_fit(&q, z, y, 3), 1);
            quadratic_fini(&q);
        }
}

static void test_values_whose_sum_overflows_are_refused(void **state)
{
    (void)state;
    const double z[] = {-1, 0, 1}, y[] = {1.7e308, -1.7e308, 1.7e308};
    struct quadratic q;
    OK(quadratic_init(&q, 1, 3));
    assert_int_equal(quadratic_fit(&q, z, y, 3), 1);
    quadratic_fini(&q);
}

/* Equal points have no interpolant: what they get is their mean, and nothing infinite. The least lambda is some hundred
 * roundings of the kernel, hence the tolerance. */
static void test_equal_points_give_the_mean_of_their_values(void **state)
{
    (void)state;
    const double z[] = {0.3, -0.2, 0.3, -0.2, 0.3, -0.2, 0.3, -0.2}, y[] = {1, 2, 3, 4.385};
    double gradient[2];
    struct quadratic q;
    OK(quadratic_init(&q, 2, 6));
    OK(quadratic_fit(&q, z, y, 4));
    assert_near(quadratic_value(&q, z, gradient), 10.385 / 4, 1e-2);
    quadratic_fini(&q);
}

/* ------------------------------------------------------------------- its minimum */

/* Of a grid that holds the bounds, and that the minimum of the quadratic is below. */
static double least_on_grid(const struct quadratic *q, const double *low, const double *high)
{
    enum { STEPS = 200 };
    double least = INFINITY, gradient[2];
    for (int a = 0; a <= STEPS; a++)
        for (int b = 0; b <= (q->m > 1 ? STEPS : 0); b++) {
            double z[2] = {low[0] + (high[0] - low[0]) * a / STEPS,
                           q->m > 1 ? low[1] + (high[1] - low[1]) * b / STEPS : 0};
            least = fmin(least, quadratic_value(q, z, gradient));
        }
    return least;
}

/* Convex, so that there is one minimum, inside or at a bound. */
static void make_convex(struct truth *t)
{
    for (size_t j = 0; j < t->m; j++)
        t->h[j][j] = 1.385 + fabs(t->h[j][j]);
}

static void test_minimum_within_bounds_is_that_of_a_fine_grid(void **state)
{
    (void)state;
    struct rng rng;
    int at_bound = 0, inside = 0;
    start(&rng, 3);
    for (int round = 0; round < 60; round++) {
        double z[12], y[6], at[2] = {0, 0}, low[2], high[2], gradient[2];
        size_t m = 1 + (size_t)(round % 2), n = (m + 1) * (m + 2) / 2;
        struct quadratic q;
        struct truth t;
        draw_truth(&t, m, &rng);
        make_convex(&t);
        draw_points(&t, n, z, y, &rng);
        OK(quadratic_init(&q, m, n));
        OK(quadratic_fit(&q, z, y, n));
        for (size_t j = 0; j < m; j++) {
            low[j] = -between(&rng, 0.01, 0.8);
            high[j] = between(&rng, 0.01, 0.8);
        }
        double least = quadratic_minimise(&q, at, low, high);
        int bound = 0;
        for (size_t j = 0; j < m; j++) {
            assert_true(at[j] >= low[j] && at[j] <= high[j]);
            bound += at[j] == low[j] || at[j] == high[j];
        }
        at_bound += bound > 0;
        inside += bound == 0;
        assert_true(least == quadratic_value(&q, at, gradient));
        assert_true(least <= least_on_grid(&q, low, high) + 1e-12);
        quadratic_fini(&q);
    }
    assert_true(at_bound > 10 && inside > 10);
}

static void test_a_saddle_and_a_hill_end_at_a_bound(void **state)
{
    (void)state;
    static const double sign[][2] = {{1, -1}, {-1, 1}, {-1, -1}};
    const double low[2] = {-0.5, -0.4}, high[2] = {0.3, 0.6};
    for (size_t k = 0; k < LENGTH(sign); k++) {
        struct truth t = {.m = 2, .g = {0.01, -0.02}, .h = {{2 * sign[k][0], 0.1}, {0.1, 2 * sign[k][1]}}};
        double z[12], y[6], at[2] = {0, 0};
        struct rng rng;
        struct quadratic q;
        rng_start(&rng, seed, 4 + k, RNG_SUGGEST);
        draw_points(&t, 6, z, y, &rng);
        OK(quadratic_init(&q, 2, 6));
        OK(quadratic_fit(&q, z, y, 6));
        double least = quadratic_minimise(&q, at, low, high);
        for (size_t j = 0; j < 2; j++)
            assert_true(sign[k][j] > 0 || at[j] == low[j] || at[j] == high[j]);
        assert_true(least < -0.05);
        quadratic_fini(&q);
    }
}

/* Of (a - 0.1)^2 + 30 (b - a + 0.2)^2, in any unit and over any floor. */
static void test_minimum_depends_neither_on_units_nor_on_the_floor(void **state)
{
    (void)state;
    static const double unit[] = {1e100, 1, 1e-8, 1e-100, 1}, level[] = {0, 0, 0, 0, 1e5};
    static const double z[] = {0, 0, 0.5, 0.1, -0.4, 0.3, 0.2, -0.6, 0.3, 0.5, -0.2, -0.3};
    const double low[2] = {-1, -1}, high[2] = {1, 1};
    for (size_t k = 0; k < LENGTH(unit); k++) {
        double y[6], at[2] = {0, 0};
        struct quadratic q;
        for (size_t i = 0; i < 6; i++) {
            double a = z[2 * i] - 0.1, b = z[2 * i + 1] - z[2 * i] + 0.2;
            y[i] = level[k] + unit[k] * (a * a + 30 * b * b);
        }
        OK(quadratic_init(&q, 2, 6));
        OK(quadratic_fit(&q, z, y, 6));
        quadratic_minimise(&q, at, low, high);
        assert_near(at[0], 0.1, 1e-8);
        assert_near(at[1], -0.1, 1e-8);
        quadratic_fini(&q);
    }
}

static void test_bounds_without_room_leave_the_start(void **state)
{
    (void)state;
    const double z[] = {-1, 0, 1}, y[] = {3, 0, 1}, nought[] = {0};
    double at[] = {0};
    struct quadratic q;
    OK(quadratic_init(&q, 1, 3));
    OK(quadratic_fit(&q, z, y, 3));
    assert_near(quadratic_minimise(&q, at, nought, nought), 0, 1e-8);
    assert_true(at[0] == 0);
    quadratic_fini(&q);
}

static void test_what_was_ended_may_be_ended_again(void **state)
{
    (void)state;
    struct quadratic q = {0};
    quadratic_fini(&q);
    OK(quadratic_init(&q, 2, 6));
    quadratic_fini(&q);
    quadratic_fini(&q);
    assert_null(q.gradient);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_many_points_as_coefficients_give_the_quadratic_back),
        cmocka_unit_test(test_the_check_value_of_the_file),
        cmocka_unit_test(test_a_second_fit_forgets_the_first),
        cmocka_unit_test(test_fewer_points_are_passed_through_with_the_least_norm),
        cmocka_unit_test(test_points_along_a_valley_are_met),
        cmocka_unit_test(test_two_points_on_an_axis_say_nothing_of_the_other),
        cmocka_unit_test(test_gradient_agrees_with_differences),
        cmocka_unit_test(test_no_points_and_too_many_are_refused),
        cmocka_unit_test(test_numbers_that_are_none_are_refused),
        cmocka_unit_test(test_values_whose_sum_overflows_are_refused),
        cmocka_unit_test(test_equal_points_give_the_mean_of_their_values),
        cmocka_unit_test(test_minimum_within_bounds_is_that_of_a_fine_grid),
        cmocka_unit_test(test_a_saddle_and_a_hill_end_at_a_bound),
        cmocka_unit_test(test_minimum_depends_neither_on_units_nor_on_the_floor),
        cmocka_unit_test(test_bounds_without_room_leave_the_start),
        cmocka_unit_test(test_what_was_ended_may_be_ended_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
