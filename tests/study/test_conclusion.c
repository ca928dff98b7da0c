/* What the scheduler concludes, as the host reads it. */
#include "support/search_study.h"

#include "core/rng.h"

enum { ARMS = 8 };

/* Points x0 = 0, .1, ... of which the fourth is the best, in a study whose scheduler repeats them. */
static afina_optimizer *study_of_arms(const char *scheduler)
{
    afina_space *space = cube_space(1);
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, "random"));
    OK(afina_optimizer_set_string(o, "scheduler", scheduler));
    OK(afina_optimizer_set_integer(o, "replicates", 1000000));
    for (int i = 0; i < ARMS; i++) {
        afina_point *point;
        OK(afina_point_new(&point, space));
        OK(afina_point_set_real(point, "x0", 0.1 * i));
        OK(afina_enqueue(o, point));
        afina_point_free(point);
    }
    afina_space_free(space);
    return o;
}

static double noisy(const afina_point *point, int64_t number)
{
    struct rng rng;
    rng_start(&rng, 5, (uint64_t)number, RNG_OBJECTIVE);
    return fabs(real(point, "x0") - 0.3) + 0.05 * rng_normal(&rng);
}

/* Trials until the scheduler is done, or `most`. */
static int64_t run_until_done(afina_optimizer *o, int64_t most)
{
    for (int64_t k = 0; k < most; k++) {
        afina_trial *trial;
        int32_t rc = afina_ask(o, &trial);
        if (rc == AFINA_DONE)
            return k;
        OK(rc);
        double loss = noisy(afina_trial_point(trial), k);
        OK(afina_trial_tell(trial, &loss, 1));
        afina_trial_free(trial);
    }
    return most;
}

static double arm_x(afina_optimizer *o, int64_t arm)
{
    afina_trial *trial;
    OK(afina_trial_get(o, arm, &trial));
    double x = real(afina_trial_point(trial), "x0");
    afina_trial_free(trial);
    return x;
}

static void test_it_is_decided_when_the_confidence_is_reached(void **state)
{
    (void)state;
    static const char *const names[] = {"top-two", "lucb"};
    for (int i = 0; i < 2; i++) {
        afina_optimizer *o = study_of_arms(names[i]);
        int64_t arm, number;
        int32_t decided;
        double gap;
        OK(afina_optimizer_set_real(o, "confidence", 0.95));
        OK(afina_conclusion(o, &arm, &decided, &gap));
        assert_int_equal(arm, -1);
        assert_int_equal(decided, 0);
        assert_true(isinf(gap));
        run_until_done(o, 12);
        OK(afina_conclusion(o, &arm, &decided, &gap));
        assert_int_equal(decided, 0);
        assert_true(gap > 0);
        assert_in_range(run_until_done(o, 100000), 20, 3000);
        OK(afina_conclusion(o, &arm, &decided, &gap));
        assert_true(arm_x(o, arm) == 0.1 * 3);
        assert_int_equal(decided, 1);
        assert_true(gap == 0);
        OK(afina_conclusion(o, &arm, NULL, NULL));
        OK(afina_optimizer_replay(o, &number));
        afina_optimizer_free(o);
    }
}

static void test_a_total_without_a_confidence_has_no_gap(void **state)
{
    (void)state;
    static const char *const names[] = {"top-two", "rejects", "halving"};
    for (int i = 0; i < 3; i++) {
        afina_optimizer *o = study_of_arms(names[i]);
        int64_t arm;
        int32_t decided;
        double gap;
        OK(afina_optimizer_set_real(o, "budget_total", 200));
        assert_in_range(run_until_done(o, 1000), 180, 200);
        OK(afina_conclusion(o, &arm, &decided, &gap));
        assert_true(arm_x(o, arm) == 0.1 * 3);
        assert_int_equal(decided, 1);
        assert_true(isnan(gap));
        afina_optimizer_free(o);
    }
}

static void test_what_cannot_be_answered_is_refused(void **state)
{
    (void)state;
    afina_space *space = cube_space(1);
    afina_optimizer *o;
    int64_t arm;
    OK(afina_optimizer_new(&o, space, "random"));
    assert_int_equal(afina_conclusion(o, &arm, NULL, NULL), AFINA_E_UNSUPPORTED);
    assert_non_null(strstr(afina_last_error(), "scheduler \"none\" draws no conclusion"));
    assert_int_equal(afina_conclusion(o, NULL, NULL, NULL), AFINA_E_ARGUMENT);
    assert_int_equal(afina_conclusion(NULL, &arm, NULL, NULL), AFINA_E_ARGUMENT);
    afina_optimizer_free(o);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_decided_when_the_confidence_is_reached),
        cmocka_unit_test(test_a_total_without_a_confidence_has_no_gap),
        cmocka_unit_test(test_what_cannot_be_answered_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
