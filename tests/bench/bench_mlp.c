/* Seconds of one epoch of a 64-64-64-10 relu network on the digits, batches of 32,
 * adam: the median of 20. tests/bench/bench_mlp_peers.py measures the same with
 * scikit-learn and PyTorch. Run with OPENBLAS_NUM_THREADS=1. */
#define _GNU_SOURCE /* clock_gettime */
#include "afina_mlp.h"
#include "core/fail.h"
#include "mlp/dataset.h"
#include "mlp/metric.h"
#include "mlp/mlp_config.h"
#include "mlp/trainer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { EPOCHS = 20, WARM_UP = 3 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "examples/data/digits.csv";
    struct dataset *d;
    if (dataset_from_csv(&d, path, 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0)) {
        fprintf(stderr, "%s\n", fail_text());
        return 1;
    }
    struct mlp_limits limits = {.layers = 2, .units = 64, .epochs = 1000};
    struct mlp_config config;
    mlp_config_default(&config, &limits);
    config.layers = 2;
    config.patience = 1000;
    size_t *rows = malloc(d->rows * sizeof *rows), one = 0;
    struct trainer t;
    if (!rows)
        return 1;
    for (size_t i = 0; i < d->rows; i++)
        rows[i] = i;
    if (trainer_init(&t, d, &config, METRIC_ERROR, rows, d->rows, &one, 1, 1, 0)) {
        fprintf(stderr, "%s\n", fail_text());
        return 1;
    }
    double seconds[EPOCHS];
    for (int i = -WARM_UP; i < EPOCHS; i++) {
        double start = now();
        trainer_epoch(&t);
        if (i >= 0)
            seconds[i] = now() - start;
    }
    qsort(seconds, EPOCHS, sizeof *seconds, compare);
    printf("afina %.6f s an epoch, loss %.5f after %d epochs\n", (seconds[EPOCHS / 2 - 1] + seconds[EPOCHS / 2]) / 2,
           t.training_loss, EPOCHS + WARM_UP);
    trainer_fini(&t);
    dataset_free(d);
    free(rows);
    return 0;
}
