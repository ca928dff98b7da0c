/* Successive halving that learns from the curves of its arms where it may begin.
 *
 * How early a loss tells who will win differs from task to task: where the first step ranks as the last one does,
 * halving from there on is worth ten times as many full trainings, where it ranks backwards a tenth. So:
 *
 * probe    A few arms are taken to a sixth of the full budget, whatever they show. Their reports on the way say how far
 *          each lower level ranks them alike (ladder_agreement). Arms begin at the lowest level from which on the
 *          agreement is at least .75; at R/27 where there are no reports.
 * fill     New arms begin there: as many as leave enough of the total for what follows.
 * climb    Of the arms that were seen at a level, the probes among them, one in eta goes on to the next, eta times as
 *          high, up to the full budget. A first wave of a tenth of the arms climbs before the others begin.
 * guard    Then the worst of the probes goes to the full budget. Where it beats all that climbed, so do two more; where
 *          the levels below still rank against the full budget, arms begin above them from now on, at the full budget
 *          if need be.
 *
 * rest     What is left of the total takes the best arm that waits as far as it goes.
 *
 * Without a total the waves follow each other without end, each a fifth of what 20 full trainings pay. A worker that
 * would wait takes a new arm of the next wave, or the best one of an incomplete level.
 *
 * The figures behind the constants are in docs/decisions/adaptive.md. */
#include "schedule/parts/ladder.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>

enum stage { PROBE, FILL, CLIMB, GUARD, CHECK, REST };

enum { FEWEST_PROBES = 3, MOST_PROBES = 12, GUARD_ARMS = 2 };

static const double PROBE_LEVEL = 0.1875;    /* of the full budget: the level is at most that high */
static const double PROBE_SHARE = 0.25;      /* of the total, at most */
static const double AGREEMENT = 0.75;        /* of a level with the one of the probes */
static const double LATE_AGREEMENT = 2 / 3.; /* of a level with the full budget, seen on a few arms */
static const double BLIND_LEVEL = 1 / 27.;   /* of the full budget, where nothing is known of lower levels */
static const double FIRST_WAVE = 0.1;        /* of the arms */
static const double ENDLESS_TOTAL = 20;      /* full trainings that are planned for when there is no total */
static const double ENDLESS_WAVE = 0.2;      /* of the arms of these: a wave */
static const double GUARDED_TOTAL = 10;      /* full trainings from which on a guard can be paid */

struct order {
    int64_t arm;
    size_t level;
};

struct adaptive {
    struct ladder ladder;
    double eta;
    double total, remaining; /* of the budget; remaining: after what was asked for */
    size_t top;
    enum stage stage;
    size_t rung;             /* CLIMB: the orders are from there to the next one */
    size_t probe, probes;    /* level and number of the probes; 0 probes: there is none */
    size_t first;            /* level at which arms begin */
    size_t planned;          /* arms at that level, in all */
    size_t target;           /* of these, up to the end of the wave */
    size_t batch;            /* without a total: of the waves that follow */
    size_t climbing;         /* arms that were at the first level when the wave began to climb */
    size_t waves, all_waves; /* that are over, and that there are when there is a total */
    int is_guarded, is_closed;
    int64_t guard;       /* the arm that guards; -1: none does */
    struct order *order; /* arms to be continued, from `next_order` on */
    size_t n_orders, order_capacity, next_order;
    unsigned char *left_behind; /* of each arm, by its place: it is never continued */
    size_t n_places, place_capacity;
};

static const struct option options[] = {
    {"eta", AFINA_OPTION_REAL, 1.2, 10, 1.6, "", "", "one arm in eta goes on to a budget eta times as large"},
    {"waves", AFINA_OPTION_INTEGER, 2, 1000, 2, "", "",
     "in which the arms of a total begin, the first with a tenth of them; more let a method learn from higher budgets"},
};

static double value_of(const struct adaptive *a, size_t level)
{
    return a->ladder.levels.value[level];
}

static double full(const struct adaptive *a)
{
    return value_of(a, a->top);
}

/* What it costs to bring an arm from a budget to a level. */
static double cost_to(const struct adaptive *a, double from, size_t level)
{
    return ladder_step_cost(&a->ladder, from, value_of(a, level));
}

static int is_endless(const struct adaptive *a)
{
    return !isfinite(a->total);
}

static void set_probes(struct adaptive *a)
{
    double total = is_endless(a) ? ENDLESS_TOTAL * full(a) : a->total;
    while (a->probe < a->top && value_of(a, a->probe + 1) <= PROBE_LEVEL * full(a))
        a->probe++;
    double most = floor(total * PROBE_SHARE / value_of(a, a->probe));
    a->probes = most < MOST_PROBES ? (size_t)most : MOST_PROBES;
    if (a->probe == 0 || a->probes < FEWEST_PROBES)
        a->probes = 0;
}

/* ------------------------------------------------------------------- the plan */

/* Of `count` arms at a level, those that go on. */
static double kept_of(const struct adaptive *a, double count)
{
    return fmax(1, floor(count / a->eta * (1 + 1e-12)));
}

/* What it costs to have `count` arms at the first level and to bring them up. Of those that are beyond a level already
 * only their share is taken to be among the best. */
static double plan_cost(const struct adaptive *a, double count)
{
    double cost = (count - (double)ladder_count(&a->ladder, a->first)) * value_of(a, a->first);
    double kept = count;
    for (size_t i = a->first; i < a->top; i++) {
        kept = kept_of(a, kept);
        double free = floor((double)ladder_count(&a->ladder, i + 1) * kept / count);
        cost += fmax(0, kept - free) * cost_to(a, value_of(a, i), i + 1);
    }
    return cost;
}

/* The most arms for which a budget pays. */
static size_t affordable(const struct adaptive *a, double budget)
{
    size_t low = ladder_count(&a->ladder, a->first);
    size_t high = low + (size_t)fmin(fmax(budget, 0) / value_of(a, a->first) * (1 + 1e-9), 1e7);
    while (low < high) {
        size_t middle = high - (high - low) / 2;
        if (plan_cost(a, (double)middle) <= budget * (1 + 1e-9))
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Arms at the first level, in all. */
static size_t plan_arms(const struct adaptive *a)
{
    double budget = is_endless(a) ? ENDLESS_TOTAL * full(a) : a->remaining;
    if (!a->is_guarded)
        budget -= cost_to(a, value_of(a, a->probe), a->top);
    return affordable(a, budget);
}

/* For the arms that are to come, and the next wave of them. */
static void make_plan(struct adaptive *a)
{
    size_t have = ladder_count(&a->ladder, a->first);
    a->planned = plan_arms(a);
    double more = (double)(a->planned - have);
    double share = a->waves == 0 ? FIRST_WAVE : is_endless(a) ? ENDLESS_WAVE : 1 / (double)(a->all_waves - a->waves);
    a->batch = (size_t)ceil(ENDLESS_WAVE * more);
    a->target = have + (size_t)ceil(share * more);
}

/* Without an end a wave is at least a tenth of what was there, so that to sort it costs no more with every further one.
 */
static void plan_next_wave(struct adaptive *a)
{
    size_t tenth = a->target / 10;
    a->waves++;
    if (is_endless(a))
        a->target += a->batch > tenth ? a->batch : tenth;
    else if (a->waves + 1 < a->all_waves && a->planned > a->target)
        a->target += (a->planned - a->target) / (a->all_waves - a->waves);
    else
        a->target = a->planned;
}

static int is_last_wave(const struct adaptive *a)
{
    return a->is_closed || (!is_endless(a) && a->target >= a->planned);
}

/* Of a number of arms at the first level, those that are to reach a level above it. */
static double quota(const struct adaptive *a, size_t arms, size_t level)
{
    double count = (double)arms;
    for (size_t i = a->first; i < level; i++)
        count = floor(count / a->eta * (1 + 1e-12));
    return count;
}

/* In the last wave: as many of the best of a level as can be paid to the next one and on. */
static size_t fit_quota(const struct adaptive *a, const struct ranked *best, size_t n)
{
    double most = is_endless(a) ? fmin((double)n, fmax(1, quota(a, a->climbing, a->rung + 1))) : (double)n;
    double step = cost_to(a, value_of(a, a->rung), a->rung + 1), paid = 0;
    size_t fit = 0;
    for (size_t k = 1; (double)k <= most; k++) {
        if (!ladder_is_beyond(&a->ladder, arms_of(&a->ladder.arms, best[k - 1].number), a->rung + 1))
            paid += step;
        double above = ladder_climb_cost(&a->ladder, a->rung + 1, kept_of(a, (double)k), a->eta);
        if (paid + above <= a->remaining * (1 + 1e-9))
            fit = k;
    }
    return fit;
}

/* ------------------------------------------------------------------ the orders */

static size_t place_of(const struct adaptive *a, int64_t arm)
{
    return (size_t)(arms_of(&a->ladder.arms, arm) - a->ladder.arms.arm);
}

static int32_t make_places(struct adaptive *a)
{
    void *list = a->left_behind;
    int32_t rc = mem_reserve(&list, &a->place_capacity, a->ladder.arms.n, sizeof *a->left_behind);
    a->left_behind = list;
    while (!rc && a->n_places < a->ladder.arms.n)
        a->left_behind[a->n_places++] = 0;
    return rc;
}

static int may_continue(void *state, int64_t arm)
{
    const struct adaptive *a = state;
    return !a->left_behind[place_of(a, arm)];
}

/* The arm waits below the level, and may reach it. */
static int can_pass(const struct adaptive *a, const struct arm *arm, size_t level)
{
    return ladder_is_waiting(&a->ladder, arm, level) && !a->left_behind[arm - a->ladder.arms.arm];
}

/* Of the members of a level, the best `kept` go on. Those far behind them never will, once the guards are chosen: the
 * host need not keep what they have learned. */
static void leave_behind(struct adaptive *a, const struct ranked *best, size_t n, size_t kept)
{
    double spare = is_last_wave(a) ? 2 : 3 + sqrt((double)kept);
    if (!a->is_guarded)
        return;
    for (size_t i = kept + (size_t)spare; i < n; i++)
        if (ladder_is_waiting(&a->ladder, arms_of(&a->ladder.arms, best[i].number), a->rung + 1))
            a->left_behind[place_of(a, best[i].number)] = 1;
}

static int32_t add_order(struct adaptive *a, int64_t arm, size_t level)
{
    void *list = a->order;
    int32_t rc = mem_reserve(&list, &a->order_capacity, a->n_orders + 1, sizeof *a->order);
    a->order = list;
    if (!rc)
        a->order[a->n_orders++] = (struct order){arm, level};
    return rc;
}

static int is_due(const struct adaptive *a, const struct order *order)
{
    return can_pass(a, arms_of(&a->ladder.arms, order->arm), order->level);
}

/* Orders that were carried out, or cannot be, leave the head. */
static void clean_orders(struct adaptive *a)
{
    while (a->next_order < a->n_orders && !is_due(a, &a->order[a->next_order]))
        a->next_order++;
    if (a->next_order == a->n_orders)
        a->next_order = a->n_orders = 0;
}

/* The best of a level go to the next one. */
static int32_t order_climb(struct adaptive *a)
{
    struct ranked *best;
    size_t n = a->ladder.rung[a->rung].n;
    int32_t rc = ladder_sort(&a->ladder, a->rung, &best);
    if (rc)
        return rc;
    size_t most = is_last_wave(a) ? fit_quota(a, best, n) : (size_t)quota(a, a->climbing, a->rung + 1);
    for (size_t i = 0; i < n && i < most && !rc; i++)
        rc = add_order(a, best[i].number, a->rung + 1);
    leave_behind(a, best, n, most);
    mem_free(best);
    return rc;
}

/* A trial began from nothing: to go on costs more than was planned, so fewer arms begin, and fewer go on. */
static int32_t plan_fewer(struct adaptive *a)
{
    if (a->stage == PROBE || is_endless(a))
        return 0;
    a->planned = plan_arms(a);
    if (a->target > a->planned)
        a->target = a->planned;
    if (a->stage != CLIMB || a->rung == a->top)
        return 0;
    a->n_orders = a->next_order = 0;
    return order_climb(a);
}

/* The level of the probes, or that of the arms when it is higher: who has got no further there was not chosen. */
static size_t guard_level(const struct adaptive *a)
{
    return a->probes > 0 && a->probe > a->first ? a->probe : a->first;
}

/* The worst arms of the guards' level that wait go to the full budget, and the best one when no arm is there. */
static int32_t order_guards(struct adaptive *a, size_t count)
{
    struct ranked *best;
    size_t level = guard_level(a), n = a->ladder.rung[level].n, found = 0;
    int32_t rc = ladder_sort(&a->ladder, level, &best);
    if (rc)
        return rc;
    if (ladder_count(&a->ladder, a->top) == 0 && n > 1 && a->guard < 0)
        rc = add_order(a, best[0].number, a->top);
    for (size_t i = n; i-- > 1 && found < count && !rc;) {
        const struct arm *arm = arms_of(&a->ladder.arms, best[i].number);
        if (!can_pass(a, arm, a->top))
            continue;
        if (a->guard < 0)
            a->guard = arm->number;
        rc = add_order(a, arm->number, a->top);
        found++;
    }
    mem_free(best);
    return rc;
}

/* All that wait, and were not left behind at a lower level than the probes', go to the full budget, as they came. */
static int32_t order_all(struct adaptive *a)
{
    double least = a->probes > 0 ? value_of(a, a->probe) : 0;
    int32_t rc = 0;
    for (size_t i = 0; i < a->ladder.arms.n && !rc; i++) {
        const struct arm *arm = &a->ladder.arms.arm[i];
        if (arm->reached >= least && can_pass(a, arm, a->top))
            rc = add_order(a, arm->number, a->top);
    }
    return rc;
}

/* ------------------------------------------------------------------ the stages */

/* The lowest level from which on the probes stand as they do on their own. */
static int32_t find_first(struct adaptive *a)
{
    struct ranked *best;
    size_t n = a->ladder.rung[a->probe].n, level = a->probe;
    int32_t rc = ladder_sort(&a->ladder, a->probe, &best);
    if (rc)
        return rc;
    double agreement = n >= FEWEST_PROBES ? ladder_agreement(&a->ladder, best, n, level - 1) : NAN;
    int is_known = !isnan(agreement);
    while (is_known && agreement >= AGREEMENT && --level > 0)
        agreement = ladder_agreement(&a->ladder, best, n, level - 1);
    if (is_known)
        a->first = level;
    mem_free(best);
    return 0;
}

/* After arms that were not chosen have beaten those that were: the lowest level from which on all that were trained in
 * full stand as they do there. */
static int32_t raise_first(struct adaptive *a)
{
    struct ranked *best;
    size_t n = a->ladder.rung[a->top].n, level = a->top;
    int32_t rc = ladder_sort(&a->ladder, a->top, &best);
    if (rc)
        return rc;
    for (size_t i = a->top; i-- > a->first;) {
        double agreement = ladder_agreement(&a->ladder, best, n, i);
        if (agreement < LATE_AGREEMENT)
            break;
        if (!isnan(agreement))
            level = i;
    }
    mem_free(best);
    if (level == a->first)
        return 0;
    a->first = level;
    return level == a->top ? order_all(a) : 0;
}

/* The guard is the best of those that were trained in full. */
static int is_alarmed(const struct adaptive *a)
{
    const struct rung *rung = &a->ladder.rung[a->top];
    double least = INFINITY, own = INFINITY;
    for (size_t i = 0; i < rung->n; i++) {
        if (rung->member[i].number == a->guard)
            own = rung->member[i].loss;
        else
            least = fmin(least, rung->member[i].loss);
    }
    return own < least;
}

static size_t probes_missing(const struct adaptive *a)
{
    size_t count = ladder_count(&a->ladder, a->probe);
    return a->is_closed || count >= a->probes ? 0 : a->probes - count;
}

static int32_t end_probes(struct adaptive *a)
{
    int32_t rc = a->probes > 0 ? find_first(a) : 0;
    a->stage = FILL;
    make_plan(a);
    return rc;
}

static int32_t begin_climb(struct adaptive *a, size_t rung)
{
    if (rung == a->first)
        a->climbing = ladder_count(&a->ladder, rung);
    a->rung = rung;
    a->stage = CLIMB;
    return rung < a->top ? order_climb(a) : 0;
}

static size_t arms_missing(const struct adaptive *a)
{
    size_t count = ladder_count(&a->ladder, a->first);
    return a->is_closed || count >= a->target ? 0 : a->target - count;
}

static int32_t end_wave(struct adaptive *a)
{
    if (is_last_wave(a)) {
        a->stage = REST;
        return 0;
    }
    plan_next_wave(a);
    a->stage = a->is_guarded ? FILL : GUARD;
    int32_t rc = a->is_guarded ? 0 : order_guards(a, 1);
    a->is_guarded = 1;
    return rc;
}

static int32_t end_guard(struct adaptive *a)
{
    if (a->stage == GUARD && is_alarmed(a)) {
        a->stage = CHECK;
        return order_guards(a, GUARD_ARMS);
    }
    size_t first = a->first;
    int32_t rc = a->stage == CHECK ? raise_first(a) : 0;
    a->stage = FILL;
    if (a->first != first)
        make_plan(a);
    return rc;
}

/* Goes on to the next stage; 0 with the same stage and rung when this one is not over. */
static int32_t step(struct adaptive *a)
{
    const struct rung *rung = a->ladder.rung;
    switch (a->stage) {
    case PROBE:
        return a->probes > 0 && rung[a->probe].coming + probes_missing(a) > 0 ? 0 : end_probes(a);
    case FILL:
        return rung[a->first].coming + arms_missing(a) > 0 ? 0 : begin_climb(a, a->first);
    case CLIMB:
        if (a->rung == a->top)
            return end_wave(a);
        return rung[a->rung + 1].coming > 0 ? 0 : begin_climb(a, a->rung + 1);
    case GUARD:
    case CHECK:
        return rung[a->top].coming > 0 ? 0 : end_guard(a);
    case REST:
        break;
    }
    return 0;
}

static int32_t advance(struct adaptive *a)
{
    int32_t rc = 0;
    for (int moved = 1; moved && !rc;) {
        enum stage stage = a->stage;
        size_t rung = a->rung;
        clean_orders(a);
        if (a->n_orders > 0)
            return 0;
        rc = step(a);
        moved = a->stage != stage || a->rung != rung;
    }
    return rc;
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct adaptive *a = state;
    a->eta = option_real(context->options, "eta");
    a->all_waves = (size_t)option_integer(context->options, "waves");
    ladder_init(&a->ladder, context, a->eta);
    a->total = a->remaining = context->budget_total;
    a->top = a->ladder.levels.count - 1;
    a->first = ladder_from(&a->ladder, BLIND_LEVEL * full(a));
    a->guard = -1;
    set_probes(a);
    a->is_guarded = a->top == 0 || a->total < GUARDED_TOTAL * full(a);
    return a->probes > 0 ? 0 : end_probes(a);
}

static void fini(void *state)
{
    struct adaptive *a = state;
    mem_free(a->order);
    mem_free(a->left_behind);
    ladder_fini(&a->ladder);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct adaptive *a = state;
    if (event->kind == SCHEDULE_ASKED) {
        double before = event->situation ? event->situation->remaining : a->remaining;
        a->remaining = before - schedule_cost(event->budget, event->start);
        a->is_closed |= event->situation && event->situation->exhausted;
    }
    int32_t rc = ladder_observe(&a->ladder, event);
    if (!rc)
        rc = make_places(a);
    if (!rc && event->kind == SCHEDULE_TOLD && event->start < event->asked_start) {
        a->remaining -= event->asked_start - event->start;
        rc = plan_fewer(a);
    }
    return rc || event->kind == SCHEDULE_REPORT ? rc : advance(a);
}

/* ------------------------------------------------------------------ the answers */

static int pays(const struct situation *situation, double cost)
{
    return cost <= situation->remaining * (1 + 1e-9);
}

/* 1, and the action filled in, when it can be paid. */
static int go_on(const struct adaptive *a, const struct situation *situation, const struct arm *arm, size_t level,
                 struct action *action)
{
    if (!pays(situation, cost_to(a, arm->reached, level)))
        return 0;
    action->kind = ACTION_CONTINUE;
    action->trial = arm->last;
    action->budget = value_of(a, level);
    return 1;
}

static int begin(const struct adaptive *a, const struct situation *situation, size_t level, struct action *action)
{
    if (situation->exhausted || !pays(situation, value_of(a, level)))
        return 0;
    action->kind = ACTION_NEW;
    action->budget = value_of(a, level);
    return 1;
}

/* The best member of a level that waits there; `before`: how many are better. NULL: none. */
static const struct arm *find_best(const struct adaptive *a, size_t level, size_t *before)
{
    const struct rung *rung = &a->ladder.rung[level];
    const struct ranked *best = NULL;
    for (size_t i = 0; i < rung->n; i++) {
        const struct arm *arm = arms_of(&a->ladder.arms, rung->member[i].number);
        if (can_pass(a, arm, level + 1) && (!best || ranked_before(rung->member[i], *best)))
            best = &rung->member[i];
    }
    *before = 0;
    for (size_t i = 0; i < rung->n && best; i++)
        *before += ranked_before(rung->member[i], *best) != 0;
    return best ? arms_of(&a->ladder.arms, best->number) : NULL;
}

/* How many arms may be at the first level before their wave begins. */
static size_t most_ahead(const struct adaptive *a)
{
    switch (a->stage) {
    case PROBE:
        return a->probes;
    case CLIMB:
    case GUARD:
    case CHECK:
        return a->is_closed ? 0 : is_endless(a) ? SIZE_MAX : a->planned;
    default:
        return 0;
    }
}

/* While others run: an arm of the next wave, or the best of a level that is not complete when it is among the best so
 * far. */
static int go_ahead(const struct adaptive *a, const struct situation *situation, struct action *action)
{
    if (ladder_count(&a->ladder, a->first) < most_ahead(a) && begin(a, situation, a->first, action))
        return 1;
    size_t before, level = a->stage == CLIMB ? a->rung + 1 : a->first;
    if (a->stage == PROBE || a->stage == REST || level >= a->top)
        return 0;
    const struct rung *rung = &a->ladder.rung[level];
    size_t count = a->stage == CLIMB ? a->climbing : ladder_count(&a->ladder, a->first);
    double most = quota(a, count, level + 1) * (double)rung->n / (double)(rung->n + rung->coming);
    const struct arm *arm = find_best(a, level, &before);
    return arm && (double)(before + 1) <= most && go_on(a, situation, arm, level + 1, action);
}

/* The best arm of the highest level that any can leave, as far as it goes; where all were left behind, as after ties, a
 * new one. */
static int take_rest(const struct adaptive *a, const struct situation *situation, struct action *action)
{
    size_t before;
    if (is_endless(a))
        return 0;
    for (size_t level = a->top; level-- > 0;) {
        const struct arm *arm = find_best(a, level, &before);
        for (size_t to = a->top; arm && to > level; to--)
            if (go_on(a, situation, arm, to, action))
                return 1;
    }
    return begin(a, situation, a->top, action);
}

/* There are no new points: what climbs first when the wave ends here. */
static int climb_early(const struct adaptive *a, const struct situation *situation, struct action *action)
{
    size_t before, level = a->stage == PROBE ? a->probe : a->first;
    const struct arm *arm = level < a->top ? find_best(a, level, &before) : NULL;
    return arm && go_on(a, situation, arm, level + 1, action);
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    const struct adaptive *a = state;
    const struct order *order = a->n_orders > 0 ? &a->order[a->next_order] : NULL;
    if (order && go_on(a, situation, arms_of(&a->ladder.arms, order->arm), order->level, action))
        return 0;
    if (a->stage == PROBE && probes_missing(a) > 0 && begin(a, situation, a->probe, action))
        return 0;
    if (a->stage == FILL && arms_missing(a) > 0 && begin(a, situation, a->first, action))
        return 0;
    if (situation->running > 0 && go_ahead(a, situation, action))
        return 0;
    if (situation->running == 0 && situation->exhausted && !a->is_closed && climb_early(a, situation, action))
        return 0;
    if ((a->stage == REST || situation->running == 0) && take_rest(a, situation, action))
        return 0;
    action->kind = situation->running > 0 ? ACTION_WAIT : ACTION_DONE;
    return 0;
}

const struct scheduler scheduler_adaptive = {
    .name = "adaptive",
    .summary = "halving that learns from the curves at which budget arms can be told apart",
    .needs = SCHEDULE_BUDGETS,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct adaptive),
    .init = init,
    .observe = observe,
    .next = next,
    .may_continue = may_continue,
    .fini = fini,
};
