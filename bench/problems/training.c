/* Real training: the reference network on three data sets, its validation error
 * after training as the value. The optimum is unknown and stands as 0. A data set
 * is read when it is first used; the network's seed is fixed, so that a value can
 * be asked for again. */
#include "afina_mlp.h"
#include "values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct training {
    char path[512];
    afina_mlp *mlp;
    afina_space *space;
};

static int32_t open_training(struct training *t)
{
    afina_dataset *data = NULL;
    int32_t rc =
        t->space ? AFINA_OK : afina_dataset_from_csv(&data, t->path, 1, NULL, AFINA_TASK_CLASSIFICATION, NULL, 0);
    if (rc || t->space)
        return rc;
    rc = afina_mlp_new(&t->mlp, data);
    rc = rc ? rc : afina_mlp_set_integer(t->mlp, "epochs", 30);
    rc = rc ? rc : afina_mlp_set_integer(t->mlp, "units", 64);
    rc = rc ? rc : afina_mlp_space(t->mlp, &t->space);
    afina_dataset_free(data);
    return rc;
}

static struct training *training_of(const struct problem *p)
{
    struct training *t = (struct training *)(uintptr_t)p->own;
    return open_training(t) ? NULL : t;
}

static int32_t make_space(const struct problem *p, afina_space **out)
{
    const struct training *t = training_of(p);
    *out = NULL;
    return t ? afina_space_copy(out, t->space) : AFINA_E_FILE;
}

/* One trial of a study that holds only this point. */
static int32_t train(const struct training *t, const double *x, double *y)
{
    afina_point *point = NULL;
    afina_optimizer *optimizer = NULL;
    afina_trial *trial = NULL;
    int32_t rc = afina_point_new(&point, t->space);
    rc = rc ? rc : values_write(t->space, x, point);
    rc = rc ? rc : afina_optimizer_new(&optimizer, t->space, "random");
    rc = rc ? rc : afina_enqueue(optimizer, point);
    rc = rc ? rc : afina_ask(optimizer, &trial);
    rc = rc ? rc : afina_mlp_objective(trial, y, t->mlp);
    afina_trial_free(trial);
    afina_optimizer_free(optimizer);
    afina_point_free(point);
    return rc;
}

static double value(const struct problem *p, const double *x)
{
    const struct training *t = training_of(p);
    double y = NAN;
    return t && train(t, x, &y) == AFINA_OK ? y : NAN;
}

static int add(const char *data, const char *name)
{
    struct training *t = calloc(1, sizeof *t);
    char full[64];
    snprintf(full, sizeof full, "train_%s", name);
    struct problem *p = t ? problem_add("training", full, 0, 0) : NULL;
    if (!p) {
        free(t);
        return -1;
    }
    snprintf(t->path, sizeof t->path, "%s/datasets/%s.csv", data, name);
    p->own = t;
    p->d = 22; /* of which about half are active */
    p->make_space = make_space;
    p->value = value;
    return 0;
}

int add_training(const char *data)
{
    char path[512];
    snprintf(path, sizeof path, "%s/datasets/wdbc.csv", data ? data : "");
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    fclose(f);
    return add(data, "wdbc") || add(data, "vowel") || add(data, "ionosphere");
}
