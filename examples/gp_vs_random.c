/* Does a method that learns earn its keep? Tunes the reference network on the
 * digits with "gp" and with "random", from several seeds, and shows how the best
 * validation error falls: a table, and a picture.
 *
 *     gp_vs_random [--seeds N] [--trials N] [--threads N] [--data FILE] [--svg FILE]
 */
#define _POSIX_C_SOURCE 200809L /* pthreads */
#include <afina_mlp.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METHODS = 2, MOST_THREADS = 64 };

static const char *const methods[METHODS] = {"random", "gp"};
static const char *const colours[METHODS] = {"#888888", "#1f6fb4"};

struct settings {
    int seeds, trials, threads;
    const char *data, *svg;
};

struct work {
    const struct settings *settings;
    const afina_dataset *data;
    double *best; /* [method][seed][trial]: best validation error so far */
    int next;     /* run that no thread has taken */
    pthread_mutex_t lock;
};

static void check(int32_t status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "gp_vs_random: %s\n", afina_last_error());
    exit(1);
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings s = {
        .seeds = 20, .trials = 40, .threads = 2, .data = "examples/data/digits.csv", .svg = "gp_vs_random.svg"};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seeds") == 0)
            s.seeds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--trials") == 0)
            s.trials = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--threads") == 0)
            s.threads = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--data") == 0)
            s.data = argv[i + 1];
        else if (strcmp(argv[i], "--svg") == 0)
            s.svg = argv[i + 1];
        else
            s.seeds = 0;
    }
    if (argc % 2 == 0 || s.seeds < 1 || s.trials < 1 || s.threads < 1 || s.threads > MOST_THREADS) {
        fprintf(stderr, "usage: gp_vs_random [--seeds N] [--trials N] [--threads N] [--data FILE] [--svg FILE]\n");
        exit(2);
    }
    return s;
}

/* One study; row[t] is the best error of trials 0..t. */
static void tune(const struct work *w, const char *method, int seed, double *row)
{
    afina_mlp *mlp;
    afina_space *space;
    afina_optimizer *optimizer;
    check(afina_mlp_new(&mlp, w->data));
    check(afina_mlp_set_integer(mlp, "layers", 2));
    check(afina_mlp_set_integer(mlp, "units", 128));
    check(afina_mlp_set_integer(mlp, "epochs", 30));
    check(afina_mlp_set_integer(mlp, "folds", 5));
    check(afina_mlp_space(mlp, &space));
    check(afina_optimizer_new(&optimizer, space, method));
    check(afina_optimizer_set_integer(optimizer, "seed", seed));
    check(afina_optimize(optimizer, afina_mlp_objective, mlp, w->settings->trials));
    double best = 1;
    for (int t = 0; t < w->settings->trials; t++) {
        afina_trial *trial;
        double value;
        size_t n;
        check(afina_trial_get(optimizer, t, &trial));
        check(afina_trial_values(trial, &value, 1, &n));
        if (n == 1 && value < best)
            best = value;
        row[t] = best;
        afina_trial_free(trial);
    }
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    afina_mlp_free(mlp);
}

static void *work(void *argument)
{
    struct work *w = argument;
    int runs = METHODS * w->settings->seeds;
    for (;;) {
        pthread_mutex_lock(&w->lock);
        int run = w->next++;
        pthread_mutex_unlock(&w->lock);
        if (run >= runs)
            return NULL;
        tune(w, methods[run / w->settings->seeds], 1 + run % w->settings->seeds,
             w->best + (size_t)run * (size_t)w->settings->trials);
        fprintf(stderr, "%s, seed %d: done (%d of %d runs)\n", methods[run / w->settings->seeds],
                1 + run % w->settings->seeds, run + 1, runs);
    }
}

/* -------------------------------------------------------------------- results */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The lower quartile, median and upper quartile over the seeds after trial t. */
static void quartiles(const struct work *w, int method, int t, double q[3])
{
    int n = w->settings->seeds;
    double *sorted = malloc((size_t)n * sizeof *sorted);
    if (!sorted)
        exit(1);
    for (int s = 0; s < n; s++)
        sorted[s] = w->best[((size_t)method * (size_t)n + (size_t)s) * (size_t)w->settings->trials + (size_t)t];
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    for (int k = 0; k < 3; k++) {
        double at = 0.25 * (k + 1) * (n - 1);
        int i = (int)at, j = i + 1 < n ? i + 1 : i;
        q[k] = sorted[i] + (at - i) * (sorted[j] - sorted[i]);
    }
    free(sorted);
}

static void print_table(const struct work *w)
{
    printf("best validation error over %d seeds: median (lower quartile, upper quartile)\n\n  trials",
           w->settings->seeds);
    for (int m = 0; m < METHODS; m++)
        printf("   %-26s", methods[m]);
    printf("\n");
    for (int t = 5; t <= w->settings->trials; t += 5) {
        printf("  %6d", t);
        for (int m = 0; m < METHODS; m++) {
            double q[3];
            quartiles(w, m, t - 1, q);
            printf("   %.4f (%.4f, %.4f)   ", q[1], q[0], q[2]);
        }
        printf("\n");
    }
}

/* The plane of the picture: trials to the right, the logarithm of the error up. */
struct plane {
    double width, height, left, top, right, bottom, low, high;
    int trials;
};

static double at_x(const struct plane *p, int t)
{
    return p->left + (p->width - p->left - p->right) * t / (p->trials > 1 ? p->trials - 1 : 1);
}

static double at_y(const struct plane *p, double error)
{
    double share = (log(error) - log(p->low)) / (log(p->high) - log(p->low));
    return p->height - p->bottom - (p->height - p->top - p->bottom) * share;
}

static void draw_method(FILE *f, const struct work *w, const struct plane *p, int m)
{
    double q[3];
    fprintf(f, "<polygon fill=\"%s\" fill-opacity=\"0.18\" points=\"", colours[m]);
    for (int t = 0; t < p->trials; t++) {
        quartiles(w, m, t, q);
        fprintf(f, "%.1f,%.1f ", at_x(p, t), at_y(p, q[2]));
    }
    for (int t = p->trials; t-- > 0;) {
        quartiles(w, m, t, q);
        fprintf(f, "%.1f,%.1f ", at_x(p, t), at_y(p, q[0]));
    }
    fprintf(f, "\"/>\n<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colours[m]);
    for (int t = 0; t < p->trials; t++) {
        quartiles(w, m, t, q);
        fprintf(f, "%.1f,%.1f ", at_x(p, t), at_y(p, q[1]));
    }
    quartiles(w, m, p->trials - 1, q);
    fprintf(f, "\"/>\n<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", p->width - p->right + 6, at_y(p, q[1]) + 4,
            colours[m], methods[m]);
}

/* The range of what is drawn, and a little more; never empty. */
static void find_range(const struct work *w, struct plane *p)
{
    p->low = 1;
    p->high = 0;
    for (int m = 0; m < METHODS; m++) {
        for (int t = 0; t < p->trials; t++) {
            double q[3];
            quartiles(w, m, t, q);
            p->low = q[0] < p->low ? q[0] : p->low;
            p->high = q[2] > p->high ? q[2] : p->high;
        }
    }
    p->low = p->low > 1e-4 ? p->low / 1.1 : 1e-4;
    p->high = p->high * 1.1 > p->low * 1.2 ? p->high * 1.1 : p->low * 1.2;
}

static void draw(const struct work *w)
{
    struct plane p = {.width = 640, .height = 400, .left = 70, .top = 40, .right = 80, .bottom = 45};
    p.trials = w->settings->trials;
    find_range(w, &p);
    FILE *f = fopen(w->settings->svg, "w");
    if (!f) {
        perror(w->settings->svg);
        exit(1);
    }
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\" "
            "font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            p.width, p.height);
    fprintf(
        f,
        "<text x=\"%.0f\" y=\"20\" font-size=\"14\">Best validation error, median and quartiles of %d seeds</text>\n",
        p.left, w->settings->seeds);
    for (int k = 0; k <= 4; k++) {
        double error = p.low * pow(p.high / p.low, k / 4.0), y = at_y(&p, error);
        fprintf(f, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n", p.left,
                p.width - p.right, y, y);
        fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.4f</text>\n", p.left - 6, y + 4, error);
    }
    for (int t = p.trials > 10 ? 9 : p.trials - 1; t < p.trials; t += 10)
        fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d</text>\n", at_x(&p, t),
                p.height - p.bottom + 18, t + 1);
    fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">trials</text>\n", (p.left + p.width - p.right) / 2,
            p.height - 8);
    for (int m = 0; m < METHODS; m++)
        draw_method(f, w, &p, m);
    fprintf(f, "</svg>\n");
    if (fclose(f)) {
        perror(w->settings->svg);
        exit(1);
    }
    printf("\npicture: %s\n", w->settings->svg);
}

int main(int argc, char **argv)
{
    const struct settings s = read_settings(argc, argv);
    struct work w = {.settings = &s, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[MOST_THREADS];
    afina_dataset *data;
    check(afina_dataset_from_csv(&data, s.data, 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0));
    w.data = data;
    w.best = calloc((size_t)METHODS * (size_t)s.seeds * (size_t)s.trials, sizeof *w.best);
    if (!w.best)
        return 1;
    for (int i = 0; i < s.threads; i++)
        if (pthread_create(&threads[i], NULL, work, &w))
            return 1;
    for (int i = 0; i < s.threads; i++)
        pthread_join(threads[i], NULL);
    print_table(&w);
    draw(&w);
    free(w.best);
    afina_dataset_free(data);
    return 0;
}
