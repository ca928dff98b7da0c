/* A pool on standard input and output, for programs in other languages.
 *
 *     space         the space as JSON
 *     reset RUN     no row is taken any more, and the run draws its order; answers "ok STEPS BUDGET EXPECTED"
 *     point {...}   a new arm: answers "arm A P", its number, and the percentile that it has in the end
 *     row K         a new arm: the K-th row of the order; answers likewise
 *     curve A I J   the values at steps I..J; "inf" where it has diverged
 *
 * A suggestion for a table is the nearest row that was not taken since the reset. The percentile is for the
 * account alone, after the study. */
#define _POSIX_C_SOURCE 200809L
#include "arms.h"

#include "problems/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1 << 16 };

struct arm {
    size_t row;
    double x[PROBLEM_PARAMETERS];
};

struct server {
    struct pool *pool;
    unsigned char *used;
    size_t *order;
    struct arm *arms;
    size_t count, capacity;
};

static double value_of(const struct server *s, const struct arm *a, int step)
{
    const struct pool *p = s->pool;
    const double y = a->row != SIZE_MAX ? pool_value(p, a->row, step) : p->problem->curve(p->problem, a->x, step);
    return isnan(y) ? INFINITY : y;
}

static struct arm *new_arm(struct server *s)
{
    if (s->count == s->capacity) {
        const size_t capacity = s->capacity ? 2 * s->capacity : 256;
        struct arm *grown = realloc(s->arms, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        s->arms = grown;
        s->capacity = capacity;
    }
    s->arms[s->count] = (struct arm){.row = SIZE_MAX};
    return &s->arms[s->count++];
}

static void answer_arm(struct server *s, const struct arm *a, FILE *out)
{
    if (a->row != SIZE_MAX)
        s->used[a->row] = 1;
    fprintf(out, "arm %zu %.10g\n", s->count - 1, pool_percentile(s->pool, value_of(s, a, s->pool->steps)));
}

static void take_point(struct server *s, const char *json, FILE *out)
{
    afina_point *point = NULL;
    struct arm *a = new_arm(s);
    int32_t rc = a ? afina_point_from_json(&point, s->pool->space, json, strlen(json)) : AFINA_E_MEMORY;
    rc = rc ? rc : values_read(s->pool->space, point, a->x);
    afina_point_free(point);
    if (rc) {
        fprintf(out, "error %s\n", afina_last_error());
        return;
    }
    if (s->pool->problem->row_at)
        a->row = pool_nearest(s->pool, a->x, s->used, s->order);
    answer_arm(s, a, out);
}

static void take_row(struct server *s, size_t k, FILE *out)
{
    struct arm *a = k < s->pool->rows ? new_arm(s) : NULL;
    if (!a) {
        fprintf(out, "error there are %zu rows\n", s->pool->rows);
        return;
    }
    a->row = s->order[k];
    answer_arm(s, a, out);
}

static void answer_space(const struct server *s, FILE *out)
{
    static char text[LINE];
    size_t length = 0;
    if (afina_space_to_json(s->pool->space, text, sizeof text, &length) || length >= sizeof text)
        fprintf(out, "error %s\n", afina_last_error());
    else
        fprintf(out, "%s\n", text);
}

static void answer_curve(const struct server *s, size_t k, int first, int last, FILE *out)
{
    if (k >= s->count || first < 1 || last > s->pool->steps) {
        fprintf(out, "error arm %zu of %zu, steps %d to %d of %d\n", k, s->count, first, last, s->pool->steps);
        return;
    }
    for (int i = first; i <= last; i++)
        fprintf(out, "%s%.17g", i > first ? " " : "", value_of(s, &s->arms[k], i));
    fprintf(out, "\n");
}

static void answer(struct server *s, const char *line, FILE *out)
{
    unsigned long long run;
    size_t k;
    int first, last;
    if (strncmp(line, "space", 5) == 0) {
        answer_space(s, out);
    } else if (sscanf(line, "reset %llu", &run) == 1) {
        pool_order(s->pool, run, s->order);
        s->count = 0;
        memset(s->used, 0, s->pool->rows);
        fprintf(out, "ok %d %d %.10g\n", s->pool->steps, s->pool->budget, s->pool->expected);
    } else if (strncmp(line, "point ", 6) == 0) {
        take_point(s, line + 6, out);
    } else if (sscanf(line, "row %zu", &k) == 1) {
        take_row(s, k, out);
    } else if (sscanf(line, "curve %zu %d %d", &k, &first, &last) == 3) {
        answer_curve(s, k, first, last, out);
    } else {
        fprintf(out, "error not understood\n");
    }
    fflush(out);
}

int arms_serve(const struct arms_settings *settings, const char *task, FILE *in, FILE *out)
{
    static char line[LINE];
    struct server s = {.pool = NULL};
    for (size_t i = 0; i < pool_count(); i++)
        if (strcmp(pool_name(i), task) == 0)
            s.pool = pool_load(i, settings->pools);
    if (!s.pool) {
        fprintf(stderr, "arms: no task %s\n", task);
        return -1;
    }
    s.used = calloc(s.pool->rows, 1);
    s.order = calloc(s.pool->rows, sizeof *s.order);
    if (s.order)
        pool_order(s.pool, 0, s.order);
    while (s.used && s.order && fgets(line, sizeof line, in))
        answer(&s, line, out);
    pool_free(s.pool);
    free(s.used);
    free(s.order);
    free(s.arms);
    return 0;
}
