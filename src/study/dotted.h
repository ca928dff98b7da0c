/* Options of methods, schedulers and stoppers by dotted keys: "gp.kernel" is the option "kernel" of gp, whichever
 * method is chosen, and reaches gp as a member of `mix` or `auto` too. An undotted key is the study's, or else that
 * of the chosen method, scheduler or stopper, in this order.
 */
#ifndef AFINA_STUDY_DOTTED_H
#define AFINA_STUDY_DOTTED_H

#include "study/study.h"

/* Where the option of a key stands. */
struct option_place {
    size_t component;       /* whose set it is (component.h), when it is not the study's or the chosen method's */
    struct option_set *set; /* NULL: the component's options are all at their defaults, and have no set yet */
    const struct option *option;
};

/* 0 when there is none. Nothing fails, and nothing is changed. The lock is held. */
int study_look_option_up(struct study *study, const char *key, struct option_place *out);

/* The same; an unknown key is AFINA_E_NAME, with the nearest. */
int32_t study_find_option(struct study *study, const char *key, struct option_place *out);

/* Makes the set of a place that has none; *made says whether it had none. From then on the first line of the log
 * tells these options. The lock is held. */
int32_t study_make_set(struct study *study, struct option_place *place, int *made);

/* The set of a component, made if need be. The lock is held. */
int32_t study_component_options(struct study *study, size_t component, struct option_set **out);

/* The scheduler and the stopper that the options name; for an empty name what fits the other options. */
const struct scheduler *study_chosen_scheduler(const struct study *study);
const struct stopper *study_chosen_stopper(const struct study *study);

void study_free_dotted(struct study *study);

#endif
