/* Measured tables and fitted surrogates of real tuning problems, read where they
 * lie. hpotab.h and hposur.h stand beside the data and are used from there; a
 * build that does not see them has empty suites. Each is loaded when it is first
 * evaluated. Not for several threads: a surrogate has one buffer. */
#include "problem.h"

#include "stream.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef BENCH_DATA_READERS

#define HPOTAB_IMPLEMENTATION
#include <hpotab.h>
#define HPOSUR_IMPLEMENTATION
#include <hposur.h>

/* One line of a parameter, in the words of a table's description. */
struct source {
    char path[512];
    char instance[32];
    int first;       /* column of the curve's first step: 1 where the curve begins before training */
    int best_so_far; /* what is tuned is the best of the curve */
    hpotab *table;
    hposur *surrogate;
};

/* ------------------------------------------------------------------- tables
 *
 * A full grid is asked for its row, a pool for the nearest measured one. A table
 * with several training seeds is noisy: an observation is one of them. */
static hpotab *table_of(const struct problem *p)
{
    struct source *s = (struct source *)(uintptr_t)p->own;
    if (!s->table)
        s->table = hpotab_load(s->path);
    return s->table;
}

/* beta1 and beta2 were drawn with 1 - beta log-uniform, and are searched so. */
static int is_decay_rate(const hpotab_param *q)
{
    return strncmp(q->name, "beta", 4) == 0 && q->type == HPOTAB_FLOAT;
}

static int row_of(const hpotab *t, const double *x)
{
    double v[HPOTAB_MAXP] = {0};
    int level[HPOTAB_MAXP] = {0};
    for (int i = 0; i < t->np; i++) {
        v[i] = is_decay_rate(&t->p[i]) ? 1 - x[i] : x[i];
        level[i] = (int)x[i];
    }
    return t->full ? hpotab_row(t, level) : hpotab_nearest(t, v);
}

static double table_value(const struct problem *p, const double *x)
{
    const hpotab *t = table_of(p);
    return t ? hpotab_mean(t, row_of(t, x)) : NAN;
}

static double table_observe(const struct problem *p, const double *x, uint64_t seed, uint64_t trial)
{
    const hpotab *t = table_of(p);
    const unsigned r = (unsigned)(stream_uniform(stream_hash(p->name) ^ seed, trial, 0) * 60);
    return t ? hpotab_rep(t, row_of(t, x), r) : NAN;
}

/* Where the best of the curve is tuned, its value is the best so far, also after a training that ended
 * early; elsewhere a step without a value is one of a training that diverged. */
static void read_curve(const struct problem *p, const hpotab *t, int row, int steps, double *curve)
{
    const struct source *s = p->own;
    for (int i = 0; i < steps; i++) {
        curve[i] = hpotab_curve(t, row, s->first + i);
        if (s->best_so_far && i)
            curve[i] = fmin(curve[i], curve[i - 1]);
    }
}

static double table_curve(const struct problem *p, const double *x, double step)
{
    double curve[256];
    const hpotab *t = table_of(p);
    if (!t)
        return NAN;
    read_curve(p, t, row_of(t, x), (int)step, curve);
    return curve[(int)step - 1];
}

static int table_row(const struct problem *p, size_t row, double *x, double *curve)
{
    const hpotab *t = table_of(p);
    if (!t || row >= (size_t)t->rows)
        return -1;
    for (int i = 0; i < t->np; i++) {
        const double v = (double)t->x[row * (size_t)t->cols + (size_t)i];
        x[i] = is_decay_rate(&t->p[i]) ? 1 - v : v;
    }
    read_curve(p, t, (int)row, p->steps, curve);
    return 0;
}

static int32_t describe_column(afina_space *space, char *line)
{
    char *words[520];
    size_t n = 0;
    for (char *w = strtok(line, " \n"); w && n < 520; w = strtok(NULL, " \n"))
        words[n++] = w; /* param NAME KIND ... */
    if (n < 5)
        return AFINA_E_FORMAT;
    if (strcmp(words[2], "cat") == 0)
        return afina_space_add_categorical(space, words[1], (const char *const *)words + 3, n - 3);
    if (strcmp(words[2], "ord") == 0)
        return afina_space_add_ordinal(space, words[1], (const char *const *)words + 4, n - 4);
    double low = atof(words[3]), high = atof(words[4]);
    int32_t scale = n > 5 && strcmp(words[5], "log") == 0 ? AFINA_SCALE_LOG : AFINA_SCALE_LINEAR;
    char name[80];
    snprintf(name, sizeof name, "%s", words[1]);
    if (strncmp(name, "beta", 4) == 0) {
        snprintf(name, sizeof name, "one_minus_%s", words[1]);
        const double swap = 1 - high;
        high = 1 - low;
        low = swap;
        scale = AFINA_SCALE_LOG;
    }
    if (strcmp(words[2], "int") == 0)
        return afina_space_add_integer(space, name, (int64_t)low, (int64_t)high, scale);
    return afina_space_add_real(space, name, low, high, scale);
}

static int32_t table_describe(const struct problem *p, afina_space *space)
{
    const struct source *s = p->own;
    char line[4096];
    snprintf(line, sizeof line, "%s.txt", s->path);
    FILE *f = fopen(line, "r");
    int32_t rc = f ? AFINA_OK : AFINA_E_FILE;
    while (!rc && fgets(line, sizeof line, f))
        if (strncmp(line, "param ", 6) == 0)
            rc = describe_column(space, line);
    if (f)
        fclose(f);
    return rc;
}

/* d, the best value, and of the curve its length and kind, from a line of the description. */
static void read_description_line(struct problem *p, struct source *s, const char *line, int *seeds)
{
    char word[64];
    int last;
    if (strncmp(line, "param ", 6) == 0)
        p->d++;
    else if (sscanf(line, "best %lf", &p->optimum) == 1 || sscanf(line, "rows %zu", &p->rows) == 1)
        return;
    else if (sscanf(line, "curve %63s %d %d", word, &s->first, &last) == 3) {
        s->first = s->first == 0;
        p->steps = last;
    } else if (strncmp(line, "eval ", 5) == 0) {
        s->best_so_far = strncmp(line, "eval best_", 10) == 0;
        for (const char *c = line; (c = strchr(c, ' ')); c++)
            ++*seeds;
    }
}

static void read_description(struct problem *p, struct source *s)
{
    char line[4096];
    int seeds = 0;
    snprintf(line, sizeof line, "%s.txt", s->path);
    FILE *f = fopen(line, "r");
    while (f && fgets(line, sizeof line, f))
        read_description_line(p, s, line, &seeds);
    if (f)
        fclose(f);
    if (seeds > 1)
        p->observe = table_observe;
    if (p->steps) {
        p->curve = table_curve;
        p->row_at = table_row;
    }
}

static int add_table(const char *data, const char *name)
{
    struct source *s = calloc(1, sizeof *s);
    struct problem *p = s ? problem_add("tables", name, 0, 0) : NULL;
    if (!p) {
        free(s);
        return -1;
    }
    snprintf(s->path, sizeof s->path, "%s/tables/%s", data, name);
    p->own = s;
    p->describe = table_describe;
    p->value = table_value;
    read_description(p, s);
    return 0;
}

static int exists(const char *data, const char *rest)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", data, rest);
    FILE *f = fopen(path, "r");
    if (f)
        fclose(f);
    return f != NULL;
}

int add_tables(const char *data)
{
    static const char *const names[] = {
        "fcnet_parkinsons_telemonitoring",
        "fcnet_protein_structure",
        "hpobench_mlp_phoneme",
        "hpobench_mlp_vehicle",
        "nb201_cifar10",
        "nb201_cifar100",
        "taskset_patch128_LSTM128_bs64",
        "taskset_patch128_LSTM128_embed128_bs64",
        "taskset_patch32_GRU128_bs128",
        "taskset_patch32_IRNN64_relu_avg_bs128",
        "taskset_patch32_LSTM128_bs128",
        "taskset_patch32_VRNN128_tanh_bs128",
        "taskset_patch32_VRNN64_tanh_avg_bs128",
        "nmthpo_ja-en",
        "nmthpo_ru-en",
        "nmthpo_so-en",
        "nmthpo_zh-en",
        "nmtlc_so-en",
        "lora_fr-en",
    };
    if (!data || !exists(data, "tables/nb201_cifar10.txt")) {
        fprintf(stderr, "bench: no tables under %s: the suites of real problems are skipped (set AFINA_BENCH_DATA)\n",
                data ? data : "AFINA_BENCH_DATA");
        return 0;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (add_table(data, names[i]))
            return -1;
    return 0;
}

/* --------------------------------------------------------------- surrogates
 *
 * Networks fitted to runs. They extrapolate to absurdly good corners, so the
 * optimum is the best of 10,000 random points, and going below it earns nothing. */
static hposur *surrogate_load(struct source *s)
{
    char text[600], weights[600];
    snprintf(text, sizeof text, "%s.txt", s->path);
    snprintf(weights, sizeof weights, "%s.f32", s->path);
    return hposur_load(text, weights);
}

static hposur *surrogate_of(const struct problem *p)
{
    struct source *s = (struct source *)(uintptr_t)p->own;
    if (!s->surrogate)
        s->surrogate = surrogate_load(s);
    return s->surrogate;
}

static int searched(const hposur_param *q)
{
    return !q->fidelity && isnan(q->fixed);
}

static double surrogate_at(const struct problem *p, const double *x, double fidelity)
{
    const struct source *s = p->own;
    const hposur *h = surrogate_of(p);
    double v[HPOSUR_MAXIN] = {0};
    if (!h)
        return NAN;
    for (int i = 0, k = 0; i < h->npar; i++)
        if (searched(&h->par[i])) {
            v[i] = isnan(x[k]) ? 0 : x[k];
            k++;
        }
    return hposur_error(h, s->instance, v, fidelity, NULL);
}

static double surrogate_value(const struct problem *p, const double *x)
{
    return surrogate_at(p, x, NAN);
}

static double surrogate_curve(const struct problem *p, const double *x, double step)
{
    return surrogate_at(p, x, step);
}

static int32_t describe_choices(afina_space *space, const hposur_param *q)
{
    char text[16][96];
    const char *words[16];
    size_t n = 0;
    while (n < 16 && hposur_word(q->vals, (int)n, text[n], sizeof text[n])) {
        words[n] = text[n];
        n++;
    }
    return afina_space_add_categorical(space, q->name, words, n);
}

static int32_t describe_parent(afina_space *space, const hposur *h, const hposur_param *q)
{
    char text[16][96];
    const char *words[16];
    size_t n = 0;
    while (n < 16 && hposur_word(q->when, (int)n, text[n], sizeof text[n])) {
        words[n] = text[n];
        n++;
    }
    return afina_space_add_condition_in(space, q->name, h->par[q->parent].name, words, n);
}

static int32_t surrogate_describe(const struct problem *p, afina_space *space)
{
    const hposur *h = surrogate_of(p);
    int32_t rc = h ? AFINA_OK : AFINA_E_FILE;
    for (int i = 0; !rc && i < h->npar; i++) {
        const hposur_param *q = &h->par[i];
        const int32_t scale = q->log ? AFINA_SCALE_LOG : AFINA_SCALE_LINEAR;
        if (!searched(q))
            continue;
        if (q->type == HPOSUR_CAT)
            rc = describe_choices(space, q);
        else if (q->type == HPOSUR_INT)
            rc = afina_space_add_integer(space, q->name, (int64_t)q->lo, (int64_t)q->hi, scale);
        else
            rc = afina_space_add_real(space, q->name, q->lo, q->hi, scale);
        if (!rc && q->parent >= 0)
            rc = describe_parent(space, h, q);
    }
    return rc;
}

static int add_surrogate(const char *data, const char *name, const char *instance, double best)
{
    struct source *s = calloc(1, sizeof *s);
    char full[64];
    snprintf(full, sizeof full, "%.40s_%.20s", name, instance);
    struct problem *p = s ? problem_add("surrogates", full, 0, 0) : NULL;
    if (!p) {
        free(s);
        return -1;
    }
    snprintf(s->path, sizeof s->path, "%s/surrogates/%s", data, name);
    snprintf(s->instance, sizeof s->instance, "%s", instance);
    p->own = s;
    p->d = strcmp(name, "yahpo_lcbench") == 0 ? 7 : strcmp(name, "yahpo_rbv2_xgboost") == 0 ? 14 : 5;
    p->optimum = best;
    p->describe = surrogate_describe;
    p->value = surrogate_value;
    if (strcmp(name, "yahpo_lcbench") == 0) {
        p->steps = 52; /* epochs */
        p->curve = surrogate_curve;
    }
    return 0;
}

int add_surrogates(const char *data)
{
    char line[1024], name[48], instance[32];
    double best;
    if (!data || !exists(data, "surrogates/surrogate_reference.csv"))
        return 0;
    snprintf(line, sizeof line, "%s/surrogates/surrogate_reference.csv", data);
    FILE *f = fopen(line, "r");
    int rc = 0;
    while (f && !rc && fgets(line, sizeof line, f))
        if (sscanf(line, "%47[^,],%31[^,],%*[^,],%*f,%*f,%*f,%*f,%lf", name, instance, &best) == 3)
            rc = add_surrogate(data, name, instance, best);
    if (f)
        fclose(f);
    return rc;
}

#else

int add_tables(const char *data)
{
    (void)data;
    fprintf(stderr, "bench: built without the data readers: the suites of real problems are skipped "
                    "(set AFINA_BENCH_DATA and build again)\n");
    return 0;
}

int add_surrogates(const char *data)
{
    (void)data;
    return 0;
}

#endif
