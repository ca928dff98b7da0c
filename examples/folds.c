/* How often must a configuration be validated? Tunes the reference network on spoken vowels from the same seed and for
 * the same number of trainings, by stratified cross-validation with ten folds:
 *
 * all folds   every configuration on all folds ("repeat")
 * raced       one that is surely worse than the best gets no further fold ("race")
 * raced, .25  one that is probably worse gets none: the level of the test is a quarter. Where the method tries
 *             configurations much like the best one, it matters less that one of them is dropped by bad luck
 *
 * The winner is then compared with the default on a second repetition of the cross-validation, on folds that chose
 * nothing, and both are trained on all these rows and measured on rows that no trial saw.
 *
 *     folds [--seeds N] [--first N] [--method NAME] [--trainings N] [--epochs N] [--data FILE] [--csv FILE]
 *
 * With several seeds it tells how many times as many configurations racing tries, in the median, and what that changes
 * in accuracy.
 */
#include <afina_mlp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 3, FOLDS = 10, REPEATS = 2, FINAL_TRAININGS = 5, MOST_SEEDS = 1000, LINE_SIZE = 4096 };

/* How a search spends its folds; level 0 is the scheduler's own, 0.05 or 0.01. */
struct way {
    const char *title, *scheduler;
    double level;
};

static const struct way ways[WAYS] = {{"all folds", "repeat", 0}, {"raced", "race", 0}, {"raced, .25", "race", 0.25}};

struct settings {
    int seeds, first, trainings, epochs;
    const char *method, *data, *csv;
};

/* Rows as they stand in the file: the last column is the class. */
struct rows {
    size_t count, columns;
    double *features;
    int64_t *classes;
};

/* What a configuration is trained on and validated with: one pair for each replicate, and at the end one of all rows of
 * the search with those of the test. */
struct split {
    afina_mlp *mlp;
    afina_dataset *validation;
};

struct experiment {
    const struct settings *settings;
    int seed;
    struct split replicate[FOLDS * REPEATS], last;
};

struct outcome {
    double configurations, trainings, in_full; /* in_full: configurations with all folds */
    double validation;                         /* mean error of the winner on the folds of the search */
    double accuracy, standard;                 /* of the winner and of the default, on rows that no trial saw */
    double difference, low, high;              /* of their errors on the second repetition */
    int32_t verdict;
};

static void check(int32_t status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "folds: %s\n", afina_last_error());
    exit(1);
}

static void *allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);
    if (!p)
        exit(1);
    return p;
}

static void usage(void)
{
    fprintf(stderr, "usage: folds [--seeds N] [--first N] [--method NAME] [--trainings N] [--epochs N]\n"
                    "             [--data FILE] [--csv FILE]\n");
    exit(2);
}

static void read_setting(struct settings *s, const char *key, const char *value)
{
    if (strcmp(key, "--seeds") == 0)
        s->seeds = atoi(value);
    else if (strcmp(key, "--first") == 0)
        s->first = atoi(value);
    else if (strcmp(key, "--trainings") == 0)
        s->trainings = atoi(value);
    else if (strcmp(key, "--epochs") == 0)
        s->epochs = atoi(value);
    else if (strcmp(key, "--method") == 0)
        s->method = value;
    else if (strcmp(key, "--data") == 0)
        s->data = value;
    else if (strcmp(key, "--csv") == 0)
        s->csv = value;
    else
        usage();
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings s = {.seeds = 1, .first = 1, .trainings = 200, .epochs = 30};
    s.method = "gp";
    s.data = "examples/data/vowel.csv";
    for (int i = 1; i + 1 < argc; i += 2)
        read_setting(&s, argv[i], argv[i + 1]);
    if (argc % 2 == 0 || s.seeds < 1 || s.seeds > MOST_SEEDS || s.trainings < FOLDS || s.epochs < 5)
        usage();
    return s;
}

/* ----------------------------------------------------------------------- rows */

static size_t count_lines(FILE *f, size_t *columns)
{
    char line[LINE_SIZE];
    size_t lines = 0;
    *columns = 0;
    while (fgets(line, sizeof line, f)) {
        for (const char *c = line; lines == 0 && *c; c++)
            *columns += *c == ',';
        lines++;
    }
    rewind(f);
    return lines;
}

static void read_line(const char *line, size_t columns, double *features, int64_t *class)
{
    char *end;
    for (size_t j = 0; j < columns; j++) {
        features[j] = strtod(line, &end);
        line = *end ? end + 1 : end;
    }
    *class = strtol(line, &end, 10);
}

/* A file of numbers with commas between, its first line the names of the columns. */
static struct rows read_rows(const char *path)
{
    struct rows rows;
    char line[LINE_SIZE];
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        exit(1);
    }
    size_t lines = count_lines(f, &rows.columns);
    rows.count = 0;
    rows.features = allocate(lines * rows.columns, sizeof *rows.features);
    rows.classes = allocate(lines, sizeof *rows.classes);
    for (size_t i = 0; i < lines && fgets(line, sizeof line, f); i++) {
        if (i > 0)
            read_line(line, rows.columns, rows.features + (i - 1) * rows.columns, &rows.classes[i - 1]);
        rows.count = i;
    }
    fclose(f);
    return rows;
}

static afina_dataset *take(const struct rows *rows, const int64_t *numbers, size_t count)
{
    double *features = allocate(count * rows->columns, sizeof *features), *targets = allocate(count, sizeof *targets);
    afina_dataset *dataset;
    for (size_t i = 0; i < count; i++) {
        memcpy(features + i * rows->columns, rows->features + (size_t)numbers[i] * rows->columns,
               rows->columns * sizeof *features);
        targets[i] = (double)rows->classes[numbers[i]];
    }
    check(afina_dataset_from_arrays(&dataset, features, count, rows->columns, targets, AFINA_TASK_CLASSIFICATION));
    free(features);
    free(targets);
    return dataset;
}

/* --------------------------------------------------------------------- splits */

static struct split make_split(const struct settings *s, const struct rows *rows, const afina_resampling *resampling,
                               int64_t replicate)
{
    struct split split;
    int64_t *training = allocate(rows->count, sizeof *training),
            *validation = allocate(rows->count, sizeof *validation);
    size_t n_training, n_validation;
    check(afina_resampling_rows(resampling, replicate, training, rows->count, &n_training, validation, rows->count,
                                &n_validation));
    afina_dataset *dataset = take(rows, training, n_training);
    split.validation = take(rows, validation, n_validation);
    check(afina_mlp_new(&split.mlp, dataset));
    check(afina_mlp_set_integer(split.mlp, "layers", 2));
    check(afina_mlp_set_integer(split.mlp, "units", 64));
    check(afina_mlp_set_integer(split.mlp, "epochs", s->epochs));
    afina_dataset_free(dataset);
    free(training);
    free(validation);
    return split;
}

/* A quarter of the rows is the test; the others are divided into folds, twice, each class in proportion. */
static void make_splits(struct experiment *e, const struct rows *rows)
{
    afina_resampling *outer, *inner;
    check(afina_resampling_new(&outer, "holdout", rows->count));
    check(afina_resampling_set_real(outer, "share", 0.25));
    check(afina_resampling_set_integer(outer, "seed", e->seed));
    check(afina_resampling_set_classes(outer, rows->classes, rows->count));
    check(afina_resampling_inner(&inner, outer, 0, "kfold"));
    check(afina_resampling_set_integer(inner, "folds", FOLDS));
    check(afina_resampling_set_integer(inner, "repeats", REPEATS));
    for (int r = 0; r < FOLDS * REPEATS; r++)
        e->replicate[r] = make_split(e->settings, rows, inner, r);
    e->last = make_split(e->settings, rows, outer, 0);
    afina_resampling_free(inner);
    afina_resampling_free(outer);
}

static void free_splits(struct experiment *e)
{
    for (int r = 0; r <= FOLDS * REPEATS; r++) {
        struct split *split = r < FOLDS * REPEATS ? &e->replicate[r] : &e->last;
        afina_mlp_free(split->mlp);
        afina_dataset_free(split->validation);
    }
}

/* The error of a network that is trained on one part and measured on the other; a training that diverges fails. */
static int32_t train(const struct split *split, const afina_point *point, uint64_t seed, double *error)
{
    afina_network *network;
    double accuracy;
    int32_t status = afina_network_train(&network, split->mlp, point, seed);
    if (status)
        return status;
    status = afina_network_score(network, split->validation, "accuracy", &accuracy);
    *error = 1 - accuracy;
    afina_network_free(network);
    return status;
}

/* --------------------------------------------------------------------- search */

/* One fold of one configuration: the scheduler says which. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    const struct experiment *e = user;
    int64_t replicate;
    uint64_t seed;
    int32_t status = afina_trial_replicate(trial, &replicate);
    if (!status)
        status = afina_trial_seed(trial, &seed);
    return status ? status : train(&e->replicate[replicate], afina_trial_point(trial), seed, values);
}

static afina_optimizer *make_optimizer(const struct experiment *e, const struct way *way)
{
    afina_optimizer *optimizer;
    afina_space *space;
    check(afina_mlp_space(e->last.mlp, &space));
    check(afina_optimizer_new(&optimizer, space, e->settings->method));
    check(afina_optimizer_set_integer(optimizer, "seed", e->seed));
    check(afina_optimizer_set_string(optimizer, "scheduler", way->scheduler));
    check(afina_optimizer_set_real(optimizer, "race.level", way->level));
    check(afina_optimizer_set_integer(optimizer, "replicates", FOLDS));
    check(afina_optimizer_set_integer(optimizer, "budget_total", e->settings->trainings));
    afina_space_free(space);
    return optimizer;
}

/* Counts arms and their folds, and means the errors of the winner. */
static void count_trials(afina_optimizer *optimizer, int64_t winner, struct outcome *out)
{
    int64_t trials;
    int winners = 0;
    check(afina_trial_count(optimizer, &trials));
    int *folds = allocate((size_t)trials, sizeof *folds);
    for (int64_t k = 0; k < trials; k++) {
        afina_trial *trial;
        int64_t arm;
        double value;
        check(afina_trial_get(optimizer, k, &trial));
        check(afina_trial_arm(trial, &arm));
        out->configurations += arm == k;
        out->in_full += ++folds[arm] == FOLDS;
        if (arm == winner && afina_trial_value(trial, &value) == AFINA_OK) {
            out->validation += value;
            winners++;
        }
        afina_trial_free(trial);
    }
    out->trainings = (double)trials;
    out->validation /= winners;
    free(folds);
}

/* On folds that chose nothing: 1 / (FOLDS - 1) is how many validation rows there are for each training row. */
static void compare_with_default(const struct experiment *e, const afina_point *winner, const afina_point *standard,
                                 struct outcome *out)
{
    double errors[2][FOLDS], p;
    for (int fold = 0; fold < FOLDS; fold++) {
        const struct split *split = &e->replicate[FOLDS + fold];
        check(train(split, winner, (uint64_t)fold, &errors[0][fold]));
        check(train(split, standard, (uint64_t)fold, &errors[1][fold]));
    }
    check(afina_compare_paired(errors[0], errors[1], FOLDS, AFINA_DIRECTION_MINIMISE, 1.0 / (FOLDS - 1), 0.95,
                               &out->difference, &out->low, &out->high, &p, &out->verdict));
}

/* The mean of several trainings, since one is a matter of luck. */
static double measure(const struct experiment *e, const afina_point *point)
{
    double sum = 0, error = 1;
    for (int i = 0; i < FINAL_TRAININGS; i++) {
        check(train(&e->last, point, (uint64_t)i, &error));
        sum += 1 - error;
    }
    return sum / FINAL_TRAININGS;
}

static struct outcome run_search(struct experiment *e, const struct way *way)
{
    struct outcome out = {0};
    afina_optimizer *optimizer = make_optimizer(e, way);
    afina_space *space;
    afina_point *standard;
    afina_trial *best;
    check(afina_optimize(optimizer, objective, e, e->settings->trainings));
    check(afina_best(optimizer, &best));
    check(afina_optimizer_get_space(optimizer, &space));
    check(afina_point_new(&standard, space));
    count_trials(optimizer, afina_trial_number(best), &out);
    compare_with_default(e, afina_trial_point(best), standard, &out);
    out.accuracy = measure(e, afina_trial_point(best));
    out.standard = measure(e, standard);
    afina_point_free(standard);
    afina_space_free(space);
    afina_trial_free(best);
    afina_optimizer_free(optimizer);
    return out;
}

/* -------------------------------------------------------------------- results */

static void print_outcome(const char *title, const struct outcome *o)
{
    static const char *const verdicts[] = {"no", "undecided", "yes"};
    int verdict = o->verdict == AFINA_VERDICT_YES ? 2 : o->verdict == AFINA_VERDICT_NO ? 0 : 1;
    printf("  %-12s %3.0f configurations in %.0f trainings, %2.0f on all folds; the best has an error of %.1f %%\n",
           title, o->configurations, o->trainings, o->in_full, 100 * o->validation);
    printf("  %-12s better than the default: %s (%+.1f points [%+.1f, %+.1f]); in the test %.1f %% right, default %.1f "
           "%%\n",
           "", verdicts[verdict], -100 * o->difference, -100 * o->high, -100 * o->low, 100 * o->accuracy,
           100 * o->standard);
}

static void run_seed(const struct settings *s, const struct rows *rows, int seed, struct outcome row[WAYS], FILE *csv)
{
    struct experiment e = {.settings = s, .seed = seed};
    make_splits(&e, rows);
    printf("seed %d\n", seed);
    for (int k = 0; k < WAYS; k++) {
        row[k] = run_search(&e, &ways[k]);
        print_outcome(ways[k].title, &row[k]);
        if (csv)
            fprintf(csv, "%s,%s,%g,%d,%.0f,%.0f,%.0f,%.4f,%.4f,%.4f\n", s->method, ways[k].scheduler, ways[k].level,
                    seed, row[k].configurations, row[k].in_full, row[k].trainings, row[k].validation, row[k].accuracy,
                    row[k].standard);
    }
    printf("  racing tried %.1f and %.1f times as many configurations\n", row[1].configurations / row[0].configurations,
           row[2].configurations / row[0].configurations);
    fflush(NULL);
    free_splits(&e);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median, and the order statistics that hold the true one with 95 % or more: the interval of the sign test. */
static void print_ratio(double *ratio, int n)
{
    double below = pow(0.5, n), term = below;
    int k = 0;
    qsort(ratio, (size_t)n, sizeof *ratio, compare);
    while (below <= 0.025 && k < n / 2) {
        k++;
        term *= (double)(n - k + 1) / k;
        below += term;
    }
    printf("%.2f times as many configurations in the median", (ratio[(n - 1) / 2] + ratio[n / 2]) / 2);
    if (k > 0)
        printf(" [%.2f, %.2f]", ratio[k - 1], ratio[n - k]);
}

static void print_summary(const struct outcome *table, int n)
{
    double ratio[MOST_SEEDS], all[MOST_SEEDS], raced[MOST_SEEDS], difference, low, high, p;
    int32_t verdict;
    printf("\n%d seeds, 95 %% intervals\n", n);
    for (int k = 1; k < WAYS; k++) {
        for (int i = 0; i < n; i++) {
            const struct outcome *row = table + (size_t)i * WAYS;
            all[i] = 100 * row[0].accuracy;
            raced[i] = 100 * row[k].accuracy;
            ratio[i] = row[k].configurations / row[0].configurations;
        }
        check(afina_compare_paired(raced, all, (size_t)n, AFINA_DIRECTION_MAXIMISE, 0, 0.95, &difference, &low, &high,
                                   &p, &verdict));
        printf("  %-10s ", ways[k].title);
        print_ratio(ratio, n);
        printf("; test accuracy %+.2f points [%+.2f, %+.2f]\n", difference, low, high);
    }
}

int main(int argc, char **argv)
{
    const struct settings s = read_settings(argc, argv);
    struct outcome *table = allocate((size_t)s.seeds * WAYS, sizeof *table);
    struct rows rows = read_rows(s.data);
    FILE *csv = s.csv ? fopen(s.csv, "w") : NULL;
    if (s.csv && !csv) {
        perror(s.csv);
        return 1;
    }
    if (csv)
        fprintf(csv, "method,scheduler,level,seed,configurations,in_full,trainings,validation_error,test_accuracy,"
                     "default_accuracy\n");
    for (int i = 0; i < s.seeds; i++)
        run_seed(&s, &rows, s.first + i, table + (size_t)i * WAYS, csv);
    if (s.seeds > 1)
        print_summary(table, s.seeds);
    if (csv && fclose(csv))
        perror(s.csv);
    free(rows.features);
    free(rows.classes);
    free(table);
    return 0;
}
