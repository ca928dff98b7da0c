/* Method x problem x seed at a budget, on several processes.
 *
 * The work is one list in a fixed order, by seed, then problem, then method, so that
 * what is cut off by time is the last seeds of everything; each process
 * takes the next item from a shared counter and appends one line to the method's
 * file when a run is complete. A run that the file holds is not run again, so a
 * stopped benchmark goes on where it was. The numbers of a run depend on its key
 * alone; the order of lines depends on who was first. */
#define _POSIX_C_SOURCE 200809L
#include "runner.h"

#include "crew.h"
#include "history.h"
#include "problems/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct item {
    const char *method;
    const struct problem *problem;
    int seed;
};

struct work {
    struct item *items;
    size_t count, planned; /* to be run; with those that were run before */
    const struct settings *settings;
    double start, shown;
};

/* The life of one run. */
struct run {
    const struct item *item;
    double *best;
    int budget, done, batch;
    const char *options; /* of the method */
    double optimizer_seconds, optimizer_cpu_seconds, objective_seconds;
    double seen; /* best observed value, whose true value is best[] */
    char status[256];
};

/* ------------------------------------------------------------------ one run */

static void note_failure(struct run *r, const char *what)
{
    snprintf(r->status, sizeof r->status, "failed: %s: %.200s", what, afina_last_error());
    for (char *c = r->status; *c; c++)
        if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
            *c = '\'';
}

struct moment {
    double wall, cpu;
};

static struct moment now(void)
{
    return (struct moment){clock_wall(), clock_cpu()};
}

static void add_since(struct run *r, struct moment start)
{
    r->optimizer_seconds += clock_wall() - start.wall;
    r->optimizer_cpu_seconds += clock_cpu() - start.cpu;
}

static double timed_observe(struct run *r, const double *x, int trial, double *truth)
{
    const struct problem *p = r->item->problem;
    const double start = clock_wall();
    const double y = problem_observe(p, x, (uint64_t)r->item->seed, (uint64_t)trial);
    r->objective_seconds += clock_wall() - start;
    *truth = p->noise > 0 || p->observe ? p->value(p, x) : y;
    return y;
}

static int32_t tell(struct run *r, afina_optimizer *optimizer, const afina_trial *trial, double y)
{
    const struct moment start = now();
    const int64_t number = afina_trial_number(trial);
    const int32_t rc =
        isnan(y) ? afina_tell_failed(optimizer, number, "no result") : afina_tell(optimizer, number, &y, 1);
    add_since(r, start);
    return rc;
}

static int32_t evaluate(struct run *r, afina_optimizer *optimizer, const afina_space *space, const afina_trial *trial)
{
    double x[PROBLEM_PARAMETERS], truth;
    int32_t rc = values_read(space, afina_trial_point(trial), x);
    const double y = rc ? NAN : timed_observe(r, x, r->done, &truth);
    rc = rc ? rc : tell(r, optimizer, trial, y);
    if (rc)
        return rc;
    const double before = r->done ? r->best[r->done - 1] : NAN;
    const int better = y < r->seen;
    if (better)
        r->seen = y;
    r->best[r->done++] = better ? truth : before;
    return AFINA_OK;
}

/* A batch is asked for before any of it is told. */
static int32_t step(struct run *r, afina_optimizer *optimizer, const afina_space *space)
{
    afina_trial *trials[MOST_BATCH];
    const int most = r->budget - r->done < r->batch ? r->budget - r->done : r->batch;
    const struct moment start = now();
    int count = 0;
    int32_t rc = AFINA_OK, told = AFINA_OK;
    while (count < most && (rc = afina_ask(optimizer, &trials[count])) == AFINA_OK)
        count++;
    add_since(r, start);
    for (int i = 0; i < count; i++) {
        told = told ? told : evaluate(r, optimizer, space, trials[i]);
        afina_trial_free(trials[i]);
    }
    return told ? told : rc;
}

/* A method that has no more points keeps what it has. */
static void pad(struct run *r)
{
    while (r->done > 0 && r->done < r->budget) {
        r->best[r->done] = r->best[r->done - 1];
        r->done++;
    }
}

static void execute(struct run *r)
{
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    const struct moment start = now();
    int32_t rc = problem_space(r->item->problem, &space);
    rc = rc ? rc : afina_optimizer_new(&optimizer, space, r->item->method);
    rc = rc ? rc : afina_optimizer_set_integer(optimizer, "seed", r->item->seed);
    rc = rc ? rc : settings_apply(optimizer, r->options);
    add_since(r, start);
    snprintf(r->status, sizeof r->status, "ok");
    while (!rc && r->done < r->budget)
        rc = step(r, optimizer, space);
    if (rc < 0)
        note_failure(r, afina_status_name(rc));
    else if (rc == AFINA_EXHAUSTED)
        pad(r);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
}

/* -------------------------------------------------------------------- files */

static void key_of(char *key, size_t size, const struct item *i)
{
    snprintf(key, size,
             "{\"library\":\"afina\",\"version\":\"%s\",\"method\":\"%s\",\"suite\":\"%s\",\"problem\":\"%s\","
             "\"instance\":%d,\"seed\":%d,",
             afina_version(), i->method, i->problem->suite, i->problem->name, i->problem->instance, i->seed);
}

static void path_of(char *path, size_t size, const struct settings *s, const char *method)
{
    snprintf(path, size, "%s/%s.jsonl", s->out, method);
}

static int append(const struct settings *s, const struct run *r)
{
    char path[1024], key[512], *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return -1;
    key_of(key, sizeof key, r->item);
    fprintf(memory, "%s\"budget\":%d,\"best\":[", key, r->budget);
    for (int i = 0; i < r->done; i++)
        if (isfinite(r->best[i]))
            fprintf(memory, "%s%.10g", i ? "," : "", r->best[i]);
        else
            fprintf(memory, "%snull", i ? "," : "");
    fprintf(memory,
            "],\"optimizer_seconds\":%.6g,\"optimizer_cpu_seconds\":%.6g,\"objective_seconds\":%.6g,"
            "\"machine\":\"%s\",\"status\":\"%s\"}\n",
            r->optimizer_seconds, r->optimizer_cpu_seconds, r->objective_seconds, s->machine, r->status);
    fclose(memory);
    path_of(path, sizeof path, s, r->item->method);
    const int rc = history_append(path, text, size);
    free(text);
    return rc;
}

/* --------------------------------------------------------------------- work */

static int wanted(const struct problem *p, const struct settings *s)
{
    if (!is_chosen(s, p))
        return 0;
    return s->suites || s->problems || strcmp(p->suite, "speed") != 0;
}

/* Real training costs seconds an evaluation, and so does a suggestion among 200 parameters:
 * they are run when they are asked for. */
static int asked_for(const struct problem *p, const struct settings *s)
{
    return (strcmp(p->suite, "training") != 0 && strcmp(p->suite, "large") != 0) || s->suites || s->problems;
}

static void plan_one(struct work *w, const struct settings *s, const struct history *h, struct item item)
{
    char key[512];
    item.method = h->method;
    key_of(key, sizeof key, &item);
    w->planned++;
    if (!history_has(h, key, s->budget))
        w->items[w->count++] = item;
}

static size_t choose_methods(struct history *methods, const struct settings *s)
{
    size_t count = 0;
    for (size_t m = 0; m < afina_method_count(); m++) {
        const char *method = afina_method_name(m);
        char path[1024];
        if (!is_measured(s, method))
            continue;
        path_of(path, sizeof path, s, method);
        methods[count].method = method;
        history_read(&methods[count++], path);
    }
    return count;
}

static int plan(struct work *w, const struct settings *s)
{
    w->items = calloc(afina_method_count() * problem_count() * (size_t)s->seeds + 1, sizeof *w->items);
    struct history *methods = calloc(afina_method_count() + 1, sizeof *methods);
    if (!w->items || !methods) {
        free(methods);
        return -1;
    }
    const size_t count = choose_methods(methods, s);
    for (int seed = s->first_seed; seed < s->first_seed + s->seeds; seed++)
        for (size_t i = 0; i < problem_count(); i++)
            for (size_t m = 0; m < count && wanted(problem_at(i), s) && asked_for(problem_at(i), s); m++)
                plan_one(w, s, &methods[m], (struct item){.problem = problem_at(i), .seed = seed});
    for (size_t m = 0; m < count; m++)
        history_free(&methods[m]);
    free(methods);
    return 0;
}

/* A line that moves on a terminal, and one every half minute in a log. */
static void show_progress(const struct work *w, const struct settings *s, size_t at, double *shown)
{
    const int is_terminal = isatty(STDERR_FILENO);
    const double now = clock_wall(), elapsed = now - w->start;
    const double rest = at ? fmin(elapsed * (double)(w->count - at) / (double)at, s->seconds - elapsed) : 0;
    const struct item *i = &w->items[at];
    if (!crew_is_first() || now - *shown < (is_terminal ? 0.2 : 30))
        return;
    *shown = now;
    fprintf(stderr, "%s%6zu of %zu runs  %5.0f s, about %5.0f s to go  %-8s %-40.40s%s", is_terminal ? "\r" : "", at,
            w->count, elapsed, rest, i->method, i->problem->name, is_terminal ? "" : "\n");
}

static int do_item(size_t at, void *user)
{
    struct work *w = user;
    const struct settings *s = w->settings;
    double *best = malloc((size_t)s->budget * sizeof *best);
    struct run r = {.item = &w->items[at],
                    .best = best,
                    .budget = s->budget,
                    .batch = s->batch,
                    .options = s->set,
                    .seen = INFINITY};
    if (!best)
        return -1;
    show_progress(w, s, at, &w->shown);
    execute(&r);
    const int rc = append(s, &r);
    free(best);
    return rc;
}

int bench_run(const struct settings *s)
{
    struct work w = {.settings = s, .start = clock_wall()};
    if (make_folder(s->out) || plan(&w, s)) {
        fprintf(stderr, "bench: cannot write to %s\n", s->out);
        free(w.items);
        return -1;
    }
    fprintf(stderr, "%zu runs, %zu of them done before\n", w.planned, w.planned - w.count);
    size_t taken = 0;
    const int rc = crew_run(w.count, s->jobs, s->seconds, do_item, &w, &taken);
    if (w.count)
        fprintf(stderr, "\n%s in %.0f s\n", taken < w.count ? "stopped" : "finished", clock_wall() - w.start);
    free(w.items);
    return rc;
}
