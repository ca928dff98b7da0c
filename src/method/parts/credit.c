#include "method/parts/credit.h"

#include "core/elementary.h"

#include <math.h>

static const double discount = 0.95;

/* The rank of the loss among the best, which it joins; CREDIT_BEST when it is none of them. */
static size_t enter(struct credit *c, double loss)
{
    size_t place = c->n_best;
    while (place > 0 && loss < c->best[place - 1])
        place--;
    if (place == CREDIT_BEST || loss == INFINITY)
        return CREDIT_BEST;
    if (c->n_best < CREDIT_BEST)
        c->n_best++;
    for (size_t k = c->n_best - 1; k > place; k--)
        c->best[k] = c->best[k - 1];
    c->best[place] = loss;
    return place;
}

void credit_told(struct credit *c, size_t who, double loss)
{
    size_t place = enter(c, loss);
    for (size_t i = 0; i < c->size; i++) {
        c->earned[i] *= discount;
        c->trials[i] *= discount;
    }
    if (who >= c->size)
        return;
    c->trials[who] += 1;
    c->earned[who] += portable_log((CREDIT_BEST + 1) / ((double)place + 1)) / portable_log(CREDIT_BEST + 1);
}

void credit_shares(const struct credit *c, double floor, double *share)
{
    double sum = 0, n = (double)c->size;
    for (size_t i = 0; i < c->size; i++) {
        share[i] = c->trials[i] > 0 ? c->earned[i] / c->trials[i] : 0;
        sum += share[i];
    }
    floor = fmin(floor, 1 / n);
    for (size_t i = 0; i < c->size; i++)
        share[i] = floor + (1 - n * floor) * (sum > 0 ? share[i] / sum : 1 / n);
}
