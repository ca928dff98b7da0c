#include "mlp/network.h"

#include "mlp/dataset.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

void shape_layout(struct shape *shape)
{
    size_t at = 0;
    for (size_t l = 0; l <= shape->layers; l++) {
        shape->weight_at[l] = at;
        at += shape->units[l] * shape->units[l + 1];
    }
    shape->weights = at;
    for (size_t l = 0; l <= shape->layers; l++) {
        shape->bias_at[l] = at;
        at += shape->units[l + 1];
    }
    shape->parameters = at;
}

/* Mean and standard deviation of n numbers, `stride` apart, of the rows listed.
 * Differences from the first number keep constants exact; halving before
 * subtracting keeps 1e308 finite. */
static void moments(const double *x, size_t stride, const size_t *rows, size_t n, double *mean, double *sd)
{
    double first = x[rows[0] * stride], sum = 0, squares = 0, top = 0;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, fabs(x[rows[i] * stride] / 2 - first / 2));
    for (size_t i = 0; top > 0 && i < n; i++)
        sum += (x[rows[i] * stride] / 2 - first / 2) / top;
    double middle = sum / (double)n;
    for (size_t i = 0; top > 0 && i < n; i++) {
        double e = (x[rows[i] * stride] / 2 - first / 2) / top - middle;
        squares += e * e;
    }
    *mean = first + middle * top + middle * top;
    *sd = 2 * (top * sqrt(squares / (double)n));
}

/* A feature that does not vary among the training rows gets the scale 0, so that it has no
 * effect on other rows either. */
static void fit_scales(struct network *network, const struct dataset *d, const size_t *rows, size_t n)
{
    for (size_t c = 0; c < d->columns; c++) {
        double sd;
        moments(d->features + c, d->columns, rows, n, &network->mean[c], &sd);
        network->scale[c] = sd > 0 && isfinite(1 / sd) ? 1 / sd : 0;
    }
    if (d->task != AFINA_TASK_REGRESSION)
        return;
    moments(d->values, 1, rows, n, &network->target_mean, &network->target_scale);
    if (!(network->target_scale > 0) || !isfinite(1 / network->target_scale))
        network->target_scale = 1;
}

static int32_t copy_classes(struct network *network, size_t classes, char *const *names)
{
    network->classes = classes;
    if (!names)
        return AFINA_OK;
    network->class_names = mem_new(classes, sizeof *network->class_names);
    if (!network->class_names)
        return fail_memory();
    for (size_t i = 0; i < classes; i++) {
        network->class_names[i] = mem_copy_string(names[i]);
        if (!network->class_names[i])
            return fail_memory();
    }
    return AFINA_OK;
}

static int32_t make(struct network **out, const struct shape *shape, int32_t task, size_t classes, char *const *names)
{
    *out = NULL;
    struct network *network = mem_new(1, sizeof *network);
    if (!network)
        return fail_memory();
    network->shape = *shape;
    network->task = task;
    network->parameters = mem_new(shape->parameters, sizeof *network->parameters);
    network->mean = mem_new(shape->units[0], sizeof *network->mean);
    network->scale = mem_new(shape->units[0], sizeof *network->scale);
    int32_t rc = network->parameters && network->mean && network->scale ? AFINA_OK : fail_memory();
    if (!rc)
        rc = copy_classes(network, classes, names);
    if (rc) {
        network_free(network);
        return rc;
    }
    *out = network;
    return AFINA_OK;
}

int32_t network_new(struct network **out, const struct shape *shape, const struct dataset *d, const size_t *rows,
                    size_t n)
{
    int32_t rc = make(out, shape, d->task, d->classes, d->class_names);
    if (!rc)
        fit_scales(*out, d, rows, n);
    return rc;
}

int32_t network_copy(struct network **out, const struct network *network, const float *parameters)
{
    const struct shape *s = &network->shape;
    int32_t rc = make(out, s, network->task, network->classes, network->class_names);
    if (rc)
        return rc;
    memcpy((*out)->parameters, parameters, s->parameters * sizeof *parameters);
    memcpy((*out)->mean, network->mean, s->units[0] * sizeof *network->mean);
    memcpy((*out)->scale, network->scale, s->units[0] * sizeof *network->scale);
    (*out)->target_mean = network->target_mean;
    (*out)->target_scale = network->target_scale;
    return AFINA_OK;
}

void network_free(struct network *network)
{
    if (!network)
        return;
    for (size_t i = 0; network->class_names && i < network->classes; i++)
        mem_free(network->class_names[i]);
    mem_free(network->class_names);
    mem_free(network->parameters);
    mem_free(network->mean);
    mem_free(network->scale);
    mem_free(network);
}

/* An outlier is held at five standard deviations. On the digits, whose rare
 * pixels lie up to forty away, that cuts a tuned network's error by a sixth; and
 * no later row, however far outside, overflows a float. */
static float narrow(double z)
{
    const double bound = 5;
    z = z > bound ? bound : z;
    z = z < -bound ? -bound : z;
    return (float)z;
}

void network_scale(const struct network *network, const double *features, const size_t *rows, size_t n, float *out)
{
    size_t columns = network->shape.units[0];
    const double *mean = network->mean, *scale = network->scale;
    for (size_t i = 0; i < n; i++) {
        const double *x = features + (rows ? rows[i] : i) * columns;
        for (size_t c = 0; c < columns; c++)
            out[i * columns + c] = narrow((x[c] - mean[c]) * scale[c]);
    }
}
