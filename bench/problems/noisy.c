/* Moved standard functions observed with normal noise, at three levels: its
 * standard deviation is 1 %, 10 % and 50 % of the distance between the median
 * value over the box and the optimum, rounded. What counts is the value without
 * noise. The shifts are those of the "shifted" suite. */
#include "problem.h"

#include <stdio.h>
#include <string.h>

enum { INSTANCES = 2 };

static const struct {
    const char *base;
    double scale[INSTANCES]; /* median of 20,000 uniform points - optimum, by instance */
} bases[] = {{"branin_shifted", {100, 50}}, {"hartmann6_shifted", {3.3, 3.3}}, {"levy8_shifted", {140, 120}}};

static const struct {
    const char *name;
    double share;
} levels[] = {{"low", 0.01}, {"mid", 0.1}, {"high", 0.5}};

static int add(size_t base, size_t level, int instance)
{
    const struct problem *from = problem_find(bases[base].base, instance);
    char name[64];
    snprintf(name, sizeof name, "%s_noise_%s", bases[base].base, levels[level].name);
    struct problem *p = from ? problem_add("noisy", name, instance, from->d) : NULL;
    if (!p)
        return -1;
    struct problem made = *from;
    memcpy(made.name, p->name, sizeof made.name);
    made.suite = "noisy";
    made.noise = bases[base].scale[instance - 1] * levels[level].share;
    *p = made;
    return 0;
}

int add_noisy(void)
{
    for (int k = 1; k <= INSTANCES; k++)
        for (size_t b = 0; b < sizeof bases / sizeof *bases; b++)
            for (size_t l = 0; l < sizeof levels / sizeof *levels; l++)
                if (add(b, l, k))
                    return -1;
    return 0;
}
