/* auto: the method for hosts that name none.
 *
 * On every kind of space that was measured, noise included, the model of `gp` finds
 * better points than any cheaper method in the first hundreds of trials. What it costs is
 * time. So the model suggests the first N trials, as many as it says itself: clamp(60000 / d,
 * 40, 300) for d parameters. From there on it shares with methods whose suggestions cost
 * microseconds, and that go on to more digits and to other valleys: `tpe`, `de` and, where every
 * parameter is a number that is always active, `cmaes`. Among those credit decides, by
 * the good points that each has found lately (credit.h). The model's share is three
 * quarters up to trial 5 N and falls as n^-2 then: it suggests 8 N trials in the mean,
 * however long the study gets. It suggests in bursts, which one fit serves. When so
 * many trials run that their predicted results would outweigh the real ones, the cheap ones
 * take over as well. While all results are equal the model knows no slope: from the tenth
 * suggestion on it gets every second one then. What the host added or enqueued does not
 * count.
 *
 * All learn from all results (portfolio.c): the model's best points are the population
 * that the others start from. Every choice is a function of the seed, the space and
 * the log.
 *
 * Notes: the member's index, then the member's note.
 */
#include "method/method.h"

#include "core/fail.h"
#include "method/parts/credit.h"
#include "method/parts/portfolio.h"
#include "method/parts/result.h"

#include <math.h>
#include <string.h>

enum { MODEL = 0, FIRST_CHEAP = 1, BURST = 20, DESIGN = 10, MOST_RUNNING = 200 };

struct automatic {
    struct portfolio portfolio; /* first, for its hooks */
    struct credit credit;       /* of the cheap members */
    double model_trials;
    uint64_t asked;     /* suggestions so far */
    double least, most; /* losses; INFINITY, -INFINITY before the first */
};

static const double least_share = 0.15;

static const struct option OPTIONS[] = {
    {"model_trials", AFINA_OPTION_INTEGER, 0, 1e9, 0, "", "",
     "trials that are the model's alone, before cheaper methods join; 0: clamp(60000 / parameters, 40, 300)"},
};

static int is_numeric(const struct space *space)
{
    for (size_t i = 0; i < space->size; i++)
        if (space->parameters[i].kind == AFINA_KIND_CATEGORICAL)
            return 0;
    return !space->has_conditions;
}

static int32_t add_named(struct automatic *m, const char *name)
{
    const struct method *method;
    int32_t rc = method_find(name, &method);
    return rc ? rc : portfolio_add(&m->portfolio, method);
}

/* The model is alone for as many trials as the host wants, or else as it says itself. */
static int32_t add_model(struct automatic *m, double trials)
{
    const struct method *method;
    int32_t rc = method_find("gp", &method);
    if (rc)
        return rc;
    m->model_trials = trials > 0 ? trials : method->break_even(m->portfolio.context->space);
    return portfolio_add(&m->portfolio, method);
}

static int32_t init(void *state, const struct method_context *context)
{
    struct automatic *m = state;
    m->least = INFINITY;
    m->most = -INFINITY;
    int32_t rc = portfolio_init(&m->portfolio, context);
    if (rc)
        return rc;
    rc = add_model(m, (double)option_integer(context->options, "model_trials"));
    if (rc)
        return rc;
    rc = add_named(m, "tpe");
    if (rc)
        return rc;
    rc = add_named(m, "de");
    if (!rc && is_numeric(context->space))
        rc = add_named(m, "cmaes");
    m->credit.size = m->portfolio.size - FIRST_CHEAP;
    return rc;
}

/* ------------------------------------------------------------------- learning */

/* What the model or the host found is credited to none of the cheap members. */
static void give_credit(struct automatic *m, const struct observation *told)
{
    size_t member = portfolio_member_of(&m->portfolio, told), none = m->credit.size;
    m->least = fmin(m->least, result_loss(told));
    m->most = fmax(m->most, result_loss(told));
    credit_told(&m->credit, member >= FIRST_CHEAP ? member - FIRST_CHEAP : none, result_loss(told));
}

/* A suggestion that was lost is not counted. */
static void count_asked(struct automatic *m, const struct observation *o)
{
    if (o->origin != AFINA_ORIGIN_SUGGESTED)
        return;
    if (o->kind == OBSERVED_ASKED)
        m->asked++;
    else if (o->kind == OBSERVED_TOLD && o->state == AFINA_STATE_LOST && m->asked > 0)
        m->asked--;
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct automatic *m = state;
    count_asked(m, observation);
    if (observation->kind == OBSERVED_TOLD && result_exists(observation))
        give_credit(m, observation);
    return portfolio_observe(&m->portfolio, observation);
}

/* ----------------------------------------------------------------- suggesting */

static double model_share(const struct automatic *m)
{
    double n = (double)m->asked, far = n / (5 * m->model_trials);
    if (m->portfolio.pending.size >= MOST_RUNNING)
        return 0;
    if (n >= DESIGN && m->least == m->most)
        return 0.5;
    return n < m->model_trials ? 1 : far < 1 ? 0.75 : 0.75 / (far * far);
}

static size_t choose_cheap(const struct automatic *m, double u)
{
    double share[CREDIT_MOST];
    size_t i = 0;
    credit_shares(&m->credit, least_share, share);
    while (i + 1 < m->credit.size && u >= share[i])
        u -= share[i++];
    return FIRST_CHEAP + i;
}

/* The draw that chooses between the model and the cheap methods has a number below 0, where there are
 * no trials. It is made for every trial, and after the model's own trials once for a burst of them. */
static int32_t suggest(void *state, struct suggestion *s)
{
    struct automatic *m = state;
    int64_t burst = (double)m->asked < m->model_trials ? s->number : s->number / BURST;
    int is_models = portfolio_draw(&m->portfolio, -1 - burst) < model_share(m);
    size_t member = is_models ? MODEL : choose_cheap(m, portfolio_draw(&m->portfolio, s->number));
    return portfolio_suggest(&m->portfolio, member, s);
}

const struct method method_auto = {
    .name = "auto",
    .summary = "the default: a model while it pays, then cheap methods by their success",
    .traits = METHOD_PORTFOLIO | METHOD_LEARNS | METHOD_ERRORS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct automatic),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = portfolio_fini,
    .model = portfolio_model,
};
