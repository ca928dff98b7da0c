/* Population based training (M. Jaderberg, V. Dalibard, S. Osindero, W. M. Czarnecki, J. Donahue, A. Razavi, O.
 * Vinyals, T. Green, I. Dunning, K. Simonyan, C. Fernando, K. Kavukcuoglu, "Population based training of neural
 * networks", 2017) with truncation selection: a population trains side by side. Members are ready at budget_min and
 * each `interval` after it. One that is then among the worst quarter of those that were ready at this budget leaves,
 * and a new arm takes its place, which goes on from the checkpoint of one of the best quarter (exploit) with a
 * perturbed configuration (explore). The others go on as they are. All ends at budget_max.
 *
 * No member waits for the slowest, and none is judged by too few: while others have not come to a budget yet, its best
 * go on first, and its worst are judged when no other member is ready. Results are compared at the same budget, never
 * across budgets, so a slow worker does not look bad.
 *
 * A place whose trial failed, was stopped or lost is filled first: from the best quarter too, or by a new arm of the
 * method while there is no such member. The event of a branch does not say which member leaves; it is the worst of
 * those that are to leave when the branch begins. */
#include "schedule/parts/arms.h"
#include "schedule/parts/perturb.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

enum { MOST_LEVELS = 10000, NOWHERE = -1 };

enum { TRAINING, READY, FINISHED, EMPTY };

/* A place of the population. */
struct member {
    int status;
    int64_t arm;
    int64_t level;  /* up to which it has a result; NOWHERE: none */
    int64_t target; /* the level that it trains for */
};

struct pbt {
    struct arms arms;
    struct perturb perturb;
    double least, interval, full, quantile;
    int64_t levels;
    struct member *member;
    size_t population, n;
    double *loss; /* of the member of place i at level l: [l * population + i]; NaN: none */
};

static const struct option options[] = {
    {"population", AFINA_OPTION_INTEGER, 2, 1000, 10, "", "", "members that train side by side"},
    {"interval", AFINA_OPTION_REAL, 0, 1e300, 0, "", "", "budget between two looks at a member; 0: budget_min"},
    {"quantile", AFINA_OPTION_REAL, 0, 0.5, 0.25, "", "",
     "share of the worst that copy, and of the best that are copied"},
    {"factor", AFINA_OPTION_REAL, 1, 10, 1.2, "", "", "numbers of a copy are multiplied or divided by it"},
    {"resample", AFINA_OPTION_REAL, 0, 1, 0.25, "", "", "probability that a value of a copy is drawn anew"},
};

static int32_t set_levels(struct pbt *pbt, const struct schedule_context *context)
{
    pbt->least = context->budget_min;
    pbt->full = context->budget_max;
    pbt->interval = option_real(context->options, "interval");
    if (!(pbt->interval > 0))
        pbt->interval = pbt->least;
    double levels = 1 + ceil((pbt->full - pbt->least) / pbt->interval - 1e-9);
    if (!(levels <= MOST_LEVELS))
        return fail(AFINA_E_RANGE,
                    "option \"pbt.interval\" must be at least %g: members are looked at %d times at most, got %g",
                    (pbt->full - pbt->least) / (MOST_LEVELS - 1), MOST_LEVELS, pbt->interval);
    pbt->levels = (int64_t)levels;
    return 0;
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct pbt *pbt = state;
    arms_init(&pbt->arms, context);
    pbt->population = (size_t)option_integer(context->options, "population");
    pbt->quantile = option_real(context->options, "quantile");
    int32_t rc = set_levels(pbt, context);
    if (!rc)
        rc = perturb_init(&pbt->perturb, context->space, option_real(context->options, "factor"),
                          option_real(context->options, "resample"));
    if (rc)
        return rc;
    size_t cells = (size_t)pbt->levels * pbt->population;
    pbt->member = mem_new(pbt->population, sizeof *pbt->member);
    pbt->loss = mem_new(cells, sizeof *pbt->loss);
    if (!pbt->member || !pbt->loss)
        return fail_memory();
    for (size_t i = 0; i < cells; i++)
        pbt->loss[i] = NAN;
    return 0;
}

static void fini(void *state)
{
    struct pbt *pbt = state;
    mem_free(pbt->member);
    mem_free(pbt->loss);
    perturb_fini(&pbt->perturb);
    arms_fini(&pbt->arms);
}

static double budget_of(const struct pbt *pbt, int64_t level)
{
    return level + 1 >= pbt->levels ? pbt->full : pbt->least + (double)level * pbt->interval;
}

static int64_t level_of(const struct pbt *pbt, double budget)
{
    if (budget >= pbt->full)
        return pbt->levels - 1;
    return budget > pbt->least ? (int64_t)floor((budget - pbt->least) / pbt->interval + 0.5) : 0;
}

/* -------------------------------------------------------------------- comparisons */

static double loss_of(const struct pbt *pbt, size_t place, int64_t level)
{
    return pbt->loss[(size_t)level * pbt->population + place];
}

/* The members that were ready at a level, and how many of them were better than the one of a place. */
static size_t rank_of(const struct pbt *pbt, size_t place, int64_t level, size_t *count)
{
    size_t before = 0;
    *count = 0;
    for (size_t i = 0; i < pbt->n; i++) {
        double loss = loss_of(pbt, i, level);
        *count += !isnan(loss) ? 1 : 0;
        if (!isnan(loss) && i != place && arm_is_before(loss, (int64_t)i, loss_of(pbt, place, level), (int64_t)place))
            before++;
    }
    return before;
}

static size_t share(const struct pbt *pbt, size_t count)
{
    return (size_t)floor(pbt->quantile * (double)count * (1 + 1e-12));
}

/* 1 when the member is among the worst at the level where it is ready. */
static int is_losing(const struct pbt *pbt, size_t place)
{
    size_t count, rank = rank_of(pbt, place, pbt->member[place].level, &count);
    return rank >= count - share(pbt, count);
}

/* 1 when the member of a place can be copied: it was among the best at a level, and has a checkpoint. */
static int is_donor(const struct pbt *pbt, size_t place, int64_t level)
{
    const struct member *m = &pbt->member[place];
    size_t count, rank;
    if (m->status == EMPTY || m->level < level || m->level + 1 >= pbt->levels || isnan(loss_of(pbt, place, level)))
        return 0;
    rank = rank_of(pbt, place, level, &count);
    return rank < share(pbt, count);
}

static size_t count_donors(const struct pbt *pbt, int64_t level)
{
    size_t count = 0;
    for (size_t i = 0; i < pbt->n; i++)
        count += is_donor(pbt, i, level) ? 1 : 0;
    return count;
}

static size_t draw_donor(const struct pbt *pbt, int64_t level, struct rng *rng)
{
    uint64_t skip = rng_below(rng, count_donors(pbt, level));
    size_t i = 0;
    while (!is_donor(pbt, i, level) || skip-- > 0)
        i++;
    return i;
}

/* The highest level at which there is a member to be copied; NOWHERE: none. */
static int64_t level_of_donors(const struct pbt *pbt)
{
    int64_t most = NOWHERE;
    for (size_t i = 0; i < pbt->n; i++)
        most = pbt->member[i].level > most ? pbt->member[i].level : most;
    for (int64_t level = most; level >= 0; level--)
        if (count_donors(pbt, level) > 0)
            return level;
    return NOWHERE;
}

/* ------------------------------------------------------------------ who comes next */

static size_t find_empty(const struct pbt *pbt)
{
    for (size_t i = 0; i < pbt->n; i++)
        if (pbt->member[i].status == EMPTY)
            return i;
    return SIZE_MAX;
}

static int64_t lowest_ready(const struct pbt *pbt)
{
    int64_t level = INT64_MAX;
    for (size_t i = 0; i < pbt->n; i++)
        if (pbt->member[i].status == READY && pbt->member[i].level < level)
            level = pbt->member[i].level;
    return level;
}

/* Of the members that are ready at the lowest level the worst of those that lose, or the best of the others; SIZE_MAX:
 * none. */
static size_t find_ready(const struct pbt *pbt, int losing)
{
    int64_t level = lowest_ready(pbt);
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < pbt->n; i++) {
        const struct member *m = &pbt->member[i];
        if (m->status != READY || m->level != level || is_losing(pbt, i) != losing)
            continue;
        int is_first = found == SIZE_MAX || losing != arm_is_before(loss_of(pbt, i, level), (int64_t)i,
                                                                    loss_of(pbt, found, level), (int64_t)found);
        if (is_first)
            found = i;
    }
    return found;
}

/* 1 while a member trains towards a level, or up to it. */
static int is_awaited(const struct pbt *pbt, int64_t level)
{
    for (size_t i = 0; i < pbt->n; i++)
        if (pbt->member[i].status == TRAINING && pbt->member[i].target <= level)
            return 1;
    return 0;
}

/* ------------------------------------------------------------------------- events */

static size_t place_of(const struct pbt *pbt, int64_t arm)
{
    for (size_t i = 0; i < pbt->n; i++)
        if (pbt->member[i].arm == arm && pbt->member[i].status != EMPTY)
            return i;
    return SIZE_MAX;
}

/* The place whose member a branch replaces: it was decided when no more was known than now, so that the worst at the
 * lowest level is taken, wherever that is. SIZE_MAX: none. */
static size_t find_leaving(const struct pbt *pbt)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < pbt->n; i++) {
        const struct member *m = &pbt->member[i];
        if (m->status != READY || !is_losing(pbt, i))
            continue;
        int64_t level = found == SIZE_MAX ? INT64_MAX : pbt->member[found].level;
        if (m->level < level || (m->level == level && loss_of(pbt, i, level) >= loss_of(pbt, found, level)))
            found = i;
    }
    return found;
}

/* The place of a new arm. */
static size_t take_place(struct pbt *pbt, int is_branch)
{
    if (!is_branch && pbt->n < pbt->population)
        return pbt->n++;
    size_t place = find_empty(pbt);
    if (place == SIZE_MAX && is_branch)
        place = find_leaving(pbt);
    return place;
}

static void observe_asked(struct pbt *pbt, const struct schedule_event *event)
{
    int is_new = event->trial == event->arm;
    if (!event->situation)
        return;
    size_t place = is_new ? take_place(pbt, event->parent >= 0) : place_of(pbt, event->arm);
    if (place == SIZE_MAX)
        return;
    struct member *m = &pbt->member[place];
    m->arm = event->arm;
    m->status = TRAINING;
    m->target = level_of(pbt, event->budget);
    if (is_new)
        m->level = NOWHERE;
}

static void observe_told(struct pbt *pbt, const struct schedule_event *event)
{
    size_t place = place_of(pbt, event->arm);
    if (place == SIZE_MAX || pbt->member[place].status != TRAINING)
        return; /* late: its place is taken */
    struct member *m = &pbt->member[place];
    int has_result = event->state == AFINA_STATE_PAUSED || event->state == AFINA_STATE_COMPLETE;
    m->status = EMPTY;
    if (!has_result || !isfinite(event->loss) || event->budget < budget_of(pbt, m->target) * (1 - 1e-9))
        return;
    m->level = m->target;
    m->status = m->level + 1 >= pbt->levels ? FINISHED : READY;
    pbt->loss[(size_t)m->level * pbt->population + place] = event->loss;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct pbt *pbt = state;
    struct arm *arm;
    int32_t rc = arms_observe(&pbt->arms, event, &arm);
    if (!rc && event->kind == SCHEDULE_ASKED)
        observe_asked(pbt, event);
    if (!rc && event->kind == SCHEDULE_TOLD)
        observe_told(pbt, event);
    return rc;
}

/* --------------------------------------------------------------------------- next */

/* A new arm on the work of one of the best of a level. */
static int32_t branch(struct pbt *pbt, int64_t level, struct rng *rng, struct action *action)
{
    const struct member *donor = &pbt->member[draw_donor(pbt, level, rng)];
    const struct arm *arm = arms_of(&pbt->arms, donor->arm);
    action->kind = ACTION_BRANCH;
    action->trial = arm->last;
    action->budget = budget_of(pbt, donor->level + 1);
    return perturb_point(&pbt->perturb, arm->point, rng, action->point);
}

static void go_on(const struct pbt *pbt, size_t place, struct action *action)
{
    const struct member *m = &pbt->member[place];
    action->kind = ACTION_CONTINUE;
    action->trial = arms_of(&pbt->arms, m->arm)->last;
    action->budget = budget_of(pbt, m->level + 1);
}

/* A place that is empty; 0: there is none, or no member to fill it with. */
static int fill_place(const struct pbt *pbt, const struct situation *situation, struct action *action, int64_t *level)
{
    int is_open = pbt->n < pbt->population;
    *level = NOWHERE;
    if (!is_open && find_empty(pbt) == SIZE_MAX)
        return 0;
    if (!is_open)
        *level = level_of_donors(pbt);
    if (*level == NOWHERE && situation->exhausted)
        return 0;
    action->kind = ACTION_NEW;
    action->budget = budget_of(pbt, 0);
    return 1;
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    struct pbt *pbt = state;
    int64_t level;
    if (fill_place(pbt, situation, action, &level))
        return level == NOWHERE ? 0 : branch(pbt, level, situation->rng, action);
    size_t worst = find_ready(pbt, 1), best = find_ready(pbt, 0);
    level = lowest_ready(pbt);
    if (worst != SIZE_MAX && (best == SIZE_MAX || !is_awaited(pbt, level)) && count_donors(pbt, level) > 0)
        return branch(pbt, level, situation->rng, action);
    if (best != SIZE_MAX || worst != SIZE_MAX)
        go_on(pbt, best != SIZE_MAX ? best : worst, action);
    else
        action->kind = situation->running > 0 ? ACTION_WAIT : ACTION_DONE;
    return 0;
}

/* The best that have begun the last stretch are copied no more. */
static int may_continue(void *state, int64_t arm)
{
    const struct pbt *pbt = state;
    size_t place = place_of(pbt, arm);
    return place != SIZE_MAX && pbt->member[place].status != FINISHED;
}

const struct scheduler scheduler_pbt = {
    .name = "pbt",
    .summary = "population based training: the worst quarter goes on from the best, with other hyperparameters",
    .needs = SCHEDULE_BUDGETS,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct pbt),
    .init = init,
    .observe = observe,
    .next = next,
    .may_continue = may_continue,
    .fini = fini,
};
