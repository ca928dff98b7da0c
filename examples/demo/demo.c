/* Tunes the reference network on spoken vowels: the whole road from a file to a
 * network whose accuracy is measured on rows that no trial ever saw.
 *
 *     demo [--seed N] [--trials N] [--workers N] [--data FILE] [--output FOLDER]
 *
 * A fifth of the rows, drawn by the seed, is put aside before anything else. The
 * trials train and validate on the other rows, and the best configuration is
 * chosen from them alone. Then the network of the default, the one that random
 * search found with as many trials, and the tuned one are trained ten times each
 * and measured on the rows put aside.
 *
 * Ctrl-C ends the search and goes on with the best so far, with exit status 130;
 * a second one ends the program at once.
 */
#include "demo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA "examples/data/vowel.csv"

/* The files that are written. */
#define STUDY "demo-study.jsonl"
#define TRIALS "demo-trials.csv"
#define PICTURE "demo-picture.svg"

void check(int32_t status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "demo: %s\n", afina_last_error());
    exit(1);
}

/* ------------------------------------------------------------------ settings */

static void usage(void)
{
    fprintf(stderr, "usage: demo [--seed N] [--trials N] [--workers N] [--data FILE] [--output FOLDER]\n");
    exit(2);
}

static int64_t number_of(const char *text)
{
    char *end;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || value < 1)
        usage();
    return value;
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings s = {.seed = 1, .trials = 60, .workers = 2, .data = DATA, .output = "."};
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc)
            usage();
        const char *value = argv[i + 1];
        if (strcmp(argv[i], "--seed") == 0)
            s.seed = number_of(value);
        else if (strcmp(argv[i], "--trials") == 0)
            s.trials = number_of(value);
        else if (strcmp(argv[i], "--workers") == 0)
            s.workers = number_of(value);
        else if (strcmp(argv[i], "--data") == 0)
            s.data = value;
        else if (strcmp(argv[i], "--output") == 0)
            s.output = value;
        else
            usage();
    }
    return s;
}

/* --------------------------------------------------------------------- parts */

/* At most two layers of 128 units, and 30 epochs for every configuration. */
static afina_mlp *make_network(const afina_dataset *known)
{
    afina_mlp *mlp;
    check(afina_mlp_new(&mlp, known));
    check(afina_mlp_set_integer(mlp, "layers", 2));
    check(afina_mlp_set_integer(mlp, "units", 128));
    check(afina_mlp_set_integer(mlp, "epochs", 30));
    check(afina_mlp_set_integer(mlp, "folds", 5)); /* the choice by one split would follow its luck */
    return mlp;
}

/* Both searches begin with the default, so neither can end behind it on the validation rows. */
static void prepare(struct search *search, const struct settings *s, const afina_space *space,
                    const afina_point *standard)
{
    check(afina_optimizer_new(&search->optimizer, space, search->method));
    check(afina_optimizer_set_integer(search->optimizer, "seed", s->seed));
    check(afina_optimizer_set_integer(search->optimizer, "workers", s->workers));
    check(afina_optimizer_set_integer(search->optimizer, "lag", 2)); /* the same trials on one worker or two */
    check(afina_enqueue(search->optimizer, standard));
}

static const char *path_of(const struct settings *s, const char *name, char path[1024])
{
    if (snprintf(path, 1024, "%s/%s", s->output, name) >= 1024) {
        fprintf(stderr, "demo: the name of the output folder is too long\n");
        exit(1);
    }
    return strncmp(path, "./", 2) == 0 ? path + 2 : path;
}

/* Before the networks are trained again: nothing is lost when that is interrupted. */
static void write_files(const struct settings *s, const afina_space *space, const struct search searches[2])
{
    char path[1024];
    write_study(path_of(s, STUDY, path), searches[0].optimizer);
    write_trials(path_of(s, TRIALS, path), space, searches, 2);
    write_picture(path_of(s, PICTURE, path), searches, 2, s->trials);
}

static void print_files(const struct settings *s)
{
    char study[1024], trials[1024], picture[1024];
    printf("\nWritten: %s (the log of the study)\n         %s (its trials, and those of random search)\n"
           "         %s (the best error against the trials)\n\n",
           path_of(s, STUDY, study), path_of(s, TRIALS, trials), path_of(s, PICTURE, picture));
}

static void print_accuracy(const char *name, struct accuracy a)
{
    printf("  %-24s %5.1f %% +- %.1f\n", name, 100 * a.mean, 100 * HALF_INTERVAL * a.error);
}

/* The two errors count as independent, though the rows are the same: the interval is rather too wide. */
static void print_gain(struct accuracy tuned, struct accuracy standard)
{
    double gain = tuned.mean - standard.mean, half = HALF_INTERVAL * hypot(tuned.error, standard.error);
    printf("  %-24s %5.1f points, 95 %% interval %.1f to %.1f\n", "gain over the default", 100 * gain,
           100 * (gain - half), 100 * (gain + half));
}

/* What was found, and what it is worth on the rows put aside. */
static void report(const struct settings *s, const afina_mlp *mlp, const afina_space *space,
                   const afina_point *standard, const struct search searches[2], const afina_dataset *test)
{
    uint64_t seed = (uint64_t)s->seed;
    const afina_point *chosen = afina_trial_point(searches[0].best);
    print_hyperparameters(space, chosen, standard);
    fprintf(stderr, "training each network %d times\n", TRAININGS);
    struct accuracy plain = measure(mlp, standard, test, seed), tuned = measure(mlp, chosen, test, seed);
    printf("\nAccuracy on %zu rows that no trial saw, mean of %d trainings, with half of its 95 %% interval:\n\n",
           afina_dataset_rows(test), TRAININGS);
    print_accuracy("default", plain);
    if (searches[1].best)
        print_accuracy("found by random search", measure(mlp, afina_trial_point(searches[1].best), test, seed));
    print_accuracy("tuned", tuned);
    print_gain(tuned, plain);
    print_importances(searches[0].optimizer, space);
    print_files(s);
    printf("default test accuracy: %.4f\n", plain.mean);
    printf("test accuracy: %.4f\n", tuned.mean);
}

static void print_data(const struct settings *s, const afina_dataset *known, const afina_dataset *test)
{
    printf("%s: %zu rows to train and validate on, %zu put aside for the test, %zu classes.\n", s->data,
           afina_dataset_rows(known), afina_dataset_rows(test), afina_dataset_classes(known));
    if (strcmp(s->data, DATA) == 0)
        printf("Fifteen people say eleven vowels; the rows are six short pieces of every recording. The test is on\n"
               "other pieces of the same recordings, not on new voices.\n");
}

static void print_stop(const struct settings *s, const struct search searches[2])
{
    int64_t count;
    for (int i = 0; i < 2; i++) {
        check(afina_trial_count(searches[i].optimizer, &count));
        if (count == 0)
            printf("\n%s: not begun\n", searches[i].title);
        else if (searches[i].done < s->trials)
            printf("\n%s: stopped after %lld of %lld trials\n", searches[i].title, (long long)searches[i].done,
                   (long long)s->trials);
    }
}

int main(int argc, char **argv)
{
    const struct settings s = read_settings(argc, argv);
    struct search searches[2] = {{.title = "tuning", .method = "gp"}, {.title = "random search", .method = "random"}};
    afina_dataset *all, *known, *test;
    afina_space *space;
    afina_point *standard;

    setvbuf(stdout, NULL, _IOLBF, 0); /* in order with the progress, in a pipe too */
    handle_interrupts();
    check(afina_dataset_from_csv(&all, s.data, 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0));
    check(afina_dataset_split(all, 0.2, (uint64_t)s.seed, &known, &test));
    print_data(&s, known, test);

    afina_mlp *mlp = make_network(known);
    check(afina_mlp_space(mlp, &space));
    check(afina_point_new(&standard, space));
    for (int i = 0; i < 2; i++) {
        prepare(&searches[i], &s, space, standard);
        if (!interrupted())
            run_search(&searches[i], &s, mlp);
    }
    print_stop(&s, searches);
    write_files(&s, space, searches);
    if (searches[0].best)
        report(&s, mlp, space, standard, searches, test);
    else
        print_files(&s);

    for (int i = 0; i < 2; i++) {
        afina_trial_free(searches[i].best);
        afina_optimizer_free(searches[i].optimizer);
    }
    afina_point_free(standard);
    afina_space_free(space);
    afina_mlp_free(mlp);
    afina_dataset_free(test);
    afina_dataset_free(known);
    afina_dataset_free(all);
    return interrupted() ? 130 : 0;
}
