/* The table of hyperparameters as a search space, and a point as a
 * configuration. */
#include "mlp/mlp.h"

#include "core/fail.h"
#include "core/text.h"
#include "space/space.h"

#include <string.h>

enum { NAME_SIZE = 64 };

/* "units_2" for layer 1 of "units". */
static void full_name(const struct hyperparameter *h, size_t layer, char name[NAME_SIZE])
{
    if (h->each_layer)
        text_format(name, NAME_SIZE, "%s_%zu", h->name, layer + 1);
    else
        text_format(name, NAME_SIZE, "%s", h->name);
}

static int32_t add_number(struct space *space, const struct hyperparameter *h, const char *name,
                          const struct mlp_limits *limits)
{
    double low, high, standard;
    hyperparameter_range(h, limits, &low, &high, &standard);
    if (h->kind == AFINA_KIND_INTEGER) {
        int32_t rc = space_add_integer(space, name, (int64_t)low, (int64_t)high, h->scale);
        return rc ? rc : space_set_default_integer(space, name, (int64_t)standard);
    }
    int32_t rc = space_add_real(space, name, low, high, h->scale);
    return rc ? rc : space_set_default_real(space, name, standard);
}

static int32_t add_choice(struct space *space, const struct hyperparameter *h, const char *name)
{
    int32_t rc = space_add_choices(space, name, AFINA_KIND_CATEGORICAL, h->choices, h->count);
    if (!rc && h->weights)
        rc = space_set_weights(space, name, h->weights, h->count);
    return rc ? rc : space_set_default_string(space, name, h->choices[(size_t)h->standard]);
}

static int32_t add_one(struct space *space, const struct hyperparameter *h, size_t layer,
                       const struct mlp_limits *limits)
{
    char name[NAME_SIZE];
    full_name(h, layer, name);
    int32_t rc = h->kind == AFINA_KIND_CATEGORICAL ? add_choice(space, h, name) : add_number(space, h, name, limits);
    if (!rc && h->parent)
        rc = space_add_condition_in(space, name, h->parent, h->when, h->when_count);
    if (!rc && h->each_layer && layer > 0)
        rc = space_add_condition(space, name, "layers", AFINA_COMPARE_GREATER_EQUAL, (double)(layer + 1));
    return rc;
}

/* With folds there is no share of validation rows to choose. */
static int is_offered(const struct hyperparameter *h, const struct mlp_limits *limits)
{
    return !(limits->folds > 0 && strcmp(h->name, "validation_share") == 0);
}

int32_t mlp_space(const struct mlp *mlp, struct space **out)
{
    struct mlp_limits limits = mlp_limits(mlp);
    struct space *space;
    *out = NULL;
    int32_t rc = space_new(&space);
    for (size_t i = 0; !rc && i < mlp_hyperparameter_count; i++) {
        const struct hyperparameter *h = &mlp_hyperparameters[i];
        size_t copies = h->each_layer ? (size_t)limits.layers : 1;
        for (size_t layer = 0; !rc && layer < copies && is_offered(h, &limits); layer++)
            rc = add_one(space, h, layer, &limits);
    }
    if (rc) {
        space_free(space);
        return rc;
    }
    *out = space;
    return AFINA_OK;
}

/* The number of a value, or of a choice's text in the table. */
static int32_t value_number(const struct hyperparameter *h, const struct parameter *p, union value v, double *number)
{
    int chosen = p->kind == AFINA_KIND_CATEGORICAL || p->kind == AFINA_KIND_ORDINAL;
    if (h->kind == AFINA_KIND_CATEGORICAL) {
        if (chosen)
            return hyperparameter_choice(h, p->name, p->choices[v.integer], number);
        return fail(AFINA_E_TYPE, "%s must be a choice such as \"%s\", not a number", p->name, h->choices[0]);
    }
    if (parameter_number(p, v, number))
        return AFINA_OK;
    return fail(AFINA_E_TYPE, "%s must be a number, not the choice \"%s\"", p->name, p->choices[v.integer]);
}

static int32_t read_one(struct mlp_config *config, const struct hyperparameter *h, size_t layer,
                        const struct space *space, const struct point *point)
{
    char name[NAME_SIZE];
    full_name(h, layer, name);
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *p = &space->parameters[i];
        double number;
        if (strcmp(p->name, name) != 0)
            continue;
        if (!point->active[i])
            return AFINA_OK;
        int32_t rc = value_number(h, p, point->value[i], &number);
        return rc ? rc : mlp_config_set(config, h, layer, name, number);
    }
    return AFINA_OK;
}

int32_t mlp_config_read(const struct mlp *mlp, const struct space *space, const struct point *point,
                        struct mlp_config *config)
{
    int32_t rc = AFINA_OK;
    mlp_default(mlp, config);
    for (size_t i = 0; !rc && i < mlp_hyperparameter_count; i++) {
        const struct hyperparameter *h = &mlp_hyperparameters[i];
        for (size_t layer = 0; !rc && layer < (h->each_layer ? NETWORK_LAYERS_MAX : 1); layer++)
            rc = read_one(config, h, layer, space, point);
    }
    return rc;
}
