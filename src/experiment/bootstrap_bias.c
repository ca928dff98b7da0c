/* BBC: I. Tsamardinos, E. Greasidou, G. Borboudakis, "Bootstrapping the out-of-sample predictions for efficient and
 * accurate cross-validation", Machine Learning 107 (2018). Rows are drawn with replacement; the configuration that is
 * best on the drawn rows is scored on those that were not drawn; the mean over draws is the estimate. No model is
 * fitted again. It errs a little on the safe side, since a choice on fewer distinct rows is a worse one.
 *
 * Check: one configuration: the estimate is its mean loss, but for the noise of the draws.
 */
#include "experiment/bootstrap_bias.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "core/rng.h"
#include "numeric/linalg.h"

#include <math.h>

struct bag {
    const double *loss;
    size_t configurations, rows;
    double *drawn;   /* how often each row was drawn */
    double *outside; /* 1 where it was not */
};

/* Draws until a row is left. Returns how many are. */
static double draw(struct bag *bag, struct rng *rng)
{
    double left;
    do {
        left = 0;
        for (size_t i = 0; i < bag->rows; i++)
            bag->drawn[i] = 0;
        for (size_t i = 0; i < bag->rows; i++)
            bag->drawn[rng_below(rng, bag->rows)]++;
        for (size_t i = 0; i < bag->rows; i++)
            left += bag->outside[i] = bag->drawn[i] == 0;
    } while (left == 0);
    return left;
}

/* The configuration of the least weighted sum, the first of equals. */
static size_t best(const struct bag *bag, const double *weights, double *least)
{
    size_t chosen = 0;
    *least = INFINITY;
    for (size_t c = 0; c < bag->configurations; c++) {
        double sum = dot_product(bag->rows, bag->loss + c * bag->rows, weights);
        if (sum < *least) {
            *least = sum;
            chosen = c;
        }
    }
    return chosen;
}

/* The losses of the choices, one for each draw. */
static double draw_all(struct bag *bag, size_t draws, uint64_t seed, double *losses)
{
    double mean = 0, least;
    for (size_t b = 0; b < draws; b++) {
        struct rng rng;
        rng_start(&rng, seed, b, RNG_RESAMPLE);
        double left = draw(bag, &rng);
        size_t c = best(bag, bag->drawn, &least);
        losses[b] = dot_product(bag->rows, bag->loss + c * bag->rows, bag->outside) / left;
        mean += (losses[b] - mean) / (double)(b + 1);
    }
    return mean;
}

/* The order statistics that leave a share of (1 - confidence) / 2 on either side. */
static void middle(const double *losses, size_t *order, size_t draws, double confidence, struct bootstrap_bias *out)
{
    size_t cut = (size_t)(0.5 * (1 - confidence) * (double)draws);
    for (size_t b = 0; b < draws; b++)
        order[b] = b;
    order_by(losses, order, draws);
    out->low = losses[order[cut]];
    out->high = losses[order[draws - 1 - cut]];
}

int32_t bootstrap_bias_correct(const double *loss, size_t configurations, size_t rows, size_t draws, uint64_t seed,
                               double confidence, struct bootstrap_bias *out)
{
    int32_t rc = AFINA_OK;
    struct bag bag = {.loss = loss, .configurations = configurations, .rows = rows};
    double *losses = mem_new(draws, sizeof *losses);
    size_t *order = mem_new(draws, sizeof *order);
    bag.drawn = mem_new(rows, sizeof *bag.drawn);
    bag.outside = mem_new(rows, sizeof *bag.outside);
    if (!losses || !order || !bag.drawn || !bag.outside) {
        rc = fail_memory();
        goto out;
    }
    for (size_t i = 0; i < rows; i++)
        bag.drawn[i] = 1 / (double)rows;
    best(&bag, bag.drawn, &out->naive);
    out->estimate = draw_all(&bag, draws, seed, losses);
    middle(losses, order, draws, confidence, out);
out:
    mem_free(losses);
    mem_free(order);
    mem_free(bag.drawn);
    mem_free(bag.outside);
    return rc;
}
