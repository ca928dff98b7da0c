/* A picture of a scheduler at work: the learning curve of every configuration as far as it was trained. Grey ones were
 * left behind, blue ones got the full budget; a dot is where a trial ended, from which its successor went on.
 *
 *     budget_picture [--scheduler NAME] [--svg FILE] [--total N] [--seed N]
 */
#include <afina.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FULL = 81, WIDTH = 640, HEIGHT = 360, MARGIN = 44, MOST_REPORTS = FULL };

struct settings {
    const char *scheduler, *svg;
    int total, seed;
};

static void check(int32_t status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "budget_picture: %s\n", afina_last_error());
    exit(1);
}

/* Stands for training: the loss falls to a level of its own, at a speed of its own, so that curves cross. */
static int32_t train(afina_trial *trial, double *values, void *user)
{
    double rate, size, epoch;
    int32_t status = AFINA_OK, stop = 0;
    (void)values;
    (void)user;
    check(afina_point_get_real(afina_trial_point(trial), "rate", &rate));
    check(afina_point_get_real(afina_trial_point(trial), "size", &size));
    check(afina_trial_start(trial, &epoch));
    double speed = pow(10, 1.6 * (rate - 0.5)) / 12, level = 0.08 + 0.5 * pow(rate - 0.6, 2) + 0.3 * pow(size - 0.7, 2);
    while (!status && !stop) {
        epoch += 1;
        double loss = level + (0.9 - level) / pow(1 + speed * epoch, 1.2);
        status = afina_trial_tell_report(trial, epoch, &loss, 1);
        if (!status)
            status = afina_trial_should_stop(trial, &stop);
    }
    return status;
}

static afina_optimizer *run_study(const struct settings *s)
{
    afina_space *space;
    afina_optimizer *optimizer;
    check(afina_space_new(&space));
    check(afina_space_add_real(space, "rate", 0, 1, AFINA_SCALE_LINEAR));
    check(afina_space_add_real(space, "size", 0, 1, AFINA_SCALE_LINEAR));
    check(afina_optimizer_new(&optimizer, space, "random"));
    check(afina_optimizer_set_integer(optimizer, "seed", s->seed));
    check(afina_optimizer_set_string(optimizer, "scheduler", s->scheduler));
    check(afina_optimizer_set_real(optimizer, "budget_min", 3));
    check(afina_optimizer_set_real(optimizer, "budget_max", FULL));
    check(afina_optimizer_set_real(optimizer, "budget_total", (double)s->total * FULL));
    check(afina_optimize(optimizer, train, NULL, 1000000));
    afina_space_free(space);
    return optimizer;
}

/* -------------------------------------------------------------------- picture */

/* Epochs to the right by their logarithm, losses up. */
static double at_x(double epoch)
{
    return MARGIN + (WIDTH - MARGIN - 16) * log(epoch) / log(FULL);
}

static double at_y(double loss)
{
    return HEIGHT - MARGIN - (HEIGHT - MARGIN - 16) * loss;
}

/* What a trial reported, after the last point of its parent. */
static void draw_trial(FILE *f, afina_optimizer *optimizer, int64_t number, const char *colour, double wide)
{
    afina_trial *trial;
    double start, step = 1, loss = 0;
    size_t reports, n;
    int64_t parent;
    check(afina_trial_get(optimizer, number, &trial));
    check(afina_trial_start(trial, &start));
    check(afina_trial_parent(trial, &parent));
    check(afina_trial_report_count(trial, &reports));
    fprintf(f, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" points=\"", colour, wide);
    if (start > 0) {
        afina_trial *before;
        check(afina_trial_get(optimizer, parent, &before));
        check(afina_trial_value(before, &loss));
        fprintf(f, "%.1f,%.1f ", at_x(start), at_y(loss));
        afina_trial_free(before);
    }
    for (size_t i = 0; i < reports; i++) {
        check(afina_trial_report(trial, i, &step, &loss, 1, &n));
        fprintf(f, "%.1f,%.1f ", at_x(step), at_y(loss));
    }
    fprintf(f, "\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n", at_x(step), at_y(loss), colour);
    afina_trial_free(trial);
}

static void draw_axes(FILE *f)
{
    fprintf(f, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, HEIGHT);
    for (int epoch = 1; epoch <= FULL; epoch *= 3)
        fprintf(f,
                "<line x1=\"%.1f\" y1=\"16\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e4e4e4\"/><text x=\"%.1f\" y=\"%d\" "
                "text-anchor=\"middle\">%d</text>\n",
                at_x(epoch), at_x(epoch), HEIGHT - MARGIN, at_x(epoch), HEIGHT - MARGIN + 16, epoch);
    for (int tenth = 0; tenth <= 10; tenth += 2)
        fprintf(f, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>\n", MARGIN - 6, at_y(tenth / 10.0) + 4,
                tenth / 10.0);
    fprintf(f, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epochs</text>\n", WIDTH / 2, HEIGHT - 8);
}

/* Which arms got the full budget, and which epoch each reached. */
static void read_arms(afina_optimizer *optimizer, int64_t trials, int64_t *arm, int *in_full, int *begun, int *full)
{
    *begun = *full = 0;
    for (int64_t k = 0; k < trials; k++) {
        afina_trial *trial;
        double budget;
        check(afina_trial_get(optimizer, k, &trial));
        check(afina_trial_arm(trial, &arm[k]));
        check(afina_trial_budget(trial, &budget));
        *begun += arm[k] == k;
        *full += budget >= FULL;
        in_full[arm[k]] |= budget >= FULL;
        afina_trial_free(trial);
    }
}

static void draw(const struct settings *s, afina_optimizer *optimizer, int64_t trials, const int64_t *arm,
                 const int *in_full, const char *title)
{
    FILE *f = fopen(s->svg, "w");
    if (!f) {
        perror(s->svg);
        exit(1);
    }
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n<title>%s</title>\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT, title);
    draw_axes(f);
    for (int pass = 0; pass < 2; pass++)
        for (int64_t k = 0; k < trials; k++)
            if (in_full[arm[k]] == pass)
                draw_trial(f, optimizer, k, pass ? "#1f6fb4" : "#999999", pass ? 2 : 1);
    fprintf(f, "<text x=\"%d\" y=\"34\" text-anchor=\"end\" font-size=\"14\">%s</text>\n</svg>\n", WIDTH - 24, title);
    if (fclose(f)) {
        perror(s->svg);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct settings s = {.scheduler = "halving", .svg = "budget.svg", .total = 6, .seed = 1};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--scheduler") == 0)
            s.scheduler = argv[i + 1];
        else if (strcmp(argv[i], "--svg") == 0)
            s.svg = argv[i + 1];
        else if (strcmp(argv[i], "--total") == 0)
            s.total = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seed") == 0)
            s.seed = atoi(argv[i + 1]);
    }
    if (s.total < 1 || s.total > 10000) {
        fprintf(stderr, "budget_picture: --total is in 1..10000 full trainings\n");
        return 2;
    }
    afina_optimizer *optimizer = run_study(&s);
    int64_t trials;
    int begun, full;
    double spent;
    char title[256];
    check(afina_trial_count(optimizer, &trials));
    check(afina_optimizer_cost(optimizer, &spent, NULL));
    int64_t *arm = calloc((size_t)trials + 1, sizeof *arm);
    int *in_full = calloc((size_t)trials + 1, sizeof *in_full);
    if (!arm || !in_full)
        return 1;
    read_arms(optimizer, trials, arm, in_full, &begun, &full);
    snprintf(title, sizeof title, "%s: %d configurations, %d in full, %.0f epochs", s.scheduler, begun, full, spent);
    draw(&s, optimizer, trials, arm, in_full, title);
    printf("%s; picture: %s\n", title, s.svg);
    free(arm);
    free(in_full);
    afina_optimizer_free(optimizer);
    return 0;
}
