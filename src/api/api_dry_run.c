/* What is wrong with an objective, found before the search: it is run at the default point, twice with
 * the same seed, and once more while it is told to stop. */
#include "api/attempt.h"
#include "core/mem.h"
#include "core/rng.h"
#include "study/study_options.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

struct finding {
    char text[FAIL_TEXT_SIZE];
};

struct afina_dry_run {
    struct finding *findings;
    size_t count, capacity, problems;
};

/* Problems come before what is good to know. */
static int32_t find(afina_dry_run *run, int32_t is_problem, const char *format, va_list args)
{
    void *array = run->findings;
    if (mem_reserve(&array, &run->capacity, run->count + 1, sizeof *run->findings))
        return fail_memory();
    run->findings = array;
    size_t at = is_problem ? run->problems : run->count;
    struct finding *f = run->findings + at;
    memmove(f + 1, f, (run->count - at) * sizeof *f);
    text_vformat(f->text, sizeof f->text, format, args);
    run->count++;
    run->problems += is_problem != 0;
    return AFINA_OK;
}

#if defined(__GNUC__)
#define LIKE_PRINTF __attribute__((format(printf, 2, 3)))
#else
#define LIKE_PRINTF
#endif

LIKE_PRINTF static int32_t problem(afina_dry_run *run, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int32_t rc = find(run, 1, format, args);
    va_end(args);
    return rc;
}

LIKE_PRINTF static int32_t fact(afina_dry_run *run, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int32_t rc = find(run, 0, format, args);
    va_end(args);
    return rc;
}

/* ----------------------------------------------------------- what one run shows */

/* A trial without a result. */
static int32_t look_at_end(afina_dry_run *run, const struct attempt *a)
{
    if (a->has_result)
        return AFINA_OK;
    if (a->state == AFINA_STATE_INFEASIBLE)
        return problem(run, "the default point is infeasible, so nothing else was seen: %s",
                       a->reason[0] ? a->reason : "no reason was given");
    if (a->status == AFINA_CANCELLED)
        return problem(run, "the objective answered AFINA_CANCELLED, which ends a run, although nothing was cancelled");
    if (a->status > 0)
        return problem(run,
                       "the objective answered %d, which means nothing: AFINA_OK, AFINA_INFEASIBLE_POINT, "
                       "AFINA_CANCELLED or an error",
                       a->status);
    if (a->state != AFINA_STATE_FAILED)
        return problem(run, "the objective told its trial an end without a value");
    int32_t rc = problem(run, "the objective failed: %s", a->reason);
    if (!rc && a->status < 0 && !a->reason_set)
        rc = problem(run, "it failed without a reason: set one by afina_set_last_error()");
    return rc;
}

static int32_t look_at_values(afina_dry_run *run, const struct attempt *a)
{
    int32_t rc = AFINA_OK;
    for (size_t i = 0; !rc && i < a->objectives; i++) {
        if (isnan(a->values[i]) && a->status == AFINA_OK && !a->reason_set)
            rc = problem(run, "value %zu of %zu is NaN or was not set", i, a->objectives);
        else if (isinf(a->values[i]))
            rc = problem(run, "value %zu of %zu is %g: an infinite value is a result, and no failure", i, a->objectives,
                         a->values[i]);
    }
    return rc;
}

static int32_t look_at_reports(afina_dry_run *run, const struct attempt *a)
{
    int32_t rc = AFINA_OK;
    if (a->refused)
        rc = problem(run, "%lld report%s refused: %s", (long long)a->refused, a->refused == 1 ? " was" : "s were",
                     a->refusal);
    if (!rc && a->reports && isfinite(a->budget) && a->last_step > a->budget)
        rc = problem(run, "it reported step %g with a budget of %g: does it look at afina_trial_budget()?",
                     a->last_step, a->budget);
    if (!rc && a->reports && !a->questions)
        rc = problem(run, "it reports but never calls afina_trial_should_stop(): nothing can end it early");
    if (!rc && a->reports)
        rc = fact(run, "it made %zu report%s, the last at step %g", a->reports, a->reports == 1 ? "" : "s",
                  a->last_step);
    if (!rc && !a->reports)
        rc = fact(run, "it reports nothing while it runs: no stopper can end it early");
    return rc;
}

static int32_t look_at_first(afina_dry_run *run, const struct attempt *a)
{
    int32_t rc = look_at_end(run, a);
    if (!rc)
        rc = look_at_values(run, a);
    if (!rc)
        rc = look_at_reports(run, a);
    if (!rc && isfinite(a->budget))
        rc = fact(run, "its budget was %g", a->budget);
    return rc ? rc : fact(run, "it took %g s", round(a->seconds * 1e6) / 1e6);
}

/* --------------------------------------------------------- what further runs show */

static int32_t look_at_second(afina_dry_run *run, const struct attempt *a, const struct attempt *b)
{
    if (a->state != b->state)
        return problem(run, "run twice at one point and seed it ended once with a value and once without: %s",
                       a->reason[0] ? a->reason : b->reason);
    int32_t rc = AFINA_OK;
    for (size_t i = 0; !rc && i < a->objectives; i++) {
        int same = a->values[i] == b->values[i] || (isnan(a->values[i]) && isnan(b->values[i]));
        if (!same)
            rc = problem(run,
                         "the same point and seed gave %g and then %g as value %zu: what it draws should come from "
                         "afina_trial_seed()",
                         a->values[i], b->values[i], i);
    }
    if (!rc && a->reports != b->reports)
        rc = problem(run, "the same point and seed made %zu reports and then %zu", a->reports, b->reports);
    return rc;
}

/* One report may come before the first question. */
static int32_t look_at_stopped(afina_dry_run *run, const struct attempt *a)
{
    if (a->reports > 1)
        return problem(run, "told to stop from the start it went on for %zu reports", a->reports);
    if (a->status < 0)
        return problem(run, "told to stop it failed instead of leaving its values unset: %s", a->reason);
    if (a->value_set)
        return problem(run, "told to stop it set its value, so the trial counts as complete: leave the value unset");
    return fact(run, "told to stop it stopped");
}

/* -------------------------------------------------------------------- the runs */

/* The default point, or where the filter refuses it one that it allows. */
static int32_t choose_point(afina_dry_run *run, struct space *space, struct point **out)
{
    struct point *p;
    struct rng rng;
    int32_t rc = point_new(&p, space);
    if (rc)
        return rc;
    space_defaults(space, p);
    space_resolve(space, p, 1);
    *out = p;
    rc = space_allows(space, p);
    if (rc != 0)
        return rc < 0 ? rc : AFINA_OK;
    rng_start(&rng, 0, 0, RNG_DESIGN);
    rc = space_sample(space, &rng, p);
    return rc ? rc : problem(run, "the filter refuses the default point: another one was tried");
}

/* Budgets are declared by an option; a dry run has the least of them. */
static double least_budget(struct study *study)
{
    double budget = NAN;
    if (option_find(study_options, study_option_count, "budget_min"))
        study_get_real(study, "budget_min", &budget);
    return isfinite(budget) && budget > 0 ? budget : INFINITY;
}

/* What the runs need, let go of also when an exception of the host passes through. */
struct rehearsal {
    afina_dry_run *run;
    struct study *study; /* the objective may free the optimizer */
    struct space *space;
    struct point *point;
    struct attempt first, second, stopped;
};

static void rehearsal_fini(struct rehearsal *r)
{
    attempt_fini(&r->first);
    attempt_fini(&r->second);
    attempt_fini(&r->stopped);
    point_free(r->point);
    space_release(r->space);
    if (r->study)
        study_release(r->study);
    afina_dry_run_free(r->run);
}

static int32_t rehearse(struct rehearsal *r, afina_objective objective, void *user)
{
    int32_t rc = choose_point(r->run, r->space, &r->point);
    r->first =
        (struct attempt){.like = r->study, .space = r->space, .point = r->point, .budget = least_budget(r->study)};
    r->second = r->stopped = r->first;
    r->stopped.stop = 1;
    if (!rc)
        rc = attempt_run(&r->first, objective, user);
    if (!rc)
        rc = look_at_first(r->run, &r->first);
    if (!rc)
        rc = attempt_run(&r->second, objective, user);
    if (!rc)
        rc = look_at_second(r->run, &r->first, &r->second);
    if (rc || !r->first.questions || !r->first.has_result)
        return rc;
    rc = attempt_run(&r->stopped, objective, user);
    return rc ? rc : look_at_stopped(r->run, &r->stopped);
}

int32_t afina_dry_run_new(afina_dry_run **out, const afina_optimizer *optimizer, afina_objective objective, void *user)
{
    struct rehearsal r __attribute__((cleanup(rehearsal_fini))) = {0};
    int32_t rc = require(out, __func__, "out");
    if (rc)
        return rc;
    *out = NULL;
    rc = optimizer_check(optimizer, __func__);
    if (!rc && !objective)
        rc = fail(AFINA_E_ARGUMENT, "%s: objective is NULL", __func__);
    if (rc)
        return rc;
    r.run = mem_new(1, sizeof *r.run);
    if (!r.run)
        return fail_memory();
    r.study = study_reference(optimizer->study);
    r.space = study_space(r.study);
    rc = rehearse(&r, objective, user);
    if (rc)
        return rc;
    *out = r.run;
    r.run = NULL;
    return AFINA_OK;
}

void afina_dry_run_free(afina_dry_run *run)
{
    if (!run)
        return;
    mem_free(run->findings);
    mem_free(run);
}

size_t afina_dry_run_problem_count(const afina_dry_run *run)
{
    return run ? run->problems : 0;
}

size_t afina_dry_run_finding_count(const afina_dry_run *run)
{
    return run ? run->count : 0;
}

const char *afina_dry_run_finding(const afina_dry_run *run, size_t index)
{
    return run && index < run->count ? run->findings[index].text : NULL;
}
