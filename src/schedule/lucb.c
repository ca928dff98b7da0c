/* LUCB (S. Kalyanakrishnan, A. Tewari, P. Auer, P. Stone, "PAC subset selection in stochastic multi-armed bandits",
 * ICML 2012) for one best arm: the arm h with the smallest mean and the arm l that its lower bound says may be better
 * by the most are pulled in turn, until
 *
 *     U_h - L_l <= epsilon,    U = m + b, L = m - b,    b = sqrt(2 s^2 ln(5/4 K t^4 / delta) / N)
 *
 * Bounds are those of normal losses, s^2 pooled from all arms, in place of Hoeffding's for losses in [0, 1]; t counts
 * results. The gap is the left side. */
#include "core/elementary.h"
#include "schedule/parts/duels.h"

#include <math.h>

static const struct option options[] = {
    PULLS_OPTION_ARMS,
    {"confidence", AFINA_OPTION_REAL, 0.5, 1 - 1e-9, 0.95, "", "", "end when the best is known with that probability"},
    DUELS_OPTION_EPSILON,
    DUELS_OPTION_DEVIATION,
    DUELS_OPTION_CAP,
};

static int32_t init(void *state, const struct schedule_context *context)
{
    return duels_init(state, context, "lucb");
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct duels *duels = state;
    return pulls_observe(&duels->pulls, event);
}

/* b^2 N. */
static double squared_bound(const struct duels *duels)
{
    double t = 0, K = (double)duels->pulls.n;
    for (size_t i = 0; i < duels->pulls.n; i++)
        t += (double)pulls_at(&duels->pulls, i)->n;
    double variance = certainty_variance(&duels->certainty, &duels->pulls);
    return 2 * variance * (portable_log(1.25 * K / duels->certainty.delta) + 4 * portable_log(t));
}

/* The largest U_h - L_l. */
static double gap_of(const struct duels *duels, const struct arm *h)
{
    double bound = squared_bound(duels), gap = 0;
    for (size_t i = 0; i < duels->pulls.n; i++) {
        const struct arm *l = pulls_at(&duels->pulls, i);
        if (l == h || !pulls_are_sound(l))
            continue;
        if (l->n == 0 || isnan(bound))
            return INFINITY;
        double x = h->mean - l->mean + sqrt(bound / (double)h->n) + sqrt(bound / (double)l->n);
        gap = x > gap ? x : gap;
    }
    return gap;
}

/* The l of the pulls that are asked, whether they have ended or not. */
static const struct arm *find_challenger(const struct duels *duels, const struct arm *h)
{
    const struct arm *found = NULL;
    double bound = squared_bound(duels), least = INFINITY;
    for (size_t i = 0; i < duels->pulls.n; i++) {
        const struct arm *l = pulls_at(&duels->pulls, i);
        if (l == h || l->n == 0 || !pulls_may_go_on(&duels->pulls, l))
            continue;
        double low = l->mean - sqrt((isnan(bound) ? 1 : bound) / duels_expected(l));
        if (!found || low < least) {
            found = l;
            least = low;
        }
    }
    return found;
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    const struct duels *duels = state;
    const struct arm *h;
    if (duels_open(duels, situation, action, &h))
        return 0;
    if (gap_of(duels, h) <= duels->epsilon) {
        action->kind = ACTION_DONE;
        return 0;
    }
    const struct arm *l = find_challenger(duels, h);
    int is_turn = duels->pulls.asked % 2 == 0;
    duels_pull(duels, situation, is_turn ? h : l, is_turn ? l : h, action);
    return 0;
}

static void conclude(void *state, struct conclusion *out)
{
    const struct duels *duels = state;
    const struct arm *best = pulls_best(&duels->pulls);
    *out = (struct conclusion){.arm = best ? best->number : -1, .gap = INFINITY};
    if (best && duels->pulls.is_closed) {
        out->gap = gap_of(duels, best);
        out->decided = out->gap <= duels->epsilon;
    }
}

static void fini(void *state)
{
    struct duels *duels = state;
    pulls_fini(&duels->pulls);
}

const struct scheduler scheduler_lucb = {
    .name = "lucb",
    .summary =
        "the arm with the smallest mean and the one with the least lower bound are repeated, until one is known to "
        "be best",
    .needs = SCHEDULE_REPLICATES,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct duels),
    .init = init,
    .observe = observe,
    .next = next,
    .conclude = conclude,
    .fini = fini,
};
