/* The spaces that the laws run over. */
#ifndef AFINA_TESTS_CONTRACT_SPACES_H
#define AFINA_TESTS_CONTRACT_SPACES_H

#include "space/space.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define OK(call) assert_int_equal(call, AFINA_OK)

/* `points` is what may be suggested of a finite space, counted by hand; 0: no end. */
struct contract_space {
    const char *name;
    void (*build)(struct space *space);
    uint64_t points;
};

static void build_continuous(struct space *s)
{
    OK(space_add_real(s, "x", -2.385, 7.5, AFINA_SCALE_LINEAR));
    OK(space_add_real(s, "rate", 1e-7, 0.3, AFINA_SCALE_LOG));
    OK(space_add_real(s, "decay", 0.5, 0.9999, AFINA_SCALE_REVERSE_LOG));
    OK(space_add_prior(s, "weight", AFINA_PRIOR_NORMAL, 1.25, 0.75, -INFINITY, INFINITY));
    OK(space_add_prior(s, "scale", AFINA_PRIOR_LOGNORMAL, 0, 2, 0, 100));
}

static void build_integer(struct space *s)
{
    OK(space_add_integer(s, "small", -3, 4, AFINA_SCALE_LINEAR));
    OK(space_add_integer(s, "units", 1, 4096, AFINA_SCALE_LOG));
    OK(space_add_integer(s, "wide", INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR));
    OK(space_add_integer(s, "even", -7, 1000, AFINA_SCALE_LINEAR));
    OK(space_set_step(s, "even", 2));
}

static void build_categorical(struct space *s)
{
    static const char *const colours[] = {"red", "green", "blue", "none"};
    static const char *const kinds[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    static const double weights[] = {1, 2.5, 0.5, 0};
    OK(space_add_choices(s, "colour", AFINA_KIND_CATEGORICAL, colours, LENGTH(colours)));
    OK(space_set_weights(s, "colour", weights, LENGTH(weights)));
    OK(space_add_choices(s, "kind", AFINA_KIND_CATEGORICAL, kinds, LENGTH(kinds)));
}

static void build_ordinal(struct space *s)
{
    static const char *const sizes[] = {"16", "32", "64", "128", "256"};
    static const char *const moods[] = {"low", "middle", "high"};
    OK(space_add_choices(s, "batch", AFINA_KIND_ORDINAL, sizes, LENGTH(sizes)));
    OK(space_add_choices(s, "mood", AFINA_KIND_ORDINAL, moods, LENGTH(moods)));
}

static void build_mixed(struct space *s)
{
    static const char *const kinds[] = {"relu", "tanh", "gelu"};
    static const char *const sizes[] = {"8", "16", "32"};
    OK(space_add_real(s, "rate", 1e-5, 1, AFINA_SCALE_LOG));
    OK(space_add_integer(s, "units", 4, 512, AFINA_SCALE_LOG));
    OK(space_add_choices(s, "activation", AFINA_KIND_CATEGORICAL, kinds, LENGTH(kinds)));
    OK(space_add_choices(s, "batch", AFINA_KIND_ORDINAL, sizes, LENGTH(sizes)));
    OK(space_add_real(s, "dropout", 0, 0.75, AFINA_SCALE_LINEAR));
    OK(space_set_step(s, "dropout", 0.05));
}

/* Two trees of conditions, one nested twice and one by comparison. */
static void build_conditional(struct space *s)
{
    static const char *const algorithms[] = {"sgd", "adam", "lbfgs"};
    static const char *const sgd[] = {"sgd"};
    static const char *const first_order[] = {"sgd", "adam"};
    static const char *const switches[] = {"no", "yes"};
    OK(space_add_choices(s, "algorithm", AFINA_KIND_CATEGORICAL, algorithms, LENGTH(algorithms)));
    OK(space_add_real(s, "rate", 1e-5, 1, AFINA_SCALE_LOG));
    OK(space_add_condition_in(s, "rate", "algorithm", first_order, 2));
    OK(space_add_real(s, "momentum", 0, 0.99, AFINA_SCALE_LINEAR));
    OK(space_add_condition_in(s, "momentum", "algorithm", sgd, 1));
    OK(space_add_choices(s, "nesterov", AFINA_KIND_CATEGORICAL, switches, 2));
    OK(space_add_condition(s, "nesterov", "momentum", AFINA_COMPARE_GREATER, 0.25));
    OK(space_add_integer(s, "layers", 1, 3, AFINA_SCALE_LINEAR));
    OK(space_add_integer(s, "units2", 4, 256, AFINA_SCALE_LOG));
    OK(space_add_condition(s, "units2", "layers", AFINA_COMPARE_GREATER_EQUAL, 2));
    OK(space_add_integer(s, "units3", 4, 256, AFINA_SCALE_LOG));
    OK(space_add_condition(s, "units3", "layers", AFINA_COMPARE_GREATER_EQUAL, 3));
}

/* linear 1, rbf 4, poly 4 x 3, each with 3 tolerances. */
static void build_finite(struct space *s)
{
    static const char *const kernels[] = {"linear", "rbf", "poly"};
    static const char *const curved[] = {"rbf", "poly"};
    static const char *const poly[] = {"poly"};
    OK(space_add_choices(s, "kernel", AFINA_KIND_CATEGORICAL, kernels, LENGTH(kernels)));
    OK(space_add_integer(s, "gamma", 1, 4, AFINA_SCALE_LINEAR));
    OK(space_add_condition_in(s, "gamma", "kernel", curved, 2));
    OK(space_add_integer(s, "degree", 2, 4, AFINA_SCALE_LINEAR));
    OK(space_add_condition_in(s, "degree", "kernel", poly, 1));
    OK(space_add_real(s, "tolerance", 0.25, 0.75, AFINA_SCALE_LINEAR));
    OK(space_set_step(s, "tolerance", 0.25));
}

static int32_t is_sum_odd(const afina_point *point, void *user)
{
    int64_t a = -1, b = -1;
    (void)user;
    afina_point_get_integer(point, "a", &a);
    afina_point_get_integer(point, "b", &b);
    return (a + b) % 2 != 0;
}

/* A filter that leaves half of 5 x 5 points. */
static void build_filtered(struct space *s)
{
    OK(space_add_integer(s, "a", 0, 4, AFINA_SCALE_LINEAR));
    OK(space_add_integer(s, "b", 10, 14, AFINA_SCALE_LINEAR));
    OK(space_set_filter(s, is_sum_odd, NULL, NULL));
}

static void build_one_point(struct space *s)
{
    static const char *const only[] = {"this"};
    OK(space_add_choices(s, "kind", AFINA_KIND_CATEGORICAL, only, 1));
    OK(space_add_integer(s, "count", 17, 17, AFINA_SCALE_LINEAR));
    OK(space_add_real(s, "share", 0.1, 0.1, AFINA_SCALE_LINEAR));
}

static void build_constant(struct space *s)
{
    OK(space_add_real(s, "fixed", 2.385, 2.385, AFINA_SCALE_LOG));
    OK(space_add_real(s, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_integer(s, "seven", 7, 7, AFINA_SCALE_LINEAR));
}

static const struct contract_space contract_spaces[] = {
    {"continuous", build_continuous, 0},
    {"integer", build_integer, 0},
    {"categorical", build_categorical, 3 * 8},
    {"ordinal", build_ordinal, 5 * 3},
    {"mixed", build_mixed, 0},
    {"conditional", build_conditional, 0},
    {"finite", build_finite, 3 * (1 + 4 + 4 * 3)},
    {"filtered", build_filtered, 12},
    {"one point", build_one_point, 1},
    {"constant", build_constant, 0},
};

static struct space *contract_snapshot(const struct contract_space *entry)
{
    struct space *space, *snapshot;
    OK(space_new(&space));
    entry->build(space);
    OK(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

/* -------------------------------------------------- what a valid point is
 *
 * Said again here in plain words, not by calling the functions that made the
 * point. */

static double number_of(const struct parameter *p, union value v)
{
    if (p->kind == AFINA_KIND_REAL)
        return v.real;
    if (p->kind == AFINA_KIND_INTEGER || !p->choice_numbers)
        return (double)v.integer;
    return p->choice_numbers[v.integer];
}

static int condition_is_met(const struct space *s, const struct point *point, const struct condition *c)
{
    if (!point->active[c->parent])
        return 0;
    union value v = point->value[c->parent];
    double x = number_of(&s->parameters[c->parent], v);
    switch (c->comparison) {
    case AFINA_COMPARE_EQUAL:
        return x == c->number;
    case AFINA_COMPARE_NOT_EQUAL:
        return x != c->number;
    case AFINA_COMPARE_LESS:
        return x < c->number;
    case AFINA_COMPARE_LESS_EQUAL:
        return x <= c->number;
    case AFINA_COMPARE_GREATER:
        return x > c->number;
    case AFINA_COMPARE_GREATER_EQUAL:
        return x >= c->number;
    default:
        for (size_t i = 0; i < c->n_members; i++)
            if (c->members[i] == v.integer)
                return 1;
        return 0;
    }
}

static void assert_real_fits(const struct parameter *p, double v)
{
    assert_true(isfinite(v));
    assert_true(v >= p->low && v <= p->high);
    if (p->step > 0) {
        double k = (v - p->low) / p->step;
        assert_true(fabs(k - nearbyint(k)) < 1e-9);
    }
}

static void assert_integer_fits(const struct parameter *p, int64_t v)
{
    assert_true(v >= p->int_low && v <= p->int_high);
    assert_true(((uint64_t)v - (uint64_t)p->int_low) % p->int_step == 0);
}

static void assert_value_fits(const struct parameter *p, union value v)
{
    if (p->kind == AFINA_KIND_REAL) {
        assert_real_fits(p, v.real);
    } else if (p->kind == AFINA_KIND_INTEGER) {
        assert_integer_fits(p, v.integer);
    } else {
        assert_true(v.integer >= 0 && (size_t)v.integer < p->n_choices);
    }
}

/* In the space, active exactly where the conditions hold, all bits 0 elsewhere. */
static void assert_valid(const struct space *s, const struct point *point)
{
    assert_int_equal(point->size, s->size);
    for (size_t i = 0; i < s->size; i++) {
        const struct parameter *p = &s->parameters[i];
        int active = 1;
        for (size_t j = 0; j < p->n_conditions && active; j++)
            active = condition_is_met(s, point, &p->conditions[j]);
        assert_int_equal(point->active[i] != 0, active);
        if (active)
            assert_value_fits(p, point->value[i]);
        else
            assert_int_equal(point->value[i].integer, 0);
    }
}

/* A suggested point also keeps to the filter, and to choices that have weight. */
static inline void assert_suggestible(struct space *s, struct point *point)
{
    assert_valid(s, point);
    assert_true(space_allows(s, point));
    for (size_t i = 0; i < s->size; i++)
        if (s->parameters[i].weights && point->active[i])
            assert_true(s->parameters[i].weights[point->value[i].integer] > 0);
}

#endif
