#include "method/parts/result.h"

#include <math.h>

int result_exists(const struct observation *told)
{
    return told->losses || told->state == AFINA_STATE_FAILED || told->state == AFINA_STATE_INFEASIBLE ||
           told->state == AFINA_STATE_COMPLETE;
}

double result_loss(const struct observation *told)
{
    return told->losses ? told->losses[0] : INFINITY;
}
