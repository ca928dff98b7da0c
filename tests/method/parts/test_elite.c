/* The best points since a beginning: how many, when it restarts, what stays outside. */
#include "method/parts/elite.h"

#include "core/fail.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* x in [0, 1] and y, which is active while k is b. */
static struct space *branched_space(void)
{
    static const char *const kinds[] = {"a", "b"};
    struct space *space, *snapshot;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_choices(space, "k", AFINA_KIND_CATEGORICAL, kinds, 2), 0);
    assert_int_equal(space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_condition_in(space, "y", "k", kinds + 1, 1), 0);
    assert_int_equal(space_snapshot(&snapshot, space), 0);
    space_free(space);
    return snapshot;
}

struct bench {
    struct space *space;
    struct method_context context;
    struct elite elite;
    struct point *point;
    size_t note_sizes[1000];
    int64_t asked;
};

static void start(struct bench *b, struct elite_size size)
{
    b->space = branched_space();
    static const struct option_set none = {.owner = "elite"};
    b->context = (struct method_context){.space = b->space, .options = &none, .seed = 2385, .objectives = 1};
    b->asked = 0;
    assert_int_equal(elite_init(&b->elite, &b->context, STAYS_ON_PLATEAUS, size), 0);
    assert_int_equal(point_new(&b->point, b->space), 0);
}

static void end(struct bench *b)
{
    searcher_fini(&b->elite);
    point_free(b->point);
    space_release(b->space);
}

/* A trial at x, with k = b and y where y >= 0; its number. */
static int64_t ask(struct bench *b, double x, double y, size_t note_size)
{
    const double row[3] = {x, y >= 0, y >= 0 ? y : ENCODED_INACTIVE}, note[2] = {0, 1};
    space_decode(b->space, row, b->point);
    const struct observation o = {.kind = OBSERVED_ASKED,
                                  .number = b->asked,
                                  .origin = AFINA_ORIGIN_SUGGESTED,
                                  .point = b->point,
                                  .note = note,
                                  .note_size = note_size};
    assert_int_equal(elite_observe(&b->elite, &o), 0);
    b->note_sizes[b->asked] = note_size;
    return b->asked++;
}

static void tell(struct bench *b, int64_t number, double x, double y, double loss)
{
    const double row[3] = {x, y >= 0, y >= 0 ? y : ENCODED_INACTIVE}, note[2] = {0, 1};
    space_decode(b->space, row, b->point);
    const struct observation o = {.kind = OBSERVED_TOLD,
                                  .number = number,
                                  .origin = AFINA_ORIGIN_SUGGESTED,
                                  .point = b->point,
                                  .note = note,
                                  .note_size = b->note_sizes[number],
                                  .state = isfinite(loss) ? AFINA_STATE_COMPLETE : AFINA_STATE_FAILED,
                                  .losses = isfinite(loss) ? &loss : NULL};
    assert_int_equal(elite_observe(&b->elite, &o), 0);
}

static void ask_and_tell(struct bench *b, double x, double loss)
{
    tell(b, ask(b, x, -1, 0), x, -1, loss);
}

/* Results that are ever worse, far from each other. */
static void tell_worse(struct bench *b, int count)
{
    for (int i = 0; i < count; i++)
        ask_and_tell(b, (double)(b->asked % 7) / 7, (double)b->asked);
}

static void test_it_holds_the_more_the_more_is_told(void **state)
{
    (void)state;
    struct bench b;
    start(&b, (struct elite_size){.least = 2, .most = 9, .growth = 1});
    tell_worse(&b, 1);
    assert_int_equal(elite_count(&b.elite), 1);
    tell_worse(&b, 15);
    assert_int_equal(elite_count(&b.elite), 4); /* sqrt(16) */
    tell_worse(&b, 20);
    assert_int_equal(elite_count(&b.elite), 6); /* also those that came too late for four */
    assert_true(b.elite.best.entries[5].loss == 5);
    tell_worse(&b, 100);
    assert_int_equal(elite_count(&b.elite), 9);
    end(&b);
}

static void test_what_the_host_fixed_stays(void **state)
{
    (void)state;
    struct bench b;
    start(&b, (struct elite_size){.fixed = 1, .least = 10, .most = 100, .growth = 2});
    assert_true(elite_in_design(&b.elite));
    tell_worse(&b, 4);
    assert_false(elite_in_design(&b.elite));
    tell_worse(&b, 60);
    assert_int_equal(elite_count(&b.elite), 4);
    end(&b);
}

/* Points of the design that run are as good as there; other trials that run are not. */
static void test_the_design_lasts_until_its_points_are_asked(void **state)
{
    (void)state;
    struct bench b;
    start(&b, (struct elite_size){.least = 4, .most = 9, .growth = 0.5});
    tell_worse(&b, 2);
    ask(&b, 0.5, -1, 0);
    ask(&b, 0.6, -1, 2);
    assert_true(elite_in_design(&b.elite));
    int64_t last = ask(&b, 0.7, -1, 2);
    assert_false(elite_in_design(&b.elite));
    tell(&b, last, 0.7, -1, INFINITY);
    assert_false(elite_in_design(&b.elite));
    end(&b);
}

static void test_failures_alone_are_nothing_to_learn_from(void **state)
{
    (void)state;
    struct bench b;
    start(&b, (struct elite_size){.least = 4, .most = 9, .growth = 0.5});
    for (int i = 0; i < 6; i++)
        ask_and_tell(&b, i / 6.0, INFINITY);
    assert_true(elite_in_design(&b.elite));
    ask_and_tell(&b, 0.385, 2.385);
    assert_false(elite_in_design(&b.elite));
    end(&b);
}

/* Eighty for four: twenty each. */
static void test_it_begins_anew_after_a_barren_time(void **state)
{
    (void)state;
    struct bench b;
    start(&b, (struct elite_size){.least = 4, .most = 7, .growth = 0.1});
    tell_worse(&b, 83);
    assert_int_equal(elite_count(&b.elite), 4);
    tell_worse(&b, 1);
    assert_int_equal(elite_count(&b.elite), 0);
    assert_int_equal(b.elite.size.least, 7);
    assert_true(elite_in_design(&b.elite));
    end(&b);
}

/* The fourth completes four in one place; what was asked before that stays outside. */
static void test_it_begins_anew_where_it_has_gathered(void **state)
{
    (void)state;
    struct bench b;
    start(&b, (struct elite_size){.least = 4, .most = 100, .growth = 0.1});
    int64_t before = ask(&b, 0.1, -1, 0);
    for (int i = 0; i < 3; i++)
        ask_and_tell(&b, 0.385 + 1e-7 * i, i);
    assert_int_equal(elite_count(&b.elite), 3);
    ask_and_tell(&b, 0.385, 7);
    assert_int_equal(elite_count(&b.elite), 0);
    assert_int_equal(b.elite.size.least, 8);
    tell(&b, before, 0.1, -1, -100);
    assert_int_equal(elite_count(&b.elite), 0);
    ask_and_tell(&b, 0.9, 1);
    assert_int_equal(elite_count(&b.elite), 1);
    end(&b);
}

static void test_what_one_lacks_the_best_lends(void **state)
{
    (void)state;
    struct bench b;
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    start(&b, (struct elite_size){.least = 4, .most = 100, .growth = 0.1});
    ask_and_tell(&b, 0.1, 1);
    tell(&b, ask(&b, 0.2, 0.75, 0), 0.2, 0.75, 2);
    tell(&b, ask(&b, 0.3, 0.25, 0), 0.3, 0.25, 3);
    assert_true(elite_value(&b.elite, 0, 0, &rng) == 0.1);
    assert_true(elite_value(&b.elite, 0, 2, &rng) == 0.75);
    assert_true(elite_value(&b.elite, 2, 2, &rng) == 0.25);
    end(&b);
}

/* Nobody has y: the prior. */
static void test_what_all_lack_is_drawn(void **state)
{
    (void)state;
    struct bench b;
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    start(&b, (struct elite_size){.least = 4, .most = 100, .growth = 0.1});
    tell_worse(&b, 3);
    double sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += elite_value(&b.elite, 1, 2, &rng);
    assert_true(fabs(sum / 1000 - 0.5) < 0.03);
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_holds_the_more_the_more_is_told),
        cmocka_unit_test(test_what_the_host_fixed_stays),
        cmocka_unit_test(test_the_design_lasts_until_its_points_are_asked),
        cmocka_unit_test(test_failures_alone_are_nothing_to_learn_from),
        cmocka_unit_test(test_it_begins_anew_after_a_barren_time),
        cmocka_unit_test(test_it_begins_anew_where_it_has_gathered),
        cmocka_unit_test(test_what_one_lacks_the_best_lends),
        cmocka_unit_test(test_what_all_lack_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
