/* Which method suits an objective? Runs each from several seeds with the same number of trials, prints the best
 * values and their mean ranks, tests whether the methods differ, and draws the critical-difference picture.
 *
 *     compare [--seeds N] [--trials N] [--svg FILE]
 */
#include <afina.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METHODS = 5, MOST_SEEDS = 1000 };

static const char *const methods[METHODS] = {"random", "sobol", "local", "tpe", "gp"};

struct settings {
    int seeds, trials;
    const char *svg;
};

static void check(int32_t status)
{
    if (status == AFINA_OK)
        return;
    fprintf(stderr, "compare: %s\n", afina_last_error());
    exit(1);
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings s = {.seeds = 12, .trials = 30, .svg = "compare.svg"};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seeds") == 0)
            s.seeds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--trials") == 0)
            s.trials = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--svg") == 0)
            s.svg = argv[i + 1];
        else
            s.seeds = 0;
    }
    if (argc % 2 == 0 || s.seeds < 2 || s.seeds > MOST_SEEDS || s.trials < 1) {
        fprintf(stderr, "usage: compare [--seeds N] [--trials N] [--svg FILE]\n");
        exit(2);
    }
    return s;
}

/* Stands for training a model: a valley along rate and momentum, one best size, and a choice that matters little. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double rate, momentum;
    int64_t units;
    const char *rule;
    const afina_point *point = afina_trial_point(trial);
    (void)user;
    afina_point_get_real(point, "rate", &rate);
    afina_point_get_real(point, "momentum", &momentum);
    afina_point_get_integer(point, "units", &units);
    afina_point_get_string(point, "rule", &rule);
    double step = log10(rate / (1 - momentum)) + 2, size = log2((double)units) - 6;
    values[0] = 0.05 + 0.02 * step * step + 0.1 * pow(momentum - 0.8, 2) + 0.005 * size * size;
    values[0] += strcmp(rule, "adam") == 0 ? 0 : 0.004;
    return AFINA_OK;
}

static afina_space *make_space(void)
{
    static const char *const rules[] = {"sgd", "adam", "rmsprop"};
    afina_space *space;
    check(afina_space_new(&space));
    check(afina_space_add_real(space, "rate", 1e-6, 1, AFINA_SCALE_LOG));
    check(afina_space_add_real(space, "momentum", 0, 0.99, AFINA_SCALE_LINEAR));
    check(afina_space_add_integer(space, "units", 4, 1024, AFINA_SCALE_LOG));
    check(afina_space_add_categorical(space, "rule", rules, 3));
    return space;
}

/* -------------------------------------------------------------------- results */

static void print_table(const double *best, int seeds)
{
    double ranks[METHODS];
    printf("best value of each study\n\n  seed");
    for (int m = 0; m < METHODS; m++)
        printf("  %9s", methods[m]);
    for (int s = 0; s < seeds; s++) {
        printf("\n  %4d", s);
        for (int m = 0; m < METHODS; m++)
            printf("  %9.5f", best[s * METHODS + m]);
    }
    check(afina_compare_ranks(best, (size_t)seeds, METHODS, AFINA_DIRECTION_MINIMISE, ranks));
    printf("\n\n  rank");
    for (int m = 0; m < METHODS; m++)
        printf("  %9.2f", ranks[m]);
    printf("\n\n");
}

static void print_tests(const double *best, int seeds)
{
    double chi_square, p, f, f_p, pairs[METHODS * METHODS];
    check(afina_compare_friedman(best, (size_t)seeds, METHODS, AFINA_DIRECTION_MINIMISE, &chi_square, &p, &f, &f_p));
    printf("Friedman: chi-square %.2f, p %.2g; Iman and Davenport: F %.2f, p %.2g\n\n", chi_square, p, f, f_p);
    check(afina_compare_pairs(best, (size_t)seeds, METHODS, AFINA_DIRECTION_MINIMISE, AFINA_POSTHOC_WILCOXON, pairs));
    printf("p of each pair, corrected (Wilcoxon, Holm)\n\n        ");
    for (int m = 1; m < METHODS; m++)
        printf("  %9s", methods[m]);
    for (int i = 0; i + 1 < METHODS; i++) {
        printf("\n  %6s", methods[i]);
        for (int j = 1; j < METHODS; j++) {
            if (j > i)
                printf("  %9.2g", pairs[i * METHODS + j]);
            else
                printf("  %9s", "");
        }
    }
    printf("\n\n");
}

static void draw(const double *best, const struct settings *s)
{
    size_t length;
    check(afina_compare_picture(best, (size_t)s->seeds, METHODS, AFINA_DIRECTION_MINIMISE, AFINA_POSTHOC_NEMENYI, 0.05,
                                methods, NULL, 0, &length));
    char *svg = malloc(length + 1);
    if (!svg)
        exit(1);
    check(afina_compare_picture(best, (size_t)s->seeds, METHODS, AFINA_DIRECTION_MINIMISE, AFINA_POSTHOC_NEMENYI, 0.05,
                                methods, svg, length + 1, &length));
    FILE *f = fopen(s->svg, "w");
    if (!f || fputs(svg, f) < 0 || fclose(f)) {
        perror(s->svg);
        exit(1);
    }
    free(svg);
    printf("picture: %s\n", s->svg);
}

int main(int argc, char **argv)
{
    const struct settings s = read_settings(argc, argv);
    afina_space *space = make_space();
    double *best = calloc((size_t)s.seeds * METHODS, sizeof *best);
    if (!best)
        return 1;
    check(afina_compare_methods(space, methods, METHODS, s.trials, (size_t)s.seeds, NULL, objective, NULL, best));
    print_table(best, s.seeds);
    print_tests(best, s.seeds);
    draw(best, &s);
    free(best);
    afina_space_free(space);
    return 0;
}
