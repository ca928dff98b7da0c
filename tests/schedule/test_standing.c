#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "afina.h"
#include "core/mem.h"
#include "schedule/parts/standing.h"

#include <math.h>

static const struct schedule_context context = {.budget_min = 1, .budget_max = 16, .replicates = 1};

static void observe(struct arms *arms, struct schedule_event event)
{
    struct arm *arm;
    event.arm = event.trial;
    event.parent = -1;
    assert_int_equal(arms_observe(arms, &event, &arm), 0);
}

/* An arm with results at the levels 1, 4 and 16 as far as they are not NaN. */
static void add(struct arms *arms, double one, double four, double sixteen)
{
    const double level[] = {1, 4, 16}, loss[] = {one, four, sixteen};
    int64_t trial = (int64_t)arms->n;
    double budget = isnan(four) ? 1 : isnan(sixteen) ? 4 : 16;
    observe(arms, (struct schedule_event){.kind = SCHEDULE_ASKED, .trial = trial, .budget = budget});
    for (int i = 0; i < 3 && level[i] <= budget; i++)
        if (!isnan(loss[i]))
            observe(arms,
                    (struct schedule_event){
                        .kind = SCHEDULE_REPORT, .trial = trial, .budget = budget, .step = level[i], .loss = loss[i]});
    observe(arms, (struct schedule_event){.kind = SCHEDULE_TOLD,
                                          .trial = trial,
                                          .budget = budget,
                                          .loss = budget == 1   ? one
                                                  : budget == 4 ? four
                                                                : sixteen,
                                          .state = budget < 16 ? AFINA_STATE_PAUSED : AFINA_STATE_COMPLETE});
}

static void check(const struct arms *arms, size_t target, const double *expected)
{
    const double level[] = {1, 4, 16};
    double loss[16];
    assert_int_equal(standing_losses(arms, level, 3, target, loss), 0);
    for (size_t i = 0; i < arms->n; i++)
        assert_true(isnan(expected[i]) ? isnan(loss[i])
                                       : loss[i] == expected[i] || fabs(loss[i] - expected[i]) < 1e-12);
}

static void test_arms_change_places_by_higher_levels_and_the_others_stand_between(void **state)
{
    (void)state;
    struct arms arms;
    arms_init(&arms, &context);
    add(&arms, 1, 10, 3);    /* the best at 1, the second at 4 */
    add(&arms, 2, NAN, NAN); /* left behind */
    add(&arms, 3, 6, 7);     /* the best at 4, worse at 16 */
    add(&arms, 4, NAN, NAN);
    add(&arms, 5, 12, NAN); /* a probe */
    check(&arms, 1, (const double[]){6, 8, 10, 11, 12});
    check(&arms, 2, (const double[]){3, 5, 7, 7, 7});
    check(&arms, 0, (const double[]){1, 2, 3, 4, 5});
    arms_fini(&arms);
}

static void test_beyond_all_results_losses_go_on_along_a_line(void **state)
{
    (void)state;
    struct arms arms;
    arms_init(&arms, &context);
    add(&arms, 1, NAN, NAN);
    add(&arms, 2, 10, NAN);
    add(&arms, 3, 12, NAN);
    add(&arms, 4, 16, NAN);
    add(&arms, 5, NAN, NAN);
    check(&arms, 1, (const double[]){8, 10, 12, 16, 20});
    add(&arms, 6, INFINITY, NAN); /* behind the last that has not failed */
    check(&arms, 1, (const double[]){8, 10, 12, 16, INFINITY, INFINITY});
    arms_fini(&arms);
}

static void test_an_arm_without_a_result_at_the_lowest_level_has_no_place(void **state)
{
    (void)state;
    struct arms arms;
    arms_init(&arms, &context);
    add(&arms, 1, 3, NAN);
    add(&arms, 2, NAN, NAN);
    add(&arms, NAN, 1, NAN);
    check(&arms, 1, (const double[]){3, 3, NAN});
    arms_fini(&arms);
}

static void test_without_arms_there_is_nothing_to_say(void **state)
{
    (void)state;
    struct arms arms;
    double loss[1];
    arms_init(&arms, &context);
    assert_int_equal(standing_losses(&arms, (const double[]){1}, 1, 0, loss), 0);
    arms_fini(&arms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arms_change_places_by_higher_levels_and_the_others_stand_between),
        cmocka_unit_test(test_beyond_all_results_losses_go_on_along_a_line),
        cmocka_unit_test(test_an_arm_without_a_result_at_the_lowest_level_has_no_place),
        cmocka_unit_test(test_without_arms_there_is_nothing_to_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
