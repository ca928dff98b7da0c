/* The smallest whole program: tunes a function of two numbers.
 *
 *     cc quickstart.c $(pkg-config --cflags --libs afina) -o quickstart
 */
#include <afina.h>

#include <math.h>
#include <stdio.h>

/* Stands for training a model: how bad these hyperparameters are. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double rate;
    int64_t layers;
    const afina_point *point = afina_trial_point(trial);
    (void)user;
    afina_point_get_real(point, "rate", &rate);
    afina_point_get_integer(point, "layers", &layers);
    values[0] = pow(log10(rate) + 3, 2) + 0.1 * fabs((double)layers - 3);
    return AFINA_OK;
}

int main(void)
{
    afina_space *space;
    afina_optimizer *optimizer = NULL;
    afina_trial *best = NULL;
    char text[256];
    size_t length;
    double value;

    afina_space_new(&space);
    afina_space_add_real(space, "rate", 1e-6, 1, AFINA_SCALE_LOG);
    afina_space_add_integer(space, "layers", 1, 8, AFINA_SCALE_LINEAR);

    if (afina_optimizer_new(&optimizer, space, "auto") || afina_optimize(optimizer, objective, NULL, 30) < 0 ||
        afina_best(optimizer, &best)) {
        fprintf(stderr, "%s\n", afina_last_error());
        return 1;
    }
    afina_trial_values(best, &value, 1, &length);
    afina_point_to_json(afina_trial_point(best), text, sizeof text, &length);
    printf("best of 30: %.4f with %s (trial %lld)\n", value, text, (long long)afina_trial_number(best));

    afina_trial_free(best);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return 0;
}
