/* Tunes the reference network on handwritten digits: the whole road from a file
 * to a network whose accuracy is measured on rows that no trial ever saw.
 *
 *     tune_digits [--seed N] [--trials N] [--workers N] [--seconds S] [--data FILE] [--log FILE]
 *
 * A fifth of the rows, drawn by the seed, is put aside before anything else. The
 * other rows are all that the trials train and validate on, and all that the
 * choice of the best configuration is made from.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, isatty */
#include <afina_mlp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct settings {
    int64_t seed, trials, workers;
    double seconds;
    const char *data, *log;
};

/* What the progress line shows; the objective keeps it up. */
struct progress {
    afina_mlp *mlp;
    afina_optimizer *optimizer;
    const struct settings *settings;
    double start;
    int is_terminal;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Ends the program: an example may, a library may not. */
static void check(int32_t status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "tune_digits: %s\n", afina_last_error());
    exit(1);
}

static void usage(void)
{
    fprintf(stderr, "usage: tune_digits [--seed N] [--trials N] [--workers N] [--seconds S] [--data FILE] "
                    "[--log FILE]\n");
    exit(2);
}

static double number_of(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end)
        usage();
    return value;
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings s = {.seed = 1,
                         .trials = 60,
                         .workers = 2,
                         .seconds = 40,
                         .data = "examples/data/digits.csv",
                         .log = "tune_digits.csv"};
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc)
            usage();
        const char *value = argv[i + 1];
        if (strcmp(argv[i], "--seed") == 0)
            s.seed = (int64_t)number_of(value);
        else if (strcmp(argv[i], "--trials") == 0)
            s.trials = (int64_t)number_of(value);
        else if (strcmp(argv[i], "--workers") == 0)
            s.workers = (int64_t)number_of(value);
        else if (strcmp(argv[i], "--seconds") == 0)
            s.seconds = number_of(value);
        else if (strcmp(argv[i], "--data") == 0)
            s.data = value;
        else if (strcmp(argv[i], "--log") == 0)
            s.log = value;
        else
            usage();
    }
    return s;
}

/* ------------------------------------------------------------------ progress */

/* The time left: what the limit leaves, or less when the trials end sooner. */
static double time_left(const struct progress *p, int64_t done)
{
    double used = now() - p->start, left = p->settings->seconds - used;
    if (done > 0) {
        double rest = used / (double)done * (double)(p->settings->trials - done);
        left = rest < left ? rest : left;
    }
    return left > 0 ? left : 0;
}

/* Trials that have ended, this one included. */
static int64_t count_done(const struct progress *p)
{
    int64_t count = 0, done = 0;
    check(afina_trial_count(p->optimizer, &count));
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        int32_t state;
        check(afina_trial_get(p->optimizer, i, &trial));
        check(afina_trial_state(trial, &state));
        done += state != AFINA_STATE_RUNNING;
        afina_trial_free(trial);
    }
    return done;
}

/* After every trial: on a terminal one line that is written over, else a line
 * now and then. */
static void show(int32_t level, const char *text, void *user)
{
    struct progress *p = user;
    afina_trial *best;
    double value;
    size_t n;
    (void)text;
    if (level != AFINA_MESSAGE_INFO || afina_best(p->optimizer, &best))
        return;
    int64_t done = count_done(p);
    int is_best = strstr(text, "the best so far") != NULL;
    if (p->is_terminal || is_best || done % 10 == 0) {
        check(afina_trial_values(best, &value, 1, &n));
        fprintf(stderr, "%strial %lld of %lld   best validation error %.4f (trial %lld)   %.0f s left%s",
                p->is_terminal ? "\r" : "", (long long)done, (long long)p->settings->trials, value,
                (long long)afina_trial_number(best), time_left(p, done), p->is_terminal ? "   " : "\n");
        fflush(stderr);
    }
    afina_trial_free(best);
}

/* -------------------------------------------------------------------- results */

/* Mean accuracy on `test` of networks trained on the rows of the mlp: a training draws its initial
 * weights, and the rows that stop it early, at random, and one alone says as much about the draw as about
 * the hyperparameters. */
static double test_accuracy(const afina_mlp *mlp, const afina_point *point, const afina_dataset *test, uint64_t seed)
{
    enum { TRAININGS = 5 };
    double sum = 0;
    for (uint64_t i = 0; i < TRAININGS; i++) {
        afina_network *network;
        double accuracy;
        check(afina_network_train(&network, mlp, point, TRAININGS * seed + i));
        check(afina_network_score(network, test, "accuracy", &accuracy));
        afina_network_free(network);
        sum += accuracy;
    }
    return sum / TRAININGS;
}

/* A value as a person reads it: reals to four digits, "-" where not active. */
static void readable(const afina_space *space, const afina_point *point, const char *name, char out[64])
{
    double real;
    int32_t kind, active;
    size_t n;
    check(afina_space_get_kind(space, name, &kind));
    check(afina_point_is_active(point, name, &active));
    if (!active) {
        snprintf(out, 64, "-");
    } else if (kind == AFINA_KIND_REAL) {
        check(afina_point_get_real(point, name, &real));
        snprintf(out, 64, "%.4g", real);
    } else {
        check(afina_point_get_text(point, name, out, 64, &n));
    }
}

static void print_table(const afina_space *space, const afina_point *best, const afina_point *standard)
{
    printf("\n  %-18s %-18s %s\n", "hyperparameter", "best", "default");
    for (size_t i = 0; i < afina_space_parameter_count(space); i++) {
        const char *name = afina_space_parameter_name(space, i);
        char text[2][64];
        readable(space, best, name, text[0]);
        readable(space, standard, name, text[1]);
        if (strcmp(text[0], "-") != 0 || strcmp(text[1], "-") != 0)
            printf("  %-18s %-18s %s\n", name, text[0], text[1]);
    }
}

static const char *state_name(int32_t state)
{
    static const char *const names[] = {"running", "complete", "stopped", "paused", "failed", "infeasible", "lost"};
    return names[state];
}

static void write_row(FILE *file, const afina_space *space, const afina_trial *trial)
{
    int32_t state;
    size_t reports, n;
    double value;
    char text[64];
    check(afina_trial_state(trial, &state));
    check(afina_trial_report_count(trial, &reports));
    check(afina_trial_values(trial, &value, 1, &n));
    fprintf(file, "%lld,%s,", (long long)afina_trial_number(trial), state_name(state));
    if (n > 0)
        fprintf(file, "%.17g", value);
    fprintf(file, ",%zu", reports);
    for (size_t i = 0; i < afina_space_parameter_count(space); i++) {
        check(afina_point_get_text(afina_trial_point(trial), afina_space_parameter_name(space, i), text, sizeof text,
                                   &n));
        fprintf(file, ",%s", text);
    }
    fprintf(file, "\n");
}

/* One row a trial; an inactive hyperparameter is an empty cell. */
static void write_log(const char *path, const afina_space *space, afina_optimizer *optimizer)
{
    int64_t count = 0;
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    fprintf(file, "trial,state,validation_error,epochs");
    for (size_t i = 0; i < afina_space_parameter_count(space); i++)
        fprintf(file, ",%s", afina_space_parameter_name(space, i));
    fprintf(file, "\n");
    check(afina_trial_count(optimizer, &count));
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        check(afina_trial_get(optimizer, i, &trial));
        write_row(file, space, trial);
        afina_trial_free(trial);
    }
    if (fclose(file)) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    const struct settings s = read_settings(argc, argv);
    struct progress progress = {.settings = &s, .start = now(), .is_terminal = isatty(2)};
    afina_dataset *all, *known, *test;
    afina_space *space;
    afina_point *standard;
    afina_trial *best;

    check(afina_dataset_from_csv(&all, s.data, 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0));
    check(afina_dataset_split(all, 0.2, (uint64_t)s.seed, &known, &test));
    printf("%zu rows to train and validate on, %zu put aside for the test; %zu classes\n", afina_dataset_rows(known),
           afina_dataset_rows(test), afina_dataset_classes(all));

    check(afina_mlp_new(&progress.mlp, known));
    check(afina_mlp_set_integer(progress.mlp, "layers", 2));
    check(afina_mlp_set_integer(progress.mlp, "units", 128));
    check(afina_mlp_set_integer(progress.mlp, "epochs", 30));
    check(afina_mlp_set_integer(progress.mlp, "folds", 5)); /* a single split is too easily fooled */
    check(afina_mlp_space(progress.mlp, &space));
    check(afina_point_new(&standard, space));

    check(afina_optimizer_new(&progress.optimizer, space, "gp"));
    check(afina_optimizer_set_integer(progress.optimizer, "seed", s.seed));
    check(afina_optimizer_set_integer(progress.optimizer, "workers", s.workers));
    check(afina_optimizer_set_integer(progress.optimizer, "lag", 2)); /* the same trials on one worker or two */
    check(afina_optimizer_set_real(progress.optimizer, "seconds", s.seconds));
    check(afina_optimizer_set_message(progress.optimizer, show, &progress));
    check(afina_enqueue(progress.optimizer, standard));
    check(afina_optimize(progress.optimizer, afina_mlp_objective, progress.mlp, s.trials));
    if (progress.is_terminal)
        fprintf(stderr, "\n");

    check(afina_best(progress.optimizer, &best));
    const afina_point *chosen = afina_trial_point(best);
    print_table(space, chosen, standard);
    write_log(s.log, space, progress.optimizer);
    printf("\ntrials: %s\n", s.log);
    printf("default test accuracy: %.4f\n", test_accuracy(progress.mlp, standard, test, (uint64_t)s.seed));
    printf("test accuracy: %.4f\n", test_accuracy(progress.mlp, chosen, test, (uint64_t)s.seed));

    afina_trial_free(best);
    afina_point_free(standard);
    afina_optimizer_free(progress.optimizer);
    afina_space_free(space);
    afina_mlp_free(progress.mlp);
    afina_dataset_free(test);
    afina_dataset_free(known);
    afina_dataset_free(all);
    return 0;
}
