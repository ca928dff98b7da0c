/* An observer: a progress line and a CSV file of every trial, in a few lines, whatever runs the
 * trials. Here afina_optimize() does, on two threads. */
#include <afina.h>

#include <math.h>
#include <stdio.h>

struct progress {
    FILE *csv;
    double best;
    int told;
};

/* Events come one at a time and in order, so that nothing here needs a lock. */
static int32_t observe(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    struct progress *p = user;
    double value = NAN, x, y;
    (void)report;
    if (event == AFINA_EVENT_TOLD) {
        p->told++;
        afina_trial_value(trial, &value);
        afina_point_get_real(afina_trial_point(trial), "x", &x);
        afina_point_get_real(afina_trial_point(trial), "y", &y);
        fprintf(p->csv, "%lld,%.17g,%.17g,%.17g\n", (long long)afina_trial_number(trial), x, y, value);
    } else if (event == AFINA_EVENT_BEST) {
        afina_trial_value(trial, &p->best);
        printf("%3d trials, best %g in trial %lld\n", p->told, p->best, (long long)afina_trial_number(trial));
    }
    return p->best < 1e-3 ? AFINA_CANCELLED : AFINA_OK; /* good enough ends the run */
}

/* Called when the optimizer will not use the observer again. */
static void finish(void *user)
{
    struct progress *p = user;
    fclose(p->csv);
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double x, y;
    (void)user;
    if (afina_point_get_real(afina_trial_point(trial), "x", &x) ||
        afina_point_get_real(afina_trial_point(trial), "y", &y))
        return AFINA_E_CALLBACK; /* ends the run with the text of the last error */
    values[0] = (x - 1) * (x - 1) + (y + 0.5) * (y + 0.5);
    return AFINA_OK;
}

int main(void)
{
    struct progress progress = {.csv = tmpfile(), .best = INFINITY};
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    if (!progress.csv)
        return 1;
    int32_t rc = afina_space_new(&space);
    if (!rc)
        rc = afina_space_add_real(space, "x", -2, 2, AFINA_SCALE_LINEAR);
    if (!rc)
        rc = afina_space_add_real(space, "y", -2, 2, AFINA_SCALE_LINEAR);
    if (!rc)
        rc = afina_optimizer_new(&optimizer, space, "gp");
    if (!rc)
        rc = afina_optimizer_set_integer(optimizer, "workers", 2);
    if (!rc)
        rc = afina_optimizer_set_observer(optimizer, observe, &progress, finish);
    if (!rc)
        rc = afina_optimize(optimizer, objective, NULL, 40);
    if (rc < 0)
        fprintf(stderr, "%s\n", afina_last_error());
    else
        printf("%s after %d trials\n", afina_status_name(rc), progress.told);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return rc < 0;
}
