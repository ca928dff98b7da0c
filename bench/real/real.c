/* afina's methods on real tuning tasks: method x task x seed, on several processes, each with an evaluator of its own.
 *
 *     real-runner --spaces FILE --evaluator 'COMMAND' --out FOLDER [--methods A,B] [--tasks A,B*] [--seeds N]
 *                 [--first-seed K] [--budget N] [--jobs N] [--set KEY=VALUE,...]
 *
 * A run's line has what was observed, and after 16, 25, 50 and 100 evaluations the configuration to keep by two
 * answers: the best observed (afina_best) and the best expected (afina_model_best). What they are worth is found later,
 * by fresh repeats (judge.py). A run that the results hold is not run again. */
#define _POSIX_C_SOURCE 200809L
#include "crew.h"
#include "history.h"
#include "real.h"
#include "settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUDGETS = 4, POINT_TEXT = 4096 };
static const int budgets[BUDGETS] = {16, 25, 50, 100};

struct item {
    const char *method;
    const struct real_task *task;
    int seed;
};

struct work {
    struct item *items;
    size_t count, planned;
    const struct settings *settings;
    const char *command;
    struct evaluator *evaluator; /* of this process, started at its first item */
    double start, shown;
};

struct answer {
    char observed[POINT_TEXT], expected[POINT_TEXT];
};

struct run {
    const struct item *item;
    struct evaluator *evaluator;
    double *seen;
    int budget, done;
    double cpu_seconds;
    struct answer answers[BUDGETS];
    char status[256];
};

/* ------------------------------------------------------------------ one run */

static int32_t write_point(const afina_trial *trial, char *text)
{
    size_t length = 0;
    const int32_t rc = afina_point_to_json(afina_trial_point(trial), text, POINT_TEXT, &length);
    return rc || length < POINT_TEXT ? rc : AFINA_E_RANGE;
}

/* Before anything has succeeded there is nothing to keep. */
static int32_t keep_one(afina_optimizer *optimizer, int expected, char *text)
{
    afina_trial *best = NULL;
    int32_t rc = expected ? afina_model_best(optimizer, 0, &best) : afina_best(optimizer, &best);
    if (rc == AFINA_E_NOT_FOUND) {
        snprintf(text, POINT_TEXT, "null");
        return AFINA_OK;
    }
    rc = rc ? rc : write_point(best, text);
    afina_trial_free(best);
    return rc;
}

static int32_t keep(struct run *r, afina_optimizer *optimizer)
{
    int32_t rc = AFINA_OK;
    for (int b = 0; b < BUDGETS && !rc; b++) {
        if (budgets[b] != r->done)
            continue;
        rc = keep_one(optimizer, 0, r->answers[b].observed);
        rc = rc ? rc : keep_one(optimizer, 1, r->answers[b].expected);
    }
    return rc;
}

static int32_t evaluate(struct run *r, afina_optimizer *optimizer, const afina_trial *trial)
{
    char point[POINT_TEXT];
    double y;
    int32_t rc = write_point(trial, point);
    if (rc)
        return rc;
    if (evaluator_ask(r->evaluator, r->item->task->name, point, r->item->seed, r->done, &y)) {
        fprintf(stderr, "\nbench: the evaluator ended at %s %s\n", r->item->task->name, point);
        exit(1);
    }
    const int64_t number = afina_trial_number(trial);
    r->seen[r->done++] = y;
    return isnan(y) ? afina_tell_failed(optimizer, number, "no result") : afina_tell(optimizer, number, &y, 1);
}

static int32_t step(struct run *r, afina_optimizer *optimizer)
{
    afina_trial *trial = NULL;
    const double start = clock_cpu();
    int32_t rc = afina_ask(optimizer, &trial);
    r->cpu_seconds += clock_cpu() - start;
    rc = rc ? rc : evaluate(r, optimizer, trial);
    afina_trial_free(trial);
    return rc ? rc : keep(r, optimizer);
}

/* A method that has no more points keeps what it has. */
static int32_t fill(struct run *r, afina_optimizer *optimizer)
{
    int32_t rc = AFINA_OK;
    for (int b = 0; b < BUDGETS && !rc; b++)
        if (budgets[b] > r->done && budgets[b] <= r->budget) {
            rc = keep_one(optimizer, 0, r->answers[b].observed);
            rc = rc ? rc : keep_one(optimizer, 1, r->answers[b].expected);
        }
    return rc;
}

static void note_failure(struct run *r, int32_t rc)
{
    snprintf(r->status, sizeof r->status, "failed: %s: %.200s", afina_status_name(rc), afina_last_error());
    for (char *c = r->status; *c; c++)
        if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
            *c = '\'';
}

static void execute(struct run *r, const char *options)
{
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    int32_t rc = afina_space_from_json(&space, r->item->task->space, strlen(r->item->task->space));
    rc = rc ? rc : afina_optimizer_new(&optimizer, space, r->item->method);
    rc = rc ? rc : afina_optimizer_set_integer(optimizer, "seed", r->item->seed);
    rc = rc ? rc : settings_apply(optimizer, options);
    while (!rc && r->done < r->budget)
        rc = step(r, optimizer);
    if (rc == AFINA_EXHAUSTED)
        rc = fill(r, optimizer);
    if (rc)
        note_failure(r, rc);
    else
        snprintf(r->status, sizeof r->status, "ok");
    afina_optimizer_free(optimizer);
    afina_space_free(space);
}

/* -------------------------------------------------------------------- files */

static void key_of(char *key, size_t size, const struct item *i)
{
    snprintf(key, size,
             "{\"library\":\"afina\",\"version\":\"%s\",\"method\":\"%s\",\"suite\":\"real-ml\",\"problem\":\"%s\","
             "\"instance\":0,\"seed\":%d,",
             afina_version(), i->method, i->task->name, i->seed);
}

static void path_of(char *path, size_t size, const struct settings *s, const char *method)
{
    snprintf(path, size, "%s/%s.jsonl", s->out, method);
}

static void write_answers(FILE *out, const struct run *r, const char *name, size_t offset)
{
    const char *comma = "";
    fprintf(out, "\"%s\":{", name);
    for (int b = 0; b < BUDGETS; b++) {
        const char *text = (const char *)&r->answers[b] + offset;
        if (*text)
            fprintf(out, "%s\"%d\":%s", comma, budgets[b], text);
        comma = *text ? "," : comma;
    }
    fprintf(out, "},");
}

static int append(const struct work *w, const struct run *r)
{
    char path[1024], key[512], *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return -1;
    key_of(key, sizeof key, r->item);
    fprintf(memory, "%s\"budget\":%d,", key, r->budget);
    write_answers(memory, r, "observed", offsetof(struct answer, observed));
    write_answers(memory, r, "expected", offsetof(struct answer, expected));
    fprintf(memory, "\"seen\":[");
    for (int i = 0; i < r->done; i++)
        fprintf(memory, isnan(r->seen[i]) ? "%snull" : "%s%.8g", i ? "," : "", r->seen[i]);
    fprintf(memory, "],\"optimizer_cpu_seconds\":%.4g,\"machine\":\"%s\",\"status\":\"%s\"}\n", r->cpu_seconds,
            w->settings->machine, r->status);
    fclose(memory);
    path_of(path, sizeof path, w->settings, r->item->method);
    const int rc = history_append(path, text, size);
    free(text);
    return rc;
}

/* --------------------------------------------------------------------- work */

static int do_item(size_t at, void *user)
{
    struct work *w = user;
    const struct settings *s = w->settings;
    w->evaluator = w->evaluator ? w->evaluator : evaluator_start(w->command);
    struct run *r = calloc(1, sizeof *r);
    double *seen = calloc((size_t)s->budget, sizeof *seen);
    if (!w->evaluator || !r || !seen) {
        free(r);
        free(seen);
        return -1;
    }
    *r = (struct run){.item = &w->items[at], .evaluator = w->evaluator, .budget = s->budget, .seen = seen};
    if (crew_is_first() && clock_wall() - w->shown > 10) {
        w->shown = clock_wall();
        fprintf(stderr, "%6zu of %zu runs, %.0f s: %s %s seed %d\n", at, w->count, w->shown - w->start, r->item->method,
                r->item->task->name, r->item->seed);
    }
    execute(r, s->set);
    if (strcmp(r->status, "ok") != 0)
        fprintf(stderr, "%s %s seed %d: %s\n", r->item->method, r->item->task->name, r->item->seed, r->status);
    const int rc = append(w, r);
    free(r);
    free(seen);
    return rc;
}

static void plan_method(struct work *w, const struct real_tasks *tasks, const char *method, int seed,
                        const struct history *h)
{
    for (size_t t = 0; t < tasks->count; t++) {
        char key[512];
        const struct item item = {.method = method, .task = &tasks->list[t], .seed = seed};
        if (!word_in(w->settings->problems, item.task->name))
            continue;
        key_of(key, sizeof key, &item);
        w->planned++;
        if (!history_has(h, key, w->settings->budget))
            w->items[w->count++] = item;
    }
}

/* Seeds are the outer loop: what is cut off is cut off for all. */
static int plan(struct work *w, const struct real_tasks *tasks)
{
    const struct settings *s = w->settings;
    const size_t methods = afina_method_count();
    struct history *past = calloc(methods, sizeof *past);
    w->items = calloc(methods * tasks->count * (size_t)s->seeds + 1, sizeof *w->items);
    if (!past || !w->items) {
        free(past);
        return -1;
    }
    for (int seed = s->first_seed; seed < s->first_seed + s->seeds; seed++)
        for (size_t m = 0; m < methods; m++) {
            char path[1024];
            if (!is_measured(s, afina_method_name(m)))
                continue;
            path_of(path, sizeof path, s, afina_method_name(m));
            if (seed == s->first_seed)
                history_read(&past[m], path);
            plan_method(w, tasks, afina_method_name(m), seed, &past[m]);
        }
    for (size_t m = 0; m < methods; m++)
        history_free(&past[m]);
    free(past);
    return 0;
}

static int work_all(struct work *w, const struct real_tasks *tasks)
{
    size_t taken = 0;
    if (make_folder(w->settings->out) || plan(w, tasks)) {
        fprintf(stderr, "bench: cannot write to %s\n", w->settings->out);
        return -1;
    }
    fprintf(stderr, "%zu runs, %zu of them done before\n", w->planned, w->planned - w->count);
    const int rc = crew_run(w->count, w->settings->jobs, w->settings->seconds, do_item, w, &taken);
    evaluator_end(w->evaluator);
    fprintf(stderr, "%zu of %zu runs in %.0f s\n", taken, w->count, clock_wall() - w->start);
    return rc;
}

/* ------------------------------------------------------------- command line */

static const char *const usage =
    "real-runner --spaces FILE --evaluator COMMAND --out FOLDER [--methods A,B] [--tasks A,B*] [--seeds N]\n"
    "            [--first-seed K] [--budget N] [--jobs N] [--seconds S] [--set KEY=VALUE,...]\n";

static int set_option(struct settings *s, struct work *w, const char **spaces, const char *name, const char *value)
{
    const struct {
        const char *name, **text;
        int *number;
    } options[] = {
        {"--spaces", spaces, NULL},       {"--evaluator", &w->command, NULL}, {"--out", &s->out, NULL},
        {"--methods", &s->methods, NULL}, {"--tasks", &s->problems, NULL},    {"--set", &s->set, NULL},
        {"--seeds", NULL, &s->seeds},     {"--budget", NULL, &s->budget},     {"--first-seed", NULL, &s->first_seed},
        {"--jobs", NULL, &s->jobs},
    };
    if (strcmp(name, "--seconds") == 0) {
        s->seconds = strtod(value, NULL);
        return 0;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].name, name) == 0) {
            if (options[i].text)
                *options[i].text = value;
            else
                *options[i].number = atoi(value);
            return 0;
        }
    return -1;
}

int main(int argc, char **argv)
{
    struct settings s = {.seeds = 3, .budget = 100, .jobs = 1, .seconds = 1e9, .methods = "auto,gp,tpe,random"};
    struct work w = {.settings = &s, .start = clock_wall()};
    struct real_tasks tasks = {0};
    const char *spaces = NULL;
    int rc = argc % 2 ? 0 : -1;
    for (int i = 1; i + 1 < argc && !rc; i += 2)
        rc = set_option(&s, &w, &spaces, argv[i], argv[i + 1]);
    if (rc || !spaces || !w.command || !s.out || s.seeds < 1 || s.budget < 1 || s.jobs < 1) {
        fprintf(stderr, "%s", usage);
        return 2;
    }
    s.machine = machine_name();
    if (real_tasks_read(&tasks, spaces))
        fprintf(stderr, "bench: %s holds no tasks\n", spaces);
    else
        rc = work_all(&w, &tasks);
    free(w.items);
    const int failed = rc || !tasks.count;
    real_tasks_free(&tasks);
    return failed;
}
