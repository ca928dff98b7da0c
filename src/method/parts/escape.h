/* Off a plateau.
 *
 * A result that equals the best so far to the last bit says that what was changed makes no
 * difference there, and shorter steps would only say it again. After every second such result the
 * next suggestion is the best point with three parameters changed by half a range, and one more for
 * each of them; not after every one, because a parameter that never matters looks the same.
 * Objectives that are rounded, counted or looked up have plateaus; others never meet one.
 *
 * For searches that stay where a result is no better. One that moves to equal results crosses a
 * plateau by itself.
 */
#ifndef AFINA_METHOD_ESCAPE_H
#define AFINA_METHOD_ESCAPE_H

#include "method/method.h"

struct escape {
    const struct method_context *context;
    double best;    /* the least loss */
    double *x;      /* the row where it was first */
    uint64_t equal; /* so many results since then equalled it */
    int is_due;     /* the last of them was a second one */
};

int32_t escape_init(struct escape *e, const struct method_context *context);
void escape_fini(struct escape *e); /* a zeroed one is fine */

/* Of every observation. */
void escape_observe(struct escape *e, const struct observation *observation);

/* 1 when it made the suggestion, which is off the plateau and has no note. */
int escape_suggest(const struct escape *e, struct suggestion *suggestion);

#endif
