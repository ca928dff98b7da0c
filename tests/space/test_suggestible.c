/* Choices of weight 0 belong to the space, and are left out of what may be suggested. */
#include "space/space_help.h"

static const char *const LETTERS[] = {"a", "b", "c", "d", "e"};

static size_t count_suggestible(const struct space *snapshot, const struct all_points *all)
{
    size_t count = 0;
    for (size_t i = 0; i < all->size; i++)
        count += (size_t)space_is_suggestible(snapshot, all->points[i]);
    return count;
}

/* The lattice of suggestible points is the listing without weight 0, each point once. */
static void test_suggestible_points_equal_their_listing(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 2389, 0, RNG_SUGGEST);
    print_message("seed 2389\n");
    for (int i = 0; i < 600; i++) {
        struct space *space = random_space(&rng, 1 + (size_t)rng_below(&rng, 6), 3);
        struct space *snapshot = snapshot_of(space);
        struct all_points all = list_points(snapshot);
        struct point *point = new_point(snapshot);
        struct lattice *lattice;
        uint64_t rank;
        assert_ok(lattice_suggestible(&lattice, snapshot));
        assert_int_equal(lattice_count(lattice), count_suggestible(snapshot, &all));
        for (uint64_t r = 0; r < lattice_count(lattice); r++) {
            lattice_unrank(lattice, r, point);
            assert_canonical(snapshot, point);
            assert_true(space_is_suggestible(snapshot, point));
            assert_ok(lattice_rank(lattice, point, &rank));
            assert_int_equal(rank, r);
        }
        lattice_free(lattice);
        point_free(point);
        free_points(&all);
        space_release(snapshot);
        space_free(space);
    }
}

/* Of 2,000 x 2,000 points only one may be suggested: it is found without a search. */
static void test_the_only_suggestible_point_of_four_million(void **state)
{
    (void)state;
    enum { CHOICES = 2000 };
    static double weights[CHOICES] = {[1234] = 1};
    static char texts[CHOICES][8];
    static const char *choices[CHOICES];
    for (int i = 0; i < CHOICES; i++) {
        text_format(texts[i], sizeof texts[i], "%d", i);
        choices[i] = texts[i];
    }
    struct space *space = new_space();
    assert_ok(space_add_choices(space, "x", AFINA_KIND_CATEGORICAL, choices, CHOICES));
    assert_ok(space_add_choices(space, "y", AFINA_KIND_ORDINAL, choices, CHOICES));
    assert_ok(space_set_weights(space, "x", weights, CHOICES));
    assert_ok(space_set_weights(space, "y", weights, CHOICES));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    struct lattice *lattice;
    assert_ok(lattice_new(&lattice, snapshot));
    assert_int_equal(lattice_count(lattice), 4000000);
    lattice_free(lattice);
    assert_ok(lattice_suggestible(&lattice, snapshot));
    assert_int_equal(lattice_count(lattice), 1);
    lattice_unrank(lattice, 0, point);
    assert_int_equal(point->value[0].integer, 1234);
    assert_int_equal(point->value[1].integer, 1234);
    lattice_free(lattice);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* Three levels of the four choices that have a weight: none has weight 0, none comes twice. */
static void test_levels_of_a_grid_skip_choices_of_weight_zero(void **state)
{
    (void)state;
    struct space *space = new_space();
    assert_ok(space_add_choices(space, "x", AFINA_KIND_ORDINAL, LETTERS, 5));
    assert_ok(space_set_weights(space, "x", (double[]){8, 1, 0, 1, 1}, 5));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    struct lattice *lattice;
    assert_ok(lattice_grid(&lattice, snapshot, (const uint64_t[]){3}));
    assert_int_equal(lattice_count(lattice), 3);
    int64_t before = -1;
    for (uint64_t r = 0; r < 3; r++) {
        lattice_unrank(lattice, r, point);
        assert_true(space_is_suggestible(snapshot, point));
        assert_true(point->value[0].integer > before);
        before = point->value[0].integer;
    }
    lattice_free(lattice);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

/* "d" is the host's default but has weight 0: a method starts from "b", the most probable. */
static struct space *space_with_weightless_default(void)
{
    struct space *space = new_space();
    assert_ok(space_add_integer(space, "switch", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_set_default_integer(space, "switch", 0));
    assert_ok(space_add_choices(space, "x", AFINA_KIND_CATEGORICAL, LETTERS, 5));
    assert_ok(space_set_default_string(space, "x", "d"));
    assert_ok(space_set_weights(space, "x", (double[]){1, 3, 1, 0, 3}, 5));
    assert_ok(space_add_condition(space, "x", "switch", AFINA_COMPARE_EQUAL, 1));
    return space;
}

static void test_a_default_of_weight_zero_is_for_the_host_alone(void **state)
{
    (void)state;
    struct space *space = space_with_weightless_default(), *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot), *next = new_point(snapshot);
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    space_defaults(snapshot, point);
    assert_int_equal(point->value[1].integer, 3);
    assert_int_equal(parameter_suggestible_default(&snapshot->parameters[1]).integer, 1);
    space_default(snapshot, point);
    assert_int_equal(space_mutate(snapshot, point, 0, 0.1, &rng, next), 1);
    assert_true(next->active[1]);
    assert_int_equal(next->value[1].integer, 1);
    space_decode(snapshot, (const double[]){1, ENCODED_INACTIVE}, next);
    assert_int_equal(next->value[1].integer, 1);
    point_free(point);
    point_free(next);
    space_release(snapshot);
    space_free(space);
}

static void test_an_inactive_choice_of_weight_zero_does_not_count(void **state)
{
    (void)state;
    struct space *space = space_with_weightless_default(), *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    space_defaults(snapshot, point);
    assert_int_equal(space_is_suggestible(snapshot, point), 1);
    point->value[0].integer = 1;
    space_resolve(snapshot, point, 0);
    assert_int_equal(space_is_suggestible(snapshot, point), 0);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suggestible_points_equal_their_listing),
        cmocka_unit_test(test_the_only_suggestible_point_of_four_million),
        cmocka_unit_test(test_levels_of_a_grid_skip_choices_of_weight_zero),
        cmocka_unit_test(test_a_default_of_weight_zero_is_for_the_host_alone),
        cmocka_unit_test(test_an_inactive_choice_of_weight_zero_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
