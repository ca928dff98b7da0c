/* auto: when it asks the model, when the cheap methods, and what comes of it. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "support/hand.h"
#include "support/search_study.h"

enum { MODEL = 0 };

static struct space *cube_of(size_t d)
{
    struct space *space;
    OK(space_new(&space));
    for (size_t j = 0; j < d; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", j);
        OK(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    return space;
}

static double bowl(const struct point *point)
{
    double loss = 0;
    for (size_t j = 0; j < point->size; j++)
        loss += (point->value[j].real - 0.385) * (point->value[j].real - 0.385);
    return loss;
}

/* Asks and tells; how many of the trials from `first` on were the model's. */
static size_t model_trials(struct hand *hand, size_t first, size_t end)
{
    size_t count = 0;
    for (size_t i = hand->size; i < end; i++) {
        double loss = bowl(hand_next(hand));
        hand_tell(hand, i, &loss);
        count += i >= first && hand->log[i].note[0] == MODEL;
    }
    return count;
}

static void test_no_name_means_auto(void **state)
{
    (void)state;
    static char text[4096];
    size_t length;
    afina_optimizer *optimizer = small_optimizer(NULL);
    OK(afina_optimizer_to_log(optimizer, text, sizeof text, &length));
    assert_non_null(strstr(text, "\"auto\""));
    afina_optimizer_free(optimizer);
}

static void test_while_the_model_lasts_it_is_gp(void **state)
{
    (void)state;
    afina_optimizer *automatic = small_optimizer("auto"), *gp = small_optimizer("gp");
    for (int i = 0; i < 30; i++) {
        small_step(automatic);
        small_step(gp);
        assert_true(number_of(automatic, i, "x") == number_of(gp, i, "x"));
    }
    afina_optimizer_free(automatic);
    afina_optimizer_free(gp);
}

/* Three quarters of the trials up to 100, and 0.75 (100 / n)^2 of those up to 1000: 68 of
 * them. Turns come in bursts of 20: deviations of 17 and 35. */
static void test_then_the_model_asks_ever_less(void **state)
{
    (void)state;
    struct space *space = cube_of(2);
    struct hand hand;
    hand_start(&hand, "auto", space, 3);
    hand_set_integer(&hand, "model_trials", 20);
    assert_int_equal(model_trials(&hand, 0, 20), 20);
    assert_in_range(model_trials(&hand, 20, 100), 20, 79);
    assert_in_range(model_trials(&hand, 100, 1000), 10, 160);
    hand_end(&hand);
    space_free(space);
}

static void test_every_cheap_method_has_a_share(void **state)
{
    (void)state;
    struct space *space = cube_of(2);
    struct hand hand;
    size_t count[8] = {0};
    hand_start(&hand, "auto", space, 17);
    hand_set_integer(&hand, "model_trials", 1);
    model_trials(&hand, 0, 400);
    for (size_t i = 0; i < 400; i++)
        count[(size_t)hand.log[i].note[0]]++;
    assert_in_range(count[1], 35, 340); /* tpe: 0.15 of 400 are 60, deviation 7 */
    assert_in_range(count[2], 35, 340); /* de */
    hand_end(&hand);
    space_free(space);
}

/* Results from elsewhere cost the model no time that a host would notice. */
static void test_what_the_host_brings_does_not_count(void **state)
{
    (void)state;
    struct space *space = cube_of(2);
    struct hand hand;
    struct point *mine;
    hand_start(&hand, "auto", space, 7);
    hand_set_integer(&hand, "model_trials", 20);
    OK(point_new(&mine, hand.context.space));
    space_default(hand.context.space, mine);
    for (size_t i = 0; i < 40; i++) {
        mine->value[0].real = ((double)i + 0.5) / 40;
        hand_enqueue(&hand, mine);
        double loss = bowl(mine);
        hand_tell(&hand, i, &loss);
    }
    assert_int_equal(model_trials(&hand, 40, 60), 20);
    point_free(mine);
    hand_end(&hand);
    space_free(space);
}

/* The model counts a limited number of pending trials. */
static void test_many_running_trials_are_the_cheap_methods_work(void **state)
{
    (void)state;
    enum { TOLD = 8, RUNNING = 200, MORE = 100 };
    struct space *space = cube_of(2);
    struct hand hand;
    hand_start(&hand, "auto", space, 5);
    hand_set_integer(&hand, "model_trials", 1000);
    model_trials(&hand, 0, TOLD);
    for (size_t i = TOLD; i < TOLD + RUNNING + MORE; i++) {
        hand_next(&hand);
        assert_int_equal(hand.log[i].note[0] == MODEL, i < TOLD + RUNNING);
    }
    hand_end(&hand);
    space_free(space);
}

/* Nothing but a ball of radius a quarter is below the plateau. */
static double plateau(const afina_point *point)
{
    double a = real(point, "x0") - 0.7, b = real(point, "x1") - 0.4, c = real(point, "x2") - 0.6;
    return fmin(1, 16 * (a * a + b * b + c * c));
}

static afina_optimizer *three_study(const char *method)
{
    return cube(3, method);
}

static void test_a_plateau_is_left(void **state)
{
    (void)state;
    int seeds = getenv("AFINA_TEST_QUICK") ? 1 : 5;
    assert_true(median_of(seeds, three_study, "auto", plateau, 120) < 1e-3);
}

static afina_optimizer *short_model(const char *method)
{
    afina_optimizer *optimizer = cube(5, method);
    if (strcmp(method, "auto") == 0)
        OK(afina_optimizer_set_integer(optimizer, "model_trials", 30));
    return optimizer;
}

/* Ten parabolas along each axis: a rugged bowl that 30 trials do not solve. */
static double rugged(const afina_point *point)
{
    double loss = 0;
    for (size_t j = 0; j < 5; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", j);
        double z = 5 * (real(point, name) - 0.385);
        loss += z * z + 1 - cos(6.28318530717958647692 * z);
    }
    return loss;
}

static void test_the_search_goes_on_after_the_model(void **state)
{
    (void)state;
    int seeds = getenv("AFINA_TEST_QUICK") ? 1 : 3;
    double early = median_of(seeds, short_model, "auto", rugged, 60);
    double late = median_of(seeds, short_model, "auto", rugged, 600);
    double random = median_of(seeds, short_model, "random", rugged, 600);
    assert_true(late < early / 10);
    assert_true(late < random / 10);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("auto");
    FAILS(afina_optimizer_set_integer(optimizer, "model_trials", -1), AFINA_E_RANGE, "model_trials");
    FAILS(afina_optimizer_set_integer(optimizer, "model_trial", 20), AFINA_E_NAME, "model_trials");
    afina_optimizer_free(optimizer);
}

static void test_a_long_study_replays_over_the_change_of_methods(void **state)
{
    (void)state;
    int64_t number;
    afina_optimizer *optimizer = small_optimizer("auto");
    OK(afina_optimizer_set_integer(optimizer, "model_trials", 12));
    for (int i = 0; i < 120; i++)
        small_step(optimizer);
    OK(afina_optimizer_replay(optimizer, &number));
    assert_int_equal(number, -1);
    afina_optimizer_free(optimizer);
}

static void test_failures_teach(void **state)
{
    (void)state;
    int beyond = 0;
    for (int64_t seed = 1; seed <= 5; seed++) {
        afina_optimizer *optimizer = cube(2, "auto");
        OK(afina_optimizer_set_integer(optimizer, "seed", seed));
        OK(afina_optimizer_set_integer(optimizer, "model_trials", 20));
        run(optimizer, failing, 150);
        for (int64_t i = 100; i < 150; i++)
            beyond += number_of(optimizer, i, "x0") > 0.75;
        assert_true(best_value(optimizer) < 0.501);
        afina_optimizer_free(optimizer);
    }
    assert_in_range(beyond, 0, 25); /* a quarter of 250 at random */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_name_means_auto),
        cmocka_unit_test(test_while_the_model_lasts_it_is_gp),
        cmocka_unit_test(test_then_the_model_asks_ever_less),
        cmocka_unit_test(test_every_cheap_method_has_a_share),
        cmocka_unit_test(test_what_the_host_brings_does_not_count),
        cmocka_unit_test(test_many_running_trials_are_the_cheap_methods_work),
        cmocka_unit_test(test_a_plateau_is_left),
        cmocka_unit_test(test_the_search_goes_on_after_the_model),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_a_long_study_replays_over_the_change_of_methods),
        cmocka_unit_test(test_failures_teach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
