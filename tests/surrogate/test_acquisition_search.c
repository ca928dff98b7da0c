/* The search finds the greatest acquisition of a process, whatever the space. */
#include "surrogate/acquisition_search.h"

#include "surrogate/surrogate_case.h"

#include "core/mem.h"

/* A search and a process trained on `n` prior draws of a smooth function. */
struct scene {
    struct space *space;
    struct acquisition_search search;
    struct gaussian_process gp;
    struct acquisition acquisition;
    double incumbent[8];
};

static double height(const double *x, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += (x[j] - 0.385) * (x[j] - 0.385) * (double)(j + 1);
    return sum;
}

static void open_scene(struct scene *s, const struct space *building, size_t n, double length)
{
    double theta[9], x[8], y[64], least = INFINITY;
    struct point *point;
    struct rng rng;
    OK(space_snapshot(&s->space, building));
    OK(acquisition_search_init(&s->search, s->space, 256));
    size_t d = s->search.d;
    for (size_t j = 0; j < d; j++)
        theta[j] = log(length);
    theta[d] = log(1e-4);
    OK(gp_init(&s->gp, s->search.dimension, d, KERNEL_MATERN52));
    OK(gp_reserve(&s->gp, n));
    OK(point_new(&point, s->space));
    gp_clear(&s->gp, theta);
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (size_t i = 0; i < n; i++) {
        OK(space_sample(s->space, &rng, point));
        space_encode(s->space, point, x);
        y[i] = height(x, d);
        if (y[i] < least) {
            least = y[i];
            memcpy(s->incumbent, x, d * sizeof *x);
        }
        gp_add(&s->gp, x);
    }
    gp_factor(&s->gp);
    gp_train(&s->gp, y);
    s->acquisition = (struct acquisition){.kind = ACQUISITION_LOG_EI, .best = least};
    point_free(point);
}

static void close_scene(struct scene *s)
{
    gp_fini(&s->gp);
    acquisition_search_fini(&s->search);
    space_release(s->space);
}

static void run(struct scene *s, uint64_t trial)
{
    struct rng rng;
    rng_start(&rng, 7, trial, RNG_SUGGEST);
    acquisition_search_run(&s->search, &s->gp, NULL, &s->acquisition, s->incumbent, 1, &rng);
}

static double value_at(const struct scene *s, const double *x)
{
    double mean, variance;
    gp_predict(&s->gp, x, 1, &mean, &variance);
    return acquisition_value(&s->acquisition, mean, variance, NULL, NULL);
}

static struct space *square(void)
{
    struct space *space;
    OK(space_new(&space));
    OK(space_add_real(space, "x", -5, 10, AFINA_SCALE_LINEAR));
    OK(space_add_real(space, "y", 1e-4, 1, AFINA_SCALE_LOG));
    return space;
}

static void test_no_point_of_a_fine_grid_is_better(void **state)
{
    (void)state;
    struct space *building = square();
    struct scene s;
    open_scene(&s, building, 12, 0.4);
    run(&s, 0);
    double found = value_at(&s, acquisition_search_candidate(&s.search, 0));
    for (int i = 0; i <= 100; i++)
        for (int j = 0; j <= 100; j++) {
            double x[2] = {i / 100.0, j / 100.0};
            assert_true(value_at(&s, x) <= found + 1e-3);
        }
    close_scene(&s);
    space_free(building);
}

static void test_candidates_are_ranked_and_encodings_of_points(void **state)
{
    (void)state;
    struct space *building = square();
    struct scene s;
    open_scene(&s, building, 8, 0.3);
    run(&s, 1);
    struct point *point;
    OK(point_new(&point, s.space));
    double before = INFINITY, x[2];
    for (size_t k = 0; k < s.search.pool.count; k++) {
        const double *row = acquisition_search_candidate(&s.search, k);
        double value = value_at(&s, row);
        assert_true(value <= before + 1e-9);
        before = value;
        space_decode(s.space, row, point);
        space_encode(s.space, point, x);
        assert_near(x[0], row[0], 1e-12);
        assert_near(x[1], row[1], 1e-12);
    }
    point_free(point);
    close_scene(&s);
    space_free(building);
}

static void test_same_stream_same_bits(void **state)
{
    (void)state;
    struct space *building = square();
    struct scene s;
    double first[2];
    open_scene(&s, building, 8, 0.3);
    run(&s, 2);
    memcpy(first, acquisition_search_candidate(&s.search, 0), sizeof first);
    run(&s, 3);
    run(&s, 2);
    assert_memory_equal(first, acquisition_search_candidate(&s.search, 0), sizeof first);
    close_scene(&s);
    space_free(building);
}

static struct space *tree(void)
{
    static const char *const kinds[] = {"a", "b", "c", "d"};
    static const char *const some[] = {"b", "d"};
    static const double weights[] = {1, 2.5, 0, 1};
    struct space *space;
    OK(space_new(&space));
    OK(space_add_choices(space, "kind", AFINA_KIND_CATEGORICAL, kinds, 4));
    OK(space_set_weights(space, "kind", weights, 4));
    OK(space_add_real(space, "rate", 1e-5, 1, AFINA_SCALE_LOG));
    OK(space_add_integer(space, "wide", 1, 5000, AFINA_SCALE_LOG));
    OK(space_add_integer(space, "few", 0, 5, AFINA_SCALE_LINEAR));
    OK(space_add_condition_in(space, "rate", "kind", some, 2));
    OK(space_add_condition(space, "wide", "few", AFINA_COMPARE_GREATER, 2));
    OK(space_add_real(space, "constant", 2.385, 2.385, AFINA_SCALE_LINEAR));
    return space;
}

/* Every point with kind in {a, b, d}, few in 0..5 and a grid of the others. */
static void test_mixed_and_conditional_spaces_are_searched_whole(void **state)
{
    (void)state;
    struct space *building = tree();
    struct scene s;
    open_scene(&s, building, 20, 0.8);
    run(&s, 0);
    const double *best = acquisition_search_candidate(&s.search, 0);
    double found = value_at(&s, best);
    struct point *point;
    OK(point_new(&point, s.space));
    for (size_t k = 0; k < s.search.pool.count; k++)
        assert_true(acquisition_search_candidate(&s.search, k)[0] != 2); /* weight 0 */
    for (int kind = 0; kind < 4; kind++)
        for (int few = 0; few < 6; few++)
            for (int i = 0; i <= 20; i++)
                for (int k = 0; k <= 20; k++) {
                    double x[5] = {kind, i / 20.0, k / 20.0, (few + 0.5) / 6, 0.5};
                    space_decode(s.space, x, point);
                    space_encode(s.space, point, x);
                    if (kind != 2)
                        assert_true(value_at(&s, x) <= found + 0.02);
                }
    point_free(point);
    close_scene(&s);
    space_free(building);
}

static void test_after_one_observation_the_best_is_far_from_it(void **state)
{
    (void)state;
    struct space *building = square();
    struct scene s;
    open_scene(&s, building, 1, 0.4);
    run(&s, 0);
    const double *x = acquisition_search_candidate(&s.search, 0);
    assert_true(hypot(x[0] - s.incumbent[0], x[1] - s.incumbent[1]) > 0.4);
    close_scene(&s);
    space_free(building);
}

static void test_a_space_of_constants_has_candidates(void **state)
{
    (void)state;
    struct space *building;
    struct scene s;
    OK(space_new(&building));
    OK(space_add_integer(building, "one", 5, 5, AFINA_SCALE_LINEAR));
    open_scene(&s, building, 2, 0.4);
    run(&s, 0);
    assert_true(s.search.pool.count > 0);
    assert_true(acquisition_search_candidate(&s.search, 0)[0] == s.incumbent[0]);
    close_scene(&s);
    space_free(building);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_point_of_a_fine_grid_is_better),
        cmocka_unit_test(test_candidates_are_ranked_and_encodings_of_points),
        cmocka_unit_test(test_same_stream_same_bits),
        cmocka_unit_test(test_mixed_and_conditional_spaces_are_searched_whole),
        cmocka_unit_test(test_after_one_observation_the_best_is_far_from_it),
        cmocka_unit_test(test_a_space_of_constants_has_candidates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
