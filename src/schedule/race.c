/* Racing over replicates (O. Maron, A. Moore, "Hoeffding races", NIPS 1994; M. Birattari, T. Stuetzle, L. Paquete,
 * K. Varrentrapp, "A racing algorithm for configuring metaheuristics", GECCO 2002): an arm gets replicate after
 * replicate, is compared with the elite on those that both have, and is dropped when it is worse by the test of
 * parts/race_rule.h. One that survives to the last replicate is an elite when its mean is lower than that of the worst.
 *
 * With several elites an arm is compared with the worst of them, so that the best `elites` arms remain; they are never
 * dropped. The first arms with a result are elites until others are complete, and get all their replicates at once:
 * what they have is what the others are compared on. Each `arms` new arms in turn are a group that
 * races in step. A worker that no arm can use begins an arm of the next group, so that no worker waits. A lost
 * replicate is made up for; an arm that fails, or is lost three times, is out. */
#include "schedule/parts/arms.h"
#include "schedule/parts/race_rule.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

enum { MOST_LOST = 3 };

enum { RACING, COMPLETE, DROPPED };

/* What the race knows of an arm, by its place in arms.arm. */
struct entrant {
    int status;
    int is_elite;
    int64_t done; /* replicates with a result */
    int lost;
};

struct race {
    struct arms arms;
    struct race_rule rule;
    int64_t replicates;
    size_t first;    /* replicates before an arm is tested */
    size_t group;    /* arms of a group: those of consecutive places */
    size_t n_elites; /* that there may be */
    struct entrant *entrant;
    size_t n_entrants, entrant_capacity;
    size_t *racing; /* places of the arms that are neither complete nor dropped, in their order */
    size_t n_racing, racing_capacity;
    size_t *elite; /* places, the best first; room for n_elites */
    size_t elites;
    size_t *alive; /* workspace: those that race, and the elites */
    size_t alive_capacity;
};

static const struct option options[] = {
    {"test", AFINA_OPTION_STRING, 0, 0, 0, "pooled", RACE_TESTS, "the test by which an arm is worse than the elite"},
    {"level", AFINA_OPTION_REAL, 0, 0.5, 0, "", "",
     "of the test; 0: 0.05, for \"pooled\" 0.05 or 0.01, as the noise of a replicate says"},
    {"first", AFINA_OPTION_INTEGER, 0, 4096, 0, "", "",
     "replicates before an arm is tested; 0: 1 for \"pooled\", 3 for \"t\", else 5"},
    {"elites", AFINA_OPTION_INTEGER, 1, 1000, 1, "", "", "arms that are kept as the best"},
    {"arms", AFINA_OPTION_INTEGER, 0, 1e6, 0, "", "",
     "arms that race in step; 0: 10 for \"friedman\", which ranks them together, else 1"},
};

static int32_t init(void *state, const struct schedule_context *context)
{
    struct race *race = state;
    const char *test = option_string(context->options, "test");
    int64_t first = option_integer(context->options, "first"), arms = option_integer(context->options, "arms");
    race->replicates = context->replicates;
    race->n_elites = (size_t)option_integer(context->options, "elites");
    race->group = arms > 0 ? (size_t)arms : strcmp(test, "friedman") == 0 ? 10 : 1;
    arms_init(&race->arms, context);
    int32_t rc = race_rule_init(&race->rule, test, option_real(context->options, "level"), (size_t)race->replicates);
    if (rc)
        return rc;
    race->first = first > 0 ? (size_t)first : race_rule_least(&race->rule);
    if (first > race->replicates)
        return fail(AFINA_E_RANGE, "option \"race.first\" must be at most the %lld \"replicates\", got %lld",
                    (long long)race->replicates, (long long)first);
    race->elite = mem_new(race->n_elites, sizeof *race->elite);
    return race->elite ? 0 : fail_memory();
}

static void fini(void *state)
{
    struct race *race = state;
    race_rule_fini(&race->rule);
    mem_free(race->entrant);
    mem_free(race->racing);
    mem_free(race->elite);
    mem_free(race->alive);
    arms_fini(&race->arms);
}

static int32_t add_entrant(struct race *race)
{
    void *entrants = race->entrant, *racing = race->racing;
    int32_t rc = mem_reserve(&entrants, &race->entrant_capacity, race->arms.n, sizeof *race->entrant);
    race->entrant = entrants;
    if (!rc)
        rc = mem_reserve(&racing, &race->racing_capacity, race->n_racing + 1, sizeof *race->racing);
    race->racing = racing;
    if (rc)
        return rc;
    race->racing[race->n_racing++] = race->n_entrants;
    race->entrant[race->n_entrants++] = (struct entrant){.status = RACING};
    return 0;
}

static size_t group_of(const struct race *race, size_t place)
{
    return place / race->group;
}

/* ------------------------------------------------------------------------ elites */

static double mean_gap(const struct race *race, size_t a, size_t b)
{
    return race_rule_difference(&race->rule, a, b);
}

/* Puts the last of the elites where it belongs: behind those that are not worse. */
static void sort_elite(struct race *race, size_t at)
{
    size_t place = race->elite[at];
    for (; at > 0 && mean_gap(race, place, race->elite[at - 1]) < 0; at--)
        race->elite[at] = race->elite[at - 1];
    race->elite[at] = place;
}

static void sort_elites(struct race *race)
{
    for (size_t i = 1; i < race->elites; i++)
        sort_elite(race, i);
}

static void add_elite(struct race *race, size_t place)
{
    race->entrant[place].is_elite = 1;
    race->elite[race->elites++] = place;
    sort_elite(race, race->elites - 1);
}

/* An elite that failed. */
static void remove_elite(struct race *race, size_t place)
{
    size_t kept = 0;
    for (size_t i = 0; i < race->elites; i++)
        if (race->elite[i] != place)
            race->elite[kept++] = race->elite[i];
    race->elites = kept;
    race->entrant[place].is_elite = 0;
}

/* The arm that takes a free place: of those with the most replicates the best; SIZE_MAX: none has a result. */
static size_t find_successor(const struct race *race)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < race->n_entrants; i++) {
        const struct entrant *e = &race->entrant[i];
        if (e->is_elite || e->status == DROPPED || e->done == 0)
            continue;
        int64_t lead = found == SIZE_MAX ? 1 : e->done - race->entrant[found].done;
        if (lead > 0 || (lead == 0 && mean_gap(race, i, found) < 0))
            found = i;
    }
    return found;
}

static void fill_elites(struct race *race)
{
    size_t next;
    while (race->elites < race->n_elites && (next = find_successor(race)) != SIZE_MAX)
        add_elite(race, next);
}

/* An arm that is complete takes the place of the worst elite if it is better where both were evaluated. */
static int challenge(struct race *race, size_t place)
{
    size_t worst = race->elite[race->elites - 1];
    if (!(mean_gap(race, place, worst) < 0))
        return 0;
    race->entrant[worst].is_elite = 0;
    race->elites--;
    add_elite(race, place);
    return 1;
}

/* ----------------------------------------------------------------------- dropping */

static void leave(struct race *race, size_t place, int status)
{
    size_t kept = 0;
    for (size_t i = 0; i < race->n_racing; i++)
        if (race->racing[i] != place)
            race->racing[kept++] = race->racing[i];
    race->n_racing = kept;
    race->entrant[place].status = status;
}

/* The elites and the arms of the group of an arm that race. */
static int32_t list_alive(struct race *race, size_t place, size_t *n)
{
    void *list = race->alive;
    int32_t rc = mem_reserve(&list, &race->alive_capacity, race->n_racing + race->elites, sizeof *race->alive);
    race->alive = list;
    *n = 0;
    for (size_t i = 0; !rc && i < race->elites; i++)
        race->alive[(*n)++] = race->elite[i];
    for (size_t i = 0; !rc && i < race->n_racing; i++)
        if (!race->entrant[race->racing[i]].is_elite && group_of(race, race->racing[i]) == group_of(race, place))
            race->alive[(*n)++] = race->racing[i];
    return rc;
}

static int is_tested(const struct race *race, size_t place)
{
    const struct entrant *e = &race->entrant[place];
    return e->status == RACING && !e->is_elite && e->done >= (int64_t)race->first && race->elites == race->n_elites;
}

static int32_t test(struct race *race, size_t place)
{
    size_t n;
    int drop = 0;
    if (!is_tested(race, place))
        return 0;
    int32_t rc = list_alive(race, place, &n);
    if (!rc)
        rc = race_rule_drops(&race->rule, place, race->elite[race->elites - 1], race->alive, n, &drop);
    if (!rc && drop)
        leave(race, place, DROPPED);
    return rc;
}

/* The elites, or what is known of them, changed. */
static int32_t test_all(struct race *race)
{
    int32_t rc = 0;
    for (size_t i = race->n_racing; !rc && i-- > 0;)
        rc = test(race, race->racing[i]);
    return rc;
}

/* A replicate more of an arm: its ranks, and those of its group, changed. */
static int32_t test_group(struct race *race, size_t place)
{
    int32_t rc = 0;
    for (size_t i = race->n_racing; !rc && i-- > 0;)
        if (race->racing[i] == place || group_of(race, race->racing[i]) == group_of(race, place))
            rc = test(race, race->racing[i]);
    return rc;
}

static int32_t drop_failed(struct race *race, size_t place)
{
    int was_elite = race->entrant[place].is_elite;
    if (race->entrant[place].status == RACING)
        leave(race, place, DROPPED);
    race->entrant[place].status = DROPPED;
    if (!was_elite)
        return 0;
    remove_elite(race, place);
    fill_elites(race);
    return test_all(race);
}

/* ------------------------------------------------------------------------- events */

/* A replicate more of an arm. */
static int32_t take_result(struct race *race, size_t place, const struct schedule_event *event)
{
    struct entrant *e = &race->entrant[place];
    int changed = 0;
    if (event->replicate >= race->replicates || !isnan(race_rule_loss(&race->rule, place, (size_t)event->replicate)))
        return 0;
    int32_t rc = race_rule_add(&race->rule, place, (size_t)event->replicate, event->loss);
    if (rc || e->status == DROPPED)
        return rc;
    e->done++;
    if (e->is_elite || race->elites < race->n_elites) {
        changed = 1;
        if (!e->is_elite)
            add_elite(race, place);
        sort_elites(race);
    }
    if (e->done == race->replicates) {
        leave(race, place, COMPLETE);
        changed |= !e->is_elite && challenge(race, place);
    }
    return changed ? test_all(race) : test_group(race, place);
}

static int32_t observe_told(struct race *race, size_t place, const struct schedule_event *event)
{
    struct entrant *e = &race->entrant[place];
    if (event->state == AFINA_STATE_LOST)
        return ++e->lost >= MOST_LOST ? drop_failed(race, place) : 0;
    int has_result = event->state == AFINA_STATE_COMPLETE && isfinite(event->loss);
    if (event->budget < race->arms.full)
        return 0; /* the host's own trial */
    return has_result ? take_result(race, place, event) : drop_failed(race, place);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct race *race = state;
    struct arm *arm;
    int32_t rc = arms_observe(&race->arms, event, &arm);
    if (!rc && event->kind == SCHEDULE_ASKED && event->trial == event->arm)
        rc = add_entrant(race);
    if (!rc && event->kind == SCHEDULE_TOLD)
        rc = observe_told(race, (size_t)(arm - race->arms.arm), event);
    return rc;
}

/* --------------------------------------------------------------------------- next */

/* The replicate that an arm has next; `replicates`: none. One that was lost comes when nothing of the arm runs. */
static int64_t next_replicate(const struct race *race, size_t place)
{
    const struct arm *arm = &race->arms.arm[place];
    for (int64_t r = 0; arm->running == 0 && r < arm->asked && r < race->replicates; r++)
        if (isnan(race_rule_loss(&race->rule, place, (size_t)r)))
            return r;
    return arm->asked < race->replicates ? arm->asked : race->replicates;
}

/* An arm that may have a replicate now: an elite, whatever runs of it; another when it waits for nothing or, with
 * `ahead`, also while it runs, if it has a result already. */
static int may_go_on(const struct race *race, size_t place, int ahead)
{
    const struct entrant *e = &race->entrant[place];
    int is_idle = race->arms.arm[place].running == 0;
    return (is_idle || (ahead && e->done > 0) || e->is_elite) && next_replicate(race, place) < race->replicates;
}

/* Elites come first, then the oldest group, and of that the arm with the fewest replicates; SIZE_MAX: none. */
static size_t find_next(const struct race *race, int ahead)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < race->n_racing; i++) {
        size_t place = race->racing[i];
        if (!may_go_on(race, place, ahead))
            continue;
        if (race->entrant[place].is_elite)
            return place;
        if (found == SIZE_MAX || (group_of(race, place) == group_of(race, found) &&
                                  race->arms.arm[place].asked < race->arms.arm[found].asked))
            found = place;
    }
    return found;
}

/* 1 when what is left of the total would not take all arms that race to the last replicate. */
static int is_ending(const struct race *race, const struct situation *situation)
{
    double needed = 0, cost = schedule_cost(race->arms.full, 0);
    for (size_t i = 0; i < race->n_racing; i++)
        needed += cost * (double)(race->replicates - race->arms.arm[race->racing[i]].asked);
    return needed > situation->remaining;
}

/* The arm that has a replicate next; SIZE_MAX: none, a new one begins. At the end, and where there are no new ones, a
 * worker evaluates ahead of the tests. */
static size_t choose(const struct race *race, const struct situation *situation)
{
    size_t place = find_next(race, 0);
    int is_elite = place != SIZE_MAX && race->entrant[place].is_elite;
    int is_open = race->n_entrants % race->group != 0; /* the last group has room */
    int is_last = situation->exhausted || is_ending(race, situation);
    if (is_open && !is_elite && !is_last)
        return SIZE_MAX;
    return place == SIZE_MAX && is_last ? find_next(race, 1) : place;
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    const struct race *race = state;
    size_t place = choose(race, situation);
    if (place == SIZE_MAX) {
        action->kind = !situation->exhausted ? ACTION_NEW : situation->running > 0 ? ACTION_WAIT : ACTION_DONE;
        return 0;
    }
    action->kind = ACTION_REPEAT;
    action->trial = race->arms.arm[place].number;
    action->replicate = next_replicate(race, place);
    return 0;
}

const struct scheduler scheduler_race = {
    .name = "race",
    .summary = "racing over replicates: arms that are surely worse than the elite get no more",
    .needs = SCHEDULE_REPLICATES,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct race),
    .init = init,
    .observe = observe,
    .next = next,
    .fini = fini,
};
