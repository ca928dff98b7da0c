#include "course.h"

#include <math.h>
#include <stdlib.h>

int course_begin(struct course *c, const struct pool *pool, uint64_t run)
{
    *c = (struct course){.pool = pool, .left = pool->budget * pool->steps};
    c->order = calloc(pool->rows, sizeof *c->order);
    c->at = calloc(pool->rows, sizeof *c->at);
    if (!c->order || !c->at) {
        course_end(c);
        return -1;
    }
    pool_order(pool, run, c->order);
    return 0;
}

void course_end(struct course *c)
{
    free(c->order);
    free(c->at);
    *c = (struct course){.pool = NULL};
}

size_t course_draw(struct course *c)
{
    return c->next < c->pool->rows ? c->order[c->next++] : SIZE_MAX;
}

int course_train(struct course *c, size_t row, int step)
{
    const int price = step - c->at[row];
    if (price > c->left)
        return 0;
    c->left -= price;
    c->at[row] = step;
    return 1;
}

double course_percentile(const struct course *c)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < c->pool->rows; i++) {
        if (c->at[i] == 0 || (best != SIZE_MAX && c->at[i] < c->at[best]))
            continue;
        if (best == SIZE_MAX || c->at[i] > c->at[best] ||
            pool_value(c->pool, i, c->at[i]) < pool_value(c->pool, best, c->at[best]))
            best = i;
    }
    return best == SIZE_MAX ? 1 : pool_percentile(c->pool, pool_value(c->pool, best, c->pool->steps));
}
