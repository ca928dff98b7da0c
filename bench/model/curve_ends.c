/* How well the learning-curve model tells where curves end: rank correlation of its prediction with the true final
 * value, beside that of the last value seen.
 *
 *     curve_ends [TASK] [configurations=100] [complete=5] [repeats=20] [alone=1]
 *     curve_ends time
 *
 * Of each task so many configurations are drawn from its pool, so many more of them are complete, the others are seen
 * up to a tenth and then to three tenths of the budget. alone=1 hides the configurations from the model. Tables with
 * several losses of a curve missing at its end (it was stopped early) keep the best so far, which is their objective.
 */
#define _POSIX_C_SOURCE 200809L
#include "core/rng.h"
#include "surrogate/curve_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HPOTAB_IMPLEMENTATION
#include <hpotab.h>
#define HPOSUR_IMPLEMENTATION
#include <hposur.h>

enum { MOST_PARAMETERS = 16, MOST_STEPS = 128, MOST_CURVES = 500, SURROGATE_ROWS = 300, EPOCHS = 52 };

struct pool {
    size_t rows, d, steps;
    struct gp_dimension dimension[MOST_PARAMETERS];
    double *x, *curve; /* rows of d and of steps */
};

struct settings {
    size_t configurations, complete, repeats;
    int alone;
    const char *task;
};

static void *room(size_t n)
{
    void *p = calloc(n + 1, sizeof(double));
    if (!p)
        abort();
    return p;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ------------------------------------------------------------------------ pools */

/* beta1 and beta2 of Adam were drawn with 1 - beta log-uniform. */
static double encode(const hpotab_param *q, double v)
{
    double u;
    if (q->type == HPOTAB_CAT)
        return v;
    if (q->type == HPOTAB_ORD)
        return q->n > 1 ? v / (q->n - 1) : 0.5;
    if (strncmp(q->name, "beta", 4) == 0)
        u = log((1 - v) / (1 - q->hi)) / log((1 - q->lo) / (1 - q->hi));
    else
        u = q->log ? log(v / q->lo) / log(q->hi / q->lo) : (v - q->lo) / (q->hi - q->lo);
    return fmax(0, fmin(u, 1));
}

/* Reads a curve; 0 when it diverged. `before`: how many of its values are from before training. */
static int read_curve(const hpotab *t, int row, int before, int keep_best, double *curve)
{
    double best = INFINITY;
    for (int s = before; s < t->ncurve; s++) {
        double value = hpotab_curve(t, row, s);
        best = isfinite(value) ? fmin(best, value) : best;
        curve[s - before] = keep_best ? best : value;
        if (!isfinite(curve[s - before]))
            return 0;
    }
    return 1;
}

static int read_table(struct pool *p, const char *data, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/tables/%s", data, name);
    hpotab *t = hpotab_load(path);
    if (!t)
        return 0;
    int taskset = strncmp(name, "taskset", 7) == 0;
    *p = (struct pool){.d = (size_t)t->np, .steps = (size_t)(t->ncurve - taskset)};
    p->x = room((size_t)t->rows * p->d);
    p->curve = room((size_t)t->rows * p->steps);
    for (size_t j = 0; j < p->d; j++)
        p->dimension[j].kind = t->p[j].type == HPOTAB_CAT ? DIMENSION_CATEGORICAL : DIMENSION_NUMERIC;
    for (int r = 0; r < t->rows; r++) {
        if (!read_curve(t, r, taskset, !taskset, p->curve + p->rows * p->steps))
            continue;
        for (size_t j = 0; j < p->d; j++)
            p->x[p->rows * p->d + j] = encode(&t->p[j], (double)t->x[(size_t)r * (size_t)t->cols + j]);
        p->rows++;
    }
    hpotab_free(t);
    return 1;
}

static void draw_surrogate(struct pool *p, hposur *s, const char *instance)
{
    int parameter[MOST_PARAMETERS];
    double v[HPOSUR_MAXIN] = {0};
    struct rng rng;
    rng_start(&rng, 1, 0, RNG_OBJECTIVE);
    *p = (struct pool){.rows = SURROGATE_ROWS, .steps = EPOCHS};
    for (int j = 0; j < s->npar; j++)
        if (!s->par[j].fidelity && isnan(s->par[j].fixed))
            parameter[p->d++] = j;
    p->x = room(p->rows * p->d);
    p->curve = room(p->rows * p->steps);
    for (size_t r = 0; r < p->rows; r++) {
        for (size_t j = 0; j < p->d; j++) {
            const hposur_param *q = &s->par[parameter[j]];
            double u = p->x[r * p->d + j] = rng_uniform(&rng);
            double value = q->log ? exp(log(q->lo) + u * log(q->hi / q->lo)) : q->lo + u * (q->hi - q->lo);
            v[parameter[j]] = q->type == HPOSUR_INT ? round(value) : value;
        }
        for (size_t e = 0; e < EPOCHS; e++)
            p->curve[r * EPOCHS + e] = hposur_error(s, instance, v, (double)e + 1, NULL);
    }
}

/* ---------------------------------------------------------------------- measuring */

/* Spearman's rank correlation. */
static double rank_correlation(const double *a, const double *b, size_t n)
{
    double ab = 0, aa = 0, bb = 0, middle = 0.5 * (double)n;
    for (size_t i = 0; i < n; i++) {
        double ra = 0, rb = 0;
        for (size_t j = 0; j < n; j++) {
            ra += a[j] < a[i] ? 1 : a[j] == a[i] ? 0.5 : 0;
            rb += b[j] < b[i] ? 1 : b[j] == b[i] ? 0.5 : 0;
        }
        ab += (ra - middle) * (rb - middle);
        aa += (ra - middle) * (ra - middle);
        bb += (rb - middle) * (rb - middle);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

struct measured {
    double last, model, difference, square, covered, seconds;
};

static void require(int32_t rc)
{
    if (rc) {
        fprintf(stderr, "status %d\n", (int)rc);
        exit(1);
    }
}

/* Adds one draw of curves, of which `seen` steps are known. */
static void measure_once(const struct settings *set, const struct pool *p, size_t seen, const struct curve *curve,
                         size_t n, struct measured *sum)
{
    static double level[MOST_CURVES], variance[MOST_CURVES], last[MOST_CURVES], end[MOST_CURVES];
    static struct curve_query query[MOST_CURVES];
    size_t first = set->complete, count = n - first, inside = 0;
    struct curve_model m;
    double begin = seconds();
    for (size_t i = 0; i < count; i++)
        query[i] = (struct curve_query){first + i, NULL, (double)p->steps};
    require(curve_model_init(&m, p->dimension, set->alone ? 0 : p->d, (double)p->steps));
    require(curve_model_set(&m, curve, n));
    require(curve_model_fit(&m, CURVE_FIRST_FIT));
    for (size_t i = 0; i < count; i++) {
        require(curve_model_levels(&m, &query[i], 1, &level[i], &variance[i]));
        last[i] = curve[first + i].loss[seen - 1];
        end[i] = curve[first + i].loss[p->steps - 1];
        double sd = 1.6449 * sqrt(variance[i]);
        inside += output_inverse_at(&m.inverse, level[i] - sd) <= end[i] &&
                  end[i] <= output_inverse_at(&m.inverse, level[i] + sd);
    }
    curve_model_fini(&m);
    double by_last = rank_correlation(last, end, count), by_model = rank_correlation(level, end, count);
    sum->seconds += seconds() - begin;
    sum->last += by_last;
    sum->model += by_model;
    sum->difference += by_model - by_last;
    sum->square += (by_model - by_last) * (by_model - by_last);
    sum->covered += (double)inside / (double)count;
}

static struct measured measure(const struct settings *set, const struct pool *p, double share)
{
    struct measured sum = {0};
    struct curve curve[MOST_CURVES];
    double step[MOST_STEPS];
    size_t *row = room(p->rows), seen = (size_t)ceil(share * (double)p->steps - 1e-9);
    size_t n = set->configurations + set->complete < p->rows ? set->configurations + set->complete : p->rows;
    for (size_t s = 0; s < p->steps; s++)
        step[s] = (double)s + 1;
    for (size_t repeat = 0; repeat < set->repeats; repeat++) {
        struct rng rng;
        rng_start(&rng, 7, repeat, RNG_OBJECTIVE);
        rng_permutation(&rng, row, p->rows);
        for (size_t i = 0; i < n; i++)
            curve[i] = (struct curve){p->x + row[i] * p->d, i < set->complete ? p->steps : seen, step,
                                      p->curve + row[i] * p->steps};
        measure_once(set, p, seen, curve, n, &sum);
    }
    free(row);
    return sum;
}

static const double shares[] = {0.1, 0.3};

/* Prints a task; total[share] sums what the mean over a group is made of. */
static void report(const struct settings *set, const char *name, struct pool *p, double total[2][2], size_t *tasks)
{
    double r = (double)set->repeats;
    for (size_t k = 0; k < 2; k++) {
        struct measured sum = measure(set, p, shares[k]);
        double mean = sum.difference / r, error = sqrt(fmax(sum.square / r - mean * mean, 0) / fmax(r - 1, 1));
        printf("%s,%g,%zu,%zu,%zu,%.4f,%.4f,%+.4f,%.4f,%.3f,%.1f\n", name, shares[k], set->configurations,
               set->complete, set->repeats, sum.last / r, sum.model / r, mean, error, sum.covered / r,
               1e3 * sum.seconds / r);
        total[k][0] += sum.last / r;
        total[k][1] += sum.model / r;
    }
    fflush(stdout);
    (*tasks)++;
    free(p->x);
    free(p->curve);
}

static void report_group(const char *name, double total[2][2], size_t tasks)
{
    for (size_t k = 0; tasks > 0 && k < 2; k++)
        printf("mean of %s,%g,,,,%.4f,%.4f,%+.4f,,,\n", name, shares[k], total[k][0] / (double)tasks,
               total[k][1] / (double)tasks, (total[k][1] - total[k][0]) / (double)tasks);
    memset(total, 0, 4 * sizeof(double));
}

static int wanted(const struct settings *set, const char *name)
{
    return !set->task || strstr(name, set->task);
}

static void report_tables(const struct settings *set, const char *data)
{
    static const char *const tables[] = {"lora_fr-en",
                                         "nmtlc_so-en",
                                         "taskset_patch128_LSTM128_bs64",
                                         "taskset_patch128_LSTM128_embed128_bs64",
                                         "taskset_patch32_GRU128_bs128",
                                         "taskset_patch32_IRNN64_relu_avg_bs128",
                                         "taskset_patch32_LSTM128_bs128",
                                         "taskset_patch32_VRNN128_tanh_bs128",
                                         "taskset_patch32_VRNN64_tanh_avg_bs128"};
    double total[2][2] = {{0}};
    size_t tasks = 0;
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        struct pool p;
        if (k == 2) {
            memset(total, 0, sizeof total);
            tasks = 0;
        }
        if (wanted(set, tables[k]) && read_table(&p, data, tables[k]))
            report(set, tables[k], &p, total, &tasks);
    }
    report_group("taskset", total, tasks);
}

static void report_surrogates(const struct settings *set, const char *data)
{
    char description[1024], weights[1024], instance[96], name[128];
    double total[2][2] = {{0}};
    size_t tasks = 0;
    snprintf(description, sizeof description, "%s/surrogates/yahpo_lcbench.txt", data);
    snprintf(weights, sizeof weights, "%s/surrogates/yahpo_lcbench.f32", data);
    hposur *s = hposur_load(description, weights);
    for (int k = 0; s && hposur_word(s->instances, k, instance, sizeof instance); k++) {
        struct pool p;
        snprintf(name, sizeof name, "lcbench_%s", instance);
        if (!wanted(set, name))
            continue;
        draw_surrogate(&p, s, instance);
        report(set, name, &p, total, &tasks);
    }
    report_group("lcbench", total, tasks);
    if (s)
        hposur_free(s);
}

/* --------------------------------------------------------------------------- time */

/* n curves of m steps, half of which stop at a random step, in d parameters. */
static void report_time(size_t n, size_t steps, size_t d)
{
    static double x[MOST_CURVES][MOST_PARAMETERS], loss[MOST_CURVES][MOST_STEPS], step[MOST_STEPS];
    static struct gp_dimension dimension[MOST_PARAMETERS];
    static struct curve curve[MOST_CURVES];
    double at[4], mean[MOST_CURVES], sd[MOST_CURVES];
    struct curve_query query[MOST_CURVES];
    struct curve_model m;
    struct rng rng;
    rng_start(&rng, 7, n, RNG_OBJECTIVE);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++)
            x[i][j] = rng_uniform(&rng);
        for (size_t k = 0; k < steps; k++) {
            step[k] = (double)k + 1;
            loss[i][k] = x[i][0] + pow(step[k], -0.3 - x[i][1]) + 0.02 * rng_normal(&rng);
        }
        size_t length = i % 2 ? 1 + (size_t)rng_below(&rng, steps) : steps;
        curve[i] = (struct curve){x[i], length, step, loss[i]};
        query[i] = (struct curve_query){i, NULL, (double)steps};
    }
    require(curve_model_init(&m, dimension, d, (double)steps));
    at[0] = seconds();
    require(curve_model_set(&m, curve, n));
    require(curve_model_fit(&m, CURVE_FIRST_FIT));
    at[1] = seconds();
    require(curve_model_set(&m, curve, n));
    require(curve_model_fit(&m, CURVE_WARM_FIT));
    at[2] = seconds();
    require(curve_model_predict(&m, query, n, mean, sd));
    at[3] = seconds();
    printf("%zu curves of %zu steps, %zu parameters: first fit %.1f ms, warm fit %.1f ms, all ends %.1f ms\n", n, steps,
           d, 1e3 * (at[1] - at[0]), 1e3 * (at[2] - at[1]), 1e3 * (at[3] - at[2]));
    curve_model_fini(&m);
}

static int read_settings(struct settings *set, int argc, char **argv)
{
    int time = 0;
    for (int i = 1; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        size_t number = value ? (size_t)strtoul(value + 1, NULL, 10) : 0;
        if (strncmp(argv[i], "configurations=", 15) == 0)
            set->configurations = number;
        else if (strncmp(argv[i], "complete=", 9) == 0)
            set->complete = number;
        else if (strncmp(argv[i], "repeats=", 8) == 0)
            set->repeats = number;
        else if (strncmp(argv[i], "alone=", 6) == 0)
            set->alone = number > 0;
        else if (strcmp(argv[i], "time") == 0)
            time = 1;
        else
            set->task = argv[i];
    }
    return time;
}

int main(int argc, char **argv)
{
    struct settings set = {.configurations = 100, .complete = 5, .repeats = 20};
    const char *data = getenv("AFINA_BENCH_DATA");
    if (read_settings(&set, argc, argv)) {
        report_time(30, 10, 4);
        report_time(100, 50, 8);
        report_time(200, 50, 8);
        return 0;
    }
    if (!data || set.configurations + set.complete > MOST_CURVES || set.configurations < 2 || set.repeats < 1) {
        fprintf(stderr, "AFINA_BENCH_DATA must name the data, and at most %d curves can be drawn\n", MOST_CURVES);
        return 2;
    }
    printf("task,share,configurations,complete,repeats,last,model,difference,standard_error,cover90,milliseconds\n");
    report_tables(&set, data);
    report_surrogates(&set, data);
    return 0;
}
