#include "support/schedule_sim.h"

#include "core/fail.h"
#include "core/mem.h"
#include "schedule/parts/ranks.h"

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

/* What a trial reported. */
struct sim_reports {
    double *step, *loss;
    size_t n, capacity[2];
};

struct world {
    const struct sim *sim;
    const struct scheduler *scheduler;
    const struct stopper *stopper;
    struct option_set options, stopper_options;
    struct schedule_context context, stopper_context;
    void *state, *stopper_state;
    struct point **point;        /* of each trial */
    struct sim_reports *reports; /* of each trial */
    struct rank_heap events;     /* when each trial that runs reports or ends next */
    struct sim_result *result;
    size_t capacity, point_capacity, reports_capacity;
    int64_t queued, running;
    double promised, now;
};

static void set_options(struct option_set *set, const char *const *text)
{
    for (; text && *text; text++) {
        char key[64], *end;
        const char *value = strchr(*text, '=') + 1;
        snprintf(key, sizeof key, "%.*s", (int)(value - 1 - *text), *text);
        double number = strtod(value, &end);
        const struct option *option = option_find(set->table, set->count, key);
        if (option && option->type == AFINA_OPTION_STRING)
            OK(options_set_string(set, key, value));
        else if (option && option->type == AFINA_OPTION_INTEGER)
            OK(options_set_integer(set, key, (int64_t)number));
        else
            OK(options_set_real(set, key, number));
    }
}

static void make_context(struct world *w, const struct sim *sim)
{
    struct space *space;
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
    w->stopper_context = w->context;
    w->stopper_context.options = &w->stopper_options;
}

static void open_world(struct world *w, const struct sim *sim, struct sim_result *result)
{
    *w = (struct world){.sim = sim, .result = result, .queued = sim->queued};
    OK(scheduler_find(sim->scheduler, &w->scheduler));
    OK(options_init(&w->options, sim->scheduler, w->scheduler->options, w->scheduler->n_options));
    set_options(&w->options, sim->options);
    make_context(w, sim);
    w->state = mem_new(1, w->scheduler->state_size);
    OK(w->scheduler->init(w->state, &w->context));
    OK(stopper_find(sim->stopper ? sim->stopper : "never", &w->stopper));
    OK(options_init(&w->stopper_options, w->stopper->name, w->stopper->options, w->stopper->n_options));
    set_options(&w->stopper_options, sim->stopper_options);
    w->stopper_state = mem_new(1, w->stopper->state_size);
    OK(w->stopper->init(w->stopper_state, &w->stopper_context));
}

static void close_world(struct world *w)
{
    w->scheduler->fini(w->state);
    w->stopper->fini(w->stopper_state);
    mem_free(w->state);
    mem_free(w->stopper_state);
    for (int64_t i = 0; i < w->result->n; i++) {
        point_free(w->point[i]);
        mem_free(w->reports[i].step);
        mem_free(w->reports[i].loss);
    }
    mem_free(w->point);
    mem_free(w->reports);
    rank_heap_fini(&w->events);
    options_fini(&w->options);
    options_fini(&w->stopper_options);
    space_release(w->context.space);
}

static void observe(struct world *w, const struct schedule_event *event)
{
    OK(w->scheduler->observe(w->state, event));
    OK(w->stopper->observe(w->stopper_state, event));
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
                                   .asked_start = t->asked_start,
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
        t.start = t.asked_start = r->trial[action->trial].budget;
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

static void make_room(struct world *w)
{
    struct sim_result *r = w->result;
    void *trials = r->trial, *points = w->point, *reports = w->reports;
    OK(mem_reserve(&trials, &w->capacity, (size_t)r->n + 1, sizeof *r->trial));
    OK(mem_reserve(&points, &w->point_capacity, (size_t)r->n + 1, sizeof *w->point));
    OK(mem_reserve(&reports, &w->reports_capacity, (size_t)r->n + 1, sizeof *w->reports));
    r->trial = trials;
    w->point = points;
    w->reports = reports;
    w->reports[r->n] = (struct sim_reports){0};
}

static double next_step(const struct world *w, int64_t number)
{
    return w->result->trial[number].start + w->sim->report_every * (double)(w->reports[number].n + 1);
}

static int reports_again(const struct world *w, int64_t number)
{
    return w->sim->report_every > 0 && next_step(w, number) <= w->result->trial[number].budget * (1 + 1e-9);
}

/* The trial that has just been asked for begins from nothing. */
static void restart(struct world *w)
{
    struct sim_trial *t = &w->result->trial[w->result->n - 1];
    w->promised += t->start;
    t->until += t->start;
    t->start = 0;
}

/* The next report of a trial, or its end. */
static void plan_event(struct world *w, int64_t number)
{
    const struct sim_trial *t = &w->result->trial[number];
    double when = t->until;
    if (reports_again(w, number))
        when = fmin(when, t->from + (t->until - t->from) * (next_step(w, number) - t->start) / (t->budget - t->start));
    OK(rank_heap_push(&w->events, (struct ranked){when, number}, 0));
}

static void start_trial(struct world *w, struct sim_trial t, struct point *point, const struct situation *situation)
{
    struct sim_result *r = w->result;
    struct rng rng;
    make_room(w);
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
    observe(w, &event);
    if (w->sim->restarts)
        restart(w);
    plan_event(w, r->n - 1);
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

static void add_report(struct sim_reports *reports, double step, double loss)
{
    void *steps = reports->step, *losses = reports->loss;
    OK(mem_reserve(&steps, &reports->capacity[0], reports->n + 1, sizeof step));
    OK(mem_reserve(&losses, &reports->capacity[1], reports->n + 1, sizeof loss));
    reports->step = steps;
    reports->loss = losses;
    reports->step[reports->n] = step;
    reports->loss[reports->n++] = loss;
}

/* 1 when the stopper ends the trial. */
static int report(struct world *w, int64_t number)
{
    const struct sim_trial *t = &w->result->trial[number];
    struct sim_reports *reports = &w->reports[number];
    struct schedule_event event = event_of(w, number, SCHEDULE_REPORT);
    struct rng rng;
    int stop = 0;
    event.step = next_step(w, number);
    event.loss = w->sim->loss(w->sim->user, t->index, w->point[number], event.step, t->replicate);
    add_report(reports, event.step, event.loss);
    observe(w, &event);
    rng_start(&rng, w->sim->seed, (uint64_t)number, RNG_REPAIR);
    const struct progress progress = {.trial = number,
                                      .arm = t->arm,
                                      .point = w->point[number],
                                      .budget = t->budget,
                                      .start = t->start,
                                      .replicate = t->replicate,
                                      .n = reports->n,
                                      .steps = reports->step,
                                      .losses = reports->loss,
                                      .rng = &rng};
    OK(w->stopper->advise(w->stopper_state, &progress, &stop));
    return stop;
}

static void end_trial(struct world *w, int64_t number, double reached, int32_t state, double loss)
{
    struct sim_trial *t = &w->result->trial[number];
    w->running--;
    w->promised -= cost_of(t);
    t->loss = loss;
    t->state = state;
    t->until = w->now;
    t->reached = reached;
    w->result->spent += schedule_cost(t->reached, t->start);
    w->result->busy += t->until - t->from;
    struct schedule_event event = event_of(w, number, SCHEDULE_TOLD);
    event.state = t->state;
    event.loss = t->loss;
    observe(w, &event);
}

static void tell(struct world *w, int64_t number)
{
    const struct sim_trial *t = &w->result->trial[number];
    double loss = w->sim->loss(w->sim->user, t->index, w->point[number], t->budget, t->replicate);
    int32_t state = isnan(loss)                         ? AFINA_STATE_FAILED
                    : t->budget < w->context.budget_max ? AFINA_STATE_PAUSED
                                                        : AFINA_STATE_COMPLETE;
    if (number >= w->sim->lose_from && number < w->sim->lose_to) {
        state = AFINA_STATE_LOST;
        loss = NAN;
    }
    end_trial(w, number, t->budget, state, loss);
}

static void handle_event(struct world *w)
{
    struct ranked event = rank_heap_pop(&w->events, 0);
    const struct sim_reports *reports = &w->reports[event.number];
    w->now = event.loss;
    if (!reports_again(w, event.number))
        tell(w, event.number);
    else if (report(w, event.number))
        end_trial(w, event.number, reports->step[reports->n - 1], AFINA_STATE_STOPPED, reports->loss[reports->n - 1]);
    else
        plan_event(w, event.number);
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
        if (w.running == 0)
            break;
        handle_event(&w);
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
