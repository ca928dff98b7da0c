/* Kernels, their slopes and distances. */
#include "surrogate/surrogate_case.h"

static const struct gp_dimension number = {DIMENSION_NUMERIC, 0};

/* Kernels of one coordinate between 0 and each x. */
static void row_of(int shape, double weight, size_t n, const double *x, double *k, double *slope)
{
    struct kernel kernel = {.shape = shape, .d = 1, .dimension = &number, .weight = &weight};
    double origin = 0;
    kernel_row(&kernel, x, n, n, &origin, k, slope, 0, NULL);
}

static void test_values_and_slopes_against_forty_digits(void **state)
{
    (void)state;
    static const struct {
        int shape;
        double k, slope;
    } row[] = {
        {KERNEL_MATERN52, 0.3656386015198152739, -0.1767779927468580651},
        {KERNEL_MATERN32, 0.3405794457798261238, -0.1567892315099190992},
        {KERNEL_RBF, 0.4274149319487266699, -0.213707465974363335},
    };
    for (size_t i = 0; i < LENGTH(row); i++) {
        double x = 1, k, alone, slope;
        row_of(row[i].shape, 1.7, 1, &x, &k, &slope);
        row_of(row[i].shape, 1.7, 1, &x, &alone, NULL);
        assert_near(k, row[i].k, 1e-15);
        assert_near(slope, row[i].slope, 1e-15);
        assert_true(k == alone);
    }
}

static void test_one_at_distance_nought_and_none_far_away(void **state)
{
    (void)state;
    for (int shape = KERNEL_MATERN52; shape <= KERNEL_RBF; shape++) {
        double x[3] = {0, 1e3, 1e150}, k[3], slope[3];
        row_of(shape, 1, 3, x, k, slope);
        assert_true(k[0] == 1);
        for (int i = 1; i < 3; i++)
            assert_true(k[i] >= 0 && k[i] < 1e-300 && slope[i] <= 0);
        assert_true(isfinite(slope[0]));
    }
}

static void test_exponential_is_exact_along_its_range(void **state)
{
    (void)state;
    double one = 1;
    for (double x = 0; x < 690; x += 0.385) {
        double k, want = exp(-x);
        row_of(KERNEL_RBF, 2 * x, 1, &one, &k, NULL);
        if (!(fabs(k - want) <= 1e-15 * want))
            fail_msg("exp(-%g): %.17g, not %.17g", x, k, want);
    }
}

static double squared_exponential(double r2)
{
    return exp(-0.5 * r2);
}

static void test_distance_is_weighted_with_hamming_inside(void **state)
{
    (void)state;
    double weight[3] = {4, 0.25, 2.385}, k[2];
    double x[6] = {0.1, 0.6, 0.2, 0.2, 3, 1}; /* two points by columns */
    double point[3] = {0.6, 0.7, 1};
    struct kernel kernel = {.shape = KERNEL_RBF, .d = 3, .dimension = case_dimension, .weight = weight};
    kernel_row(&kernel, x, 2, 2, point, k, NULL, 0, NULL);
    assert_near(k[0], squared_exponential(4 * 0.25 + 0.25 * 0.25 + 2.385), 1e-15);
    assert_near(k[1], squared_exponential(0.25 * 0.25), 1e-15);
}

static double wendland(double r)
{
    return r < 1 ? pow(1 - r, 5) * (8 * r * r + 5 * r + 1) : 0;
}

/* Coordinates: near, outside of the support radius, and a category that differs. */
static void test_the_additive_kernel_is_the_mean_over_what_the_coordinates_can_vary(void **state)
{
    (void)state;
    double weight[3] = {1.3, 40, 0.7}, term[3], k, excess, joint;
    double x[3] = {0.1, 0.2, 3}, point[3] = {0.6, 0.9, 1};
    struct kernel kernel = {.shape = KERNEL_MATERN52, .d = 3, .dimension = case_dimension, .weight = weight};
    kernel.share = 0.3;
    kernel.term_weight = term;
    double near = wendland(0.5 * sqrt(1.3 * 3 / 8.4)), other = wendland(sqrt(0.7 * 3 / 8.4));
    double first = 1 - wendland(sqrt(1.3 * 3 / 8.4)), third = 1 - other, sum = first + 1 + third;
    assert_near(kernel_weigh_terms(3, weight, term), sum, 1e-15);
    double mean = (first * near + 0 + third * other) / sum;
    kernel_row(&kernel, x, 1, 1, point, &k, NULL, 0, &excess);
    kernel.share = 0;
    kernel_row(&kernel, x, 1, 1, point, &joint, NULL, 0, NULL);
    assert_near(excess, mean - joint, 1e-15);
    assert_near(k, 0.7 * joint + 0.3 * mean, 1e-15);
}

/* Ninety-four parameters of a hundred without an effect leave their weights to the others. */
static void test_idle_parameters_have_no_weight(void **state)
{
    (void)state;
    double weight[100], term[100];
    for (size_t j = 0; j < 100; j++)
        weight[j] = j < 6 ? 25 : 1e-4;
    kernel_weigh_terms(100, weight, term);
    for (size_t j = 0; j < 100; j++)
        if (!(j < 6 ? fabs(term[j] - 1.0 / 6) < 0.01 : term[j] < 1e-3))
            fail_msg("weight of term %zu: %g", j, term[j]);
    for (size_t j = 0; j < 100; j++)
        weight[j] = 0; /* all flat: none is preferred */
    assert_true(kernel_weigh_terms(100, weight, term) == 0 && term[0] == term[99] && term[0] == 0.01);
}

static void test_the_support_radius_falls_with_the_parameters_and_grows_among_many(void **state)
{
    (void)state;
    assert_near(kernel_inverse_radius(4, 2.385), sqrt(2.385 * 4 / 8.4), 1e-15);
    assert_near(kernel_inverse_radius(GP_MANY, 1), sqrt(GP_MANY / 8.4), 1e-15);
    assert_near(kernel_inverse_radius(60, 1), sqrt(7.5 / 8.4), 1e-15);
    assert_near(kernel_inverse_radius(200, 1), sqrt(5 / 8.4), 1e-15);
}

static void test_term_slope_is_the_derivative_by_the_squared_distance(void **state)
{
    (void)state;
    double weight[3] = {1.3, 0.9, 2.1}, term[3];
    struct kernel kernel = {.d = 3, .dimension = case_dimension, .weight = weight, .share = 0.3, .term_weight = term};
    kernel_weigh_terms(3, weight, term);
    double factor = kernel_term_factor(&kernel, 1), inverse_radius = kernel_inverse_radius(3, weight[1]);
    for (double delta = 0.05; delta < 1; delta += 0.19) {
        double u = weight[1] * delta * delta, h = 1e-6;
        double high = wendland(sqrt((u + h) * 3 / 8.4)), low = wendland(sqrt((u - h) * 3 / 8.4));
        assert_near(factor * kernel_phi_slope(inverse_radius * delta), 0.3 * term[1] * (high - low) / (2 * h), 1e-8);
        assert_near(kernel_phi(inverse_radius * delta), wendland(sqrt(u * 3 / 8.4)), 1e-15);
    }
    assert_true(isfinite(kernel_phi_slope(0)));
}

/* Long rows are worked on in blocks, some of them by other instructions. */
static void test_a_long_row_equals_its_points_one_by_one(void **state)
{
    (void)state;
    enum { N = 301 };
    double weight[3] = {3, 2, 1}, term[3], x[3 * N], point[3] = {0.6, 0.7, 1}, k[N], slope[N], excess[N], one[3];
    struct kernel kernel = {.shape = KERNEL_MATERN52, .d = 3, .dimension = case_dimension, .weight = weight};
    kernel.share = 0.4;
    kernel.term_weight = term;
    kernel_weigh_terms(3, weight, term);
    for (size_t i = 0; i < N; i++) {
        x[i] = fmod((double)i * 0.618, 1);
        x[N + i] = fmod((double)i * 0.385, 1);
        x[2 * N + i] = (double)(i % 4);
    }
    kernel_row(&kernel, x, N, N, point, k, slope, 0, excess);
    for (size_t i = 0; i < N; i++) {
        kernel_row(&kernel, x + i, N, 1, point, one, one + 1, 0, one + 2);
        assert_true(one[0] == k[i] && one[1] == slope[i] && one[2] == excess[i]);
    }
}

/* Pairs beyond a multiple of four are summed one by one. */
static void test_sums_over_pairs_are_those_of_the_definition(void **state)
{
    (void)state;
    enum { N = 38 };
    static double slope[N * N], weight[N * N];
    double length[3] = {3, 2, 1}, term[3], x[N], sum = 0, own = 0, found;
    struct kernel kernel = {.d = 3, .dimension = case_dimension, .weight = length, .share = 0.4, .term_weight = term};
    kernel_weigh_terms(3, length, term);
    for (size_t i = 0; i < N; i++)
        x[i] = fmod((double)i * 0.618, 1);
    for (size_t i = 0; i < N * N; i++) {
        slope[i] = sin((double)i);
        weight[i] = cos(2.385 * (double)i);
    }
    for (size_t a = 0; a < N; a++)
        for (size_t b = a + 1; b < N; b++) {
            double delta = x[b] - x[a], r = kernel_inverse_radius(3, length[1]) * fabs(delta);
            double by = kernel_term_factor(&kernel, 1) * kernel_phi_slope(r);
            sum += (slope[a * N + b] + weight[a * N + b] * by) * delta * delta;
            own += weight[a * N + b] * wendland(r);
        }
    assert_near(kernel_numeric_sum(&kernel, 1, x, N, slope, weight, &found), sum, 1e-12);
    assert_near(found, own, 1e-12);
}

static void test_inactive_numbers_become_the_middle_and_categories_stay(void **state)
{
    (void)state;
    double x[3] = {-1, 0.25, -1};
    kernel_impute(case_dimension, 3, x);
    assert_true(x[0] == 0.5 && x[1] == 0.25 && x[2] == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_and_slopes_against_forty_digits),
        cmocka_unit_test(test_one_at_distance_nought_and_none_far_away),
        cmocka_unit_test(test_exponential_is_exact_along_its_range),
        cmocka_unit_test(test_distance_is_weighted_with_hamming_inside),
        cmocka_unit_test(test_the_additive_kernel_is_the_mean_over_what_the_coordinates_can_vary),
        cmocka_unit_test(test_idle_parameters_have_no_weight),
        cmocka_unit_test(test_the_support_radius_falls_with_the_parameters_and_grows_among_many),
        cmocka_unit_test(test_term_slope_is_the_derivative_by_the_squared_distance),
        cmocka_unit_test(test_a_long_row_equals_its_points_one_by_one),
        cmocka_unit_test(test_sums_over_pairs_are_those_of_the_definition),
        cmocka_unit_test(test_inactive_numbers_become_the_middle_and_categories_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
