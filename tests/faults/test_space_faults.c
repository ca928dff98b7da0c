/* The n-th allocation fails, for every n, once and for ever: each operation on a
 * space either succeeds or says AFINA_E_MEMORY, the space is as it was, and
 * nothing is lost. */
#include "space/space_help.h"
#include "support/mem_fault.h"

static const char *const letters[] = {"a", "b", "c"};
static const char *const numbers[] = {"1", "3", "9"};

static struct space *make_space(void)
{
    struct space *s = new_space();
    assert_ok(space_add_real(s, "rate", 1e-3, 1, AFINA_SCALE_LOG));
    assert_ok(space_add_integer(s, "n", 1, 9, AFINA_SCALE_LINEAR));
    assert_ok(space_add_choices(s, "letter", AFINA_KIND_CATEGORICAL, letters, 3));
    assert_ok(space_add_choices(s, "number", AFINA_KIND_ORDINAL, numbers, 3));
    assert_ok(space_set_weights(s, "letter", (double[]){1, 2, 3}, 3));
    assert_ok(space_add_condition_in(s, "n", "letter", letters, 2));
    assert_ok(space_add_condition(s, "number", "n", AFINA_COMPARE_GREATER, 2));
    return s;
}

static int32_t add_real(struct space *s)
{
    return space_add_real(s, "more", 0, 1, AFINA_SCALE_LINEAR);
}

static int32_t add_many(struct space *s)
{
    char name[8];
    int32_t rc = 0;
    for (int i = 0; i < 20 && !rc; i++) {
        snprintf(name, sizeof name, "m%d", i);
        rc = space_add_integer(s, name, 0, i, AFINA_SCALE_LINEAR);
    }
    return rc;
}

static int32_t add_choices(struct space *s)
{
    return space_add_choices(s, "more", AFINA_KIND_ORDINAL, numbers, 3);
}

static int32_t set_weights(struct space *s)
{
    return space_set_weights(s, "letter", (double[]){3, 2, 0}, 3);
}

static int32_t add_set(struct space *s)
{
    return space_add_condition_in(s, "rate", "number", numbers, 2);
}

static int32_t add_comparison(struct space *s)
{
    return space_add_condition(s, "rate", "number", AFINA_COMPARE_LESS, 3);
}

static int32_t find_cycle(struct space *s)
{
    int32_t rc = space_add_condition(s, "letter", "number", AFINA_COMPARE_LESS, 3);
    if (rc == AFINA_E_TYPE)
        fail_msg("%s", fail_text());
    return rc == AFINA_E_SPACE ? 0 : rc;
}

static int32_t find_nothing(struct space *s)
{
    size_t i;
    return space_find(s, "nothing", &i) == AFINA_E_NAME ? 0 : AFINA_E_STATE;
}

static int32_t clone(struct space *s)
{
    struct space *copy;
    int32_t rc = space_clone(&copy, s);
    assert_int_equal(rc != 0, copy == NULL);
    space_free(copy);
    return rc;
}

static int32_t take_snapshot(struct space *s)
{
    struct space *snapshot;
    int32_t rc = space_snapshot(&snapshot, s);
    assert_int_equal(rc != 0, snapshot == NULL);
    space_release(snapshot);
    return rc;
}

static int32_t write_and_read(struct space *s)
{
    struct text text = {0};
    struct space *back = NULL;
    int32_t rc = space_to_json(s, &text);
    if (!rc) {
        rc = space_from_json(&back, text.data, text.length);
        assert_int_equal(rc != 0, back == NULL);
    }
    space_free(back);
    mem_free(text.data);
    return rc;
}

static int32_t use_points(struct space *s)
{
    struct space *snapshot = NULL;
    struct point *point = NULL, *copy = NULL;
    struct point_set set = {0};
    struct text text = {0};
    int32_t rc = space_snapshot(&snapshot, s);
    if (!rc)
        rc = point_new(&point, snapshot);
    if (!rc)
        space_default(snapshot, point);
    if (!rc)
        rc = point_copy(&copy, point);
    if (!rc)
        rc = point_set_add(&set, copy);
    if (!rc)
        rc = point_to_json(snapshot, point, &text);
    if (!rc)
        rc = point_from_json(snapshot, text.data, text.length, point);
    point_set_fini(&set);
    mem_free(text.data);
    point_free(point);
    point_free(copy);
    space_release(snapshot);
    return rc;
}

static int32_t count_points(struct space *s)
{
    struct space *snapshot = NULL;
    struct lattice *lattice = NULL;
    struct point *point = NULL;
    uint64_t rank = 0;
    const uint64_t levels[] = {5, 4, 0, 0};
    int32_t rc = space_snapshot(&snapshot, s);
    if (!rc)
        rc = lattice_grid(&lattice, snapshot, levels);
    if (!rc)
        rc = point_new(&point, snapshot);
    if (!rc) {
        lattice_unrank(lattice, 7, point);
        rc = lattice_rank(lattice, point, &rank);
    }
    if (!rc)
        assert_int_equal(rank, 7);
    point_free(point);
    lattice_free(lattice);
    space_release(snapshot);
    return rc;
}

/* The space as it was: names in place, and the same text. add_many() may have
 * got some way. */
static void assert_sound(struct space *s, const char *before, int32_t rc, int changes)
{
    size_t index;
    for (size_t i = 0; i < s->size; i++) {
        assert_ok(space_find(s, s->parameters[i].name, &index));
        assert_int_equal(index, i);
    }
    char *after = json_of(s);
    if (rc && !changes)
        assert_string_equal(before, after);
    mem_free(after);
}

static void check(int32_t (*operation)(struct space *), void (*plan)(uint64_t), int partial)
{
    for (uint64_t n = 1;; n++) {
        int64_t live = mem_fault_live();
        struct space *s = make_space();
        char *before = json_of(s);
        plan(n);
        int32_t rc = operation(s);
        mem_fault_off();
        uint64_t hit = mem_fault_hit();
        assert_true(rc == 0 || rc == AFINA_E_MEMORY);
        assert_true(hit > 0 || rc == 0);
        assert_sound(s, before, rc, partial);
        mem_free(before);
        space_free(s);
        assert_int_equal(mem_fault_live(), live);
        if (hit == 0)
            return;
        assert_true(n < 2000);
    }
}

static void check_all(void (*plan)(uint64_t))
{
    static int32_t (*const operations[])(struct space *) = {
        add_real, add_choices,  set_weights,   add_set,        add_comparison, find_cycle,
        clone,    find_nothing, take_snapshot, write_and_read, use_points,     count_points,
    };
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        check(operations[i], plan, 0);
    check(add_many, plan, 1);
}

static void test_spaces_survive_one_failed_allocation(void **state)
{
    (void)state;
    check_all(mem_fault_once);
}

static void test_spaces_survive_failing_allocations(void **state)
{
    (void)state;
    check_all(mem_fault_from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spaces_survive_one_failed_allocation),
        cmocka_unit_test(test_spaces_survive_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
