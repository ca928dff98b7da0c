/* design: every cell of the grid once, in an order that spreads; and the Latin and
 * Korobov designs it draws by. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "core/mem.h"
#include "numeric/korobov.h"
#include "numeric/latin.h"
#include "support/hand.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char *const sequences[] = {"uniform", "sobol",          "halton",      "korobov",
                                        "latin",   "latin_improved", "latin_sudoku"};

/* The width only with two of three shapes. */
static struct space *small_tree(void)
{
    const char *const shapes[] = {"flat", "round", "long"};
    const char *const wide[] = {"long", "round"};
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_choices(space, "shape", AFINA_KIND_CATEGORICAL, shapes, 3), 0);
    assert_int_equal(space_add_integer(space, "width", 1, 5, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_condition_in(space, "width", "shape", wide, 2), 0);
    assert_int_equal(space_add_integer(space, "turns", 1, 3, AFINA_SCALE_LINEAR), 0);
    return space;
}

enum { TREE_CELLS = 3 * (1 + 5 + 5) };

static struct space *square_space(void)
{
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR), 0);
    return space;
}

static void test_every_cell_once_then_the_end(void **state)
{
    (void)state;
    struct space *space = small_tree();
    for (size_t k = 0; k < LENGTH(sequences); k++) {
        struct hand hand;
        const struct point *point;
        hand_start(&hand, "design", space, 2385);
        hand_set_string(&hand, "sequence", sequences[k]);
        for (int i = 0; i < TREE_CELLS; i++) {
            hand_next(&hand);
            assert_int_equal(hand.attempts, 0);
        }
        assert_int_equal(hand.seen.size, TREE_CELLS);
        assert_int_equal(hand_ask(&hand, &point), AFINA_EXHAUSTED);
        hand_end(&hand);
    }
    space_free(space);
}

/* Where points repeat, each round takes every cell once, and in another order. */
static void test_rounds_where_points_repeat(void **state)
{
    (void)state;
    struct space *space = small_tree();
    for (size_t k = 0; k < LENGTH(sequences); k++) {
        struct hand hand;
        size_t same = 0;
        hand_start(&hand, "design", space, 7);
        hand_set_string(&hand, "sequence", sequences[k]);
        hand.context.repeats = 1;
        for (size_t round = 0; round < 3; round++) {
            struct point_set set = {0};
            for (size_t i = 0; i < TREE_CELLS; i++) {
                const struct point *point = hand_next(&hand);
                assert_int_equal(point_set_add(&set, point), 0);
                same += round > 0 && point_equal(point, hand.log[i].point);
            }
            assert_int_equal(set.size, TREE_CELLS);
            point_set_fini(&set);
        }
        assert_in_range(same, 0, TREE_CELLS / 2);
        hand_end(&hand);
    }
    space_free(space);
}

static void test_the_hosts_points_are_passed_over(void **state)
{
    (void)state;
    struct space *space = small_tree();
    struct hand hand;
    struct point *mine;
    const struct point *point;
    hand_start(&hand, "design", space, 11);
    assert_int_equal(point_new(&mine, hand.context.space), 0);
    space_default(hand.context.space, mine);
    hand_enqueue(&hand, mine);
    for (int i = 1; i < TREE_CELLS; i++)
        assert_false(point_equal(hand_next(&hand), mine));
    assert_int_equal(hand_ask(&hand, &point), AFINA_EXHAUSTED);
    point_free(mine);
    hand_end(&hand);
    space_free(space);
}

static void test_resuming_goes_on_where_it_stopped(void **state)
{
    (void)state;
    struct space *space = small_tree();
    for (size_t k = 0; k < LENGTH(sequences); k++)
        for (size_t at = 0; at < TREE_CELLS; at += 5) {
            struct hand whole, part;
            hand_start(&whole, "design", space, 3);
            hand_set_string(&whole, "sequence", sequences[k]);
            hand_start(&part, "design", space, 3);
            hand_set_string(&part, "sequence", sequences[k]);
            for (int i = 0; i < TREE_CELLS; i++)
                hand_next(&whole);
            hand_replay(&part, &whole, at);
            for (size_t i = at; i < TREE_CELLS; i++)
                assert_true(point_equal(hand_next(&part), whole.log[i].point));
            hand_end(&part);
            hand_end(&whole);
        }
    space_free(space);
}

/* How many of the 4 x 4 blocks of a 16 x 16 grid the first 16 cells are in. */
static int blocks_of(const char *sequence, uint64_t seed)
{
    struct space *space = square_space();
    struct hand hand;
    unsigned char hit[16] = {0};
    int count = 0;
    hand_start(&hand, "design", space, seed);
    hand_set_string(&hand, "sequence", sequence);
    hand_set_integer(&hand, "levels", 16);
    hand_set_integer(&hand, "points", 16);
    for (int i = 0; i < 16; i++) {
        const struct point *p = hand_next(&hand);
        size_t x = (size_t)(p->value[0].real * 15 + 0.5), y = (size_t)(p->value[1].real * 15 + 0.5);
        hit[x / 4 * 4 + y / 4] = 1;
    }
    for (int i = 0; i < 16; i++)
        count += hit[i];
    hand_end(&hand);
    space_free(space);
    return count;
}

/* Sixteen of 256 at random are in 10.3 blocks in the mean. */
static void test_the_first_cells_spread(void **state)
{
    (void)state;
    for (size_t k = 0; k < LENGTH(sequences); k++) {
        double mean = 0;
        for (uint64_t seed = 1; seed <= 20; seed++)
            mean += blocks_of(sequences[k], seed) / 20.0;
        double least = strcmp(sequences[k], "uniform") == 0 ? 9.5 : strcmp(sequences[k], "sobol") == 0 ? 16 : 10.5;
        if (!(mean >= least))
            fail_msg("%s: %g of 16 blocks", sequences[k], mean);
    }
}

static struct space *huge_space(void)
{
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    for (int j = 0; j < 80; j++) {
        char name[4] = {'x', (char)('a' + j / 10), (char)('a' + j % 10), 0};
        assert_int_equal(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR), 0);
    }
    return space;
}

/* 10^80 cells. */
static void test_a_grid_beyond_counting(void **state)
{
    (void)state;
    struct space *space = huge_space();
    for (size_t k = 0; k < LENGTH(sequences); k++) {
        struct hand hand;
        hand_start(&hand, "design", space, 1);
        hand_set_string(&hand, "sequence", sequences[k]);
        for (int i = 0; i < 20; i++)
            hand_next(&hand);
        assert_int_equal(hand.seen.size, 20);
        hand_end(&hand);
    }
    space_free(space);
}

static void test_options_speak_of_design(void **state)
{
    (void)state;
    struct space *space = square_space();
    struct hand hand;
    hand_start(&hand, "design", space, 1);
    hand_set_string(&hand, "levels_of", "x");
    assert_int_equal(hand_init(&hand), AFINA_E_FORMAT);
    assert_non_null(strstr(fail_text(), "option \"levels_of\" of design must be name=count"));
    hand_end(&hand);
    space_free(space);
}

/* ------------------------------------------------------------- the sequences */

static void assert_each_slice_once(const double *column, uint64_t n)
{
    unsigned char seen[512] = {0};
    for (uint64_t i = 0; i < n; i++) {
        assert_true(column[i] > 0 && column[i] < 1);
        size_t slice = (size_t)(column[i] * (double)n);
        assert_int_equal(seen[slice], 0);
        seen[slice] = 1;
    }
}

static void test_latin_designs_take_every_slice_once(void **state)
{
    (void)state;
    for (int kind = LATIN_DRAWN; kind <= LATIN_SUDOKU; kind++) {
        struct latin latin;
        double u[4], column[4][512];
        assert_int_equal(latin_init(&latin, 4, 30, kind, 2385), 0);
        assert_int_equal(latin.points, kind == LATIN_SUDOKU ? 49 : 30);
        for (uint64_t design = 0; design < 3; design++) {
            for (uint64_t i = 0; i < latin.points; i++) {
                latin_point(&latin, design * latin.points + i, u);
                for (size_t j = 0; j < 4; j++)
                    column[j][i] = u[j];
            }
            for (size_t j = 0; j < 4; j++)
                assert_each_slice_once(column[j], latin.points);
        }
        latin_fini(&latin);
    }
}

/* 25 points, six dimensions: each of the 15 pairs has a point in every block of 5 x 5. */
static void test_sudoku_takes_every_block_of_every_pair_once(void **state)
{
    (void)state;
    struct latin latin;
    double u[25][6];
    assert_int_equal(latin_init(&latin, 6, 25, LATIN_SUDOKU, 17), 0);
    for (uint64_t i = 0; i < 25; i++)
        latin_point(&latin, i, u[i]);
    for (size_t a = 0; a < 6; a++)
        for (size_t b = 0; b < a; b++) {
            unsigned char seen[25] = {0};
            for (size_t i = 0; i < 25; i++) {
                size_t block = (size_t)(5 * u[i][a]) * 5 + (size_t)(5 * u[i][b]);
                assert_int_equal(seen[block], 0);
                seen[block] = 1;
            }
        }
    latin_fini(&latin);
}

/* Points of a rank-1 lattice differ by its points: x_i - x_k is x_(i-k) - x_0 modulo 1. */
static void test_korobov_points_are_a_lattice(void **state)
{
    (void)state;
    struct korobov k;
    double u[101][3];
    korobov_init(&k, 3, 98, 2385);
    assert_int_equal(k.points, 101);
    assert_in_range(k.multiplier, 2, 99);
    for (uint64_t i = 0; i < 101; i++)
        korobov_point(&k, i, u[i]);
    for (size_t i = 1; i < 101; i++) {
        double n = 101, step[3];
        for (size_t j = 0; j < 3; j++)
            step[j] = nearbyint((u[i][j] - u[0][j]) * n);
        for (size_t j = 0; j < 3; j++)
            assert_true(fabs((u[i][j] - u[0][j]) * n - step[j]) < 1e-9);
        double a = (double)k.multiplier;
        assert_true(fmod(fmod(step[0] * a - step[1], n) + n, n) == 0);
        assert_true(fmod(fmod(step[1] * a - step[2], n) + n, n) == 0);
    }
}

static void test_korobov_has_a_point_in_every_slice(void **state)
{
    (void)state;
    struct korobov k;
    double u[2], column[2][512];
    korobov_init(&k, 2, 31, 5);
    for (uint64_t lattice = 0; lattice < 2; lattice++) {
        for (uint64_t i = 0; i < 31; i++) {
            korobov_point(&k, lattice * 31 + i, u);
            column[0][i] = u[0];
            column[1][i] = u[1];
        }
        assert_each_slice_once(column[0], 31);
        assert_each_slice_once(column[1], 31);
    }
    korobov_init(&k, 2, 1, 5);
    assert_int_equal(k.points, 2);
    korobov_init(&k, 2, UINT64_MAX, 5);
    assert_int_equal(k.points, KOROBOV_MOST_POINTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_once_then_the_end),
        cmocka_unit_test(test_rounds_where_points_repeat),
        cmocka_unit_test(test_the_hosts_points_are_passed_over),
        cmocka_unit_test(test_resuming_goes_on_where_it_stopped),
        cmocka_unit_test(test_the_first_cells_spread),
        cmocka_unit_test(test_a_grid_beyond_counting),
        cmocka_unit_test(test_options_speak_of_design),
        cmocka_unit_test(test_latin_designs_take_every_slice_once),
        cmocka_unit_test(test_sudoku_takes_every_block_of_every_pair_once),
        cmocka_unit_test(test_korobov_points_are_a_lattice),
        cmocka_unit_test(test_korobov_has_a_point_in_every_slice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
