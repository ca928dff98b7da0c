#include "schedule/parts/duels.h"

#include "core/fail.h"

#include <math.h>

enum { CAP_EACH = 10000 };

int32_t duels_init(struct duels *duels, const struct schedule_context *context, const char *name)
{
    *duels = (struct duels){.epsilon = option_real(context->options, "epsilon"),
                            .cap = option_integer(context->options, "cap")};
    duels->certainty.deviation = option_real(context->options, "deviation");
    duels->certainty.delta = 1 - option_real(context->options, "confidence");
    /* Two of each arm tell the variance. */
    duels->first = isnan(duels->certainty.deviation) ? 2 : 1;
    if (context->replicates < 2)
        return fail(AFINA_E_RANGE, "scheduler \"%s\" repeats arms: option \"replicates\" must be at least 2, got %lld",
                    name, (long long)context->replicates);
    return pulls_init(&duels->pulls, context, name);
}

/* A rule that waits until it is sure may wait for ever. */
int duels_are_capped(const struct duels *duels)
{
    int64_t cap = duels->cap;
    if (cap == 0 && !isnan(duels->certainty.delta))
        cap = CAP_EACH * (int64_t)duels->pulls.n;
    return cap > 0 && duels->pulls.asked >= cap;
}

/* Of the arms that have had fewer than the first pulls the one with the fewest, and of these the best. */
static const struct arm *find_first(const struct duels *duels)
{
    const struct arm *found = NULL;
    for (size_t i = 0; i < duels->pulls.n; i++) {
        const struct arm *arm = pulls_at(&duels->pulls, i);
        int64_t asked = arm->n + arm->running;
        if (asked >= duels->first || !pulls_may_go_on(&duels->pulls, arm))
            continue;
        if (!found || asked < found->n + found->running ||
            (asked == found->n + found->running && pulls_mean(arm) < pulls_mean(found)))
            found = arm;
    }
    return found;
}

/* While the first pulls run and nothing is known: the arm with the fewest. */
static const struct arm *find_fewest(const struct duels *duels)
{
    const struct arm *found = NULL;
    for (size_t i = 0; i < duels->pulls.n; i++) {
        const struct arm *arm = pulls_at(&duels->pulls, i);
        if (pulls_may_go_on(&duels->pulls, arm) && (!found || pulls_asked(arm) < pulls_asked(found)))
            found = arm;
    }
    return found;
}

int duels_open(const struct duels *duels, const struct situation *situation, struct action *action,
               const struct arm **best)
{
    const struct pulls *pulls = &duels->pulls;
    if (pulls_collect(pulls, situation, action) || pulls_are_spent(pulls, situation, action))
        return 1;
    *best = pulls_best(pulls);
    const struct arm *arm = pulls->n > 1 && !duels_are_capped(duels) ? find_first(duels) : NULL;
    if (!arm && pulls->n > 1 && !duels_are_capped(duels) && *best)
        return 0;
    if (!arm && pulls->n > 1 && !duels_are_capped(duels))
        arm = find_fewest(duels);
    duels_pull(duels, situation, arm, NULL, action);
    return 1;
}

void duels_pull(const struct duels *duels, const struct situation *situation, const struct arm *preferred,
                const struct arm *other, struct action *action)
{
    if (preferred && pulls_may_go_on(&duels->pulls, preferred))
        pulls_repeat(preferred, action);
    else if (other && pulls_may_go_on(&duels->pulls, other))
        pulls_repeat(other, action);
    else
        pulls_end(situation, action);
}

double duels_expected(const struct arm *arm)
{
    return (double)(arm->n + arm->running);
}
