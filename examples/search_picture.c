/* How a method searches: a picture of its trials on a function of two parameters.
 *
 *     search_picture [--method NAME] [--trials N] [--seed N] [--svg FILE]
 *
 * The function is Branin's, with three equal minima, darker where it is lower. The first trials
 * are yellow and the last red; the best has a ring. `make pictures` draws one for each page of
 * docs/methods.
 */
#include <afina.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 360, CELLS = 30, SHADES = 7, MOST_TRIALS = 1000 };

struct settings {
    const char *method, *svg;
    int64_t trials, seed;
};

struct walk {
    double x[MOST_TRIALS], y[MOST_TRIALS], value[MOST_TRIALS];
    int count, best;
};

static void check(int32_t status)
{
    if (status < 0) {
        fprintf(stderr, "search_picture: %s\n", afina_last_error());
        exit(1);
    }
}

/* L. C. W. Dixon and G. P. Szego, Towards Global Optimisation 2 (1978); x and y in [0, 1]. */
static double branin(double x, double y)
{
    const double pi = 3.14159265358979323846, a = 15 * x - 5, b = 15 * y;
    const double c = b - 5.1 / (4 * pi * pi) * a * a + 5 / pi * a - 6;
    return c * c + 10 * (1 - 1 / (8 * pi)) * cos(a) + 10;
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    struct walk *w = user;
    const int i = w->count++;
    check(afina_point_get_real(afina_trial_point(trial), "x", &w->x[i]));
    check(afina_point_get_real(afina_trial_point(trial), "y", &w->y[i]));
    values[0] = w->value[i] = branin(w->x[i], w->y[i]);
    if (w->value[i] < w->value[w->best])
        w->best = i;
    return AFINA_OK;
}

/* "manual" tries only what it is given: a person goes along one line, then along the other. */
static void enqueue_by_hand(afina_optimizer *optimizer, const afina_space *space, int64_t trials)
{
    afina_point *point;
    check(afina_point_new(&point, space));
    for (int64_t i = 0; i < trials; i++) {
        const double u = (double)(i % (trials / 2 + 1)) / (double)(trials / 2 + 1);
        check(afina_point_set_real(point, "x", i <= trials / 2 ? u : 0.12));
        check(afina_point_set_real(point, "y", i <= trials / 2 ? 0.5 : u));
        check(afina_enqueue(optimizer, point));
    }
    afina_point_free(point);
}

static void search(const struct settings *s, struct walk *w)
{
    afina_space *space;
    afina_optimizer *optimizer;
    check(afina_space_new(&space));
    check(afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    check(afina_space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR));
    check(afina_optimizer_new(&optimizer, space, s->method));
    check(afina_optimizer_set_integer(optimizer, "seed", s->seed));
    if (strcmp(s->method, "manual") == 0)
        enqueue_by_hand(optimizer, space, s->trials);
    check(afina_optimize(optimizer, objective, w, s->trials));
    afina_optimizer_free(optimizer);
    afina_space_free(space);
}

/* 0 where the function is least, in steps of its logarithm. */
static int shade_at(int column, int row)
{
    const double value = branin((column + 0.5) / CELLS, 1 - (row + 0.5) / CELLS);
    const int shade = (int)((SHADES - 1) * log(value) / log(310));
    return shade < 0 ? 0 : shade;
}

/* Cells of one shade that lie side by side are one rectangle. */
static void draw_function(FILE *f)
{
    const int side = SIZE / CELLS;
    for (int row = 0; row < CELLS; row++)
        for (int from = 0, to; from < CELLS; from = to) {
            const int shade = shade_at(from, row), grey = 150 + 100 * shade / (SHADES - 1);
            for (to = from + 1; to < CELLS && shade_at(to, row) == shade; to++)
                ;
            fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"rgb(%d,%d,%d)\"/>\n", from * side,
                    row * side, (to - from) * side, side, grey, grey, grey + 4);
        }
}

static void draw_trials(FILE *f, const struct walk *w)
{
    for (int i = 0; i < w->count; i++) {
        const int green = w->count > 1 ? 210 - 190 * i / (w->count - 1) : 20;
        fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"rgb(230,%d,20)\" stroke=\"#444\"/>\n",
                SIZE * w->x[i], SIZE * (1 - w->y[i]), green);
    }
    if (w->count > 0)
        fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"9\" fill=\"none\" stroke=\"black\" stroke-width=\"2\"/>\n",
                SIZE * w->x[w->best], SIZE * (1 - w->y[w->best]));
}

static void draw(const struct settings *s, const struct walk *w)
{
    FILE *f = fopen(s->svg, "w");
    if (!f) {
        fprintf(stderr, "search_picture: cannot write %s\n", s->svg);
        exit(1);
    }
    fprintf(f, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n", SIZE,
            SIZE, SIZE, SIZE);
    fprintf(f, "<title>%s: %d trials on Branin's function</title>\n", s->method, w->count);
    draw_function(f);
    draw_trials(f, w);
    fprintf(f, "</svg>\n");
    fclose(f);
}

int main(int argc, char **argv)
{
    struct settings s = {.method = "gp", .svg = "search.svg", .trials = 40, .seed = 1};
    static struct walk w;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--method") == 0)
            s.method = argv[i + 1];
        else if (strcmp(argv[i], "--svg") == 0)
            s.svg = argv[i + 1];
        else if (strcmp(argv[i], "--trials") == 0)
            s.trials = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seed") == 0)
            s.seed = atoi(argv[i + 1]);
    }
    if (s.trials < 1 || s.trials > MOST_TRIALS) {
        fprintf(stderr, "search_picture: --trials is in 1..%d\n", MOST_TRIALS);
        return 2;
    }
    search(&s, &w);
    draw(&s, &w);
    printf("%s: best value %.6f of %d trials (least possible 0.397887), picture: %s\n", s.method, w.value[w.best],
           w.count, s.svg);
    return 0;
}
