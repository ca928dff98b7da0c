/* A program of 0.1.0: a conditional space, ask and tell with reports, the columns, the log and what it gives back. */
#include "afina.h"
#include <stdlib.h>
#include <string.h>

static afina_space *make_space(void)
{
    static const char *const kinds[] = {"linear", "tree"};
    static const char *const trees[] = {"tree"};
    afina_space *space = NULL;
    if (afina_space_new(&space) || afina_space_add_real(space, "rate", 1e-5, 1e-1, AFINA_SCALE_LOG) ||
        afina_space_add_integer(space, "depth", 1, 12, AFINA_SCALE_LINEAR) ||
        afina_space_add_categorical(space, "kind", kinds, 2) ||
        afina_space_add_condition_in(space, "depth", "kind", trees, 1) ||
        afina_space_set_default_real(space, "rate", 1e-3))
        return NULL;
    return space;
}

static int run_trial(afina_optimizer *optimizer, int64_t expected)
{
    afina_trial *trial = NULL;
    double rate, values[1];
    int32_t stop = 1, active = -1;
    int bad = afina_ask(optimizer, &trial) || afina_trial_number(trial) != expected ||
              afina_point_get_real(afina_trial_point(trial), "rate", &rate) || rate < 1e-5 || rate > 1e-1 ||
              afina_point_is_active(afina_trial_point(trial), "depth", &active) || (active != 0 && active != 1);
    values[0] = 2;
    bad = bad || afina_trial_tell_report(trial, 1, values, 1) || afina_trial_should_stop(trial, &stop) || stop != 0;
    values[0] = (double)expected;
    bad = bad || afina_tell(optimizer, expected, values, 1) ||
          afina_tell(optimizer, expected, values, 1) != AFINA_E_STATE;
    afina_trial_free(trial);
    return bad;
}

static int read_back(afina_optimizer *optimizer)
{
    double values[10];
    int32_t states[10];
    size_t count = 0, length = 0, again = 0;
    afina_optimizer *copy = NULL;
    afina_trial *best = NULL;
    int bad = afina_column_values(optimizer, 0, 0, values, 10, &count) || count != 10 || values[9] != 9 ||
              afina_column_states(optimizer, 0, states, 10, &count) || states[3] != AFINA_STATE_COMPLETE ||
              afina_best(optimizer, &best) || afina_trial_number(best) != 0 ||
              afina_optimizer_to_log(optimizer, NULL, 0, &length);
    char *log = malloc(length + 1), *same = malloc(length + 1);
    bad = bad || !log || !same || afina_optimizer_to_log(optimizer, log, length + 1, &length) ||
          afina_optimizer_from_log(&copy, log, length) || afina_optimizer_to_log(copy, same, length + 1, &again) ||
          again != length || strcmp(log, same) != 0;
    afina_trial_free(best);
    afina_optimizer_free(copy);
    free(log);
    free(same);
    return bad;
}

int main(void)
{
    afina_space *space = make_space();
    afina_optimizer *optimizer = NULL;
    int64_t number = 0;
    int bad = !space || afina_optimizer_new(&optimizer, space, "random") ||
              afina_optimizer_set_integer(optimizer, "seed", 7) ||
              afina_optimizer_set_integer(optimizer, "sede", 7) != AFINA_E_NAME || !strstr(afina_last_error(), "seed");
    for (int64_t i = 0; i < 10; i++)
        bad = bad || run_trial(optimizer, i);
    bad = bad || read_back(optimizer) || afina_optimizer_replay(optimizer, &number) || number != -1;
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return bad;
}
