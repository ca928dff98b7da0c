/* A program of 0.1.0: every type of callback, with what it is given and what its answer does. */
#include "afina.h"
#include <math.h>

static int calls, released, told;

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double x;
    int32_t rc = afina_point_get_real(afina_trial_point(trial), "x", &x);
    *(int *)user += 1;
    values[0] = x * x;
    return rc;
}

static int32_t allowed(const afina_point *point, void *user)
{
    double x = NAN;
    return afina_point_get_real(point, "x", &x) ? AFINA_E_CALLBACK : x < 0.5 && user == &calls;
}

static int32_t observe(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    told += event == AFINA_EVENT_TOLD && afina_trial_number(trial) >= 0 && report == 0;
    return user == &told ? AFINA_OK : AFINA_E_CALLBACK;
}

static int32_t hear(int32_t level, const char *text, void *user)
{
    (void)user;
    return text[0] && (level == AFINA_MESSAGE_INFO || level == AFINA_MESSAGE_WARNING) ? AFINA_OK : AFINA_E_CALLBACK;
}

static void let_go(void *user)
{
    released += user != NULL;
}

static int32_t evaluate(afina_trial *trial, const int64_t *training, size_t training_count, const int64_t *validation,
                        size_t validation_count, double *values, void *user)
{
    (void)user;
    values[0] = (double)validation_count;
    return trial && training_count == 18 && validation[0] >= 0 && training[17] < 20 ? AFINA_OK : AFINA_E_CALLBACK;
}

static int32_t simulated(afina_trial *trial, int64_t index, double *step, double *values, double *seconds, void *user)
{
    (void)trial;
    (void)user;
    *step = (double)index + 1;
    values[0] = 1 / *step;
    *seconds = 2;
    return index == 2 ? AFINA_DONE : AFINA_OK;
}

static int folds(const afina_space *space)
{
    afina_resampling *resampling = NULL;
    afina_experiment *experiment = NULL;
    afina_optimizer *optimizer = NULL;
    afina_trial *best = NULL;
    double value = 0;
    int bad = afina_resampling_new(&resampling, "kfold", 20) || afina_resampling_set_integer(resampling, "folds", 10) ||
              afina_experiment_new(&experiment, resampling, evaluate, &calls, let_go) ||
              afina_optimizer_new(&optimizer, space, "random") ||
              afina_optimize(optimizer, afina_experiment_objective, experiment, 2) || afina_best(optimizer, &best) ||
              afina_trial_value(best, &value) || value != 2;
    afina_trial_free(best);
    afina_optimizer_free(optimizer);
    afina_experiment_free(experiment);
    afina_resampling_free(resampling);
    return bad;
}

int main(void)
{
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    double seconds = 0, busy = 0;
    int bad = afina_space_new(&space) || afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR) ||
              afina_optimizer_new(&optimizer, space, "sobol") ||
              afina_optimizer_set_filter(optimizer, allowed, &calls, let_go) ||
              afina_optimizer_set_observer(optimizer, observe, &told, let_go) ||
              afina_optimizer_set_message(optimizer, hear, NULL, NULL) ||
              afina_optimize(optimizer, objective, &calls, 8) || calls != 8 || told != 8 || released != 0;
    bad = bad || afina_simulate(optimizer, simulated, NULL, 2, 4, &seconds, &busy) || seconds != 12 || busy != 1;
    afina_optimizer_free(optimizer);
    bad = bad || released != 2 || folds(space) || released != 3;
    afina_space_free(space);
    return bad;
}
