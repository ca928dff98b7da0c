/* Spaces that are not boxes: integers only, categories only, a deep conditional
 * tree, and a narrow valley over logarithmic scales. Each has its optimum, 0, at
 * a place drawn for its instance; `shift` holds what was drawn.
 *
 * integer8    sum_i (i+1) e_i^2 / 100 + sum_i (e_i - e_{i+1})^2 / 50, e = x - t,
 *             x_i in 0..30
 * category20  sum_i w_i c(l_i) + 1/2 #{i : (l_i = 0) != (l_{i+1} = 0)}, with
 *             l_i = (choice + t_i) mod 5, c = (0, .3, .5, .8, 1), w_i = 1 + i/10
 * tree        a model, its parts, their parts: see tree_value
 * valley      p_i = log10 x_i - t_i; 25 (p0 + p1)^2 + 25 (p2 + 2 p3)^2
 *             + (p0^2 + p2^2)/10 */
#include "problem.h"

#include "stream.h"

#include <math.h>
#include <stdio.h>

enum { INSTANCES = 2, CATEGORIES = 20 };

static double draw(const struct problem *p, size_t i)
{
    return stream_uniform(stream_hash(p->name), (uint64_t)p->instance, (uint32_t)i);
}

static double integer_value(const struct problem *p, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < p->d; i++) {
        const double e = x[i] - p->shift[i];
        sum += (double)(i + 1) * e * e / 100;
        if (i + 1 < p->d)
            sum += pow(e - (x[i + 1] - p->shift[i + 1]), 2) / 50;
    }
    return sum;
}

static int32_t integer_describe(const struct problem *p, afina_space *space)
{
    for (size_t i = 0; i < p->d; i++) {
        char name[24];
        snprintf(name, sizeof name, "n%zu", i);
        const int32_t rc = afina_space_add_integer(space, name, 0, 30, AFINA_SCALE_LINEAR);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

static double category_value(const struct problem *p, const double *x)
{
    static const double cost[5] = {0, 0.3, 0.5, 0.8, 1};
    double sum = 0;
    int before = 0;
    for (size_t i = 0; i < p->d; i++) {
        const int level = ((int)x[i] + (int)p->shift[i]) % 5;
        sum += (1 + (double)i / 10) * cost[level];
        if (i > 0 && (level == 0) != (before == 0))
            sum += 0.5;
        before = level;
    }
    return sum;
}

static int32_t category_describe(const struct problem *p, afina_space *space)
{
    static const char *const choices[] = {"a", "b", "c", "d", "e"};
    for (size_t i = 0; i < p->d; i++) {
        char name[24];
        snprintf(name, sizeof name, "c%zu", i);
        const int32_t rc = afina_space_add_categorical(space, name, choices, 5);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

/* Parameters in order: model {linear, forest, net}; penalty (linear); trees,
 * share (forest); layers 1..3, units1, units2, units3 (net, one a layer), rule
 * {sgd, adam} (net), momentum, nesterov {no, yes} (sgd), beta, course {flat,
 * cosine} (adam), warmup (cosine), rate (net). The best leaf is net, 3 layers,
 * adam, cosine; every other way ends at least 0.05 above. */
enum {
    MODEL,
    PENALTY,
    TREES,
    SHARE,
    LAYERS,
    UNITS,
    RULE = UNITS + 3,
    MOMENTUM,
    NESTEROV,
    BETA,
    COURSE,
    WARMUP,
    RATE,
    TREE
};

static double tree_net(const double *x, const double *t)
{
    double s = 0.15 * (3 - x[LAYERS]) + pow(log10(x[RATE]) - t[RATE], 2) / 4;
    for (int i = 0; i < (int)x[LAYERS]; i++)
        s += 0.05 * pow(log2(x[UNITS + i]) - t[UNITS + i], 2);
    if ((int)x[RULE] == 0)
        return s + 0.1 + pow(x[MOMENTUM] - t[MOMENTUM], 2) + ((int)x[NESTEROV] ? 0 : 0.05);
    s += 2 * pow(log10(x[BETA]) - t[BETA], 2) / 4;
    return (int)x[COURSE] == 0 ? s + 0.05 : s + pow(x[WARMUP] - t[WARMUP], 2);
}

static double tree_value(const struct problem *p, const double *x)
{
    const double *t = p->shift;
    if ((int)x[MODEL] == 0)
        return 0.6 + pow(log10(x[PENALTY]) - t[PENALTY], 2) / 10;
    if ((int)x[MODEL] == 1)
        return 0.3 + pow(log2(x[TREES]) - t[TREES], 2) / 50 + pow(x[SHARE] - t[SHARE], 2);
    return tree_net(x, t);
}

static int32_t condition(afina_space *space, const char *child, const char *parent, const char *value)
{
    return afina_space_add_condition_in(space, child, parent, &value, 1);
}

static int32_t tree_net_describe(afina_space *space)
{
    static const char *const rules[] = {"sgd", "adam"}, *const answers[] = {"no", "yes"};
    static const char *const courses[] = {"flat", "cosine"};
    int32_t rc = afina_space_add_integer(space, "layers", 1, 3, AFINA_SCALE_LINEAR);
    rc = rc ? rc : condition(space, "layers", "model", "net");
    for (int i = 1; i <= 3 && !rc; i++) {
        char name[16];
        snprintf(name, sizeof name, "units%d", i);
        rc = afina_space_add_integer(space, name, 4, 256, AFINA_SCALE_LOG);
        rc = rc ? rc : afina_space_add_condition(space, name, "layers", AFINA_COMPARE_GREATER_EQUAL, i);
    }
    rc = rc ? rc : afina_space_add_categorical(space, "rule", rules, 2);
    rc = rc ? rc : condition(space, "rule", "model", "net");
    rc = rc ? rc : afina_space_add_real(space, "momentum", 0, 1, AFINA_SCALE_LINEAR);
    rc = rc ? rc : condition(space, "momentum", "rule", "sgd");
    rc = rc ? rc : afina_space_add_categorical(space, "nesterov", answers, 2);
    rc = rc ? rc : condition(space, "nesterov", "rule", "sgd");
    rc = rc ? rc : afina_space_add_real(space, "beta", 1e-4, 1, AFINA_SCALE_LOG);
    rc = rc ? rc : condition(space, "beta", "rule", "adam");
    rc = rc ? rc : afina_space_add_categorical(space, "course", courses, 2);
    rc = rc ? rc : condition(space, "course", "rule", "adam");
    rc = rc ? rc : afina_space_add_real(space, "warmup", 0, 1, AFINA_SCALE_LINEAR);
    rc = rc ? rc : condition(space, "warmup", "course", "cosine");
    rc = rc ? rc : afina_space_add_real(space, "rate", 1e-5, 1, AFINA_SCALE_LOG);
    return rc ? rc : condition(space, "rate", "model", "net");
}

static int32_t tree_describe(const struct problem *p, afina_space *space)
{
    static const char *const models[] = {"linear", "forest", "net"};
    int32_t rc = afina_space_add_categorical(space, "model", models, 3);
    (void)p;
    rc = rc ? rc : afina_space_add_real(space, "penalty", 1e-6, 1e3, AFINA_SCALE_LOG);
    rc = rc ? rc : condition(space, "penalty", "model", "linear");
    rc = rc ? rc : afina_space_add_integer(space, "trees", 8, 1024, AFINA_SCALE_LOG);
    rc = rc ? rc : condition(space, "trees", "model", "forest");
    rc = rc ? rc : afina_space_add_real(space, "share", 0, 1, AFINA_SCALE_LINEAR);
    rc = rc ? rc : condition(space, "share", "model", "forest");
    return rc ? rc : tree_net_describe(space);
}

static void tree_place(struct problem *p)
{
    p->shift[PENALTY] = -5 + 7 * draw(p, PENALTY);
    p->shift[TREES] = 4 + 5 * draw(p, TREES);
    p->shift[SHARE] = 0.1 + 0.8 * draw(p, SHARE);
    for (size_t i = UNITS; i < UNITS + 3; i++)
        p->shift[i] = log2(floor(exp2(3 + 4 * draw(p, i))));
    p->shift[MOMENTUM] = 0.1 + 0.8 * draw(p, MOMENTUM);
    p->shift[BETA] = -3.5 + 3 * draw(p, BETA);
    p->shift[WARMUP] = 0.1 + 0.8 * draw(p, WARMUP);
    p->shift[RATE] = -4.5 + 4 * draw(p, RATE);
}

static double valley_value(const struct problem *p, const double *x)
{
    double e[4];
    for (size_t i = 0; i < 4; i++)
        e[i] = log10(x[i]) - p->shift[i];
    return 25 * pow(e[0] + e[1], 2) + 25 * pow(e[2] + 2 * e[3], 2) + (e[0] * e[0] + e[2] * e[2]) / 10;
}

static int32_t valley_describe(const struct problem *p, afina_space *space)
{
    return describe_reals(space, p->d, 1e-6, 1, AFINA_SCALE_LOG);
}

static struct problem *add(const char *name, int instance, size_t d,
                           int32_t (*describe)(const struct problem *, afina_space *),
                           double (*value)(const struct problem *, const double *))
{
    struct problem *p = problem_add("mixed", name, instance, d);
    if (p) {
        p->describe = describe;
        p->value = value;
        p->shifts = d;
    }
    return p;
}

static int add_instance(int k)
{
    struct problem *integer = add("integer8", k, 8, integer_describe, integer_value);
    struct problem *category = add("category20", k, CATEGORIES, category_describe, category_value);
    struct problem *tree = add("tree", k, TREE, tree_describe, tree_value);
    struct problem *valley = add("valley", k, 4, valley_describe, valley_value);
    if (!integer || !category || !tree || !valley)
        return -1;
    for (size_t i = 0; i < 8; i++)
        integer->shift[i] = 3 + floor(25 * draw(integer, i));
    for (size_t i = 0; i < CATEGORIES; i++)
        category->shift[i] = floor(5 * draw(category, i));
    tree_place(tree);
    for (size_t i = 0; i < 4; i++)
        valley->shift[i] = -5 + 4 * draw(valley, i);
    return 0;
}

int add_mixed(void)
{
    for (int k = 1; k <= INSTANCES; k++)
        if (add_instance(k))
            return -1;
    return 0;
}
