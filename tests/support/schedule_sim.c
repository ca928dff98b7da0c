#include "support/schedule_sim.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) sim_check(call, #call)

static void sim_check(int32_t rc, const char *call)
{
    if (rc)
        fail_msg("%s: %d, %s", call, (int)rc, fail_text());
}

struct world {
    const struct sim *sim;
    const struct scheduler *scheduler;
    struct option_set options;
    struct schedule_context context;
    void *state;
    struct point **point; /* of each trial */
    struct sim_result *result;
    size_t capacity, point_capacity;
    int64_t queued, running;
    double promised, now;
};

static void set_options(struct world *w)
{
    for (const char *const *text = w->sim->options; text && *text; text++) {
        char key[64], *end;
        const char *value = strchr(*text, '=') + 1;
        snprintf(key, sizeof key, "%.*s", (int)(value - 1 - *text), *text);
        double number = strtod(value, &end);
        const struct option *option = option_find(w->options.table, w->options.count, key);
        if (option && option->type == AFINA_OPTION_STRING)
            OK(options_set_string(&w->options, key, value));
        else if (option && option->type == AFINA_OPTION_INTEGER)
            OK(options_set_integer(&w->options, key, (int64_t)number));
        else
            OK(options_set_real(&w->options, key, number));
    }
}

static void open_world(struct world *w, const struct sim *sim, struct sim_result *result)
{
    struct space *space;
    *w = (struct world){.sim = sim, .result = result, .queued = sim->queued};
    OK(scheduler_find(sim->scheduler, &w->scheduler));
    OK(options_init(&w->options, sim->scheduler, w->scheduler->options, w->scheduler->n_options));
    set_options(w);
    OK(space_new(&space));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&w->context.space, space));
    space_free(space);
    w->context.options = &w->options;
    w->context.seed = sim->seed;
    w->context.budget_min = sim->budget_max > 0 ? sim->budget_min : INFINITY;
    w->context.budget_max = sim->budget_max > 0 ? sim->budget_max : INFINITY;
    w->context.budget_total = sim->budget_total > 0 ? sim->budget_total : INFINITY;
    w->context.replicates = sim->replicates > 0 ? sim->replicates : 1;
    w->context.trials_total = sim->trials > 0 ? sim->trials : INT64_MAX;
    w->state = mem_new(1, w->scheduler->state_size);
    OK(w->scheduler->init(w->state, &w->context));
}

static void close_world(struct world *w)
{
    w->scheduler->fini(w->state);
    mem_free(w->state);
    for (int64_t i = 0; i < w->result->n; i++)
        point_free(w->point[i]);
    mem_free(w->point);
    options_fini(&w->options);
    space_release(w->context.space);
}

static double cost_of(const struct sim_trial *trial)
{
    return schedule_cost(trial->budget, trial->start);
}

static struct situation situation_of(const struct world *w, struct rng *rng, int exhausted)
{
    double total = w->context.budget_total;
    rng_start(rng, w->sim->seed, (uint64_t)w->result->n, RNG_SUGGEST);
    return (struct situation){.number = w->result->n,
                              .queued = w->queued,
                              .running = w->running,
                              .remaining = total - w->result->spent - w->promised,
                              .exhausted = exhausted,
                              .rng = rng};
}

static struct schedule_event event_of(const struct world *w, int64_t number, int32_t kind)
{
    const struct sim_trial *t = &w->result->trial[number];
    return (struct schedule_event){.kind = kind,
                                   .trial = number,
                                   .arm = t->arm,
                                   .parent = t->parent,
                                   .origin = t->origin,
                                   .point = w->point[number],
                                   .budget = t->budget,
                                   .start = t->start,
                                   .replicate = t->replicate,
                                   .step = NAN,
                                   .loss = NAN};
}

/* The trial that an action asks for, checked against what the contract says. */
static struct sim_trial plan_trial(struct world *w, const struct action *action)
{
    struct sim_result *r = w->result;
    struct sim_trial t = {.arm = r->n, .index = r->n_arms, .parent = -1, .budget = action->budget};
    if (action->kind == ACTION_CONTINUE || action->kind == ACTION_REPEAT || action->kind == ACTION_BRANCH)
        assert_in_range(action->trial, 0, r->n - 1);
    if (action->kind == ACTION_CONTINUE || action->kind == ACTION_REPEAT) {
        const struct sim_trial *parent = &r->trial[action->trial];
        t.arm = parent->arm;
        t.index = parent->index;
        t.parent = action->trial;
        t.origin = action->kind == ACTION_CONTINUE ? AFINA_ORIGIN_PROMOTED : AFINA_ORIGIN_REPEATED;
        t.replicate = action->kind == ACTION_REPEAT ? action->replicate : parent->replicate;
    }
    if (action->kind == ACTION_CONTINUE || action->kind == ACTION_BRANCH) {
        t.parent = action->trial;
        t.start = r->trial[action->trial].budget;
        assert_int_equal(r->trial[action->trial].state, AFINA_STATE_PAUSED);
        assert_true(t.budget > t.start || action->kind == ACTION_BRANCH);
    }
    assert_true(t.budget <= w->context.budget_max);
    assert_in_range(t.replicate, 0, w->context.replicates - 1);
    return t;
}

static struct point *make_point(struct world *w, const struct action *action, struct point *branch)
{
    struct point *point;
    struct rng rng;
    if (action->kind == ACTION_BRANCH) {
        OK(point_copy(&point, branch));
        return point;
    }
    if (action->kind != ACTION_NEW) {
        OK(point_copy(&point, w->point[action->trial]));
        return point;
    }
    rng_start(&rng, w->sim->seed, (uint64_t)w->result->n_arms, RNG_REPAIR);
    OK(point_new(&point, w->context.space));
    OK(space_sample(w->context.space, &rng, point));
    return point;
}

static void start_trial(struct world *w, struct sim_trial t, struct point *point, const struct situation *situation)
{
    struct sim_result *r = w->result;
    void *trials = r->trial, *points = w->point;
    struct rng rng;
    assert_int_equal(mem_reserve(&trials, &w->capacity, (size_t)r->n + 1, sizeof *r->trial), 0);
    assert_int_equal(mem_reserve(&points, &w->point_capacity, (size_t)r->n + 1, sizeof *w->point), 0);
    r->trial = trials;
    w->point = points;
    rng_start(&rng, w->sim->seed, (uint64_t)r->n, RNG_DESIGN);
    t.from = w->now;
    t.until = w->now + cost_of(&t) * (0.5 + rng_uniform(&rng));
    t.state = AFINA_STATE_RUNNING;
    if (t.arm == r->n) {
        r->n_arms++;
        if (w->queued > 0)
            w->queued--;
    }
    r->trial[r->n] = t;
    w->point[r->n] = point;
    w->running++;
    w->promised += cost_of(&t);
    struct schedule_event event = event_of(w, r->n, SCHEDULE_ASKED);
    struct situation told = *situation;
    told.rng = NULL;
    event.situation = &told;
    r->n++;
    OK(w->scheduler->observe(w->state, &event));
}

/* 1 when a trial was started. */
static int ask(struct world *w)
{
    struct rng rng;
    struct point *branch;
    struct action action = {.budget = w->context.budget_max};
    OK(point_new(&branch, w->context.space));
    int exhausted = w->sim->arms > 0 && w->result->n_arms >= w->sim->arms;
    struct situation s = situation_of(w, &rng, 0);
    action.point = branch;
    OK(w->scheduler->next(w->state, &s, &action));
    if (action.kind == ACTION_NEW && exhausted) {
        s = situation_of(w, &rng, 1);
        action = (struct action){.budget = w->context.budget_max, .point = branch};
        OK(w->scheduler->next(w->state, &s, &action));
        assert_int_not_equal(action.kind, ACTION_NEW);
    }
    int starts = action.kind < ACTION_WAIT;
    if (action.kind == ACTION_WAIT)
        assert_true(w->running > 0);
    if (action.kind == ACTION_DONE)
        w->result->ended = 1;
    if (starts) {
        struct sim_trial t = plan_trial(w, &action);
        if (cost_of(&t) > s.remaining * (1 + 1e-9))
            starts = 0; /* as the frame: wait, or the end */
        else
            start_trial(w, t, make_point(w, &action, branch), &s);
        if (!starts && w->running == 0)
            w->result->ended = 1;
    }
    point_free(branch);
    return starts;
}

static void report(struct world *w, int64_t number)
{
    struct sim_trial *t = &w->result->trial[number];
    double every = w->sim->report_every;
    for (double step = t->start + every; every > 0 && step <= t->budget * (1 + 1e-9); step += every) {
        struct schedule_event event = event_of(w, number, SCHEDULE_REPORT);
        event.step = step;
        event.loss = w->sim->loss(w->sim->user, t->index, w->point[number], step, t->replicate);
        OK(w->scheduler->observe(w->state, &event));
    }
}

static void tell(struct world *w, int64_t number)
{
    struct sim_trial *t = &w->result->trial[number];
    w->now = t->until;
    report(w, number);
    t->loss = w->sim->loss(w->sim->user, t->index, w->point[number], t->budget, t->replicate);
    t->state = isnan(t->loss)                      ? AFINA_STATE_FAILED
               : t->budget < w->context.budget_max ? AFINA_STATE_PAUSED
                                                   : AFINA_STATE_COMPLETE;
    if (number >= w->sim->lose_from && number < w->sim->lose_to) {
        t->state = AFINA_STATE_LOST;
        t->loss = NAN;
    }
    w->running--;
    w->promised -= cost_of(t);
    w->result->spent += cost_of(t);
    w->result->busy += t->until - t->from;
    struct schedule_event event = event_of(w, number, SCHEDULE_TOLD);
    event.state = t->state;
    event.loss = t->loss;
    OK(w->scheduler->observe(w->state, &event));
}

static int64_t first_to_end(const struct world *w)
{
    int64_t first = -1;
    for (int64_t i = 0; i < w->result->n; i++)
        if (w->result->trial[i].state == AFINA_STATE_RUNNING &&
            (first < 0 || w->result->trial[i].until < w->result->trial[first].until))
            first = i;
    return first;
}

void sim_run(const struct sim *sim, struct sim_result *out)
{
    struct world w;
    int workers = sim->workers > 0 ? sim->workers : 1;
    *out = (struct sim_result){.conclusion = {.arm = -1, .gap = NAN}};
    open_world(&w, sim, out);
    int64_t most = sim->trials > 0 ? sim->trials : 1000000;
    for (;;) {
        while (!out->ended && w.running < workers && out->n < most && ask(&w))
            ;
        int64_t next = workers == 1 ? out->n - 1 : first_to_end(&w);
        if (next < 0 || w.running == 0)
            break;
        tell(&w, next);
    }
    out->makespan = w.now;
    out->busy /= w.now > 0 ? w.now * workers : 1;
    if (w.scheduler->conclude)
        w.scheduler->conclude(w.state, &out->conclusion);
    close_world(&w);
}

void sim_free(struct sim_result *result)
{
    mem_free(result->trial);
}
