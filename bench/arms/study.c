/* The objective trains a point step by step: a report after each, until the budget of the trial or until the library
 * says to stop; a trial with a parent goes on where that one ended. A suggestion for a table becomes the nearest
 * measured configuration that was not taken; for a surrogate it is trained as it is. */
#define _POSIX_C_SOURCE 200809L
#include "study.h"

#include "problems/values.h"
#include "settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The training of an arm. */
struct training {
    size_t row; /* of a table or of the pool's order; SIZE_MAX: the point x */
    double x[PROBLEM_PARAMETERS];
    int step;     /* reached */
    double value; /* there */
};

struct run {
    struct study *study;
    const struct pool *pool;
    afina_optimizer *optimizer;
    unsigned char *used; /* rows */
    size_t *order, next; /* rows of the run; of method "pool" the first that was not drawn */
    int is_pool;
    struct training *trainings;
    size_t count, capacity;
    size_t *of_trial; /* training of each trial */
    long spent;
};

/* ------------------------------------------------------------------- training */

static double train_one_step(const struct run *r, struct training *t)
{
    t->step++;
    t->value = t->row != SIZE_MAX ? pool_value(r->pool, t->row, t->step)
                                  : r->pool->problem->curve(r->pool->problem, t->x, t->step);
    if (isnan(t->value))
        t->value = INFINITY;
    return t->value;
}

static int32_t train(struct run *r, afina_trial *trial, struct training *t)
{
    double budget = INFINITY;
    int32_t stop = 0, rc = afina_trial_budget(trial, &budget);
    const int end = budget < r->pool->steps ? (int)(budget + 1e-9) : r->pool->steps;
    while (!rc && t->step < end && !stop) {
        const double value = train_one_step(r, t);
        r->spent++;
        rc = afina_trial_tell_report(trial, t->step, &value, 1);
        rc = rc ? rc : afina_trial_should_stop(trial, &stop);
    }
    if (rc)
        return rc;
    return t->step < r->pool->steps ? afina_trial_tell_stopped(trial) : afina_trial_tell(trial, &t->value, 1);
}

/* --------------------------------------------------------------------- points */

static int grow(struct run *r)
{
    const size_t capacity = r->capacity ? 2 * r->capacity : 256;
    struct training *trainings = realloc(r->trainings, capacity * sizeof *trainings);
    if (!trainings)
        return -1;
    r->trainings = trainings;
    size_t *of_trial = realloc(r->of_trial, capacity * sizeof *of_trial);
    if (!of_trial)
        return -1;
    r->of_trial = of_trial;
    r->capacity = capacity;
    return 0;
}

/* One row waits in the queue, so that each new arm is the next of the order. */
static int32_t enqueue_next(struct run *r)
{
    afina_point *point = NULL;
    if (r->next >= r->pool->rows)
        return AFINA_OK;
    int32_t rc = afina_point_new(&point, r->pool->space);
    rc = rc ? rc : values_write(r->pool->space, r->pool->x + r->order[r->next] * r->pool->d, point);
    rc = rc ? rc : afina_enqueue(r->optimizer, point);
    afina_point_free(point);
    r->next++;
    return rc;
}

static int32_t begin_training(struct run *r, const afina_trial *trial, struct training *t)
{
    int32_t origin = 0, rc = afina_trial_origin(trial, &origin);
    *t = (struct training){.row = SIZE_MAX, .value = INFINITY};
    rc = rc ? rc : values_read(r->pool->space, afina_trial_point(trial), t->x);
    if (rc)
        return rc;
    if (r->is_pool && origin == AFINA_ORIGIN_ENQUEUED) {
        t->row = r->order[r->next - 1];
        rc = enqueue_next(r);
    } else if (r->pool->problem->row_at) {
        t->row = pool_nearest(r->pool, t->x, r->used, r->order);
    }
    if (t->row != SIZE_MAX)
        r->used[t->row] = 1;
    return rc;
}

static int32_t take(struct run *r, afina_trial *trial)
{
    const size_t number = (size_t)afina_trial_number(trial);
    int64_t parent = -1;
    int32_t rc = afina_trial_parent(trial, &parent);
    if (number >= r->capacity && grow(r))
        return AFINA_E_MEMORY;
    if (!rc && parent < 0) {
        r->of_trial[number] = r->count;
        rc = begin_training(r, trial, &r->trainings[r->count++]);
    } else if (!rc) {
        r->of_trial[number] = r->of_trial[parent];
    }
    return rc ? rc : train(r, trial, &r->trainings[r->of_trial[number]]);
}

/* -------------------------------------------------------------------- the run */

static int32_t set_up(struct run *r)
{
    const struct study *s = r->study;
    const int has_budgets = strcmp(s->scheduler, "none") != 0;
    int32_t rc = afina_optimizer_new(&r->optimizer, r->pool->space, r->is_pool ? "random" : s->method);
    rc = rc ? rc : afina_optimizer_set_integer(r->optimizer, "seed", (int64_t)s->run);
    if (!rc && has_budgets)
        rc = afina_optimizer_set_string(r->optimizer, "scheduler", s->scheduler);
    if (!rc && s->stopper)
        rc = afina_optimizer_set_string(r->optimizer, "stopper", s->stopper);
    if (!rc && (has_budgets || s->stopper)) {
        rc = afina_optimizer_set_real(r->optimizer, "budget_min", has_budgets ? 1 : r->pool->steps);
        rc = rc ? rc : afina_optimizer_set_real(r->optimizer, "budget_max", r->pool->steps);
        rc = rc ? rc : afina_optimizer_set_real(r->optimizer, "budget_total", r->pool->budget * r->pool->steps);
    }
    rc = rc ? rc : settings_apply(r->optimizer, s->options);
    if (!rc && r->is_pool)
        rc = enqueue_next(r);
    return rc;
}

/* The best of those at the highest step; of a tie, the first. */
static double chosen_percentile(const struct run *r)
{
    const struct training *best = NULL;
    for (size_t i = 0; i < r->count; i++) {
        const struct training *t = &r->trainings[i];
        if (t->step > 0 && (!best || t->step > best->step || (t->step == best->step && t->value < best->value)))
            best = t;
    }
    if (!best)
        return 1;
    return pool_percentile(r->pool, best->row != SIZE_MAX
                                        ? pool_value(r->pool, best->row, r->pool->steps)
                                        : r->pool->problem->curve(r->pool->problem, best->x, r->pool->steps));
}

static void conclude(struct run *r, int32_t rc)
{
    struct study *s = r->study;
    s->percentile = chosen_percentile(r);
    s->spent = (double)r->spent / r->pool->steps;
    snprintf(s->status, sizeof s->status, "ok");
    if (rc < 0)
        snprintf(s->status, sizeof s->status, "failed: %s: %.200s", afina_status_name(rc), afina_last_error());
    else if (r->spent > (long)r->pool->budget * r->pool->steps)
        snprintf(s->status, sizeof s->status, "failed: %ld steps of %d", r->spent, r->pool->budget * r->pool->steps);
    for (char *c = s->status; *c; c++)
        if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
            *c = '\'';
}

void study_run(struct study *s)
{
    struct run r = {.study = s, .pool = s->pool, .is_pool = strcmp(s->method, "pool") == 0};
    const long most = (long)s->pool->budget * s->pool->steps;
    int32_t rc = AFINA_E_MEMORY;
    r.used = calloc(s->pool->rows, 1);
    r.order = calloc(s->pool->rows, sizeof *r.order);
    s->trials = 0;
    if (r.used && r.order) {
        pool_order(s->pool, s->run, r.order);
        rc = set_up(&r);
    }
    while (!rc && r.spent < most) {
        afina_trial *trial = NULL;
        rc = afina_ask(r.optimizer, &trial);
        rc = rc ? rc : take(&r, trial);
        s->trials += trial != NULL;
        afina_trial_free(trial);
    }
    conclude(&r, rc);
    afina_optimizer_free(r.optimizer);
    free(r.used);
    free(r.order);
    free(r.trainings);
    free(r.of_trial);
}
