/* The memory of a count is bounded, whatever the conditions are: a space that is too
 * entangled to count says so before it has asked for much. */
#include "space/space_help.h"
#include "support/mem_fault.h"

enum { MEBIBYTE = 1 << 20 };

static void name_of(char name[16], char letter, int number)
{
    text_format(name, 16, "%c%d", letter, number);
}

static void add_integers(struct space *space, char letter, int count, int64_t high)
{
    char name[16];
    for (int i = 0; i < count; i++) {
        name_of(name, letter, i);
        assert_ok(space_add_integer(space, name, 0, high, AFINA_SCALE_LINEAR));
    }
}

/* `child` needs every `stride`-th of the parent's 0..high. */
static void need_some(struct space *space, const char *child, const char *parent, int high, int stride)
{
    static char texts[4096][8];
    static const char *values[4096];
    size_t count = 0;
    for (int k = 0; k <= high; k += stride) {
        text_format(texts[count], sizeof texts[count], "%d", k);
        values[count] = texts[count];
        count++;
    }
    assert_ok(space_add_condition_in(space, child, parent, values, count));
}

/* The bytes that a count asked for; its result in *count. */
static uint64_t bytes_of_count(const struct space *space, uint64_t *count)
{
    struct lattice *lattice;
    struct space *snapshot = snapshot_of(space);
    int64_t live = mem_fault_live();
    uint64_t before = mem_fault_bytes();
    int32_t rc = lattice_new(&lattice, snapshot);
    uint64_t asked = mem_fault_bytes() - before;
    assert_true(rc == 0 || rc == AFINA_E_UNSUPPORTED);
    *count = rc == 0 ? lattice_count(lattice) : UINT64_MAX;
    lattice_free(lattice);
    assert_true(mem_fault_live() == live);
    space_release(snapshot);
    return asked;
}

/* Fourteen switches with a child each, which also needs one parent whose 4,000 values are
 * on and off in turn. A text of 27 kB with such conditions took over a gigabyte. */
static void test_values_that_switch_in_turn_take_little_memory(void **state)
{
    (void)state;
    struct space *space = new_space();
    char child[16], parent[16];
    uint64_t count;
    add_integers(space, 'p', 14, 1);
    assert_ok(space_add_integer(space, "q", 0, 4000, AFINA_SCALE_LINEAR));
    add_integers(space, 'c', 14, 1);
    for (int i = 0; i < 14; i++) {
        name_of(child, 'c', i);
        name_of(parent, 'p', i);
        assert_ok(space_add_condition(space, child, parent, AFINA_COMPARE_EQUAL, 1));
        if (i > 0)
            assert_ok(space_add_condition(space, child, "q", AFINA_COMPARE_LESS, 4000));
        else
            need_some(space, child, "q", 3998, 2);
    }
    assert_true(bytes_of_count(space, &count) < MEBIBYTE);
    /* q is 4000: no child. Otherwise 1 + 2 for each pair, but 2 for the first where q is odd. */
    uint64_t pairs = 1594323; /* 3^13 */
    assert_true(count == 16384 + 2000 * pairs * 3 + 2000 * pairs * 2);
    space_free(space);
}

/* Fifty-six children, each of three of eight parents that have 2,400 values: 1.1 MB of
 * text of this kind took two gigabytes. */
static void test_entangled_conditions_take_little_memory(void **state)
{
    (void)state;
    static const int factor[] = {1, 3, 5}, shift[] = {0, 3, 1}, stride[] = {2, 3, 5};
    struct space *space = new_space();
    char child[16], parent[16];
    uint64_t count;
    add_integers(space, 'p', 8, 2400);
    add_integers(space, 'c', 56, 1);
    for (int i = 0; i < 56; i++) {
        name_of(child, 'c', i);
        for (int k = 0; k < 3; k++) {
            name_of(parent, 'p', (i * factor[k] + shift[k]) % 8);
            need_some(space, child, parent, 2400 - i, stride[k] + i % 7);
        }
    }
    assert_true(bytes_of_count(space, &count) < 32 * MEBIBYTE);
    assert_true(count == UINT64_MAX);
    space_free(space);
}

/* Two thousand children that compare with an ordinal parent of four thousand choices in
 * no order: each may change at every choice. */
static void test_comparisons_with_an_ordinal_take_little_memory(void **state)
{
    (void)state;
    enum { CHOICES = 4000, CHILDREN = 2000 };
    static char texts[CHOICES][8];
    static const char *choices[CHOICES];
    struct space *space = new_space();
    char child[16];
    uint64_t count;
    for (int i = 0; i < CHOICES; i++) {
        text_format(texts[i], sizeof texts[i], "%d", i * 2377 % CHOICES);
        choices[i] = texts[i];
    }
    assert_ok(space_add_choices(space, "o", AFINA_KIND_ORDINAL, choices, CHOICES));
    add_integers(space, 'c', CHILDREN, 0);
    for (int i = 0; i < CHILDREN; i++) {
        name_of(child, 'c', i);
        assert_ok(space_add_condition(space, child, "o", AFINA_COMPARE_LESS, i));
    }
    assert_true(bytes_of_count(space, &count) < 32 * MEBIBYTE);
    assert_true(count == CHOICES);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_that_switch_in_turn_take_little_memory),
        cmocka_unit_test(test_entangled_conditions_take_little_memory),
        cmocka_unit_test(test_comparisons_with_an_ordinal_take_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
