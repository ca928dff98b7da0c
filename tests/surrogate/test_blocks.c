/* Parameters in blocks that are active together: the kernel, its slopes, and the choice between it and
 * imputation. */
#include "surrogate/acquisition_search.h"
#include "surrogate/gp_model.h"
#include "surrogate/gp_posterior.h"

#include "surrogate/surrogate_case.h"

#include "core/rng.h"

/* A category of three, a number; a number under the second; a number and a category under the third. */
enum { D = 5, BLOCKS = 3, SIZE = D + 3 };

static const struct gp_dimension dimension[D] = {{DIMENSION_CATEGORICAL, 0},
                                                 {DIMENSION_NUMERIC, 0},
                                                 {DIMENSION_NUMERIC, 1},
                                                 {DIMENSION_NUMERIC, 2},
                                                 {DIMENSION_CATEGORICAL, 2}};
static const double first[D] = {0, 0.3, -1, -1, -1}, second[D] = {1, 0.6, 0.385, -1, -1},
                    third[D] = {2, 0.1, -1, 0.7, 1}, another[D] = {2, 0.9, -1, 0.2, 0};

/* Lengths, noise, share and form. */
static const double theta_of_blocks[SIZE] = {0.4, -1.2, -0.9, -1.1, 0.2, -7, -0.8, 1};

static void draw(struct rng *rng, double x[D])
{
    uint64_t k = rng_below(rng, 3);
    x[0] = (double)k;
    x[1] = rng_uniform(rng);
    x[2] = k == 1 ? rng_uniform(rng) : -1;
    x[3] = k == 2 ? rng_uniform(rng) : -1;
    x[4] = k == 2 ? (double)rng_below(rng, 2) : -1;
}

static void open_process(struct gaussian_process *gp, size_t n, struct rng *rng)
{
    OK(gp_init(gp, dimension, D, KERNEL_MATERN52));
    gp->additive = 1;
    gp->blocks = BLOCKS;
    OK(gp_reserve(gp, n));
    gp_clear(gp, theta_of_blocks);
    for (size_t i = 0; i < n; i++) {
        double x[D];
        draw(rng, x);
        gp_add(gp, x);
    }
}

/* With targets that mean nothing. */
static void open_trained(struct gaussian_process *gp, size_t n, uint64_t stream)
{
    struct rng rng;
    double y[40];
    rng_start(&rng, 2385, stream, RNG_SUGGEST);
    open_process(gp, n, &rng);
    gp_factor(gp);
    for (size_t i = 0; i < n; i++)
        y[i] = rng_normal(&rng);
    gp_train(gp, y);
}

static void test_more_blocks_than_the_most_are_taken_for_one(void **state)
{
    (void)state;
    struct gp_dimension many[KERNEL_MOST_BLOCKS + 1];
    for (size_t b = 0; b <= KERNEL_MOST_BLOCKS; b++)
        many[b] = (struct gp_dimension){DIMENSION_NUMERIC, b};
    assert_int_equal(kernel_count_blocks(dimension, D), BLOCKS);
    assert_int_equal(kernel_count_blocks(many, KERNEL_MOST_BLOCKS), KERNEL_MOST_BLOCKS);
    assert_int_equal(kernel_count_blocks(many, KERNEL_MOST_BLOCKS + 1), 1);
    assert_int_equal(kernel_count_blocks(dimension, 0), 1);
}

static void test_a_block_weighs_as_many_as_it_has_parameters(void **state)
{
    (void)state;
    double c[BLOCKS];
    kernel_block_weights(dimension, D, BLOCKS, first, c);
    assert_true(c[0] == 1 && c[1] == 0 && c[2] == 0);
    kernel_block_weights(dimension, D, BLOCKS, second, c);
    assert_near(c[0], sqrt(2.0 / 3), 1e-15);
    assert_near(c[1], sqrt(1.0 / 3), 1e-15);
    assert_true(c[2] == 0);
    kernel_block_weights(dimension, D, BLOCKS, third, c);
    assert_near(c[0], sqrt(0.5), 1e-15);
    assert_near(c[2], sqrt(0.5), 1e-15);
}

static double matern(double r2)
{
    double t = sqrt(5 * r2);
    return (1 + t + t * t / 3) * exp(-t);
}

/* Kernels of two points, without the additive kernel. */
static double kernel_of(const double *a, const double *b)
{
    struct gaussian_process gp;
    double theta[SIZE], weight[2 * D], p[D + BLOCKS], q[D + BLOCKS], k;
    memcpy(theta, theta_of_blocks, sizeof theta);
    OK(gp_init(&gp, dimension, D, KERNEL_MATERN52));
    gp.additive = 1;
    gp.blocks = BLOCKS;
    struct kernel kernel = gp_kernel(&gp, theta, weight);
    kernel.share = 0;
    gp_features(&gp, a, p);
    gp_features(&gp, b, q);
    kernel_row(&kernel, q, 1, 1, p, &k, NULL, 0, NULL);
    gp_fini(&gp);
    return k;
}

static void test_the_kernel_is_a_sum_over_blocks_active_in_both(void **state)
{
    (void)state;
    const double *t = theta_of_blocks;
    double w[D];
    for (size_t j = 0; j < D; j++)
        w[j] = exp(-2 * t[j]);
    double common = sqrt(2.0 / 3) * sqrt(0.5) * matern(w[0] + w[1] * 0.25);
    assert_near(kernel_of(second, third), common, 1e-14);
    common = 0.5 * matern(w[1] * 0.64) + 0.5 * matern(w[3] * 0.25 + w[4]);
    assert_near(kernel_of(third, another), common, 1e-14);
    assert_near(kernel_of(first, second), sqrt(2.0 / 3) * matern(w[0] + w[1] * 0.09), 1e-14);
    assert_near(kernel_of(second, second), 1, 1e-15);
}

/* Positive definite: a factor without help, at a noise of 1e-3. */
static void test_a_matrix_of_blocks_has_a_factor(void **state)
{
    (void)state;
    struct gaussian_process gp;
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    open_process(&gp, 200, &rng);
    gp_factor(&gp);
    assert_int_equal(gp.fallbacks, 0);
    gp_fini(&gp);
}

static void test_gradients_of_predictions_agree_with_differences(void **state)
{
    (void)state;
    const double *at[4] = {first, second, third, another};
    struct gaussian_process gp;
    double x[4 * D], mean[4], variance[4], dm[4 * D], dv[4 * D];
    open_trained(&gp, 40, 1);
    for (size_t c = 0; c < 4; c++)
        memcpy(x + c * D, at[c], sizeof first);
    gp_predict_gradient(&gp, x, 4, mean, variance, dm, dv);
    for (size_t c = 0; c < 4; c++)
        for (size_t j = 0; j < D; j++) {
            double pair[2 * D], m[2], v[2], step = 1e-5;
            if (dimension[j].kind == DIMENSION_CATEGORICAL || at[c][j] < 0) {
                assert_true(dm[c * D + j] == 0 && dv[c * D + j] == 0);
                continue;
            }
            memcpy(pair, at[c], sizeof first);
            memcpy(pair + D, at[c], sizeof first);
            pair[j] += step;
            pair[D + j] -= step;
            gp_predict(&gp, pair, 2, m, v);
            assert_near(dm[c * D + j], (m[0] - m[1]) / (2 * step), 1e-6);
            assert_near(dv[c * D + j], (v[0] - v[1]) / (2 * step), 1e-6);
        }
    gp_fini(&gp);
}

static void test_a_posterior_and_its_draws_are_of_the_same_process(void **state)
{
    (void)state;
    enum { DRAWS = 4000 };
    struct gaussian_process gp;
    double mean, variance, value[DRAWS], sum = 0, square = 0;
    open_trained(&gp, 30, 2);
    gp_posterior(&gp, 1.385, third, &mean, &variance);
    OK(gp_draw(&gp, 1.385, third, 1, DRAWS, 5, value));
    for (size_t i = 0; i < DRAWS; i++) {
        sum += value[i] / DRAWS;
        square += (value[i] - mean) * (value[i] - mean) / DRAWS;
    }
    assert_near(sum, mean, 4 * sqrt(variance / DRAWS));
    assert_near(square / variance, 1, 0.1);
    gp_fini(&gp);
}

/* ------------------------------------------------------------------------ fits */

static void prior_of(struct gp_prior *prior, int chooses)
{
    gp_prior_default(prior, D, 1);
    gp_prior_make_additive(prior, D);
    gp_prior_add_blocks(prior, dimension, D, chooses);
}

static void test_the_gradient_of_a_fit_agrees_with_differences_and_leaves_the_form(void **state)
{
    (void)state;
    enum { N = 25 };
    struct gaussian_process gp;
    struct gp_fitter f;
    struct gp_prior prior;
    struct rng rng;
    double y[N], theta[SIZE], gradient[SIZE], unused[SIZE];
    rng_start(&rng, 2385, 3, RNG_SUGGEST);
    open_process(&gp, N, &rng);
    for (size_t i = 0; i < N; i++)
        y[i] = rng_normal(&rng);
    prior_of(&prior, 1);
    memcpy(theta, theta_of_blocks, sizeof theta);
    OK(gp_fitter_init(&f, &prior, D));
    OK(gp_fitter_aim(&f, &gp, y));
    for (int form = 0; form < 2; form++) {
        theta[SIZE - 1] = form;
        gp_fitter_loss(&f, theta, gradient);
        for (size_t j = 0; j + 1 < SIZE; j++) {
            double at = theta[j], high, low;
            theta[j] = at + 1e-5;
            high = gp_fitter_loss(&f, theta, unused);
            theta[j] = at - 1e-5;
            low = gp_fitter_loss(&f, theta, unused);
            theta[j] = at;
            assert_near(gradient[j], (high - low) / 2e-5, 1e-6);
        }
        assert_true(gradient[SIZE - 1] == 0);
    }
    double before = gp_fitter_loss(&f, theta, unused);
    assert_true(gp_fitter_run(&f, theta, 50) < before);
    assert_true(theta[SIZE - 1] == 1);
    gp_fitter_fini(&f);
    gp_fini(&gp);
}

static void open_model(struct gp_model *m, struct gp_record *record, int chooses)
{
    static const struct output_transform none = {0};
    struct gp_prior prior;
    prior_of(&prior, chooses);
    gp_record_init(record, D);
    OK(gp_model_init(m, record, dimension, KERNEL_MATERN52, &prior, &none, 400));
}

/* A sum over the blocks. */
static double sum_over_blocks(const double *x)
{
    double number = sin(9 * x[1]);
    return x[0] == 0 ? number : x[0] == 1 ? number + 2 * cos(7 * x[2]) : number + 2 * sin(8 * x[3]) * (1 + x[4]);
}

/* What is best for the number of block 0 depends on the others. */
static double no_sum(const double *x)
{
    double shift = x[0] == 0 ? 0 : x[0] == 1 ? x[2] : -x[3] - 0.3 * x[4];
    return sin(9 * (x[1] - shift));
}

/* The form that is chosen after n results. */
static double form_of(double (*objective)(const double *x), int chooses, int64_t n)
{
    struct gp_record record;
    struct gp_model m;
    struct rng rng;
    double theta[SIZE + 1];
    rng_start(&rng, 2385, 4, RNG_SUGGEST);
    open_model(&m, &record, chooses);
    for (int64_t i = 0; i < n; i++) {
        double x[D];
        draw(&rng, x);
        OK(gp_record_told(&record, i, x, objective(x), NAN));
    }
    OK(gp_model_fit(&m, theta));
    gp_model_fini(&m);
    gp_record_fini(&record);
    return theta[SIZE - 1];
}

static void test_the_form_that_predicts_better_is_chosen(void **state)
{
    (void)state;
    assert_true(form_of(sum_over_blocks, 1, 90) == 1);
    assert_true(form_of(no_sum, 1, 90) == 0);
    assert_true(form_of(no_sum, 0, 90) == 1); /* there is no choice */
    assert_true(form_of(no_sum, 1, 1) <= 1);
}

static void test_a_model_that_grew_equals_one_that_was_rebuilt(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model grown, rebuilt;
    struct rng rng;
    double theta[SIZE + 1], x[2], y[2];
    rng_start(&rng, 2385, 5, RNG_SUGGEST);
    open_model(&grown, &record, 1);
    open_model(&rebuilt, &record, 1);
    for (int64_t i = 0; i < 80; i++) {
        double at[D];
        draw(&rng, at);
        OK(gp_record_told(&record, i, at, sum_over_blocks(at), NAN));
        if (i >= 2 && gp_model_is_stale(&grown)) {
            OK(gp_model_fit(&grown, theta));
            gp_model_learn(&grown, theta, record.told);
            gp_model_learn(&rebuilt, theta, record.told);
        }
        if (i >= 2)
            OK(gp_model_build(&grown, grown.theta, grown.base));
    }
    OK(gp_model_build(&rebuilt, rebuilt.theta, rebuilt.base));
    gp_predict(&grown.gp, second, 1, &x[0], &x[1]);
    gp_predict(&rebuilt.gp, second, 1, &y[0], &y[1]);
    assert_true(x[0] == y[0] && x[1] == y[1]);
    gp_model_fini(&grown);
    gp_model_fini(&rebuilt);
    gp_record_fini(&record);
}

/* Of the losses, those that are no numbers among them, or all of one; few results, equal points. */
static void test_no_data_make_the_choice_fail(void **state)
{
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 5e-324, 0, 2.385};
    for (size_t k = 0; k < 2 * LENGTH(odd); k++) {
        struct gp_record record;
        struct gp_model m;
        struct rng rng;
        double theta[SIZE + 1], x[D], mean, variance;
        rng_start(&rng, k, 6, RNG_SUGGEST);
        open_model(&m, &record, k % 2 == 0);
        for (int64_t i = 0; i < 14; i++) {
            if (i < 2 || i % 3 != 1) /* else the same point again */
                draw(&rng, x);
            OK(gp_record_told(&record, i, x, i % 3 ? odd[k / 2] : odd[(size_t)i % LENGTH(odd)], NAN));
            OK(gp_model_fit(&m, theta));
            gp_model_learn(&m, theta, record.told);
            OK(gp_model_build(&m, m.theta, m.base));
            gp_predict(&m.gp, second, 1, &mean, &variance);
            assert_true(isfinite(mean) && variance >= 0 && isfinite(variance));
        }
        gp_model_fini(&m);
        gp_record_fini(&record);
    }
}

/* ----------------------------------------------------------------------- spaces */

static void test_parameters_under_the_same_conditions_are_a_block(void **state)
{
    (void)state;
    static const char *const names[] = {"p", "q", "r", "s", "t"};
    static const char *const choices[] = {"one", "two"};
    static const size_t want[] = {0, 1, 2, 1, 3, 0};
    struct acquisition_search search;
    struct space *building, *space;
    OK(space_new(&building));
    OK(space_add_choices(building, "k", AFINA_KIND_CATEGORICAL, choices, 2));
    for (size_t j = 0; j < 5; j++)
        OK(space_add_real(building, names[j], 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_condition_in(building, "p", "k", choices, 1));
    OK(space_add_condition_in(building, "q", "k", choices + 1, 1));
    OK(space_add_condition_in(building, "r", "k", choices, 1));
    OK(space_add_condition_in(building, "s", "k", choices, 1));
    OK(space_add_condition(building, "s", "p", AFINA_COMPARE_GREATER, 0.5));
    OK(space_snapshot(&space, building));
    OK(acquisition_search_init(&search, space, 64));
    for (size_t j = 0; j < 6; j++)
        assert_int_equal(search.dimension[j].block, want[j]);
    acquisition_search_fini(&search);
    space_free(space);
    space_free(building);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_more_blocks_than_the_most_are_taken_for_one),
        cmocka_unit_test(test_a_block_weighs_as_many_as_it_has_parameters),
        cmocka_unit_test(test_the_kernel_is_a_sum_over_blocks_active_in_both),
        cmocka_unit_test(test_a_matrix_of_blocks_has_a_factor),
        cmocka_unit_test(test_gradients_of_predictions_agree_with_differences),
        cmocka_unit_test(test_a_posterior_and_its_draws_are_of_the_same_process),
        cmocka_unit_test(test_the_gradient_of_a_fit_agrees_with_differences_and_leaves_the_form),
        cmocka_unit_test(test_the_form_that_predicts_better_is_chosen),
        cmocka_unit_test(test_a_model_that_grew_equals_one_that_was_rebuilt),
        cmocka_unit_test(test_no_data_make_the_choice_fail),
        cmocka_unit_test(test_parameters_under_the_same_conditions_are_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
