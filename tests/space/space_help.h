/* What the tests of spaces share: short ways to build, and a random space. */
#ifndef AFINA_TESTS_SPACE_HELP_H
#define AFINA_TESTS_SPACE_HELP_H

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "core/text.h"
#include "space/lattice.h"
#include "space/point_set.h"
#include "space/space.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define assert_ok(expression) assert_int_equal(expression, 0)

/* The last error names this. */
static inline void assert_error_names(const char *part)
{
    if (!strstr(fail_text(), part))
        fail_msg("\"%s\" does not name \"%s\"", fail_text(), part);
}

/* cmocka compares in single precision. */
static inline void assert_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.17g is not %.17g to %g", got, wanted, tolerance);
}

static inline struct space *new_space(void)
{
    struct space *space;
    assert_ok(space_new(&space));
    return space;
}

static inline struct space *snapshot_of(const struct space *space)
{
    struct space *snapshot;
    assert_ok(space_snapshot(&snapshot, space));
    return snapshot;
}

static inline struct point *new_point(const struct space *snapshot)
{
    struct point *point;
    assert_ok(point_new(&point, snapshot));
    return point;
}

static inline struct point *default_point(const struct space *snapshot)
{
    struct point *point = new_point(snapshot);
    space_default(snapshot, point);
    return point;
}

/* The JSON text, which the caller frees. */
static inline char *json_of(const struct space *space)
{
    struct text text = {0};
    assert_ok(space_to_json(space, &text));
    return text.data;
}

static inline int same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Every active value in its range and on its grid, every inactive one zeroed,
 * and the flags as the conditions say. */
static inline void assert_canonical(const struct space *space, const struct point *point)
{
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        union value v = point->value[i], kept;
        assert_int_equal(point->active[i], space_is_active(space, point, i));
        if (!point->active[i]) {
            assert_true(v.integer == 0);
        } else if (p->kind == AFINA_KIND_REAL) {
            assert_ok(parameter_check_real(p, v.real, &kept));
            assert_true(same_bits(kept.real, v.real));
        } else if (p->kind == AFINA_KIND_INTEGER) {
            assert_ok(parameter_check_integer(p, v.integer, &kept));
        } else {
            assert_true(v.integer >= 0 && v.integer < (int64_t)p->n_choices);
        }
    }
}

/* The points of these ranks are canonical, and have these ranks. */
static inline void assert_ranks_come_back(const struct lattice *lattice, const struct space *snapshot,
                                          const uint64_t *ranks, size_t count)
{
    struct point *point = new_point(snapshot);
    uint64_t rank;
    for (size_t i = 0; i < count; i++) {
        lattice_unrank(lattice, ranks[i], point);
        assert_canonical(snapshot, point);
        assert_ok(lattice_rank(lattice, point, &rank));
        assert_true(rank == ranks[i]);
    }
    point_free(point);
}

/* ------------------------------------------------------- random finite spaces */

static inline void add_random_parameter(struct space *space, const char *name, struct rng *rng)
{
    static const char *const words[] = {"red", "green", "blue", "amber"};
    static const char *const numbers[] = {"8", "64", "16", "1e1"};
    double weights[4] = {1, 0.25, 0, 3};
    int64_t low = (int64_t)rng_below(rng, 7) - 3;
    size_t count = 1 + (size_t)rng_below(rng, 4);
    switch (rng_below(rng, 6)) {
    case 0:
        assert_ok(space_add_integer(space, name, low, low + (int64_t)rng_below(rng, 4), AFINA_SCALE_LINEAR));
        break;
    case 1:
        assert_ok(space_add_integer(space, name, low + 4, low + 4 + (int64_t)rng_below(rng, 4), AFINA_SCALE_LOG));
        break;
    case 2:
        assert_ok(space_add_integer(space, name, low, low + (int64_t)rng_below(rng, 9), AFINA_SCALE_LINEAR));
        assert_ok(space_set_step(space, name, 3));
        break;
    case 3:
        assert_ok(space_add_real(space, name, 0.5, 0.5 + 0.25 * (double)rng_below(rng, 4), AFINA_SCALE_LINEAR));
        assert_ok(space_set_step(space, name, 0.25));
        break;
    case 4:
        assert_ok(space_add_choices(space, name, AFINA_KIND_CATEGORICAL, words, count));
        if (rng_below(rng, 2))
            assert_ok(space_set_weights(space, name, weights, count));
        break;
    default:
        assert_ok(space_add_choices(space, name, AFINA_KIND_ORDINAL, numbers, count));
    }
}

static inline void add_random_condition(struct space *space, size_t child, size_t parent, struct rng *rng)
{
    const char *child_name = space->parameters[child].name, *parent_name = space->parameters[parent].name;
    const struct parameter *p = &space->parameters[parent];
    const char *values[8];
    char numbers[8][NUMBER_SIZE];
    size_t count = 0;
    if (p->kind == AFINA_KIND_REAL || (p->kind != AFINA_KIND_CATEGORICAL && rng_below(rng, 2))) {
        double number;
        assert_true(parameter_number(p, parameter_value_at(p, rng_below(rng, p->cells)), &number));
        number += 0.5 * ((double)rng_below(rng, 3) - 1);
        assert_ok(space_add_condition(space, child_name, parent_name, (int32_t)rng_below(rng, 6), number));
        return;
    }
    for (uint64_t k = 0; k < p->cells; k++) {
        if (count > 0 && rng_below(rng, 2))
            continue;
        union value v = parameter_value_at(p, k);
        text_format(numbers[count], sizeof numbers[count], "%lld", (long long)v.integer);
        values[count] = p->kind == AFINA_KIND_INTEGER ? numbers[count] : p->choices[v.integer];
        count++;
    }
    assert_ok(space_add_condition_in(space, child_name, parent_name, values, count));
}

/* `size` small parameters in an order that does not follow the conditions. */
static inline struct space *random_space(struct rng *rng, size_t size, unsigned conditions_of_eight)
{
    struct space *space = new_space();
    size_t rank[16];
    rng_permutation(rng, rank, size);
    for (size_t i = 0; i < size; i++) {
        char name[8] = {'p', (char)('a' + (char)i), '\0'};
        add_random_parameter(space, name, rng);
    }
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            if (rank[j] < rank[i] && rng_below(rng, 8) < conditions_of_eight)
                add_random_condition(space, i, j, rng);
    return space;
}

/* Every point of a finite space, by listing all combinations. */
struct all_points {
    struct point **points;
    size_t size;
    struct point_set set;
};

static inline struct all_points list_points(const struct space *snapshot)
{
    struct all_points all = {0};
    uint64_t k[16] = {0}, total = 1;
    for (size_t i = 0; i < snapshot->size; i++)
        total *= snapshot->parameters[i].cells;
    all.points = mem_new((size_t)total, sizeof *all.points);
    assert_non_null(all.points);
    for (uint64_t done = 0; done < total; done++) {
        struct point *point = new_point(snapshot);
        for (size_t i = 0; i < snapshot->size; i++)
            point->value[i] = parameter_value_at(&snapshot->parameters[i], k[i]);
        space_resolve(snapshot, point, 1);
        if (point_set_contains(&all.set, point)) {
            point_free(point);
        } else {
            assert_ok(point_set_add(&all.set, point));
            all.points[all.size++] = point;
        }
        for (size_t i = 0; i < snapshot->size && ++k[i] == snapshot->parameters[i].cells; i++)
            k[i] = 0;
    }
    return all;
}

static inline void free_points(struct all_points *all)
{
    for (size_t i = 0; i < all->size; i++)
        point_free(all->points[i]);
    mem_free(all->points);
    point_set_fini(&all->set);
}

#endif
