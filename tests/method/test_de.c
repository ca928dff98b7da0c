/* de through the public API: an oblique valley, and populations of every size. What every
 * search does is in contract/test_search.c. */
#include "support/search_study.h"

/* A valley that is oblique to the axes, where steps must learn its direction. */
static double valley(const afina_point *point)
{
    double a = real(point, "x0") - 0.385, b = real(point, "x1") - 0.615;
    return 1000 * (a - b) * (a - b) + a * a;
}

static void test_an_oblique_valley_is_followed(void **state)
{
    (void)state;
    assert_true(median_of(SEEDS, two_numbers, "de", valley, 500) < 1e-6);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("de");
    FAILS(afina_optimizer_set_integer(optimizer, "population", 501), AFINA_E_RANGE, "500");
    FAILS(afina_optimizer_set_integer(optimizer, "populations", 20), AFINA_E_NAME, "population");
    afina_optimizer_free(optimizer);
}

static void test_any_population_works(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 4, 7, 100, 500};
    assert_sizes_work("de", "population", sizes, LENGTH(sizes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_oblique_valley_is_followed),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_any_population_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
