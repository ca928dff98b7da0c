/* Which hyperparameter matters? The optimizer's model is asked after 40 trials:
 * shares of importance, what it expects of a point not tried, and whether its own
 * results surprise it. */
#include <afina.h>

#include <math.h>
#include <stdio.h>

/* A validation error as a network might have it: the rate matters most, then the
 * depth, the batch hardly, the name of the run not at all. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    const afina_point *point = afina_trial_point(trial);
    double rate;
    int64_t depth, batch;
    (void)user;
    if (afina_point_get_real(point, "rate", &rate) || afina_point_get_integer(point, "depth", &depth) ||
        afina_point_get_integer(point, "batch", &batch))
        return 1;
    double off = log10(rate) + 2.4, shallow = 4 - (double)depth;
    values[0] = 0.05 + 0.1 * off * off + 0.006 * shallow * shallow + 0.0001 * (double)batch;
    return AFINA_OK;
}

static int complain(void)
{
    fprintf(stderr, "%s\n", afina_last_error());
    return 1;
}

static int print_shares(afina_optimizer *optimizer, const afina_space *space)
{
    double share[4], scale;
    size_t count;
    if (afina_model_importances(optimizer, 0, share, 4, &count))
        return complain();
    printf("%-8s %10s %13s\n", "", "importance", "length scale");
    for (size_t j = 0; j < count; j++) {
        const char *name = afina_space_parameter_name(space, j);
        if (afina_model_length_scale(optimizer, 0, name, &scale))
            return complain();
        printf("%-8s %8.1f %% %13.2f\n", name, 100 * share[j], scale);
    }
    return 0;
}

static int print_forecast(afina_optimizer *optimizer, const afina_space *space)
{
    afina_point *point;
    double mean, sd, low, high, noise;
    if (afina_point_new(&point, space))
        return complain();
    int32_t rc = afina_point_set_real(point, "rate", 0.02);
    if (!rc)
        rc = afina_model_predict(optimizer, 0, point, &mean, &sd);
    if (!rc)
        rc = afina_model_quantile(optimizer, 0, point, 0.05, &low);
    if (!rc)
        rc = afina_model_quantile(optimizer, 0, point, 0.95, &high);
    if (!rc)
        rc = afina_model_noise(optimizer, 0, point, &noise);
    afina_point_free(point);
    if (rc)
        return complain();
    printf("rate 0.02, all else as by default: %.3f +- %.3f, 9 times of 10 in [%.3f, %.3f]; noise %.4f\n", mean, sd,
           low, high, noise);
    return 0;
}

static int print_surprise(afina_optimizer *optimizer)
{
    int64_t number[40];
    double residual[40];
    size_t count, worst = 0;
    if (afina_model_leave_one_out(optimizer, 0, number, NULL, NULL, residual, 40, &count))
        return complain();
    for (size_t i = 1; i < count; i++)
        if (fabs(residual[i]) > fabs(residual[worst]))
            worst = i;
    printf("the others predict trial %lld worst: %.1f deviations off\n", (long long)number[worst], residual[worst]);
    return 0;
}

int main(void)
{
    static const char *const runs[] = {"red", "green", "blue"};
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    int failed = afina_space_new(&space) || afina_space_add_real(space, "rate", 1e-5, 1e-1, AFINA_SCALE_LOG) ||
                 afina_space_add_integer(space, "depth", 1, 8, AFINA_SCALE_LINEAR) ||
                 afina_space_add_integer(space, "batch", 16, 256, AFINA_SCALE_LOG) ||
                 afina_space_add_categorical(space, "run", runs, 3) || afina_optimizer_new(&optimizer, space, "gp") ||
                 afina_optimize(optimizer, objective, NULL, 40) < 0;
    if (failed)
        complain();
    else
        failed = print_shares(optimizer, space) || print_forecast(optimizer, space) || print_surprise(optimizer);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return failed;
}
