/* mix: several methods on one study, each trial suggested by one of them.
 *
 * With `choice` "weights" the method of a trial is drawn with probabilities in
 * proportion to `weights`; with "credit" by what the methods' trials were worth
 * lately (credit.c), at least a share of 0.15 each. All learn from all results
 * (portfolio.c), so a mix is more than its members side by side: one finds the
 * valley, another its bottom. A member that has no more points leaves its turn to
 * the next.
 *
 * Notes: the member's index, then the member's note.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "method/parts/credit.h"
#include "method/parts/portfolio.h"
#include "method/parts/result.h"

#include <math.h>
#include <string.h>

enum { WORD = 64, MOST_NAMES = 64 };

struct mix {
    struct portfolio portfolio; /* first, for its hooks */
    int by_credit;
    struct credit credit;
    double share[PORTFOLIO_MOST]; /* of `weights`, of sum 1 */
};

static const double least_share = 0.15;

static const struct option OPTIONS[] = {
    {"methods", AFINA_OPTION_STRING, 0, 0, 0, "gp,tpe", "", "the members by name, commas between"},
    {"choice", AFINA_OPTION_STRING, 0, 0, 0, "weights", "weights,credit",
     "weights: drawn with fixed probabilities; credit: more often who found good points lately"},
    {"weights", AFINA_OPTION_REALS, 0, 1e6, 0, "", "", "a number for each member, not all 0; empty: equal"},
};

/* -------------------------------------------------------------------- options */

/* Cuts the first word, without blanks around, off a list with commas between. */
static int32_t next_word(const char **list, const char *option, char word[WORD])
{
    const char *from = *list + strspn(*list, " ");
    size_t n = strcspn(from, ",");
    *list = from + n + (from[n] == ',');
    while (n > 0 && from[n - 1] == ' ')
        n--;
    if (n >= WORD)
        return fail(AFINA_E_RANGE, "option \"%s\" of mix has a word of %zu bytes, at most %d are allowed", option, n,
                    WORD - 1);
    memcpy(word, from, n);
    word[n] = '\0';
    return 0;
}

static int is_member_of(const struct portfolio *p, const struct method *method)
{
    for (size_t i = 0; i < p->size; i++)
        if (p->members[i].method == method)
            return 1;
    return 0;
}

/* Names what a mix may be made of, and what is nearest to the word. */
static int32_t unknown_member(const char *word)
{
    const char *names[MOST_NAMES];
    size_t count = 0;
    struct text list = {0};
    for (size_t i = 0; i < method_count() && count < MOST_NAMES; i++) {
        if (method_at(i)->traits & METHOD_PORTFOLIO)
            continue;
        text_append(&list, count ? ", " : "");
        text_append(&list, method_at(i)->name);
        names[count++] = method_at(i)->name;
    }
    const char *nearest = text_nearest(word, names, count);
    int32_t rc = list.rc;
    if (!rc && nearest)
        rc = fail(AFINA_E_NAME, "option \"methods\" of mix takes no \"%s\"; did you mean \"%s\"? It takes %s", word,
                  nearest, list.data);
    else if (!rc)
        rc = fail(AFINA_E_NAME, "option \"methods\" of mix takes no \"%s\"; it takes %s", word, list.data);
    mem_free(list.data);
    return rc;
}

static int32_t add_member(struct mix *m, const char *word)
{
    struct portfolio *p = &m->portfolio;
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        if (strcmp(method->name, word) != 0 || method->traits & METHOD_PORTFOLIO)
            continue;
        if (is_member_of(p, method))
            return fail(AFINA_E_RANGE, "option \"methods\" of mix names \"%s\" twice", word);
        if (p->size == PORTFOLIO_MOST)
            return fail(AFINA_E_RANGE, "option \"methods\" of mix takes %d names at most", PORTFOLIO_MOST);
        return portfolio_add(p, method);
    }
    return unknown_member(word);
}

static int32_t read_methods(struct mix *m)
{
    const char *list = option_string(m->portfolio.context->options, "methods");
    int32_t rc = 0;
    do {
        char word[WORD];
        rc = next_word(&list, "methods", word);
        if (!rc)
            rc = add_member(m, word);
    } while (!rc && *list);
    return rc;
}

static int32_t read_weights(struct mix *m)
{
    size_t n = m->portfolio.size, count;
    const double *weights = option_reals(m->portfolio.context->options, "weights", &count);
    double sum = 0;
    if (count != n && count > 0)
        return fail(AFINA_E_RANGE, "option \"weights\" of mix has %zu numbers for %zu methods", count, n);
    for (size_t i = 0; i < n; i++)
        sum += m->share[i] = count > 0 ? weights[i] : 1;
    if (sum == 0)
        return fail(AFINA_E_RANGE, "option \"weights\" of mix has no number above 0");
    for (size_t i = 0; i < n; i++)
        m->share[i] /= sum;
    return 0;
}

static int32_t init(void *state, const struct method_context *context)
{
    struct mix *m = state;
    m->by_credit = strcmp(option_string(context->options, "choice"), "credit") == 0;
    int32_t rc = portfolio_init(&m->portfolio, context);
    if (!rc)
        rc = read_methods(m);
    m->credit.size = m->portfolio.size;
    return rc ? rc : read_weights(m);
}

/* ------------------------------------------------------------------- learning */

static int32_t observe(void *state, const struct observation *observation)
{
    struct mix *m = state;
    if (observation->kind == OBSERVED_TOLD && result_exists(observation))
        credit_told(&m->credit, portfolio_member_of(&m->portfolio, observation), result_loss(observation));
    return portfolio_observe(&m->portfolio, observation);
}

/* ----------------------------------------------------------------- suggesting */

static int32_t suggest(void *state, struct suggestion *s)
{
    struct mix *m = state;
    double share[PORTFOLIO_MOST], u = portfolio_draw(&m->portfolio, s->number);
    size_t i = 0;
    if (m->by_credit)
        credit_shares(&m->credit, least_share, share);
    else
        memcpy(share, m->share, sizeof share);
    while (i + 1 < m->portfolio.size && u >= share[i])
        u -= share[i++];
    return portfolio_suggest(&m->portfolio, i, s);
}

const struct method method_mix = {
    .name = "mix",
    .summary = "several methods on one study, each trial suggested by one of them",
    .traits = METHOD_PORTFOLIO | METHOD_LEARNS | METHOD_ERRORS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct mix),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = portfolio_fini,
    .model = portfolio_model,
};
