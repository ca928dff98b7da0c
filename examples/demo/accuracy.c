/* The accuracy of a configuration on rows that no trial saw, with its error. */
#include "demo.h"

#include <math.h>

/* A training draws its initial weights, and the rows that stop it early, at random;
 * and the test rows are a sample. The squared error of the mean p of T trainings on
 * n rows is at most
 *
 *     s^2 / T + q (1 - q) / n,   q = (n p + 1) / (n + 2),
 *
 * where s is the standard deviation of the trainings' accuracies, and the second
 * term is that of one training; its q keeps it above 0 when all answers are right. */
static double standard_error(const double accuracies[TRAININGS], double mean, double rows)
{
    double squares = 0, q = (rows * mean + 1) / (rows + 2);
    for (int i = 0; i < TRAININGS; i++)
        squares += (accuracies[i] - mean) * (accuracies[i] - mean);
    return sqrt(squares / (TRAININGS - 1) / TRAININGS + q * (1 - q) / rows);
}

struct accuracy measure(const afina_mlp *mlp, const afina_point *point, const afina_dataset *test, uint64_t seed)
{
    double accuracies[TRAININGS], mean = 0;
    for (uint64_t i = 0; i < TRAININGS; i++) {
        afina_network *network;
        check(afina_network_train(&network, mlp, point, TRAININGS * seed + i));
        check(afina_network_score(network, test, "accuracy", &accuracies[i]));
        afina_network_free(network);
        mean += accuracies[i] / TRAININGS;
    }
    return (struct accuracy){mean, standard_error(accuracies, mean, (double)afina_dataset_rows(test))};
}
