/* Off a plateau: when a suggestion leaves it, and that the searches that stay where nothing is better do. */
#include "method/parts/plateau.h"

#include "method/method.h"
#include "support/search_study.h"

struct bench {
    struct space *space;
    struct plateau plateau;
    struct point *point;
};

static void start(struct bench *b, size_t d)
{
    struct space *space;
    OK(space_new(&space));
    for (size_t j = 0; j < d; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", j);
        OK(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    OK(space_snapshot(&b->space, space));
    space_free(space);
    OK(plateau_init(&b->plateau, b->space));
    OK(point_new(&b->point, b->space));
}

static void end(struct bench *b)
{
    plateau_fini(&b->plateau);
    point_free(b->point);
    space_release(b->space);
}

/* All parameters are x. A NaN is a failure. */
static void tell(struct bench *b, double x, double loss)
{
    for (size_t j = 0; j < b->space->size; j++)
        b->point->value[j].real = x;
    space_resolve(b->space, b->point, 1);
    double row[512];
    space_encode(b->space, b->point, row);
    plateau_told(&b->plateau, row, isnan(loss) ? INFINITY : loss);
}

/* How many parameters are not x in a suggestion off the plateau; -1 when there is none. */
static int changes(struct bench *b, double x)
{
    struct rng rng;
    int count = 0;
    rng_start(&rng, 2385, 7, RNG_SUGGEST);
    struct suggestion s = {.rng = &rng, .point = b->point};
    if (!plateau_suggest(&b->plateau, &s))
        return -1;
    assert_int_equal(s.note_size, 0);
    for (size_t j = 0; j < b->space->size; j++)
        count += b->point->value[j].real != x;
    return count;
}

static void test_every_second_result_equal_to_the_best_is_followed_by_one(void **state)
{
    (void)state;
    struct bench b;
    start(&b, 200);
    tell(&b, 0.3, 2.385);
    assert_int_equal(changes(&b, 0.3), -1);
    tell(&b, 0.4, 2.385);
    assert_int_equal(changes(&b, 0.3), -1);
    tell(&b, 0.5, 7);
    assert_int_equal(changes(&b, 0.3), -1);
    tell(&b, 0.6, 2.385);
    assert_in_range(changes(&b, 0.3), 4, 5);
    tell(&b, 0.7, 7);
    assert_int_equal(changes(&b, 0.3), -1);
    tell(&b, 0.8, 2.385);
    assert_int_equal(changes(&b, 0.3), -1);
    tell(&b, 0.9, 2.385);
    assert_in_range(changes(&b, 0.3), 6, 7);
    end(&b);
}

static void test_a_better_result_begins_the_count_anew(void **state)
{
    (void)state;
    struct bench b;
    start(&b, 200);
    tell(&b, 0.3, 2.385);
    tell(&b, 0.4, 2.385);
    tell(&b, 0.5, 1);
    tell(&b, 0.6, 1);
    assert_int_equal(changes(&b, 0.5), -1);
    tell(&b, 0.6, 2.385);
    assert_int_equal(changes(&b, 0.5), -1);
    tell(&b, 0.7, 1);
    assert_in_range(changes(&b, 0.5), 4, 5);
    end(&b);
}

static void test_failures_are_no_plateau(void **state)
{
    (void)state;
    struct bench b;
    start(&b, 3);
    for (int i = 0; i < 6; i++) {
        tell(&b, 0.3, i % 2 ? NAN : INFINITY);
        assert_int_equal(changes(&b, 0.3), -1);
    }
    end(&b);
}

/* ------------------------------------------------------------------ in methods */

enum { MEASURED = 300, NUMBERS = 6 };

static double measured[MEASURED][NUMBERS];

static void measure(void)
{
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_DESIGN);
    for (int i = 0; i < MEASURED; i++)
        for (int j = 0; j < NUMBERS; j++)
            measured[i][j] = rng_uniform(&rng);
}

static double apart(const double *a, const double *b)
{
    double sum = 0;
    for (int j = 0; j < NUMBERS; j++)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

static int nearest(const double *x)
{
    int best = 0;
    for (int i = 1; i < MEASURED; i++)
        if (apart(measured[i], x) < apart(measured[best], x))
            best = i;
    return best;
}

/* A table: that of the nearest of 300 measured points, and how far it is from (0.2, 0.2, ...). */
static double looked_up(const afina_point *point)
{
    static const double optimum[NUMBERS] = {0.2, 0.2, 0.2, 0.2, 0.2, 0.2};
    double x[NUMBERS];
    for (int j = 0; j < NUMBERS; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%d", j);
        x[j] = real(point, name);
    }
    return apart(measured[nearest(x)], optimum);
}

static int distinct(const double *sorted, int n)
{
    int count = 1;
    for (int i = 1; i < n; i++)
        count += sorted[i] != sorted[i - 1];
    return count;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What a study of a hundred trials did on the table. */
struct outcome {
    int seen;       /* points of the table */
    int off_trials; /* suggestions that are those off a plateau */
};

/* The suggestion off the plateau that the results so far call for, if they do. */
static int expected(const struct bench *b, int64_t seed, int64_t number)
{
    struct rng rng;
    rng_start(&rng, (uint64_t)seed, (uint64_t)number, RNG_SUGGEST);
    struct suggestion s = {.rng = &rng, .point = b->point, .number = number};
    return plateau_suggest(&b->plateau, &s);
}

static void observe(struct bench *b, const afina_point *point, double loss)
{
    double row[NUMBERS];
    space_encode(b->space, point->point, row);
    plateau_told(&b->plateau, row, loss);
}

static struct outcome run_study(const char *method, int64_t seed)
{
    struct outcome outcome = {0};
    struct bench b;
    double losses[100];
    afina_optimizer *optimizer = cube(NUMBERS, method);
    start(&b, NUMBERS);
    OK(afina_optimizer_set_integer(optimizer, "seed", seed));
    for (int i = 0; i < 100; i++) {
        afina_trial *trial;
        int is_due = expected(&b, seed, i);
        OK(afina_ask(optimizer, &trial));
        const afina_point *point = afina_trial_point(trial);
        outcome.off_trials += is_due && point_equal(point->point, b.point);
        losses[i] = looked_up(point);
        observe(&b, point, losses[i]);
        OK(afina_tell(optimizer, afina_trial_number(trial), &losses[i], 1));
        afina_trial_free(trial);
    }
    afina_optimizer_free(optimizer);
    end(&b);
    qsort(losses, 100, sizeof *losses, ascending);
    outcome.seen = distinct(losses, 100);
    return outcome;
}

/* 1 when the method leaves plateaus. Without that such methods see 10 to 29 points. */
static int check_method(const char *method)
{
    enum { STUDIES = 5 };
    int seen = 0, off_trials = 0;
    for (int64_t seed = 0; seed < STUDIES; seed++) {
        struct outcome o = run_study(method, seed);
        seen += o.seen;
        off_trials += o.off_trials;
    }
    if (seen <= STUDIES * (off_trials > 0 ? 30 : 15))
        fail_msg("%s has seen %g points a study", method, seen / (double)STUDIES);
    return off_trials > 0;
}

static void test_a_table_is_not_asked_for_one_point_for_ever(void **state)
{
    (void)state;
    int leave = 0;
    measure();
    for (size_t i = 0; i < method_count(); i++)
        if ((method_at(i)->traits & METHOD_LEARNS) && !method_at(i)->model)
            leave += check_method(method_at(i)->name);
    assert_true(leave > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_second_result_equal_to_the_best_is_followed_by_one),
        cmocka_unit_test(test_a_better_result_begins_the_count_anew),
        cmocka_unit_test(test_failures_are_no_plateau),
        cmocka_unit_test(test_a_table_is_not_asked_for_one_point_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
