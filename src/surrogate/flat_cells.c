/* Near the best point of a step function expected improvement is greatest although the function
 * is flat there: of 100 trials on tables that are read at their nearest row, 80 gave one of three
 * values. So a result that equals the result of its nearest point to the bit increases the distance
 * between points, and one that differs decreases it. The factors 1.5 and 0.85 balance when three
 * trials in ten repeat a value. Repeated results of the worse half do not count: keeping away from
 * the points of a basin does not help to leave a plateau around it. Where results never repeat, the
 * distance stays 0.
 *
 * Distances are Euclidean over encoded points; other categories are 1 apart.
 */
#include "surrogate/flat_cells.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

static const double wider = 1.5, narrower = 0.85, most = 1;

void flat_cells_fini(struct flat_cells *f)
{
    mem_free(f->value);
    *f = (struct flat_cells){0};
}

/* The row of the record that is nearest to x, or the first that is nearer than `enough`. The record
 * has at least one row. */
static size_t nearest(const struct gp_record *record, const struct gp_dimension *dimension, const double *x,
                      double enough, double *distance)
{
    size_t d = record->d, row = 0;
    double least = INFINITY;
    for (size_t i = 0; i < record->told && least >= enough * enough; i++) {
        double sum = 0;
        for (size_t j = 0; j < d && sum < least; j++) {
            double delta = x[j] - record->x[i * d + j];
            sum += dimension[j].kind == DIMENSION_CATEGORICAL ? delta != 0 : delta * delta;
        }
        if (sum < least) {
            least = sum;
            row = i;
        }
    }
    *distance = sqrt(least);
    return row;
}

/* How many values are less than `loss`. */
static size_t count_below(const struct flat_cells *f, double loss)
{
    size_t low = 0, high = f->values;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->value[middle] < loss)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Inserts `loss` unless it is there; *below becomes the number of values less than it. */
static int32_t insert(struct flat_cells *f, double loss, size_t *below, int *repeated)
{
    void *value = f->value;
    size_t i = *below = count_below(f, loss);
    *repeated = i < f->values && f->value[i] == loss;
    if (*repeated)
        return 0;
    int32_t rc = mem_reserve(&value, &f->capacity, f->values + 1, sizeof *f->value);
    f->value = value;
    if (rc)
        return rc;
    memmove(f->value + i + 1, f->value + i, (f->values++ - i) * sizeof *f->value);
    f->value[i] = loss;
    return 0;
}

int32_t flat_cells_told(struct flat_cells *f, const struct gp_record *record, const struct gp_dimension *dimension,
                        const double *x, double loss)
{
    size_t below;
    int repeated;
    double distance;
    if (!isfinite(loss))
        return 0;
    int32_t rc = insert(f, loss, &below, &repeated);
    if (rc || record->told == 0 || (!repeated && f->apart == 0))
        return rc;
    if (record->loss[nearest(record, dimension, x, 0, &distance)] != loss)
        f->apart *= narrower;
    else if (below < (f->values + 1) / 2)
        f->apart = fmin(wider * fmax(f->apart, distance), most);
    return 0;
}

int flat_cells_hold(const struct flat_cells *f, const struct gp_record *record, const struct gp_dimension *dimension,
                    const double *x)
{
    double distance;
    if (f->apart == 0)
        return 0;
    nearest(record, dimension, x, f->apart, &distance);
    return distance < f->apart;
}
