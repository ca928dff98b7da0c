/* Which suites there are: it calls them all, and none of them calls it. */
#include "problem.h"

int problems_load(const char *data)
{
    if (problem_count())
        return 0;
    if (add_standard() || add_mixed() || add_awkward() || add_noisy() || add_bbob() || add_curves() || add_speed() ||
        add_large())
        return -1;
    if (add_tables(data) || add_surrogates(data) || add_training(data))
        return -1;
    return 0;
}
