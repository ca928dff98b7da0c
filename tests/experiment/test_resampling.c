/* The division of rows through the public API. The random cases print their seed when they fail. */
#include "core/rng.h"
#include "support/small_study.h"

#include <math.h>
#include <stdlib.h>

struct division {
    size_t rows, n_training, n_validation;
    int64_t *training, *validation;
    int *in_training, *in_validation; /* how often each row is there */
};

static afina_resampling *make(const char *scheme, size_t rows)
{
    afina_resampling *r;
    OK(afina_resampling_new(&r, scheme, rows));
    return r;
}

static int64_t count_of(const afina_resampling *r)
{
    int64_t count = -1;
    OK(afina_resampling_count(r, &count));
    return count;
}

static struct division divide(const afina_resampling *r, size_t rows, int64_t replicate)
{
    struct division d = {.rows = rows};
    OK(afina_resampling_rows(r, replicate, NULL, 0, &d.n_training, NULL, 0, &d.n_validation));
    d.training = calloc(d.n_training + 1, sizeof *d.training);
    d.validation = calloc(d.n_validation + 1, sizeof *d.validation);
    d.in_training = calloc(rows, sizeof *d.in_training);
    d.in_validation = calloc(rows, sizeof *d.in_validation);
    OK(afina_resampling_rows(r, replicate, d.training, d.n_training, &d.n_training, d.validation, d.n_validation,
                             &d.n_validation));
    for (size_t i = 0; i < d.n_training; i++) {
        assert_in_range(d.training[i], i ? d.training[i - 1] : 0, rows - 1);
        d.in_training[d.training[i]]++;
    }
    for (size_t i = 0; i < d.n_validation; i++) {
        assert_in_range(d.validation[i], i ? d.validation[i - 1] + 1 : 0, rows - 1);
        d.in_validation[d.validation[i]]++;
    }
    for (size_t i = 0; i < rows; i++)
        assert_false(d.in_training[i] && d.in_validation[i]);
    assert_true(d.n_training > 0 && d.n_validation > 0);
    return d;
}

static void division_free(struct division *d)
{
    free(d->training);
    free(d->validation);
    free(d->in_training);
    free(d->in_validation);
}

/* Labels 0..kinds-1, each at least `least` times. */
static int64_t *labels_of(struct rng *rng, size_t rows, size_t kinds, size_t least)
{
    int64_t *labels = calloc(rows, sizeof *labels);
    size_t *order = calloc(rows, sizeof *order);
    rng_permutation(rng, order, rows);
    for (size_t i = 0; i < rows; i++)
        labels[order[i]] = i < kinds * least ? (int64_t)(i % kinds) : (int64_t)rng_below(rng, kinds);
    free(order);
    return labels;
}

static int of_label(const struct division *d, const int64_t *labels, int64_t label)
{
    int count = 0;
    for (size_t i = 0; i < d->n_validation; i++)
        count += labels[d->validation[i]] == label;
    return count;
}

/* --------------------------------------------------------------------- k-fold */

static void assert_folds(struct rng *rng, uint64_t seed)
{
    size_t folds = 2 + rng_below(rng, 9), kinds = 1 + rng_below(rng, 4), rows = folds * kinds + rng_below(rng, 60);
    int64_t *labels = labels_of(rng, rows, kinds, folds);
    afina_resampling *r = make("kfold", rows);
    OK(afina_resampling_set_integer(r, "folds", (int64_t)folds));
    OK(afina_resampling_set_integer(r, "repeats", 3));
    OK(afina_resampling_set_integer(r, "seed", (int64_t)rng_below(rng, 1000)));
    OK(afina_resampling_set_classes(r, labels, rows));
    assert_int_equal(count_of(r), 3 * folds);
    for (int64_t repeat = 0; repeat < 3; repeat++) {
        int *validated = calloc(rows, sizeof *validated), least[5], most[5];
        for (size_t f = 0; f < folds; f++) {
            struct division d = divide(r, rows, repeat * (int64_t)folds + (int64_t)f);
            for (size_t k = 0; k <= kinds; k++) {
                int n = k == kinds ? (int)d.n_validation : of_label(&d, labels, (int64_t)k);
                least[k] = f == 0 || n < least[k] ? n : least[k];
                most[k] = f == 0 || n > most[k] ? n : most[k];
            }
            for (size_t i = 0; i < rows; i++)
                validated[i] += d.in_validation[i];
            assert_int_equal(d.n_training + d.n_validation, rows);
            division_free(&d);
        }
        for (size_t k = 0; k <= kinds; k++)
            if (most[k] - least[k] > 1)
                fail_msg("seed %llu: class %zu has %d to %d rows a fold", (unsigned long long)seed, k, least[k],
                         most[k]);
        for (size_t i = 0; i < rows; i++)
            assert_int_equal(validated[i], 1);
        free(validated);
    }
    afina_resampling_free(r);
    free(labels);
}

static void test_folds_and_classes_are_even_to_within_one_row(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct rng rng;
        rng_start(&rng, seed, 0, RNG_OBJECTIVE);
        assert_folds(&rng, seed);
    }
}

static void test_repetitions_differ_and_a_replicate_is_the_same_again(void **state)
{
    (void)state;
    afina_resampling *r = make("kfold", 100);
    OK(afina_resampling_set_integer(r, "repeats", 2));
    struct division a = divide(r, 100, 0), again = divide(r, 100, 0), other = divide(r, 100, 5);
    assert_memory_equal(a.validation, again.validation, a.n_validation * sizeof *a.validation);
    assert_memory_not_equal(a.validation, other.validation, a.n_validation * sizeof *a.validation);
    division_free(&a);
    division_free(&again);
    division_free(&other);
    OK(afina_resampling_set_integer(r, "seed", 1));
    a = divide(r, 100, 0);
    OK(afina_resampling_set_integer(r, "seed", 0));
    other = divide(r, 100, 0);
    assert_memory_not_equal(a.validation, other.validation, a.n_validation * sizeof *a.validation);
    division_free(&a);
    division_free(&other);
    afina_resampling_free(r);
}

/* A chance of 1 in 4 for each pair of rows to be in one fold of four: the folds are drawn and not cut. */
static void test_every_pair_of_rows_meets_by_chance(void **state)
{
    (void)state;
    enum { REPEATS = 2000 };
    int met = 0;
    afina_resampling *r = make("kfold", 21);
    OK(afina_resampling_set_integer(r, "folds", 4));
    OK(afina_resampling_set_integer(r, "repeats", REPEATS));
    for (int64_t i = 0; i < 4 * REPEATS; i++) {
        struct division d = divide(r, 21, i);
        met += d.in_validation[3] && d.in_validation[4];
        division_free(&d);
    }
    /* Fold sizes 6, 5, 5, 5: (15 + 3 * 10) / 210 of the pairs. */
    assert_in_range(met, REPEATS * 45 / 210 - 80, REPEATS * 45 / 210 + 80);
    afina_resampling_free(r);
}

/* --------------------------------------------------------------------- groups */

static void assert_whole_groups(const struct division *d, const int64_t *groups)
{
    for (size_t i = 0; i < d->n_validation; i++)
        for (size_t k = 0; k < d->n_training; k++)
            assert_true(groups[d->validation[i]] != groups[d->training[k]]);
}

static void test_groups_stay_together_in_every_scheme(void **state)
{
    (void)state;
    static const char *const schemes[] = {"holdout", "kfold", "leave-one-out", "monte-carlo", "bootstrap"};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct rng rng;
        rng_start(&rng, seed, 0, RNG_OBJECTIVE);
        size_t kinds = 5 + rng_below(&rng, 6), rows = kinds + rng_below(&rng, 50);
        int64_t *groups = labels_of(&rng, rows, kinds, 1);
        for (size_t s = 0; s < sizeof schemes / sizeof *schemes; s++) {
            afina_resampling *r = make(schemes[s], rows);
            OK(afina_resampling_set_groups(r, groups, rows));
            for (int64_t i = 0; i < count_of(r); i++) {
                struct division d = divide(r, rows, i);
                assert_whole_groups(&d, groups);
                division_free(&d);
            }
            afina_resampling_free(r);
        }
        free(groups);
    }
}

/* Groups of one class each, of sizes 1 to 12: the parts of four folds stay within the largest group. */
static void test_folds_of_groups_are_as_even_as_groups_allow(void **state)
{
    (void)state;
    int64_t groups[78], classes[78];
    size_t rows = 0, least = 78, most = 0;
    for (int64_t g = 0; g < 12; g++)
        for (int64_t k = 0; k <= g; k++, rows++) {
            groups[rows] = g;
            classes[rows] = g % 2;
        }
    afina_resampling *r = make("kfold", rows);
    OK(afina_resampling_set_integer(r, "folds", 3));
    OK(afina_resampling_set_groups(r, groups, rows));
    OK(afina_resampling_set_classes(r, classes, rows));
    for (int64_t f = 0; f < 3; f++) {
        struct division d = divide(r, rows, f);
        assert_in_range(of_label(&d, classes, 0), 8, 16); /* 36 rows of class 0 */
        least = d.n_validation < least ? d.n_validation : least;
        most = d.n_validation > most ? d.n_validation : most;
        division_free(&d);
    }
    assert_in_range(most - least, 0, 8);
    afina_resampling_free(r);
}

/* ---------------------------------------------------------- shares, bootstrap */

static void test_a_share_holds_of_each_class_its_part(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct rng rng;
        rng_start(&rng, seed, 0, RNG_OBJECTIVE);
        size_t rows = 10 + rng_below(&rng, 90);
        double share = 0.1 + 0.8 * rng_uniform(&rng);
        int64_t *labels = labels_of(&rng, rows, 3, 3);
        afina_resampling *r = make("monte-carlo", rows);
        OK(afina_resampling_set_real(r, "share", share));
        OK(afina_resampling_set_integer(r, "count", 4));
        OK(afina_resampling_set_classes(r, labels, rows));
        for (int64_t i = 0; i < 4; i++) {
            struct division d = divide(r, rows, i);
            assert_int_equal(d.n_validation, (size_t)fmin(fmax(round(share * (double)rows), 1), (double)rows - 1));
            for (int64_t c = 0; c < 3; c++) {
                int size = 0;
                for (size_t k = 0; k < rows; k++)
                    size += labels[k] == c;
                double part = size * (double)d.n_validation / (double)rows;
                if (fabs(of_label(&d, labels, c) - part) >= 1)
                    fail_msg("seed %d: %d rows of %g", (int)seed, of_label(&d, labels, c), part);
            }
            division_free(&d);
        }
        afina_resampling_free(r);
        free(labels);
    }
}

static void test_fewer_training_rows_are_among_more(void **state)
{
    (void)state;
    afina_resampling *r = make("kfold", 103);
    struct division more = divide(r, 103, 2);
    for (double share = 0.9; share > 0.05; share -= 0.2) {
        OK(afina_resampling_set_real(r, "training", share));
        struct division fewer = divide(r, 103, 2);
        assert_int_equal(fewer.n_training, (int)round(share * 82));
        assert_memory_equal(fewer.validation, more.validation, more.n_validation * sizeof *more.validation);
        for (size_t i = 0; i < 103; i++)
            assert_true(fewer.in_training[i] <= more.in_training[i]);
        division_free(&more);
        more = fewer;
    }
    division_free(&more);
    afina_resampling_free(r);
}

/* Of 100 rows (1 - 1/100)^100 = 0.366 are left out in the mean. */
static void test_a_bootstrap_sample_has_as_many_rows_and_leaves_some_out(void **state)
{
    (void)state;
    size_t left_out = 0;
    afina_resampling *r = make("bootstrap", 100);
    OK(afina_resampling_set_integer(r, "count", 400));
    for (int64_t i = 0; i < 400; i++) {
        struct division d = divide(r, 100, i);
        assert_int_equal(d.n_training, 100);
        left_out += d.n_validation;
        division_free(&d);
    }
    assert_in_range(left_out, 36 * 400, 37 * 400 + 100);
    afina_resampling_free(r);
    r = make("bootstrap", 2);
    for (int64_t i = 0; i < 50; i++) {
        struct division d = divide(r, 2, i);
        assert_int_equal(d.n_validation, 1);
        division_free(&d);
    }
    afina_resampling_free(r);
}

static void test_the_632_estimates_are_the_paper_s(void **state)
{
    (void)state;
    double estimate;
    OK(afina_resampling_632(0.1, 0.3, NAN, &estimate));
    assert_true(fabs(estimate - (0.368 * 0.1 + 0.632 * 0.3)) < 1e-15);
    /* R = (0.3 - 0.1) / (0.5 - 0.1) = 0.5, w = 0.632 / (1 - 0.184). */
    OK(afina_resampling_632(0.1, 0.3, 0.5, &estimate));
    assert_true(fabs(estimate - ((1 - 0.632 / 0.816) * 0.1 + 0.632 / 0.816 * 0.3)) < 1e-15);
    /* No information at all: the estimate is the no-information error. */
    OK(afina_resampling_632(0, 0.7, 0.5, &estimate));
    assert_true(fabs(estimate - (0.5)) < 1e-15);
    FAILS(afina_resampling_632(NAN, 0.3, 0.5, &estimate), AFINA_E_RANGE, "must be finite");
}

/* ----------------------------------------------------------------------- time */

static void assert_stretch(const int *in, size_t rows, size_t first, size_t last)
{
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(in[i], i >= first && i <= last);
}

static void test_time_series_train_on_the_past(void **state)
{
    (void)state;
    afina_resampling *r = make("expanding", 23);
    OK(afina_resampling_set_integer(r, "splits", 3));
    OK(afina_resampling_set_integer(r, "gap", 2));
    for (size_t j = 0; j < 3; j++) { /* horizon 23 / 4 = 5: rows 8-12, 13-17, 18-22 */
        struct division d = divide(r, 23, (int64_t)j);
        assert_stretch(d.in_validation, 23, 8 + 5 * j, 12 + 5 * j);
        assert_stretch(d.in_training, 23, 0, 5 + 5 * j);
        division_free(&d);
    }
    afina_resampling_free(r);
    r = make("sliding", 23);
    OK(afina_resampling_set_integer(r, "splits", 3));
    OK(afina_resampling_set_integer(r, "window", 4));
    OK(afina_resampling_set_integer(r, "horizon", 2));
    for (size_t j = 0; j < 3; j++) {
        struct division d = divide(r, 23, (int64_t)j);
        assert_stretch(d.in_validation, 23, 17 + 2 * j, 18 + 2 * j);
        assert_stretch(d.in_training, 23, 13 + 2 * j, 16 + 2 * j);
        division_free(&d);
    }
    afina_resampling_free(r);
}

/* --------------------------------------------------------------------- nested */

static void test_inner_rows_are_training_rows_of_the_outer(void **state)
{
    (void)state;
    int64_t groups[60];
    for (int64_t i = 0; i < 60; i++)
        groups[i] = i / 4;
    afina_resampling *outer = make("bootstrap", 60), *inner;
    OK(afina_resampling_set_groups(outer, groups, 60));
    for (int64_t i = 0; i < 20; i++) {
        struct division out = divide(outer, 60, i);
        OK(afina_resampling_inner(&inner, outer, i, "kfold"));
        OK(afina_resampling_set_integer(inner, "folds", 3));
        for (int64_t f = 0; f < 3; f++) {
            struct division in = divide(inner, 60, f);
            for (size_t k = 0; k < 60; k++)
                assert_int_equal(in.in_training[k] + in.in_validation[k], out.in_training[k] > 0);
            assert_whole_groups(&in, groups);
            division_free(&in);
        }
        afina_resampling_free(inner);
        division_free(&out);
    }
    afina_resampling_free(outer);
}

/* ------------------------------------------------------------------ bad input */

static void test_what_does_not_fit_is_refused_by_name(void **state)
{
    (void)state;
    int64_t count, labels[6] = {0, 0, 0, 0, 0, 1};
    size_t n;
    afina_resampling *r = NULL;
    FAILS(afina_resampling_new(&r, "k-fold", 10), AFINA_E_NAME, "did you mean \"kfold\"?");
    assert_null(r);
    FAILS(afina_resampling_new(&r, "kfold", 1), AFINA_E_RANGE, "rows must be in 2..2^31, got 1");
    FAILS(afina_resampling_new(NULL, "kfold", 10), AFINA_E_ARGUMENT, "out is NULL");
    r = make("kfold", 6);
    FAILS(afina_resampling_set_integer(r, "folds", 1), AFINA_E_RANGE, "folds");
    FAILS(afina_resampling_set_integer(r, "fold", 3), AFINA_E_NAME, "did you mean \"folds\"?");
    OK(afina_resampling_set_integer(r, "folds", 7));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "must be in 2..6 (the number of rows), got 7");
    OK(afina_resampling_set_integer(r, "folds", 2));
    OK(afina_resampling_set_classes(r, labels, 6));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "a class of 1 row cannot be in each of 2 folds");
    OK(afina_resampling_set_classes(r, NULL, 0));
    FAILS(afina_resampling_set_classes(r, labels, 5), AFINA_E_RANGE, "5 class labels given for 6 rows");
    labels[2] = INT64_MIN;
    FAILS(afina_resampling_set_groups(r, labels, 6), AFINA_E_RANGE, "the group of row 2");
    labels[2] = 0;
    OK(afina_resampling_set_groups(r, labels, 6));
    OK(afina_resampling_set_integer(r, "folds", 3));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "must be in 2..2 (the number of groups), got 3");
    FAILS(afina_resampling_rows(r, 0, NULL, 3, &n, NULL, 0, &n), AFINA_E_RANGE, "number of groups");
    OK(afina_resampling_set_integer(r, "folds", 2));
    FAILS(afina_resampling_rows(r, 2, NULL, 0, &n, NULL, 0, &n), AFINA_E_RANGE, "replicate must be in 0..1, got 2");
    FAILS(afina_resampling_rows(r, 0, NULL, 3, &n, NULL, 0, &n), AFINA_E_ARGUMENT, "NULL");
    OK(afina_resampling_set_real(r, "training", 0));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "\"training\" of \"kfold\" must be in (0, 1], got 0");
    afina_resampling_free(r);
    r = make("holdout", 6);
    OK(afina_resampling_set_real(r, "share", 1));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "\"share\" of \"holdout\" must be in (0, 1), got 1");
    OK(afina_resampling_set_classes(r, labels, 6));
    OK(afina_resampling_set_groups(r, labels, 6));
    FAILS(afina_resampling_count(r, &count), AFINA_E_UNSUPPORTED, "classes or groups, not both");
    afina_resampling_free(r);
    r = make("expanding", 6);
    FAILS(afina_resampling_set_groups(r, labels, 6), AFINA_E_UNSUPPORTED, "does not keep groups together");
    OK(afina_resampling_set_integer(r, "splits", 6));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "6 rows are too few for 6 splits");
    afina_resampling_free(r);
    r = make("sliding", 12);
    OK(afina_resampling_set_integer(r, "window", 3));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "\"window\" of \"sliding\" must be in 0..2, got 3");
    afina_resampling_free(r);
    r = make("bootstrap", 3);
    OK(afina_resampling_set_classes(r, (int64_t[]){1, 2, 3}, 3));
    FAILS(afina_resampling_count(r, &count), AFINA_E_RANGE, "a class of 2 or more rows");
    afina_resampling_free(r);
    afina_resampling_free(NULL);
}

static void test_schemes_are_listed(void **state)
{
    (void)state;
    for (size_t i = 0; i < afina_resampling_scheme_count(); i++) {
        const char *name = afina_resampling_scheme_name(i);
        assert_non_null(afina_resampling_scheme_summary(name));
        afina_resampling *r = make(name, 40);
        assert_true(count_of(r) >= 1);
        afina_resampling_free(r);
    }
    assert_null(afina_resampling_scheme_name(afina_resampling_scheme_count()));
    assert_null(afina_resampling_scheme_summary("none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folds_and_classes_are_even_to_within_one_row),
        cmocka_unit_test(test_repetitions_differ_and_a_replicate_is_the_same_again),
        cmocka_unit_test(test_every_pair_of_rows_meets_by_chance),
        cmocka_unit_test(test_groups_stay_together_in_every_scheme),
        cmocka_unit_test(test_folds_of_groups_are_as_even_as_groups_allow),
        cmocka_unit_test(test_a_share_holds_of_each_class_its_part),
        cmocka_unit_test(test_fewer_training_rows_are_among_more),
        cmocka_unit_test(test_a_bootstrap_sample_has_as_many_rows_and_leaves_some_out),
        cmocka_unit_test(test_the_632_estimates_are_the_paper_s),
        cmocka_unit_test(test_time_series_train_on_the_past),
        cmocka_unit_test(test_inner_rows_are_training_rows_of_the_outer),
        cmocka_unit_test(test_what_does_not_fit_is_refused_by_name),
        cmocka_unit_test(test_schemes_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
