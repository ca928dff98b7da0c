/* Random conditional spaces against a model of a few lines that shares no code with the
 * library: the number of points, their ranks, what is suggestible, the frequencies of
 * draws, and the mutations of a point.
 *
 * AFINA_TEST_SPACES is the number of spaces, AFINA_TEST_SEED the first of their seeds; space
 * number i is made from seed + i alone, so a failure is repeated with the seed it prints. */
#include "space/space_help.h"

#include <stdlib.h>

enum { MOST = 7, MOST_VALUES = 6, MOST_COMBINATIONS = 4096, DRAWS = 1500 };

/* A parameter of the model: its values by number, their probabilities, and for each
 * condition the values of the parent that fulfil it. */
struct modelled {
    int32_t kind;
    size_t n;
    double number[MOST_VALUES];
    double share[MOST_VALUES];
    size_t preset; /* index of the default */
    size_t n_conditions;
    size_t parent[2 * MOST];
    int fulfils[2 * MOST][MOST_VALUES];
};

/* A point of the model: the index of each value, or NONE where a parameter is inactive. */
enum { NONE = -1 };
struct key {
    signed char at[MOST];
};

struct model {
    struct modelled p[MOST];
    size_t size;
    size_t order[MOST]; /* parents before children */
    struct key *keys;   /* every point, ascending */
    double *shares;     /* the probability of each */
    size_t count;
    struct space *space, *snapshot;
};

static const char *const NAMES[MOST] = {"a", "b", "c", "d", "e", "f", "g"};

/* ---------------------------------------------------------- making a space twice */

static void share_evenly(struct modelled *p)
{
    for (size_t k = 0; k < p->n; k++)
        p->share[k] = 1 / (double)p->n;
}

/* The share of each value is that of its cell, half a step to either side, on the scale; no
 * number has the share 0, even far out in the tail of a normal prior. */
static void share_by(struct modelled *p, double half, double (*scale)(double), double first_edge)
{
    double last_edge = p->number[p->n - 1] + half, whole = scale(last_edge) - scale(first_edge);
    for (size_t k = 0; k < p->n; k++) {
        double low = k == 0 ? first_edge : p->number[k] - half;
        double high = k + 1 == p->n ? last_edge : p->number[k] + half;
        p->share[k] = p->n == 1 ? 1 : fmax((scale(high) - scale(low)) / whole, 1e-30);
    }
}

static double normal_below(double x)
{
    return 0.5 * erfc(-(x - 2.385) / 1.5 / sqrt(2));
}

static void add_integer(struct model *m, size_t i, struct rng *rng)
{
    struct modelled *p = &m->p[i];
    int64_t step = 1 + (int64_t)rng_below(rng, 3), low = (int64_t)rng_below(rng, 9) - 4;
    int32_t scale = (int32_t)rng_below(rng, 2) ? AFINA_SCALE_LINEAR : AFINA_SCALE_LOG;
    p->kind = AFINA_KIND_INTEGER;
    p->n = 1 + (size_t)rng_below(rng, MOST_VALUES);
    if (scale == AFINA_SCALE_LOG)
        low += 5;
    int64_t high = low + ((int64_t)p->n - 1) * step;
    for (size_t k = 0; k < p->n; k++)
        p->number[k] = (double)(low + (int64_t)k * step);
    double half = 0.5 * (double)step, first = p->number[0];
    assert_ok(space_add_integer(m->space, NAMES[i], low, high, scale));
    assert_ok(space_set_step(m->space, NAMES[i], (double)step));
    if (scale == AFINA_SCALE_LOG) {
        share_by(p, half, log, half < first ? first - half : first / 2);
    } else if (rng_below(rng, 3) == 0) {
        assert_ok(space_set_prior(m->space, NAMES[i], AFINA_PRIOR_NORMAL, 2.385, 1.5));
        share_by(p, half, normal_below, first - half);
    } else {
        share_evenly(p);
    }
}

static void add_real(struct model *m, size_t i, struct rng *rng)
{
    struct modelled *p = &m->p[i];
    double low = 0.25 * (double)rng_below(rng, 9) - 1;
    p->kind = AFINA_KIND_REAL;
    p->n = 1 + (size_t)rng_below(rng, MOST_VALUES);
    for (size_t k = 0; k < p->n; k++)
        p->number[k] = low + 0.25 * (double)k;
    assert_ok(space_add_real(m->space, NAMES[i], low, p->number[p->n - 1], AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(m->space, NAMES[i], 0.25));
    share_evenly(p);
}

static void add_choices(struct model *m, size_t i, struct rng *rng)
{
    static const char *const words[MOST_VALUES] = {"32", "8", "64", "1e1", "-4", "16"};
    static const double numbers[MOST_VALUES] = {32, 8, 64, 10, -4, 16}, weights[] = {0, 1, 2, 0.25};
    struct modelled *p = &m->p[i];
    double drawn[MOST_VALUES], sum = 0;
    p->kind = rng_below(rng, 2) ? AFINA_KIND_CATEGORICAL : AFINA_KIND_ORDINAL;
    p->n = 1 + (size_t)rng_below(rng, MOST_VALUES);
    assert_ok(space_add_choices(m->space, NAMES[i], p->kind, words, p->n));
    share_evenly(p);
    for (size_t k = 0; k < p->n; k++) {
        p->number[k] = numbers[k];
        drawn[k] = weights[rng_below(rng, 4)];
        sum += drawn[k];
    }
    if (sum == 0 || rng_below(rng, 2))
        return;
    assert_ok(space_set_weights(m->space, NAMES[i], drawn, p->n));
    for (size_t k = 0; k < p->n; k++)
        p->share[k] = drawn[k] / sum;
}

static void set_default(struct model *m, size_t i, struct rng *rng)
{
    struct modelled *p = &m->p[i];
    p->preset = (size_t)rng_below(rng, p->n);
    double number = p->number[p->preset];
    if (p->kind == AFINA_KIND_REAL)
        assert_ok(space_set_default_real(m->space, NAMES[i], number));
    else if (p->kind == AFINA_KIND_INTEGER)
        assert_ok(space_set_default_integer(m->space, NAMES[i], (int64_t)number));
    else
        assert_ok(space_set_default_string(m->space, NAMES[i], m->space->parameters[i].choices[p->preset]));
}

static int compares(double x, int comparison, double number)
{
    const int holds[] = {x == number, x != number, x<number, x <= number, x> number, x >= number};
    return holds[comparison];
}

static void add_comparison(struct model *m, size_t i, size_t up, int *fulfils, struct rng *rng)
{
    const struct modelled *parent = &m->p[up];
    int32_t comparison = (int32_t)rng_below(rng, 6);
    double number = parent->number[rng_below(rng, parent->n)] + 0.5 * (double)rng_below(rng, 2);
    for (size_t k = 0; k < parent->n; k++)
        fulfils[k] = compares(parent->number[k], comparison, number);
    assert_ok(space_add_condition(m->space, NAMES[i], NAMES[up], comparison, number));
}

static void add_membership(struct model *m, size_t i, size_t up, int *fulfils, struct rng *rng)
{
    const struct modelled *parent = &m->p[up];
    char numbers[MOST_VALUES][NUMBER_SIZE];
    const char *values[MOST_VALUES];
    size_t count = 0, certain = (size_t)rng_below(rng, parent->n);
    for (size_t k = parent->n; k-- > 0;) {
        fulfils[k] = k == certain || rng_below(rng, 2);
        if (!fulfils[k])
            continue;
        text_format(numbers[count], sizeof numbers[count], "%d", (int)parent->number[k]);
        values[count] = parent->kind == AFINA_KIND_INTEGER ? numbers[count] : m->space->parameters[up].choices[k];
        count++;
    }
    assert_ok(space_add_condition_in(m->space, NAMES[i], NAMES[up], values, count));
}

static void add_condition(struct model *m, size_t i, size_t up, struct rng *rng)
{
    struct modelled *child = &m->p[i];
    int32_t kind = m->p[up].kind;
    int *fulfils = child->fulfils[child->n_conditions];
    int has_set = kind != AFINA_KIND_REAL, compares_numbers = kind != AFINA_KIND_CATEGORICAL;
    child->parent[child->n_conditions++] = up;
    if (has_set && (!compares_numbers || rng_below(rng, 2)))
        add_membership(m, i, up, fulfils, rng);
    else
        add_comparison(m, i, up, fulfils, rng);
}

/* ------------------------------------------------------- the points of the model */

static int is_active(const struct model *m, const struct key *key, size_t i)
{
    const struct modelled *p = &m->p[i];
    for (size_t c = 0; c < p->n_conditions; c++) {
        int value = key->at[p->parent[c]];
        if (value == NONE || !p->fulfils[c][value])
            return 0;
    }
    return 1;
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct key));
}

/* Puts every way to go on with the parameters from order[at] on into the list. */
static void list_keys(struct model *m, size_t at, struct key *key, double share)
{
    if (at == m->size) {
        m->keys[m->count] = *key;
        m->shares[m->count++] = share;
        return;
    }
    size_t i = m->order[at];
    key->at[i] = NONE;
    if (!is_active(m, key, i)) {
        list_keys(m, at + 1, key, share);
        return;
    }
    for (size_t k = 0; k < m->p[i].n; k++) {
        key->at[i] = (signed char)k;
        list_keys(m, at + 1, key, share * m->p[i].share[k]);
    }
}

/* The index of a point of the library among those of the model, which has to be there. */
static struct key key_of(const struct model *m, const struct point *point)
{
    struct key key = {0};
    for (size_t i = 0; i < m->size; i++) {
        const struct modelled *p = &m->p[i];
        union value v = point->value[i];
        int is_choice = p->kind == AFINA_KIND_CATEGORICAL || p->kind == AFINA_KIND_ORDINAL;
        size_t k = 0;
        while (k < p->n && !is_choice && (p->kind == AFINA_KIND_REAL ? v.real : (double)v.integer) != p->number[k])
            k++;
        key.at[i] = (signed char)(!point->active[i] ? NONE : is_choice ? v.integer : (int64_t)k);
        assert_true(key.at[i] < (int)p->n);
    }
    return key;
}

static size_t index_of(const struct model *m, const struct key *key)
{
    const struct key *found = bsearch(key, m->keys, m->count, sizeof *key, compare_keys);
    assert_non_null(found);
    return (size_t)(found - m->keys);
}

static void sort_model(struct model *m)
{
    struct model listed = *m;
    double *shares = mem_new(m->count + 1, sizeof *shares);
    struct key *unsorted = mem_copy(m->keys, m->count, sizeof *m->keys);
    assert_true(shares && unsorted);
    qsort(m->keys, m->count, sizeof *m->keys, compare_keys);
    for (size_t i = 0; i < listed.count; i++)
        shares[index_of(m, &unsorted[i])] = listed.shares[i];
    mem_free(unsorted);
    mem_free(m->shares);
    m->shares = shares;
}

/* 1 when the space is small enough to be listed. */
static int make_model(struct model *m, uint64_t seed)
{
    struct rng rng;
    struct key key = {0};
    size_t rank[MOST], combinations = 1;
    rng_start(&rng, seed, 0, RNG_SUGGEST);
    *m = (struct model){.size = 1 + (size_t)rng_below(&rng, MOST), .space = new_space()};
    uint64_t eighths = rng_below(&rng, 7);
    for (size_t i = 0; i < m->size; i++) {
        void (*const add[])(struct model *, size_t, struct rng *) = {add_integer, add_real, add_choices, add_choices};
        add[rng_below(&rng, 4)](m, i, &rng);
        set_default(m, i, &rng);
        combinations *= m->p[i].n;
    }
    rng_permutation(&rng, rank, m->size);
    for (size_t i = 0; i < m->size; i++)
        m->order[rank[i]] = i;
    for (size_t i = 0; i < m->size; i++)
        for (size_t up = 0; up < m->size; up++)
            for (int twice = 0; twice < 2; twice++)
                if (rank[up] < rank[i] && rng_below(&rng, 16) < eighths)
                    add_condition(m, i, up, &rng);
    if (combinations > MOST_COMBINATIONS)
        return 0;
    m->keys = mem_new(combinations, sizeof *m->keys);
    m->shares = mem_new(combinations, sizeof *m->shares);
    assert_true(m->keys && m->shares);
    list_keys(m, 0, &key, 1);
    sort_model(m);
    m->snapshot = snapshot_of(m->space);
    return 1;
}

static void free_model(struct model *m)
{
    mem_free(m->keys);
    mem_free(m->shares);
    space_release(m->snapshot);
    space_free(m->space);
}

/* --------------------------------------------------------------------- the laws */

/* The lattice has as many points as the model has of positive (or any) probability, each once. */
static void check_lattice(const struct model *m, int suggestible)
{
    struct point *point = new_point(m->snapshot);
    unsigned char *met = mem_new(m->count, 1);
    struct lattice *lattice;
    uint64_t wanted = 0, rank;
    for (size_t i = 0; i < m->count; i++)
        wanted += !suggestible || m->shares[i] > 0;
    assert_ok(suggestible ? lattice_suggestible(&lattice, m->snapshot) : lattice_new(&lattice, m->snapshot));
    assert_int_equal(lattice_count(lattice), wanted);
    for (uint64_t r = 0; r < wanted; r++) {
        lattice_unrank(lattice, r, point);
        struct key key = key_of(m, point);
        size_t i = index_of(m, &key);
        assert_false(met[i]);
        met[i] = 1;
        assert_int_equal(space_is_suggestible(m->snapshot, point), m->shares[i] > 0);
        assert_true(!suggestible || m->shares[i] > 0);
        assert_ok(lattice_rank(lattice, point, &rank));
        assert_int_equal(rank, r);
    }
    mem_free(met);
    lattice_free(lattice);
    point_free(point);
}

/* Draws have the probabilities of the model, to six standard deviations. */
static void check_draws(const struct model *m, struct rng *rng)
{
    struct point *point = new_point(m->snapshot);
    uint64_t *met = mem_new(m->count, sizeof *met);
    for (int i = 0; i < DRAWS; i++) {
        assert_ok(space_sample(m->snapshot, rng, point));
        struct key key = key_of(m, point);
        met[index_of(m, &key)]++;
    }
    for (size_t i = 0; i < m->count; i++) {
        double mean = DRAWS * m->shares[i];
        assert_true(m->shares[i] > 0 || met[i] == 0);
        assert_near((double)met[i], mean, 6 * sqrt(mean) + 6);
    }
    mem_free(met);
    point_free(point);
}

static size_t start_of(const struct modelled *p)
{
    size_t best = 0;
    if (p->share[p->preset] > 0)
        return p->preset;
    for (size_t k = 1; k < p->n; k++)
        if (p->share[k] > p->share[best])
            best = k;
    return best;
}

/* The point in which parameter i has another value. What is switched on starts at its
 * default, or at the most probable choice where that has weight 0. */
static struct key moved(const struct model *m, const struct key *from, size_t i, size_t k)
{
    struct key to = *from;
    to.at[i] = (signed char)k;
    for (size_t at = 0; at < m->size; at++) {
        size_t j = m->order[at];
        if (!is_active(m, &to, j))
            to.at[j] = NONE;
        else if (from->at[j] == NONE)
            to.at[j] = (signed char)start_of(&m->p[j]);
    }
    return to;
}

/* 1 when value k is one step from `own`: any other category, else the next that has a weight. */
static int is_step(const struct modelled *p, size_t own, size_t k)
{
    if (k == own || p->share[k] == 0)
        return 0;
    size_t low = k < own ? k : own, high = k < own ? own : k;
    for (size_t between = low + 1; between < high && p->kind != AFINA_KIND_CATEGORICAL; between++)
        if (p->share[between] > 0)
            return 0;
    return 1;
}

/* A mutation moves the parameter, an ordinal one by one step, and settles what depends on it. */
static void check_mutations(const struct model *m, struct rng *rng)
{
    struct point *point = new_point(m->snapshot), *out = new_point(m->snapshot);
    struct lattice *lattice;
    assert_ok(lattice_new(&lattice, m->snapshot));
    lattice_unrank(lattice, rng_below(rng, lattice_count(lattice)), point);
    struct key from = key_of(m, point);
    for (size_t i = 0; i < m->size; i++) {
        if (!space_mutate(m->snapshot, point, i, 0.2, rng, out))
            continue;
        struct key got = key_of(m, out);
        size_t own = (size_t)from.at[i], k = (size_t)got.at[i];
        assert_true(from.at[i] != NONE && k != own);
        if (m->p[i].kind == AFINA_KIND_CATEGORICAL || m->p[i].kind == AFINA_KIND_ORDINAL)
            assert_true(is_step(&m->p[i], own, k));
        struct key wanted = moved(m, &from, i, k);
        assert_memory_equal(&wanted, &got, sizeof wanted);
    }
    point_free(out);
    lattice_free(lattice);
    point_free(point);
}

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static uint64_t last_seed;

static int print_seed(void **state)
{
    (void)state;
    print_message("the last space has AFINA_TEST_SEED=%llu\n", (unsigned long long)last_seed);
    return 0;
}

static void test_random_spaces_equal_their_model(void **state)
{
    (void)state;
    uint64_t spaces = number_from("AFINA_TEST_SPACES", getenv("AFINA_TEST_QUICK") ? 100 : 600);
    uint64_t seed = number_from("AFINA_TEST_SEED", 2385), checked = 0, points = 0;
    for (uint64_t i = 0; i < spaces; i++) {
        struct model m;
        struct rng rng;
        rng_start(&rng, seed + i, 1, RNG_SUGGEST);
        last_seed = seed + i;
        if (make_model(&m, seed + i)) {
            check_lattice(&m, 0);
            check_lattice(&m, 1);
            check_draws(&m, &rng);
            for (int k = 0; k < 10; k++)
                check_mutations(&m, &rng);
            checked++;
            points += m.count;
        }
        free_model(&m);
    }
    print_message("seeds %llu to %llu: %llu spaces with %llu points\n", (unsigned long long)seed,
                  (unsigned long long)(seed + spaces - 1), (unsigned long long)checked, (unsigned long long)points);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(test_random_spaces_equal_their_model, print_seed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
