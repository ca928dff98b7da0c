/* tpe through the public API: what it finds on each kind of space. What every search does is
 * in contract/test_search.c. */
#include "support/search_study.h"

static void test_branin_to_a_tenth_in_a_hundred_trials(void **state)
{
    (void)state;
    double tpe = median_of(SEEDS, two_numbers, "tpe", branin, 100);
    assert_true(tpe < 0.397887358 + 0.1);
    assert_true(median_of(SEEDS, two_numbers, "random", branin, 100) > 0.397887358 + 0.25);
}

/* Twelve categories of six choices; the best of each is another one. */
static afina_optimizer *categories_study(const char *method)
{
    static const char *const choices[] = {"a", "b", "c", "d", "e", "f"};
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int j = 0; j < 12; j++) {
        char name[24];
        snprintf(name, sizeof name, "k%d", j);
        OK(afina_space_add_categorical(space, name, choices, 6));
    }
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static double wrong_choices(const afina_point *point)
{
    double wrong = 0;
    for (int j = 0; j < 12; j++) {
        char name[24];
        const char *choice;
        snprintf(name, sizeof name, "k%d", j);
        OK(afina_point_get_string(point, name, &choice));
        wrong += (choice[0] - 'a' + j) % 6 != 3;
    }
    return wrong;
}

static void test_categories_are_learned(void **state)
{
    (void)state;
    double tpe = median_of(SEEDS, categories_study, "tpe", wrong_choices, 150);
    assert_true(tpe <= 3);
    assert_true(median_of(SEEDS, categories_study, "random", wrong_choices, 150) >= tpe + 3);
}

static void test_univariate_finds_a_bowl_too(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("tpe");
    OK(afina_optimizer_set_string(optimizer, "univariate", "yes"));
    run(optimizer, small_value, 80);
    assert_true(best_value(optimizer) < 0.1);
    afina_optimizer_free(optimizer);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("tpe");
    FAILS(afina_optimizer_set_real(optimizer, "gamma", 0.75), AFINA_E_RANGE, "0.5");
    FAILS(afina_optimizer_set_integer(optimizer, "candidates", 0), AFINA_E_RANGE, "1");
    FAILS(afina_optimizer_set_string(optimizer, "univariate", "maybe"), AFINA_E_RANGE, "yes");
    FAILS(afina_optimizer_set_real(optimizer, "gama", 0.1), AFINA_E_NAME, "gamma");
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branin_to_a_tenth_in_a_hundred_trials),
        cmocka_unit_test(test_categories_are_learned),
        cmocka_unit_test(test_univariate_finds_a_bowl_too),
        cmocka_unit_test(test_options_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
