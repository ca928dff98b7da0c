/* none        full trainings, one after the other
 * one-step    all that can be paid to one step, the best three to the end
 * tenth       as many as can be paid to a tenth of the steps, the best five to the end
 * halving-E   successive halving (Jamieson & Talwalkar 2016): E^k configurations from R / E^k steps
 *             on, k the largest with R / E^k >= 1; again and again
 * hyperband-E Hyperband (Li et al. 2018): brackets s = k, ..., 0 of ceil((k + 1) E^s / (s + 1))
 *             configurations from R / E^s steps on; again and again
 * asha        asynchronous successive halving (Li et al. 2020), eta 3, one worker: the best of a
 *             level's upper third that was not promoted, else a new configuration
 * asha-tenth  the same, no level below a tenth of the steps
 * median      a training ends, from a tenth on and after five that were finished, when its best is worse
 *             than their median at that step (Golovin et al. 2017)
 *
 * Configurations come in the order that is drawn for the run. What cannot be paid in full is not begun, and ends the
 * run. */
#include "policies.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_RUNGS = 16 };

/* Rows by their value at the step that they have reached; ties as they came. */
static void sort_rows(const struct course *c, size_t *rows, size_t count, int step)
{
    for (size_t i = 1; i < count; i++) {
        const size_t row = rows[i];
        const double value = pool_value(c->pool, row, step);
        size_t k = i;
        for (; k > 0 && pool_value(c->pool, rows[k - 1], step) > value; k--)
            rows[k] = rows[k - 1];
        rows[k] = row;
    }
}

static void run_random(struct course *c, double option)
{
    (void)option;
    for (size_t row; (row = course_draw(c)) != SIZE_MAX && course_train(c, row, c->pool->steps);)
        continue;
}

/* All to `step`, so that `best` can go to the end. */
static void run_then_best(struct course *c, int step, size_t best)
{
    const int kept = (int)best * (c->pool->steps - step);
    size_t *rows = calloc(c->pool->rows, sizeof *rows), count = 0;
    while (rows && c->left - kept >= step && c->next < c->pool->rows) {
        rows[count] = course_draw(c);
        course_train(c, rows[count++], step);
    }
    sort_rows(c, rows, count, step);
    for (size_t i = 0; i < best && i < count; i++)
        course_train(c, rows[i], c->pool->steps);
    free(rows);
}

static int share_of_steps(const struct course *c, double share)
{
    const int step = (int)ceil(share * c->pool->steps);
    return step < 1 ? 1 : step;
}

static void run_one_step(struct course *c, double option)
{
    (void)option;
    run_then_best(c, 1, 3);
}

static void run_tenth(struct course *c, double share)
{
    run_then_best(c, share_of_steps(c, share), 5);
}

/* The steps of a rung that is `below` the top. */
static int rung_step(const struct course *c, double eta, int below)
{
    const double step = c->pool->steps / pow(eta, below);
    return step < 1 ? 1 : (int)(step + 1e-9);
}

static int rungs_below(const struct course *c, double eta)
{
    int below = 0;
    while (c->pool->steps / pow(eta, below + 1) >= 1 - 1e-9)
        below++;
    return below;
}

/* 0: the budget is over. */
static int run_bracket(struct course *c, double eta, int below, size_t count)
{
    size_t *rows = calloc(count, sizeof *rows);
    int goes_on = rows != NULL;
    for (size_t i = 0; i < count && goes_on; i++)
        goes_on = (rows[i] = course_draw(c)) != SIZE_MAX && course_train(c, rows[i], rung_step(c, eta, below));
    for (int k = below; k > 0 && goes_on; k--) {
        sort_rows(c, rows, count, rung_step(c, eta, k));
        count = (size_t)((double)count / eta + 1e-9);
        for (size_t i = 0; i < count && goes_on; i++)
            goes_on = course_train(c, rows[i], rung_step(c, eta, k - 1));
    }
    free(rows);
    return goes_on;
}

static void run_halving(struct course *c, double eta)
{
    const int below = rungs_below(c, eta);
    while (run_bracket(c, eta, below, (size_t)lround(pow(eta, below))))
        continue;
}

static void run_hyperband(struct course *c, double eta)
{
    const int most = rungs_below(c, eta);
    for (int s = most; run_bracket(c, eta, s, (size_t)ceil((most + 1) * pow(eta, s) / (s + 1) - 1e-9));)
        s = s ? s - 1 : most;
}

/* The best row of a rung that is to be promoted, SIZE_MAX: none. */
static size_t promotable(const struct course *c, double eta, int step)
{
    size_t *rows = calloc(c->next, sizeof *rows), count = 0, found = SIZE_MAX;
    for (size_t i = 0; i < c->next && rows; i++)
        if (c->at[c->order[i]] >= step)
            rows[count++] = c->order[i];
    if (rows)
        sort_rows(c, rows, count, step);
    for (size_t i = 0; i < (size_t)((double)count / eta) && found == SIZE_MAX; i++)
        if (c->at[rows[i]] == step)
            found = rows[i];
    free(rows);
    return found;
}

static void run_asha(struct course *c, double share)
{
    const double eta = 3;
    int steps[MOST_RUNGS], count = 0;
    for (int k = rungs_below(c, eta); k > 0; k--)
        if (rung_step(c, eta, k) >= share * c->pool->steps)
            steps[count++] = rung_step(c, eta, k);
    steps[count] = c->pool->steps;
    for (int goes_on = 1; goes_on;) {
        size_t row = SIZE_MAX;
        int k = count;
        while (row == SIZE_MAX && k-- > 0)
            row = promotable(c, eta, steps[k]);
        if (row == SIZE_MAX)
            row = course_draw(c);
        goes_on = row != SIZE_MAX && course_train(c, row, steps[k + 1]);
    }
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_at(const struct course *c, int step)
{
    double values[POOL_STEPS * 64];
    size_t count = 0;
    for (size_t i = 0; i < c->next && count < sizeof values / sizeof *values; i++)
        if (c->at[c->order[i]] == c->pool->steps)
            values[count++] = pool_value(c->pool, c->order[i], step);
    qsort(values, count, sizeof *values, compare);
    return count < 5 ? INFINITY : 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

static void run_median(struct course *c, double warm_up)
{
    for (size_t row; c->left > 0 && (row = course_draw(c)) != SIZE_MAX;) {
        double best = INFINITY;
        for (int s = 1; s <= c->pool->steps && course_train(c, row, s); s++) {
            best = fmin(best, pool_value(c->pool, row, s));
            if (s >= warm_up * c->pool->steps && best > median_at(c, s))
                break;
        }
    }
}

static const struct policy policies[] = {
    {"none", run_random, 0},           {"one-step", run_one_step, 0},     {"tenth", run_tenth, 0.1},
    {"halving-2", run_halving, 2},     {"halving-3", run_halving, 3},     {"halving-4", run_halving, 4},
    {"hyperband-3", run_hyperband, 3}, {"hyperband-2", run_hyperband, 2}, {"asha", run_asha, 0},
    {"asha-tenth", run_asha, 0.1},     {"median", run_median, 0.1},
};

size_t policy_count(void)
{
    return sizeof policies / sizeof *policies;
}

const struct policy *policy_at(size_t index)
{
    return index < policy_count() ? &policies[index] : NULL;
}
