/* A study in simulated time: many workers, one thread, and no waiting. */
#include "api/run.h"
#include "core/mem.h"
#include "study/advice.h"

#include <math.h>

/* A trial that a simulated worker evaluates, and what comes of it next. */
struct errand {
    double time;   /* of the next occurrence */
    int64_t order; /* of two at one time the one that was begun first */
    afina_trial *trial;
    int64_t index;  /* of the occurrence */
    int32_t status; /* what the host said: AFINA_OK, a report; else the trial ends so */
    double step, *values;
    uint32_t failures; /* fail_count() before the host was asked */
};

struct simulation {
    struct study *study;
    afina_simulated objective;
    void *user;
    struct errand *heap; /* the earliest first */
    double *values;      /* `objectives` numbers for each worker */
    size_t workers, running;
    double *idle; /* the room in `values` that no errand has */
    int64_t trials, started;
    double now, busy;
    int32_t result;
};

static int is_before(const struct errand *a, const struct errand *b)
{
    return a->time < b->time || (a->time == b->time && a->order < b->order);
}

static void sift_up(struct errand *heap, size_t i)
{
    while (i > 0 && is_before(&heap[i], &heap[(i - 1) / 2])) {
        struct errand other = heap[i];
        heap[i] = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = other;
        i = (i - 1) / 2;
    }
}

static void sift_down(struct errand *heap, size_t n, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < n; child++)
            if (is_before(&heap[child], &heap[least]))
                least = child;
        if (least == i)
            return;
        struct errand other = heap[i];
        heap[i] = heap[least];
        heap[least] = other;
        i = least;
    }
}

/* Asks the host what comes next of the trial, and when. A status that ends the simulation, or 0. */
static int32_t look_ahead(struct simulation *s, struct errand *errand)
{
    double seconds = NAN;
    for (size_t i = 0; i < s->study->objectives; i++)
        errand->values[i] = NAN;
    errand->failures = fail_count();
    errand->status = s->objective(errand->trial, errand->index++, &errand->step, errand->values, &seconds, s->user);
    int32_t rc = study_check(s->study);
    if (rc)
        return rc;
    if (!(seconds >= 0 && isfinite(seconds)))
        return fail(AFINA_E_RANGE, "trial %lld: the simulated seconds must be finite and >= 0, got %g",
                    (long long)errand->trial->trial->number, seconds);
    errand->time = s->now + seconds;
    s->busy += seconds;
    return 0;
}

static int32_t begin_errand(struct simulation *s, afina_trial *trial)
{
    struct errand *errand = &s->heap[s->running];
    *errand = (struct errand){.trial = trial, .order = s->started++, .values = s->values};
    s->values = *(double **)(void *)s->values; /* a list through the free rooms */
    s->running++;
    int32_t rc = look_ahead(s, errand);
    if (!rc)
        sift_up(s->heap, s->running - 1);
    return rc;
}

/* Every idle worker gets a trial, as long as there are some. */
static int32_t fill(struct simulation *s)
{
    while (!s->result && s->running < s->workers && s->started < s->trials) {
        afina_trial *trial;
        int32_t rc = trial_ask(&trial, s->study);
        if (!rc)
            rc = begin_errand(s, trial);
        if (rc == AFINA_WAIT && s->running > 0)
            return 0;
        if (rc)
            s->result = rc;
        if (rc < 0)
            return rc;
    }
    return 0;
}

static void end_errand(struct simulation *s)
{
    struct errand *first = s->heap;
    afina_trial_free(first->trial);
    *(double **)(void *)first->values = s->values;
    s->values = first->values;
    *first = s->heap[--s->running];
    sift_down(s->heap, s->running, 0);
}

/* A report, after which the trial goes on or is stopped. */
static int32_t take_report(struct simulation *s, struct errand *errand)
{
    struct trial *trial = errand->trial->trial;
    int stop;
    int32_t rc = study_report(s->study, trial, errand->step, errand->values, s->study->objectives);
    if (!rc)
        rc = study_advise(s->study, trial, &stop);
    if (rc)
        return rc;
    if (stop) {
        rc = study_tell_trial(s->study, trial, AFINA_STATE_STOPPED, NULL, 0, NULL);
        end_errand(s);
        return rc;
    }
    rc = look_ahead(s, errand);
    sift_down(s->heap, s->running, 0);
    return rc;
}

/* The next thing that happens. */
static int32_t advance(struct simulation *s)
{
    struct errand *errand = s->heap;
    s->now = errand->time;
    if (errand->status == AFINA_OK)
        return take_report(s, errand);
    int32_t status = errand->status == AFINA_DONE ? AFINA_OK : errand->status;
    int32_t rc = tell_outcome(s->study, errand->trial, status, errand->values, errand->failures);
    end_errand(s);
    if (rc && !s->result)
        s->result = rc;
    return rc < 0 ? rc : 0;
}

static int32_t init(struct simulation *s)
{
    size_t objectives = study_objectives(s->study);
    s->heap = mem_new(s->workers, sizeof *s->heap);
    s->idle = mem_new(s->workers * objectives, sizeof *s->idle);
    if (!s->heap || !s->idle)
        return fail_memory();
    for (size_t i = s->workers; i-- > 0;) {
        double *room = s->idle + i * objectives;
        *(double **)(void *)room = s->values;
        s->values = room;
    }
    return 0;
}

static void fini(struct simulation *s)
{
    for (size_t i = 0; i < s->running; i++)
        afina_trial_free(s->heap[i].trial);
    mem_free(s->heap);
    mem_free(s->idle);
    study_release(s->study);
}

/* Trials that run when an error ends the simulation are left running, and the host may tell them. */
static int32_t simulate(struct simulation *s)
{
    int32_t rc = init(s);
    while (!rc) {
        rc = fill(s);
        if (rc || s->running == 0)
            break;
        rc = advance(s);
    }
    return rc ? rc : s->result;
}

static int32_t check(const afina_optimizer *optimizer, afina_simulated objective, int64_t workers, int64_t trials,
                     const char *function)
{
    int32_t rc = optimizer_check(optimizer, function);
    if (!rc && !objective)
        rc = fail(AFINA_E_ARGUMENT, "%s: objective is NULL", function);
    if (!rc && (workers < 1 || workers > 1000000))
        rc = fail(AFINA_E_RANGE, "%s: workers must be in [1, 1000000], got %lld", function, (long long)workers);
    if (!rc && trials < 0)
        rc = fail(AFINA_E_RANGE, "%s: trials must be 0 or more, got %lld", function, (long long)trials);
    return rc;
}

int32_t afina_simulate(afina_optimizer *optimizer, afina_simulated objective, void *user, int64_t workers,
                       int64_t trials, double *seconds, double *busy)
{
    int32_t rc = check(optimizer, objective, workers, trials, __func__);
    if (rc)
        return rc;
    struct simulation s __attribute__((cleanup(fini))) = {
        .study = study_reference(optimizer->study),
        .objective = objective,
        .user = user,
        .workers = (size_t)workers,
        .trials = trials,
    };
    rc = simulate(&s);
    if (seconds)
        *seconds = s.now;
    if (busy)
        *busy = s.now > 0 ? s.busy / (s.now * (double)workers) : 0;
    return delivered(s.study, rc);
}
