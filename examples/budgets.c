/* What do budgets save? Tunes the reference network on spoken vowels three times from the same seed: every
 * configuration trained in full; "adaptive"; and asynchronous halving, "asha". The two schedulers get a quarter of the
 * epochs that the first is given. They train most configurations for a few epochs and go on with the best: the state of
 * a network is kept in a file, its checkpoint, and taken up again, so no epoch is trained twice. Files that no later
 * trial will need are deleted on the way.
 *
 *     budgets [--seeds N] [--first N] [--method NAME] [--configurations N] [--epochs N] [--data FILE]
 *             [--validation SHARE] [--checkpoints PREFIX] [--csv FILE]
 *
 * With several seeds it tells how many times fewer epochs were trained, in the median over the seeds, and what that
 * costs in accuracy on rows that no trial saw.
 */
#include <afina_mlp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEDULERS = 3, MOST_SEEDS = 1000, SHARE = 4, PATH_SIZE = 1024 };

static const char *const schedulers[SCHEDULERS] = {"none", "adaptive", "asha"};
static const char *const titles[SCHEDULERS] = {"full training", "adaptive", "asha"};

struct settings {
    int seeds, first, configurations, epochs;
    double validation; /* share of the rows that validate; 0: the network's default, 0.2 */
    const char *method, *data, *checkpoints, *csv;
};

/* What a study did, counted from its trials. */
struct outcome {
    double configurations; /* that were begun */
    double epochs;         /* that were trained */
    double resumed;        /* epochs that a promotion found in a checkpoint and did not train again */
    double in_full;        /* configurations that got the full budget */
    double validation;     /* the least error on validation rows, by which the best network is chosen */
    double accuracy;       /* of that network, on rows that no trial saw */
    int most_files;        /* checkpoints on the disk at a time */
};

static void check(int32_t status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "budgets: %s\n", afina_last_error());
    exit(1);
}

static void usage(void)
{
    fprintf(stderr, "usage: budgets [--seeds N] [--first N] [--method NAME] [--configurations N] [--epochs N]\n"
                    "               [--data FILE] [--validation SHARE] [--checkpoints PREFIX] [--csv FILE]\n");
    exit(2);
}

static void read_setting(struct settings *s, const char *key, const char *value)
{
    if (strcmp(key, "--seeds") == 0)
        s->seeds = atoi(value);
    else if (strcmp(key, "--first") == 0)
        s->first = atoi(value);
    else if (strcmp(key, "--configurations") == 0)
        s->configurations = atoi(value);
    else if (strcmp(key, "--epochs") == 0)
        s->epochs = atoi(value);
    else if (strcmp(key, "--validation") == 0)
        s->validation = strtod(value, NULL);
    else if (strcmp(key, "--method") == 0)
        s->method = value;
    else if (strcmp(key, "--data") == 0)
        s->data = value;
    else if (strcmp(key, "--checkpoints") == 0)
        s->checkpoints = value;
    else if (strcmp(key, "--csv") == 0)
        s->csv = value;
    else
        usage();
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings s = {.seeds = 1, .first = 1, .configurations = 40, .epochs = 60};
    s.method = "gp";
    s.data = "examples/data/vowel.csv";
    s.checkpoints = "budgets-";
    for (int i = 1; i + 1 < argc; i += 2)
        read_setting(&s, argv[i], argv[i + 1]);
    if (argc % 2 == 0 || s.seeds < 1 || s.seeds > MOST_SEEDS || s.configurations < SHARE || s.epochs < 2)
        usage();
    return s;
}

/* ---------------------------------------------------------------------- space */

/* The network's hyperparameters but for "epochs", which is the budget, and "online" and line-search training, of which
 * an epoch is another thing. What the space lacks is at its default; training that brings nothing more for 30 epochs
 * ends. */
static afina_space *make_space(const struct settings *s)
{
    static const char *const algorithms[] = {"adam", "adamw", "rmsprop", "adagrad", "sgd", "momentum", "nesterov"};
    static const char *const activations[] = {"relu", "leaky_relu", "elu", "selu", "tanh", "logistic", "silu"};
    static const char *const schedules[] = {"constant", "exponential", "cosine", "inverse"};
    afina_space *space;
    check(afina_space_new(&space));
    check(afina_space_add_integer(space, "layers", 1, 2, AFINA_SCALE_LINEAR));
    check(afina_space_add_integer(space, "units_1", 8, 128, AFINA_SCALE_LOG));
    check(afina_space_add_integer(space, "units_2", 8, 128, AFINA_SCALE_LOG));
    check(afina_space_add_condition(space, "units_2", "layers", AFINA_COMPARE_GREATER_EQUAL, 2));
    check(afina_space_add_categorical(space, "activation_1", activations, 7));
    check(afina_space_add_categorical(space, "activation_2", activations, 7));
    check(afina_space_add_condition(space, "activation_2", "layers", AFINA_COMPARE_GREATER_EQUAL, 2));
    check(afina_space_add_categorical(space, "algorithm", algorithms, 7));
    check(afina_space_add_real(space, "learning_rate", 1e-4, 1, AFINA_SCALE_LOG));
    check(afina_space_add_categorical(space, "schedule", schedules, 4));
    check(afina_space_add_integer(space, "batch_size", 8, 256, AFINA_SCALE_LOG));
    check(afina_space_add_real(space, "l2", 1e-7, 1e-1, AFINA_SCALE_LOG));
    check(afina_space_add_real(space, "dropout", 0, 0.5, AFINA_SCALE_LINEAR));
    check(afina_space_add_integer(space, "patience", 30, 30, AFINA_SCALE_LINEAR));
    if (s->validation > 0)
        check(afina_space_add_real(space, "validation_share", s->validation, s->validation, AFINA_SCALE_LINEAR));
    return space;
}

/* ---------------------------------------------------------------- checkpoints */

static void checkpoint_of(const afina_trial *trial, char path[PATH_SIZE])
{
    size_t length;
    check(afina_trial_checkpoint(trial, path, PATH_SIZE, &length));
}

static int exists(const char *path)
{
    FILE *f = path[0] ? fopen(path, "rb") : NULL;
    return f && fclose(f) == 0;
}

/* Deletes what no later trial will need, except the file of the best trial, whose network is wanted at the end. */
static void delete_stale(afina_optimizer *optimizer)
{
    int64_t keep = -1, *numbers;
    size_t count = 0;
    afina_trial *trial;
    if (afina_best(optimizer, &trial) == AFINA_OK) {
        keep = afina_trial_number(trial);
        afina_trial_free(trial);
    }
    check(afina_stale_checkpoints(optimizer, NULL, 0, &count));
    numbers = calloc(count + 1, sizeof *numbers);
    if (!numbers)
        exit(1);
    check(afina_stale_checkpoints(optimizer, numbers, count, &count));
    for (size_t i = 0; i < count; i++) {
        char path[PATH_SIZE];
        if (numbers[i] == keep)
            continue;
        check(afina_trial_get(optimizer, numbers[i], &trial));
        checkpoint_of(trial, path);
        remove(path);
        afina_trial_free(trial);
    }
    free(numbers);
}

/* How many checkpoints are on the disk; with `discard` they are deleted. */
static int count_files(afina_optimizer *optimizer, int discard)
{
    int64_t trials;
    int files = 0;
    check(afina_trial_count(optimizer, &trials));
    for (int64_t k = 0; k < trials; k++) {
        afina_trial *trial;
        char path[PATH_SIZE];
        check(afina_trial_get(optimizer, k, &trial));
        checkpoint_of(trial, path);
        files += exists(path);
        if (discard && path[0])
            remove(path);
        afina_trial_free(trial);
    }
    return files;
}

/* ---------------------------------------------------------------------- study */

/* The best network as it was in the best epoch of its training: read from its file, trained no further. */
static void score_best(afina_optimizer *optimizer, const afina_mlp *mlp, const afina_dataset *test, struct outcome *out)
{
    static unsigned char bytes[1 << 24];
    char path[PATH_SIZE];
    afina_trial *best;
    afina_training *training;
    afina_network *network;
    uint64_t seed;
    check(afina_best(optimizer, &best));
    check(afina_trial_value(best, &out->validation));
    checkpoint_of(best, path);
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    size_t size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    check(afina_trial_seed(best, &seed));
    check(afina_training_new(&training, mlp, afina_trial_point(best), seed));
    check(afina_training_load(training, bytes, size));
    check(afina_training_network(&network, training, 0));
    check(afina_network_score(network, test, "accuracy", &out->accuracy));
    afina_network_free(network);
    afina_training_free(training);
    afina_trial_free(best);
}

static void count_trial(afina_optimizer *optimizer, int64_t number, double full, struct outcome *out)
{
    afina_trial *trial;
    int64_t arm;
    double start, budget;
    size_t reports;
    check(afina_trial_get(optimizer, number, &trial));
    check(afina_trial_arm(trial, &arm));
    check(afina_trial_start(trial, &start));
    check(afina_trial_budget(trial, &budget));
    check(afina_trial_report_count(trial, &reports));
    out->configurations += arm == number;
    out->in_full += budget >= full;
    out->epochs += (double)reports;
    out->resumed += start;
    afina_trial_free(trial);
}

static afina_optimizer *make_optimizer(const struct settings *s, const char *scheduler, int seed)
{
    afina_space *space = make_space(s);
    afina_optimizer *optimizer;
    int share = strcmp(scheduler, "none") == 0 ? 1 : SHARE;
    check(afina_optimizer_new(&optimizer, space, s->method));
    check(afina_optimizer_set_integer(optimizer, "seed", seed));
    check(afina_optimizer_set_string(optimizer, "scheduler", scheduler));
    check(afina_optimizer_set_real(optimizer, "budget_min", 1));
    check(afina_optimizer_set_real(optimizer, "budget_max", s->epochs));
    check(afina_optimizer_set_real(optimizer, "budget_total", (double)s->configurations * s->epochs / share));
    afina_space_free(space);
    return optimizer;
}

static struct outcome run_study(const struct settings *s, const char *scheduler, int seed,
                                const afina_dataset *training, const afina_dataset *test)
{
    struct outcome out = {0};
    afina_optimizer *optimizer = make_optimizer(s, scheduler, seed);
    afina_mlp *mlp;
    int64_t trials;
    int32_t status;
    check(afina_mlp_new(&mlp, training));
    check(afina_mlp_set_integer(mlp, "layers", 2));
    check(afina_mlp_set_integer(mlp, "units", 128));
    check(afina_mlp_set_integer(mlp, "epochs", s->epochs));
    check(afina_mlp_set_string(mlp, "checkpoints", s->checkpoints));
    /* A training that diverges fails, which is no reason to end. */
    while ((status = afina_optimize(optimizer, afina_mlp_objective, mlp, 1)) == AFINA_OK ||
           status == AFINA_ALL_FAILED) {
        int files = count_files(optimizer, 0);
        out.most_files = files > out.most_files ? files : out.most_files;
        delete_stale(optimizer);
    }
    check(status);
    check(afina_trial_count(optimizer, &trials));
    for (int64_t k = 0; k < trials; k++)
        count_trial(optimizer, k, s->epochs, &out);
    score_best(optimizer, mlp, test, &out);
    count_files(optimizer, 1);
    afina_mlp_free(mlp);
    afina_optimizer_free(optimizer);
    return out;
}

/* -------------------------------------------------------------------- results */

static void print_outcome(const char *title, const struct outcome *o, const struct outcome *full)
{
    printf("  %-14s %4.0f configurations, %3.0f of them in full: %5.0f epochs, error %.1f %% in validation, %.1f %% in "
           "the test\n",
           title, o->configurations, o->in_full, o->epochs, 100 * o->validation, 100 * (1 - o->accuracy));
    if (o != full)
        printf(
            "  %-14s saved %.0f epochs of %.0f: %.1f times fewer; %.0f were read from checkpoints, at most %d files\n",
            "", full->epochs - o->epochs, full->epochs, full->epochs / o->epochs, o->resumed, o->most_files);
}

static void run_seed(const struct settings *s, const afina_dataset *data, int seed, struct outcome row[SCHEDULERS],
                     FILE *csv)
{
    afina_dataset *training, *test;
    check(afina_dataset_split(data, 0.25, (uint64_t)seed, &training, &test));
    printf("seed %d\n", seed);
    for (int k = 0; k < SCHEDULERS; k++) {
        row[k] = run_study(s, schedulers[k], seed, training, test);
        print_outcome(titles[k], &row[k], &row[0]);
        if (csv)
            fprintf(csv, "%s,%s,%d,%.0f,%.0f,%.0f,%.0f,%.4f,%.4f\n", s->method, schedulers[k], seed,
                    row[k].configurations, row[k].in_full, row[k].epochs, row[k].resumed, row[k].validation,
                    row[k].accuracy);
        fflush(csv ? csv : stdout);
    }
    afina_dataset_free(training);
    afina_dataset_free(test);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median, and order statistics that hold the true one with 95 % or more (the binomial interval of the sign test).
 */
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
    printf("%.2f times fewer epochs in the median", (ratio[(n - 1) / 2] + ratio[n / 2]) / 2);
    if (k > 0)
        printf(" [%.2f, %.2f]", ratio[k - 1], ratio[n - k]);
}

static void print_summary(const struct outcome *table, int n)
{
    double ratio[MOST_SEEDS], full[MOST_SEEDS], other[MOST_SEEDS], difference, low, high, p;
    int32_t verdict;
    printf("\n%d seeds, 95 %% intervals\n", n);
    for (int k = 1; k < SCHEDULERS; k++) {
        for (int i = 0; i < n; i++) {
            full[i] = 100 * table[i * SCHEDULERS].accuracy;
            other[i] = 100 * table[i * SCHEDULERS + k].accuracy;
            ratio[i] = table[i * SCHEDULERS].epochs / table[i * SCHEDULERS + k].epochs;
        }
        check(afina_compare_paired(other, full, (size_t)n, AFINA_DIRECTION_MAXIMISE, 0, 0.95, &difference, &low, &high,
                                   &p, &verdict));
        printf("  %-10s ", titles[k]);
        print_ratio(ratio, n);
        printf("; test accuracy %+.2f points [%+.2f, %+.2f]\n", difference, low, high);
    }
}

int main(int argc, char **argv)
{
    const struct settings s = read_settings(argc, argv);
    struct outcome *table = calloc((size_t)s.seeds * SCHEDULERS, sizeof *table);
    afina_dataset *data;
    FILE *csv = s.csv ? fopen(s.csv, "w") : NULL;
    if (!table || (s.csv && !csv)) {
        perror(s.csv);
        return 1;
    }
    if (csv)
        fprintf(csv, "method,scheduler,seed,configurations,in_full,epochs,resumed,validation_error,test_accuracy\n");
    check(afina_dataset_from_csv(&data, s.data, 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0));
    for (int i = 0; i < s.seeds; i++)
        run_seed(&s, data, s.first + i, table + (size_t)i * SCHEDULERS, csv);
    if (s.seeds > 1)
        print_summary(table, s.seeds);
    if (csv && fclose(csv))
        perror(s.csv);
    afina_dataset_free(data);
    free(table);
    return 0;
}
