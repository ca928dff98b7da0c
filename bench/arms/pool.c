#define _POSIX_C_SOURCE 200809L
#include "pool.h"

#include "problems/stream.h"
#include "problems/values.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SURROGATE_ROWS = 3000, FULL_TRAININGS = 20, FULL_TRAININGS_SMALL = 8 };

/* ------------------------------------------------------------------ the list */

static const char *group_of(const struct problem *p)
{
    static const char *const groups[] = {"taskset", "nmtlc", "lora"};
    if (strcmp(p->suite, "surrogates") == 0)
        return p->steps ? "lcbench" : NULL;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(p->suite, "tables") == 0 && strncmp(p->name, groups[i], strlen(groups[i])) == 0)
            return groups[i];
    return NULL;
}

static const struct problem *problem_of(size_t index)
{
    for (size_t i = 0; i < problem_count(); i++)
        if (group_of(problem_at(i)) && index-- == 0)
            return problem_at(i);
    return NULL;
}

size_t pool_count(void)
{
    size_t count = 0;
    while (problem_of(count))
        count++;
    return count;
}

const char *pool_name(size_t index)
{
    const struct problem *p = problem_of(index);
    return p ? p->name : NULL;
}

/* --------------------------------------------------------------- the curves */

/* Tables hold floats, which may lie beyond a bound by their rounding. */
static void move_inside(const struct pool *p, double *x)
{
    for (size_t j = 0; j < p->d; j++) {
        double low, high;
        if (afina_space_get_real_bounds(p->space, afina_space_parameter_name(p->space, j), &low, &high) == AFINA_OK)
            x[j] = fmin(fmax(x[j], low), high);
    }
}

static int read_rows(struct pool *p)
{
    int rc = 0;
    for (size_t i = 0; i < p->rows && !rc; i++) {
        rc = p->problem->row_at(p->problem, i, p->x + i * p->d, p->curve + i * (size_t)p->steps);
        move_inside(p, p->x + i * p->d);
    }
    return rc;
}

static void compute_curve(const struct pool *p, const double *x, double *curve)
{
    for (int s = 0; s < p->steps; s++)
        curve[s] = p->problem->curve(p->problem, x, s + 1);
}

static int sample_rows(struct pool *p)
{
    const uint64_t seed = stream_hash(p->problem->name);
    int32_t rc = AFINA_OK;
    for (size_t i = 0; i < p->rows && !rc; i++) {
        afina_point *point = NULL;
        rc = afina_space_sample(p->space, seed, i, &point);
        rc = rc ? rc : values_read(p->space, point, p->x + i * p->d);
        afina_point_free(point);
    }
    return rc ? -1 : 0;
}

/* What stands in the file is for the points that were drawn: they come before their curves. */
static int read_cache(struct pool *p, const char *path)
{
    const size_t points = p->rows * p->d, values = p->rows * (size_t)p->steps;
    double *x = malloc(points * sizeof *x);
    FILE *f = x ? fopen(path, "rb") : NULL;
    const int is_same = f && fread(x, sizeof *x, points, f) == points && memcmp(x, p->x, points * sizeof *x) == 0 &&
                        fread(p->curve, sizeof *p->curve, values, f) == values;
    if (f)
        fclose(f);
    free(x);
    return is_same ? 0 : -1;
}

static void write_cache(const struct pool *p, const char *path)
{
    const size_t points = p->rows * p->d, values = p->rows * (size_t)p->steps;
    char part[1100];
    snprintf(part, sizeof part, "%s.part", path);
    FILE *f = fopen(part, "wb");
    if (!f)
        return;
    const int is_whole =
        fwrite(p->x, sizeof *p->x, points, f) == points && fwrite(p->curve, sizeof *p->curve, values, f) == values;
    if (fclose(f) == 0 && is_whole)
        rename(part, path);
    else
        remove(part);
}

static int compute_rows(struct pool *p, const char *cache)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.pool", cache, p->problem->name);
    if (sample_rows(p))
        return -1;
    if (read_cache(p, path) == 0)
        return 0;
    fprintf(stderr, "computing the pool %s\n", p->problem->name);
    for (size_t i = 0; i < p->rows; i++)
        compute_curve(p, p->x + i * p->d, p->curve + i * (size_t)p->steps);
    write_cache(p, path);
    return 0;
}

/* ----------------------------------------------------------------- nearness */

static double unit_of(const afina_space *space, const char *name, double x)
{
    int32_t kind = 0, scale = 0;
    double low = 0, high = 0;
    afina_space_get_kind(space, name, &kind);
    if (kind == AFINA_KIND_CATEGORICAL)
        return x;
    if (kind == AFINA_KIND_ORDINAL)
        return x / fmax(1, (double)afina_space_get_choice_count(space, name) - 1);
    if (kind == AFINA_KIND_INTEGER) {
        int64_t least = 0, most = 0;
        afina_space_get_integer_bounds(space, name, &least, &most);
        low = (double)least;
        high = (double)most;
    } else {
        afina_space_get_real_bounds(space, name, &low, &high);
    }
    afina_space_get_scale(space, name, &scale);
    return scale == AFINA_SCALE_LOG ? log(x / low) / log(high / low) : (x - low) / (high - low);
}

static void to_unit(const struct pool *p, const double *x, double *unit)
{
    for (size_t j = 0; j < p->d; j++)
        unit[j] = unit_of(p->space, afina_space_parameter_name(p->space, j), x[j]);
}

static int is_category(const struct pool *p, size_t j)
{
    int32_t kind = 0;
    afina_space_get_kind(p->space, afina_space_parameter_name(p->space, j), &kind);
    return kind == AFINA_KIND_CATEGORICAL;
}

static size_t nearest_of(const struct pool *p, const double *unit, const unsigned char *used, const size_t *order)
{
    size_t best = SIZE_MAX;
    double least = INFINITY;
    int category[PROBLEM_PARAMETERS];
    for (size_t j = 0; j < p->d; j++)
        category[j] = is_category(p, j);
    for (size_t k = 0; k < p->rows; k++) {
        const size_t i = order[k];
        double distance = 0;
        for (size_t j = 0; j < p->d && !(used && used[i]); j++) {
            const double gap = unit[j] - p->unit[i * p->d + j];
            distance += category[j] ? gap != 0 : gap * gap;
        }
        if (!(used && used[i]) && distance < least) {
            least = distance;
            best = i;
        }
    }
    return best;
}

size_t pool_nearest(const struct pool *p, const double *x, const unsigned char *used, const size_t *order)
{
    double unit[PROBLEM_PARAMETERS];
    to_unit(p, x, unit);
    const size_t row = nearest_of(p, unit, used, order);
    return row == SIZE_MAX ? nearest_of(p, unit, NULL, order) : row;
}

static void mark_divergence(double *curve, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isnan(curve[i]))
            curve[i] = INFINITY;
}

double pool_value(const struct pool *p, size_t row, int step)
{
    return p->curve[row * (size_t)p->steps + (size_t)step - 1];
}

/* ------------------------------------------------------------------ ranking */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double pool_percentile(const struct pool *p, double value)
{
    size_t better = 0, equal = 0;
    value = isnan(value) ? INFINITY : value;
    for (size_t i = 0; i < p->rows && p->finals[i] <= value; i++) {
        better += p->finals[i] < value;
        equal += p->finals[i] >= value;
    }
    const double n = (double)p->rows;
    return fmax(((double)better + 0.5 * (double)equal) / n, 0.5 / n);
}

/* Over the best of k rows drawn without replacement: the i-th of n is the best with probability
 * C(n-i, k-1) / C(n, k), here from one i to the next. */
double pool_expected_log(const struct pool *p, int k)
{
    const double n = (double)p->rows;
    double share = (double)k / n, sum = 0;
    for (size_t i = 0; i < p->rows; i++) {
        sum += share * log(pool_percentile(p, p->finals[i]));
        share *= (n - (double)i - k) / (n - (double)i - 1);
    }
    return sum;
}

static void rank_rows(struct pool *p)
{
    mark_divergence(p->curve, p->rows * (size_t)p->steps);
    for (size_t i = 0; i < p->rows; i++) {
        p->finals[i] = pool_value(p, i, p->steps);
        to_unit(p, p->x + i * p->d, p->unit + i * p->d);
    }
    qsort(p->finals, p->rows, sizeof *p->finals, compare);
    p->expected = pool_expected_log(p, p->budget);
}

/* Fisher and Yates's shuffle, drawn for (problem, run). */
void pool_order(const struct pool *p, uint64_t run, size_t *order)
{
    const uint64_t seed = stream_hash(p->problem->name);
    for (size_t i = 0; i < p->rows; i++)
        order[i] = i;
    for (size_t i = p->rows; i > 1; i--) {
        const size_t j = (size_t)(stream_uniform(seed, run, (uint32_t)i) * (double)i), kept = order[j];
        order[j] = order[i - 1];
        order[i - 1] = kept;
    }
}

/* ------------------------------------------------------------------- loading */

static int make_room(struct pool *p)
{
    p->x = calloc(p->rows * p->d, sizeof *p->x);
    p->unit = calloc(p->rows * p->d, sizeof *p->unit);
    p->curve = calloc(p->rows * (size_t)p->steps, sizeof *p->curve);
    p->finals = calloc(p->rows, sizeof *p->finals);
    return p->x && p->unit && p->curve && p->finals ? 0 : -1;
}

struct pool *pool_load(size_t index, const char *cache)
{
    const struct problem *problem = problem_of(index);
    struct pool *p = problem ? calloc(1, sizeof *p) : NULL;
    if (!p)
        return NULL;
    *p = (struct pool){.problem = problem, .group = group_of(problem), .d = problem->d, .steps = problem->steps};
    p->budget = strcmp(p->group, "lora") == 0 ? FULL_TRAININGS_SMALL : FULL_TRAININGS;
    p->rows = problem->row_at ? problem->rows : SURROGATE_ROWS;
    if (problem_space(problem, &p->space) || p->steps > POOL_STEPS || make_room(p) ||
        (problem->row_at ? read_rows(p) : compute_rows(p, cache))) {
        fprintf(stderr, "arms: cannot load the pool %s: %s\n", problem->name, afina_last_error());
        pool_free(p);
        return NULL;
    }
    rank_rows(p);
    return p;
}

void pool_free(struct pool *p)
{
    if (!p)
        return;
    afina_space_free(p->space);
    free(p->x);
    free(p->unit);
    free(p->curve);
    free(p->finals);
    free(p);
}
