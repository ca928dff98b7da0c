/* Top two arms: EB-TCI (M. Jourdan, R. Degenne, D. Baudry, R. de Heide, E. Kaufmann, "Top two algorithms revisited",
 * NeurIPS 2022), with the transportation cost of EB-TC epsilon (Jourdan, Degenne, Kaufmann, NeurIPS 2023). The leader B
 * has the smallest mean m. The challenger is the arm that the data tell apart from it the least:
 *
 *     argmin over i != B of W_i + w ln N_i,    W_i = (m_i - m_B + epsilon)^2 / (2 s^2 (1/N_B + 1/N_i))
 *
 * With probability `share` the leader is pulled, else the challenger. Deviations: the leader is not pulled when it has
 * had sqrt(K - 1) times the pulls of the challenger, which is the best ratio when all others are equally good (N_B^2 =
 * sum of N_i^2: C.-H. Chen et al. 2000); w is 1, but less when the total T is short: ln(T/K) / ln 64, at least
 * .5, since there is no time to come back to arms that began badly; s^2 is pooled from all arms; a pull that runs
 * counts in N, so that workers share the challengers.
 *
 * With a confidence it ends when the gap (parts/certainty.h) is at most epsilon, or at a cap, since with some
 * probability such rules never end of themselves (arXiv 2411.01808). Without one it uses the total. */
#include "core/elementary.h"
#include "schedule/parts/duels.h"

#include "core/fail.h"

#include <math.h>
#include <string.h>

struct top_two {
    struct duels duels;
    double share;
};

/* w. */
static double weight_of(const struct pulls *pulls)
{
    double each = (double)pulls->total / (double)pulls->n;
    double weight = portable_log(each > 1 ? each : 1) / portable_log(64);
    return weight < 0.5 ? 0.5 : weight < 1 ? weight : 1;
}

static const struct option options[] = {
    PULLS_OPTION_ARMS,
    {"confidence", AFINA_OPTION_REAL, 0.5, 1 - 1e-9, NAN, "", "",
     "end when the best is known with that probability; NaN: use the total"},
    DUELS_OPTION_EPSILON,
    DUELS_OPTION_DEVIATION,
    DUELS_OPTION_CAP,
    {"bound", AFINA_OPTION_STRING, 0, 0, 0, "mixture", "mixture,glr,heuristic",
     "what the confidence is based on: mixture is the least of those that are proven, heuristic ends sooner"},
    {"share", AFINA_OPTION_REAL, 0.01, 0.99, 0.5, "", "", "of the trials that the leader gets, at most"},
};

static int32_t bound_of(const char *name)
{
    return strcmp(name, "mixture") == 0 ? CERTAINTY_MIXTURE
           : strcmp(name, "glr") == 0   ? CERTAINTY_GLR
                                        : CERTAINTY_HEURISTIC;
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct top_two *top = state;
    top->share = option_real(context->options, "share");
    int32_t rc = duels_init(&top->duels, context, "top-two");
    top->duels.certainty.bound = bound_of(option_string(context->options, "bound"));
    if (!rc && isnan(top->duels.certainty.delta) && top->duels.pulls.total == INT64_MAX)
        rc = fail(AFINA_E_RANGE, "scheduler \"top-two\" has no end: set \"budget_total\" or \"top-two.confidence\"");
    if (!rc && isnan(top->duels.certainty.delta) && top->duels.certainty.bound != CERTAINTY_MIXTURE)
        rc = fail(AFINA_E_RANGE, "option \"top-two.bound\" = \"%s\" needs \"top-two.confidence\"",
                  option_string(context->options, "bound"));
    return rc;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct top_two *top = state;
    return pulls_observe(&top->duels.pulls, event);
}

/* NULL: there is none that may go on. */
static const struct arm *find_challenger(const struct duels *duels, const struct arm *leader)
{
    const struct arm *found = NULL;
    double variance = certainty_variance(&duels->certainty, &duels->pulls), least = INFINITY;
    double scale = 1 / (2 * (variance > DBL_MIN ? variance : isnan(variance) ? 1 : DBL_MIN));
    double N_B = duels_expected(leader), w = weight_of(&duels->pulls);
    for (size_t i = 0; i < duels->pulls.n; i++) {
        const struct arm *arm = pulls_at(&duels->pulls, i);
        if (arm == leader || arm->n == 0 || !pulls_may_go_on(&duels->pulls, arm))
            continue;
        double gap = arm->mean - leader->mean + duels->epsilon, N_i = duels_expected(arm);
        double cost = gap * gap * scale / (1 / N_B + 1 / N_i) + w * portable_log(N_i);
        if (!found || cost < least) {
            found = arm;
            least = cost;
        }
    }
    return found;
}

static int is_sure(const struct duels *duels, const struct arm *challenger)
{
    return !isnan(duels->certainty.delta) &&
           certainty_is_reached(&duels->certainty, &duels->pulls, duels->epsilon, challenger);
}

static int32_t next(void *state, const struct situation *situation, struct action *action)
{
    struct top_two *top = state;
    const struct duels *duels = &top->duels;
    const struct arm *leader;
    if (duels_open(duels, situation, action, &leader))
        return 0;
    const struct arm *challenger = find_challenger(duels, leader);
    if (is_sure(duels, challenger)) {
        action->kind = ACTION_DONE;
        return 0;
    }
    double ratio = sqrt((double)duels->pulls.n - 1);
    int leads = rng_uniform(situation->rng) < top->share &&
                (!challenger || duels_expected(leader) <= ratio * duels_expected(challenger));
    duels_pull(duels, situation, leads ? leader : challenger, leads ? challenger : leader, action);
    return 0;
}

static void conclude(void *state, struct conclusion *out)
{
    const struct top_two *top = state;
    const struct duels *duels = &top->duels;
    const struct arm *best = pulls_best(&duels->pulls);
    int has_confidence = !isnan(duels->certainty.delta);
    *out = (struct conclusion){.arm = best ? best->number : -1, .gap = has_confidence ? INFINITY : NAN};
    if (best && has_confidence && duels->pulls.is_closed) {
        out->gap = certainty_gap(&duels->certainty, &duels->pulls);
        out->decided = out->gap <= duels->epsilon;
    } else if (best && !has_confidence) {
        out->decided = duels->pulls.asked >= duels->pulls.total || duels_are_capped(duels);
    }
}

static void fini(void *state)
{
    struct top_two *top = state;
    pulls_fini(&top->duels.pulls);
}

const struct scheduler scheduler_top_two = {
    .name = "top-two",
    .summary =
        "the arm that looks best and the one least told apart from it are repeated, until one is known to be best",
    .needs = SCHEDULE_REPLICATES,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct top_two),
    .init = init,
    .observe = observe,
    .next = next,
    .conclude = conclude,
    .fini = fini,
};
