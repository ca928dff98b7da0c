/* Where trials fail: what is learned of it, its gradient, and what chance alone teaches. */
#include "surrogate/feasibility.h"

#include "surrogate/surrogate_case.h"

#include "core/rng.h"

enum { N = 40 };

struct scene {
    struct gp_record all;
    struct feasibility f;
};

static void open_scene(struct scene *s)
{
    gp_record_init(&s->all, 3);
    OK(feasibility_init(&s->f, case_dimension, 3, 400));
}

static void close_scene(struct scene *s)
{
    gp_record_fini(&s->all);
    feasibility_fini(&s->f);
}

static void tell(struct scene *s, const double *x, int fails)
{
    OK(gp_record_told(&s->all, (int64_t)s->all.told, x, fails ? NAN : x[0], NAN));
    OK(feasibility_told(&s->f, &s->all));
}

static void fit(struct scene *s)
{
    double theta[6];
    OK(gp_model_fit(&s->f.model, theta));
    gp_model_learn(&s->f.model, theta, s->f.record.told);
    OK(gp_model_build(&s->f.model, theta, s->f.record.told));
}

static double chance(const struct scene *s, double x0, double x1, double category)
{
    double x[3] = {x0, x1, category}, log_p, variance;
    feasibility_log(&s->f, x, 1, &log_p, &variance);
    return exp(log_p);
}

static void draw(struct rng *rng, double x[3])
{
    x[0] = rng_uniform(rng);
    x[1] = rng_uniform(rng);
    x[2] = (double)rng_below(rng, 3);
}

/* A rule of one number, and a rule of the category: what the other numbers are does not count. */
static void test_a_rule_of_one_parameter_is_learned(void **state)
{
    (void)state;
    for (int by_category = 0; by_category < 2; by_category++) {
        struct scene s;
        struct rng rng;
        rng_start(&rng, 2385, (uint64_t)by_category, RNG_SUGGEST);
        open_scene(&s);
        for (int i = 0; i < N; i++) {
            double x[3];
            draw(&rng, x);
            tell(&s, x, by_category ? x[2] == 2 : x[0] > 0.7);
        }
        fit(&s);
        for (double x1 = 0.1; x1 < 1; x1 += 0.2) {
            double works = by_category ? chance(&s, 0.5, x1, 1) : chance(&s, 0.35, x1, 1);
            double fails = by_category ? chance(&s, 0.5, x1, 2) : chance(&s, 0.95, x1, 1);
            if (!(works > 0.9 && fails < 0.1))
                fail_msg("rule %d at %g: %g where it works, %g where it fails", by_category, x1, works, fails);
        }
        close_scene(&s);
    }
}

/* A worker that crashes now and then teaches nothing about points. */
static void test_failures_by_chance_are_the_same_everywhere(void **state)
{
    (void)state;
    struct scene s;
    struct rng rng;
    double low = 1, high = 0;
    rng_start(&rng, 2385, 5, RNG_SUGGEST);
    open_scene(&s);
    for (int i = 0; i < 100; i++) {
        double x[3];
        draw(&rng, x);
        tell(&s, x, rng_below(&rng, 5) == 0);
    }
    fit(&s);
    for (int i = 0; i < 200; i++) {
        double x[3];
        draw(&rng, x);
        low = fmin(low, chance(&s, x[0], x[1], x[2]));
        high = fmax(high, chance(&s, x[0], x[1], x[2]));
    }
    if (!(low > 0.5))
        fail_msg("%g to %g", low, high);
    close_scene(&s);
}

static void test_the_first_failure_brings_all_results_before_it(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    for (int i = 0; i < 5; i++)
        tell(&s, case_x[i], 0);
    assert_int_equal(s.f.record.told, 0); /* nothing is kept before it */
    tell(&s, case_x[5], 1);
    assert_int_equal(s.f.record.told, 6);
    assert_int_equal(s.f.failures, 1);
    assert_memory_equal(s.f.record.x, s.all.x, 6 * 3 * sizeof(double));
    for (size_t i = 0; i < 6; i++)
        assert_true(s.f.record.loss[i] == (i < 5));
    tell(&s, case_at, 0);
    assert_int_equal(s.f.record.told, 7);
    assert_int_equal(s.f.failures, 1);
    close_scene(&s);
}

static void test_the_gradient_agrees_with_differences(void **state)
{
    (void)state;
    static const double step = 1e-5;
    struct scene s;
    struct rng rng;
    rng_start(&rng, 2385, 9, RNG_SUGGEST);
    open_scene(&s);
    for (int i = 0; i < N; i++) {
        double x[3];
        draw(&rng, x);
        tell(&s, x, x[0] + x[1] > 1.2);
    }
    fit(&s);
    for (int i = 0; i < 20; i++) {
        double x[3], value, variance, log_p, gradient[3], by_variance[3];
        draw(&rng, x);
        feasibility_log_gradient(&s.f, x, 1, &log_p, &variance, gradient, by_variance);
        feasibility_log(&s.f, x, 1, &value, &variance);
        assert_true(fabs(value - log_p) <= 1e-9 * (1 + fabs(value)));
        for (int j = 0; j < 2; j++) {
            double here = x[j], up, down;
            x[j] = here + step;
            feasibility_log(&s.f, x, 1, &up, &variance);
            x[j] = here - step;
            feasibility_log(&s.f, x, 1, &down, &variance);
            x[j] = here;
            double expected = (up - down) / (2 * step);
            if (!(fabs(gradient[j] - expected) < 1e-4 * (1 + fabs(expected))))
                fail_msg("point %d, coordinate %d: %g, by differences %g", i, j, gradient[j], expected);
        }
    }
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_rule_of_one_parameter_is_learned),
        cmocka_unit_test(test_failures_by_chance_are_the_same_everywhere),
        cmocka_unit_test(test_the_first_failure_brings_all_results_before_it),
        cmocka_unit_test(test_the_gradient_agrees_with_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
