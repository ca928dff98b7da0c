#include "mlp/dataset.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

int32_t dataset_check_task(int32_t task)
{
    if (task != AFINA_TASK_CLASSIFICATION && task != AFINA_TASK_REGRESSION)
        return fail(AFINA_E_RANGE, "task must be AFINA_TASK_CLASSIFICATION (0) or AFINA_TASK_REGRESSION (1), got %d",
                    task);
    return AFINA_OK;
}

int32_t dataset_new(struct dataset **out, int32_t task, size_t rows, size_t columns, size_t classes)
{
    *out = NULL;
    if (columns > 0 && rows > SIZE_MAX / sizeof(double) / columns)
        return fail_memory();
    struct dataset *d = mem_new(1, sizeof *d);
    if (!d)
        return fail_memory();
    atomic_init(&d->references, 1);
    d->task = task;
    d->rows = rows;
    d->columns = columns;
    d->classes = classes;
    d->features = mem_new(rows * columns, sizeof *d->features);
    if (task == AFINA_TASK_CLASSIFICATION)
        d->labels = mem_new(rows, sizeof *d->labels);
    else
        d->values = mem_new(rows, sizeof *d->values);
    if (!d->features || !(d->labels || d->values)) {
        dataset_free(d);
        return fail_memory();
    }
    *out = d;
    return AFINA_OK;
}

void dataset_free(struct dataset *d)
{
    if (!d || atomic_fetch_sub_explicit(&d->references, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; d->class_names && i < d->classes; i++)
        mem_free(d->class_names[i]);
    mem_free(d->class_names);
    mem_free(d->features);
    mem_free(d->labels);
    mem_free(d->values);
    mem_free(d);
}

struct dataset *dataset_share(const struct dataset *d)
{
    struct dataset *shared = (struct dataset *)(uintptr_t)d; /* only the count changes */
    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

static int32_t check_finite(const double *features, size_t rows, size_t columns)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            if (!isfinite(features[r * columns + c]))
                return fail(AFINA_E_RANGE, "feature %zu of row %zu must be finite, got %g", c, r,
                            features[r * columns + c]);
    return AFINA_OK;
}

static int32_t check_values(const double *targets, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        if (!isfinite(targets[r]))
            return fail(AFINA_E_RANGE, "target of row %zu must be finite, got %g", r, targets[r]);
    return AFINA_OK;
}

static int32_t count_classes(const double *targets, size_t rows, size_t *classes)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t r = 0; r < rows; r++) {
        double t = targets[r];
        if (!(t >= 0 && t < DATASET_CLASSES_MAX && t == floor(t)))
            return fail(AFINA_E_RANGE, "target of row %zu must be a class number 0, 1, ... %d, got %g", r,
                        DATASET_CLASSES_MAX - 1, t);
        low = fmin(low, t);
        high = fmax(high, t);
    }
    if (low == high)
        return fail(AFINA_E_FORMAT, "every row is of class %g: a classification needs two classes or more", low);
    *classes = (size_t)high + 1;
    return AFINA_OK;
}

int32_t dataset_from_arrays(struct dataset **out, const double *features, size_t rows, size_t columns,
                            const double *targets, int32_t task)
{
    *out = NULL;
    int32_t rc = dataset_check_task(task);
    if (rc)
        return rc;
    if (rows < 1)
        return fail(AFINA_E_RANGE, "rows must be 1 or more, got 0");
    if (columns < 1 || columns > DATASET_COLUMNS_MAX)
        return fail(AFINA_E_RANGE, "columns must be in [1, %d], got %zu", DATASET_COLUMNS_MAX, columns);
    if (rows > SIZE_MAX / sizeof(double) / columns)
        return fail(AFINA_E_RANGE, "rows x columns must fit the memory, got %zu x %zu", rows, columns);
    rc = check_finite(features, rows, columns);
    size_t classes = 0;
    if (!rc)
        rc = task == AFINA_TASK_CLASSIFICATION ? count_classes(targets, rows, &classes) : check_values(targets, rows);
    if (!rc)
        rc = dataset_new(out, task, rows, columns, classes);
    if (rc)
        return rc;
    struct dataset *d = *out;
    memcpy(d->features, features, rows * columns * sizeof *features);
    for (size_t r = 0; r < rows; r++) {
        if (task == AFINA_TASK_CLASSIFICATION)
            d->labels[r] = (int32_t)targets[r];
        else
            d->values[r] = targets[r];
    }
    return AFINA_OK;
}
