/* Repeated values ask for distance between points, new ones for less. */
#include "surrogate/flat_cells.h"

#include "surrogate/surrogate_case.h"

struct scene {
    struct gp_record record;
    struct flat_cells flat;
};

static void open_scene(struct scene *s)
{
    gp_record_init(&s->record, 3);
    s->flat = (struct flat_cells){0};
}

static void close_scene(struct scene *s)
{
    gp_record_fini(&s->record);
    flat_cells_fini(&s->flat);
}

static void tell(struct scene *s, double x0, double x1, double category, double loss)
{
    double x[3] = {x0, x1, category};
    OK(flat_cells_told(&s->flat, &s->record, case_dimension, x, loss));
    OK(gp_record_told(&s->record, (int64_t)s->record.told, x, loss, NAN));
}

static int holds(const struct scene *s, double x0, double x1, double category)
{
    double x[3] = {x0, x1, category};
    return flat_cells_hold(&s->flat, &s->record, case_dimension, x);
}

static void test_where_no_value_repeats_no_distance_is_kept(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    for (int i = 0; i < 50; i++)
        tell(&s, 0.02 * i, 0.5, 0, sin(i));
    assert_true(s.flat.apart == 0);
    assert_false(holds(&s, 0.02, 0.5, 0));
    assert_int_equal(s.flat.values, 50);
    for (size_t i = 1; i < s.flat.values; i++)
        assert_true(s.flat.value[i] > s.flat.value[i - 1]);
    close_scene(&s);
}

static void test_a_value_that_repeats_asks_for_distance_and_a_new_one_for_less(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    tell(&s, 0.2, 0.5, 0, 1);
    tell(&s, 0.9, 0.5, 0, 2);
    tell(&s, 0.3, 0.5, 0, 1); /* 0.1 from its like */
    assert_true(fabs(s.flat.apart - 0.15) < 1e-12);
    assert_true(holds(&s, 0.4, 0.5, 0));
    assert_false(holds(&s, 0.46, 0.5, 0));
    assert_false(holds(&s, 0.4, 0.5, 1)); /* another category */
    tell(&s, 0.5, 0.5, 0, 1.5);
    assert_true(fabs(s.flat.apart - 0.1275) < 1e-12);
    for (int i = 0; i < 40; i++)
        tell(&s, 0.3, 0.5, 0, 1);
    assert_true(s.flat.apart == 1); /* at most */
    close_scene(&s);
}

static void test_a_plateau_of_bad_values_and_failures_ask_for_nothing(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    tell(&s, 0.5, 0.5, 0, 1);
    tell(&s, 0.1, 0.1, 0, 9);
    for (int i = 0; i < 20; i++)
        tell(&s, 0.1 + 0.01 * i, 0.1, 0, 9);
    for (int i = 0; i < 20; i++)
        tell(&s, 0.5, 0.6, 0, i % 2 ? NAN : INFINITY);
    assert_true(s.flat.apart == 0);
    assert_int_equal(s.flat.values, 2);
    close_scene(&s);
}

/* As the nearest point has another value, no cell is between the two with the same. */
static void test_equal_values_far_apart_are_no_cell(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    tell(&s, 0.1, 0.5, 0, 1);
    tell(&s, 0.5, 0.5, 0, 2);
    tell(&s, 0.7, 0.5, 0, 1);
    assert_true(s.flat.apart == 0);
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_no_value_repeats_no_distance_is_kept),
        cmocka_unit_test(test_a_value_that_repeats_asks_for_distance_and_a_new_one_for_less),
        cmocka_unit_test(test_a_plateau_of_bad_values_and_failures_ask_for_nothing),
        cmocka_unit_test(test_equal_values_far_apart_are_no_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
