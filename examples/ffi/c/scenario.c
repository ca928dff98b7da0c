/* The scenario of examples/ffi/README.md, as the program that all other languages are compared with. */
#include <afina.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int32_t status)
{
    if (status < 0) {
        fprintf(stderr, "%s\n", afina_last_error());
        exit(1);
    }
}

static afina_space *make_space(void)
{
    static const char *const solvers[] = {"sgd", "adam"};
    afina_space *space;
    check(afina_space_new(&space));
    check(afina_space_add_real(space, "rate", 0.001, 1, AFINA_SCALE_LOG));
    check(afina_space_add_categorical(space, "solver", solvers, 2));
    check(afina_space_add_real(space, "momentum", 0, 1, AFINA_SCALE_LINEAR));
    check(afina_space_add_condition_in(space, "momentum", "solver", solvers, 1));
    check(afina_space_add_integer(space, "layers", 1, 3, AFINA_SCALE_LINEAR));
    check(afina_space_add_integer(space, "width", 4, 64, AFINA_SCALE_LOG));
    check(afina_space_add_condition(space, "width", "layers", AFINA_COMPARE_GREATER_EQUAL, 2));
    return space;
}

static afina_optimizer *make_optimizer(void)
{
    afina_space *space = make_space();
    afina_optimizer *optimizer;
    check(afina_optimizer_new(&optimizer, space, "gp"));
    check(afina_optimizer_set_integer(optimizer, "seed", 11));
    check(afina_optimizer_set_string(optimizer, "stopper", "median"));
    afina_space_free(space);
    return optimizer;
}

static double loss_of(const afina_point *point)
{
    double rate, momentum, loss;
    int64_t layers, width;
    const char *solver;
    check(afina_point_get_real(point, "rate", &rate));
    check(afina_point_get_string(point, "solver", &solver));
    check(afina_point_get_integer(point, "layers", &layers));
    double a = (rate - 0.05) / (rate + 0.05);
    loss = a * a;
    if (strcmp(solver, "sgd") == 0) {
        check(afina_point_get_real(point, "momentum", &momentum));
        double m = momentum - 0.9;
        loss = loss + m * m;
    } else {
        loss = loss + 0.03;
    }
    if (layers >= 2) {
        check(afina_point_get_integer(point, "width", &width));
        double b = ((double)width - 24) / ((double)width + 24);
        loss = loss + b * b;
    } else {
        loss = loss + 0.1;
    }
    return loss + 0.01 * (double)layers;
}

/* Reports step by step: 1 with the value of the last step, 0 when the stopper ended it. */
static int train(afina_trial *trial, double *value)
{
    double loss = loss_of(afina_trial_point(trial));
    int32_t stop = 0;
    for (int step = 1; step <= 10 && !stop; step++) {
        *value = loss + 0.5 / step;
        check(afina_trial_tell_report(trial, step, value, 1));
        check(afina_trial_should_stop(trial, &stop));
    }
    return !stop;
}

static void run_asked(afina_optimizer *optimizer)
{
    for (int i = 0; i < 30; i++) {
        afina_trial *trial;
        double value;
        check(afina_ask(optimizer, &trial));
        if (train(trial, &value))
            check(afina_trial_tell(trial, &value, 1));
        else
            check(afina_trial_tell_stopped(trial));
        afina_trial_free(trial);
    }
}

/* A trial that should stop returns without a value. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double value;
    (void)user;
    if (train(trial, &value))
        values[0] = value;
    return AFINA_OK;
}

static int32_t breaks(afina_trial *trial, double *values, void *user)
{
    (void)trial;
    (void)values;
    (void)user;
    afina_set_last_error("the training broke");
    return AFINA_E_CALLBACK;
}

static void print_result(const char *how, afina_optimizer *optimizer)
{
    int32_t states[30];
    size_t count, stopped = 0;
    afina_trial *best;
    double value;
    uint64_t bits;
    check(afina_column_states(optimizer, 0, states, 30, &count));
    for (size_t i = 0; i < count; i++)
        stopped += states[i] == AFINA_STATE_STOPPED;
    check(afina_best(optimizer, &best));
    check(afina_trial_value(best, &value));
    memcpy(&bits, &value, sizeof bits);
    printf("%s: %zu trials, %zu stopped, best %.6f in trial %" PRId64 ", bits %016" PRIx64 "\n", how, count, stopped,
           value, afina_trial_number(best), bits);
    afina_trial_free(best);
}

int main(void)
{
    afina_space *empty;
    check(afina_space_new(&empty));
    if (afina_space_add_real(empty, "rate", 1, 0.001, AFINA_SCALE_LINEAR) < 0)
        printf("error: %s\n", afina_last_error());
    afina_space_free(empty);

    afina_optimizer *asked = make_optimizer();
    run_asked(asked);
    print_result("asked", asked);
    afina_optimizer_free(asked);

    afina_optimizer *called = make_optimizer();
    check(afina_optimize(called, objective, NULL, 30));
    print_result("called", called);
    afina_optimizer_free(called);

    afina_optimizer *broken = make_optimizer();
    if (afina_optimize(broken, breaks, NULL, 30) < 0)
        printf("raised: %s\n", afina_last_error());
    afina_optimizer_free(broken);
    return 0;
}
