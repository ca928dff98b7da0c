/* A note of gp has these, in this order; each may be missing:
 *
 *     a fit of results: how many it knew, from 1 on, and its theta;
 *     a fit of where trials fail: how many results it knew, times -1, minus 1, and its theta;
 *     a step of the trust region (four numbers, the first -1), or -1 alone: the trial was proposed by the
 *         process of untransformed results, whose fit it then is.
 *
 * (A note of two numbers, the position in the design, is read by startup.c.) A note may come
 * from a log that another program wrote: numbers that cannot be a fit are ignored.
 */
#include "method/parts/gp_note.h"

#include "surrogate/trust_region.h"

#include <math.h>
#include <string.h>

enum { UNTRANSFORMED = 1 };
static const double untransformed_mark = -1;

size_t gp_note_fit_size(const struct gp_model *model, size_t base)
{
    return 1 + model->theta_size + (size_t)gp_record_knows(model->record, base);
}

/* How many numbers of the note are a fit at `base` that it begins with; 0 when there is no such fit. */
static size_t fit_in(const struct gp_model *model, double base, const double *note, size_t size)
{
    if (!(base >= 1 && base <= (double)model->record->told))
        return 0;
    size_t fit = gp_note_fit_size(model, (size_t)base);
    if (size < fit)
        return 0;
    for (size_t j = 1; j < fit; j++)
        if (!(fabs(note[j]) < 50))
            return 0;
    return fit;
}

struct gp_note gp_note_read(const double *note, size_t size, const struct gp_model *results,
                            const struct gp_model *failures)
{
    if (size == 0)
        return (struct gp_note){0};
    size_t first = fit_in(results, note[0], note, size), rest = size - first;
    double base = rest > 0 ? -note[first] - 1 : 0;
    size_t second = fit_in(failures, base, note + first, rest), beside = rest - second;
    const double *last = note + first + second;
    int untransformed = beside == UNTRANSFORMED && last[0] == untransformed_mark;
    if (beside != 0 && !untransformed && beside != TRUST_REGION_NOTE)
        return (struct gp_note){0};
    return (struct gp_note){
        .fit = first > 0 ? note + 1 : NULL,
        .known = first > 0 ? (size_t)note[0] : 0,
        .failures = second > 0 ? note + first + 1 : NULL,
        .known_failures = second > 0 ? (size_t)base : 0,
        .step = beside == TRUST_REGION_NOTE ? last : NULL,
        .untransformed = untransformed,
    };
}

/* Adds the fit that a model was built from, `first` before its theta. */
static void add_fit(struct suggestion *s, const struct gp_model *model, double first)
{
    size_t size = gp_note_fit_size(model, model->built_base);
    if (model->built_base == model->base || s->note_size + size > METHOD_NOTE_MAX)
        return;
    s->note[s->note_size] = first;
    memcpy(s->note + s->note_size + 1, model->built_theta, (size - 1) * sizeof *s->note);
    s->note_size += size;
}

void gp_note_add_fits(struct suggestion *s, const struct gp_model *results, const struct gp_model *failures)
{
    add_fit(s, results, (double)results->built_base);
    if (failures)
        add_fit(s, failures, -(double)failures->built_base - 1);
}

void gp_note_add_untransformed(struct suggestion *s)
{
    if (s->note_size + UNTRANSFORMED <= METHOD_NOTE_MAX)
        s->note[s->note_size++] = untransformed_mark;
}
