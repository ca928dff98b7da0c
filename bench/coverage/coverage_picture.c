/* Two panels over the spread of the true means: coverage, and bias. Dashed is the value as it stands, solid what
 * afina_winner() gives; one colour for each number of candidates. */
#include "coverage.h"

enum { WIDTH = 760, HEIGHT = 340, PANEL = 300, LEFT = 52, GAP = 70, TOP = 64, BOTTOM = 50 };

static const char *const colours[SIZES] = {"#4c9bd6", "#e08a1e", "#8e44ad"};

struct panel {
    double left, low, high;
    int is_bias;
};

/* Spreads at equal distances. */
static double at_x(const struct panel *p, int spread)
{
    return p->left + (double)PANEL * spread / (SPREADS - 1);
}

static double at_y(const struct panel *p, double value)
{
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - p->low) / (p->high - p->low);
}

static double value_of(const struct panel *p, const struct coverage_table *t, int size, int spread, int estimator)
{
    const struct coverage *c = &t->cell[0][size][spread][estimator];
    return p->is_bias ? c->bias : c->held;
}

static void draw_frame(FILE *f, const struct panel *p, const char *title, double step)
{
    fprintf(f, "<text x=\"%g\" y=\"%d\" font-size=\"13\">%s</text>\n", p->left, TOP - 12, title);
    for (double v = p->low; v < p->high + step / 2; v += step)
        fprintf(f,
                "<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n"
                "<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>\n",
                p->left, p->left + PANEL, at_y(p, v), at_y(p, v), p->left - 6, at_y(p, v) + 4, v);
    for (int j = 0; j < SPREADS; j++)
        fprintf(f, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n", at_x(p, j), HEIGHT - BOTTOM + 18,
                coverage_spreads[j]);
    fprintf(f, "<text x=\"%g\" y=\"%d\" text-anchor=\"middle\">spread of the true means, in standard errors</text>\n",
            p->left + PANEL / 2, HEIGHT - BOTTOM + 38);
}

static void draw_lines(FILE *f, const struct panel *p, const struct coverage_table *t)
{
    for (int e = 0; e < ESTIMATORS; e++) {
        for (int i = 0; i < SIZES; i++) {
            fprintf(f, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s points=\"", colours[i],
                    e == 0 ? " stroke-dasharray=\"5 4\"" : "");
            for (int j = 0; j < SPREADS; j++)
                fprintf(f, "%.1f,%.1f ", at_x(p, j), at_y(p, value_of(p, t, i, j, e)));
            fprintf(f, "\"/>\n");
        }
    }
}

static void draw_reference(FILE *f, const struct panel *p, double value)
{
    fprintf(f, "<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"black\" stroke-dasharray=\"1 3\"/>\n",
            p->left, p->left + PANEL, at_y(p, value), at_y(p, value));
}

static void draw_legend(FILE *f)
{
    double x = LEFT;
    for (int i = 0; i < SIZES; i++, x += 125)
        fprintf(f,
                "<line x1=\"%g\" x2=\"%g\" y1=\"20\" y2=\"20\" stroke=\"%s\" stroke-width=\"2\"/>\n"
                "<text x=\"%g\" y=\"24\">%d candidates</text>\n",
                x, x + 22, colours[i], x + 28, coverage_sizes[i]);
    fprintf(f, "<text x=\"%g\" y=\"24\">dashed: the best value as it stands; solid: corrected</text>\n", x + 6);
}

void coverage_draw(FILE *f, const struct coverage_table *table)
{
    const struct panel held = {.left = LEFT, .low = 0, .high = 1};
    const struct panel bias = {.left = LEFT + PANEL + GAP, .low = -0.5, .high = 3, .is_bias = 1};
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
            "font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            WIDTH, HEIGHT);
    draw_legend(f);
    draw_frame(f, &held, "how often the interval of 90 % holds the truth", 0.2);
    draw_lines(f, &held, table);
    draw_reference(f, &held, table->confidence);
    draw_frame(f, &bias, "how much too good the value is, in standard errors", 0.5);
    draw_lines(f, &bias, table);
    draw_reference(f, &bias, 0);
    fprintf(f, "</svg>\n");
}
