#include "schedule/parts/curves.h"

#include "core/fail.h"
#include "core/mem.h"
#include "schedule/parts/arms.h"

#include <math.h>

void curves_init(struct curves *curves)
{
    *curves = (struct curves){.best = {{.trial = -1, .loss = INFINITY}, {.trial = -1, .loss = INFINITY}}};
}

static void curve_free(struct learning_curve *curve)
{
    if (!curve)
        return;
    mem_free(curve->step);
    mem_free(curve->loss);
    mem_free(curve);
}

void curves_fini(struct curves *curves)
{
    for (size_t i = 0; i < curves->n; i++)
        curve_free(curves->of[i]);
    mem_free(curves->of);
    for (size_t i = 0; i < 2; i++)
        curve_free(curves->best[i].curve);
    curve_free(curves->dropped);
}

const struct learning_curve *curves_of(const struct curves *curves, int64_t arm)
{
    return (size_t)arm < curves->n ? curves->of[arm] : NULL;
}

static int32_t make_curve(struct curves *curves, int64_t arm)
{
    void *list = curves->of;
    int32_t rc = mem_reserve(&list, &curves->capacity, (size_t)arm + 1, sizeof(struct learning_curve *));
    curves->of = list;
    if (rc)
        return rc;
    while (curves->n <= (size_t)arm)
        curves->of[curves->n++] = NULL;
    if (!curves->of[arm])
        curves->of[arm] = mem_new(1, sizeof **curves->of);
    return curves->of[arm] ? 0 : fail_memory();
}

static int32_t add_report(struct learning_curve *curve, double step, double loss)
{
    void *steps = curve->step, *losses = curve->loss;
    size_t n = curve->n;
    while (n > 0 && curve->step[n - 1] >= step)
        n--;
    int32_t rc = mem_reserve(&steps, &curve->capacity[0], n + 1, sizeof *curve->step);
    curve->step = steps;
    if (!rc)
        rc = mem_reserve(&losses, &curve->capacity[1], n + 1, sizeof *curve->loss);
    curve->loss = losses;
    if (rc)
        return rc;
    curve->step[n] = step;
    curve->loss[n] = loss;
    curve->n = n + 1;
    return 0;
}

/* The curve of a finished trial goes to the best two, or is dropped. */
static void finish(struct curves *curves, const struct schedule_event *event, int *is_best_new)
{
    struct finished *best = curves->best;
    struct finished now = {event->trial, event->loss, curves->of[event->arm]};
    curves->of[event->arm] = NULL;
    curves->n_finished++;
    *is_best_new = best[0].trial < 0 || arm_is_before(now.loss, now.trial, best[0].loss, best[0].trial);
    size_t place = *is_best_new ? 0 : 1;
    if (place == 1 && best[1].trial >= 0 && !arm_is_before(now.loss, now.trial, best[1].loss, best[1].trial)) {
        curves->dropped = now.curve;
        return;
    }
    curves->dropped = best[1].curve;
    if (place == 0)
        best[1] = best[0];
    best[place] = now;
}

static void observe_told(struct curves *curves, const struct schedule_event *event, const struct learning_curve **ended,
                         int *is_best_new)
{
    struct learning_curve *curve = (size_t)event->arm < curves->n ? curves->of[event->arm] : NULL;
    if (!curve || event->state == AFINA_STATE_LOST)
        return;
    if (event->state == AFINA_STATE_COMPLETE) {
        *ended = curve;
        finish(curves, event, is_best_new);
    } else if (event->state == AFINA_STATE_PAUSED) {
        *ended = curve;
    } else {
        curves->dropped = curve;
        curves->of[event->arm] = NULL;
    }
}

int32_t curves_observe(struct curves *curves, const struct schedule_event *event, const struct learning_curve **ended,
                       int *is_best_new)
{
    int32_t rc = 0;
    *ended = NULL;
    *is_best_new = 0;
    curve_free(curves->dropped);
    curves->dropped = NULL;
    if (event->replicate != 0)
        return 0;
    if (event->kind == SCHEDULE_REPORT)
        rc = make_curve(curves, event->arm);
    if (!rc && event->kind == SCHEDULE_REPORT)
        rc = add_report(curves->of[event->arm], event->step, event->loss);
    if (event->kind == SCHEDULE_TOLD)
        observe_told(curves, event, ended, is_best_new);
    return rc;
}

double curves_lowest(const struct curves *curves, const struct progress *progress)
{
    const struct learning_curve *earlier = progress->replicate == 0 ? curves_of(curves, progress->arm) : NULL;
    double lowest = INFINITY;
    for (size_t i = 0; i < progress->n; i++)
        if (progress->losses[i] < lowest)
            lowest = progress->losses[i];
    for (size_t i = 0; earlier && i < earlier->n && earlier->step[i] <= progress->start; i++)
        if (earlier->loss[i] < lowest)
            lowest = earlier->loss[i];
    return lowest;
}

double curve_lowest(const double *loss, size_t n)
{
    double lowest = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (loss[i] < lowest)
            lowest = loss[i];
    return lowest;
}

int curve_is_stuck(const double *loss, size_t n, size_t patience, double min_delta)
{
    if (n <= patience)
        return 0;
    size_t before = n - patience;
    return !(curve_lowest(loss + before, patience) < curve_lowest(loss, before) - min_delta);
}

size_t curve_find(const struct learning_curve *curve, double step)
{
    size_t low = 0, high = curve->n; /* the first after the step is in low..high */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (curve->step[middle] <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : curve->n;
}

struct stop_times stop_times_of(const struct option_set *options)
{
    return (struct stop_times){option_real(options, "warmup"), option_real(options, "interval")};
}

static int is_due(const struct stop_times *times, double step, double previous)
{
    if (!(step >= times->warmup))
        return 0;
    if (times->interval == 0)
        return 1;
    double passed = floor((step - times->warmup) / times->interval * (1 + 1e-12));
    return previous < times->warmup + passed * times->interval;
}

int stop_is_due(const struct stop_times *times, const struct progress *progress)
{
    double step = progress->steps[progress->n - 1];
    double previous = progress->start > 0 ? progress->start : -INFINITY;
    if (progress->n > 1)
        previous = progress->steps[progress->n - 2];
    return step < progress->budget * (1 - 1e-9) && is_due(times, step, previous);
}

int stop_was_due(const struct stop_times *times, const struct learning_curve *curve, size_t i)
{
    return i + 1 < curve->n && is_due(times, curve->step[i], i > 0 ? curve->step[i - 1] : -INFINITY);
}
