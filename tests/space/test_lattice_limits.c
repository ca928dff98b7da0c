/* Conditions that cannot be counted are refused in words, at once; those that can
 * be are counted however many they are. */
#include "space/space_help.h"

static const char *const off_on[] = {"off", "on"};

static void name_of(char name[16], char letter, int number)
{
    snprintf(name, 16, "%c%d", letter, number);
}

static struct space *switches(int count)
{
    struct space *space = new_space();
    char name[16];
    for (int i = 0; i < count; i++) {
        name_of(name, 's', i);
        assert_ok(space_add_choices(space, name, AFINA_KIND_CATEGORICAL, off_on, 2));
    }
    return space;
}

/* The child needs switch number i on. */
static void need(struct space *space, const char *child, int i)
{
    char name[16];
    name_of(name, 's', i);
    assert_ok(space_add_condition_in(space, child, name, off_on + 1, 1));
}

static void assert_refused(struct space *space, const char *message)
{
    struct space *snapshot = snapshot_of(space);
    struct lattice *lattice = (struct lattice *)&space;
    assert_int_equal(lattice_new(&lattice, snapshot), AFINA_E_UNSUPPORTED);
    assert_null(lattice);
    assert_string_equal(fail_text(), message);
    space_release(snapshot);
}

/* A child of 63 switches is one of 64 parameters that are counted together. */
static void test_sixty_four_parameters_may_hang_together(void **state)
{
    (void)state;
    struct space *space = switches(63);
    struct lattice *lattice;
    assert_ok(space_add_integer(space, "child", 1, 3, AFINA_SCALE_LINEAR));
    for (int i = 0; i < 63; i++)
        need(space, "child", i);
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    assert_ok(lattice_new(&lattice, snapshot));
    uint64_t count = lattice_count(lattice), rank;
    assert_true(count == ((uint64_t)1 << 63) - 1 + 3);
    for (uint64_t back = 1; back <= 4; back++) { /* all switches on is the last row */
        lattice_unrank(lattice, count - back, point);
        assert_int_equal(point->active[63], back <= 3);
        assert_ok(lattice_rank(lattice, point, &rank));
        assert_true(rank == count - back);
    }
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

static void test_more_are_refused(void **state)
{
    (void)state;
    struct space *space = switches(64);
    assert_ok(space_add_integer(space, "child", 1, 3, AFINA_SCALE_LINEAR));
    for (int i = 0; i < 64; i++)
        need(space, "child", i);
    assert_refused(space, "the conditions tie more than 64 parameters together: too many to count");
    space_free(space);
}

/* Twenty children, each of its own switch and of a common one: 2^20 with the common
 * one off, 4^20 with it on. A walk that met all switches first would have 2^20 states. */
static void test_children_of_a_common_switch_are_counted(void **state)
{
    (void)state;
    struct space *space = switches(21);
    struct lattice *lattice;
    char name[16];
    for (int i = 0; i < 20; i++) {
        name_of(name, 'c', i);
        assert_ok(space_add_integer(space, name, 1, 3, AFINA_SCALE_LINEAR));
        need(space, name, i);
        need(space, name, 20);
    }
    struct space *snapshot = snapshot_of(space);
    assert_ok(lattice_new(&lattice, snapshot));
    uint64_t count = lattice_count(lattice);
    assert_true(count == ((uint64_t)1 << 20) + ((uint64_t)1 << 40));
    const uint64_t ranks[] = {0, 2385, count / 2, count - 1};
    assert_ranks_come_back(lattice, snapshot, ranks, sizeof ranks / sizeof *ranks);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* Forty children, each of three of twenty parents that have ten values, by lot. */
static void test_too_many_states_are_refused(void **state)
{
    (void)state;
    struct space *space = new_space();
    struct rng rng;
    char name[16], parent[16];
    size_t drawn[20];
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < 20; i++) {
        name_of(name, 'p', i);
        assert_ok(space_add_integer(space, name, 0, 9, AFINA_SCALE_LINEAR));
    }
    for (int i = 0; i < 40; i++) {
        name_of(name, 'c', i);
        assert_ok(space_add_integer(space, name, 1, 3, AFINA_SCALE_LINEAR));
        rng_permutation(&rng, drawn, 20);
        for (int k = 0; k < 3; k++) {
            name_of(parent, 'p', (int)drawn[k]);
            assert_ok(space_add_condition(space, name, parent, AFINA_COMPARE_GREATER, (double)rng_below(&rng, 9)));
        }
    }
    assert_refused(space, "the conditions are too entangled to count the points of the space");
    space_free(space);
}

/* Layers: n of 1..2,000 switches the first n parameters on, each of one or two
 * values: 2 + 4 + ... + 2^40, and then 2^40 for each n. */
static void test_a_parent_of_thousands(void **state)
{
    (void)state;
    enum { CHILDREN = 2000, DOUBLE = 40 };
    struct space *space = new_space();
    struct lattice *lattice;
    char name[16];
    assert_ok(space_add_integer(space, "n", 1, CHILDREN, AFINA_SCALE_LINEAR));
    for (int i = 1; i <= CHILDREN; i++) {
        name_of(name, 'u', i);
        assert_ok(space_add_integer(space, name, 1, i <= DOUBLE ? 2 : 1, AFINA_SCALE_LINEAR));
        assert_ok(space_add_condition(space, name, "n", AFINA_COMPARE_GREATER_EQUAL, i));
    }
    struct space *snapshot = snapshot_of(space);
    assert_ok(lattice_new(&lattice, snapshot));
    uint64_t full = (uint64_t)1 << DOUBLE, count = lattice_count(lattice);
    assert_true(count == 2 * full - 2 + (CHILDREN - DOUBLE) * full);
    const uint64_t ranks[] = {0, 1, 2385, full, count / 2, count - 1};
    assert_ranks_come_back(lattice, snapshot, ranks, sizeof ranks / sizeof *ranks);
    lattice_free(lattice);
    space_release(snapshot);
    space_free(space);
}

/* What cannot be counted can be drawn from, and is not called finite. */
static void test_an_uncounted_space_is_searched_all_the_same(void **state)
{
    (void)state;
    afina_space *space;
    afina_optimizer *optimizer;
    afina_trial *trial;
    uint64_t count = 0;
    char name[16];
    assert_ok(afina_space_new(&space));
    assert_ok(afina_space_add_integer(space, "child", 1, 3, AFINA_SCALE_LINEAR));
    for (int i = 0; i < 70; i++) {
        name_of(name, 's', i);
        assert_ok(afina_space_add_categorical(space, name, off_on, 2));
        assert_ok(afina_space_add_condition_in(space, "child", name, off_on + 1, 1));
    }
    assert_ok(afina_space_point_count(space, &count));
    assert_true(count == UINT64_MAX);
    assert_ok(afina_optimizer_new(&optimizer, space, "random"));
    for (int i = 0; i < 20; i++) {
        assert_ok(afina_ask(optimizer, &trial));
        afina_trial_free(trial);
    }
    afina_optimizer_free(optimizer);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sixty_four_parameters_may_hang_together),
        cmocka_unit_test(test_more_are_refused),
        cmocka_unit_test(test_children_of_a_common_switch_are_counted),
        cmocka_unit_test(test_too_many_states_are_refused),
        cmocka_unit_test(test_a_parent_of_thousands),
        cmocka_unit_test(test_an_uncounted_space_is_searched_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
