/* Library x task x run, on several processes: what the results hold is not run again. Runs are the outer loop, so what
 * is cut off by time is cut off for all alike. One line a run is appended to the file of its library, scheduler and
 * method. */
#define _POSIX_C_SOURCE 200809L
#include "arms.h"

#include "crew.h"
#include "history.h"
#include "policies.h"
#include "settings.h"
#include "study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One thing that is measured: a policy, or a scheduler with a stopper and a method. */
struct contender {
    char scheduler[48], method[48], label[64];
    const char *stopper;
    const struct policy *policy;
    struct history history;
};

struct item {
    const struct contender *contender;
    const struct pool *pool;
    int run;
};

struct plan {
    const struct arms_settings *settings;
    struct pool **pools;
    size_t pool_count;
    struct contender *contenders;
    size_t contender_count;
    struct item *items;
    size_t count, planned;
    double start, shown;
};

/* --------------------------------------------------------------------- files */

static const char *library_of(const struct contender *c)
{
    return c->policy ? "reference" : "afina";
}

static void path_of(char *path, size_t size, const struct arms_settings *s, const struct contender *c)
{
    snprintf(path, size, "%s/%s-%s-%s.jsonl", s->out, library_of(c), c->label, c->method);
}

static void key_of(char *key, size_t size, const struct item *i)
{
    const struct contender *c = i->contender;
    snprintf(
        key, size,
        "{\"library\":\"%s\",\"version\":\"%s\",\"scheduler\":\"%s\",\"method\":\"%s\",\"task\":\"%s\",\"run\":%d,",
        library_of(c), c->policy ? "" : afina_version(), c->label, c->method, i->pool->problem->name, i->run);
}

static int append(const struct plan *plan, const struct item *i, const struct study *s, double seconds)
{
    char path[1024], key[512], line[1280];
    path_of(path, sizeof path, plan->settings, i->contender);
    key_of(key, sizeof key, i);
    const int n = snprintf(line, sizeof line,
                           "%s\"budget\":%d,\"p\":%.10g,\"expected\":%.10g,\"spent\":%.6g,\"trials\":%ld,\"seconds\":%."
                           "4g,\"machine\":\"%s\","
                           "\"status\":\"%s\"}\n",
                           key, i->pool->budget, s->percentile, i->pool->expected, s->spent, s->trials, seconds,
                           plan->settings->machine, s->status);
    return n > 0 && (size_t)n < sizeof line ? history_append(path, line, (size_t)n) : -1;
}

/* ------------------------------------------------------------------- running */

static void run_policy(const struct contender *c, struct study *s)
{
    struct course course;
    if (course_begin(&course, s->pool, s->run))
        return;
    c->policy->run(&course, c->policy->option);
    s->percentile = course_percentile(&course);
    s->spent = s->pool->budget - (double)course.left / s->pool->steps;
    s->trials = (long)course.next;
    snprintf(s->status, sizeof s->status, "ok");
    course_end(&course);
}

static void show_progress(struct plan *plan, size_t at)
{
    const int is_terminal = isatty(STDERR_FILENO);
    const double now = clock_wall(), elapsed = now - plan->start;
    const struct item *i = &plan->items[at];
    if (!crew_is_first() || now - plan->shown < (is_terminal ? 0.2 : 30))
        return;
    plan->shown = now;
    fprintf(stderr, "%s%6zu of %zu runs  %5.0f s, about %5.0f s to go  %-12s %-8s %-40.40s%s", is_terminal ? "\r" : "",
            at, plan->count, elapsed, at ? elapsed * (double)(plan->count - at) / (double)at : 0, i->contender->label,
            i->contender->method, i->pool->problem->name, is_terminal ? "" : "\n");
}

static int do_item(size_t at, void *user)
{
    struct plan *plan = user;
    const struct item *i = &plan->items[at];
    const struct contender *c = i->contender;
    struct study s = {.pool = i->pool,
                      .scheduler = c->scheduler,
                      .stopper = c->stopper,
                      .method = c->method,
                      .options = plan->settings->set,
                      .run = (uint64_t)i->run,
                      .status = "failed: out of memory"};
    const double start = clock_cpu();
    show_progress(plan, at);
    if (c->policy)
        run_policy(c, &s);
    else
        study_run(&s);
    return append(plan, i, &s, clock_cpu() - start);
}

/* ------------------------------------------------------------------ the plan */

static int load_pools(struct plan *plan)
{
    plan->pools = calloc(pool_count() + 1, sizeof *plan->pools);
    for (size_t i = 0; plan->pools && i < pool_count(); i++) {
        if (!word_in(plan->settings->tasks, pool_name(i)))
            continue;
        struct pool *pool = pool_load(i, plan->settings->pools);
        if (!pool)
            return -1;
        plan->pools[plan->pool_count++] = pool;
    }
    return plan->pool_count ? 0 : -1;
}

static int fill_plan(struct plan *plan)
{
    const struct arms_settings *s = plan->settings;
    char key[512], path[1024];
    plan->items = calloc((size_t)s->runs * plan->pool_count * plan->contender_count + 1, sizeof *plan->items);
    if (!plan->items)
        return -1;
    for (size_t c = 0; c < plan->contender_count; c++) {
        path_of(path, sizeof path, s, &plan->contenders[c]);
        history_read(&plan->contenders[c].history, path);
    }
    for (int run = s->first_run; run < s->first_run + s->runs; run++)
        for (size_t p = 0; p < plan->pool_count; p++)
            for (size_t c = 0; c < plan->contender_count; c++) {
                const struct item i = {&plan->contenders[c], plan->pools[p], run};
                key_of(key, sizeof key, &i);
                plan->planned++;
                if (!history_has(&plan->contenders[c].history, key, i.pool->budget))
                    plan->items[plan->count++] = i;
            }
    return 0;
}

static void free_plan(struct plan *plan)
{
    for (size_t p = 0; p < plan->pool_count; p++)
        pool_free(plan->pools[p]);
    for (size_t c = 0; c < plan->contender_count; c++)
        history_free(&plan->contenders[c].history);
    free(plan->pools);
    free(plan->contenders);
    free(plan->items);
}

static int carry_out(struct plan *plan)
{
    size_t taken = 0;
    int rc = -1;
    plan->start = clock_wall();
    if (load_pools(plan) == 0 && fill_plan(plan) == 0) {
        fprintf(stderr, "%zu runs, %zu of them done before\n", plan->planned, plan->planned - plan->count);
        plan->start = clock_wall();
        rc = crew_run(plan->count, plan->settings->jobs, plan->settings->seconds, do_item, plan, &taken);
        fprintf(stderr, "\n%s in %.0f s\n", taken < plan->count ? "stopped" : "finished", clock_wall() - plan->start);
    }
    free_plan(plan);
    return rc;
}

/* ---------------------------------------------------------------- contenders */

int arms_policies(const struct arms_settings *s)
{
    struct plan plan = {.settings = s, .contenders = calloc(policy_count(), sizeof(struct contender))};
    for (size_t i = 0; plan.contenders && i < policy_count(); i++) {
        struct contender *c = &plan.contenders[plan.contender_count++];
        c->policy = policy_at(i);
        snprintf(c->label, sizeof c->label, "%s", c->policy->name);
        snprintf(c->method, sizeof c->method, "pool");
    }
    return carry_out(&plan);
}

static size_t next_word(const char **list, char *word, size_t size)
{
    const size_t length = strcspn(*list, ",");
    snprintf(word, size, "%.*s", (int)length, *list);
    *list += length + ((*list)[length] == ',');
    return length;
}

static void add_contender(struct plan *plan, const char *scheduler, const char *method)
{
    struct contender *c = &plan->contenders[plan->contender_count++];
    const char *label = plan->settings->label;
    snprintf(c->scheduler, sizeof c->scheduler, "%s", scheduler);
    snprintf(c->method, sizeof c->method, "%s", method);
    char *plus = strchr(c->scheduler, '+');
    if (plus) {
        *plus = '\0';
        c->stopper = plus + 1;
    }
    snprintf(c->label, sizeof c->label, "%s",
             label                                         ? label
             : plus && strncmp(scheduler, "none+", 5) == 0 ? plus + 1
                                                           : scheduler);
}

int arms_studies(const struct arms_settings *s)
{
    char scheduler[48], method[48];
    struct plan plan = {.settings = s, .contenders = calloc(64, sizeof(struct contender))};
    if (!plan.contenders)
        return -1;
    for (const char *list = s->schedulers; next_word(&list, scheduler, sizeof scheduler);)
        for (const char *rest = s->methods; next_word(&rest, method, sizeof method);)
            if (plan.contender_count < 64)
                add_contender(&plan, scheduler, method);
    return carry_out(&plan);
}
