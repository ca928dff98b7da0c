/* Spaces of several kinds in which a search must beat random search. */
#ifndef AFINA_TESTS_SEARCH_SPACES_H
#define AFINA_TESTS_SEARCH_SPACES_H

#include "support/search_study.h"

/* Median best value of the method, which is less than `most`, and of random search, which is not. */
static inline void assert_beats_random(afina_optimizer *(*make)(const char *), const char *method, loss_function loss,
                                       int trials, double most)
{
    double own = median_of(SEEDS, make, method, loss, trials);
    double random = median_of(SEEDS, make, "random", loss, trials);
    if (!(own < most && most < random))
        fail_msg("%s %g, random %g", method, own, random);
}

/* Twenty choices of four each, of which a point has the right ones where they are "c". */
static inline afina_optimizer *categories(const char *method)
{
    static const char *const choices[] = {"a", "b", "c", "d"};
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int j = 0; j < 20; j++) {
        char name[24];
        snprintf(name, sizeof name, "c%d", j);
        OK(afina_space_add_categorical(space, name, choices, LENGTH(choices)));
    }
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static inline double wrong_choices(const afina_point *point)
{
    double wrong = 0;
    for (int j = 0; j < 20; j++) {
        char name[24];
        const char *choice;
        snprintf(name, sizeof name, "c%d", j);
        OK(afina_point_get_string(point, name, &choice));
        wrong += choice[0] != 'c';
    }
    return wrong;
}

/* Eight integers of a thousand values each. */
static inline afina_optimizer *integers(const char *method)
{
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int j = 0; j < 8; j++) {
        char name[24];
        snprintf(name, sizeof name, "i%d", j);
        OK(afina_space_add_integer(space, name, 0, 999, AFINA_SCALE_LINEAR));
    }
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static inline double integer_distance(const afina_point *point)
{
    double sum = 0;
    for (int j = 0; j < 8; j++) {
        char name[24];
        int64_t i;
        snprintf(name, sizeof name, "i%d", j);
        OK(afina_point_get_integer(point, name, &i));
        sum += fabs((double)i - 238.5 - 40 * j) / 1000;
    }
    return sum;
}

#endif
