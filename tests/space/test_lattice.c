/* Counting, ranking and unranking, against the listing of every combination. */
#include "space/space_help.h"

/* One space: the same number of points, and a bijection of ranks and points. */
static void check_against_listing(const struct space *snapshot_const)
{
    struct space *snapshot = (struct space *)snapshot_const;
    struct all_points all = list_points(snapshot);
    struct point_set ranked = {0};
    struct lattice *lattice;
    assert_ok(lattice_new(&lattice, snapshot));
    assert_int_equal(lattice_count(lattice), all.size);
    struct point **points = mem_new(all.size, sizeof *points);
    for (size_t r = 0; r < all.size; r++) {
        uint64_t rank;
        points[r] = new_point(snapshot);
        lattice_unrank(lattice, r, points[r]);
        assert_canonical(snapshot, points[r]);
        assert_true(point_set_contains(&all.set, points[r]));
        assert_ok(point_set_add(&ranked, points[r]));
        assert_ok(lattice_rank(lattice, points[r], &rank));
        assert_int_equal(rank, r);
    }
    assert_int_equal(ranked.size, all.size);
    for (size_t r = 0; r < all.size; r++)
        point_free(points[r]);
    mem_free(points);
    point_set_fini(&ranked);
    lattice_free(lattice);
    free_points(&all);
}

static void check_random_spaces(uint64_t seed, int spaces, size_t most, unsigned conditions_of_eight)
{
    struct rng rng;
    rng_start(&rng, seed, 0, RNG_SUGGEST);
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < spaces; i++) {
        struct space *space = random_space(&rng, 1 + (size_t)rng_below(&rng, most), conditions_of_eight);
        struct space *snapshot = snapshot_of(space);
        check_against_listing(snapshot);
        space_release(snapshot);
        space_free(space);
    }
}

static void test_unconditional_spaces_equal_their_listing(void **state)
{
    (void)state;
    check_random_spaces(2385, 150, 5, 0);
}

static void test_sparse_conditions_equal_their_listing(void **state)
{
    (void)state;
    check_random_spaces(2386, 500, 6, 2);
}

static void test_entangled_conditions_equal_their_listing(void **state)
{
    (void)state;
    check_random_spaces(2387, 500, 6, 5);
}

/* n in 1..3 switches on a (4 values, n >= 2) and b (5, n >= 3): 1 + 4 + 20. */
static void test_count_of_layers(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice;
    assert_ok(space_add_integer(space, "a", 1, 4, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "b", 1, 5, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "n", 1, 3, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition(space, "a", "n", AFINA_COMPARE_GREATER_EQUAL, 2));
    assert_ok(space_add_condition(space, "b", "n", AFINA_COMPARE_GREATER_EQUAL, 3));
    struct space *snapshot = snapshot_of(space);
    assert_ok(lattice_new(&lattice, snapshot));
    assert_int_equal(lattice_count(lattice), 25);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* A chain of 10,000 switches, each needing the one before to be on. */
static void test_deep_nesting_counts(void **state)
{
    (void)state;
    enum { DEPTH = SPACE_MAX_PARAMETERS };
    static const char *const choices[] = {"off", "on"};
    char name[16], parent[16] = "";
    struct space *space = new_space();
    struct lattice *lattice;
    uint64_t rank;
    for (int i = 0; i < DEPTH; i++) {
        snprintf(name, sizeof name, "s%d", i);
        assert_ok(space_add_choices(space, name, AFINA_KIND_CATEGORICAL, choices, 2));
        if (i > 0)
            assert_ok(space_add_condition_in(space, name, parent, &choices[1], 1));
        memcpy(parent, name, sizeof parent);
    }
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    assert_ok(lattice_new(&lattice, snapshot));
    assert_int_equal(lattice_count(lattice), DEPTH + 1);
    for (uint64_t r = 0; r <= DEPTH; r += 1234) {
        lattice_unrank(lattice, r, point);
        assert_ok(lattice_rank(lattice, point, &rank));
        assert_int_equal(rank, r);
    }
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* F53: the count ends a search, so it is exact: 26 configurations, not 27. */
static void test_small_space_is_counted_exactly(void **state)
{
    (void)state;
    static const char *const letters[] = {"x", "y"};
    struct space *space = new_space();
    struct lattice *lattice;
    assert_ok(space_add_integer(space, "i", 1, 5, AFINA_SCALE_LOG));
    assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, letters, 2));
    assert_ok(space_add_integer(space, "k", 0, 15, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition(space, "k", "i", AFINA_COMPARE_EQUAL, 5));
    assert_ok(space_add_condition_in(space, "k", "c", letters, 1));
    struct space *snapshot = snapshot_of(space);
    assert_ok(lattice_new(&lattice, snapshot));
    assert_int_equal(lattice_count(lattice), 9 + 16);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* F56: 2^60 and more cells cost nothing. */
static void test_huge_grid_is_lazy(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice;
    char name[8];
    for (int i = 0; i < 7; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_ok(space_add_integer(space, name, -255, 256, AFINA_SCALE_LINEAR));
    }
    struct space *snapshot = snapshot_of(space);
    assert_ok(lattice_new(&lattice, snapshot));
    uint64_t count = lattice_count(lattice);
    assert_true(count == (uint64_t)1 << 63);
    const uint64_t ranks[] = {0, 1, 2385, count / 3, count - 1};
    assert_ranks_come_back(lattice, snapshot, ranks, sizeof ranks / sizeof *ranks);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

static void test_counts_saturate(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice;
    assert_ok(space_add_integer(space, "a", INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "b", 1, 3, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition(space, "b", "a", AFINA_COMPARE_LESS, 0));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    assert_ok(lattice_new(&lattice, snapshot));
    assert_true(lattice_count(lattice) == UINT64_MAX);
    lattice_unrank(lattice, 7, point);
    assert_canonical(snapshot, point);
    lattice_unrank(lattice, UINT64_MAX - 1, point);
    assert_canonical(snapshot, point);
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

static void test_a_continuous_space_has_no_ranks(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice = NULL;
    assert_ok(space_add_integer(space, "n", 1, 3, AFINA_SCALE_LINEAR));
    assert_ok(space_add_real(space, "momentum", 0, 0.99, AFINA_SCALE_LINEAR));
    struct space *snapshot = snapshot_of(space);
    assert_int_equal(lattice_new(&lattice, snapshot), AFINA_E_UNSUPPORTED);
    assert_null(lattice);
    assert_error_names("momentum");
    space_release(snapshot);
    space_free(space);
}

/* ---------------------------------------------------------------------- grids */

static double grid_real(const struct lattice *lattice, struct point *point, uint64_t rank, size_t i)
{
    lattice_unrank(lattice, rank, point);
    return point->value[i].real;
}

static void test_grid_levels_are_even_on_the_scale(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice;
    assert_ok(space_add_real(space, "rate", 1e-4, 1, AFINA_SCALE_LOG));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    assert_ok(lattice_grid(&lattice, snapshot, (uint64_t[]){5}));
    assert_int_equal(lattice_count(lattice), 5);
    assert_true(same_bits(grid_real(lattice, point, 0, 0), 1e-4));
    assert_near(grid_real(lattice, point, 2, 0), 1e-2, 1e-14);
    assert_true(same_bits(grid_real(lattice, point, 4, 0), 1));
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* 1, 2, 3, 5, 11, ..., 1024 rather than 1, 103, 206, ... */
static void test_grid_of_an_integer_on_a_log_scale_grows_by_a_factor(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice;
    assert_ok(space_add_integer(space, "units", 1, 1024, AFINA_SCALE_LOG));
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    assert_ok(lattice_grid(&lattice, snapshot, (uint64_t[]){11}));
    int64_t before = 0;
    for (uint64_t r = 0; r < 11; r++) {
        lattice_unrank(lattice, r, point);
        assert_true(point->value[0].integer > before);
        assert_true(r == 0 || (double)point->value[0].integer <= 2.25 * (double)before);
        before = point->value[0].integer;
    }
    assert_int_equal(before, 1024);
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* Levels that fall into one cell move to its neighbours. */
static void test_grid_levels_are_distinct(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 2388, 0, RNG_SUGGEST);
    print_message("seed 2388\n");
    for (int i = 0; i < 300; i++) {
        struct space *space = new_space();
        struct lattice *lattice;
        int64_t low = 1 + (int64_t)rng_below(&rng, 4), high = low + 1 + (int64_t)rng_below(&rng, 60);
        int32_t scale = (int32_t)rng_below(&rng, 3);
        assert_ok(space_add_integer(space, "n", low, high, scale));
        if (scale == AFINA_SCALE_LINEAR)
            assert_ok(space_set_prior(space, "n", AFINA_PRIOR_NORMAL, 0.5 * (double)(low + high), 3));
        struct space *snapshot = snapshot_of(space);
        struct point *point = new_point(snapshot);
        uint64_t levels = 1 + rng_below(&rng, (uint64_t)(high - low + 1)), rank;
        assert_ok(lattice_grid(&lattice, snapshot, &levels));
        assert_int_equal(lattice_count(lattice), levels);
        int64_t before = low - 1;
        for (uint64_t r = 0; r < levels; r++) {
            lattice_unrank(lattice, r, point);
            assert_true(point->value[0].integer > before && point->value[0].integer <= high);
            before = point->value[0].integer;
            assert_ok(lattice_rank(lattice, point, &rank));
            assert_int_equal(rank, r);
        }
        point_free(point);
        lattice_free(lattice);
        space_release(snapshot);
        space_free(space);
    }
}

/* A condition on a parent whose level values are not the ones it names. */
static void test_grid_obeys_conditions(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice;
    static const char *const three[] = {"3"};
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "n", 0, 100, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "child", 1, 2, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "never", 1, 2, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition(space, "child", "x", AFINA_COMPARE_GREATER, 0.5));
    assert_ok(space_add_condition_in(space, "never", "n", three, 1));
    struct space *snapshot = snapshot_of(space);
    assert_ok(lattice_grid(&lattice, snapshot, (uint64_t[]){4, 3, 0, 0}));
    assert_int_equal(lattice_count(lattice), (2 + 2 * 2) * 3);
    lattice_free(lattice);
    assert_ok(lattice_grid(&lattice, snapshot, (uint64_t[]){4, 101, 0, 0}));
    assert_int_equal(lattice_count(lattice), (2 + 2 * 2) * (100 + 2));
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

static void test_rank_of_a_point_off_the_grid_is_that_of_the_nearest(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct lattice *lattice;
    uint64_t rank;
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot);
    assert_ok(lattice_grid(&lattice, snapshot, (uint64_t[]){11}));
    point->value[0].real = 0.2385;
    assert_ok(lattice_rank(lattice, point, &rank));
    assert_int_equal(rank, 2);
    point->value[0].real = 0.26;
    assert_ok(lattice_rank(lattice, point, &rank));
    assert_int_equal(rank, 3);
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* Five levels of x, ends included, have a fifth of the cube each; b comes with the upper two. */
static void test_a_row_of_the_unit_cube_falls_into_cells_of_even_width(void **state)
{
    (void)state;
    static const double u[] = {0.001, 0.199, 0.201, 0.5, 0.601, 0.999, 1};
    static const double x[] = {0, 0, 0.25, 0.5, 0.75, 1, 1};
    struct space *space = new_space();
    struct lattice *lattice;
    assert_ok(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(space, "b", 1, 3, AFINA_SCALE_LINEAR));
    assert_ok(space_add_condition(space, "b", "x", AFINA_COMPARE_GREATER, 0.7));
    struct space *snapshot = snapshot_of(space);
    assert_ok(lattice_grid(&lattice, snapshot, (uint64_t[]){5, 0}));
    struct point *point = new_point(snapshot);
    for (size_t i = 0; i < sizeof u / sizeof *u; i++) {
        lattice_from_unit(lattice, (double[]){u[i], 0.34}, point);
        assert_canonical(snapshot, point);
        assert_true(point->value[0].real == x[i]);
        assert_int_equal(point->active[1], x[i] > 0.7);
        assert_int_equal(point->value[1].integer, x[i] > 0.7 ? 2 : 0);
    }
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unconditional_spaces_equal_their_listing),
        cmocka_unit_test(test_sparse_conditions_equal_their_listing),
        cmocka_unit_test(test_entangled_conditions_equal_their_listing),
        cmocka_unit_test(test_count_of_layers),
        cmocka_unit_test(test_deep_nesting_counts),
        cmocka_unit_test(test_small_space_is_counted_exactly),
        cmocka_unit_test(test_huge_grid_is_lazy),
        cmocka_unit_test(test_counts_saturate),
        cmocka_unit_test(test_a_continuous_space_has_no_ranks),
        cmocka_unit_test(test_grid_levels_are_even_on_the_scale),
        cmocka_unit_test(test_grid_of_an_integer_on_a_log_scale_grows_by_a_factor),
        cmocka_unit_test(test_grid_levels_are_distinct),
        cmocka_unit_test(test_grid_obeys_conditions),
        cmocka_unit_test(test_a_row_of_the_unit_cube_falls_into_cells_of_even_width),
        cmocka_unit_test(test_rank_of_a_point_off_the_grid_is_that_of_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
