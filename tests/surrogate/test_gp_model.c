/* The study as the process sees it: what it learns, keeps, predicts for pending trials and leaves out. */
#include "surrogate/gp_model.h"

#include "surrogate/surrogate_case.h"

#include "core/rng.h"

static const struct output_transform full = {.log = 1, .worse = WORSE_RANKED};

static void open_model_of(struct gp_model *m, struct gp_record *record, int additive, size_t most_points)
{
    struct gp_prior prior;
    gp_prior_default(&prior, 3, 1);
    if (additive)
        gp_prior_make_additive(&prior, 3);
    gp_record_init(record, 3);
    OK(gp_model_init(m, record, case_dimension, KERNEL_MATERN52, &prior, &full, most_points));
}

static void open_model(struct gp_model *m, struct gp_record *record, size_t most_points)
{
    open_model_of(m, record, 0, most_points);
}

static void draw(struct rng *rng, double x[3])
{
    x[0] = rng_uniform(rng);
    x[1] = rng_uniform(rng);
    x[2] = (double)rng_below(rng, 3);
}

static double loss_at(const double *x)
{
    return (x[0] - 0.3) * (x[0] - 0.3) + 0.5 * x[1] + 0.1 * x[2];
}

static void tell_one(struct gp_record *record, int64_t number, struct rng *rng)
{
    double x[3];
    draw(rng, x);
    OK(gp_record_asked(record, number, x));
    OK(gp_record_told(record, number, x, loss_at(x), NAN));
}

static void fit_and_learn(struct gp_model *m)
{
    double theta[6];
    OK(gp_model_fit(m, theta));
    gp_model_learn(m, theta, m->record->told);
}

static void assert_same_prediction(struct gp_model *a, struct gp_model *b)
{
    double x[2], y[2];
    OK(gp_model_build(a, a->theta, a->base));
    OK(gp_model_build(b, b->theta, b->base));
    gp_predict(&a->gp, case_at, 1, &x[0], &x[1]);
    gp_predict(&b->gp, case_at, 1, &y[0], &y[1]);
    assert_int_equal(a->gp.n, b->gp.n);
    assert_true(x[0] == y[0] && x[1] == y[1]);
}

/* With `error`, every seventh result has one. */
static void assert_grown_equals_rebuilt(int additive, double error)
{
    enum { N = 150 };
    struct gp_record record;
    struct gp_model grown, rebuilt;
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    open_model_of(&grown, &record, additive, 100);
    open_model_of(&rebuilt, &record, additive, 100);
    for (int64_t i = 0; i < N; i++) {
        tell_one(&record, 2 * i, &rng);
        if (i % 7 == 3)
            record.error[i] = error;
        if (i == 3 && !isnan(error))
            record.first_known = 3;
        if (i % 3 == 0) { /* pending for a while */
            double x[3] = {0.5, (double)i / N, 1};
            OK(gp_record_asked(&record, 2 * i + 1, x));
        }
        if (i % 20 == 19)
            gp_record_forget(&record, 2 * (i - 10) + 1);
        if (i >= 2 && gp_model_is_stale(&grown)) {
            fit_and_learn(&grown);
            gp_model_learn(&rebuilt, grown.theta, grown.base);
        }
        if (i >= 2)
            OK(gp_model_build(&grown, grown.theta, grown.base));
    }
    assert_same_prediction(&grown, &rebuilt);
    gp_model_fini(&grown);
    gp_model_fini(&rebuilt);
    gp_record_fini(&record);
}

static void test_a_model_that_grew_equals_one_that_was_rebuilt(void **state)
{
    (void)state;
    assert_grown_equals_rebuilt(0, NAN);
    assert_grown_equals_rebuilt(1, NAN);
    assert_grown_equals_rebuilt(1, 0.1);
}

/* Fitted to 45 smooth results, so that the next fit is due after four more; then three that are
 * `step` lower. Whether that surprises. */
static int surprised_by(int additive, double step, uint64_t stream)
{
    struct gp_record record;
    struct gp_model m;
    struct rng rng;
    rng_start(&rng, 2385, stream, RNG_SUGGEST);
    open_model_of(&m, &record, additive, 400);
    for (int64_t i = 0; i < 45; i++)
        tell_one(&record, i, &rng);
    fit_and_learn(&m);
    OK(gp_model_build(&m, m.theta, m.base));
    assert_false(gp_model_is_surprised(&m)); /* nothing was told since */
    for (int64_t i = 45; i < 48; i++) {
        double x[3];
        draw(&rng, x);
        OK(gp_record_asked(&record, i, x));
        OK(gp_record_told(&record, i, x, loss_at(x) - step, NAN));
    }
    assert_false(gp_model_is_stale(&m));
    OK(gp_model_build(&m, m.theta, m.base));
    int surprised = gp_model_is_surprised(&m);
    fit_and_learn(&m);
    OK(gp_model_build(&m, m.theta, m.base));
    assert_false(gp_model_is_surprised(&m)); /* the fit knows it */
    gp_model_fini(&m);
    gp_record_fini(&record);
    return surprised;
}

static void test_a_step_in_the_results_surprises_and_smooth_ones_do_not(void **state)
{
    (void)state;
    int by_steps = 0, by_nothing = 0;
    for (uint64_t stream = 0; stream < 20; stream++) {
        by_steps += surprised_by((int)(stream % 2), 0.4, stream);
        by_nothing += surprised_by((int)(stream % 2), 0, stream);
    }
    if (!(by_steps >= 19 && by_nothing <= 5))
        fail_msg("of 20: %d by a step, %d by nothing", by_steps, by_nothing);
}

/* A rank near the median of noisy results is mostly chance. */
static void test_results_are_ranked_unless_a_fit_found_noise(void **state)
{
    (void)state;
    for (int noisy = 0; noisy < 2; noisy++) {
        struct gp_record record;
        struct gp_model m;
        struct rng rng;
        rng_start(&rng, 2385, 7, RNG_SUGGEST);
        open_model(&m, &record, 400);
        for (int64_t i = 0; i < 60; i++) {
            double x[3];
            draw(&rng, x);
            OK(gp_record_told(&record, i, x, loss_at(x) + 0.1 * noisy * rng_normal(&rng), NAN));
        }
        for (int i = 0; i < 2; i++) {
            fit_and_learn(&m);
            OK(gp_model_build(&m, m.theta, m.base));
        }
        assert_int_equal(m.applied.worse, noisy ? WORSE_SOFTENED : WORSE_RANKED);
        assert_int_equal(m.transform.worse, WORSE_RANKED);
        size_t worst = 0;
        for (size_t i = 0; i < 60; i++)
            worst = record.loss[i] > record.loss[worst] ? i : worst;
        double before[60];
        size_t order[60];
        output_transform(&m.applied, record.loss, 60, before, order);
        assert_true(m.target[worst] == before[worst]);
        gp_model_fini(&m);
        gp_record_fini(&record);
    }
}

/* Two models of one record: to the one of untransformed results the best is as far from the others, in deviations, as
 * it was told. */
static void test_untransformed_results_keep_their_proportions(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model model[2];
    struct rng rng;
    rng_start(&rng, 2385, 7, RNG_SUGGEST);
    open_model(&model[0], &record, 400);
    open_model(&model[1], &record, 400);
    model[1].transform = (struct output_transform){0};
    for (int64_t i = 0; i < 30; i++)
        tell_one(&record, i, &rng);
    for (int untransformed = 0; untransformed < 2; untransformed++) {
        struct gp_model *m = &model[untransformed];
        int kept = 1;
        fit_and_learn(m);
        OK(gp_model_build(m, m->theta, m->base));
        for (size_t i = 2; i < 30; i++) {
            double told = (record.loss[i] - record.loss[0]) / (record.loss[1] - record.loss[0]);
            double seen = (m->gp.y[i] - m->gp.y[0]) / (m->gp.y[1] - m->gp.y[0]);
            kept &= fabs(seen - told) < 1e-10 * (1 + fabs(told));
        }
        assert_int_equal(kept, untransformed);
        gp_model_fini(m);
    }
    gp_record_fini(&record);
}

/* Noisy results that the last fit took for a rugged function: on tables of trained networks, fits that
 * went on from there alone stayed with it to the end, and predicted next to nothing. */
static void test_a_fit_leaves_the_valley_of_the_last_one(void **state)
{
    (void)state;
    static const double rugged[5] = {-3, -3, -3, -13};
    for (uint64_t stream = 0; stream < 5; stream++) {
        struct gp_record record;
        struct gp_model m;
        struct rng rng;
        rng_start(&rng, 2385, stream, RNG_SUGGEST);
        open_model(&m, &record, 400);
        for (int64_t i = 0; i < 75; i++) {
            double x[3];
            draw(&rng, x);
            OK(gp_record_told(&record, i, x, loss_at(x) + 0.1 * rng_normal(&rng), NAN));
        }
        gp_model_learn(&m, rugged, 70);
        fit_and_learn(&m);
        if (!(m.theta[3] > log(0.05) && m.theta[0] > log(0.2)))
            fail_msg("stream %d: length scale %g, noise ratio %g", (int)stream, exp(m.theta[0]), exp(m.theta[3]));
        gp_model_fini(&m);
        gp_record_fini(&record);
    }
}

static void test_pending_trials_do_not_surprise(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model m;
    struct rng rng;
    rng_start(&rng, 2385, 3, RNG_SUGGEST);
    open_model(&m, &record, 400);
    for (int64_t i = 0; i < 45; i++)
        tell_one(&record, i, &rng);
    fit_and_learn(&m);
    for (int64_t i = 45; i < 60; i++) {
        double x[3];
        draw(&rng, x);
        OK(gp_record_asked(&record, i, x));
    }
    OK(gp_model_build(&m, m.theta, m.base));
    assert_int_equal(m.gp.n, 60);
    assert_false(gp_model_is_surprised(&m));
    gp_model_fini(&m);
    gp_record_fini(&record);
}

static void test_a_fit_is_repeated_only_when_enough_was_told(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model m;
    struct rng rng;
    int fits = 0;
    size_t longest = 0, last = 0;
    rng_start(&rng, 1, 0, RNG_SUGGEST);
    open_model(&m, &record, 400);
    for (int64_t i = 0; i < 700; i++) {
        double theta[5] = {0, 0, 0, -5};
        tell_one(&record, i, &rng);
        if (!gp_model_is_stale(&m))
            continue;
        gp_model_learn(&m, theta, record.told);
        if (record.told - last > longest)
            longest = record.told - last;
        last = record.told;
        fits++;
    }
    assert_int_equal(longest, 25);
    assert_in_range(fits, 60, 90);
    gp_model_fini(&m);
    gp_record_fini(&record);
}

static void test_of_many_results_the_best_and_the_latest_are_kept(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model m;
    open_model(&m, &record, 40);
    for (int64_t i = 0; i < 200; i++) {
        double x[3] = {(double)i / 200, 0.5, 0};
        OK(gp_record_asked(&record, i, x));
        OK(gp_record_told(&record, i, x, i >= 50 && i < 70 ? -(double)i : (double)(i % 7), NAN));
    }
    gp_model_learn(&m, m.theta, 200);
    OK(gp_model_build(&m, m.theta, m.base));
    assert_int_equal(m.data, 40);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(m.used[i], 50 + i);
        assert_int_equal(m.used[20 + i], 180 + i);
    }
    gp_model_fini(&m);
    gp_record_fini(&record);
}

static void test_equal_results_beyond_the_cap_fill_it_exactly(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model m;
    struct rng rng;
    rng_start(&rng, 3, 0, RNG_SUGGEST);
    open_model(&m, &record, 30);
    for (int64_t i = 0; i < 100; i++) {
        double x[3];
        draw(&rng, x);
        OK(gp_record_asked(&record, i, x));
        OK(gp_record_told(&record, i, x, i % 2 ? 2.385 : NAN, NAN));
    }
    fit_and_learn(&m);
    OK(gp_model_build(&m, m.theta, m.base));
    assert_int_equal(m.data, 30);
    gp_model_fini(&m);
    gp_record_fini(&record);
}

static void test_pending_trials_have_rows_up_to_a_limit(void **state)
{
    (void)state;
    struct gp_record record;
    struct gp_model m;
    struct rng rng;
    rng_start(&rng, 5, 0, RNG_SUGGEST);
    open_model(&m, &record, 400);
    for (int64_t i = 0; i < 10; i++)
        tell_one(&record, i, &rng);
    fit_and_learn(&m);
    for (int64_t i = 10; i < 400; i++) {
        double x[3];
        draw(&rng, x);
        OK(gp_record_asked(&record, i, x));
        OK(gp_model_build(&m, m.theta, m.base));
        assert_true(m.gp.n - m.data <= GP_MOST_PENDING);
        assert_int_equal(m.pending_number[m.gp.n - m.data - 1], i);
    }
    gp_model_fini(&m);
    gp_record_fini(&record);
}

static void test_losses_that_are_no_numbers_still_make_a_model(void **state)
{
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 5e-324, 0, 2.385};
    for (size_t k = 0; k < LENGTH(odd); k++) {
        struct gp_record record;
        struct gp_model m;
        struct rng rng;
        rng_start(&rng, k, 0, RNG_SUGGEST);
        open_model(&m, &record, 400);
        for (int64_t i = 0; i < 12; i++) {
            double x[3], mean, variance;
            draw(&rng, x);
            OK(gp_record_asked(&record, i, x));
            OK(gp_record_told(&record, i, x, i % 3 ? odd[k] : odd[(size_t)i % LENGTH(odd)], NAN));
            fit_and_learn(&m);
            OK(gp_model_build(&m, m.theta, m.base));
            gp_predict(&m.gp, case_at, 1, &mean, &variance);
            assert_true(isfinite(mean) && variance >= 0 && isfinite(variance));
        }
        gp_model_fini(&m);
        gp_record_fini(&record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_model_that_grew_equals_one_that_was_rebuilt),
        cmocka_unit_test(test_a_step_in_the_results_surprises_and_smooth_ones_do_not),
        cmocka_unit_test(test_results_are_ranked_unless_a_fit_found_noise),
        cmocka_unit_test(test_untransformed_results_keep_their_proportions),
        cmocka_unit_test(test_a_fit_leaves_the_valley_of_the_last_one),
        cmocka_unit_test(test_pending_trials_do_not_surprise),
        cmocka_unit_test(test_a_fit_is_repeated_only_when_enough_was_told),
        cmocka_unit_test(test_of_many_results_the_best_and_the_latest_are_kept),
        cmocka_unit_test(test_equal_results_beyond_the_cap_fill_it_exactly),
        cmocka_unit_test(test_pending_trials_have_rows_up_to_a_limit),
        cmocka_unit_test(test_losses_that_are_no_numbers_still_make_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
