/* Asynchronous successive halving by promotion (L. Li, K. Jamieson, A. Rostamizadeh, E. Gonina, J. Ben-Tzur, M. Hardt,
 * B. Recht, A. Talwalkar, MLSys 2020): a worker that is free takes the best arm that is among the top 1/eta of a rung
 * and has not gone on, from the highest rung that has one; where none has, a new arm begins. No worker waits.
 *
 * Of a rung with n arms the top are the best floor(n / eta). A trial that failed or was stopped counts as the worst of
 * its rung, one that was lost does not count; neither goes on. With several brackets, new arms begin at the lowest
 * levels in the shares that Hyperband gives them, eta^s / (s + 1); all arms at a level are of one rung.
 *
 * The paper says nothing of the end. Here, when no new arm can be had, or when the budget would no longer take the best
 * arm to the top, and no arm is there, the best arm of the highest rung goes to the full budget at once. */
#include "core/elementary.h"
#include "schedule/parts/arms.h"
#include "schedule/parts/levels.h"
#include "schedule/parts/ranks.h"

#include "core/mem.h"

#include <math.h>

struct rung {
    struct ranks ranks;       /* of its arms, split at the top 1/eta */
    struct rank_heap waiting; /* those that may go on, the best first; of its first item that is true */
};

/* Of an arm: 1 + the highest level that was asked for, and 1 + the highest with a result; 0: none. */
struct climb {
    unsigned char asked, entered;
};

struct asha {
    struct arms arms;
    struct levels levels;
    double eta;
    size_t brackets;
    double share[LEVELS_MOST]; /* of the new arms, by the level at which they begin */
    int64_t begun[LEVELS_MOST], all_begun;
    struct rung rung[LEVELS_MOST];
    struct climb *climb; /* of each arm, by its place in arms.arm */
    size_t n_climbs, climb_capacity;
    int64_t at_top; /* arms that were asked for at the full budget and have not failed there */
};

static const struct option options[] = {
    {"eta", AFINA_OPTION_REAL, 2, 1000, 3, "", "", "one arm in eta goes on to a budget eta times as large"},
    {"brackets", AFINA_OPTION_INTEGER, 1, LEVELS_MOST, 1, "", "", "levels, from the lowest, at which new arms begin"},
};

static void set_shares(struct asha *asha)
{
    double sum = 0;
    for (size_t b = 0; b < asha->brackets; b++) {
        double s = (double)(asha->levels.count - 1 - b);
        asha->share[b] = portable_pow(asha->eta, -(double)b) / (s + 1);
        sum += asha->share[b];
    }
    for (size_t b = 0; b < asha->brackets; b++)
        asha->share[b] /= sum;
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct asha *asha = state;
    int64_t brackets = option_integer(context->options, "brackets");
    asha->eta = option_real(context->options, "eta");
    arms_init(&asha->arms, context);
    levels_init(&asha->levels, context->budget_min, context->budget_max, asha->eta);
    asha->brackets = (size_t)brackets < asha->levels.count ? (size_t)brackets : asha->levels.count;
    set_shares(asha);
    return 0;
}

static void fini(void *state)
{
    struct asha *asha = state;
    for (size_t i = 0; i < LEVELS_MOST; i++) {
        ranks_fini(&asha->rung[i].ranks);
        rank_heap_fini(&asha->rung[i].waiting);
    }
    mem_free(asha->climb);
    arms_fini(&asha->arms);
}

static size_t place_of(const struct asha *asha, int64_t trial)
{
    return (size_t)(arms_of(&asha->arms, trial) - asha->arms.arm);
}

static int32_t make_climbs(struct asha *asha)
{
    void *list = asha->climb;
    int32_t rc = mem_reserve(&list, &asha->climb_capacity, asha->arms.n, sizeof *asha->climb);
    asha->climb = list;
    while (!rc && asha->n_climbs < asha->arms.n)
        asha->climb[asha->n_climbs++] = (struct climb){0};
    return rc;
}

/* Arms that went on, or are out, leave the head of the queue of a rung. */
static void clean(struct asha *asha)
{
    for (size_t i = 0; i + 1 < asha->levels.count; i++) {
        struct rank_heap *waiting = &asha->rung[i].waiting;
        while (waiting->n > 0 && (asha->climb[place_of(asha, waiting->item[0].number)].asked > i + 1 ||
                                  arms_of(&asha->arms, waiting->item[0].number)->is_out))
            rank_heap_pop(waiting, 0);
    }
}

static void observe_asked(struct asha *asha, const struct schedule_event *event, size_t level)
{
    struct climb *climb = &asha->climb[place_of(asha, event->trial)];
    if (climb->asked < level + 1)
        climb->asked = (unsigned char)(level + 1);
    asha->at_top += level + 1 == asha->levels.count;
    if (event->situation && event->trial == event->arm && level < asha->brackets) {
        asha->begun[level]++;
        asha->all_begun++;
    }
}

/* The arm enters the rung of a level, once. */
static int32_t enter(struct asha *asha, const struct arm *arm, size_t level, double loss)
{
    struct climb *climb = &asha->climb[arm - asha->arms.arm];
    struct rung *rung = &asha->rung[level];
    struct ranked item = {loss, arm->number};
    if (climb->entered >= level + 1)
        return 0;
    climb->entered = (unsigned char)(level + 1);
    int32_t rc = loss < INFINITY ? rank_heap_push(&rung->waiting, item, 0) : 0;
    double top = floor((double)(ranks_count(&rung->ranks) + 1) / asha->eta * (1 + 1e-12));
    return rc ? rc : ranks_add(&rung->ranks, item, (size_t)top);
}

static int32_t observe_told(struct asha *asha, const struct schedule_event *event, const struct arm *arm, size_t level)
{
    int has_result = !arm->is_out && !isnan(event->loss);
    if (level + 1 == asha->levels.count)
        asha->at_top += event->is_late ? has_result : -!has_result;
    if (event->state == AFINA_STATE_LOST || event->replicate != 0)
        return 0;
    return enter(asha, arm, level, has_result ? event->loss : INFINITY);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct asha *asha = state;
    struct arm *arm;
    int32_t rc = arms_observe(&asha->arms, event, &arm);
    int32_t level = levels_reached(&asha->levels, event->budget);
    if (!rc)
        rc = make_climbs(asha);
    if (rc || level < 0)
        return rc;
    if (event->kind == SCHEDULE_ASKED)
        observe_asked(asha, event, (size_t)level);
    if (event->kind == SCHEDULE_TOLD)
        rc = observe_told(asha, event, arm, (size_t)level);
    clean(asha);
    return rc;
}

/* The first of those that wait is among the top of the rung. */
static int can_promote(const struct rung *rung)
{
    return rung->waiting.n > 0 && rung->ranks.low.n > 0 &&
           !ranked_before(rung->ranks.low.item[0], rung->waiting.item[0]);
}

static void continue_to(const struct asha *asha, const struct rung *rung, size_t level, struct action *action)
{
    action->kind = ACTION_CONTINUE;
    action->trial = arms_of(&asha->arms, rung->waiting.item[0].number)->last;
    action->budget = asha->levels.value[level];
}

/* The highest rung that an arm waits in; NULL: none. */
static const struct rung *find_leading(const struct asha *asha, size_t *level)
{
    for (size_t i = asha->levels.count - 1; i-- > 0;)
        if (asha->rung[i].waiting.n > 0) {
            *level = i;
            return &asha->rung[i];
        }
    return NULL;
}

/* The level at which the next new arm begins: that which is the furthest behind its share. */
static size_t level_of_new(const struct asha *asha)
{
    size_t best = 0;
    double most = -INFINITY;
    for (size_t b = 0; b < asha->brackets; b++) {
        double behind = asha->share[b] * (double)(asha->all_begun + 1) - (double)asha->begun[b];
        if (behind > most) {
            most = behind;
            best = b;
        }
    }
    return best;
}

/* What must be left for the best arm to reach the full budget after a trial up to a level has ended. */
static double reserve_after(const struct asha *asha, size_t leading, size_t level)
{
    const double *value = asha->levels.value;
    return asha->at_top > 0 ? 0 : value[asha->levels.count - 1] - value[level > leading ? level : leading];
}

/* What the published rule does, when it costs at most `most` with the reserve; WAIT: it costs more, or there are no new
 * points. */
static void propose(const struct asha *asha, double most, size_t leading, int exhausted, struct action *action)
{
    const double *value = asha->levels.value;
    for (size_t i = asha->levels.count - 1; i-- > 0;) {
        double cost = schedule_cost(value[i + 1], value[i]) + reserve_after(asha, leading, i + 1);
        if (can_promote(&asha->rung[i]) && cost <= most) {
            continue_to(asha, &asha->rung[i], i + 1, action);
            return;
        }
    }
    size_t level = level_of_new(asha);
    double cost = schedule_cost(value[level], 0) + reserve_after(asha, leading, level);
    action->kind = exhausted || cost > most ? ACTION_WAIT : ACTION_NEW;
    action->budget = value[level];
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    const struct asha *asha = state;
    size_t top = asha->levels.count - 1, level = 0;
    const struct rung *leading = find_leading(asha, &level);
    double most = situation->remaining * (1 + 1e-9);
    propose(asha, most, level, situation->exhausted, action);
    if (action->kind != ACTION_WAIT || situation->running > 0)
        return 0;
    action->kind = ACTION_DONE;
    if (leading && asha->at_top == 0 && asha->levels.value[top] - asha->levels.value[level] <= most)
        continue_to(asha, leading, top, action);
    return 0;
}

const struct scheduler scheduler_asha = {
    .name = "asha",
    .summary = "asynchronous successive halving: the best of a rung go on, and no worker waits",
    .needs = SCHEDULE_BUDGETS,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct asha),
    .init = init,
    .observe = observe,
    .next = next,
    .fini = fini,
};
