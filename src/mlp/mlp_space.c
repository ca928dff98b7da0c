/* The table of hyperparameters as a search space, and a point of any space as a
 * configuration. */
#include "mlp/mlp.h"

#include "core/fail.h"
#include "core/text.h"
#include "space/space.h"

#include <string.h>

enum { NAME_SIZE = 48 };

/* "units_2" for a hyperparameter of each layer, else its own name. */
static void name_of(const struct hyperparameter *h, size_t layer, char out[NAME_SIZE])
{
    if (h->each_layer)
        text_format(out, NAME_SIZE, "%s_%zu", h->name, layer + 1);
    else
        text_format(out, NAME_SIZE, "%s", h->name);
}

static int32_t add_number(struct space *space, const char *name, const struct hyperparameter *h,
                          const struct mlp_limits *limits)
{
    double low, high, standard;
    hyperparameter_range(h, limits, &low, &high, &standard);
    if (h->kind == AFINA_INTEGER) {
        int32_t rc = space_add_integer(space, name, (int64_t)low, (int64_t)high, h->scale);
        return rc ? rc : space_set_default_integer(space, name, (int64_t)standard);
    }
    int32_t rc = space_add_real(space, name, low, high, h->scale);
    return rc ? rc : space_set_default_real(space, name, standard);
}

static int32_t add_choices(struct space *space, const char *name, const struct hyperparameter *h)
{
    int32_t rc = space_add_choices(space, name, h->kind, h->choices, h->count);
    return rc ? rc : space_set_default_string(space, name, h->choices[(size_t)h->standard]);
}

static int32_t add(struct space *space, const struct hyperparameter *h, size_t layer, const struct mlp_limits *limits)
{
    char name[NAME_SIZE];
    name_of(h, layer, name);
    int32_t rc = h->kind == AFINA_CATEGORICAL ? add_choices(space, name, h) : add_number(space, name, h, limits);
    if (!rc && layer > 0)
        rc = space_add_condition(space, name, "layers", AFINA_GREATER_EQUAL, (double)layer + 1);
    if (!rc && h->parent)
        rc = space_add_condition_in(space, name, h->parent, h->when, h->when_count);
    return rc;
}

/* With folds every row validates in its turn: there is no share to choose. */
static int is_offered(const struct hyperparameter *h, const struct mlp_limits *limits)
{
    return limits->folds < 2 || strcmp(h->name, "validation_share") != 0;
}

int32_t mlp_space(const struct mlp *mlp, struct space **out)
{
    struct mlp_limits limits = mlp_limits(mlp);
    struct space *space;
    *out = NULL;
    int32_t rc = space_new(&space);
    if (rc)
        return rc;
    for (size_t i = 0; i < mlp_hyperparameter_count && !rc; i++) {
        const struct hyperparameter *h = &mlp_hyperparameters[i];
        size_t layers = h->each_layer ? (size_t)limits.layers : 1;
        for (size_t layer = 0; layer < layers && !rc && is_offered(h, &limits); layer++)
            rc = add(space, h, layer, &limits);
    }
    if (rc)
        space_free(space);
    else
        *out = space;
    return rc;
}

/* The index of a name, or `size` when the space lacks it. */
static size_t index_of(const struct space *space, const char *name)
{
    size_t i = 0;
    while (i < space->size && strcmp(space->parameters[i].name, name) != 0)
        i++;
    return i;
}

static int32_t read(const struct space *space, const struct point *point, const struct hyperparameter *h, size_t layer,
                    struct mlp_config *config)
{
    char name[NAME_SIZE];
    double number;
    name_of(h, layer, name);
    size_t i = index_of(space, name);
    if (i == space->size || !point->active[i])
        return 0;
    const struct parameter *p = &space->parameters[i];
    union value v = point->value[i];
    if (h->kind == AFINA_CATEGORICAL) {
        if (!p->choices)
            return fail(AFINA_E_TYPE, "hyperparameter \"%s\" takes one of its choices, not a number", name);
        int32_t rc = hyperparameter_choice(h, p->choices[v.integer], &number);
        return rc ? rc : mlp_config_set(config, h, layer, number);
    }
    if (!parameter_number(p, v, &number))
        return fail(AFINA_E_TYPE, "hyperparameter \"%s\" takes a number, not \"%s\"", name, p->choices[v.integer]);
    return mlp_config_set(config, h, layer, number);
}

int32_t mlp_config_read(const struct mlp *mlp, const struct space *space, const struct point *point,
                        struct mlp_config *config)
{
    int32_t rc = 0;
    mlp_default(mlp, config);
    for (size_t i = 0; i < mlp_hyperparameter_count && !rc; i++) {
        const struct hyperparameter *h = &mlp_hyperparameters[i];
        size_t layers = h->each_layer ? NETWORK_LAYERS_MAX : 1;
        for (size_t layer = 0; layer < layers && !rc; layer++)
            rc = read(space, point, h, layer, config);
    }
    return rc;
}
