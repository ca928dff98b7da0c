/* A program of 0.1.0: questions to the model, statistics, reflection, and the reference network. */
#include "afina.h"
#include "afina_mlp.h"
#include <math.h>
#include <string.h>

static int model(void)
{
    afina_space *space = NULL;
    afina_optimizer *optimizer = NULL;
    afina_point *point = NULL;
    double mean, sd, shares[2], value[1];
    size_t count = 0;
    int bad = afina_space_new(&space) || afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR) ||
              afina_space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR) ||
              afina_optimizer_new(&optimizer, space, "gp");
    for (int i = 0; i < 8 && !bad; i++) {
        double x = i / 8.0;
        bad = afina_point_new(&point, space) || afina_point_set_real(point, "x", x) ||
              afina_point_set_real(point, "y", fmod(3 * x, 1));
        value[0] = (x - 0.4) * (x - 0.4);
        bad = bad || afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, value, 1, NULL) ||
              afina_model_predict(optimizer, 0, point, &mean, &sd) != (i < 1 ? AFINA_E_STATE : AFINA_OK);
        afina_point_free(point);
    }
    bad = bad || !isfinite(mean) || !(sd >= 0) || afina_model_importances(optimizer, 0, shares, 2, &count) ||
          count != 2 || !(shares[0] > shares[1]);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return bad;
}

static int statistics(void)
{
    const double first[4] = {1, 2, 3, 4}, second[4] = {2, 3.5, 4, 5.25}, errors[4] = {1, 1, 1, 1};
    double difference, low, high, p, shrunk, value, error;
    int32_t verdict = 7;
    size_t winner = 9;
    return afina_compare_paired(first, second, 4, AFINA_DIRECTION_MINIMISE, 0, 0.95, &difference, &low, &high, &p,
                                &verdict) ||
           verdict != AFINA_VERDICT_YES || fabs(difference + 1.1875) > 1e-12 ||
           afina_winner(first, errors, 4, AFINA_DIRECTION_MINIMISE, 0.9, &winner, &shrunk, &low, &high) ||
           winner != 0 || afina_aggregate(first, 4, AFINA_DIRECTION_MINIMISE, "mean", NAN, 0, &value, &error) ||
           value != 2.5;
}

static int reflection(void)
{
    double low, high;
    int32_t type = -1, number = 0, has = -1;
    size_t gp = 0;
    for (size_t i = 0; i < afina_method_count(); i++)
        gp += strcmp(afina_method_name(i), "gp") == 0 && afina_method_summary("gp")[0];
    return gp != 1 || afina_option_count("gp") == 0 || afina_option_type(NULL, "seed", &type) ||
           type != AFINA_OPTION_INTEGER || afina_option_range(NULL, "lag", &low, &high) || low != 0 ||
           afina_constant_value("AFINA_E_BUSY", &number) || number != AFINA_E_BUSY ||
           afina_method_trait("gp", "model", &has) || has != 1 ||
           strcmp(afina_status_name(AFINA_E_REPLAY), "AFINA_E_REPLAY") != 0 || afina_abi_version() != 0;
}

static int network(void)
{
    double features[40], targets[20], score = -1;
    afina_dataset *data = NULL;
    afina_mlp *mlp = NULL;
    afina_space *space = NULL;
    afina_point *point = NULL;
    afina_network *trained = NULL;
    for (int i = 0; i < 20; i++) {
        features[2 * i] = i;
        features[2 * i + 1] = i % 3;
        targets[i] = i % 2;
    }
    int bad = afina_dataset_from_arrays(&data, features, 20, 2, targets, AFINA_TASK_CLASSIFICATION) ||
              afina_mlp_new(&mlp, data) || afina_mlp_set_integer(mlp, "epochs", 2) || afina_mlp_space(mlp, &space) ||
              afina_point_new(&point, space) || afina_network_train(&trained, mlp, point, 1) ||
              afina_network_score(trained, data, "accuracy", &score) || score < 0 || score > 1;
    afina_network_free(trained);
    afina_point_free(point);
    afina_space_free(space);
    afina_mlp_free(mlp);
    afina_dataset_free(data);
    return bad;
}

int main(void)
{
    return model() | statistics() << 1 | reflection() << 2 | network() << 3;
}
