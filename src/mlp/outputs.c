#include "mlp/outputs.h"

#include "mlp/dataset.h"
#include "mlp/metric.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

enum { CHUNK = 256 };

void outputs_compute(const struct network *network, struct backprop *pass, const double *features, const size_t *rows,
                     size_t n, float *out)
{
    const struct shape *s = &network->shape;
    size_t outputs = s->units[s->layers + 1];
    for (size_t start = 0, count; start < n; start += count) {
        count = n - start < pass->capacity ? n - start : pass->capacity;
        const double *from = rows ? features : features + start * s->units[0];
        network_scale(network, from, rows ? rows + start : NULL, count, pass->layer[0]);
        backprop_forward(pass, network->parameters, count, network->task == AFINA_TASK_CLASSIFICATION, 0, NULL);
        memcpy(out + start * outputs, pass->layer[s->layers + 1], count * outputs * sizeof *out);
    }
}

int32_t judge_init(struct judge *j, const struct network *network, const struct dataset *d, const size_t *rows,
                   size_t n)
{
    size_t outputs = network->shape.units[network->shape.layers + 1];
    *j = (struct judge){.rows = n, .outputs = outputs};
    if (n > SIZE_MAX / outputs)
        return fail_memory();
    j->output = mem_new(n * outputs, sizeof *j->output);
    j->pairs = mem_new(n, sizeof *j->pairs);
    if (d->labels) {
        j->labels = mem_new(n, sizeof *j->labels);
    } else {
        j->targets = mem_new(n, sizeof *j->targets);
        j->values = mem_new(n, sizeof *j->values);
    }
    if (!j->output || !j->pairs || !(j->labels || (j->targets && j->values))) {
        judge_fini(j);
        return fail_memory();
    }
    for (size_t i = 0; i < n; i++) {
        size_t row = rows ? rows[i] : i;
        if (d->labels)
            j->labels[i] = d->labels[row];
        else
            j->targets[i] = d->values[row];
    }
    return AFINA_OK;
}

void judge_fini(struct judge *j)
{
    mem_free(j->output);
    mem_free(j->labels);
    mem_free(j->targets);
    mem_free(j->values);
    mem_free(j->pairs);
    *j = (struct judge){0};
}

static double natural(const struct network *network, float output)
{
    return network->target_mean + network->target_scale * (double)output;
}

double judge_metric(const struct judge *j, const struct network *network, int32_t metric)
{
    if (j->labels)
        return metric_of_classes(metric, j->output, j->labels, j->rows, j->outputs, j->pairs);
    for (size_t i = 0; i < j->rows; i++)
        j->values[i] = natural(network, j->output[i]);
    return metric_of_values(metric, j->values, j->targets, j->rows);
}

static int32_t check_columns(const struct network *network, size_t columns)
{
    if (columns != network->shape.units[0])
        return fail(AFINA_E_RANGE, "columns must be %zu, as in training, got %zu", network->shape.units[0], columns);
    return AFINA_OK;
}

int32_t network_predict(const struct network *network, const double *features, size_t rows, size_t columns, double *out,
                        size_t capacity, size_t *count)
{
    const struct shape *s = &network->shape;
    size_t outputs = s->units[s->layers + 1];
    int32_t rc = check_columns(network, columns);
    if (!rc && rows > SIZE_MAX / outputs / sizeof(double))
        rc = fail(AFINA_E_RANGE, "rows x outputs must fit the memory, got %zu x %zu", rows, outputs);
    if (rc)
        return rc;
    for (size_t i = 0; i < rows * columns; i++)
        if (!isfinite(features[i]))
            return fail(AFINA_E_RANGE, "feature %zu of row %zu must be finite, got %g", i % columns, i / columns,
                        features[i]);
    *count = rows * outputs;
    if (rows == 0 || capacity == 0)
        return AFINA_OK;
    struct backprop pass;
    float *single = mem_new(rows * outputs, sizeof *single);
    if (!single)
        return fail_memory();
    rc = backprop_init(&pass, s, rows < CHUNK ? rows : CHUNK);
    if (!rc) {
        outputs_compute(network, &pass, features, NULL, rows, single);
        for (size_t i = 0; i < rows * outputs && i < capacity; i++)
            out[i] = network->task == AFINA_TASK_REGRESSION ? natural(network, single[i]) : (double)single[i];
        backprop_fini(&pass);
    }
    mem_free(single);
    return rc;
}

/* Renumbers the labels of the data as the network numbers its classes: by name
 * where both have names. */
static int32_t match_classes(const struct network *network, const struct dataset *d, int32_t *labels)
{
    if (!network->class_names || !d->class_names) {
        if (d->classes <= network->classes)
            return AFINA_OK;
        return fail(AFINA_E_RANGE, "the data set has %zu classes, the network knows %zu", d->classes, network->classes);
    }
    int32_t *number = mem_new(d->classes, sizeof *number);
    if (!number)
        return fail_memory();
    int32_t rc = AFINA_OK;
    for (size_t c = 0; !rc && c < d->classes; c++) {
        size_t k = 0;
        while (k < network->classes && strcmp(network->class_names[k], d->class_names[c]) != 0)
            k++;
        number[c] = (int32_t)k;
        if (k == network->classes)
            rc = fail(AFINA_E_NAME, "class \"%s\" of the data set was not there in training", d->class_names[c]);
    }
    for (size_t r = 0; !rc && r < d->rows; r++)
        labels[r] = number[labels[r]];
    mem_free(number);
    return rc;
}

int32_t network_score(const struct network *network, const struct dataset *d, const char *metric, double *value)
{
    struct backprop pass = {0};
    struct judge judge = {0};
    int32_t number;
    if (d->task != network->task)
        return fail(AFINA_E_TYPE, "the network was trained for a %s, the data set is for a %s",
                    network->task == AFINA_TASK_REGRESSION ? "regression" : "classification",
                    d->task == AFINA_TASK_REGRESSION ? "regression" : "classification");
    int32_t rc = metric_find(metric, network->task, &number);
    if (!rc)
        rc = check_columns(network, d->columns);
    if (rc)
        return rc;
    rc = judge_init(&judge, network, d, NULL, d->rows);
    if (rc)
        goto out;
    rc = judge.labels ? match_classes(network, d, judge.labels) : 0;
    if (rc)
        goto out;
    rc = backprop_init(&pass, &network->shape, CHUNK);
    if (rc)
        goto out;
    outputs_compute(network, &pass, d->features, NULL, d->rows, judge.output);
    *value = judge_metric(&judge, network, number);
out:
    backprop_fini(&pass);
    judge_fini(&judge);
    return rc;
}
