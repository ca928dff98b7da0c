/* As J. Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), figure 1, with the
 * best on the left. A thick line joins a run of neighbours, no two of which differ at the level; a run that lies in a
 * longer one is left out. */
#include "experiment/rank_picture.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"

#include <math.h>

enum { WIDTH = 720, MARGIN = 190, AXIS = 84, LINE = 20, STEP = 8, MOST_TICKS = 11 };

struct drawing {
    const struct rank_picture *picture;
    struct text *out;
    size_t *order; /* methods from the best */
    size_t runs;
    double below; /* where the names begin */
};

/* To a tenth of a pixel. */
static void number(struct text *out, double value)
{
    text_append_double(out, floor(10 * value + 0.5) / 10);
}

/* A name between tags: no markup, no control characters. */
static void escaped(struct text *out, const char *s)
{
    for (; *s; s++) {
        if (*s == '<' || *s == '&' || *s == '>')
            text_append(out, *s == '<' ? "&lt;" : *s == '&' ? "&amp;" : "&gt;");
        else
            text_append_bytes(out, (unsigned char)*s < 0x20 ? " " : s, 1);
    }
}

static double at_rank(const struct rank_picture *p, double rank)
{
    return MARGIN + (WIDTH - 2 * MARGIN) * (rank - 1) / ((double)p->methods - 1);
}

static void line(struct text *out, double x1, double y1, double x2, double y2, const char *style)
{
    const double at[4] = {x1, y1, x2, y2};
    static const char *const names[4] = {"<line x1=\"", "\" y1=\"", "\" x2=\"", "\" y2=\""};
    for (int i = 0; i < 4; i++) {
        text_append(out, names[i]);
        number(out, at[i]);
    }
    text_append(out, "\" stroke=\"black\"");
    text_append(out, style);
    text_append(out, "/>\n");
}

/* The tag before a text; its end is the caller's. */
static void begin_text(struct text *out, double x, double y, const char *anchor)
{
    text_append(out, "<text x=\"");
    number(out, x);
    text_append(out, "\" y=\"");
    number(out, y);
    text_append(out, "\" text-anchor=\"");
    text_append(out, anchor);
    text_append(out, "\">");
}

static void end_text(struct text *out)
{
    text_append(out, "</text>\n");
}

/* The last method, in the order, that belongs to a run from `first` on. */
static size_t run_end(const struct drawing *d, size_t first)
{
    const struct rank_picture *p = d->picture;
    size_t end = first;
    for (; end + 1 < p->methods; end++)
        for (size_t i = first; i <= end; i++)
            if (p->p[d->order[i] * p->methods + d->order[end + 1]] <= p->level)
                return end;
    return end;
}

static void draw_runs(struct drawing *d, int is_count)
{
    size_t covered = 0;
    d->runs = 0;
    for (size_t first = 0; first < d->picture->methods; first++) {
        size_t end = run_end(d, first);
        if (end == first || (d->runs > 0 && end <= covered))
            continue;
        double y = AXIS + 12 + STEP * (double)d->runs;
        if (!is_count)
            line(d->out, at_rank(d->picture, d->picture->ranks[d->order[first]]) - 3, y,
                 at_rank(d->picture, d->picture->ranks[d->order[end]]) + 3, y, " stroke-width=\"4\"");
        covered = end;
        d->runs++;
    }
}

static void draw_axis(const struct drawing *d)
{
    const struct rank_picture *p = d->picture;
    size_t step = (p->methods + MOST_TICKS - 2) / (MOST_TICKS - 1);
    line(d->out, at_rank(p, 1), AXIS, at_rank(p, (double)p->methods), AXIS, "");
    for (size_t rank = 1; rank <= p->methods; rank += step) {
        double x = at_rank(p, (double)rank);
        line(d->out, x, AXIS - 6, x, AXIS, "");
        begin_text(d->out, x, AXIS - 10, "middle");
        text_append_int64(d->out, (int64_t)rank);
        end_text(d->out);
    }
    if (p->difference > 0) {
        double left = at_rank(p, 1), right = at_rank(p, fmin(1 + p->difference, (double)p->methods));
        line(d->out, left, AXIS - 32, right, AXIS - 32, " stroke-width=\"2\"");
        line(d->out, left, AXIS - 36, left, AXIS - 28, "");
        line(d->out, right, AXIS - 36, right, AXIS - 28, "");
        begin_text(d->out, right + 8, AXIS - 28, "start");
        text_append(d->out, "critical difference ");
        text_append_double(d->out, floor(100 * p->difference + 0.5) / 100);
        end_text(d->out);
    }
}

/* The better half has its names on the left, the best one on top, the others on the right. */
static void draw_names(const struct drawing *d)
{
    const struct rank_picture *p = d->picture;
    size_t left = (p->methods + 1) / 2;
    for (size_t i = 0; i < p->methods; i++) {
        size_t method = d->order[i];
        int is_left = i < left;
        double x = at_rank(p, p->ranks[method]), y = d->below + LINE * (double)(is_left ? i : p->methods - 1 - i);
        double edge = is_left ? MARGIN - 14 : WIDTH - MARGIN + 14;
        line(d->out, x, AXIS, x, y, "");
        line(d->out, x, y, edge, y, "");
        begin_text(d->out, is_left ? edge - 5 : edge + 5, y + 4, is_left ? "end" : "start");
        escaped(d->out, p->names[method]);
        text_append(d->out, " (");
        text_append_double(d->out, floor(100 * p->ranks[method] + 0.5) / 100);
        text_append(d->out, ")");
        end_text(d->out);
    }
}

static void draw(struct drawing *d)
{
    const struct rank_picture *p = d->picture;
    size_t lines = (p->methods + 1) / 2;
    draw_runs(d, 1);
    d->below = AXIS + 24 + STEP * (double)d->runs;
    text_append(d->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    text_append_int64(d->out, WIDTH);
    text_append(d->out, " ");
    number(d->out, d->below + LINE * (double)lines);
    text_append(d->out, "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    begin_text(d->out, 0.5 * WIDTH, 22, "middle");
    text_append(d->out, "Mean ranks over ");
    text_append_int64(d->out, (int64_t)p->blocks);
    text_append(d->out, " runs, 1 is best; a thick line joins methods that do not differ (");
    text_append(d->out, p->test);
    text_append(d->out, ", level ");
    text_append_double(d->out, p->level);
    text_append(d->out, ")");
    end_text(d->out);
    draw_axis(d);
    draw_runs(d, 0);
    draw_names(d);
    text_append(d->out, "</svg>\n");
}

int32_t rank_picture_write(const struct rank_picture *picture, struct text *out)
{
    struct drawing d = {.picture = picture, .out = out};
    d.order = mem_new(picture->methods, sizeof *d.order);
    if (!d.order)
        return fail_memory();
    for (size_t j = 0; j < picture->methods; j++)
        d.order[j] = j;
    order_by(picture->ranks, d.order, picture->methods);
    draw(&d);
    mem_free(d.order);
    return out->rc;
}
