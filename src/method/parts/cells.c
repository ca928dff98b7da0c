#include "method/parts/cells.h"

#include "core/elementary.h"
#include "numeric/special.h"

#include <math.h>

double cell_middle(const struct parameter *p, uint64_t cell)
{
    return parameter_to_unit(p, parameter_value_at(p, cell));
}

uint64_t cell_at(const struct parameter *p, double u)
{
    return parameter_index_of(p, parameter_from_unit(p, u));
}

double cell_width(const struct parameter *p, uint64_t cell)
{
    uint64_t low = cell > 0 ? cell - 1 : 0, high = cell < p->last ? cell + 1 : cell;
    return (cell_middle(p, high) - cell_middle(p, low)) / (double)(high - low);
}

double cell_margin(double discrete)
{
    return discrete > 0 ? 1 - portable_pow(0.73, 1 / discrete) : 0;
}

double cell_deviation(double discrete)
{
    return discrete > 0 ? 0.5 / normal_quantile(1 - cell_margin(discrete) / 2) : 0;
}
