/* The picture: a dot for the validation error of every trial, a line for the best so far. */
#include "demo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const colours[] = {"#c0392b", "#2c6fbb"};

/* Trials to the right, the logarithm of the error up. */
struct plane {
    double left, top, right, bottom; /* where the axes end, in pixels */
    double low, high;                /* errors at the bottom and the top */
    int64_t trials;
};

static double at_x(const struct plane *p, int64_t trial)
{
    return p->left + (p->right - p->left) * (double)(trial + 1) / (double)(p->trials + 1);
}

static double at_y(const struct plane *p, double error)
{
    double inside = fmin(fmax(error, p->low), p->high);
    return p->bottom - (p->bottom - p->top) * log(inside / p->low) / log(p->high / p->low);
}

/* The error of a trial; NaN when it is not complete. */
static double error_of(const struct search *search, int64_t number)
{
    afina_trial *trial;
    double value = NAN;
    int32_t state;
    size_t n;
    check(afina_trial_get(search->optimizer, number, &trial));
    check(afina_trial_state(trial, &state));
    if (state == AFINA_STATE_COMPLETE)
        check(afina_trial_values(trial, &value, 1, &n));
    afina_trial_free(trial);
    return value;
}

static void draw_axes(FILE *f, const struct plane *p)
{
    static const double errors[] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};
    int64_t step = p->trials > 100 ? p->trials / 10 : p->trials > 20 ? 10 : 1;
    fprintf(f, "<g fill=\"#555\" stroke=\"none\">\n");
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i] >= p->low && errors[i] <= p->high)
            fprintf(f,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"1\" fill=\"#ddd\"/>"
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
                    p->left, at_y(p, errors[i]), p->right - p->left, p->left - 6, at_y(p, errors[i]) + 4, errors[i]);
    for (int64_t t = step; t <= p->trials; t += step)
        fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%lld</text>\n", at_x(p, t - 1), p->bottom + 18,
                (long long)t);
    fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">trials</text>\n</g>\n", (p->left + p->right) / 2,
            p->bottom + 36);
}

static void draw_search(FILE *f, const struct plane *p, const struct search *search, const char *colour)
{
    int64_t count;
    double best = INFINITY;
    check(afina_trial_count(search->optimizer, &count));
    fprintf(f, "<g fill=\"%s\" fill-opacity=\"0.4\">\n", colour);
    for (int64_t i = 0; i < count; i++)
        if (isfinite(error_of(search, i)))
            fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", at_x(p, i), at_y(p, error_of(search, i)));
    fprintf(f, "</g>\n<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colour);
    for (int64_t i = 0; i < count; i++) {
        double before = best;
        best = fmin(best, error_of(search, i)); /* fmin leaves NaN out */
        if (best < before && isfinite(before))
            fprintf(f, "%.1f,%.1f ", at_x(p, i), at_y(p, before));
        if (isfinite(best))
            fprintf(f, "%.1f,%.1f ", at_x(p, i), at_y(p, best));
    }
    fprintf(f, "\"/>\n");
    if (isfinite(best))
        fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s: %.4f</text>\n", p->right + 6, at_y(p, best) + 4, colour,
                search->title, best);
}

/* The smallest error of all trials, a little below it; 0.5 when there is none. */
static double lowest(const struct search *searches, size_t count)
{
    double low = 0.5;
    for (size_t i = 0; i < count; i++) {
        int64_t trials;
        check(afina_trial_count(searches[i].optimizer, &trials));
        for (int64_t t = 0; t < trials; t++)
            low = fmin(low, error_of(&searches[i], t));
    }
    return fmax(0.8 * low, 0.001);
}

void write_picture(const char *path, const struct search *searches, size_t count, int64_t trials)
{
    struct plane p = {.left = 60, .top = 40, .right = 560, .bottom = 350, .high = 1, .trials = trials};
    p.low = lowest(searches, count);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 400\" font-family=\"sans-serif\" "
            "font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
            "<text x=\"60\" y=\"22\" font-size=\"14\">Validation error of every trial, and the best so far</text>\n");
    draw_axes(f, &p);
    for (size_t i = 0; i < count; i++)
        draw_search(f, &p, &searches[i], colours[i]);
    fprintf(f, "</svg>\n");
    if (fclose(f)) {
        perror(path);
        exit(1);
    }
}
