/* Methods behind one method: what `mix` and `auto` are made of.
 *
 * Every member has a state, options of its own and a seed of its own, and
 * observes every trial. The note of a trial that a member suggested is the member's
 * index and then the member's own note; it gets the note back without the index. To
 * the others such a trial looks like one that the host enqueued: they learn from its
 * result, and their positions in sequences stay where they are.
 */
#ifndef AFINA_METHOD_PORTFOLIO_H
#define AFINA_METHOD_PORTFOLIO_H

#include "method/method.h"
#include "method/parts/pending.h"

enum { PORTFOLIO_MOST = 16 };

struct portfolio_member {
    const struct method *method;
    struct option_set options;
    struct method_context context;
    void *state;
};

struct portfolio {
    const struct method_context *context;
    struct portfolio_member members[PORTFOLIO_MOST]; /* the first `size` are made */
    size_t size;
    struct pending pending; /* trials that run */
    double *note;           /* room for what a member writes */
};

/* On failure, as after use, portfolio_fini(). */
int32_t portfolio_init(struct portfolio *p, const struct method_context *context);
int32_t portfolio_add(struct portfolio *p, const struct method *method);

/* Hooks of a method whose state begins with its portfolio. A zeroed one can be freed; the model is that of the
 * first member that has one. */
void portfolio_fini(void *state);
int32_t portfolio_model(void *state, struct surrogate *out);

/* Is called for every observation. */
int32_t portfolio_observe(struct portfolio *p, const struct observation *observation);

/* The member that suggested the trial; `size` when none did. */
size_t portfolio_member_of(const struct portfolio *p, const struct observation *observation);

/* A number in (0, 1) for the choice of a member: the same for every attempt. */
double portfolio_draw(const struct portfolio *p, int64_t number);

/* The point of a member, or of the next one when it has none to give. */
int32_t portfolio_suggest(struct portfolio *p, size_t member, struct suggestion *suggestion);

#endif
